//! One call of the API: what it asks for is prepared, carried out, and answered in the way that the client takes.

use std::{convert::identity, sync::Arc};

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderMap, StatusCode},
    response::Response as HttpResponse,
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use stackfit_graphql::{Kind, Live, Prepared, Response};
use tower_http::request_id::RequestId;

use super::{
    Method, caching, csrf,
    driven::driven,
    larger_than,
    media::{self, Accepted, Media, StreamMedia},
    multipart,
    reply::{self, Reply},
    request::{self, Body, GraphqlRequest},
    sse, too_long,
};
use crate::{app::App, streams::Permit};

/// The header by which a client asks for the cost of its operation.
pub(crate) const COST_HEADER: &str = "graphql-cost";

/// The answers to an operation, as they come.
pub(super) type Answers = BoxStream<'static, Response>;

/// A call of the API.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) app: App,
    pub(super) headers: Arc<HeaderMap>,
    pub(super) id: Arc<str>,
}

impl Call {
    pub(super) fn new(app: App, headers: HeaderMap, id: &RequestId) -> Self {
        let id = id.header_value().to_str().unwrap_or_default().into();
        Self { app, headers: Arc::new(headers), id }
    }

    pub(super) fn read(&self, body: Result<Bytes, BytesRejection>) -> Result<Body, Reply> {
        media::check_content(&self.headers)?;
        csrf::check(&self.headers, self.app.settings.csrf_prevention, Method::Post)?;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => larger_than(self.app.settings.max_request_bytes),
            _ => Reply::refuse(StatusCode::BAD_REQUEST, "The body could not be read to its end."),
        })?;
        request::from_body(&body)
    }

    /// Answers a request in the way that the client takes.
    pub(super) async fn deliver(
        &self,
        request: Result<GraphqlRequest, Reply>,
        method: Method,
        accepted: Accepted,
    ) -> HttpResponse {
        match request.and_then(|request| self.prepare(&request, method)) {
            Ok(prepared) => self.carry_out(prepared, method, accepted).await,
            Err(reply) => self.refuse(reply, accepted),
        }
    }

    async fn carry_out(&self, prepared: Prepared, method: Method, accepted: Accepted) -> HttpResponse {
        let goes_on = prepared.kind() == Kind::Subscription;
        match (accepted.one, accepted.many) {
            (one, Some(many)) if goes_on || one.is_none() => self.stream(prepared, many, one).await,
            (one, _) if goes_on => {
                caching::uncached(Reply::only_streamed().write(one.unwrap_or(Media::Json)))
            }
            (Some(one), _) => self.write(Reply::from(self.execute(prepared).await), method, one).await,
            (None, _) => reply::not_acceptable(),
        }
    }

    /// Tells why a request is not carried out. Who takes events only is told by one, where GraphQL was spoken at all.
    fn refuse(&self, reply: Reply, accepted: Accepted) -> HttpResponse {
        let by_event = accepted.one.is_none() && accepted.many == Some(StreamMedia::Events);
        if !by_event || !reply.is_of_graphql() {
            return caching::uncached(reply.write(accepted.one.unwrap_or(Media::Json)));
        }
        match self.app.streams.open() {
            Some(permit) => self.tell(reply.response, permit),
            None => caching::uncached(Reply::no_room().write(Media::Json)),
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
    async fn stream(&self, prepared: Prepared, many: StreamMedia, one: Option<Media>) -> HttpResponse {
        let Some(permit) = self.app.streams.open() else {
            return caching::uncached(Reply::no_room().write(Media::Json));
        };
        let keep_alive = self.app.settings.keep_alive();
        match (
            self.begin(prepared).await.map(|answers| driven(answers, Arc::clone(&self.id), identity)),
            many,
        ) {
            (Ok(answers), StreamMedia::Events) => sse::write(answers, permit, keep_alive),
            (Ok(answers), StreamMedia::Multipart) => multipart::write(answers, permit, keep_alive),
            (Err(refused), StreamMedia::Events) => self.tell(refused, permit),
            (Err(refused), StreamMedia::Multipart) => {
                caching::uncached(Reply::from(refused).write(one.unwrap_or(Media::Json)))
            }
        }
    }

    /// Tells a mistake as server-sent events have it.
    fn tell(&self, refused: Response, permit: Permit) -> HttpResponse {
        sse::write(stream::iter([refused]).boxed(), permit, self.app.settings.keep_alive())
    }

    /// Answers one request of several.
    pub(super) async fn answer(&self, request: &GraphqlRequest, method: Method) -> Response {
        match self.prepare(request, method) {
            Ok(prepared) if prepared.kind() == Kind::Subscription => Reply::only_streamed().response,
            Ok(prepared) => self.execute(prepared).await,
            Err(reply) => reply.response,
        }
    }

    pub(super) fn prepare(&self, request: &GraphqlRequest, method: Method) -> Result<Prepared, Reply> {
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
    pub(super) async fn begin(&self, prepared: Prepared) -> Result<Answers, Response> {
        let timeout = self.app.settings.request_timeout();
        if prepared.kind() == Kind::Subscription {
            let App { store, clock, schema, .. } = &self.app;
            let live = Live { store: store.clone(), clock: Arc::clone(clock), timeout };
            let cost = prepared.cost();
            let answers = schema.subscribe(prepared, live, self.id.to_string()).await?;
            let most = schema.options().limits.cost;
            let told = self.asks_for_cost();
            let with_cost = move |answer: Response| if told { answer.with_cost(cost, most) } else { answer };
            return Ok(answers.map(with_cost).boxed());
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
