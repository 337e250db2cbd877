//! What is derived from facts so that lists of any size are filtered and counted fast: the values that technologies
//! have, where their support stands from day to day, and how many technologies have a value.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_tables, id, index, part_of, sorted_text, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_facets(manager).await?;
        create_support(manager).await?;
        create_counts(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["facet_counts", "technology_support", "technology_facets"]).await
    }
}

async fn create_facets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("technology_facets")
        .col(id("technology_id"))
        .col(text("facet"))
        .col(sorted_text(manager, "value"))
        .col(ColumnDef::new("number").big_integer().not_null())
        .primary_key(Index::create().col("technology_id").col("facet").col("value").col("number"))
        .foreign_key(&mut part_of("technology_facets", "technology_id", "technologies"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "technology_facets", &["facet", "value", "number", "technology_id"]).await
}

async fn create_support(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let day = |name: &'static str| ColumnDef::new(name).date().not_null().to_owned();
    let table = Table::create()
        .table("technology_support")
        .col(id("technology_id"))
        .col(day("from_day"))
        .col(day("until_day"))
        .col(text("status"))
        .col(text("kind"))
        .col(ColumnDef::new("archived").boolean().not_null())
        .primary_key(Index::create().col("technology_id").col("from_day"))
        .foreign_key(&mut part_of("technology_support", "technology_id", "technologies"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "technology_support", &["from_day", "until_day", "status", "kind", "archived"]).await
}

async fn create_counts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("facet_counts")
        .col(text("facet"))
        .col(sorted_text(manager, "value"))
        .col(text("kind"))
        .col(ColumnDef::new("archived").boolean().not_null())
        .col(ColumnDef::new("how_many").big_integer().not_null())
        .primary_key(Index::create().col("facet").col("value").col("kind").col("archived"))
        .to_owned();
    manager.create_table(table).await
}
