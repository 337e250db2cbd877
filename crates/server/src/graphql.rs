//! GraphQL over HTTP and WebSocket: reads a request, hands it to the schema, writes the answer or, one by one, the
//! answers.

mod batch;
mod caching;
mod csrf;
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

pub(crate) use persisted::Persisted;
pub(crate) use trusted::{Trusted, watch};

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{
        Extension, RawQuery, State, WebSocketUpgrade, rejection::BytesRejection,
        ws::rejection::WebSocketUpgradeRejection,
    },
    http::{Extensions, HeaderMap, StatusCode},
    response::Response as HttpResponse,
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use stackfit_graphql::{Kind, Live, Prepared, Response};
use tower_http::request_id::RequestId;

use crate::{app::App, streams::Place};
use media::{Accepted, Media, StreamMedia};
use reply::Reply;
use request::{Body, GraphqlRequest};

/// The header by which a client asks for the cost of its operation.
pub(crate) const COST_HEADER: &str = "graphql-cost";

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

/// The answers to an operation, as they come.
type Answers = BoxStream<'static, Response>;

/// A call of the API.
#[derive(Clone)]
pub(crate) struct Call {
    app: App,
    headers: Arc<HeaderMap>,
    id: Arc<str>,
}

impl Call {
    fn new(app: App, headers: HeaderMap, id: &RequestId) -> Self {
        let id = id.header_value().to_str().unwrap_or_default().into();
        Self { app, headers: Arc::new(headers), id }
    }

    fn read(&self, body: Result<Bytes, BytesRejection>) -> Result<Body, Reply> {
        media::check_content(&self.headers)?;
        csrf::check(&self.headers, self.app.settings.csrf_prevention, Method::Post)?;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => larger_than(self.app.settings.max_request_bytes),
            _ => Reply::refuse(StatusCode::BAD_REQUEST, "The body could not be read to its end."),
        })?;
        request::from_body(&body)
    }

    /// Answers a request in the way that the client takes.
    async fn deliver(
        &self,
        request: Result<GraphqlRequest, Reply>,
        method: Method,
        accepted: Accepted,
    ) -> HttpResponse {
        let prepared = request.and_then(|request| self.prepare(&request, method));
        let goes_on = prepared.as_ref().is_ok_and(|prepared| prepared.kind() == Kind::Subscription);
        match (prepared, accepted) {
            (Ok(prepared), Accepted { many: Some(many), .. }) if goes_on => self.stream(prepared, many).await,
            (Ok(_), Accepted { one, .. }) if goes_on => {
                caching::uncached(Reply::only_streamed().write(one.unwrap_or(Media::Json)))
            }
            (Ok(prepared), Accepted { one: Some(media), .. }) => {
                let reply = Reply::from(self.execute(prepared).await);
                self.write(reply, method, media).await
            }
            (Ok(prepared), Accepted { one: None, many: Some(many) }) => self.stream(prepared, many).await,
            (Err(reply), Accepted { one: None, many: Some(StreamMedia::Events) })
                if reply.is_of_graphql() =>
            {
                match self.app.streams.open() {
                    Some(place) => self.tell(reply.response, place),
                    None => caching::uncached(Reply::no_room().write(Media::Json)),
                }
            }
            (Err(reply), Accepted { one, .. }) => caching::uncached(reply.write(one.unwrap_or(Media::Json))),
            (Ok(_), Accepted { one: None, many: None }) => reply::not_acceptable(),
        }
    }

    async fn write(&self, reply: Reply, method: Method, media: Media) -> HttpResponse {
        let fresh = method == Method::Get && reply.is_cacheable();
        let response = reply.write(media);
        if fresh {
            caching::cached(response, &self.headers, self.app.settings.cache_max_age_seconds).await
        } else {
            caching::uncached(response)
        }
    }

    /// Answers one by one, when there is room for one more stream.
    async fn stream(&self, prepared: Prepared, media: StreamMedia) -> HttpResponse {
        let Some(place) = self.app.streams.open() else {
            return caching::uncached(Reply::no_room().write(Media::Json));
        };
        let keep_alive = self.app.settings.keep_alive();
        match (self.begin(prepared).await, media) {
            (Ok(answers), StreamMedia::Events) => sse::write(answers, place, keep_alive),
            (Ok(answers), StreamMedia::Multipart) => multipart::write(answers, place, keep_alive),
            (Err(refused), StreamMedia::Events) => self.tell(refused, place),
            (Err(refused), StreamMedia::Multipart) => {
                caching::uncached(Reply::from(refused).write(Media::Json))
            }
        }
    }

    /// Tells a mistake as server-sent events have it.
    fn tell(&self, refused: Response, place: Place) -> HttpResponse {
        sse::write(stream::iter([refused]).boxed(), place, self.app.settings.keep_alive())
    }

    /// Answers one request of several.
    async fn answer(&self, request: &GraphqlRequest, method: Method) -> Response {
        match self.prepare(request, method) {
            Ok(prepared) if prepared.kind() == Kind::Subscription => Reply::only_streamed().response,
            Ok(prepared) => self.execute(prepared).await,
            Err(reply) => reply.response,
        }
    }

    fn prepare(&self, request: &GraphqlRequest, method: Method) -> Result<Prepared, Reply> {
        let schema = &self.app.schema;
        let found = self.app.persisted.find(request, &self.app.trusted)?;
        let name = request.operation_name.as_deref();
        let document = schema.document(&found.text).map_err(|refused| {
            // What writes is refused for that first, even if it would be refused for more.
            let writes = method == Method::Get && schema.kind(&found.text, name) == Some(Kind::Mutation);
            if writes { Reply::only_post() } else { Reply::from(refused) }
        })?;
        if let Some(hash) = found.to_keep {
            self.app.persisted.keep(hash, Arc::clone(&found.text));
        }
        let prepared = schema.prepare(document, name, &request.variables)?;
        match prepared.kind() {
            Kind::Mutation if method == Method::Get => Err(Reply::only_post()),
            _ => Ok(prepared),
        }
    }

    async fn execute(&self, prepared: Prepared) -> Response {
        let app = &self.app;
        let cost = prepared.cost();
        let reader = app.store.reader(app.clock.today());
        let response = app.schema.execute(prepared, reader, &self.id).await;
        if self.asks_for_cost() {
            response.with_cost(cost, app.schema.options().limits.cost)
        } else {
            response
        }
    }

    /// Begins an operation whose answers are told as they come.
    async fn begin(&self, prepared: Prepared) -> Result<Answers, Response> {
        let timeout = self.app.settings.request_timeout();
        if prepared.kind() == Kind::Subscription {
            let App { store, clock, schema, .. } = &self.app;
            let live = Live { store: store.clone(), clock: Arc::clone(clock), timeout };
            return schema.subscribe(prepared, live, self.id.to_string()).await;
        }
        let call = self.clone();
        let answer = async move {
            let executed = tokio::time::timeout(timeout, call.execute(prepared)).await;
            executed.unwrap_or_else(|_| too_long())
        };
        Ok(stream::once(answer).boxed())
    }

    fn asks_for_cost(&self) -> bool {
        self.headers
            .get(COST_HEADER)
            .is_some_and(|value| !value.is_empty() && value != "0" && value != "false")
    }
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
    Response::bad_request("TIMEOUT", "The request took too long. Ask for less, or try again later.")
}

/// The answer when something went wrong that nobody thought of.
pub(crate) fn internal() -> HttpResponse {
    let response = Response::bad_request("INTERNAL_SERVER_ERROR", "Something went wrong inside the server.");
    caching::uncached(Reply::new(StatusCode::INTERNAL_SERVER_ERROR, response).write(Media::Json))
}
