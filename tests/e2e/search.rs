//! Search: the same things first on both databases, whatever is typed.

use sea_orm_migration::sea_orm::{
    ConnectionTrait, Database as Connection, DatabaseConnection, DbBackend, Statement,
};
use serde_json::{Value, json};
use stackfit_domain::{
    catalogue::{Entity, Part},
    origin::Origin,
    search::{Query, SearchScope},
};
use stackfit_migrations::{Migrator, MigratorTrait};
use stackfit_persistence::import::Options;
use stackfit_tests::{
    TestApp,
    database::{Database, Engine, catalogue, now},
    on_both,
};
use strum::VariantArray;

/// What names a thing: its slug or its code.
const NODE: &str = "__typename ... on Technology { slug } ... on Organization { slug } ... on CaseStudy { slug } \
     ... on Source { slug } ... on Term { slug } ... on Fact { code }";

/// Queries with what is found first, and how it is found.
const FIRST: &[(&str, f64, &[&str])] = &[
    // Names, other names and slugs, however they are written.
    ("Django", 1.0, &["django"]),
    ("  dJANGO! ", 1.0, &["django"]),
    (".NET", 1.0, &["dotnet", "dotnet-framework"]),
    ("C#", 1.0, &["csharp"]),
    ("node.js", 1.0, &["nodejs"]),
    ("Node JS", 1.0, &["nodejs"]),
    ("ruby-on-rails", 1.0, &["ruby-on-rails"]),
    ("rails", 1.0, &["ruby-on-rails"]),
    ("Rúbý ön Ráils", 1.0, &["ruby-on-rails"]),
    ("spring", 1.0, &["spring-framework", "spring-boot"]),
    ("react", 1.0, &["react", "react-native"]),
    ("BaaS", 1.0, &["backend-as-a-service"]),
    ("what is the App Store?", 0.95, &["app-store"]),
    ("F88", 1.0, &["F88"]),
    ("f88", 1.0, &["F88"]),
    ("django.capability.orm", 1.0, &["django.capability.orm"]),
    // Beginnings and other forms.
    ("postgre", 0.9, &["postgresql"]),
    ("boilerplat", 0.55, &["F164"]),
    ("frameworks selection", 0.9, &["framework-selection"]),
    // Typing errors, and those of sources.
    ("djngo", 0.7, &["django"]),
    ("larvel", 0.7, &["laravel", "laravel-vapor", "laravel-cloud"]),
    ("supbase", 0.7, &["supabase"]),
    ("javscript", 0.7, &["javascript"]),
    ("postgersql", 0.7, &["postgresql"]),
    ("discus", 1.0, &["disqus"]),
    ("hot recharging", 0.4, &["F263"]),
    ("cross-scripting", 0.6, &["F93"]),
    // Titles before texts.
    ("instagram", 1.0, &["instagram", "instagram-django"]),
    ("c++", 0.6, &["react-native.pro.direct-calls"]),
    ("postgresql laravel", 0.4, &["postgresql.laravel-first-party"]),
    // All words but one, when nothing has all.
    ("postgresql laravel qqxyzzy", 0.1, &["postgresql.laravel-first-party"]),
];

/// What somebody may type to hurt or by mistake: each is refused under its name, or finds something or nothing.
const HOSTILE: &[&str] = &[
    "",
    "   ",
    "!?",
    "\"",
    "\"\"\"",
    "'",
    "\\",
    "%",
    "_",
    "*",
    "🦀",
    "a\0b",
    "\u{0}",
    "a\nb",
    "django\"",
    "\"django",
    "'django'",
    "django AND",
    "AND OR NOT",
    "NOT django",
    "NEAR(django laravel, 5)",
    "name:django",
    "{n t}: django",
    "^django",
    "django*",
    "=django",
    "n:django",
    "@archived",
    "@scope:terms",
    "django & !laravel",
    "django | (",
    "!!django",
    "django:*A",
    "django <-> laravel",
    "') OR 1=1 --",
    "django; DROP TABLE facts",
    "- django",
    "+ + +",
    "the",
    "the of and",
    "b c d e f g h j k l m n",
    "be ce de fe ge he je ke le me ne pe",
    "İIıi ß ﬁ ǅ",
    "\u{202e}ognajd",
    "ﷺ ﷺ ﷺ",
    "データベース",
    "каталог",
    "\u{10ffff}a\u{10ffff}",
    "e\u{301}\u{301}\u{301}",
];

fn document(arguments: &str, fields: &str) -> String {
    format!("query Q($q: String!) {{ search(query: $q, {arguments}) {{ {fields} }} }}")
}

async fn ask(app: &TestApp, query: &str, arguments: &str, fields: &str) -> Value {
    app.ask(&document(arguments, fields), json!({ "q": query })).await.data()["search"].take()
}

fn name(node: &Value) -> String {
    node["slug"].as_str().or(node["code"].as_str()).unwrap_or("-").to_owned()
}

/// What a query finds, by slug or code.
async fn search(app: &TestApp, query: &str, arguments: &str) -> Vec<String> {
    let found = ask(app, query, arguments, &format!("nodes {{ {NODE} }}")).await;
    found["nodes"].as_array().unwrap().iter().map(name).collect()
}

/// Walks through all that a query finds.
async fn walk(app: &TestApp, query: &str, forward: bool, size: usize) -> Vec<String> {
    let (count, cursor, more, end) = if forward {
        ("first", "after", "hasNextPage", "endCursor")
    } else {
        ("last", "before", "hasPreviousPage", "startCursor")
    };
    let fields =
        format!("nodes {{ {NODE} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}");
    let mut found: Vec<String> = Vec::new();
    let mut arguments = format!("{count}: {size}");
    loop {
        let page = ask(app, query, &arguments, &fields).await;
        let names: Vec<String> = page["nodes"].as_array().unwrap().iter().map(name).collect();
        found = if forward { [found, names].concat() } else { [names, found].concat() };
        if page["pageInfo"][more] == json!(false) {
            return found;
        }
        arguments = format!("{count}: {size}, {cursor}: {}", page["pageInfo"][end]);
    }
}

/// Imports parts as somebody's files are.
async fn import(database: &Database, parts: Vec<Part>, prune: bool) {
    let store = database.open().await;
    let options = Options { origin: Origin::Imported, prune, actor: "test", now: now() };
    let mut import = store.import(options).await.unwrap();
    for part in parts {
        import.part(part).await.unwrap();
    }
    import.commit().await.unwrap();
}

/// A part of the bundled catalogue.
fn part(slug: &str) -> Part {
    catalogue().into_iter().find(|part| part.entity.subject().slug.as_str() == slug).unwrap()
}

fn archived(slug: &str) -> Part {
    let mut part = part(slug);
    let Entity::Technology(technology) = &mut part.entity else { panic!("{slug} is no technology") };
    technology.archived = true;
    part
}

fn renamed(slug: &str, name: &str) -> Part {
    let mut part = part(slug);
    let Entity::Technology(technology) = &mut part.entity else { panic!("{slug} is no technology") };
    name.clone_into(&mut technology.name);
    part
}

async fn connect(database: &Database) -> DatabaseConnection {
    Connection::connect(database.url.clone()).await.unwrap()
}

/// The words and the documents of a database.
async fn indexed(database: &Database) -> Vec<String> {
    let connection = connect(database).await;
    let backend = connection.get_database_backend();
    let mut lines = Vec::new();
    for sql in [
        "SELECT word || ' ' || stem || ' ' || names || ' ' || titles || ' ' || documents AS line FROM search_words",
        "SELECT number || ' ' || scope || ' ' || texts AS line FROM search_documents",
    ] {
        for row in connection.query_all_raw(Statement::from_string(backend, sql)).await.unwrap() {
            lines.push(row.try_get::<String>("", "line").unwrap());
        }
    }
    lines.sort();
    lines
}

on_both! {
    async fn the_right_things_come_first(app) {
        let fields = format!("edges {{ score node {{ {NODE} }} highlights {{ fragments {{ isMatch }} }} }}");
        let mut wrong = Vec::new();
        for (query, score, expected) in FIRST {
            let found = ask(&app, query, "first: 3", &fields).await;
            let edges = found["edges"].as_array().unwrap();
            let names: Vec<String> = edges.iter().take(expected.len()).map(|edge| name(&edge["node"])).collect();
            if names != *expected || edges[0]["score"] != json!(score) {
                wrong.push(format!("{query}: {names:?} with {}", edges.first().map_or(&Value::Null, |edge| &edge["score"])));
            }
            let shown = |edge: &Value| !edge["highlights"].as_array().unwrap().is_empty();
            assert!(edges.iter().all(shown), "{query}: everything shows why it was found");
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    async fn nothing_typed_is_an_order_to_the_database(app) {
        let fields = "totalCount didYouMean nodes { id } edges { highlights { fragments { text } } }";
        let long = ["a", "\"", "é", "a ", "( "].map(|part| part.repeat(10_000));
        let many: String = (0..200).map(|n| char::from(b'a' + n % 26)).flat_map(|c| [c, ' ']).collect();
        let texts = HOSTILE.iter().copied().chain(long.iter().map(String::as_str)).chain([many.as_str()]);
        for text in texts {
            let answer = app.ask(&document("first: 5", fields), json!({ "q": text })).await;
            let errors = answer.errors();
            let refused = Query::parse(text).is_err();
            assert_eq!(errors.len(), usize::from(refused), "{text:.40}: {errors:?}");
            assert!(errors.iter().all(|error| error.starts_with("BAD_USER_INPUT: query: ")), "{text:.40}: {errors:?}");
        }
        for text in ["@archived", "=archived", "^archived", "\"archived\"*"] {
            assert_eq!(search(&app, text, "first: 50").await, search(&app, "archived", "first: 50").await, "{text}");
        }
        assert_eq!(search(&app, "django AND", "first: 9").await, search(&app, "django", "first: 9").await);
    }

    async fn a_walk_finds_everything_once_in_order(app) {
        for query in ["framework", "djngo", "node", "hot reload", "django laravel qqxyzzy", "qqxyzzy"] {
            let whole = walk(&app, query, true, 100).await;
            let count = ask(&app, query, "first: 0", "totalCount").await;
            assert_eq!(count["totalCount"], json!(whole.len()), "{query}");
            let once: std::collections::HashSet<&String> = whole.iter().collect();
            assert_eq!(once.len(), whole.len(), "{query}");
            for size in [23, 64] {
                assert_eq!(walk(&app, query, true, size).await, whole, "{query} forward by {size}");
                assert_eq!(walk(&app, query, false, size).await, whole, "{query} backward by {size}");
            }
        }
    }

    async fn a_cursor_is_good_for_its_search_only(app) {
        let page = ask(&app, "django", "first: 2", "pageInfo { endCursor }").await;
        let after = format!("first: 2, after: {}", page["pageInfo"]["endCursor"]);
        assert_eq!(search(&app, " DJANGO ", &after).await.len(), 2, "the same words are the same search");
        for (query, arguments) in [
            ("laravel", after.clone()),
            ("django", format!("{after}, in: [FACTS]")),
            ("django", format!("{after}, filter: {{ archived: true }}")),
        ] {
            let answer = app.ask(&document(&arguments, "totalCount"), json!({ "q": query })).await;
            let errors = answer.errors();
            assert!(errors.len() == 1 && errors[0].starts_with("BAD_USER_INPUT: after: is not a cursor"), "{errors:?}");
        }
        let errors = app.ask(&document("first: 101", "totalCount"), json!({ "q": "django" })).await.errors();
        assert_eq!(errors, ["BAD_USER_INPUT: first: must be from 0 to 100, not 101."]);
    }

    async fn scopes_and_filters_leave_out_the_rest(app) {
        let types = |page: &Value| -> Vec<String> {
            page["nodes"].as_array().unwrap().iter().map(|node| node["__typename"].as_str().unwrap().to_owned()).collect()
        };
        let mut total = 0;
        for scope in SearchScope::VARIANTS {
            let code: &str = (*scope).into();
            let page = ask(&app, "instagram backend", &format!("first: 100, in: [{code}]"), "totalCount nodes { __typename }").await;
            total += page["totalCount"].as_i64().unwrap();
            let expected: &[&str] = match scope {
                SearchScope::Technologies => &["Framework", "BaasProvider", "Component"],
                SearchScope::CaseStudies => &["CaseStudy"],
                SearchScope::Organizations => &["Organization"],
                SearchScope::Sources => &["Source"],
                SearchScope::Terms => &["Term"],
                SearchScope::Facts => continue,
            };
            assert!(types(&page).iter().all(|name| expected.contains(&name.as_str())), "{code}: {page}");
        }
        let all = ask(&app, "instagram backend", "first: 0", "totalCount").await;
        assert!(total >= all["totalCount"].as_i64().unwrap());
        let nothing = ask(&app, "django", "first: 5, in: []", "totalCount didYouMean nodes { id } pageInfo { hasNextPage }").await;
        assert_eq!(nothing, json!({ "totalCount": 0, "didYouMean": [], "nodes": [], "pageInfo": { "hasNextPage": false } }));
        let kinds = "filter: { technologyKind: [LANGUAGE], factKind: [CAPABILITY] }";
        let page = ask(&app, "java", &format!("first: 100, {kinds}"), "nodes { ... on Technology { kind } ... on Fact { factKind: kind } }").await;
        let nodes = page["nodes"].as_array().unwrap();
        let (language, capability) = (json!({ "kind": "LANGUAGE" }), json!({ "factKind": "CAPABILITY" }));
        assert!(nodes.contains(&language) && nodes.contains(&capability));
        assert!(nodes.iter().all(|node| *node == language || *node == capability), "{page}");
        let errors = app.ask(&document("in: [FACTS, SHOPS]", "totalCount"), json!({ "q": "x" })).await.errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
    }

    async fn other_spellings_are_suggested_when_they_find_something(app) {
        for (query, expected) in [
            ("djngo", json!(["django"])),
            ("supbase", json!(["supabase"])),
            ("djngo licence", json!(["django licence"])),
            ("django", json!([])),
            ("qqxyzzy", json!([])),
            ("café", json!([])),
        ] {
            assert_eq!(ask(&app, query, "first: 0", "didYouMean").await["didYouMean"], expected, "{query}");
        }
        let terms = ask(&app, "djngo", "first: 0, in: [TERMS]", "didYouMean").await;
        assert_eq!(terms["didYouMean"], json!([]), "among terms it finds nothing");
    }

    async fn highlights_tell_the_text_in_parts(app) {
        let fields = "edges { highlights { field fragments { text isMatch } } }";
        let found = ask(&app, "hot recharging", "first: 1", fields).await;
        let highlights = found["edges"][0]["highlights"].as_array().unwrap();
        let wrote = highlights.iter().find(|highlight| highlight["field"] == "WROTE").unwrap();
        assert_eq!(wrote["fragments"], json!([
            { "text": "hot", "isMatch": true }, { "text": " ", "isMatch": false }, { "text": "recharging", "isMatch": true },
        ]));
        let found = ask(&app, "node js", "first: 1", fields).await;
        let name = json!({ "field": "NAME", "fragments": [{ "text": "Node.js", "isMatch": true }] });
        assert_eq!(found["edges"][0]["highlights"][0], name);
    }

    async fn a_page_costs_the_same_whatever_its_rows(app) {
        let document = document("first: $n, in: [FACTS]", "nodes { id } edges { score highlights { field } node { id } }");
        let document = document.replace("$q: String!", "$q: String!, $n: Int!");
        let few = app.ask(&document, json!({ "q": "django", "n": 3 })).await;
        let many = app.ask(&document, json!({ "q": "django", "n": 100 })).await;
        assert_eq!(many.body["data"]["search"]["nodes"].as_array().unwrap().len(), 100);
        assert!(few.statements <= 5 && many.statements <= 5, "the words, three steps at most, the facts");
        assert!(many.statements.abs_diff(few.statements) <= 2, "{} and {}", few.statements, many.statements);
    }

    async fn what_is_imported_is_found_and_what_is_gone_is_not(app) {
        assert_eq!(search(&app, "quuxbase", "first: 5").await, Vec::<String>::new());
        import(&app.database, vec![renamed("supabase", "Quuxbase")], false).await;
        assert_eq!(search(&app, "quuxbase", "first: 5").await[0], "supabase");
        let facts = search(&app, "quuxbase", "first: 5, in: [FACTS]").await;
        assert!(!facts.is_empty(), "the facts about it know its new name");
        assert_eq!(search(&app, "quuxbsae", "first: 1").await, ["supabase"]);
        let kept: Vec<Part> = catalogue().into_iter().filter(|part| part.entity.subject().slug.as_str() != "wagtail").collect();
        assert_eq!(search(&app, "wagtail", "first: 1").await, ["wagtail"]);
        import(&app.database, kept, true).await;
        let left = search(&app, "wagtail", "first: 100").await;
        assert!(!left.contains(&"wagtail".to_owned()), "{left:?}");
        assert_eq!(search(&app, "quuxbase", "first: 1").await, Vec::<String>::new(), "its old name is back");
    }

    async fn what_was_archived_is_found_only_when_asked_for(app) {
        import(&app.database, vec![archived("koa")], false).await;
        let current = search(&app, "koa", "first: 100").await;
        assert!(!current.iter().any(|name| name == "koa" || name.starts_with("koa.")), "{current:?}");
        let archived = search(&app, "koa", "first: 100, filter: { archived: true }").await;
        assert_eq!(archived[0], "koa");
        assert!(archived.iter().any(|name| name.starts_with("koa.")), "facts about it: {archived:?}");
        let page = ask(&app, "framework", "first: 100, in: [TECHNOLOGIES], filter: { archived: true }", "nodes { ... on Technology { slug } }").await;
        assert_eq!(page["nodes"], json!([{ "slug": "koa" }]));
    }

    async fn an_edited_database_is_searched_like_a_new_one(app) {
        let fresh = indexed(&app.database).await;
        assert!(fresh.len() > 5_000, "{}", fresh.len());
        let found = search(&app, "koa", "first: 100").await;
        import(&app.database, vec![archived("koa"), renamed("supabase", "Quuxbase")], false).await;
        assert_ne!(indexed(&app.database).await, fresh);
        import(&app.database, catalogue(), true).await;
        assert_eq!(indexed(&app.database).await, fresh);
        assert_eq!(search(&app, "koa", "first: 100").await, found);
        assert_eq!(search(&app, "quuxbase", "first: 100").await, Vec::<String>::new());
    }

    async fn a_database_of_before_is_searched_after_its_migration(app) {
        let connection = connect(&app.database).await;
        let names: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        let before = names.iter().position(|name| name.ends_with("create_search")).unwrap();
        let fresh = indexed(&app.database).await;
        let steps = u32::try_from(names.len() - before).unwrap();
        Migrator::down(&connection, Some(steps)).await.unwrap();
        connection.close().await.unwrap();
        let app = TestApp::on(app.engine, app.database).await;
        assert_eq!(search(&app, "djngo", "first: 1").await, ["django"]);
        assert_eq!(indexed(&app.database).await, fresh);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_find_the_same_in_the_same_order() {
    let sqlite = TestApp::new(Engine::Sqlite).await;
    let postgres = TestApp::new(Engine::Postgres).await;
    let queries =
        FIRST.iter().map(|(query, _, _)| *query).chain(["a", "c", "backend", "hosting costs", "the"]);
    for query in queries {
        let fields = format!("totalCount didYouMean edges {{ score node {{ {NODE} }} }}");
        let found = ask(&sqlite, query, "first: 100", &fields).await;
        assert_eq!(found, ask(&postgres, query, "first: 100", &fields).await, "{query}");
    }
}

/// A frequent word must not be looked up and sorted, and a rare one not be searched for in the order of all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_of_marks_is_used() {
    for (engine, explain, condition, sign) in [
        (
            Engine::Sqlite,
            "EXPLAIN QUERY PLAN SELECT rowid FROM search_index WHERE search_index MATCH '\"n:django\"' ORDER BY rowid LIMIT 21",
            "VIRTUAL TABLE INDEX",
            "TEMP B-TREE",
        ),
        (
            Engine::Postgres,
            "EXPLAIN SELECT number FROM search_documents WHERE marks @@ CAST('''n:django''' AS tsquery) ORDER BY number + 0 LIMIT 21",
            "search_documents_by_marks",
            "Seq Scan",
        ),
    ] {
        let database = Database::filled(engine).await;
        let connection = connect(&database).await;
        let backend = connection.get_database_backend();
        let column = if backend == DbBackend::Sqlite { "detail" } else { "QUERY PLAN" };
        let rows = connection.query_all_raw(Statement::from_string(backend, explain)).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
        let plan = plan.join("\n");
        assert!(plan.contains(condition) && !plan.contains(sign), "{engine:?}: {plan}");
    }
}
