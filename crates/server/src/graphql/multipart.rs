//! Apollo's subscriptions over multipart HTTP. Each part is followed by its boundary at once: clients take a part for
//! complete only when they see it.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response as HttpResponse},
};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::{Value, json};
use stackfit_graphql::Response;
use tokio::time::{Instant, Interval, interval_at};

use super::{Answers, caching};
use crate::streams::Place;

const CONTENT_TYPE: HeaderValue =
    HeaderValue::from_static("multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0");
const BEGIN: &str = "--graphql";
const END: &str = "--\r\n";

/// A part of the body.
#[derive(Serialize)]
#[serde(untagged)]
enum Part {
    /// A sign of life.
    Heartbeat {},
    Answer {
        payload: Response,
    },
    /// What ends the stream before its time.
    Failure {
        payload: (),
        errors: Value,
    },
}

struct Parts {
    answers: Answers,
    heartbeats: Interval,
    place: Place,
}

/// Writes answers as they come, with signs of life between them.
pub(super) fn write(answers: Answers, place: Place, keep_alive: Duration) -> HttpResponse {
    let heartbeats = interval_at(Instant::now() + keep_alive, keep_alive);
    let parts = stream::unfold(Some(Parts { answers, heartbeats, place }), async |parts| {
        let mut parts = parts?;
        let part = parts.next().await?;
        let goes_on = !matches!(part, Part::Failure { .. });
        Some((written(&part), goes_on.then_some(parts)))
    });
    let text = |text: &'static str| stream::iter([Bytes::from_static(text.as_bytes())]);
    let body = text(BEGIN).chain(parts).chain(text(END)).map(Ok::<_, Infallible>);
    caching::uncached(([(header::CONTENT_TYPE, CONTENT_TYPE)], Body::from_stream(body)).into_response())
}

impl Parts {
    async fn next(&mut self) -> Option<Part> {
        let Self { answers, heartbeats, place } = self;
        tokio::select! {
            () = place.stopped() => Some(stopped()),
            answer = answers.next() => answer.map(part),
            _ = heartbeats.tick() => Some(Part::Heartbeat {}),
        }
    }
}

fn part(answer: Response) -> Part {
    if answer.is_executed() {
        Part::Answer { payload: answer }
    } else {
        Part::Failure { payload: (), errors: answer.errors() }
    }
}

fn stopped() -> Part {
    let message = "The server stops. Subscribe again, and go on with the argument `after`.";
    let errors = json!([{ "message": message, "extensions": { "code": "SERVICE_UNAVAILABLE" } }]);
    Part::Failure { payload: (), errors }
}

fn written(part: &Part) -> Bytes {
    let json = serde_json::to_string(part).unwrap_or_else(|error| {
        tracing::error!(%error, "a part could not be written");
        "{}".to_owned()
    });
    format!("\r\nContent-Type: application/json\r\n\r\n{json}\r\n{BEGIN}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_with_its_boundary() {
        let written = written(&Part::Heartbeat {});
        assert_eq!(&written[..], b"\r\nContent-Type: application/json\r\n\r\n{}\r\n--graphql");
        let failure = serde_json::to_value(stopped()).unwrap();
        assert!(failure["payload"].is_null() && failure["errors"][0]["message"].is_string(), "{failure}");
    }
}
