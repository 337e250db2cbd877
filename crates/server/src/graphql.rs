//! GraphQL over HTTP and WebSocket: reads a request, hands it to the schema, writes the answer or, one by one, the
//! answers.

mod batch;
mod caching;
mod call;
mod csrf;
mod driven;
mod media;
mod multipart;
mod persisted;
mod reply;
mod request;
mod sse;
mod streamed;
mod trusted;
mod websocket;

pub use csrf::CsrfPrevention;
pub use trusted::Mode as TrustedMode;

pub(crate) use call::COST_HEADER;
pub(crate) use persisted::Persisted;
pub(crate) use trusted::{Trusted, watch};

use axum::{
    body::Bytes,
    extract::{
        Extension, RawQuery, State, WebSocketUpgrade, rejection::BytesRejection,
        ws::rejection::WebSocketUpgradeRejection,
    },
    http::{Extensions, HeaderMap, StatusCode},
    response::Response as HttpResponse,
};
use stackfit_graphql::{Response, codes};
use tower_http::request_id::RequestId;

use crate::app::App;
use call::Call;
use media::{Accepted, Media};
use reply::Reply;
use request::Body;

/// `POST /graphql` with a JSON body.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> HttpResponse {
    let Some(accepted) = Accepted::read(&headers) else { return reply::not_acceptable() };
    let call = Call::new(app, headers, &id);
    match call.read(body) {
        Ok(Body::One(request)) => call.deliver(Ok(*request), Method::Post, accepted).await,
        Ok(Body::Batch(requests)) => batch::answer(&call, requests).await,
        Err(reply) => call.deliver(Err(reply), Method::Post, accepted).await,
    }
}

/// `GET /graphql` with the request in the address, queries and subscriptions only; or on to a WebSocket.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    extensions: Extensions,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> HttpResponse {
    if websocket::is_asked(&headers) {
        let mut response = websocket::answer(Call::new(app, headers, &id), upgrade);
        // They hold the client's spelling of the headers: gql for Python finds the subprotocol by it.
        response.extensions_mut().extend(extensions);
        return response;
    }
    let Some(accepted) = Accepted::read(&headers) else { return reply::not_acceptable() };
    let request = csrf::check(&headers, app.settings.csrf_prevention, Method::Get)
        .and_then(|()| request::from_address(query.as_deref().unwrap_or_default()));
    Call::new(app, headers, &id).deliver(request, Method::Get, accepted).await
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    WebSocket,
}

fn larger_than(most: usize) -> Reply {
    let message = format!("The request is larger than this server reads: {most} bytes.");
    Reply::refuse(StatusCode::PAYLOAD_TOO_LARGE, message)
}

/// The answer to a request that is too large.
pub(crate) fn too_large(most: usize) -> HttpResponse {
    caching::uncached(larger_than(most).write(Media::Json))
}

/// The answer to a request that took too long.
pub(crate) fn timeout() -> HttpResponse {
    caching::uncached(Reply::new(StatusCode::SERVICE_UNAVAILABLE, too_long()).write(Media::Json))
}

fn too_long() -> Response {
    Response::error(codes::TIMEOUT, "The request took too long. Ask for less, or try again later.")
}

/// The answer when something went wrong that nobody thought of.
pub(crate) fn internal() -> HttpResponse {
    let fault = Response::error(codes::INTERNAL, "Something went wrong inside the server.");
    caching::uncached(Reply::new(StatusCode::INTERNAL_SERVER_ERROR, fault).write(Media::Json))
}
