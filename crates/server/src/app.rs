//! The whole server but for its socket.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderName, HeaderValue, Method, Request, StatusCode, header},
    middleware::{self, Next, map_request},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use stackfit_domain::clock::Clock;
use stackfit_graphql::Schema;
use stackfit_persistence::Store;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    cors::{AllowHeaders, AllowOrigin, CorsLayer},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::TraceLayer,
};

use crate::{
    config::Config,
    graphql::{self, Persisted, Trusted, TrustedMode},
    playground,
    streams::Streams,
};

/// The name of the header that tells a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What handlers share.
#[derive(Clone)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) schema: Schema,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Arc<Config>,
    pub(crate) persisted: Persisted,
    pub(crate) trusted: Trusted,
    pub(crate) streams: Streams,
}

impl App {
    /// The parts of a server.
    ///
    /// # Errors
    /// Why the trusted documents cannot be used.
    pub fn new(store: Store, clock: Arc<dyn Clock>, config: Config) -> Result<Self, String> {
        let schema = Schema::new(config.guard(), config.max_executions);
        let trusted =
            Trusted::read(config.trusted_documents, config.trusted_documents_file.as_deref(), &schema)?;
        let persisted = Persisted::new(config.persisted_queries_bytes);
        let streams = Streams::new(config.max_streams);
        Ok(Self { store, schema, clock, settings: Arc::new(config), persisted, trusted, streams })
    }

    /// What is to be done beside answering: following what is written by others, and reading the trusted documents
    /// again when they change.
    pub async fn attend(self) {
        let store = self.store.clone();
        tokio::join!(store.feed().follow(), self.read_trusted());
    }

    /// Ends all streams, so that those who read them come back to another server, or to the next one here.
    pub async fn end_streams(&self) {
        self.streams.stop(self.settings.request_timeout()).await;
    }

    async fn read_trusted(self) {
        let mode = self.settings.trusted_documents;
        if let Some(file) = self.settings.trusted_documents_file.clone().filter(|_| mode != TrustedMode::Off)
        {
            let pause = Duration::from_secs(1);
            graphql::watch(self.trusted, file, self.schema, pause).await;
        }
    }
}

/// The routes of the server with everything around them.
pub fn router(app: App) -> Router {
    let config = Arc::clone(&app.settings);
    let graphql = get(graphql::get)
        .post(graphql::post)
        .layer(DefaultBodyLimit::max(config.max_request_bytes))
        .layer(middleware::from_fn_with_state(config.max_request_bytes, declared))
        .layer(middleware::from_fn_with_state(config.request_timeout(), deadline));
    let mut router = Router::new()
        .route("/graphql", graphql)
        .route("/health", get(async || Json(json!({ "status": "alive" }))))
        .route("/ready", get(ready));
    if config.playground {
        router = router.merge(playground::routes());
    }
    let mut router = router.with_state(app).layer(CatchPanicLayer::custom(internal));
    if config.compression {
        // What is compressed is held back until there is enough of it.
        let whole = DefaultPredicate::new().and(NotForContentType::const_new("multipart/mixed"));
        router =
            router.layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(whole));
    }
    if !config.cors_origins.is_empty() {
        router = router.layer(cors(&config));
    }
    router
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(map_request(without_odd_request_id))
}

/// Lets pages of other origins read answers, when they are on the list.
fn cors(config: &Config) -> CorsLayer {
    let any = config.cors_origins.iter().any(|origin| origin == "*");
    let origins = config.cors_origins.iter().filter_map(|origin| origin.parse::<HeaderValue>().ok());
    CorsLayer::new()
        .allow_origin(if any { AllowOrigin::any() } else { AllowOrigin::list(origins) })
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([REQUEST_ID])
        .max_age(Duration::from_hours(1))
}

/// Refuses a body that is said to be too large, without waiting for it.
async fn declared(State(most): State<usize>, request: axum::extract::Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > most) {
        return graphql::too_large(most);
    }
    next.run(request).await
}

/// Ends what takes too long: reading the body of a slow client, or answering.
async fn deadline(State(most): State<Duration>, request: axum::extract::Request, next: Next) -> Response {
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => graphql::timeout(),
    }
}

/// Takes away a request id that should not stand in a log: an empty, a very long or an invisible one.
async fn without_odd_request_id(mut request: axum::extract::Request) -> axum::extract::Request {
    let id = request.headers().get(REQUEST_ID).map(HeaderValue::as_bytes);
    let odd = |id: &[u8]| !(1..=100).contains(&id.len()) || !id.iter().all(u8::is_ascii_graphic);
    if id.is_some_and(odd) {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        id = id.unwrap_or_default()
    )
}

/// Tells that a request panicked, and nothing of how: that is in the log, in the span of the request.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn internal(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("no text"), "a request panicked");
    graphql::internal()
}

/// Whether the database answers: a load balancer asks this.
async fn ready(State(app): State<App>) -> Response {
    match app.store.reader(app.clock.today()).ping().await {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "not ready" }))).into_response()
        }
    }
}
