//! Global ids: whatever has one is found again by it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackfit_tests::on_both;

/// All ids that an answer holds, with the type of what has them.
pub(crate) fn ids(value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if let (Some(id), Some(name)) = (fields.get("id"), fields.get("__typename")) {
                found.insert((id.as_str().unwrap().to_owned(), name.as_str().unwrap().to_owned()));
            }
            fields.values().for_each(|value| ids(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| ids(value, found)),
        _ => {}
    }
}

pub(crate) const EVERYTHING: &[&str] = &[
    "{ technologies(first: 100) { nodes { __typename id } } }",
    "{ caseStudies { nodes { __typename id vendor { __typename id } } } }",
    "{ sources { nodes { __typename id } } terms { __typename id } checklists { __typename id } selectionCriteria { __typename id } }",
    "{ facts(filter: { kind: [ADOPTION] }) { nodes { __typename id ... on Adoption { organization { __typename id } } } } }",
    "{ a: facts(first: 100) { nodes { __typename id } } b: facts(last: 100) { nodes { __typename id } } }",
    "{ facts(first: 100, filter: { kind: [METRIC, MARKET, OUTCOME, RANKING, CAPABILITY] }) { nodes { __typename id } } }",
    "{ facts(first: 100, filter: { kind: [RANKING, DEFINITION] }) { nodes { __typename id } } }",
    "{ baasProvider(slug: \"convex\") { plans { __typename id prices { __typename id } } lockIn { dimensions { evidence { __typename id } } } } }",
    "{ baasProvider(slug: \"google-firebase\") { migrationPaths { __typename id } } technology(slug: \"python\") { ... on Component { releaseCycles { nodes { __typename id } } } } }",
    "{ changes(first: 100) { nodes { __typename id } } }",
];

on_both! {
    async fn everything_is_found_again_by_its_id(app) {
        let mut found = BTreeSet::new();
        for document in EVERYTHING {
            ids(&app.data(document).await, &mut found);
        }
        let types: BTreeSet<&str> = found.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(types.len(), 25, "every type of node is tried: {types:?}");
        let found: Vec<(String, String)> = found.into_iter().collect();
        for chunk in found.chunks(100) {
            let ids: Vec<&str> = chunk.iter().map(|(id, _)| id.as_str()).collect();
            let document = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
            let nodes = app.ask(document, json!({ "ids": ids })).await.data()["nodes"].take();
            let expected: Vec<Value> = chunk.iter().map(|(id, name)| json!({ "__typename": name, "id": id })).collect();
            assert_eq!(nodes, json!(expected));
        }
    }

    async fn ids_are_the_same_on_every_server(app) {
        let data = app.data("{ framework(slug: \"django\") { id } fact(code: \"F88\") { id } }").await;
        assert_eq!(data, json!({ "framework": { "id": "AVen-iP4J1A6o2tdNnYVilk" }, "fact": { "id": "FNm9K0bC61YYt-mYqfBvvsM" } }));
    }

    async fn ids_of_nothing_are_null(app) {
        let data = app.data("{ node(id: \"AVen-iP4J1A6o2tdNnYVAAA\") { id } nodes(ids: [\"AVen-iP4J1A6o2tdNnYVAAA\", \"FQD_________\"]) { id } }").await;
        assert_eq!(data, json!({ "node": null, "nodes": [null, null] }));
    }

    async fn nodes_are_refetched_with_fragments(app) {
        let data = app.data("{ framework(slug: \"memcached\") { id } technology(slug: \"zend-framework\") { id } }").await;
        let id = data["technology"]["id"].as_str().unwrap();
        let document = format!("{{ node(id: \"{id}\") {{ ... on Technology {{ slug }} ... on Framework {{ pros {{ code }} }} ... on Fact {{ code }} }} }}");
        assert_eq!(app.data(&document).await["node"], json!({ "slug": "zend-framework", "pros": [] }));
    }
}
