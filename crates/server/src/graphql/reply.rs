//! An answer on its way to the client.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response as HttpResponse},
};
use stackfit_graphql::{Response, codes};

use super::media::Media;

/// An answer, with the status that belongs to it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) response: Response,
    /// A status that does not follow from the answer.
    status: Option<StatusCode>,
    /// The only method that would be right.
    allow: Option<&'static str>,
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self { response, status: None, allow: None }
    }
}

impl Reply {
    /// An answer with a status of its own.
    pub(crate) fn new(status: StatusCode, response: Response) -> Self {
        Self { response, status: Some(status), allow: None }
    }

    /// Refuses what is no GraphQL request.
    pub(crate) fn refuse(status: StatusCode, message: impl Into<String>) -> Self {
        Self::new(status, Response::error("BAD_REQUEST", message))
    }

    /// Refuses to write because of a GET.
    pub(crate) fn only_post() -> Self {
        let message = "A mutation is not executed by GET: send it by POST.";
        Self { allow: Some("POST"), ..Self::refuse(StatusCode::METHOD_NOT_ALLOWED, message) }
    }

    /// Tells how one subscribes.
    pub(crate) fn only_streamed() -> Self {
        let message = "A subscription goes on: ask for it over WebSocket with the subprotocol graphql-transport-ws, or with the header Accept: text/event-stream, or Accept: multipart/mixed;subscriptionSpec=1.0.";
        Self::refuse(StatusCode::NOT_ACCEPTABLE, message)
    }

    /// Refuses a stream beyond those that there is room for.
    pub(crate) fn no_room() -> Self {
        let message = "Too many subscriptions are open here. Try again later.";
        let response = Response::error(codes::UNAVAILABLE, message);
        Self::new(StatusCode::SERVICE_UNAVAILABLE, response)
    }

    /// Whether a GraphQL request was answered: what is no such request is refused with a status of its own.
    pub(crate) fn is_of_graphql(&self) -> bool {
        self.status.is_none_or(|status| status.is_success())
    }

    /// Whether a cache may keep the answer: it was executed, without any error.
    pub(crate) fn is_cacheable(&self) -> bool {
        self.status.is_none() && self.response.is_executed() && self.response.is_ok()
    }

    fn status(&self, media: Media) -> StatusCode {
        match (self.status, media) {
            (Some(status), _) => status,
            (None, Media::GraphqlResponse) if !self.response.is_executed() => StatusCode::BAD_REQUEST,
            (None, _) => StatusCode::OK,
        }
    }

    pub(crate) fn write(self, media: Media) -> HttpResponse {
        let mut response = match serde_json::to_vec(&self.response) {
            Ok(body) => (self.status(media), [(header::CONTENT_TYPE, media.header())], body).into_response(),
            Err(error) => {
                tracing::error!(%error, "an answer could not be written");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        if let Some(allow) = self.allow {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

/// The answer to a client that takes none of our media types: it gets the usual one.
pub(crate) fn not_acceptable() -> HttpResponse {
    let message = "The answer can be application/graphql-response+json or application/json, or text/event-stream or multipart/mixed;subscriptionSpec=1.0 for a subscription; the header Accept allows none of them.";
    super::caching::uncached(Reply::refuse(StatusCode::NOT_ACCEPTABLE, message).write(Media::Json))
}
