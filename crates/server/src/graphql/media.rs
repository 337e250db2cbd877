//! Media types: which one a client takes, and which one it sends.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use headers_accept::Accept;
use mediatype::{
    MediaType, MediaTypeList, Name, ReadParams,
    names::{APPLICATION, CHARSET, EVENT_STREAM as EVENTS, JSON, MIXED, MULTIPART as PARTS, Q, TEXT},
};

use super::reply::Reply;

/// The media types of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/json`: its status says only whether the request was a GraphQL request.
    Json,
    /// `application/graphql-response+json`: its status also says whether the request was executed.
    GraphqlResponse,
}

const PLAIN: MediaType<'static> = MediaType::new(APPLICATION, JSON);
const GRAPHQL_RESPONSE: MediaType<'static> =
    MediaType::from_parts(APPLICATION, Name::new_unchecked("graphql-response"), Some(JSON), &[]);

const EVENT_STREAM: MediaType<'static> = MediaType::new(TEXT, EVENTS);
const MULTIPART: MediaType<'static> = MediaType::new(PARTS, MIXED);
/// The parameter by which a client says that it knows Apollo's multipart subscriptions.
const SUBSCRIPTION_SPEC: Name<'static> = Name::new_unchecked("subscriptionSpec");

/// How answers that come one by one are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamMedia {
    /// Server-sent events.
    Events,
    /// Apollo's multipart subscriptions.
    Multipart,
}

impl StreamMedia {
    /// The one that a client names, or that it likes best of those. Nobody is taken to want a stream who takes
    /// everything.
    fn preferred(accept: &str) -> Option<Self> {
        MediaTypeList::new(accept)
            .filter_map(|range| {
                let range = range.ok()?;
                Some((Self::of(&range)?, weight(&range)))
            })
            .filter(|(_, weight)| *weight > 0.0)
            .reduce(|best, other| if other.1 > best.1 { other } else { best })
            .map(|(media, _)| media)
    }

    fn of(range: &MediaType<'_>) -> Option<Self> {
        if range.essence() == EVENT_STREAM {
            return Some(Self::Events);
        }
        let spec = range.get_param(SUBSCRIPTION_SPEC)?;
        (range.essence() == MULTIPART && spec.unquoted_str() == "1.0").then_some(Self::Multipart)
    }
}

/// How much a client likes a media type, from 0 (not at all) to 1.
fn weight(range: &MediaType<'_>) -> f32 {
    range.get_param(Q).map_or(1.0, |weight| weight.as_str().parse().unwrap_or(1.0))
}

/// What a client takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// As the one answer to a query.
    pub(crate) one: Option<Media>,
    /// As the answers to a subscription.
    pub(crate) many: Option<StreamMedia>,
}

impl Accepted {
    /// What a client says that it takes; nothing when it takes nothing of ours.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let one = Media::negotiate(headers);
        let many = StreamMedia::preferred(&said(headers));
        (one.is_some() || many.is_some()).then_some(Self { one, many })
    }
}

/// All that a client says of what it takes.
fn said(headers: &HeaderMap) -> String {
    let said = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    said.collect::<Vec<_>>().join(",")
}

/// A list of media types with no parameters but their weights: what we send has the one charset of JSON.
fn without_parameters(accept: &str) -> String {
    let range = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find(|part| part.starts_with("q=") || part.starts_with("Q="));
        weight.map_or_else(|| name.to_owned(), |weight| format!("{name};{}", weight.to_ascii_lowercase()))
    };
    accept.split(',').map(range).collect::<Vec<_>>().join(",")
}

impl Media {
    /// The media type that a client takes; nothing when it takes none of ours. A client that says nothing, or that
    /// takes everything, gets the older one, which every client knows.
    pub(crate) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let said = said(headers);
        if said.trim_matches([',', ' ', '\t']).is_empty() {
            return Some(Self::Json);
        }
        // What is no list of media types is no wish.
        let Ok(accept) = without_parameters(&said).parse::<Accept>() else {
            return Some(Self::Json);
        };
        let available = [PLAIN, GRAPHQL_RESPONSE];
        let chosen = accept.negotiate(available.iter())?;
        Some(if *chosen == GRAPHQL_RESPONSE { Self::GraphqlResponse } else { Self::Json })
    }

    pub(crate) fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// Refuses a body that is not said to be JSON in UTF-8, as it is.
pub(crate) fn check_content(headers: &HeaderMap) -> Result<(), Reply> {
    let refuse = |message: &str| Err(Reply::refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    let encoded = headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if encoded {
        return refuse("The body must not be compressed: send it without Content-Encoding.");
    }
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Ok(media) = MediaType::parse(said) else {
        return refuse("The request must have the content type application/json.");
    };
    if media.essence() != PLAIN {
        return refuse("The request must have the content type application/json.");
    }
    match media.get_param(CHARSET) {
        Some(charset) if !charset.unquoted_str().eq_ignore_ascii_case("utf-8") => {
            refuse("The request must be written in UTF-8.")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        Media::negotiate(&headers)
    }

    #[test]
    fn the_client_chooses() {
        assert_eq!(Media::negotiate(&HeaderMap::new()), Some(Media::Json));
        for (accept, media) in [
            ("", Some(Media::Json)),
            ("*/*", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("application/json", Some(Media::Json)),
            ("application/json; charset=utf-8", Some(Media::Json)),
            ("Application/JSON;charset=UTF-8", Some(Media::Json)),
            ("application/graphql-response+json", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json; charset=utf-8", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json, application/json", Some(Media::GraphqlResponse)),
            ("application/json, application/graphql-response+json", Some(Media::Json)),
            ("application/json;q=0.9, application/graphql-response+json", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Media::Json)),
            ("application/graphql-response+json, */*;q=0.1", Some(Media::GraphqlResponse)),
            ("text/html, */*;q=0.1", Some(Media::Json)),
            ("application/json;q=0, */*", Some(Media::GraphqlResponse)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("not a media type", Some(Media::Json)),
        ] {
            assert_eq!(chosen(accept), media, "{accept}");
        }
    }

    #[test]
    fn streams_are_for_those_who_name_them() {
        use StreamMedia::{Events, Multipart};
        for (accept, many) in [
            ("text/event-stream", Some(Events)),
            ("application/json, text/event-stream", Some(Events)),
            ("multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json;q=0.9", Some(Multipart)),
            ("multipart/mixed; subscriptionSpec=\"1.0\", application/json", Some(Multipart)),
            ("text/event-stream;q=0, multipart/mixed;subscriptionSpec=1.0", Some(Multipart)),
            ("text/event-stream;q=0.5, multipart/mixed;subscriptionSpec=1.0;q=0.8", Some(Multipart)),
            ("text/event-stream, multipart/mixed;subscriptionSpec=1.0", Some(Events)),
            ("Text/Event-Stream; Q=1, nonsense, */*;q=0.1", Some(Events)),
            ("multipart/mixed;deferSpec=20220824, application/json", None),
            ("multipart/mixed", None),
            ("*/*", None),
            ("", None),
        ] {
            assert_eq!(StreamMedia::preferred(accept), many, "{accept}");
        }
    }

    #[test]
    fn only_json_is_read() {
        let check = |content_type: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
            check_content(&headers).is_ok()
        };
        for fine in
            ["application/json", "application/json; charset=utf-8", "Application/Json;charset=\"UTF-8\""]
        {
            assert!(check(fine), "{fine}");
        }
        for wrong in
            ["", "text/plain", "application/graphql", "application/json; charset=latin1", "application/jsonp"]
        {
            assert!(!check(wrong), "{wrong}");
        }
        assert!(check_content(&HeaderMap::new()).is_err());
    }
}
