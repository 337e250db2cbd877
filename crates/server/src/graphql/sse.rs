//! GraphQL over server-sent events, a connection for each operation.

use std::{convert::Infallible, time::Duration};

use axum::{
    http::{HeaderName, HeaderValue},
    response::{
        IntoResponse, Response as HttpResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{StreamExt, stream};
use stackfit_graphql::Response;

use super::Answers;
use crate::streams::Place;

/// Tells proxies to hand on what comes at once.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// Writes answers as they come, and at last that there are no more. When the server stops there is no such end, so that
/// clients come back.
pub(super) fn write(answers: Answers, place: Place, keep_alive: Duration) -> HttpResponse {
    let complete = stream::iter([Event::default().event("complete").data("")]);
    let stopped = async move { place.stopped().await };
    let events = answers.map(|answer| next(&answer)).chain(complete).take_until(stopped);
    let keep_alive = KeepAlive::new().interval(keep_alive);
    let mut response = Sse::new(events.map(Ok::<_, Infallible>)).keep_alive(keep_alive).into_response();
    response.headers_mut().insert(UNBUFFERED.0, UNBUFFERED.1);
    super::caching::uncached(response)
}

fn next(answer: &Response) -> Event {
    let event = Event::default().event("next");
    event.json_data(answer).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer could not be written");
        Event::default().comment("an answer could not be written")
    })
}
