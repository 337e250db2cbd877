//! Documents that are made to hurt: each gets a polite no, and the server lives on.

use std::{
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use serde_json::{Map, Value, json};
use stackfit_graphql::{Options, Schema};
use stackfit_tests::{TestApp, database::now, on_both};
use tokio::time::timeout;

/// Asks, and sees that the answer is a refusal that came soon.
async fn refused(app: &TestApp, name: &str, document: &str) {
    let started = Instant::now();
    let answer = app.ask(document, Value::Null).await;
    let code = &answer.body["errors"][0]["extensions"]["code"];
    let code = code.as_str().unwrap_or_default();
    assert!(code.starts_with("MAX_") && code.ends_with("_EXCEEDED"), "{name}: {:#}", answer.body);
    assert_eq!(answer.body.get("data"), None, "what is refused has no data");
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 1, "{name}");
    assert!(started.elapsed() < Duration::from_secs(10), "{name} took {:?}", started.elapsed());
}

fn many(count: u32, one: impl Fn(u32) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(" ")
}

/// Facts of the subject of facts of the subject, and so on.
fn nested(levels: u32) -> String {
    let inner = (0..levels).fold("code".to_owned(), |inner, _| {
        format!("subject {{ ... on Framework {{ facts(first: 100) {{ nodes {{ {inner} }} }} }} }}")
    });
    format!("{{ framework(slug: \"django\") {{ facts(first: 100) {{ nodes {{ {inner} }} }} }} }}")
}

on_both! {
    async fn what_is_executed_at_once_is_bounded(app) {
        let schema = Schema::new(Options::default(), NonZeroUsize::MIN);
        let store = app.database.open().await;
        let execute = |document: &str| {
            let prepared = schema.prepare(schema.document(document).unwrap(), None, &Map::new()).unwrap();
            schema.execute(prepared, store.reader(now().date_naive()), "request")
        };
        // A database that is quick may have answered at once.
        let first = loop {
            let mut one = execute("{ catalogue { revision } }");
            if (&mut one).now_or_never().is_none() {
                break one;
            }
        };
        let mut second = execute("{ catalogue { revision } }");
        let waiting = timeout(Duration::from_millis(300), &mut second).await;
        assert!(waiting.is_err(), "{waiting:?}");
        // What is known without executing does not wait.
        assert!(execute("{ __typename }").await.is_ok());
        drop(first);
        assert!(timeout(Duration::from_secs(10), second).await.unwrap().is_ok());
    }

    async fn brackets_that_would_exhaust_the_stack(app) {
        for (open, close) in [("[", "]"), ("{a:", "}"), ("{", "}"), ("{not:", "}")] {
            let document = format!("{{ facts(filter: {}{}) {{ totalCount }} }}", open.repeat(2_000), close.repeat(2_000));
            refused(&app, open, &document).await;
        }
        refused(&app, "selections", &format!("{}{}", "{a".repeat(5_000), "}".repeat(5_000))).await;
    }

    async fn fragments_that_double_chain_or_crowd(app) {
        let doubled = many(30, |n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1));
        refused(&app, "doubled", &format!("{{ ...f0 }} {doubled} fragment f30 on Query {{ __typename }}")).await;
        let chain = many(5_000, |n| format!("fragment f{n} on Query {{ ...f{} }}", n + 1));
        refused(&app, "chain", &format!("{chain} fragment f5000 on Query {{ __typename }} {{ __typename }}")).await;
        let crowd = many(4_000, |n| format!("query q{n} {{ ...f }}"));
        refused(&app, "operations", &format!("{crowd} fragment f on Query {{ __typename }}")).await;
        refused(&app, "aliases", &format!("{{ {} }}", many(10_001, |n| format!("a{n}: __typename")))).await;
    }

    async fn lists_within_lists(app) {
        refused(&app, "three levels", &nested(3)).await;
        assert_eq!(app.ask(&nested(1), Value::Null).await.errors(), Vec::<String>::new(), "one level is fine");
    }

    async fn repeated_values_cost_nothing(app) {
        let test = "{ freshness: [FRESH, AGING, STALE, UNKNOWN, FRESH, AGING, STALE, UNKNOWN] }";
        let tests = vec![test; 40].join(", ");
        let started = Instant::now();
        let data = app.data(&format!("{{ all: facts {{ totalCount }} facts(filter: {{ and: [{tests}] }}) {{ totalCount }} }}")).await;
        assert_eq!(data["facts"]["totalCount"], data["all"]["totalCount"]);
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }

    async fn the_server_lives_on(app) {
        refused(&app, "brackets", &format!("{{ a(b: {}", "[".repeat(100_000))).await;
        assert_eq!(app.data("{ fact(code: \"F1\") { code } }").await, json!({ "fact": { "code": "F1" } }));
    }
}
