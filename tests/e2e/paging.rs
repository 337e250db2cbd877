//! Pages: walking a list in either direction finds everything once, in order.

use serde_json::{Value, json};
use stackfit_tests::{TestApp, app::pick, on_both};

/// The lists of the API, as text before the arguments of the page, and the field that names an item.
const LISTS: &[(&str, &str)] = &[
    ("technologies(", "slug"),
    ("technologies(orderBy: [{ field: KIND, direction: DESC }, { field: NAME }], ", "slug"),
    ("technologies(orderBy: [{ field: UPDATED_AT, direction: DESC }], ", "slug"),
    ("technologies(orderBy: [{ field: SLUG, direction: DESC }], ", "slug"),
    ("frameworks(", "slug"),
    ("caseStudies(", "slug"),
    ("caseStudies(orderBy: [{ field: TITLE, direction: DESC }], ", "slug"),
    ("facts(filter: { subject: [\"django\"] }, ", "code"),
    ("facts(", "code"),
    ("sources(", "slug"),
];

async fn page(app: &TestApp, list: &str, key: &str, arguments: &str) -> Value {
    let field = list.split('(').next().unwrap();
    let document = format!(
        "{{ {list}{arguments}) {{ totalCount nodes {{ {key} }} edges {{ cursor node {{ {key} }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    app.data(&document).await[field].take()
}

async fn walk(app: &TestApp, list: &str, key: &str, forward: bool, size: u32) -> Vec<String> {
    let (count, cursor, more, end) = if forward {
        ("first", "after", "hasNextPage", "endCursor")
    } else {
        ("last", "before", "hasPreviousPage", "startCursor")
    };
    let mut found: Vec<String> = Vec::new();
    let mut arguments = format!("{count}: {size}");
    loop {
        let page = page(app, list, key, &arguments).await;
        let names = pick(&page["nodes"], key);
        found = if forward { [found, names].concat() } else { [names, found].concat() };
        if page["pageInfo"][more] == json!(false) {
            return found;
        }
        arguments = format!("{count}: {size}, {cursor}: {}", page["pageInfo"][end]);
    }
}

on_both! {
    async fn a_walk_finds_everything_once_in_order(app) {
        for (list, key) in LISTS {
            let names = walk(&app, list, key, true, 100).await;
            let whole = page(&app, list, key, "first: 1").await;
            assert_eq!(whole["totalCount"], json!(names.len()), "{list}");
            for size in [7, 23] {
                assert_eq!(walk(&app, list, key, true, size).await, names, "{list} forward by {size}");
                assert_eq!(walk(&app, list, key, false, size).await, names, "{list} backward by {size}");
            }
        }
    }

    async fn edges_and_nodes_agree(app) {
        let page = page(&app, "technologies(", "slug", "first: 5").await;
        let edges = page["edges"].as_array().unwrap();
        let nodes: Vec<Value> = edges.iter().map(|edge| edge["node"].clone()).collect();
        assert_eq!(json!(nodes), page["nodes"]);
        assert_eq!(page["pageInfo"]["startCursor"], edges[0]["cursor"]);
        assert_eq!(page["pageInfo"]["endCursor"], edges[4]["cursor"]);
    }

    async fn twenty_when_nobody_says(app) {
        let data = app.data("{ technologies { nodes { id } } }").await;
        assert_eq!(data["technologies"]["nodes"].as_array().unwrap().len(), 20);
    }

    async fn a_cursor_is_good_for_its_list_and_order_only(app) {
        let first = page(&app, "technologies(", "slug", "first: 1").await;
        let cursor = &first["pageInfo"]["endCursor"];
        for list in ["caseStudies(", "facts(", "sources(", "technologies(orderBy: [{ field: SLUG }], ", "technologies(orderBy: [{ field: NAME, direction: DESC }], "] {
            let errors = app.errors(&format!("{{ {list} first: 1, after: {cursor}) {{ totalCount }} }}")).await;
            assert!(errors.len() == 1 && errors[0].starts_with("BAD_USER_INPUT: after: is not a cursor"), "{list}: {errors:?}");
        }
        let ordered = page(&app, "technologies(orderBy: [{ field: NAME }], ", "slug", &format!("first: 1, after: {cursor}")).await;
        assert_eq!(ordered["nodes"].as_array().unwrap().len(), 1, "the default order said aloud is the same order");
    }

    async fn a_page_between_two_cursors(app) {
        let whole = page(&app, "technologies(", "slug", "first: 10").await;
        let edges = whole["edges"].as_array().unwrap();
        let arguments = format!("first: 100, after: {}, before: {}", edges[2]["cursor"], edges[6]["cursor"]);
        let between = page(&app, "technologies(", "slug", &arguments).await;
        assert_eq!(pick(&between["nodes"], "slug"), pick(&whole["nodes"], "slug")[3..6]);
    }

    async fn pages_within_pages_go_on(app) {
        let document = |after: &Value| format!("{{ framework(slug: \"laravel\") {{ facts(first: 4, after: {after}) {{ totalCount nodes {{ code }} pageInfo {{ hasNextPage endCursor }} }} }} }}");
        let mut codes = Vec::new();
        let mut after = Value::Null;
        let total = loop {
            let page = app.data(&document(&after)).await["framework"]["facts"].take();
            codes.extend(pick(&page["nodes"], "code"));
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break page["totalCount"].as_u64().unwrap();
            }
            after = page["pageInfo"]["endCursor"].clone();
        };
        assert_eq!(codes.len() as u64, total);
        let mut sorted = codes.clone();
        sorted.sort_by_key(|code| stackfit_domain::fact_code::FactCode::parse(code).unwrap().sort_key());
        assert_eq!(codes, sorted);
    }

    async fn an_empty_page_says_what_there_is(app) {
        for list in ["technologies(", "facts("] {
            let page = page(&app, list, "id", "first: 0").await;
            assert_eq!((&page["nodes"], &page["pageInfo"]["hasNextPage"]), (&json!([]), &json!(true)), "{list}");
        }
        let nested = |arguments: &str| format!("{{ framework(slug: \"zend-framework\") {{ facts({arguments}) {{ nodes {{ code }} pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }} }}");
        let none = app.data(&nested("first: 0")).await["framework"]["facts"].take();
        assert_eq!(none["pageInfo"]["hasNextPage"], json!(true));
        let all = app.data(&nested("last: 2")).await["framework"]["facts"].take();
        let beyond = app.data(&nested(&format!("after: {}", all["pageInfo"]["endCursor"]))).await["framework"]["facts"].take();
        assert_eq!(beyond["nodes"], json!([]));
        assert_eq!(beyond["pageInfo"]["hasPreviousPage"], json!(true));
    }
}
