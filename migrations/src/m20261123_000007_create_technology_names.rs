//! The names under which technologies are found, in the form in which names are compared.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_tables, id, index, part_of, sorted_text, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("technology_names")
            .col(id("technology_id"))
            .col(text("kind"))
            .col(sorted_text(manager, "name_key"))
            .primary_key(Index::create().col("technology_id").col("kind").col("name_key"))
            .foreign_key(&mut part_of("technology_names", "technology_id", "technologies"))
            .to_owned();
        manager.create_table(table).await?;
        index(manager, "technology_names", &["name_key", "kind", "technology_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["technology_names"]).await
    }
}
