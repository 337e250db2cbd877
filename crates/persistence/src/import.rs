//! Filling an empty database with a catalogue, in the transaction that migrated it.

mod facts;
mod subjects;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, Iterable, QueryFilter, Set};
use stackfit_domain::{
    Error, Result,
    catalogue::Catalogue,
    change::{ChangeKind, ChangedKind, Revision},
    code::Code,
};
use uuid::Uuid;

use crate::{catalogue::state, change::row as change, error::translate};

/// What SQLite allows in one statement, with room to spare; Postgres allows twice as much.
const MAX_BINDS: usize = 30_000;

/// Who makes the changes of an import.
const ACTOR: &str = "import";

/// Writes a whole catalogue with its change records. It must agree with itself.
pub(crate) async fn fill(
    transaction: &DatabaseTransaction,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> Result<()> {
    catalogue.check()?;
    let mut created: Vec<(ChangedKind, Uuid)> = Vec::new();
    for subject in catalogue.subjects() {
        created.push((subject.kind.into(), subject.id().uuid()));
    }
    created.extend(catalogue.facts.iter().map(|new| (ChangedKind::Fact, new.fact.id.uuid())));
    subjects::insert(transaction, catalogue, now).await?;
    facts::insert(transaction, catalogue, now).await?;
    record(transaction, &created, now).await
}

/// Takes one revision for each change, in one step: writers are ordered by the row that they all update.
async fn record(
    transaction: &DatabaseTransaction,
    created: &[(ChangedKind, Uuid)],
    now: DateTime<Utc>,
) -> Result<()> {
    let first = reserve(transaction, created.len(), now).await?;
    let rows = (first..).zip(created).map(|(revision, (changed, id))| change::ActiveModel {
        revision: Set(revision),
        kind: Set(ChangeKind::Created.code().to_owned()),
        at: Set(now),
        actor: Set(Some(ACTOR.to_owned())),
        changed: Set(changed.code().to_owned()),
        changed_id: Set(*id),
    });
    insert_all(transaction, rows.collect()).await
}

/// Moves the catalogue's revision on and hands back the first of the revisions that are now the caller's.
async fn reserve(transaction: &DatabaseTransaction, count: usize, now: DateTime<Utc>) -> Result<Revision> {
    use sea_orm::sea_query::{Expr, ExprTrait};
    let count = i64::try_from(count).map_err(Error::internal)?;
    let updated = state::Entity::update_many()
        .col_expr(state::Column::Revision, Expr::col(state::Column::Revision).add(count))
        .col_expr(state::Column::UpdatedAt, Expr::value(now))
        .filter(state::Column::Id.eq(state::ONLY))
        .exec_with_returning(transaction)
        .await
        .map_err(translate)?;
    let state = updated.first().ok_or_else(|| Error::internal("the catalogue has no state"))?;
    Ok(state.revision - count + 1)
}

/// Inserts rows, as many in one statement as the databases allow.
async fn insert_all<A>(transaction: &DatabaseTransaction, rows: Vec<A>) -> Result<()>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Column: Iterable,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count();
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<A> = rows.by_ref().take(MAX_BINDS / columns).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        A::Entity::insert_many(chunk).exec_without_returning(transaction).await.map_err(translate)?;
    }
}

/// The place of something in a list, as it is stored.
fn position(at: usize) -> Result<i32> {
    i32::try_from(at).map_err(Error::internal)
}
