//! Input objects of which exactly one field is given.
//!
//! The cases in `tests/corpus/one-of` are judged here as they say; graphql-js judges them in `one-of.test.mjs`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use stackfit_guard::{Guard, Options, Plan, Position, Problems, Selection, Types};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/one-of"))
}

fn guard(introspection: bool) -> Guard {
    let schema = fs::read_to_string(folder().join("schema.graphql")).unwrap();
    let types = Types::parse(&schema, |_, _| None).unwrap();
    Guard::new(Arc::new(types), Options { introspection, ..Options::default() })
}

fn plan(text: &str, operation: Option<&str>, variables: &Value) -> Result<Plan, Problems> {
    static GUARD: LazyLock<Guard> = LazyLock::new(|| guard(true));
    GUARD.plan(&*GUARD.document(text)?, operation, variables.as_object().unwrap_or(&Map::new()))
}

/// A case of the corpus: `#--- name verdict rules`, options, and the document.
struct Case {
    name: String,
    verdict: String,
    operation: Option<String>,
    variables: Value,
    document: String,
}

fn cases(topic: &str) -> Vec<Case> {
    let text = fs::read_to_string(folder().join(format!("{topic}.graphql"))).unwrap();
    let one = |part: &str| {
        let (head, rest) = part.split_once('\n').unwrap();
        let mut words = head.split(' ');
        let name = format!("{topic}/{}", words.next().unwrap());
        let verdict = words.next().unwrap().to_owned();
        let option = |key: &str| rest.lines().find_map(|line| line.strip_prefix(key)).map(str::to_owned);
        let variables =
            option("#variables ").map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
        Case { name, verdict, operation: option("#operation "), variables, document: rest.to_owned() }
    };
    text.split("#--- ").skip(1).map(one).collect()
}

#[test]
fn the_corpus_is_judged_as_graphql_js_judges_it() {
    let text = fs::read_to_string(folder().join("known-differences.json")).unwrap();
    let known: HashMap<String, String> = serde_json::from_str(&text).unwrap();
    let all: Vec<Case> = ["literals", "variables"].into_iter().flat_map(cases).collect();
    assert!(all.len() > 90, "{}", all.len());
    for case in all {
        let judged = plan(&case.document, case.operation.as_deref(), &case.variables);
        let code = judged.as_ref().err().map(|problems| problems[0].code.as_str());
        let expected = match case.verdict.as_str() {
            "runs" | "fails" => None,
            "invalid" => Some("GRAPHQL_VALIDATION_FAILED"),
            "variables" => Some("BAD_USER_INPUT"),
            other => panic!("{}: {other} is no verdict of these cases", case.name),
        };
        assert_eq!(code == expected, !known.contains_key(&case.name), "{}: {judged:?}", case.name);
    }
}

/// What is told of a document, with the place in its only line.
fn told(text: &str, variables: &Value) -> Vec<String> {
    let problems = plan(text, None, variables).unwrap_err();
    let one = |problem: stackfit_guard::Problem| match problem.position {
        Some(Position { column, .. }) => format!("{column}: {}", problem.message),
        None => problem.message,
    };
    problems.into_iter().map(one).collect()
}

#[test]
fn mistakes_of_literals_are_told_as_the_reference_tells_them() {
    for (text, expected) in [
        ("{ one(of: {}) }", vec!["11: OneOf Input Object \"Pick\" must specify exactly one key."]),
        (
            "{ many(of: [{number: 1, text: null}]) }",
            vec!["13: OneOf Input Object \"Pick\" must specify exactly one key."],
        ),
        ("{ one(of: {number: null}) }", vec!["11: Field \"Pick.number\" must be non-null."]),
        (
            "query ($x: String) { needed(of: {text: $x}) }",
            vec![
                "40: Variable \"$x\" is of type \"String\" but must be non-nullable to be used for OneOf Input Object \"Pick\".",
            ],
        ),
        (
            "query ($x: [Int]) { one(of: {numbers: $x}) }",
            vec![
                "39: Variable \"$x\" of type \"[Int]\" used in position expecting type \"[Int!]\".",
                "39: Variable \"$x\" is of type \"[Int]\" but must be non-nullable to be used for OneOf Input Object \"Pick\".",
            ],
        ),
    ] {
        assert_eq!(told(text, &Value::Null), expected);
    }
}

#[test]
fn mistakes_of_variables_are_told_with_their_path_and_what_is_allowed() {
    let text = "query ($in: Basket) { within(in: $in) }";
    let allowed = "Allowed are number, text, size, numbers, texts, pick, picks, basket.";
    for (value, expected) in [
        (json!({ "pick": {} }), format!("$in.pick: Pick takes exactly one field, not 0. {allowed}")),
        (
            json!({ "picks": [{ "number": 1 }, { "number": 1, "text": null }] }),
            format!("$in.picks.1: Pick takes exactly one field, not 2. {allowed}"),
        ),
        (
            json!({ "needed": { "picks": { "text": null } } }),
            "$in.needed.picks.text: it must not be null, as the only field of Pick.".to_owned(),
        ),
        (json!({ "pick": [] }), "$in.pick: a list is no Pick: an object is expected.".to_owned()),
    ] {
        assert_eq!(told(text, &json!({ "in": value })), [expected]);
    }
    let both = told(text, &json!({ "in": { "pick": { "nummber": 1 } } }));
    assert_eq!(
        both,
        [
            "$in.pick: Pick has no field \"nummber\". Did you mean \"number\" or \"numbers\"?".to_owned(),
            format!("$in.pick: Pick takes exactly one field, not 0. {allowed}"),
        ]
    );
}

#[test]
fn names_are_not_told_without_introspection() {
    let guard = guard(false);
    let document = guard.document("query ($p: Pick) { one(of: $p) }").unwrap();
    let variables = json!({ "p": {} });
    let problems = guard.plan(&document, None, variables.as_object().unwrap()).unwrap_err();
    assert_eq!(problems[0].message, "$p: Pick takes exactly one field, not 0.");
}

fn arguments(plan: Plan) -> Vec<(String, Value)> {
    let fields = plan.selections.into_iter().filter_map(|selection| match selection {
        Selection::Field(field) => Some(field.arguments),
        Selection::On { .. } => None,
    });
    fields.flatten().collect()
}

#[test]
fn the_executor_is_given_the_one_field() {
    let text = "query ($n: Int! = 2, $p: Pick = {numbers: 3}, $q: Pick) {
        a: one(of: {number: $n}) b: one(of: $p) c: usual(of: $q) d: many(of: {text: \"a\"}) e: one(of: {basket: {pick: $q}})
    }";
    let given = |value| ("of".to_owned(), value);
    assert_eq!(
        arguments(plan(text, None, &Value::Null).unwrap()),
        [
            given(json!({ "number": 2 })),
            given(json!({ "numbers": [3] })),
            given(json!({ "text": "a" })),
            given(json!({ "basket": {} })),
        ]
    );
}

#[test]
fn lists_in_it_are_limited_and_cost_as_elsewhere() {
    let long = |count: usize| vec!["1"; count].join(", ");
    let literal = |count| plan(&format!("{{ one(of: {{numbers: [{}]}}) }}", long(count)), None, &Value::Null);
    let text = "query ($p: Pick!) { one(of: $p) }";
    let variable = |count| plan(text, None, &json!({ "p": { "numbers": vec![1; count] } }));
    for (allowed, refused) in [(literal(1_000), literal(1_001)), (variable(1_000), variable(1_001))] {
        assert_eq!(allowed.unwrap().cost, 1);
        assert_eq!(refused.unwrap_err()[0].code.as_str(), "MAX_LIST_EXCEEDED");
    }
}

/// A field of `Pick`, with values that fit it as a literal and as JSON, and whether it is null.
fn member() -> impl Strategy<Value = (String, String, bool)> {
    let values = prop_oneof![
        Just(("number", "1")),
        Just(("text", "\"a\"")),
        Just(("numbers", "[1, 2]")),
        Just(("texts", "[null]")),
        Just(("basket", "{}")),
    ];
    (values, prop::bool::weighted(0.2)).prop_map(|((name, value), null)| {
        (name.to_owned(), if null { "null".to_owned() } else { value.to_owned() }, null)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exactly_one_field_is_given_wherever_it_stands(fields in prop::collection::vec(member(), 0..4)) {
        let fields: HashMap<String, (String, bool)> =
            fields.into_iter().map(|(name, value, null)| (name, (value, null))).collect();
        let good = fields.len() == 1 && fields.values().all(|(_, null)| !null);
        let written = |quote: &str| {
            let each = fields.iter().map(|(name, (value, _))| format!("{quote}{name}{quote}: {value}"));
            format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
        };
        let (literal, json) = (written(""), written("\""));
        let value: Value = serde_json::from_str(&json).unwrap();
        for (field, ty, open, close, value) in [
            ("one", "Pick", "", "", value.clone()),
            ("needed", "Pick!", "", "", value.clone()),
            ("full", "[Pick!]!", "[{number: 1}, ", "]", json!([{ "number": 1 }, value.clone()])),
            ("grid", "[[Pick]]", "[[", "]]", json!([[value.clone()]])),
            ("one", "Pick", "{picks: ", "}", json!({ "picks": value.clone() })),
            ("one", "Pick", "{basket: {needed: ", "}}", json!({ "basket": { "needed": value } })),
        ] {
            let by_literal = plan(&format!("{{ {field}(of: {open}{literal}{close}) }}"), None, &Value::Null);
            prop_assert_eq!(by_literal.is_ok(), good, "{} {}", field, literal);
            let text = format!("query ($v: {ty}) {{ {field}(of: $v) }}");
            prop_assert_eq!(plan(&text, None, &json!({ "v": value })).is_ok(), good, "{} {}", field, json);
            let text = format!("query ($v: {ty} = {open}{literal}{close}) {{ {field}(of: $v) }}");
            prop_assert_eq!(plan(&text, None, &Value::Null).is_ok(), good, "{}", text);
        }
    }
}
