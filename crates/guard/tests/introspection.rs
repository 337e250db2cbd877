//! What the committed schema may be asked about itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::{collections::HashSet, sync::Arc};

use apollo_compiler::{
    Name,
    ast::{Definition, Document},
};
use serde_json::Map;
use stackfit_guard::{Guard, Limits, Options, Plan, Problems, Types};

/// The document with which graphql-js asks for all that a schema tells; `introspection.test.mjs` sees that it is.
const STANDARD: &str = include_str!("introspection.graphql");
const SCHEMA: &str = include_str!("../../../schema/schema.graphql");

/// The schema, and all its types once more under other names.
fn doubled() -> String {
    let document = Document::parse(SCHEMA, "schema.graphql").unwrap();
    let is_type = |definition: &&Definition| {
        !matches!(definition, Definition::DirectiveDefinition(_) | Definition::SchemaDefinition(_))
    };
    let types: Vec<&Definition> = document.definitions.iter().filter(is_type).collect();
    let names: HashSet<&str> = types.iter().filter_map(|ty| ty.name()).map(Name::as_str).collect();
    let text = types.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
    let again = |word: &str| {
        let name = word.trim_end_matches(is_end);
        let more = if names.contains(name) { "Again" } else { "" };
        [name, more, word.strip_prefix(name).unwrap()].concat()
    };
    let again: String = text.split_inclusive(is_end).map(again).collect();
    format!("{SCHEMA}\n{again}")
}

fn ask(schema: &str, text: &str) -> Result<Plan, Problems> {
    let types = Types::parse(schema, |_, _| None).unwrap();
    let guard = Guard::new(Arc::new(types), Options::default());
    guard.plan(&*guard.document(text)?, None, &Map::new())
}

/// How many bytes a schema tells of itself.
fn told(schema: &str, text: &str) -> usize {
    let plan = ask(schema, text).unwrap();
    plan.keys.iter().map(|(_, known)| known.as_ref().unwrap().get().len()).sum()
}

#[test]
fn tools_read_the_whole_schema_far_below_the_limit() {
    let (once, twice) = (told(SCHEMA, STANDARD), told(&doubled(), STANDARD));
    assert!(once > 300_000, "{once}: it is the whole schema");
    assert!(twice > once * 19 / 10, "{twice}: the schema is doubled");
    assert!(twice < Limits::default().introspection_bytes / 4 * 3, "{twice}: there is room to grow");
    assert_eq!(ask(SCHEMA, STANDARD).unwrap().cost, 1);
}

/// A selection under many names.
fn repeated(times: usize, selection: &str) -> String {
    (0..times).map(|number| format!("a{number}: {selection}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_answer_never_is_longer_than_its_limit() {
    for times in [1, 10, 40, 70, 100, 199] {
        for selection in [
            "description",
            "kind",
            "enumValues(includeDeprecated: true) { name description }",
            "possibleTypes { name description }",
            "inputFields { defaultValue }",
            "fields { name @skip(if: true) }",
        ] {
            // The limit of directives comes before.
            if selection.contains('@') && times > 100 {
                continue;
            }
            let text = format!("{{ __schema {{ types {{ {} }} }} }}", repeated(times, selection));
            match ask(SCHEMA, &text) {
                Ok(plan) => {
                    let length = plan.keys[0].1.as_ref().unwrap().get().len();
                    assert!(length <= Limits::default().introspection_bytes, "{text}: {length}");
                }
                Err(problems) => {
                    assert_eq!(problems[0].code.as_str(), "MAX_INTROSPECTION_EXCEEDED", "{text}");
                }
            }
        }
    }
}

#[test]
fn all_answers_of_an_operation_share_the_limit() {
    let limits = |introspection_bytes| Limits { introspection_bytes, ..Limits::default() };
    let types = Arc::new(Types::parse("type Query { a: Int }", |_, _| None).unwrap());
    let text = "{ a: __type(name: \"Query\") { name } b: __type(name: \"Query\") { name } c: __typename }";
    let length = 2 * "{\"name\":\"Query\"}".len() + "\"Query\"".len();
    for (allowed, is_answered) in [(length, true), (length - 1, false)] {
        let guard = Guard::new(Arc::clone(&types), Options { limits: limits(allowed), ..Options::default() });
        let plan = guard.plan(&guard.document(text).unwrap(), None, &Map::new());
        assert_eq!(plan.is_ok(), is_answered);
        if let Err(problems) = plan {
            assert!(problems[0].message.contains(&format!("allowed are {allowed}")), "{problems:?}");
        }
    }
}

#[test]
fn gateways_are_told_the_schema_as_a_text_within_the_same_limits() {
    let schema = "type Query { a: Int _service: _Service! } type _Service { sdl: String! }";
    let text = "{ _service { __typename b: sdl } c: _service { sdl } }";
    let parsed = || Types::parse(schema, |_, _| None).unwrap();
    let ask = |types: Types, introspection: bool, introspection_bytes: usize| {
        let limits = Limits { introspection_bytes, ..Limits::default() };
        let guard = Guard::new(Arc::new(types), Options { limits, introspection, ..Options::default() });
        guard.plan(&*guard.document(text)?, None, &Map::new())
    };
    let told = ["{\"__typename\":\"_Service\",\"b\":\"x\\ny\"}", "{\"sdl\":\"x\\ny\"}"];
    let length = told.iter().map(|part| part.len()).sum();
    let subgraph = || parsed().with_subgraph("x\ny".to_owned());
    let plan = ask(subgraph(), true, length).unwrap();
    let known: Vec<&str> = plan.keys.iter().map(|(_, known)| known.as_ref().unwrap().get()).collect();
    assert_eq!((known.as_slice(), plan.selections.len(), plan.cost), (told.as_slice(), 0, 2));
    let refused = ask(subgraph(), true, length - 1).unwrap_err();
    assert_eq!(refused[0].code.as_str(), "MAX_INTROSPECTION_EXCEEDED");
    let refused = ask(subgraph(), false, length).unwrap_err();
    assert!(refused[0].message.contains("introspection is switched off"), "{refused:?}");
    // A schema that is no part of a larger one may mean something else by the name.
    let plan = ask(parsed(), true, length).unwrap();
    assert_eq!(
        (plan.keys.iter().filter(|(_, known)| known.is_none()).count(), plan.selections.len()),
        (2, 2)
    );
}
