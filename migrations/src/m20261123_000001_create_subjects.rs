//! The things that facts are about. Each has a row in `subjects`, which gives facts one foreign key for all of
//! them, and a row of its own.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_tables, id, id_null, index, part_of, place, refers, sorted_text, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_subjects(manager).await?;
        create_technologies(manager).await?;
        create_organizations(manager).await?;
        create_sources(manager).await?;
        create_case_studies(manager).await?;
        create_terms(manager).await?;
        create_selection_criteria(manager).await?;
        create_checklists(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "checklists",
            "selection_criteria",
            "terms",
            "case_studies",
            "sources",
            "organizations",
            "technologies",
            "subject_aliases",
            "subjects",
        ];
        drop_tables(manager, &tables).await
    }
}

async fn create_subjects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let subjects = Table::create()
        .table("subjects")
        .col(id("id").primary_key())
        .col(text("kind"))
        .col(sorted_text(manager, "slug"))
        .index(Index::create().unique().name("subjects_kind_slug").col("kind").col("slug"))
        .to_owned();
    manager.create_table(subjects).await?;
    index(manager, "subjects", &["slug"]).await?;
    let aliases = Table::create()
        .table("subject_aliases")
        .col(id("subject_id"))
        .col(place("position"))
        .col(text("alias"))
        .primary_key(Index::create().col("subject_id").col("position"))
        .foreign_key(&mut part_of("subject_aliases", "subject_id", "subjects"))
        .to_owned();
    manager.create_table(aliases).await
}

/// The beginning that all tables of subjects share.
fn subject_table(table: &'static str) -> TableCreateStatement {
    Table::create()
        .table(table)
        .col(id("id").primary_key())
        .col(place("version"))
        .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
        .foreign_key(&mut part_of(table, "id", "subjects"))
        .to_owned()
}

async fn create_technologies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = subject_table("technologies")
        .col(sorted_text(manager, "slug").unique_key())
        .col(sorted_text(manager, "kind"))
        .col(text("name"))
        .col(sorted_text(manager, "name_key"))
        .col(text_null("summary"))
        .col(text_null("homepage"))
        .col(text_null("repository"))
        .col(ColumnDef::new("archived").boolean().not_null())
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "technologies", &["name_key", "id"]).await?;
    index(manager, "technologies", &["kind", "name_key", "id"]).await?;
    index(manager, "technologies", &["updated_at", "id"]).await
}

async fn create_organizations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = subject_table("organizations")
        .col(sorted_text(manager, "slug").unique_key())
        .col(text("name"))
        .col(text_null("summary"))
        .col(text_null("country"))
        .col(text_null("industry"))
        .col(text_null("homepage"))
        .to_owned();
    manager.create_table(table).await
}

async fn create_sources(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = subject_table("sources")
        .col(sorted_text(manager, "slug").unique_key())
        .col(text("kind"))
        .col(text("title"))
        .col(text_null("publisher"))
        .col(text_null("url"))
        .col(text_null("no_url_reason"))
        .col(ColumnDef::new("published_on").date().null())
        .col(text_null("published_precision"))
        .col(ColumnDef::new("has_vendor_bias").boolean().not_null())
        .to_owned();
    manager.create_table(table).await
}

async fn create_case_studies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = subject_table("case_studies")
        .col(sorted_text(manager, "slug").unique_key())
        .col(text("title"))
        .col(sorted_text(manager, "title_key"))
        .col(text_null("industry"))
        .col(text_null("country"))
        .col(id_null("vendor_id"))
        .col(text("status"))
        .foreign_key(&mut refers("case_studies", "vendor_id", "organizations"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "case_studies", &["title_key", "id"]).await?;
    index(manager, "case_studies", &["updated_at", "id"]).await?;
    index(manager, "case_studies", &["vendor_id"]).await?;
    index(manager, "case_studies", &["industry"]).await?;
    index(manager, "case_studies", &["status"]).await
}

async fn create_terms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = subject_table("terms")
        .col(sorted_text(manager, "slug").unique_key())
        .col(text("name"))
        .col(text_null("summary"))
        .to_owned();
    manager.create_table(table).await
}

async fn create_selection_criteria(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = subject_table("selection_criteria")
        .col(sorted_text(manager, "slug").unique_key())
        .col(text("criterion").unique_key())
        .col(text("name"))
        .col(text("question"))
        .to_owned();
    manager.create_table(table).await
}

async fn create_checklists(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = subject_table("checklists")
        .col(sorted_text(manager, "slug").unique_key())
        .col(text("name"))
        .col(text_null("platform"))
        .col(text_null("summary"))
        .to_owned();
    manager.create_table(table).await
}
