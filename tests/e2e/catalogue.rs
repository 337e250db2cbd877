//! All facts, walked through the API: those of the founding article and those of today.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stackfit_tests::{TestApp, on_both};

/// Whether a fact comes from the founding article.
fn of_article(fact: &Value) -> bool {
    let code = fact["code"].as_str().unwrap();
    code.starts_with('F') && code[1..].parse::<u32>().is_ok()
}

/// All facts, page by page.
async fn all_facts(app: &TestApp) -> Vec<Value> {
    let mut facts = Vec::new();
    let mut after = Value::Null;
    loop {
        let document = "query($after: String) { facts(first: 100, after: $after) {
            nodes { code statement verdict verdictReason confidence freshness observedOn observedPrecision
                subject { __typename } contradictedBy { code } errata { wrote correct reason }
                citations { locator supports source { slug url noUrlReason } } }
            pageInfo { hasNextPage endCursor } } }";
        let mut page = app.ask(document, json!({ "after": after })).await.data()["facts"].take();
        facts.append(page["nodes"].as_array_mut().unwrap());
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return facts;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

on_both! {
    async fn every_claim_of_the_article_is_there_with_its_line(app) {
        let facts = all_facts(&app).await;
        let codes: BTreeSet<&str> = facts.iter().map(|fact| fact["code"].as_str().unwrap()).collect();
        assert_eq!(codes.len(), facts.len(), "no fact is listed twice");
        for number in 1..=352 {
            assert!(codes.contains(format!("F{number}").as_str()), "F{number} is missing");
        }
        for fact in facts.iter().filter(|fact| of_article(fact)) {
            let citation = &fact["citations"][0];
            assert!(citation["locator"].as_str().unwrap().starts_with('L'), "{}: {citation}", fact["code"]);
            assert_eq!((&fact["observedOn"], &fact["observedPrecision"]), (&json!("2023-12-31"), &json!("YEAR")));
        }
    }

    async fn no_fact_is_without_a_citation_and_no_source_without_a_page_or_a_reason(app) {
        let facts = all_facts(&app).await;
        let today = facts.iter().filter(|fact| !of_article(fact)).count();
        assert!(today >= 1_500, "{today} facts beside the article's");
        for fact in &facts {
            let code = &fact["code"];
            let citations = fact["citations"].as_array().unwrap();
            assert!(!citations.is_empty(), "{code} has no citation");
            for citation in citations {
                let source = &citation["source"];
                assert!(source["url"].is_string() || source["noUrlReason"].is_string(), "{code}: {source}");
            }
            assert!(fact["subject"]["__typename"].is_string(), "{code} is about nothing");
        }
        let document = "{ technologies { totalCount } baasProviders { totalCount } caseStudies { totalCount } sources { totalCount } }";
        let data = app.data(document).await;
        for (list, least) in [("technologies", 60), ("baasProviders", 10), ("caseStudies", 30)] {
            assert!(data[list]["totalCount"].as_i64().unwrap() >= least, "{list}: {}", data[list]);
        }
    }

    async fn what_facts_say_is_complete(app) {
        for fact in all_facts(&app).await {
            let code = &fact["code"];
            let confidence = fact["confidence"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&confidence), "{code}");
            assert_eq!(fact["freshness"] == "UNKNOWN", fact["observedOn"].is_null(), "{code}");
            let needs_reason = !["STATED", "OPINION", "UNSOURCED"].contains(&fact["verdict"].as_str().unwrap());
            let explained = fact["verdictReason"].is_string() || fact["errata"] != json!([]);
            assert!(!needs_reason || explained, "{code} does not say why it is {}", fact["verdict"]);
        }
    }

    async fn no_contradiction_is_one_sided(app) {
        let facts = all_facts(&app).await;
        let sides: BTreeMap<&str, Vec<&str>> = facts
            .iter()
            .map(|fact| {
                let others = fact["contradictedBy"].as_array().unwrap();
                (fact["code"].as_str().unwrap(), others.iter().map(|other| other["code"].as_str().unwrap()).collect())
            })
            .collect();
        for (code, others) in &sides {
            for other in others {
                assert!(sides[other].contains(code), "{code} names {other}, but not the other way round");
            }
        }
        assert!(sides.values().filter(|others| !others.is_empty()).count() >= 12);
    }

    async fn the_catalogue_counts_and_records_what_it_holds(app) {
        let data = app.data("{ catalogue { revision updatedAt licence counts { technologies organizations caseStudies
            sources facts terms selectionCriteria checklists } coverage { percent kinds { kind expected known } } } }").await;
        let catalogue = &data["catalogue"];
        let counts = catalogue["counts"].as_object().unwrap();
        let sum: i64 = counts.values().map(|count| count.as_i64().unwrap()).sum();
        assert_eq!(catalogue["revision"].as_i64(), Some(sum), "each thing was created by one change");
        assert_eq!(catalogue["updatedAt"], "2026-11-23T08:00:00.000000Z");
        assert_eq!(counts["selectionCriteria"], json!(16));
        assert!(catalogue["coverage"]["percent"].as_f64().unwrap() < 100.0);
    }

    async fn changes_are_numbered_without_gaps(app) {
        let mut after = 0;
        let mut seen = 0;
        loop {
            let document = format!("{{ changes(after: {after}, first: 100) {{ totalCount nodes {{ revision kind at actor changed fields {{ field }} subject {{ __typename id }} }} }} }}");
            let data = app.data(&document).await;
            let nodes = data["changes"]["nodes"].as_array().unwrap().clone();
            for node in &nodes {
                seen += 1;
                assert_eq!(node["revision"], json!(seen));
                assert_eq!(node["kind"], "CREATED");
                assert_eq!(node["actor"], "bundled");
                assert!(node["subject"]["id"].is_string(), "{node}");
            }
            if nodes.is_empty() {
                break;
            }
            after = seen;
        }
        let data = app.data("{ catalogue { revision } }").await;
        assert_eq!(data["catalogue"]["revision"], json!(seen));
    }

    async fn a_history_is_the_changes_of_one_thing(app) {
        let data = app.data("{ technology(slug: \"django\") { version history { totalCount nodes { kind subject { ... on Framework { slug } } } } } }").await;
        let technology = &data["technology"];
        assert_eq!(technology["version"], json!(1));
        assert_eq!(technology["history"]["totalCount"], json!(1));
        assert_eq!(technology["history"]["nodes"][0]["subject"]["slug"], "django");
    }

    async fn a_freshness_filter_finds_what_has_that_freshness(app) {
        let mut sum = 0;
        for freshness in ["FRESH", "AGING", "STALE", "UNKNOWN"] {
            let document = format!("{{ facts(filter: {{ freshness: [{freshness}] }}, first: 100) {{ totalCount nodes {{ code freshness }} }} }}");
            let data = app.data(&document).await;
            sum += data["facts"]["totalCount"].as_i64().unwrap();
            for fact in data["facts"]["nodes"].as_array().unwrap() {
                assert_eq!(fact["freshness"], freshness, "{fact}");
            }
        }
        let all = app.data("{ facts { totalCount } }").await;
        assert_eq!(all["facts"]["totalCount"], json!(sum));
    }
}
