//! Documents by their hash, and documents that the server was given.

use std::{fs, time::Duration};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use stackfit_server::{config::Config, graphql::TrustedMode};
use stackfit_tests::{TestApp, on_both};
use tempfile::TempDir;

const DOCUMENT: &str = "query One { fact(code: \"F1\") { code } }";
/// The SHA-256 of the document.
const HASH: &str = "18aa2bfaadec1d8e9e6fb4012b8a1642a177413991bc19336af0dcbde00a5450";

fn extensions(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

async fn post(app: &TestApp, body: Value) -> (StatusCode, Value) {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    let (status, _, body) = app.send(request.body(Body::from(body.to_string())).unwrap()).await;
    (status, serde_json::from_slice(&body).unwrap())
}

/// The code and the message of a refusal.
fn told(body: &Value) -> (&str, &str) {
    let error = &body["errors"][0];
    (error["extensions"]["code"].as_str().unwrap_or_default(), error["message"].as_str().unwrap_or_default())
}

fn answered() -> Value {
    json!({ "data": { "fact": { "code": "F1" } } })
}

/// A manifest of operations, each with an id and a document.
fn manifest(operations: &[(&str, &str)]) -> String {
    let operations: Vec<Value> = operations
        .iter()
        .map(|(id, body)| json!({ "id": id, "name": "One", "type": "query", "body": body }))
        .collect();
    json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": operations }).to_string()
}

async fn trusting(app: TestApp, mode: TrustedMode, folder: &TempDir, text: &str) -> TestApp {
    let file = folder.path().join("manifest.json");
    fs::write(&file, text).unwrap();
    let config = Config { trusted_documents: mode, trusted_documents_file: Some(file), ..Config::default() };
    app.with(config).await
}

on_both! {
    async fn a_document_is_kept_under_its_hash(app) {
        let (status, body) = post(&app, json!({ "extensions": extensions(HASH) })).await;
        assert_eq!((status, told(&body)), (StatusCode::OK, ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")));
        assert_eq!(post(&app, json!({ "query": DOCUMENT, "extensions": extensions(HASH) })).await.1, answered());
        assert_eq!(post(&app, json!({ "extensions": extensions(HASH) })).await.1, answered());
        let upper = HASH.to_ascii_uppercase();
        assert_eq!(post(&app, json!({ "query": "", "extensions": extensions(&upper) })).await.1, answered());
        let address = format!("/graphql?extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22{HASH}%22%7D%7D");
        let (status, headers, body) = app.send(Request::get(address).body(Body::empty()).unwrap()).await;
        assert_eq!((status, serde_json::from_slice::<Value>(&body).unwrap()), (StatusCode::OK, answered()));
        assert!(headers.contains_key(header::ETAG));
    }

    async fn only_what_is_valid_and_right_is_kept(app) {
        let (status, body) = post(&app, json!({ "query": "{ __typename }", "extensions": extensions(HASH) })).await;
        assert_eq!((status, told(&body).1), (StatusCode::BAD_REQUEST, "provided sha does not match query"));
        let wrong = "{ nope }";
        let hash = "a0276661df3f6318da2313fd98fbe50f1e2be566dbf8092c5e0530cf0ca232d9";
        for _ in 0..2 {
            let (_, body) = post(&app, json!({ "query": wrong, "extensions": extensions(hash) })).await;
            assert_eq!(told(&body).0, "GRAPHQL_VALIDATION_FAILED");
            let (_, body) = post(&app, json!({ "extensions": extensions(hash) })).await;
            assert_eq!(told(&body).0, "PERSISTED_QUERY_NOT_FOUND", "what is wrong is not kept");
        }
        for wrong in [json!({ "version": 2, "sha256Hash": HASH }), json!({ "version": 1 }), json!({ "version": 1, "sha256Hash": 5 }), json!("x")] {
            let (status, body) = post(&app, json!({ "extensions": { "persistedQuery": wrong } })).await;
            assert_eq!((status, told(&body).0), (StatusCode::BAD_REQUEST, "BAD_REQUEST"), "{wrong}");
        }
    }

    async fn a_server_that_keeps_nothing_says_so(app) {
        let app = app.with(Config { persisted_queries_bytes: 0, ..Config::default() }).await;
        let (status, body) = post(&app, json!({ "extensions": extensions(HASH) })).await;
        assert_eq!((status, told(&body)), (StatusCode::OK, ("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")));
        assert_eq!(post(&app, json!({ "query": DOCUMENT, "extensions": extensions(HASH) })).await.1, answered());
    }

    async fn what_is_kept_is_bounded(app) {
        let app = app.with(Config { persisted_queries_bytes: 1_000, ..Config::default() }).await;
        assert_eq!(post(&app, json!({ "query": DOCUMENT, "extensions": extensions(HASH) })).await.1, answered());
        let long = format!("query One {{ fact(code: \"F1\") {{ code }} }} #{}", "x".repeat(2_000));
        let hash = stackfit_tests::sha256(&long);
        assert_eq!(post(&app, json!({ "query": long, "extensions": extensions(&hash) })).await.1, answered());
        // What is too heavy is taken out again in the background.
        let mut told_of = String::new();
        for _ in 0..200 {
            let (_, body) = post(&app, json!({ "extensions": extensions(&hash) })).await;
            told(&body).0.clone_into(&mut told_of);
            if told_of == "PERSISTED_QUERY_NOT_FOUND" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(told_of, "PERSISTED_QUERY_NOT_FOUND");
    }

    async fn only_trusted_documents_are_executed_when_that_is_enforced(app) {
        let folder = TempDir::new().unwrap();
        let app = trusting(app, TrustedMode::Enforce, &folder, &manifest(&[("one", DOCUMENT)])).await;
        assert_eq!(post(&app, json!({ "extensions": extensions("one") })).await.1, answered());
        assert_eq!(post(&app, json!({ "query": DOCUMENT })).await.1, answered(), "by its text too");
        let (status, body) = post(&app, json!({ "query": "{ __typename }" })).await;
        assert_eq!((status, told(&body).0), (StatusCode::BAD_REQUEST, "QUERY_NOT_IN_SAFELIST"));
        let (_, body) = post(&app, json!({ "query": "{ __typename }", "extensions": extensions(&stackfit_tests::sha256("{ __typename }")) })).await;
        assert_eq!(told(&body).0, "QUERY_NOT_IN_SAFELIST", "a hash makes nothing trusted");
        let (_, body) = post(&app, json!({ "extensions": extensions("two") })).await;
        assert_eq!(told(&body).0, "PERSISTED_QUERY_NOT_IN_LIST");
    }

    async fn a_manifest_is_read_again_when_it_changes(app) {
        let folder = TempDir::new().unwrap();
        let app = trusting(app, TrustedMode::Enforce, &folder, &manifest(&[("one", DOCUMENT)])).await;
        let attending = tokio::spawn(app.attend());
        let file = folder.path().join("manifest.json");
        let until = async |id: &str| {
            for _ in 0..100 {
                if post(&app, json!({ "extensions": extensions(id) })).await.1 == answered() {
                    return true;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            false
        };
        fs::write(&file, manifest(&[("two", DOCUMENT)])).unwrap();
        assert!(until("two").await);
        let (_, body) = post(&app, json!({ "extensions": extensions("one") })).await;
        assert_eq!(told(&body).0, "PERSISTED_QUERY_NOT_IN_LIST");
        fs::write(&file, "nonsense").unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(until("two").await, "a manifest that cannot be read changes nothing");
        attending.abort();
    }

    async fn other_documents_are_executed_when_they_are_only_logged(app) {
        let folder = TempDir::new().unwrap();
        let app = trusting(app, TrustedMode::Log, &folder, &manifest(&[("one", DOCUMENT)])).await;
        assert_eq!(post(&app, json!({ "extensions": extensions("one") })).await.1, answered());
        assert_eq!(post(&app, json!({ "query": "{ __typename }" })).await.1, json!({ "data": { "__typename": "Query" } }));
    }
}
