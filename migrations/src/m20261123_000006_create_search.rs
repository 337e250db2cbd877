//! What is searched: a document for each thing with its texts, the marks by which documents are found, in the full-text
//! index of each database, and the vocabulary of all words that documents hold.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::helpers::{drop_tables, id, index, sorted_text, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_documents(manager).await?;
        create_index(manager).await?;
        create_words(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            manager.get_connection().execute_unprepared("DROP TABLE search_index").await?;
        }
        drop_tables(manager, &["search_words", "search_documents"]).await
    }
}

/// Documents are ordered by their numbers. In `SQLite` the number is the row's own, as it is in the full-text index.
async fn create_documents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut number = ColumnDef::new("number");
    if manager.get_database_backend() == DbBackend::Sqlite {
        number.integer()
    } else {
        number.big_integer()
    };
    let table = Table::create()
        .table("search_documents")
        .col(number.not_null().primary_key())
        .col(id("subject_id"))
        .col(text("scope"))
        .col(id("thing_id"))
        .col(text("texts"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "search_documents", &["subject_id"]).await
}

/// Marks are cut apart at spaces and nowhere else. Nothing but whether a document has a mark is kept.
async fn create_index(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements: &[&str] = match manager.get_database_backend() {
        DbBackend::Sqlite => &["CREATE VIRTUAL TABLE search_index USING fts5(marks, content = '', \
             contentless_delete = 1, detail = none, tokenize = \"ascii tokenchars '#+=^:@_'\")"],
        _ => &[
            "ALTER TABLE search_documents ADD COLUMN marks tsvector NOT NULL",
            "CREATE INDEX search_documents_by_marks ON search_documents USING gin (marks)",
        ],
    };
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

async fn create_words(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let count = |name: &'static str| ColumnDef::new(name).big_integer().not_null().to_owned();
    let table = Table::create()
        .table("search_words")
        .col(sorted_text(manager, "word").primary_key())
        .col(sorted_text(manager, "stem"))
        .col(sorted_text(manager, "reversed"))
        .col(count("names"))
        .col(count("titles"))
        .col(count("documents"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "search_words", &["stem"]).await?;
    index(manager, "search_words", &["reversed"]).await
}
