//! The schema: committed, current, and described in full.

use std::fs;

use serde_json::Value;
use stackfit_tests::on_both;

const INTROSPECTION: &str = "{ __schema { types { kind name description
    fields(includeDeprecated: true) { name description args { name description } }
    inputFields { name description } enumValues(includeDeprecated: true) { name description } } } }";

#[test]
fn the_committed_schema_is_current() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/schema.graphql");
    let committed = fs::read_to_string(file).unwrap_or_default();
    assert!(
        committed == stackfit_graphql::sdl(),
        "schema/schema.graphql is not current: cargo run -- schema print > schema/schema.graphql"
    );
}

#[test]
fn the_schema_is_printed_the_same_every_time() {
    assert_eq!(stackfit_graphql::sdl(), stackfit_graphql::sdl());
}

/// The names of what lacks a description below a type.
fn undescribed(kind: &Value) -> Vec<String> {
    let name = kind["name"].as_str().unwrap();
    let mut missing = Vec::new();
    let mut check = |path: String, item: &Value| {
        if item["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            missing.push(path);
        }
    };
    check(name.to_owned(), kind);
    for list in ["fields", "inputFields", "enumValues"] {
        for item in kind[list].as_array().into_iter().flatten() {
            let path = format!("{name}.{}", item["name"].as_str().unwrap());
            check(path.clone(), item);
            for argument in item["args"].as_array().into_iter().flatten() {
                check(format!("{path}({})", argument["name"].as_str().unwrap()), argument);
            }
        }
    }
    missing
}

on_both! {
    async fn everything_is_described(app) {
        let data = app.data(INTROSPECTION).await;
        let types = data["__schema"]["types"].as_array().unwrap();
        let missing: Vec<String> = types
            .iter()
            .filter(|kind| kind["name"] != "ID" && !kind["name"].as_str().unwrap().starts_with("__"))
            .flat_map(undescribed)
            .collect();
        assert_eq!(missing, Vec::<String>::new());
    }

    async fn the_contract_is_there(app) {
        let data = app.data("{ __type(name: \"Query\") { fields { name } } }").await;
        let fields = stackfit_tests::app::pick(&data["__type"]["fields"], "name");
        for field in [
            "node", "nodes", "framework", "frameworks", "baasProvider", "baasProviders", "technology", "technologies",
            "caseStudy", "caseStudies", "fact", "facts", "source", "sources", "market", "selectionCriteria", "terms",
            "fitRules", "checklists", "changes", "catalogue", "capabilityMatrix", "costCrossovers", "migrationRoutes",
        ] {
            assert!(fields.contains(&field.to_owned()), "{field}");
        }
    }
}
