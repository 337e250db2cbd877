//! Bad input: every refusal names the field and what is allowed, and nothing of the inside is told.

use serde_json::{Value, json};
use stackfit_tests::on_both;

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
    ("{ market(segment: \"B a a S\") { segment } }", "segment.slug"),
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
    "query($first: Int!) { technologies(first: $first) { totalCount } }",
    "mutation { createTechnology { id } }",
    "subscription { catalogueChanged { id } }",
];

/// What never reaches a client.
const SECRETS: &[&str] = &[
    "SELECT",
    "sqlx",
    "sea_orm",
    "DbErr",
    "stackfit_",
    "::",
    ".rs",
    "/work",
    "panicked",
    "sqlite",
    "postgres",
];

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
        let document = "query($s: String!) { technologies(filter: { or: [{ license: [$s] }, { language: [$s] }, { name: { equals: $s } }, { listedIn: [$s] }] }) { totalCount } }";
        let answer = app.ask(document, json!({ "s": "a\u{0}b" })).await;
        assert_ne!(answer.body["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR", "{:#}", answer.body);
    }
}
