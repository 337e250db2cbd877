//! HTTP around GraphQL.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use stackfit_tests::on_both;

fn post(content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql").header(header::CONTENT_TYPE, content_type).body(body.into()).unwrap()
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn message(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap();
    body["errors"][0]["message"].as_str().unwrap().to_owned()
}

on_both! {
    async fn a_query_by_post_or_get(app) {
        let body = json!({ "query": "query A { fact(code: \"F1\") { code } } query B { fact(code: \"F2\") { code } }", "operationName": "B" });
        let (status, headers, body) = app.send(post("application/json; charset=utf-8", body.to_string())).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        assert_eq!(body, br#"{"data":{"fact":{"code":"F2"}}}"#);
        let path = "/graphql?query=query(%24c%3AString!)%7Bfact(code%3A%24c)%7Bcode%7D%7D&variables=%7B%22c%22%3A%22F3%22%7D";
        let (status, _, body) = app.send(get(path)).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, br#"{"data":{"fact":{"code":"F3"}}}"#.as_slice()));
    }

    async fn what_is_no_request_is_refused_politely(app) {
        for (content_type, body, status) in [
            ("application/json", "", StatusCode::BAD_REQUEST),
            ("application/json", "{", StatusCode::BAD_REQUEST),
            ("application/json", "[]", StatusCode::BAD_REQUEST),
            ("application/json", "[{\"query\":\"{__typename}\"}]", StatusCode::BAD_REQUEST),
            ("application/json", "{\"query\": 1}", StatusCode::BAD_REQUEST),
            ("application/json", "\u{0}", StatusCode::BAD_REQUEST),
            ("text/plain", "{\"query\":\"{__typename}\"}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("application/x-www-form-urlencoded", "query={__typename}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("multipart/form-data; boundary=x", "--x--", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ] {
            let (found, _, answer) = app.send(post(content_type, body)).await;
            assert_eq!(found, status, "{content_type}: {body}");
            let message = message(&answer);
            assert!(message.ends_with('.') && !message.contains("Error("), "{message}");
        }
        let (status, _, _) = app.send(get("/graphql")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let request = Request::builder().method(Method::DELETE).uri("/graphql").body(Body::empty()).unwrap();
        assert_eq!(app.send(request).await.0, StatusCode::METHOD_NOT_ALLOWED);
    }

    async fn a_body_that_is_too_large_is_not_read(app) {
        let body = json!({ "query": "{__typename}", "extensions": { "x": "x".repeat(1_100_000) } }).to_string();
        let (status, _, _) = app.send(post("application/json", body)).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    }

    async fn the_newer_media_type_has_statuses(app) {
        let request = |query: &str| {
            Request::post("/graphql")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, "application/graphql-response+json")
                .body(Body::from(json!({ "query": query }).to_string()))
                .unwrap()
        };
        let (status, headers, _) = app.send(request("{ nope }")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(headers[header::CONTENT_TYPE], "application/graphql-response+json; charset=utf-8");
        assert_eq!(app.send(request("{ __typename }")).await.0, StatusCode::OK);
    }

    async fn every_answer_has_a_request_id(app) {
        let (_, headers, _) = app.send(get("/health")).await;
        assert!(headers.contains_key("x-request-id"));
        let named = Request::get("/health").header("x-request-id", "mine").body(Body::empty()).unwrap();
        assert_eq!(app.send(named).await.1["x-request-id"], "mine");
    }

    async fn alive_and_ready(app) {
        let (status, _, body) = app.send(get("/ready")).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, br#"{"status":"ready"}"#.as_slice()));
        assert_eq!(app.send(get("/health")).await.0, StatusCode::OK);
        assert_eq!(app.send(get("/nothing")).await.0, StatusCode::NOT_FOUND);
    }

    async fn the_playground_loads_nothing_from_elsewhere(app) {
        let (status, headers, body) = app.send(get("/")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'self'"));
        let page = String::from_utf8(body).unwrap();
        assert!(!page.contains("https://") && !page.contains("http://"), "{page}");
        let (status, _, body) = app.send(get("/playground/examples.json")).await;
        assert_eq!(status, StatusCode::OK);
        let examples: Value = serde_json::from_slice(&body).unwrap();
        assert!(examples.as_array().unwrap().len() >= 10);
        assert_eq!(app.send(get("/playground/..%2Fconfig")).await.0, StatusCode::NOT_FOUND);
    }
}
