//! The state of the catalogue (one row: the revision that orders all writes) and the record of changes.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_tables, id, index, part_of_revision, place, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_catalogue_state(manager).await?;
        create_changes(manager).await?;
        create_change_fields(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["change_fields", "changes", "catalogue_state"]).await
    }
}

async fn create_catalogue_state(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("catalogue_state")
        .col(ColumnDef::new("id").integer().not_null().primary_key())
        .col(ColumnDef::new("revision").big_integer().not_null())
        .col(ColumnDef::new("updated_at").timestamp_with_time_zone().null())
        .col(id("cursor_key"))
        .check(Expr::col("id").eq(1))
        .to_owned();
    manager.create_table(table).await
}

async fn create_changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("changes")
        .col(ColumnDef::new("revision").big_integer().not_null().primary_key())
        .col(text("kind"))
        .col(ColumnDef::new("at").timestamp_with_time_zone().not_null())
        .col(text_null("actor"))
        .col(text("changed"))
        .col(id("changed_id"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "changes", &["changed_id", "revision"]).await?;
    index(manager, "changes", &["changed", "revision"]).await?;
    index(manager, "changes", &["kind", "revision"]).await
}

async fn create_change_fields(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("change_fields")
        .col(ColumnDef::new("revision").big_integer().not_null())
        .col(place("position"))
        .col(text("field"))
        .col(text_null("before"))
        .col(text_null("after"))
        .primary_key(Index::create().col("revision").col("position"))
        .foreign_key(&mut part_of_revision("change_fields"))
        .to_owned();
    manager.create_table(table).await
}
