//! Migrations of the database, for SQLite and Postgres alike.
//!
//! Names are dated and say the change. A migration that has landed is never edited; a further one is added.

mod helpers;
mod m20261123_000001_create_subjects;
mod m20261123_000002_create_facts;
mod m20261123_000003_create_changes;
mod m20261123_000004_add_current_facts;
mod m20261123_000005_create_technology_facets;
mod m20261123_000006_create_search;
mod m20261123_000007_create_technology_names;

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

/// All migrations, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_subjects::Migration),
            Box::new(m20261123_000002_create_facts::Migration),
            Box::new(m20261123_000003_create_changes::Migration),
            Box::new(m20261123_000004_add_current_facts::Migration),
            Box::new(m20261123_000005_create_technology_facets::Migration),
            Box::new(m20261123_000006_create_search::Migration),
            Box::new(m20261123_000007_create_technology_names::Migration),
        ]
    }
}
