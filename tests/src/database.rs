//! Databases for tests: each test has its own, copied from one that was filled once.

use std::fs;

use chrono::{DateTime, Utc};
use sea_orm_migration::sea_orm::{self, ConnectionTrait};
use stackfit_catalogue::{Bundled, read_all};
use stackfit_domain::catalogue::{Part, Register};
use stackfit_persistence::{Pool, Store};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{
    gate::Gate,
    postgres::{self, Cluster},
};

/// On which database a test runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// An embedded file.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database of one test. It is removed when the test ends.
pub struct Database {
    /// Its address.
    pub url: String,
    /// Its name in Postgres.
    pub name: Option<String>,
    _folder: Option<TempDir>,
}

/// When all tests take place.
pub fn now() -> DateTime<Utc> {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

/// The secret of all test databases.
pub fn key() -> Uuid {
    Uuid::from_u128(42)
}

/// The catalogue that is built into the program.
pub fn catalogue() -> Vec<Part> {
    read_all(Bundled::default(), Register::default(), now().date_naive()).unwrap()
}

static SQLITE_TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
static POSTGRES_TEMPLATE: OnceCell<String> = OnceCell::const_new();

impl Database {
    /// A database with the catalogue in it.
    pub async fn filled(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let template = SQLITE_TEMPLATE.get_or_init(sqlite_template).await;
                let database = Self::empty(engine);
                fs::write(database.url.trim_start_matches("sqlite://"), template).unwrap();
                database
            }
            Engine::Postgres => {
                let template = POSTGRES_TEMPLATE.get_or_init(postgres_template).await;
                Self::named(Cluster::get().create(Some(template)))
            }
        }
    }

    /// A database with nothing in it.
    pub fn empty(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}", folder.path().join("stackfit.db").display());
                Self { url, name: None, _folder: Some(folder) }
            }
            Engine::Postgres => Self::named(Cluster::get().create(None)),
        }
    }

    fn named(name: String) -> Self {
        Self { url: Cluster::get().url(&name), name: Some(name), _folder: None }
    }

    /// Has its server and others reach it through a gate.
    #[must_use]
    pub fn behind(mut self, gate: &Gate) -> Self {
        self.url = postgres::url(self.name.as_deref().unwrap(), gate.host());
        self
    }

    /// Cuts those of its connections in Postgres of which a condition holds, and tells how many they were.
    pub async fn cut(&self, which: &str) -> u64 {
        let connection = sea_orm::Database::connect(&self.url).await.unwrap();
        let cut = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND {which}"
        );
        let done = connection.execute_unprepared(&cut).await.unwrap().rows_affected();
        connection.close().await.unwrap();
        done
    }

    /// Opens it as the server does.
    pub async fn open(&self) -> Store {
        let pool = Pool { max_connections: 4, ..Pool::default() };
        Store::open(&self.url, &pool, || Ok(catalogue()), key(), now()).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            Cluster::get().drop(name);
        }
    }
}

async fn sqlite_template() -> Vec<u8> {
    let database = Database::empty(Engine::Sqlite);
    database.open().await.close().await.unwrap();
    fs::read(database.url.trim_start_matches("sqlite://")).unwrap()
}

async fn postgres_template() -> String {
    let mut database = Database::empty(Engine::Postgres);
    database.open().await.close().await.unwrap();
    // Without its name it is not removed.
    database.name.take().unwrap()
}
