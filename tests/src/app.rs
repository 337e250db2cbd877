//! A server in this process.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use stackfit_domain::clock::{Clock, FixedClock};
use stackfit_persistence::Store;
use stackfit_server::{
    app::{App, router},
    config::Config,
};
use tower::ServiceExt;

use crate::{
    database::{Database, Engine, now},
    live::Listening,
};

/// A server in this process, on a database of its own, at a fixed time.
pub struct TestApp {
    /// On which database it runs.
    pub engine: Engine,
    /// Its database.
    pub database: Database,
    store: Store,
    app: App,
    router: Router,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Value,
    /// How many statements it took.
    pub statements: u64,
}

impl TestApp {
    /// A server on a database with the catalogue.
    pub async fn new(engine: Engine) -> Self {
        Self::on(engine, Database::filled(engine).await).await
    }

    /// A server on a database, which is filled when it is empty.
    pub async fn on(engine: Engine, database: Database) -> Self {
        Self::set(engine, database, Config::default()).await
    }

    /// A server with settings of its own, on the database of this one.
    pub async fn with(self, config: Config) -> Self {
        Self::set(self.engine, self.database, config).await
    }

    /// With a clock of its own, on the database of this one.
    pub async fn at(self, clock: impl Clock + 'static) -> Self {
        Self::made(self.engine, self.database, Config::default(), Arc::new(clock)).await
    }

    async fn set(engine: Engine, database: Database, config: Config) -> Self {
        Self::made(engine, database, config, Arc::new(FixedClock(now()))).await
    }

    async fn made(engine: Engine, database: Database, config: Config, clock: Arc<dyn Clock>) -> Self {
        let store = database.open().await;
        let app = App::new(store.clone(), clock, config).unwrap();
        Self { engine, database, store, router: router(app.clone()), app }
    }

    /// Serves on a free port, as the program does.
    pub async fn listen(&self) -> Listening {
        Listening::on(self.app.clone()).await
    }

    /// Another server on the same database.
    pub async fn another(&self) -> App {
        App::new(self.database.open().await, Arc::new(FixedClock(now())), Config::default()).unwrap()
    }

    /// Its store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What a server does beside answering.
    pub fn attend(&self) -> impl Future<Output = ()> + Send + 'static {
        self.app.clone().attend()
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> (StatusCode, header::HeaderMap, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }

    /// Sends a document with variables.
    pub async fn ask(&self, document: &str, variables: Value) -> Answer {
        let before = self.store.statements();
        let body = json!({ "query": document, "variables": variables }).to_string();
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap();
        let (status, _, body) = self.send(request).await;
        let body = serde_json::from_slice(&body).unwrap();
        Answer { status, body, statements: self.store.statements() - before }
    }

    /// The data of an answer without errors.
    pub async fn data(&self, document: &str) -> Value {
        self.ask(document, Value::Null).await.data()
    }

    /// The errors of an answer, as `code: message`.
    pub async fn errors(&self, document: &str) -> Vec<String> {
        self.ask(document, Value::Null).await.errors()
    }
}

impl Answer {
    /// The data, when there are no errors.
    pub fn data(mut self) -> Value {
        assert_eq!(self.body.get("errors"), None, "{:#}", self.body);
        self.body["data"].take()
    }

    /// The errors, as `code: message`.
    pub fn errors(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        errors
            .iter()
            .map(|error| format!("{}: {}", text(&error["extensions"]["code"]), text(&error["message"])))
            .collect()
    }
}

/// The texts at a path of a list: `pick(&data["nodes"], "slug")`.
pub fn pick(list: &Value, key: &str) -> Vec<String> {
    let items = list.as_array().unwrap_or_else(|| panic!("not a list: {list}"));
    items.iter().map(|item| item[key].as_str().unwrap_or("-").to_owned()).collect()
}
