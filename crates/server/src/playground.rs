//! The playground: GraphiQL with a tab for each worked example. Nothing it loads comes from another host.

use std::io::Read;

use axum::{
    Json, Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use flate2::read::GzDecoder;
use rust_embed::RustEmbed;
use serde_json::{Value, json};

use crate::app::App;

/// The worked examples, in the order of their file names.
#[derive(RustEmbed)]
#[folder = "../../schema/operations"]
#[include = "*.graphql"]
#[include = "*.json"]
struct Examples;

/// Keeps the page from loading anything from elsewhere, whatever its scripts try.
const POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'";

/// An asset as it is built in.
enum Asset {
    /// Our own, as text.
    Own(&'static str),
    /// From the npm package, compressed.
    Packed(&'static [u8]),
}

macro_rules! packed {
    ($name:literal) => {
        Asset::Packed(include_bytes!(concat!(env!("OUT_DIR"), "/playground/", $name, ".gz")))
    };
}

const ASSETS: &[(&str, &str, Asset)] = &[
    ("graphiql.js", "text/javascript", packed!("graphiql.js")),
    ("graphiql.css", "text/css", packed!("graphiql.css")),
    ("editor.worker.js", "text/javascript", packed!("editor.worker.js")),
    ("json.worker.js", "text/javascript", packed!("json.worker.js")),
    ("graphql.worker.js", "text/javascript", packed!("graphql.worker.js")),
    ("before.js", "text/javascript", Asset::Own(include_str!("../playground/before.js"))),
    ("start.js", "text/javascript", Asset::Own(include_str!("../playground/start.js"))),
    ("page.css", "text/css", Asset::Own(include_str!("../playground/page.css"))),
];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(page))
        .route("/playground/examples.json", get(async || Json(examples())))
        .route("/playground/{asset}", get(asset))
}

fn is_built() -> bool {
    ASSETS.iter().all(|(_, _, asset)| !matches!(asset, Asset::Packed([])))
}

async fn page() -> Response {
    let text = if is_built() {
        include_str!("../playground/index.html")
    } else {
        include_str!("../playground/missing.html")
    };
    ([(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))], Html(text)).into_response()
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let found = ASSETS.iter().find(|(known, ..)| *known == name);
    let Some((_, media, asset)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let media = (header::CONTENT_TYPE, HeaderValue::from_static(media));
    let vary = (header::VARY, HeaderValue::from_static("accept-encoding"));
    match asset {
        Asset::Own(text) => ([media, vary], *text).into_response(),
        Asset::Packed([]) => StatusCode::NOT_FOUND.into_response(),
        Asset::Packed(bytes) if takes_gzip(&headers) => {
            let encoding = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            ([media, vary, encoding], *bytes).into_response()
        }
        Asset::Packed(bytes) => match unpack(bytes) {
            Ok(text) => ([media, vary], text).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("gzip"))
}

fn unpack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut text)?;
    Ok(text)
}

/// A tab for each example: its document, and its variables when it has some.
fn examples() -> Vec<Value> {
    let text = |name: &str| Examples::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    let mut names: Vec<String> = Examples::iter().map(std::borrow::Cow::into_owned).collect();
    names.sort();
    names
        .iter()
        .filter_map(|name| {
            let stem = name.strip_suffix(".graphql")?;
            Some(json!({ "query": text(name)?, "variables": text(&format!("{stem}.variables.json")) }))
        })
        .collect()
}
