//! GraphQL over HTTP: reads a request, hands it to the schema, writes the response.

use async_graphql::{Request, Response as GraphqlResponse, ServerError, Value};
use axum::{
    body::Bytes,
    extract::{Extension, RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower_http::request_id::RequestId;

use crate::app::App;

const JSON: &str = "application/json";
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// `POST /graphql` with a JSON body.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let message = "The request is larger than this server reads.";
            return refuse(&headers, StatusCode::PAYLOAD_TOO_LARGE, message);
        }
        Err(_) => return refuse(&headers, StatusCode::BAD_REQUEST, "The body could not be read to its end."),
    };
    if !is_json(&headers) {
        let message = "The request must have the content type application/json.";
        return refuse(&headers, StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    }
    let Some(request) = from_body(&body) else {
        let message = "The body must be a JSON object with the text `query`, and optionally `operationName`, `variables` and `extensions`.";
        return refuse(&headers, StatusCode::BAD_REQUEST, message);
    };
    answer(app, &id, &headers, request).await
}

/// Reads a request from a JSON object; a list is not taken for one.
fn from_body(body: &[u8]) -> Option<Request> {
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(body).ok()?;
    fields.get("query")?.as_str()?;
    serde_json::from_value(fields.into()).ok()
}

/// `GET /graphql` with the request in the address.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match from_address(query.as_deref().unwrap_or_default()) {
        Ok(request) => answer(app, &id, &headers, request).await,
        Err(message) => refuse(&headers, StatusCode::BAD_REQUEST, message),
    }
}

fn from_address(query: &str) -> Result<Request, &'static str> {
    let mut request = None;
    let mut operation_name = None;
    let mut variables = None;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "query" => request = Some(Request::new(value)),
            "operationName" if !value.is_empty() => operation_name = Some(value.into_owned()),
            "variables" if !value.is_empty() => {
                let read = serde_json::from_str(&value);
                variables = Some(read.map_err(|_| "The parameter `variables` must be a JSON object.")?);
            }
            _ => {}
        }
    }
    let mut request = request.ok_or("The parameter `query` is missing.")?;
    request.operation_name = operation_name;
    Ok(match variables {
        Some(variables) => request.variables(variables),
        None => request,
    })
}

async fn answer(app: App, id: &RequestId, headers: &HeaderMap, request: Request) -> Response {
    let id = id.header_value().to_str().unwrap_or_default();
    let reader = app.store.reader(app.clock.today());
    let response = stackfit_graphql::execute(&app.schema, reader, request, id).await;
    let refused = response.data == Value::Null && response.errors.iter().all(|error| error.path.is_empty());
    let media = media_type(headers);
    let status = if refused && media == GRAPHQL_RESPONSE { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    write(status, media, &response)
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case(JSON))
}

/// The media type of the answer: the newer one when the client names it.
fn media_type(headers: &HeaderMap) -> &'static str {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accept.contains(GRAPHQL_RESPONSE) { GRAPHQL_RESPONSE } else { JSON }
}

fn refuse(headers: &HeaderMap, status: StatusCode, message: &str) -> Response {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", "BAD_REQUEST");
    write(status, media_type(headers), &GraphqlResponse::from_errors(vec![error]))
}

fn write(status: StatusCode, media: &'static str, response: &GraphqlResponse) -> Response {
    match serde_json::to_vec(response) {
        Ok(body) => {
            let content_type = HeaderValue::from_static(media);
            (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a response could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_request_from_an_address() {
        let request = from_address(
            "query=query+A%28%24s%3AString%21%29%7Ba%7D&operationName=A&variables=%7B%22s%22%3A%22x%22%7D",
        );
        let request = request.unwrap();
        assert_eq!(request.query, "query A($s:String!){a}");
        assert_eq!(request.operation_name.as_deref(), Some("A"));
        assert_eq!(request.variables.len(), 1);
        assert!(from_address("").is_err());
        assert!(from_address("query=%7Ba%7D&variables=%5B").is_err());
    }
}
