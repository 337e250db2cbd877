//! Reads what a client asks: from a JSON body, or from an address.

use axum::http::StatusCode;
use memchr::memchr_iter;
use serde_json::{Map, Value};
use stackfit_graphql::Response;

use super::reply::Reply;

/// A request as GraphQL over HTTP has it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct GraphqlRequest {
    /// The document; it may be left out when it is known by its hash.
    pub(crate) query: Option<String>,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Map<String, Value>,
    pub(crate) extensions: Map<String, Value>,
}

/// What a body holds.
#[derive(Debug)]
pub(crate) enum Body {
    One(Box<GraphqlRequest>),
    Batch(Vec<Value>),
}

fn refuse(message: impl Into<String>) -> Reply {
    Reply::refuse(StatusCode::BAD_REQUEST, message)
}

/// The most values that a body may hold, counted by what stands between them.
const MAX_VALUES: usize = 20_000;

/// Whether a JSON text holds too many values. They are counted before anything is built of them: keys cost much more to
/// read than to send.
pub(crate) fn holds_too_many(text: &[u8]) -> bool {
    memchr_iter(b',', text).count() > MAX_VALUES
}

/// Reads a JSON body.
pub(crate) fn from_body(body: &[u8]) -> Result<Body, Reply> {
    if holds_too_many(body) {
        let message = format!("The body holds too many values: allowed are {MAX_VALUES}.");
        return Err(Reply::new(StatusCode::BAD_REQUEST, Response::error("MAX_LIST_EXCEEDED", message)));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Array(requests)) => Ok(Body::Batch(requests)),
        Ok(value) => Ok(Body::One(Box::new(from_value(value)?))),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(refuse(format!("The body is not JSON: it cannot be read at line {line}, column {column}.")))
        }
    }
}

/// Reads a request from a JSON object.
pub(crate) fn from_value(value: Value) -> Result<GraphqlRequest, Reply> {
    let Value::Object(mut fields) = value else {
        return Err(refuse(
            "The body must be a JSON object with the text `query`, and optionally `operationName`, `variables` and `extensions`.",
        ));
    };
    let mut field = |name: &'static str| (name, fields.remove(name).unwrap_or_default());
    Ok(GraphqlRequest {
        query: text(field("query"))?,
        operation_name: text(field("operationName"))?,
        variables: object(field("variables"))?,
        extensions: object(field("extensions"))?,
    })
}

/// Reads a request from the query of an address. What stands there twice is read once.
pub(crate) fn from_address(query: &str) -> Result<GraphqlRequest, Reply> {
    let mut request = GraphqlRequest::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "query" if request.query.is_none() => request.query = Some(value.into_owned()),
            "operationName" if request.operation_name.is_none() => {
                request.operation_name = Some(value.into_owned());
            }
            "variables" if request.variables.is_empty() => request.variables = written("variables", &value)?,
            "extensions" if request.extensions.is_empty() => {
                request.extensions = written("extensions", &value)?;
            }
            _ => {}
        }
    }
    Ok(request)
}

fn text((name, value): (&str, Value)) -> Result<Option<String>, Reply> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(refuse(format!("`{name}` must be a text."))),
    }
}

fn object((name, value): (&str, Value)) -> Result<Map<String, Value>, Reply> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(fields) => Ok(fields),
        _ => Err(refuse(format!("`{name}` must be a JSON object."))),
    }
}

/// An object that is written as JSON in a parameter.
fn written(name: &str, text: &str) -> Result<Map<String, Value>, Reply> {
    if text.is_empty() {
        return Ok(Map::new());
    }
    let value =
        serde_json::from_str(text).map_err(|_| refuse(format!("The parameter `{name}` is not JSON.")))?;
    object((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_request_from_an_address() {
        let request = from_address(
            "query=query+A%28%24s%3AString%21%29%7Ba%7D&operationName=A&variables=%7B%22s%22%3A%22x%22%7D&extensions=",
        );
        let request = request.unwrap();
        assert_eq!(request.query.as_deref(), Some("query A($s:String!){a}"));
        assert_eq!(request.operation_name.as_deref(), Some("A"));
        assert_eq!(request.variables.len(), 1);
        assert_eq!(from_address("").unwrap(), GraphqlRequest::default());
        assert!(from_address("query=%7Ba%7D&variables=%5B").is_err());
        assert!(from_address("query=%7Ba%7D&variables=%5B%5D").is_err());
    }

    #[test]
    fn reads_a_request_from_a_body() {
        let one = |body: &str| from_body(body.as_bytes());
        assert!(matches!(one(r#"{"query":"{a}","variables":null,"operationName":null}"#), Ok(Body::One(_))));
        assert!(matches!(one(r#"[{"query":"{a}"}]"#), Ok(Body::Batch(_))));
        for wrong in [
            "",
            "{",
            "1",
            "\"{a}\"",
            r#"{"query":1}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"operationName":{}}"#,
            r#"{"extensions":""}"#,
        ] {
            assert!(one(wrong).is_err(), "{wrong}");
        }
    }
}
