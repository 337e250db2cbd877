//! Answers that are written as they come, whatever the way in which they are written.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue},
};
use futures_util::{StreamExt, stream};
use stackfit_graphql::Response;
use tokio::time::{Instant, Interval, interval_at};

use super::call::Answers;
use crate::streams::Permit;

/// Tells proxies to hand on what comes at once.
pub(super) const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// What happens on a stream.
pub(super) enum StreamEvent {
    /// An answer came.
    Answer(Response),
    /// None came for a time.
    Silence,
    /// No more will come.
    End,
    /// The server stops.
    Stop,
}

struct StreamEvents {
    answers: Answers,
    signs: Interval,
    permit: Permit,
}

/// A body that begins with a text and goes on with what is written of each event.
pub(super) fn body(
    begin: &'static str,
    (answers, permit): (Answers, Permit),
    keep_alive: Duration,
    write: fn(StreamEvent) -> String,
) -> Body {
    let signs = interval_at(Instant::now() + keep_alive, keep_alive);
    let events = stream::unfold(Some(StreamEvents { answers, signs, permit }), async |events| {
        let mut events = events?;
        let event = events.next().await;
        let goes_on = !matches!(event, StreamEvent::End | StreamEvent::Stop);
        Some((event, goes_on.then_some(events)))
    });
    let begin = stream::iter([Bytes::from_static(begin.as_bytes())]);
    Body::from_stream(begin.chain(events.map(move |event| write(event).into())).map(Ok::<Bytes, Infallible>))
}

impl StreamEvents {
    async fn next(&mut self) -> StreamEvent {
        let Self { answers, signs, permit } = self;
        let event = tokio::select! {
            () = permit.stopped() => StreamEvent::Stop,
            answer = answers.next() => answer.map_or(StreamEvent::End, StreamEvent::Answer),
            _ = signs.tick() => StreamEvent::Silence,
        };
        signs.reset();
        event
    }
}

/// The JSON of what is sent.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer could not be written");
        "{}".to_owned()
    })
}
