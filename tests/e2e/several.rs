//! Several servers that start on one database at once.

use std::time::Duration;

use stackfit_persistence::{Pool, Store};
use stackfit_tests::{
    database::{Database, Engine, catalogue, now},
    on_both,
};
use uuid::Uuid;

async fn start_together(engine: Engine) {
    let database = Database::empty(engine);
    let changes: usize = catalogue().iter().map(|part| 1 + part.facts.len()).sum();
    let changes = i64::try_from(changes).unwrap();
    let opened = (0..6u128).map(|number| {
        let url = database.url.clone();
        tokio::spawn(async move {
            // Each waits for those before it, however slow the machine is.
            let lock_timeout = Duration::from_mins(2);
            let pool =
                Pool { max_connections: 2, lock_timeout, acquire_timeout: lock_timeout, ..Pool::default() };
            Store::open(&url, &pool, || Ok(catalogue()), Uuid::from_u128(number), now()).await
        })
    });
    let mut cursors = Vec::new();
    for opened in opened.collect::<Vec<_>>() {
        let store = opened.await.unwrap().unwrap();
        let reader = store.reader(now().date_naive());
        assert_eq!(reader.state().await.unwrap().revision, changes, "filled once");
        let window = stackfit_domain::page::Window::first(1);
        cursors.push(reader.sources(&window).await.unwrap().items.remove(0).0);
    }
    cursors.dedup();
    assert_eq!(cursors.len(), 1, "all servers of a database sign cursors alike");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    start_together(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    start_together(Engine::Postgres).await;
}

on_both! {
    async fn many_clients_at_once(app) {
        let app = std::sync::Arc::new(app);
        let asked = (0..40).map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                let data = app.data("{ frameworks(first: 20) { nodes { slug pros { citations { source { slug } } } cons { contradictedBy { code } } } } }").await;
                data["frameworks"]["nodes"].as_array().unwrap().len()
            })
        });
        for asked in asked.collect::<Vec<_>>() {
            assert_eq!(asked.await.unwrap(), 20);
        }
    }
}
