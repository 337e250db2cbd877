//! Migrations go up, down and up again on both databases, and leave nothing behind.

use sea_orm_migration::sea_orm::{
    ConnectionTrait, Database as Connection, DatabaseConnection, DbBackend, Statement,
};
use stackfit_migrations::{Migrator, MigratorTrait};
use stackfit_tests::database::{Database, Engine};

/// The tables of a database, but for the list of migrations.
async fn tables(connection: &DatabaseConnection) -> Vec<String> {
    let backend = connection.get_database_backend();
    let sql = if backend == DbBackend::Sqlite {
        // The full-text index keeps tables of its own, which Postgres has no need of.
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name NOT LIKE 'search_index%' ORDER BY name"
    } else {
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let names = rows.iter().map(|row| row.try_get::<String>("", "name").unwrap());
    names.filter(|name| name != "seaql_migrations").collect()
}

async fn up_down_up(engine: Engine) {
    let database = Database::empty(engine);
    let url =
        if engine == Engine::Sqlite { format!("{}?mode=rwc", database.url) } else { database.url.clone() };
    let connection = Connection::connect(url).await.unwrap();
    Migrator::up(&connection, None).await.unwrap();
    let first = tables(&connection).await;
    assert_eq!(first.len(), 28, "{first:?}");
    Migrator::down(&connection, None).await.unwrap();
    assert_eq!(tables(&connection).await, Vec::<String>::new());
    Migrator::up(&connection, None).await.unwrap();
    assert_eq!(tables(&connection).await, first);
}

#[tokio::test]
async fn on_sqlite() {
    up_down_up(Engine::Sqlite).await;
}

#[tokio::test]
async fn on_postgres() {
    up_down_up(Engine::Postgres).await;
}
