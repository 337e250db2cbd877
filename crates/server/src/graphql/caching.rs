//! What caches may keep.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::COST_HEADER;

/// No cache keeps it.
pub(crate) fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A cache may keep it for a time, and asks by the tag whether it is still right. A client that has it already is
/// told so.
pub(crate) async fn cached(response: Response, asked: &HeaderMap, max_age: u64) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // The same text is another answer under another media type.
    let media = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let digest = Sha256::new().chain_update(media).chain_update(&bytes).finalize();
    let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(digest.get(..18).unwrap_or_default()));
    let lasting = if max_age == 0 { "no-cache".to_owned() } else { format!("public, max-age={max_age}") };
    let known = is_known(asked, &tag);
    for (name, value) in [(header::ETAG, tag), (header::CACHE_CONTROL, lasting)] {
        if let Ok(value) = value.parse() {
            parts.headers.insert(name, value);
        }
    }
    // The layers around add what they vary by; compression does not for an answer without a body.
    let vary = if known { "accept, accept-encoding" } else { "accept" };
    parts.headers.append(header::VARY, HeaderValue::from_static(vary));
    parts.headers.append(header::VARY, HeaderValue::from_static(COST_HEADER));
    if known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether the client says that it has what the tag stands for.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag.trim_start_matches("W/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_says_what_it_has() {
        let says = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            is_known(&headers, "W/\"a\"")
        };
        for known in ["W/\"a\"", "\"a\"", "*", "\"b\", W/\"a\""] {
            assert!(says(known), "{known}");
        }
        assert!(!says("W/\"b\"") && !says("a"));
        assert!(!is_known(&HeaderMap::new(), "W/\"a\""));
    }
}
