//! What holds of the guard whatever document it is given.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::{collections::HashSet, sync::Arc};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use stackfit_guard::{Field, Guard, Limits, Options, Plan, Problems, Selection, Types};

const SCHEMA: &str = r"
interface Thing { id: ID! name: String other: Thing things(first: Int, ids: [ID!]): [Thing!]! }
type Car implements Thing { id: ID! name: String other: Thing things(first: Int, ids: [ID!]): [Thing!]! wheels(of: Size): Int }
type Bus implements Thing { id: ID! name: String other: Thing things(first: Int, ids: [ID!]): [Thing!]! seats(of: Filter): Int }
union Any = Car | Bus
enum Size { SMALL LARGE }
input Filter { and: [Filter!] size: Size min: Int = 1 max: Int! }
type Query { thing(id: ID): Thing any(size: Size = SMALL): Any car: Car! cars(first: Int): [Car!] }
type Mutation { paint(id: ID!): Car }
";

fn guard() -> Guard {
    let types = Types::parse(SCHEMA, |_, _| None).unwrap();
    Guard::new(Arc::new(types), Options::default())
}

fn plan(guard: &Guard, text: &str, variables: &Map<String, Value>) -> Result<Plan, Problems> {
    guard.plan(&*guard.document(text)?, None, variables)
}

/// Fields and fragments for a value of a type, which always are valid there.
fn selections(ty: &'static str, depth: u32) -> BoxedStrategy<String> {
    let leaf = match ty {
        "Query" => prop_oneof![Just("__typename"), Just("q: __typename")].boxed(),
        "Any" => prop_oneof![
            Just("__typename"),
            Just("... on Car { wheels(of: LARGE) }"),
            Just("... on Thing { id }")
        ]
        .boxed(),
        "Car" => prop_oneof![
            Just("id"),
            Just("name"),
            Just("wheels(of: LARGE) @skip(if: $no)"),
            Just("n: name @include(if: $yes)")
        ]
        .boxed(),
        _ => prop_oneof![
            Just("id"),
            Just("name"),
            Just("... on Bus { seats(of: {max: 2}) }"),
            Just("... on Car { id wheels(of: LARGE) }"),
            Just("__typename")
        ]
        .boxed(),
    };
    let leaf = leaf.prop_map(str::to_owned).boxed();
    if depth == 0 {
        return prop::collection::vec(leaf, 1..4).prop_map(|all| all.join(" ")).boxed();
    }
    let below = |head: &'static str, ty| {
        selections(ty, depth - 1).prop_map(move |inner| format!("{head} {{ {inner} }}"))
    };
    let one = match ty {
        "Query" => prop_oneof![
            leaf,
            below("thing(id: \"1\")", "Thing"),
            below("any", "Any"),
            below("car", "Car"),
            below("cars(first: 3)", "Car")
        ]
        .boxed(),
        "Any" => prop_oneof![leaf, below("... on Thing", "Thing"), below("... on Car", "Car")].boxed(),
        "Car" => prop_oneof![
            leaf,
            below("other", "Thing"),
            below("... @include(if: $yes)", "Car"),
            below("... on Thing", "Thing")
        ]
        .boxed(),
        _ => prop_oneof![
            leaf,
            below("other", "Thing"),
            below("things(first: 2)", "Thing"),
            below("... on Car", "Car"),
            below("...", "Thing")
        ]
        .boxed(),
    };
    prop::collection::vec(one, 1..4).prop_map(|all| all.join(" ")).boxed()
}

/// A valid operation, with its variables.
fn operation() -> impl Strategy<Value = (String, Map<String, Value>)> {
    (selections("Query", 4), any::<bool>(), any::<bool>()).prop_map(|(inner, yes, no)| {
        // The variables are used here in any case.
        let used = "u: __typename @include(if: $yes) @skip(if: $no)";
        let text = format!("query($yes: Boolean!, $no: Boolean!) {{ {used} {inner} }}");
        let variables = json!({ "yes": yes, "no": no });
        (text, variables.as_object().cloned().unwrap_or_default())
    })
}

/// The selections without their places in the text.
fn placeless(selections: &[Selection]) -> Vec<Value> {
    let one = |selection: &Selection| match selection {
        Selection::Field(Field { key, name, arguments, selections, .. }) => {
            json!([key, name, arguments, placeless(selections)])
        }
        Selection::On { type_name, selections } => json!({ type_name: placeless(selections) }),
    };
    selections.iter().map(one).collect()
}

/// Sees that no response key is executed twice for any type.
fn assert_once(selections: &[Selection]) {
    for ty in ["Car", "Bus"] {
        let mut keys = HashSet::new();
        assert_once_for(selections, ty, &mut keys);
    }
}

fn assert_once_for<'a>(selections: &'a [Selection], ty: &str, keys: &mut HashSet<&'a str>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                assert!(keys.insert(&field.key), "{} is executed twice on {ty}", field.key);
                assert_once(&field.selections);
            }
            Selection::On { type_name, selections } => {
                if type_name == ty || ["Thing", "Any"].contains(&type_name.as_str()) {
                    assert_once_for(selections, ty, keys);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let _ = plan(&guard(), &text, &Map::new());
    }

    #[test]
    fn any_row_of_signs_is_answered(words in prop::collection::vec(prop_oneof![
        Just("{"), Just("}"), Just("("), Just(")"), Just("["), Just("]"), Just("..."), Just(":"), Just("="), Just("$a"),
        Just("@skip"), Just("(if: true)"), Just("query"), Just("fragment F on Car"), Just("...F"), Just("on"), Just("car"),
        Just("id"), Just("1"), Just("\"s\""), Just("\"\"\"b\"\"\""), Just("-"), Just("é"), Just("\u{feff}"), Just("#c\n"), Just("&"),
    ], 0..60)) {
        let _ = plan(&guard(), &words.join(" "), &Map::new());
    }

    #[test]
    fn what_is_valid_is_planned_once((text, variables) in operation()) {
        match plan(&guard(), &text, &variables) {
            Ok(plan) => assert_once(&plan.selections),
            // Only the limits can refuse it.
            Err(problems) => prop_assert!(problems.iter().all(|problem| problem.code.as_str().starts_with("MAX_")), "{text}: {problems:?}"),
        }
    }

    #[test]
    fn saying_it_twice_changes_nothing((text, variables) in operation()) {
        let (head, inner) = text.split_once(") {").unwrap();
        let inner = inner.strip_suffix('}').unwrap();
        let twice = format!("{head}) {{ {inner} {inner} }}");
        let by_fragments = format!("{head}) {{ ...F ... {{ ...F }} }} fragment F on Query {{ {inner} }}");
        let guard = guard();
        if let Ok(once) = plan(&guard, &text, &variables) {
            for other in [twice, by_fragments] {
                if let Ok(other) = plan(&guard, &other, &variables) {
                    prop_assert_eq!(placeless(&once.selections), placeless(&other.selections));
                    prop_assert_eq!(once.cost, other.cost);
                }
            }
        }
    }

    #[test]
    fn variables_of_any_kind_are_answered(value in json_values()) {
        let text = "query($f: Filter, $s: [Size!], $i: Int, $d: ID) { cars(first: $i) { seats: wheels(of: SMALL) } thing(id: $d) { ... on Bus { seats(of: $f) } } a: any(size: LARGE) { __typename } }";
        let variables = ["f", "s", "i", "d"].iter().map(|name| ((*name).to_owned(), value.clone())).collect();
        let _ = plan(&guard(), text, &variables);
        let one = "query($f: Filter) { thing { ... on Bus { seats(of: $f) } } }";
        let variables = std::iter::once(("f".to_owned(), value)).collect();
        let _ = plan(&guard(), one, &variables);
    }
}

fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[A-Za-z]{0,6}".prop_map(Value::from),
        Just(Value::from("SMALL")),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let name = prop_oneof![Just("and"), Just("size"), Just("min"), Just("max"), Just("nope")];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..4).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

fn codes(text: &str) -> Vec<&'static str> {
    match plan(&guard(), text, &Map::new()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| problem.code.as_str()).collect(),
    }
}

#[test]
fn a_mutation_that_is_said_twice_is_executed_once() {
    let guard = guard();
    let once = plan(&guard, "mutation { paint(id: 1) { id } }", &Map::new()).unwrap();
    let twice = "mutation { paint(id: 1) { id } ...F ... { paint(id: 1) { id } } } fragment F on Mutation { paint(id: 1) { id } }";
    assert_eq!(placeless(&once.selections), placeless(&plan(&guard, twice, &Map::new()).unwrap().selections));
    assert_eq!(codes("mutation { paint(id: 1) { id } paint(id: 2) { id } }"), ["GRAPHQL_VALIDATION_FAILED"]);
}

#[test]
fn a_variable_that_was_left_out_is_not_null() {
    let guard = guard();
    let text = "query($s: Size, $f: Int) { any(size: $s) { __typename } cars(first: $f) { id } }";
    let arguments = |variables: Value| {
        let plan = plan(&guard, text, variables.as_object().unwrap()).unwrap();
        let fields = plan.selections.into_iter().filter_map(|selection| match selection {
            Selection::Field(field) => Some(field.arguments),
            Selection::On { .. } => None,
        });
        fields.flatten().collect::<Vec<_>>()
    };
    assert_eq!(arguments(json!({})), []);
    assert_eq!(
        arguments(json!({ "s": null, "f": 2 })),
        [("size".to_owned(), Value::Null), ("first".to_owned(), json!(2))]
    );
}

#[test]
fn hints_are_given_only_with_introspection() {
    let types = Arc::new(Types::parse(SCHEMA, |_, _| None).unwrap());
    let closed = Guard::new(types, Options { introspection: false, ..Options::default() });
    let told = |guard: &Guard, text: &str| {
        guard.document(text).unwrap_err().into_iter().map(|problem| problem.message).collect::<String>()
    };
    for (text, hint) in [
        ("{ carz { id } }", "car"),
        ("{ car { idd } }", "id"),
        ("{ cars(frist: 1) { id } }", "first"),
        ("{ any(size: SMAL) { __typename } }", "SMALL"),
        ("{ thing { ... on Buss { id } } }", "Bus"),
    ] {
        let quoted = format!("Did you mean \"{hint}\"");
        assert!(told(&guard(), text).contains(&quoted), "{}", told(&guard(), text));
        assert!(!told(&closed, text).contains(&quoted), "{}", told(&closed, text));
    }
    assert!(told(&closed, "{ __schema { types { name } } }").contains("switched off"));
    assert!(
        told(&closed, "{ ...F } fragment F on Query { __type(name: \"Car\") { name } }")
            .contains("switched off")
    );
    assert!(closed.document("{ __typename }").is_ok());
}

#[test]
fn the_cost_counts_what_an_answer_may_hold() {
    let guard = guard();
    let cost = |text: &str| plan(&guard, text, &Map::new()).unwrap().cost;
    assert_eq!(cost("{ car { id name } }"), 3);
    assert_eq!(cost("{ cars(first: 5) { id name } }"), 1 + 10 + 5 + 5 * 2);
    assert_eq!(cost("{ cars { id } }"), 1 + 10 + 20 + 20, "a page of the usual size");
    assert_eq!(
        cost("{ cars(first: 1000) { id } }"),
        1 + 10 + 100 + 100,
        "no page is larger than the largest"
    );
    assert_eq!(
        cost("{ car { id } __schema { types { fields { name } } } }"),
        2 + 1,
        "the schema is not executed"
    );
    assert_eq!(cost("{ thing { things(ids: [1, 2, 3]) { id } } }"), 1 + 1 + 10 + 20 + 20, "pages come first");
    assert_eq!(
        cost("{ any { ... on Car { id name } ... on Bus { id } } }"),
        1 + 2,
        "types exclude each other"
    );
    let limits = Limits { cost: 30, ..Limits::default() };
    let types = Arc::new(Types::parse(SCHEMA, |_, _| None).unwrap());
    let strict = Guard::new(types, Options { limits, ..Options::default() });
    let refused = plan(&strict, "{ cars(first: 10) { id } }", &Map::new()).unwrap_err();
    assert_eq!(refused[0].code.as_str(), "MAX_COST_EXCEEDED");
}

#[test]
fn type_names_everywhere_are_not_multiplied() {
    let guard = guard();
    let nested = (0..7).fold("id".to_owned(), |inner, _| {
        format!(
            "other {{ __typename ... on Car {{ __typename wheels }} ... on Bus {{ __typename }} {inner} }}"
        )
    });
    let plan = plan(
        &guard,
        &format!("{{ thing {{ {nested} }} any {{ ... on Thing {{ __typename id }} __typename }} }}"),
        &Map::new(),
    );
    let plan = plan.unwrap();
    let written = serde_json::to_string(&placeless(&plan.selections)).unwrap();
    assert_eq!(written.matches("__typename\",\"__typename").count(), 7 + 1, "{written}");
}

#[test]
fn a_document_is_read_once() {
    let guard = guard();
    let first = guard.document("{ car { id } }").unwrap();
    let second = guard.document("{ car { id } }").unwrap();
    assert!(Arc::ptr_eq(&first, &second));
}
