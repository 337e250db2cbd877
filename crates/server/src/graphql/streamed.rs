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
use crate::streams::Place;

/// Tells proxies to hand on what comes at once.
pub(super) const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// What happens on a stream.
pub(super) enum Turn {
    /// An answer came.
    Answer(Response),
    /// None came for a time.
    Silence,
    /// No more will come.
    End,
    /// The server stops.
    Stop,
}

struct Turns {
    answers: Answers,
    signs: Interval,
    place: Place,
}

/// A body that begins with a text and goes on with what is written of each turn.
pub(super) fn body(
    begin: &'static str,
    (answers, place): (Answers, Place),
    keep_alive: Duration,
    write: fn(Turn) -> String,
) -> Body {
    let signs = interval_at(Instant::now() + keep_alive, keep_alive);
    let turns = stream::unfold(Some(Turns { answers, signs, place }), async |turns| {
        let mut turns = turns?;
        let turn = turns.next().await;
        let goes_on = !matches!(turn, Turn::End | Turn::Stop);
        Some((turn, goes_on.then_some(turns)))
    });
    let begin = stream::iter([Bytes::from_static(begin.as_bytes())]);
    Body::from_stream(begin.chain(turns.map(move |turn| write(turn).into())).map(Ok::<Bytes, Infallible>))
}

impl Turns {
    async fn next(&mut self) -> Turn {
        let Self { answers, signs, place } = self;
        let turn = tokio::select! {
            () = place.stopped() => Turn::Stop,
            answer = answers.next() => answer.map_or(Turn::End, Turn::Answer),
            _ = signs.tick() => Turn::Silence,
        };
        signs.reset();
        turn
    }
}

/// The JSON of what is sent.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer could not be written");
        "{}".to_owned()
    })
}
