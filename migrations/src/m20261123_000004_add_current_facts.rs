//! Current facts: details for releases, prices, lock-in and migration paths, version ranges of relations, links between
//! facts, notes on sources, and who wrote what, so that an update of the bundled catalogue keeps what others wrote.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::helpers::{drop_tables, id, index, part_of, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The new columns of facts. Numbers that must be exact are whole millionths. An end of support that is open is the
/// last day that both databases know, one that is over since an unknown day is the first.
fn fact_columns() -> Vec<ColumnDef> {
    let micros = |name: &'static str| ColumnDef::new(name).big_integer().null().to_owned();
    let date = |name: &'static str| ColumnDef::new(name).date().null().to_owned();
    let flag = |name: &'static str| ColumnDef::new(name).boolean().null().to_owned();
    vec![
        text_null("release_cycle"),
        text_null("release_codename"),
        date("released_on"),
        flag("long_term_support"),
        date("active_until"),
        date("security_until"),
        date("extended_until"),
        text_null("latest_version"),
        date("latest_on"),
        text_null("plan_name"),
        text_null("meter"),
        text_null("meter_unit"),
        micros("included_micros"),
        flag("unlimited"),
        text_null("meter_period"),
        micros("price_micros"),
        micros("per_micros"),
        text_null("currency"),
        text_null("price_region"),
        text_null("hard_limit"),
        text_null("lock_in_dimension"),
        text_null("lock_in_effect"),
        text_null("migration_scope"),
        text_null("migration_tool"),
        text_null("migration_automated"),
        text_null("migration_by_hand"),
        origin(),
    ]
}

fn origin() -> ColumnDef {
    ColumnDef::new("origin").text().not_null().default("BUNDLED").to_owned()
}

/// The new columns of all tables.
fn columns() -> Vec<(&'static str, ColumnDef)> {
    let mut columns: Vec<(&'static str, ColumnDef)> =
        fact_columns().into_iter().map(|column| ("facts", column)).collect();
    columns.push(("subjects", origin()));
    columns.push(("relations", text_null("from_versions")));
    columns.push(("relations", text_null("versions")));
    columns.push(("sources", text_null("note")));
    columns
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        index(manager, "facts", &["subject_id", "released_on"]).await?;
        index(manager, "facts", &["origin"]).await?;
        create_fact_links(manager).await?;
        defer_references(manager, "DEFERRABLE INITIALLY IMMEDIATE").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        defer_references(manager, "NOT DEFERRABLE").await?;
        drop_tables(manager, &["fact_links"]).await?;
        for name in ["facts_by_origin", "facts_by_subject_id_released_on"] {
            manager.drop_index(Index::drop().name(name).table("facts").to_owned()).await?;
        }
        for (table, column) in columns().into_iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

async fn create_fact_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("fact_links")
        .col(id("fact_id"))
        .col(text("kind"))
        .col(id("other_id"))
        .primary_key(Index::create().col("fact_id").col("kind").col("other_id"))
        .foreign_key(&mut part_of("fact_links", "fact_id", "facts"))
        .foreign_key(&mut part_of("fact_links", "other_id", "facts"))
        .check(Expr::col("fact_id").ne(Expr::col("other_id")))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "fact_links", &["other_id", "kind"]).await
}

/// Lets an import write in the order of its files: references are checked when it commits. `SQLite` can do so for any
/// reference.
async fn defer_references(manager: &SchemaManager<'_>, how: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let statement = format!(
        "DO $$ DECLARE one record; BEGIN \
         FOR one IN SELECT conrelid::regclass AS of_table, conname FROM pg_constraint \
         WHERE contype = 'f' AND connamespace = current_schema()::regnamespace LOOP \
         EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I {how}', one.of_table, one.conname); \
         END LOOP; END $$"
    );
    manager.get_connection().execute_unprepared(&statement).await.map(|_| ())
}
