//! The schema as a subgraph: entities by their keys, and the text that gateways compose.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
};

use serde_json::{Map, Value, json};
use stackfit_graphql::{Limits, Options, Schema, sdl, subgraph_sdl};
use stackfit_server::config::Config;
use stackfit_tests::{TestApp, app::Answer, database::now, on_both};

use crate::nodes::{EVERYTHING, ids};

const ENTITIES: &str = "query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Node { id }
    ... on Fact { code } ... on Technology { slug } ... on Organization { slug } ... on CaseStudy { slug }
    ... on Source { slug } ... on Term { slug } ... on SelectionCriterion { slug } ... on Checklist { slug } } }";

async fn entities(app: &TestApp, representations: &Value) -> Answer {
    app.ask(ENTITIES, json!({ "of": representations })).await
}

/// What stands for things: all types of nodes, the keys included.
async fn things(app: &TestApp) -> Vec<Value> {
    let mut found = BTreeSet::new();
    for document in EVERYTHING {
        ids(&app.data(document).await, &mut found);
    }
    let by_id: Vec<Value> = found.iter().map(|(id, name)| json!({ "__typename": name, "id": id })).collect();
    let mut things = Vec::new();
    for chunk in by_id.chunks(1_000) {
        things.extend(entities(app, &json!(chunk)).await.data()["_entities"].as_array().unwrap().clone());
    }
    assert_eq!(things.len(), by_id.len());
    for (thing, asked) in things.iter().zip(&by_id) {
        assert_eq!((&thing["__typename"], &thing["id"]), (&asked["__typename"], &asked["id"]));
    }
    things
}

/// A few things of each type.
async fn some_of_each(app: &TestApp, most: usize) -> Vec<Value> {
    let mut by_type: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for thing in things(app).await {
        by_type.entry(thing["__typename"].as_str().unwrap().to_owned()).or_default().push(thing);
    }
    by_type.into_values().flat_map(|things| things.into_iter().take(most)).collect()
}

/// What a representation is told that cannot be read, after the place where it stands.
const MALFORMED: &[(&str, &str)] = &[
    ("1", ": must be an object"),
    (r#""Framework""#, ": must be an object"),
    (r#"[{ "__typename": "Framework", "slug": "django" }]"#, ": must be an object"),
    ("{}", ": must have a `__typename`"),
    (r#"{ "slug": "django" }"#, ": must have a `__typename`"),
    (r#"{ "__typename": null, "slug": "django" }"#, ": must have a `__typename`"),
    (r#"{ "__typename": 1, "slug": "django" }"#, ": must have a `__typename`"),
    (r#"{ "__typename": "", "slug": "django" }"#, ": `` is no type of an entity."),
    (r#"{ "__typename": "Widget", "slug": "django" }"#, ": `Widget` is no type of an entity."),
    (r#"{ "__typename": "Query", "id": "1" }"#, ": `Query` is no type of an entity."),
    (r#"{ "__typename": "PageInfo", "id": "1" }"#, ": `PageInfo` is no type of an entity."),
    (r#"{ "__typename": "Node", "id": "AVen-iP4J1A6o2tdNnYVilk" }"#, ": `Node` is no type of an entity."),
    (
        r#"{ "__typename": "_Entity", "id": "AVen-iP4J1A6o2tdNnYVilk" }"#,
        ": `_Entity` is no type of an entity.",
    ),
    (r#"{ "__typename": "framework", "slug": "django" }"#, ": `framework` is no type of an entity."),
    (r#"{ "__typename": "Framework" }"#, ": must have a key of Framework: id or slug."),
    (r#"{ "__typename": "Framework", "name": "Django" }"#, ": must have a key of Framework: id or slug."),
    (r#"{ "__typename": "Framework", "code": "F88" }"#, ": must have a key of Framework: id or slug."),
    (r#"{ "__typename": "Framework", "slug": null }"#, ": must have a key of Framework: id or slug."),
    (r#"{ "__typename": "Trait", "slug": "f88" }"#, ": must have a key of Trait: id or code."),
    (r#"{ "__typename": "Change", "slug": "x" }"#, ": must have a key of Change: id."),
    (r#"{ "__typename": "Framework", "slug": 1 }"#, ".slug: must be a string."),
    (r#"{ "__typename": "Framework", "slug": true }"#, ".slug: must be a string."),
    (r#"{ "__typename": "Framework", "slug": ["django"] }"#, ".slug: must be a string."),
    (r#"{ "__typename": "Framework", "slug": { "eq": "django" } }"#, ".slug: must be a string."),
    (r#"{ "__typename": "Framework", "slug": "Ruby on Rails" }"#, ".slug: `Ruby on Rails` is not a slug"),
    (r#"{ "__typename": "Framework", "slug": "" }"#, ".slug: `` is not a slug"),
    (r#"{ "__typename": "Framework", "id": 1 }"#, ".id: must be a string."),
    (r#"{ "__typename": "Framework", "id": "1" }"#, ".id: is not an id of this API"),
    (r#"{ "__typename": "Framework", "id": "1", "slug": "django" }"#, ".id: is not an id of this API"),
    (r#"{ "__typename": "Trait", "code": "F 88" }"#, ".code: `F 88` is not a fact code"),
    (r#"{ "__typename": "Trait", "code": 88 }"#, ".code: must be a string."),
    // The id of Django.
    (
        r#"{ "__typename": "Organization", "id": "AVen-iP4J1A6o2tdNnYVilk" }"#,
        ".id: is the id of a thing of another type than Organization.",
    ),
    (
        r#"{ "__typename": "Trait", "id": "AVen-iP4J1A6o2tdNnYVilk" }"#,
        ".id: is the id of a thing of another type than Trait.",
    ),
    (
        r#"{ "__typename": "Change", "id": "AVen-iP4J1A6o2tdNnYVilk" }"#,
        ".id: is the id of a thing of another type than Change.",
    ),
    (
        r#"{ "__typename": "Component", "id": "AVen-iP4J1A6o2tdNnYVilk" }"#,
        ".id: is the id of a thing of type Framework, not Component.",
    ),
    (
        r#"{ "__typename": "Component", "id": "AVen-iP4J1A6o2tdNnYVilk", "slug": "django" }"#,
        ".id: is the id of a thing of type Framework",
    ),
    // The id of F88.
    (
        r#"{ "__typename": "Metric", "id": "FNm9K0bC61YYt-mYqfBvvsM" }"#,
        ".id: is the id of a thing of type Trait, not Metric.",
    ),
];

/// What is well-formed, and nothing is there.
const UNKNOWN: &[&str] = &[
    r#"{ "__typename": "Framework", "slug": "no-such-framework" }"#,
    // It is a language, and a Backend as a Service.
    r#"{ "__typename": "Framework", "slug": "python" }"#,
    r#"{ "__typename": "Framework", "slug": "supabase" }"#,
    r#"{ "__typename": "Term", "slug": "django" }"#,
    r#"{ "__typename": "Technology", "slug": "nothing" }"#,
    r#"{ "__typename": "Framework", "id": "AVen-iP4J1A6o2tdNnYVAAA" }"#,
    r#"{ "__typename": "Fact", "code": "F9999" }"#,
    r#"{ "__typename": "Metric", "code": "F88" }"#,
    r#"{ "__typename": "Change", "id": "FQD_________" }"#,
    // The keys stand for different things.
    r#"{ "__typename": "Framework", "id": "AVen-iP4J1A6o2tdNnYVilk", "slug": "flask" }"#,
    r#"{ "__typename": "Framework", "id": "AVen-iP4J1A6o2tdNnYVilk", "slug": "python" }"#,
    r#"{ "__typename": "Trait", "id": "FNm9K0bC61YYt-mYqfBvvsM", "code": "F90" }"#,
];

fn django() -> Value {
    json!({ "__typename": "Framework", "slug": "django" })
}

fn read(texts: impl Iterator<Item = &'static str>) -> Vec<Value> {
    texts.map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// The lines of the definition of a type.
fn definition<'a>(schema: &'a str, head: &str) -> Vec<&'a str> {
    let lines = schema.lines().skip_while(|line| !line.starts_with(head));
    lines.take_while(|line| *line != "}").collect()
}

#[test]
fn every_node_has_each_of_its_names_as_a_key() {
    let subgraph = subgraph_sdl();
    let nodes: Vec<&str> = subgraph
        .lines()
        .filter(|line| line.starts_with("type ") && line.contains("Node"))
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert!(nodes.len() >= 25, "{nodes:?}");
    for node in nodes.iter().chain(&["Technology", "Fact"]) {
        let word = if ["Technology", "Fact"].contains(node) { "interface" } else { "type" };
        let lines = definition(subgraph, &format!("{word} {node} "));
        for (key, ty) in [("id", "ID!"), ("slug", "String!"), ("code", "String!")] {
            let has = lines.contains(&format!("  {key}: {ty}").as_str());
            let is_key = lines[0].contains(&format!("@key(fields: \"{key}\")"));
            assert_eq!(has, is_key, "{node}.{key}");
        }
        assert!(lines[0].contains("@key(fields: \"id\")"), "{node}");
    }
    let members = sdl();
    let members = members.lines().find_map(|line| line.strip_prefix("union _Entity = ")).unwrap();
    let members: BTreeSet<&str> = members.split(" | ").collect();
    assert_eq!(members, nodes.iter().copied().collect());
}

#[test]
fn what_gateways_add_themselves_is_not_in_the_subgraph() {
    let subgraph = subgraph_sdl();
    for name in
        ["_Any", "_Entity", "_Service", "_entities", "_service", "directive @skip", "directive @include"]
    {
        assert!(!subgraph.contains(name), "{name}");
    }
    assert!(
        subgraph.starts_with("schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [")
    );
    assert!(subgraph.contains("\ntype PageInfo @shareable {"));
    assert!(subgraph.contains("\ninput ConstraintInput @oneOf {"));
}

on_both! {
    async fn everything_is_found_by_each_of_its_keys(app) {
        let things = some_of_each(&app, 40).await;
        let types: BTreeSet<&str> = things.iter().map(|thing| thing["__typename"].as_str().unwrap()).collect();
        assert_eq!(types.len(), 25, "every type of node is tried: {types:?}");
        for key in ["id", "slug", "code"] {
            let having: Vec<&Value> = things.iter().filter(|thing| thing.get(key).is_some()).collect();
            assert!(having.len() > 100, "{key}");
            for chunk in having.chunks(1_000) {
                let by_key: Vec<Value> = chunk
                    .iter()
                    .map(|thing| json!({ "__typename": thing["__typename"], key: thing[key] }))
                    .collect();
                assert_eq!(entities(&app, &json!(by_key)).await.data()["_entities"], json!(chunk), "{key}");
            }
        }
        // By all keys at once, with more fields than keys.
        assert_eq!(entities(&app, &json!(things[..500])).await.data()["_entities"], json!(things[..500]));
    }

    async fn a_hundred_cost_as_many_statements_as_one(app) {
        let things = some_of_each(&app, 100).await;
        let named: Vec<&Value> = things.iter().filter(|thing| thing["__typename"] == "Framework").collect();
        let slugs = |many: usize| -> Value {
            named.iter().cycle().take(many).map(|thing| json!({ "__typename": "Framework", "slug": thing["slug"] })).collect()
        };
        assert!(named.len() >= 20);
        for many in [1, 20, 100, 1_000] {
            assert_eq!(entities(&app, &slugs(many)).await.statements, 1, "{many}");
        }
        let one_of_each = some_of_each(&app, 1).await;
        let few = entities(&app, &json!(one_of_each)).await;
        let many = entities(&app, &json!(things[..things.len().min(1_000)])).await;
        assert!(many.body["data"]["_entities"].as_array().unwrap().len() > 500);
        // Technologies, six other sorts of subjects, facts and changes.
        assert_eq!((few.statements, many.statements), (9, 9));
        // What is asked of them goes out together, too.
        let document = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Framework { pros { citations { locator } } } } }";
        let answer = app.ask(document, json!({ "of": slugs(50) })).await;
        assert_eq!(answer.statements, 3, "{:#}", answer.body["errors"]);
    }

    async fn what_is_not_there_is_null_without_an_error(app) {
        let mut representations = read(UNKNOWN.iter().copied());
        let mut expected = vec![Value::Null; representations.len()];
        for place in [0, representations.len() / 2, representations.len()] {
            representations.insert(place, django());
            expected.insert(place, json!({ "__typename": "Framework" }));
        }
        let document = "query($of: [_Any!]!) { _entities(representations: $of) { __typename } }";
        let data = app.ask(document, json!({ "of": representations })).await.data();
        assert_eq!(data, json!({ "_entities": expected }));
        let none = app.ask(document, json!({ "of": [] })).await;
        assert_eq!((none.statements, none.data()), (0, json!({ "_entities": [] })));
    }

    async fn what_is_malformed_is_told_at_its_place_and_spoils_nothing(app) {
        let mut representations = vec![django()];
        representations.extend(read(MALFORMED.iter().map(|(text, _)| *text)));
        representations.push(django());
        let last = representations.len() - 1;
        let answer = entities(&app, &json!(representations)).await;
        let found = answer.body["data"]["_entities"].as_array().unwrap();
        for (place, entity) in found.iter().enumerate() {
            assert_eq!(entity.is_null(), place != 0 && place != last, "{place}: {entity}");
        }
        let errors = answer.body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), MALFORMED.len(), "{errors:#?}");
        let mut by_place: BTreeMap<u64, &Value> = BTreeMap::new();
        for error in errors {
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{error}");
            assert_eq!(error["path"][0], "_entities");
            by_place.insert(error["path"][1].as_u64().unwrap(), error);
        }
        for (place, (text, told)) in (1..).zip(MALFORMED) {
            let message = by_place[&place]["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("representations[{place}]{told}")), "{text}: {message}");
            let field = by_place[&place]["extensions"]["field"].as_str().unwrap();
            assert!(message.starts_with(&format!("{field}: ")), "{field}: {message}");
        }
    }

    async fn representations_may_stand_in_the_document(app) {
        let document = "query($slug: String!) {
            a: _entities(representations: [{ __typename: \"Framework\", slug: \"django\", name: { is: [1, 2.5, null, RED] } }]) { ... on Framework { name } }
            b: _entities(representations: { __typename: \"Technology\", slug: $slug }) { __typename ... on Technology { name } }
            c: _entities(representations: [{ __typename: \"Fact\", code: \"F88\" }]) { __typename ... on Fact { verdict } ... on Trait { code } }
        }";
        let data = app.ask(document, json!({ "slug": "python" })).await.data();
        assert_eq!(data["a"], json!([{ "name": "Django" }]));
        assert_eq!(data["b"], json!([{ "__typename": "Component", "name": "Python" }]));
        assert_eq!(data["c"], json!([{ "__typename": "Trait", "verdict": "CONTRADICTED", "code": "F88" }]));
    }

    async fn a_field_that_fails_spoils_its_entity_only(app) {
        let document = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Framework { name facts(first: 101) { totalCount } } ... on Component { name } } }";
        let answer = app.ask(document, json!({ "of": [django(), { "__typename": "Component", "slug": "python" }] })).await;
        assert_eq!(answer.body["data"]["_entities"], json!([null, { "name": "Python" }]));
        assert_eq!(answer.body["errors"][0]["path"], json!(["_entities", 0, "facts"]));
    }

    async fn more_than_a_thousand_are_refused(app) {
        let document = "query($of: [_Any!]!) { _entities(representations: $of) { __typename } }";
        let of = |many: usize| json!({ "of": vec![django(); many] });
        let data = app.ask(document, of(1_000)).await.data();
        assert_eq!(data["_entities"].as_array().unwrap().len(), 1_000);
        // The guard refuses longer lists of all sorts.
        let told = app.ask(document, of(1_001)).await.errors();
        assert_eq!(told, ["MAX_LIST_EXCEEDED: A list among the variables is too long: 1001; allowed are 1000."]);
        // The field has a limit of its own, whatever the guard lets through.
        let limits = Limits { list: 2_000, ..Limits::default() };
        let schema = Schema::new(Options { limits, ..Options::default() }, NonZeroUsize::MIN);
        let variables: Map<String, Value> = serde_json::from_value(of(1_001)).unwrap();
        let prepared = schema.prepare(schema.document(document).unwrap(), None, &variables).unwrap();
        let answer = schema.execute(prepared, app.database.open().await.reader(now().date_naive()), "request").await;
        let answer = serde_json::to_value(answer).unwrap();
        assert_eq!(answer["errors"][0]["message"], "representations: holds 1001 representations; allowed are 1000.");
        assert_eq!(answer["errors"][0]["extensions"], json!({ "code": "BAD_USER_INPUT", "field": "representations" }));
        assert_eq!(answer["errors"][0]["path"], json!(["_entities"]));
    }

    async fn a_request_asks_for_a_bounded_number_under_all_names(app) {
        let document = |times: usize| {
            let asked = |number| format!("a{number}: _entities(representations: $of) {{ __typename }} ");
            let fields: String = (0..times).map(asked).collect();
            format!("query($of: [_Any!]!) {{ {fields} }}")
        };
        let of = json!({ "of": vec![django(); 1_000] });
        assert_eq!(app.ask(&document(2), of.clone()).await.data().as_object().unwrap().len(), 2);
        let refused = app.ask(&document(3), of).await;
        assert_eq!(refused.errors(), ["MAX_COST_EXCEEDED: The document holds 3000 representations; allowed are 2000 in one request."]);
        assert_eq!(refused.statements, 0);
    }

    async fn the_cost_is_in_proportion_to_the_representations(app) {
        let app = app.with(Config { max_cost: 2_001, ..Config::default() }).await;
        // One field each of the dearest type; the same twice would be too much.
        let document = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Framework { name slug } ... on Component { name } } }";
        assert_eq!(app.ask(document, json!({ "of": vec![django(); 1_000] })).await.errors(), Vec::<String>::new());
        let document = "query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Framework { name slug } } }";
        let told = app.ask(document, json!({ "of": vec![django(); 1_000] })).await.errors();
        assert!(told[0].ends_with(": 3001; allowed are 2001."), "{told:?}");
        assert_eq!(app.ask(document, json!({ "of": vec![django(); 10] })).await.errors(), Vec::<String>::new());
    }

    async fn the_text_is_told_like_the_schema(app) {
        let data = app.data("{ _service { __typename sdl } }").await;
        assert_eq!(data, json!({ "_service": { "__typename": "_Service", "sdl": subgraph_sdl() } }));
        let one = app.data("query($no: Boolean = false) { a: _service { ...S } technology(slug: \"django\") { name } } fragment S on _Service { b: sdl @skip(if: $no) }").await;
        assert_eq!(one["a"]["b"], subgraph_sdl());
        let times = |times: usize, selection: &str| (0..times).map(|number| format!("a{number}: {selection}")).collect::<Vec<_>>().join(" ");
        for document in [
            format!("{{ {} }}", times(6, "_service { sdl }")),
            format!("{{ _service {{ {} }} }}", times(100, "sdl")),
        ] {
            let told = app.errors(&document).await;
            assert!(told[0].starts_with("MAX_INTROSPECTION_EXCEEDED"), "{told:?}");
        }
    }

    async fn where_the_schema_is_not_told_entities_are(app) {
        let app = app.with(Config { introspection: false, ..Config::default() }).await;
        for document in ["{ _service { sdl } }", "{ a: _service { __typename } }", "{ ...F } fragment F on Query { _service { sdl } }"] {
            let answer = app.ask(document, Value::Null).await;
            assert_eq!(answer.errors(), ["GRAPHQL_VALIDATION_FAILED: This server does not tell its schema: introspection is switched off. Compose what `stackfit schema print --federation` prints."]);
            assert_eq!(answer.body.get("data"), None);
        }
        assert_eq!(entities(&app, &json!([django()])).await.data()["_entities"][0]["slug"], "django");
    }
}
