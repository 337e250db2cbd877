//! Apollo's subscriptions over multipart HTTP. Each part is followed by its boundary at once: clients take a part for
//! complete only when they see it.

use std::time::Duration;

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response as HttpResponse},
};
use serde::Serialize;
use stackfit_graphql::{Response, codes};

use super::{
    caching,
    call::Answers,
    streamed::{StreamEvent, UNBUFFERED, body, json},
};
use crate::streams::Permit;

const CONTENT_TYPE: (HeaderName, HeaderValue) = (
    header::CONTENT_TYPE,
    HeaderValue::from_static("multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0"),
);
const BOUNDARY: &str = "--graphql";
/// What makes the boundary before it the last one.
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
        #[serde(flatten)]
        response: Response,
    },
}

/// Writes answers as they come, with signs of life between them.
pub(super) fn write(answers: Answers, permit: Permit, keep_alive: Duration) -> HttpResponse {
    let body = body(BOUNDARY, (answers, permit), keep_alive, written);
    caching::uncached(([CONTENT_TYPE, UNBUFFERED], body).into_response())
}

fn written(event: StreamEvent) -> String {
    match event {
        StreamEvent::Answer(answer) if answer.is_executed() => part(&Part::Answer { payload: answer }),
        StreamEvent::Answer(answer) => part(&Part::Failure { payload: (), response: answer }),
        StreamEvent::Silence => part(&Part::Heartbeat {}),
        StreamEvent::End => END.to_owned(),
        StreamEvent::Stop => part(&stopped()) + END,
    }
}

fn part(part: &Part) -> String {
    format!("\r\nContent-Type: application/json\r\n\r\n{}\r\n{BOUNDARY}", json(part))
}

fn stopped() -> Part {
    let message = "The server stops. Subscribe again, and go on with the argument `after`.";
    Part::Failure { payload: (), response: Response::error(codes::UNAVAILABLE, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_with_its_boundary() {
        let silence = written(StreamEvent::Silence);
        assert_eq!(silence, "\r\nContent-Type: application/json\r\n\r\n{}\r\n--graphql");
        let stop = written(StreamEvent::Stop);
        assert!(
            stop.contains(r#"{"payload":null,"errors":[{"#) && stop.ends_with("\r\n--graphql--\r\n"),
            "{stop}"
        );
    }
}
