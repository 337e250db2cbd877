//! The whole server but for its socket.

use std::{any::Any, sync::Arc};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderName, HeaderValue, Request, StatusCode},
    middleware::map_request,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use stackfit_domain::clock::Clock;
use stackfit_graphql::Schema;
use stackfit_persistence::Store;
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

use crate::{config::Config, graphql, playground};

/// The name of the header that tells a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What handlers share.
#[derive(Clone)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) schema: Schema,
    pub(crate) clock: Arc<dyn Clock>,
}

impl App {
    /// The parts of a server.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, schema: Schema::default(), clock }
    }
}

/// The routes of the server with everything around them.
pub fn router(app: App, config: &Config) -> Router {
    let graphql =
        get(graphql::get).post(graphql::post).layer(DefaultBodyLimit::max(config.max_request_bytes));
    let mut router = Router::new()
        .route("/graphql", graphql)
        .route("/health", get(async || Json(json!({ "status": "alive" }))))
        .route("/ready", get(ready));
    if config.playground {
        router = router.merge(playground::routes());
    }
    router
        .with_state(app)
        .layer(CatchPanicLayer::custom(internal))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, config.request_timeout()))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(map_request(without_odd_request_id))
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
    let extensions = json!({ "code": "INTERNAL_SERVER_ERROR" });
    let error = json!({ "message": "Something went wrong inside the server.", "extensions": extensions });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "errors": [error] }))).into_response()
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
