//! GraphQL over HTTP: reads a request, hands it to the schema, writes the answer.

mod batch;
mod caching;
mod csrf;
mod media;
mod persisted;
mod reply;
mod request;
mod trusted;

pub use csrf::CsrfPrevention;
pub use trusted::Mode as TrustedMode;

pub(crate) use persisted::Persisted;
pub(crate) use trusted::{Trusted, watch};

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Extension, RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::Response as HttpResponse,
};
use stackfit_graphql::{Kind, Prepared, Response};
use tower_http::request_id::RequestId;

use crate::app::App;
use media::Media;
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
    let Some(media) = Media::negotiate(&headers) else { return reply::not_acceptable() };
    let call = Call { app: &app, headers: &headers, id: &id };
    let reply = match call.read(body) {
        Ok(Body::One(request)) => call.answer(*request, Method::Post).await,
        Ok(Body::Batch(requests)) => return batch::answer(&call, requests).await,
        Err(reply) => reply,
    };
    caching::uncached(reply.write(media))
}

/// `GET /graphql` with the request in the address: queries only.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> HttpResponse {
    let Some(media) = Media::negotiate(&headers) else { return reply::not_acceptable() };
    let call = Call { app: &app, headers: &headers, id: &id };
    let request = csrf::check(&headers, app.settings.csrf_prevention, Method::Get)
        .and_then(|()| request::from_address(query.as_deref().unwrap_or_default()));
    let reply = match request {
        Ok(request) => call.answer(request, Method::Get).await,
        Err(reply) => reply,
    };
    let fresh = reply.is_cacheable();
    let response = reply.write(media);
    if fresh {
        caching::cached(response, &headers, app.settings.cache_max_age_seconds).await
    } else {
        caching::uncached(response)
    }
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
}

/// A call of the API.
pub(crate) struct Call<'a> {
    app: &'a App,
    headers: &'a HeaderMap,
    id: &'a RequestId,
}

impl Call<'_> {
    fn read(&self, body: Result<Bytes, BytesRejection>) -> Result<Body, Reply> {
        media::check_content(self.headers)?;
        csrf::check(self.headers, self.app.settings.csrf_prevention, Method::Post)?;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => larger_than(self.app.settings.max_request_bytes),
            _ => Reply::refuse(StatusCode::BAD_REQUEST, "The body could not be read to its end."),
        })?;
        request::from_body(&body)
    }

    /// Answers one request.
    async fn answer(&self, request: GraphqlRequest, method: Method) -> Reply {
        match self.prepare(&request, method) {
            Ok(prepared) => self.execute(prepared).await,
            Err(reply) => reply,
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
            Kind::Query => Ok(prepared),
            Kind::Mutation if method == Method::Post => Ok(prepared),
            Kind::Mutation => Err(Reply::only_post()),
            Kind::Subscription => {
                let message = "Subscriptions are not served here.";
                Err(Reply::refuse(StatusCode::BAD_REQUEST, message))
            }
        }
    }

    async fn execute(&self, prepared: Prepared) -> Reply {
        let app = self.app;
        let id = self.id.header_value().to_str().unwrap_or_default();
        let cost = prepared.cost();
        let reader = app.store.reader(app.clock.today());
        let response = app.schema.execute(prepared, reader, id).await;
        Reply::from(if self.asks_for_cost() {
            response.with_cost(cost, app.schema.options().limits.cost)
        } else {
            response
        })
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
    let message = "The request took too long. Ask for less, or try again later.";
    let response = Response::bad_request("TIMEOUT", message);
    caching::uncached(Reply::new(StatusCode::SERVICE_UNAVAILABLE, response).write(Media::Json))
}

/// The answer when something went wrong that nobody thought of.
pub(crate) fn internal() -> HttpResponse {
    let response = Response::bad_request("INTERNAL_SERVER_ERROR", "Something went wrong inside the server.");
    caching::uncached(Reply::new(StatusCode::INTERNAL_SERVER_ERROR, response).write(Media::Json))
}
