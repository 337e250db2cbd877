//! Bringing a database up to date, under a lock: of several servers that start at once, one works and the
//! others wait.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, Set};
use stackfit_domain::{Error, Result, catalogue::Part, origin::Origin};
use stackfit_migrations::{Migrator, MigratorTrait};
use uuid::Uuid;

use crate::{
    catalogue::state,
    derived,
    error::translate,
    import::{self, Import, Options},
    store::begin,
};

/// The number of the advisory lock under which Stackfit migrates a Postgres database.
const LOCK: i64 = 0x5374_6163_6b66_6974;

/// Migrates, and fills an empty database with what `catalogue` hands out. Hands back the secret that cursors are signed
/// with.
pub(crate) async fn prepare(
    db: &DatabaseConnection,
    catalogue: impl FnOnce() -> Result<Vec<Part>>,
    new_key: Uuid,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let transaction = begin(db).await?;
    let applied = up(&transaction).await?;
    if let Some(state) = state::Entity::find_by_id(state::ONLY).one(&transaction).await.map_err(translate)? {
        if applied > 0 {
            derived::refresh_all(&transaction).await?;
        }
        transaction.commit().await.map_err(translate)?;
        return Ok(state.cursor_key);
    }
    let row = state::ActiveModel {
        id: Set(state::ONLY),
        revision: Set(0),
        updated_at: Set(None),
        cursor_key: Set(new_key),
    };
    state::Entity::insert(row).exec_without_returning(&transaction).await.map_err(translate)?;
    let options = Options { origin: Origin::Bundled, prune: false, actor: import::BUNDLED_ACTOR, now };
    let mut import = Import::begin(transaction, options).await?;
    for part in catalogue()? {
        import.part(part).await?;
    }
    import.commit().await?;
    Ok(new_key)
}

/// Migrates and does nothing else. Tells how many migrations it applied.
pub(crate) async fn migrate(db: &DatabaseConnection) -> Result<usize> {
    let transaction = begin(db).await?;
    let applied = up(&transaction).await?;
    if applied > 0 {
        derived::refresh_all(&transaction).await?;
    }
    transaction.commit().await.map_err(translate)?;
    Ok(applied)
}

async fn up(transaction: &DatabaseTransaction) -> Result<usize> {
    lock(transaction).await?;
    let before = applied(transaction).await?;
    refuse_newer(&before)?;
    Migrator::up(transaction, None).await.map_err(translate)?;
    Ok(Migrator::migrations().len() - before.len())
}

/// Waits for other servers that migrate or import. SQLite's writers wait for each other when they begin.
pub(crate) async fn lock(transaction: &DatabaseTransaction) -> Result<()> {
    if transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    patient(transaction).await?;
    let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
    transaction.execute_unprepared(&lock).await.map(|_| ()).map_err(translate)
}

/// Lifts the limits that statements of requests have: what is written in bulk may take its time. Statements are planned
/// anew each time, because a plan for tables that were empty a moment ago is a bad one for what was written since.
async fn patient(transaction: &DatabaseTransaction) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        for setting in ["lock_timeout = 0", "statement_timeout = 0", "plan_cache_mode = force_custom_plan"] {
            let statement = format!("SET LOCAL {setting}");
            transaction.execute_unprepared(&statement).await.map_err(translate)?;
        }
    }
    Ok(())
}

async fn applied(transaction: &DatabaseTransaction) -> Result<Vec<String>> {
    let models = Migrator::get_migration_models(transaction).await;
    match models {
        Ok(models) => Ok(models.into_iter().map(|model| model.version).collect()),
        Err(error) => Err(translate(error)),
    }
}

fn refuse_newer(applied: &[String]) -> Result<()> {
    let known: HashSet<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let unknown: Vec<&str> =
        applied.iter().map(String::as_str).filter(|version| !known.contains(*version)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Error::invalid(
        "database",
        format!(
            "is newer than this program: it has the migrations {}. Use the program that wrote it, or a newer one.",
            unknown.join(", ")
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_database_is_refused() {
        let error = refuse_newer(&["m20991231_000001_from_the_future".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("newer than this program"), "{error}");
        assert_eq!(refuse_newer(&["m20261123_000001_create_subjects".to_owned()]), Ok(()));
    }
}
