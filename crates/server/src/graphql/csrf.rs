//! Keeps other sites' pages from sending requests with the help of a visitor's browser.
//!
//! A browser sends a request of another site without asking us only when it is a simple one. So a request must be
//! one that it would ask about: with a content type of its own, or with a header that no simple request has.

use axum::http::{HeaderMap, StatusCode, header};
use mediatype::MediaType;
use serde::Deserialize;

use super::{Method, reply::Reply};

/// Which requests must show that a browser would have asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CsrfPrevention {
    /// None.
    Off,
    /// All but GET requests that no other site's page can have caused: the browser says so in `Sec-Fetch-Site`, or
    /// there is no sign of a browser, neither `Origin` nor `Referer`.
    Browsers,
    /// All.
    All,
}

/// Headers that a browser sends only after asking, with the names that Apollo's clients know.
const PREFLIGHTED: [&str; 2] = ["apollo-require-preflight", "x-apollo-operation-name"];
/// The content types of simple requests.
const SIMPLE: [&str; 3] = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

pub(crate) fn check(headers: &HeaderMap, prevention: CsrfPrevention, method: Method) -> Result<(), Reply> {
    let unneeded = match prevention {
        CsrfPrevention::Off => true,
        CsrfPrevention::Browsers => method == Method::Get && !may_be_of_another_site(headers),
        CsrfPrevention::All => false,
    };
    if unneeded || is_preflighted(headers) {
        return Ok(());
    }
    let message = format!(
        "This request could be forged by another site. Send a content type other than {}, or a header {} that is not empty.",
        SIMPLE.join(", "),
        PREFLIGHTED.join(" or ")
    );
    Err(Reply::refuse(StatusCode::BAD_REQUEST, message))
}

fn may_be_of_another_site(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        // The user entered the address, or a page of this very server asks.
        Some(site) => site != "none" && site != "same-origin",
        None => headers.contains_key(header::ORIGIN) || headers.contains_key(header::REFERER),
    }
}

fn is_preflighted(headers: &HeaderMap) -> bool {
    if PREFLIGHTED.iter().any(|name| headers.get(*name).is_some_and(|value| !value.is_empty())) {
        return true;
    }
    let Some(content_type) = headers.get(header::CONTENT_TYPE) else { return false };
    let parsed = content_type.to_str().ok().and_then(|text| MediaType::parse(text).ok());
    parsed.is_some_and(|media| !SIMPLE.contains(&media.essence().to_string().to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(prevention: CsrfPrevention, method: Method, headers: &[(&'static str, &'static str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        check(&headers, prevention, method).is_ok()
    }

    #[test]
    fn what_a_browser_sends_unasked_is_refused() {
        use CsrfPrevention::{All, Browsers, Off};
        for simple in SIMPLE {
            let headers = [("content-type", simple)];
            assert!(!allowed(Browsers, Method::Post, &headers));
            assert!(!allowed(All, Method::Post, &headers));
            assert!(allowed(Off, Method::Post, &headers));
        }
        for mark in ["origin", "sec-fetch-site", "referer"] {
            assert!(!allowed(Browsers, Method::Get, &[(mark, "x")]), "{mark}");
        }
        for site in ["none", "same-origin"] {
            assert!(allowed(Browsers, Method::Get, &[("sec-fetch-site", site), ("referer", "x")]), "{site}");
        }
        assert!(allowed(Browsers, Method::Get, &[]));
        assert!(!allowed(All, Method::Get, &[]));
        assert!(!allowed(All, Method::Get, &[("content-type", "Text/Plain; charset=utf-8")]));
        assert!(!allowed(All, Method::Get, &[("content-type", "nonsense")]));
        assert!(!allowed(All, Method::Get, &[("apollo-require-preflight", "")]));
    }

    #[test]
    fn what_a_browser_asks_about_is_let_through() {
        for header in [
            ("apollo-require-preflight", "1"),
            ("x-apollo-operation-name", "A"),
            ("content-type", "application/json"),
        ] {
            assert!(allowed(CsrfPrevention::All, Method::Get, &[header, ("origin", "x")]), "{header:?}");
        }
    }
}
