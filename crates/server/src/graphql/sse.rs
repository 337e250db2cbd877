//! GraphQL over server-sent events, a connection for each operation.

use std::time::Duration;

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response as HttpResponse},
};

use super::{
    caching,
    call::Answers,
    streamed::{StreamEvent, UNBUFFERED, body, json},
};
use crate::streams::Permit;

const CONTENT_TYPE: (HeaderName, HeaderValue) =
    (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
/// A line that is no event.
const COMMENT: &str = ":\n\n";

/// Writes answers as they come, and at last that there are no more. When the server stops there is no such end, so that
/// clients come back.
pub(super) fn write(answers: Answers, permit: Permit, keep_alive: Duration) -> HttpResponse {
    let body = body(COMMENT, (answers, permit), keep_alive, written);
    caching::uncached(([CONTENT_TYPE, UNBUFFERED], body).into_response())
}

fn written(event: StreamEvent) -> String {
    match event {
        StreamEvent::Answer(answer) => format!("event: next\ndata: {}\n\n", json(&answer)),
        StreamEvent::Silence => COMMENT.to_owned(),
        // Browsers pass over events without a line of data.
        StreamEvent::End => "event: complete\ndata:\n\n".to_owned(),
        StreamEvent::Stop => String::new(),
    }
}
