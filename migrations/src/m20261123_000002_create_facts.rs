//! Facts: one row each, with columns of their own for every typed detail, and the tables of what belongs to one.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_tables, id, id_null, index, part_of, place, refers, sorted_text, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_facts(manager).await?;
        index_facts(manager).await?;
        create_citations(manager).await?;
        create_errata(manager).await?;
        create_contradictions(manager).await?;
        create_relations(manager).await?;
        create_fact_platforms(manager).await?;
        create_fact_technologies(manager).await?;
        create_checklist_items(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "checklist_item_capabilities",
            "checklist_items",
            "fact_technologies",
            "fact_platforms",
            "relations",
            "contradictions",
            "errata",
            "citations",
            "facts",
        ];
        drop_tables(manager, &tables).await
    }
}

async fn create_facts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create()
        .table("facts")
        .col(id("id").primary_key())
        .col(text("code").unique_key())
        .col(sorted_text(manager, "code_key"))
        .col(text("kind"))
        .col(text("detail"))
        .col(text_null("title"))
        .col(text("statement"))
        .col(text("verdict"))
        .col(text_null("verdict_reason"))
        .col(text_null("criterion"))
        .col(text_null("use_case"))
        .col(ColumnDef::new("rank").integer().null())
        .col(ColumnDef::new("observed_on").date().null())
        .col(text_null("observed_precision"))
        .col(ColumnDef::new("valid_from").date().null())
        .col(ColumnDef::new("valid_to").date().null())
        .col(id("subject_id"))
        .col(text("subject_kind"))
        .col(place("version"))
        .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
        .foreign_key(&mut refers("facts", "subject_id", "subjects"))
        .to_owned();
    details(&mut table);
    manager.create_table(table).await
}

/// The columns of the typed details. Numbers that must be exact are whole millionths.
fn details(table: &mut TableCreateStatement) {
    let micros = |name: &'static str| ColumnDef::new(name).big_integer().null().to_owned();
    let year = |name: &'static str| ColumnDef::new(name).integer().null().to_owned();
    table
        .col(text_null("attribute_name"))
        .col(text_null("attribute_value"))
        .col(text_null("capability"))
        .col(text_null("support_level"))
        .col(id_null("organization_id"))
        .col(text_null("fit_strength"))
        .col(id_null("team_language_id"))
        .col(text_null("minimum_skill"))
        .col(text_null("metric_key"))
        .col(micros("metric_value_micros"))
        .col(text_null("metric_unit"))
        .col(text_null("metric_conditions"))
        .col(text_null("outcome_metric"))
        .col(text_null("outcome_direction"))
        .col(micros("percent_micros"))
        .col(micros("months_micros"))
        .col(text_null("market_segment"))
        .col(text_null("market_measure"))
        .col(year("market_year"))
        .col(year("market_to_year"))
        .col(micros("market_usd_micros"))
        .col(ColumnDef::new("market_forecast").boolean().null())
        .foreign_key(&mut refers("facts", "organization_id", "organizations"))
        .foreign_key(&mut refers("facts", "team_language_id", "technologies"));
}

async fn index_facts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let indexes: [&[&'static str]; 12] = [
        &["code_key", "id"],
        &["kind", "code_key", "id"],
        &["verdict", "code_key", "id"],
        &["subject_id", "kind", "code_key", "id"],
        &["subject_id", "code_key", "id"],
        &["criterion", "code_key", "id"],
        &["use_case", "kind"],
        &["capability", "subject_id"],
        &["outcome_metric", "outcome_direction", "subject_id"],
        &["market_segment", "market_year"],
        &["organization_id", "code_key", "id"],
        &["team_language_id"],
    ];
    for columns in indexes {
        index(manager, "facts", columns).await?;
    }
    Ok(())
}

async fn create_citations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("citations")
        .col(id("fact_id"))
        .col(place("position"))
        .col(id("source_id"))
        .col(text_null("locator"))
        .col(ColumnDef::new("retrieved_on").date().null())
        .col(ColumnDef::new("supports").boolean().not_null())
        .primary_key(Index::create().col("fact_id").col("position"))
        .foreign_key(&mut part_of("citations", "fact_id", "facts"))
        .foreign_key(&mut refers("citations", "source_id", "sources"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "citations", &["source_id", "fact_id"]).await
}

async fn create_errata(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("errata")
        .col(id("fact_id"))
        .col(place("position"))
        .col(text("wrote"))
        .col(text_null("correct"))
        .col(text("reason"))
        .primary_key(Index::create().col("fact_id").col("position"))
        .foreign_key(&mut part_of("errata", "fact_id", "facts"))
        .to_owned();
    manager.create_table(table).await
}

async fn create_contradictions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("contradictions")
        .col(id("fact_id"))
        .col(id("other_id"))
        .primary_key(Index::create().col("fact_id").col("other_id"))
        .foreign_key(&mut part_of("contradictions", "fact_id", "facts"))
        .foreign_key(&mut part_of("contradictions", "other_id", "facts"))
        .check(Expr::col("fact_id").ne(Expr::col("other_id")))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "contradictions", &["other_id"]).await
}

async fn create_relations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("relations")
        .col(id("fact_id"))
        .col(place("position"))
        .col(text("kind"))
        .col(id("from_id"))
        .col(id("to_id"))
        .primary_key(Index::create().col("fact_id").col("position"))
        .foreign_key(&mut part_of("relations", "fact_id", "facts"))
        .foreign_key(&mut refers("relations", "from_id", "subjects"))
        .foreign_key(&mut refers("relations", "to_id", "subjects"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "relations", &["from_id", "kind"]).await?;
    index(manager, "relations", &["to_id", "kind"]).await
}

async fn create_fact_platforms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("fact_platforms")
        .col(id("fact_id"))
        .col(text("platform"))
        .primary_key(Index::create().col("fact_id").col("platform"))
        .foreign_key(&mut part_of("fact_platforms", "fact_id", "facts"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "fact_platforms", &["platform"]).await
}

async fn create_fact_technologies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("fact_technologies")
        .col(id("fact_id"))
        .col(place("position"))
        .col(place("place"))
        .col(id("technology_id"))
        .primary_key(Index::create().col("fact_id").col("position"))
        .foreign_key(&mut part_of("fact_technologies", "fact_id", "facts"))
        .foreign_key(&mut refers("fact_technologies", "technology_id", "technologies"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "fact_technologies", &["technology_id", "fact_id"]).await
}

async fn create_checklist_items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let items = Table::create()
        .table("checklist_items")
        .col(id("checklist_id"))
        .col(place("position"))
        .col(text("name"))
        .col(id("fact_id"))
        .primary_key(Index::create().col("checklist_id").col("position"))
        .foreign_key(&mut part_of("checklist_items", "checklist_id", "checklists"))
        .foreign_key(&mut refers("checklist_items", "fact_id", "facts"))
        .to_owned();
    manager.create_table(items).await?;
    index(manager, "checklist_items", &["fact_id"]).await?;
    let capabilities = Table::create()
        .table("checklist_item_capabilities")
        .col(id("checklist_id"))
        .col(place("position"))
        .col(sorted_text(manager, "capability"))
        .primary_key(Index::create().col("checklist_id").col("position").col("capability"))
        .foreign_key(
            ForeignKey::create()
                .from("checklist_item_capabilities", ("checklist_id", "position"))
                .to("checklist_items", ("checklist_id", "position"))
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned();
    manager.create_table(capabilities).await
}
