//! What clients, browsers and caches rely on around GraphQL over HTTP.

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header, request::Builder},
};
use serde_json::{Value, json};
use stackfit_server::config::Config;
use stackfit_tests::{TestApp, on_both};

const JSON: &str = "application/json";

fn post(body: &Value) -> Request<Body> {
    Request::post("/graphql").header(header::CONTENT_TYPE, JSON).body(Body::from(body.to_string())).unwrap()
}

fn get(query: &[(&str, &str)]) -> Builder {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    Request::get(format!("/graphql?{query}"))
}

fn empty(request: Builder) -> Request<Body> {
    request.body(Body::empty()).unwrap()
}

async fn answer(app: &TestApp, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, body) = app.send(request).await;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    (status, headers, body)
}

fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    change(&mut config);
    config
}

/// The header's values, each named once, in lower case.
fn listed(headers: &HeaderMap, name: header::HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().flat_map(|value| value.to_str().unwrap().split(','));
    values.map(|value| value.trim().to_ascii_lowercase()).collect()
}

on_both! {
    async fn a_request_that_is_refused_has_no_data(app) {
        for query in ["{", "{ nope }", "query($a: Int!) { changes(after: $a) { totalCount } }", "query A { __typename } query B { __typename }"] {
            let (status, _, body) = answer(&app, post(&json!({ "query": query }))).await;
            assert_eq!(status, StatusCode::OK, "{query}");
            assert_eq!(body.get("data"), None, "{query}");
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON).header(header::ACCEPT, "application/graphql-response+json");
            let (status, _, body) = answer(&app, request.body(Body::from(json!({ "query": query }).to_string())).unwrap()).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
            assert_eq!(body.get("data"), None, "{query}");
        }
    }

    async fn what_a_client_does_not_take_is_not_sent(app) {
        let (status, _, body) = answer(&app, empty(get(&[("query", "{__typename}")]).header(header::ACCEPT, "text/html"))).await;
        assert_eq!((status, code(&body)), (StatusCode::NOT_ACCEPTABLE, "BAD_REQUEST"));
    }

    async fn get_never_writes(app) {
        let (status, headers, body) = answer(&app, empty(get(&[("query", "query Q { __typename } mutation M { __typename }"), ("operationName", "M")]))).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{body}");
        assert_eq!(headers[header::ALLOW], "POST");
        let (status, headers, _) = answer(&app, empty(Request::builder().method(Method::PUT).uri("/graphql"))).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(listed(&headers, header::ALLOW), ["get", "head", "post"]);
    }

    async fn the_operation_is_chosen_by_name_on_get(app) {
        let query = "query A { a: __typename } query B { b: __typename }";
        let (_, _, body) = answer(&app, empty(get(&[("query", query), ("operationName", "B")]))).await;
        assert_eq!(body, json!({ "data": { "b": "Query" } }));
        let (_, _, body) = answer(&app, empty(get(&[("query", query)]))).await;
        assert_eq!(code(&body), "OPERATION_RESOLUTION_FAILURE");
    }

    async fn another_sites_page_cannot_send_for_its_visitor(app) {
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, content_type);
            let (status, _, _) = answer(&app, request.body(Body::from("{\"query\":\"{__typename}\"}")).unwrap()).await;
            assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let query = [("query", "{__typename}")];
        for mark in ["origin", "sec-fetch-site", "referer"] {
            let (status, _, _) = answer(&app, empty(get(&query).header(mark, "https://elsewhere.example"))).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{mark}");
            let asked = get(&query).header(mark, "https://elsewhere.example").header("apollo-require-preflight", "true");
            assert_eq!(answer(&app, empty(asked)).await.0, StatusCode::OK, "{mark}");
        }
        assert_eq!(answer(&app, empty(get(&query))).await.0, StatusCode::OK, "no browser sends this");
        let strict = app.with(config(|config| config.csrf_prevention = stackfit_server::graphql::CsrfPrevention::All)).await;
        assert_eq!(answer(&strict, empty(get(&query))).await.0, StatusCode::BAD_REQUEST);
        assert_eq!(answer(&strict, empty(get(&query).header("x-apollo-operation-name", "A"))).await.0, StatusCode::OK);
    }

    async fn pages_of_listed_origins_may_read(app) {
        let preflight = |origin: &str| {
            let request = Request::builder().method(Method::OPTIONS).uri("/graphql").header(header::ORIGIN, origin);
            empty(request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST").header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type"))
        };
        let (_, headers, _) = app.send(preflight("https://app.example.com")).await;
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "nobody is on the list by default");
        let app = app.with(config(|config| config.cors_origins = vec!["https://app.example.com".to_owned()])).await;
        let (status, headers, _) = app.send(preflight("https://app.example.com")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "content-type");
        let (_, headers, _) = app.send(preflight("https://elsewhere.example")).await;
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        let request = get(&[("query", "{__typename}")]).header(header::ORIGIN, "https://app.example.com").header("apollo-require-preflight", "1");
        let (_, headers, _) = app.send(empty(request)).await;
        assert!(listed(&headers, header::VARY).contains(&"origin".to_owned()));
    }

    async fn answers_are_compressed_for_those_who_take_it(app) {
        let query = [("query", "{ frameworks(first: 20) { nodes { slug name summary } } }")];
        let (_, _, plain) = app.send(empty(get(&query))).await;
        for encoding in ["br", "gzip", "zstd"] {
            let (_, headers, body) = app.send(empty(get(&query).header(header::ACCEPT_ENCODING, encoding))).await;
            assert_eq!(headers[header::CONTENT_ENCODING], encoding);
            assert!(body.len() < plain.len(), "{encoding}");
        }
    }

    async fn batches_are_off_until_they_are_switched_on(app) {
        let batch = json!([{ "query": "{ a: __typename }" }, { "query": "{ nope }" }, 1]);
        let (status, _, body) = answer(&app, post(&batch)).await;
        assert_eq!((status, code(&body)), (StatusCode::BAD_REQUEST, "BAD_REQUEST"));
        let app = app.with(config(|config| config.max_batch = 3)).await;
        let (status, _, body) = answer(&app, post(&batch)).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(body[0], json!({ "data": { "a": "Query" } }));
        assert_eq!([code(&body[1]), code(&body[2])], ["GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST"]);
        let four = vec![json!({ "query": "{__typename}" }); 4];
        let (status, _, body) = answer(&app, post(&json!(four))).await;
        assert_eq!((status, code(&body)), (StatusCode::BAD_REQUEST, "MAX_BATCH_EXCEEDED"));
        assert_eq!(answer(&app, post(&json!([]))).await.0, StatusCode::BAD_REQUEST);
    }

    async fn a_cache_may_keep_what_has_no_errors(app) {
        let query = [("query", "{ fact(code: \"F1\") { code verdict } }")];
        let (_, headers, _) = answer(&app, empty(get(&query))).await;
        assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
        let vary = listed(&headers, header::VARY);
        for name in ["accept", "accept-encoding", "graphql-cost"] {
            assert!(vary.contains(&name.to_owned()), "{vary:?}");
        }
        let tag = headers[header::ETAG].clone();
        let (status, headers, body) = answer(&app, empty(get(&query).header(header::IF_NONE_MATCH, &tag))).await;
        assert_eq!((status, body), (StatusCode::NOT_MODIFIED, Value::Null));
        assert_eq!(headers[header::ETAG], tag);
        assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
        let app = app.with(config(|config| config.cache_max_age_seconds = 60)).await;
        let (_, headers, _) = answer(&app, empty(get(&query))).await;
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=60");
        for query in ["{ nope }", "{", "{ fact(code: \"\") { code } }"] {
            let (_, headers, _) = answer(&app, empty(get(&[("query", query)]))).await;
            assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{query}");
            assert!(!headers.contains_key(header::ETAG), "{query}");
        }
        let (_, headers, _) = answer(&app, post(&json!({ "query": "{ __typename }" }))).await;
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "a POST is not kept");
    }

    async fn the_cost_is_told_to_those_who_ask(app) {
        let body = json!({ "query": "{ frameworks(first: 5) { nodes { slug name } } }" });
        let mut request = post(&body);
        request.headers_mut().insert("graphql-cost", "1".parse().unwrap());
        let (_, _, told) = answer(&app, request).await;
        assert_eq!(told["extensions"]["cost"], json!({ "requestedQueryCost": 27, "maximumAvailable": 100_000 }));
        assert_eq!(answer(&app, post(&body)).await.2.get("extensions"), None);
        let app = app.with(config(|config| config.max_cost = 26)).await;
        let (_, _, refused) = answer(&app, post(&body)).await;
        assert_eq!(code(&refused), "MAX_COST_EXCEEDED");
        assert_eq!(refused["errors"][0]["message"], "The operation asks for too much: its answer may hold too many fields: 27; allowed are 26.");
    }

    async fn the_schema_is_told_only_when_it_may_be(app) {
        let closed = app.with(config(|config| config.introspection = false)).await;
        for query in ["{ __schema { queryType { name } } }", "{ a: __type(name: \"Fact\") { name } }", "{ ...F } fragment F on Query { __schema { description } }"] {
            let (_, _, body) = answer(&closed, post(&json!({ "query": query }))).await;
            assert_eq!(code(&body), "GRAPHQL_VALIDATION_FAILED", "{query}");
        }
        let (_, _, body) = answer(&closed, post(&json!({ "query": "{ frameworkz { slug } }" }))).await;
        assert!(!body.to_string().contains("Did you mean"), "{body}");
        let (_, _, body) = answer(&closed, post(&json!({ "query": "{ __typename technologies(first: 1) { nodes { __typename } } }" }))).await;
        assert_eq!(body["data"]["__typename"], "Query");
    }
}
