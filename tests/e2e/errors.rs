//! Bad input: every refusal names the field and what is allowed, and nothing of the inside is told.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stackfit_tests::{TestApp, on_both};

/// Documents that are refused while they are executed, with the field that the refusal names.
const REFUSED: &[(&str, &str)] = &[
    ("{ technologies(first: 101) { totalCount } }", "first"),
    ("{ technologies(first: -1) { totalCount } }", "first"),
    ("{ technologies(last: 1000) { totalCount } }", "last"),
    ("{ technologies(first: 1, last: 1) { totalCount } }", "last"),
    ("{ technologies(after: \"\") { totalCount } }", "after"),
    ("{ technologies(after: \"garbage\") { totalCount } }", "after"),
    ("{ technologies(before: \"%00\") { totalCount } }", "before"),
    ("{ facts(after: \"'; DROP TABLE facts; --\") { totalCount } }", "after"),
    ("{ framework(slug: \"Ruby on Rails\") { id } }", "slug"),
    ("{ framework(slug: \"\") { id } }", "slug"),
    ("{ baasProvider(slug: \"--\") { id } }", "slug"),
    ("{ technology(slug: \"a'b\") { id } }", "slug"),
    ("{ caseStudy(slug: \"é\") { id } }", "slug"),
    ("{ source(slug: \"A\") { id } }", "slug"),
    ("{ organization(slug: \"A\") { id } }", "slug"),
    ("{ fact(code: \"\") { id } }", "code"),
    ("{ fact(code: \"F 88\") { id } }", "code"),
    ("{ market(segment: \"B a a S\") { segment } }", "segment"),
    ("{ market(segment: \"baas\") { impliedCagr(from: 2030, to: 2022) } }", "to"),
    ("{ node(id: \"1\") { id } }", "id"),
    ("{ node(id: \"RnJhbWV3b3JrOjE\") { id } }", "id"),
    ("{ changes(after: -1) { totalCount } }", "after"),
    ("{ changes(first: 500) { totalCount } }", "first"),
    ("{ sources(first: 101) { totalCount } }", "first"),
    ("{ caseStudies(first: 101) { totalCount } }", "first"),
    ("{ frameworks(first: 101) { totalCount } }", "first"),
    ("{ baasProviders(first: 101) { totalCount } }", "first"),
    ("{ facts(first: 101) { totalCount } }", "first"),
    ("{ framework(slug: \"django\") { facts(first: 101) { totalCount } } }", "first"),
    ("{ framework(slug: \"django\") { adopters(first: 101) { totalCount } } }", "first"),
    ("{ framework(slug: \"django\") { caseStudies(first: 101) { totalCount } } }", "first"),
    ("{ framework(slug: \"django\") { history(first: 101) { totalCount } } }", "first"),
    ("{ framework(slug: \"django\") { facts(after: \"x\") { totalCount } } }", "after"),
    ("{ caseStudies(filter: { minPercent: \"0.00000001\" }) { totalCount } }", "filter.minPercent"),
    ("{ caseStudies(filter: { maxMonths: \"99999999999999999999\" }) { totalCount } }", "filter.maxMonths"),
    ("{ outcomeRates(filter: { minPercent: \"0.00000001\" }) { told } }", "filter.minPercent"),
    ("{ outcomeRates { outcomes(first: 101) { totalCount } } }", "first"),
    ("{ outcomeRates { outcomes(after: \"x\") { totalCount } } }", "after"),
    ("{ market(segment: \"baas\") { projection(year: 1989) { low } } }", "year"),
    ("{ market(segment: \"baas\") { projection(year: 2101) { low } } }", "year"),
    ("{ technologies(filter: { name: { contains: \"\" } }) { totalCount } }", "filter.name"),
    (
        "{ technologies(orderBy: [{field: NAME}, {field: SLUG}, {field: KIND}, {field: NAME}, {field: SLUG}]) { totalCount } }",
        "orderBy",
    ),
    (
        "{ technologies(filter: {not:{not:{not:{not:{not:{not:{not:{kind:[BAAS]}}}}}}}}) { totalCount } }",
        "filter",
    ),
];

/// Documents that are refused before they are executed.
const INVALID: &[&str] = &[
    "",
    "{",
    "nonsense",
    "{ nope }",
    "{ technologies(filter: { kind: [NOPE] }) { totalCount } }",
    "{ technologies(filter: { colour: \"red\" }) { totalCount } }",
    "{ technologies(first: \"ten\") { totalCount } }",
    "{ caseStudies(filter: { minPercent: {} }) { totalCount } }",
    "{ caseStudies(filter: { evidence: [E] }) { totalCount } }",
    "{ outcomeRates(metrics: [HAPPINESS]) { told } }",
    "{ market(segment: \"baas\") { projection { low } } }",
    "query($first: Int!) { technologies(first: $first) { totalCount } }",
    "mutation { createTechnology { id } }",
];

/// What never reaches a client.
const SECRETS: &[&str] =
    &["SELECT", "sqlx", "sea_orm", "DbErr", "stackfit_", "::", ".rs", "panicked", "sqlite", "postgres"];

fn assert_no_secrets(document: &str, body: &Value) {
    let text = body["errors"].to_string();
    for secret in SECRETS {
        assert!(!text.contains(secret), "{document}: {text} tells {secret}");
    }
}

on_both! {
    async fn every_refusal_names_the_field(app) {
        for (document, field) in REFUSED {
            let answer = app.ask(document, Value::Null).await;
            let error = &answer.body["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{document}: {:#}", answer.body);
            assert_eq!(error["extensions"]["field"], *field, "{document}");
            let message = error["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("{field}: ")) && message.len() > field.len() + 10, "{message}");
            assert_no_secrets(document, &answer.body);
        }
    }

    async fn what_is_not_valid_is_not_executed(app) {
        for document in INVALID {
            let answer = app.ask(document, Value::Null).await;
            assert_eq!(answer.statements, 0, "{document}");
            let code = answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
            assert!(["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"].contains(&code.as_str()), "{document}: {:#}", answer.body);
            assert_no_secrets(document, &answer.body);
        }
    }

    async fn wrong_variables_are_refused(app) {
        for (document, variables) in [
            ("query($k: [TechnologyKind!]) { technologies(filter: { kind: $k }) { totalCount } }", json!({ "k": ["NOPE"] })),
            ("query($p: Decimal) { caseStudies(filter: { minPercent: $p }) { totalCount } }", json!({ "p": "many" })),
            ("query($p: Decimal) { caseStudies(filter: { minPercent: $p }) { totalCount } }", json!({ "p": 40 })),
            ("query($n: Int) { technologies(first: $n) { totalCount } }", json!({ "n": "ten" })),
            ("query($n: Int) { technologies(first: $n) { totalCount } }", json!({ "n": 1e300 })),
        ] {
            let answer = app.ask(document, variables).await;
            assert!(answer.body["errors"][0]["message"].is_string(), "{document}: {:#}", answer.body);
            assert_ne!(answer.body["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
            assert_no_secrets(document, &answer.body);
        }
    }

    async fn too_many_values_are_refused(app) {
        let slugs: Vec<String> = (0..101).map(|number| format!("s{number}")).collect();
        let document = "query($s: [String!]) { facts(filter: { subject: $s }) { totalCount } }";
        let errors = app.ask(document, json!({ "s": slugs })).await.errors();
        assert_eq!(errors, ["BAD_USER_INPUT: filter.subject: lists 101 values; allowed are 100."]);
        let ids: Vec<String> = (0..101).map(|number| number.to_string()).collect();
        let errors = app.ask("query($i: [ID!]!) { nodes(ids: $i) { id } }", json!({ "i": ids })).await.errors();
        assert_eq!(errors, ["BAD_USER_INPUT: ids: holds 101 ids; allowed are 100."]);
    }

    async fn a_nullable_field_that_fails_leaves_its_neighbours(app) {
        let answer = app.ask("{ node(id: \"1\") { id } fact(code: \"F88\") { code } }", Value::Null).await;
        assert_eq!(answer.body["data"], json!({ "node": null, "fact": { "code": "F88" } }));
        assert_eq!(answer.errors().len(), 1);
    }

    async fn what_does_not_exist_is_null(app) {
        let data = app.data("{ framework(slug: \"nothing\") { id } baas: baasProvider(slug: \"django\") { id }
            language: framework(slug: \"python\") { id } fact(code: \"F9999\") { id } caseStudy(slug: \"none\") { id }
            source(slug: \"none\") { id } market(segment: \"none\") { segment } organization(slug: \"none\") { id } }").await;
        for (field, value) in data.as_object().unwrap() {
            assert_eq!(value, &Value::Null, "{field}");
        }
    }

    async fn a_zero_byte_in_a_text_is_no_fault_of_ours(app) {
        for test in [
            "license: [$s]", "language: [$s]", "adoptedBy: [$s]", "listedIn: [$s]",
            "name: { equals: $s }", "name: { in: [$s] }", "name: { contains: $s }", "name: { startsWith: $s }",
        ] {
            let document = format!("query($s: String!) {{ technologies(filter: {{ {test} }}) {{ totalCount }} }}");
            let answer = app.ask(&document, json!({ "s": "a\u{0}b" })).await;
            assert_eq!(answer.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{test}: {:#}", answer.body);
        }
    }

    async fn long_input_is_not_repeated(app) {
        let answer = app.ask("query($s: String!) { framework(slug: $s) { id } }", json!({ "s": "x".repeat(100_000) })).await;
        assert!(answer.body.to_string().len() < 1_000);
    }

    async fn a_wrong_cursor_is_the_fault_of_one_field_only(app) {
        let document = "{ a: framework(slug: \"django\") { facts(first: 1) { nodes { code } } }
            b: framework(slug: \"koa\") { facts(first: 1, after: \"garbage\") { nodes { code } } } }";
        let answer = app.ask(document, Value::Null).await;
        assert_eq!(answer.body["data"]["a"]["facts"]["nodes"][0]["code"], "F76");
        assert_eq!(answer.body["data"]["b"], Value::Null);
        assert_eq!(answer.body["errors"].as_array().unwrap().len(), 1);
    }

    async fn every_list_refuses_a_page_that_is_too_large(app) {
        let ids = ids_by_type(&app).await;
        let mut tried = 0;
        for (owner, field) in lists(&app).await {
            for argument in ["first", "last"] {
                if argument == "last" && field == "changes" {
                    continue;
                }
                let query = if field == "search" { "query: \"django\", " } else { "" };
                let asked = format!("{field}({query}{argument}: 101) {{ totalCount }}");
                let document = match ids.get(&owner) {
                    None if owner == "OutcomeRate" => format!("{{ outcomeRates {{ {asked} }} }}"),
                    None => format!("{{ {asked} }}"),
                    Some(id) => format!("{{ node(id: \"{id}\") {{ ... on {owner} {{ {asked} }} }} }}"),
                };
                let errors = app.errors(&document).await;
                let expected = format!("BAD_USER_INPUT: {argument}: must be from 0 to 100, not 101.");
                assert_eq!(errors, [expected], "{document}");
                tried += 1;
            }
        }
        assert!(tried > 40, "{tried}");
    }
}

/// Every field that takes `first`, with the type that has it.
async fn lists(app: &TestApp) -> Vec<(String, String)> {
    let data =
        app.data("{ __schema { types { kind name fields { name args { name type { kind } } } } } }").await;
    let mut found = Vec::new();
    for kind in data["__schema"]["types"].as_array().unwrap().iter().filter(|kind| kind["kind"] == "OBJECT") {
        for field in kind["fields"].as_array().unwrap() {
            let arguments = stackfit_tests::app::pick(&field["args"], "name");
            if arguments.contains(&"first".to_owned()) {
                let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
                found.push((name(kind), name(field)));
            }
        }
    }
    found
}

/// An id of something of each type that has lists.
async fn ids_by_type(app: &TestApp) -> BTreeMap<String, String> {
    let document = "{ a: framework(slug: \"django\") { ...N } b: baasProvider(slug: \"google-firebase\") { ...N }
        c: technology(slug: \"python\") { ...N } d: organization(slug: \"acropolium\") { ...N } e: caseStudy(slug: \"ev-charging\") { ...N }
        f: source(slug: \"acropolium-backend-frameworks-2023\") { ...N } terms { ...N } checklists { ...N } }
        fragment N on Node { __typename id }";
    let data = app.data(document).await;
    let nodes = data.as_object().unwrap().values().flat_map(|value| match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    });
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    nodes.map(|node| (text(&node["__typename"]), text(&node["id"]))).collect()
}
