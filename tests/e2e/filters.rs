//! Filters and orders, the same on both databases.

use serde_json::{Value, json};
use stackfit_tests::{TestApp, app::pick, on_both};

async fn slugs(app: &TestApp, filter: &str) -> Vec<String> {
    let document =
        format!("{{ technologies(first: 100, filter: {filter}) {{ totalCount nodes {{ slug }} }} }}");
    let data = app.data(&document).await;
    let slugs = pick(&data["technologies"]["nodes"], "slug");
    assert_eq!(data["technologies"]["totalCount"], json!(slugs.len()), "{filter}");
    slugs
}

async fn codes(app: &TestApp, filter: &str) -> Vec<String> {
    let document = format!("{{ facts(first: 100, filter: {filter}) {{ nodes {{ code }} }} }}");
    pick(&app.data(&document).await["facts"]["nodes"], "code")
}

async fn studies(app: &TestApp, filter: &str) -> Vec<String> {
    let document = format!("{{ caseStudies(filter: {filter}) {{ nodes {{ slug }} }} }}");
    pick(&app.data(&document).await["caseStudies"]["nodes"], "slug")
}

on_both! {
    async fn technologies_by_what_facts_say(app) {
        assert_eq!(slugs(&app, "{ language: [\"python\"] }").await, ["django", "flask"]);
        assert_eq!(slugs(&app, "{ platform: [FUCHSIA] }").await, ["flutter"]);
        assert_eq!(slugs(&app, "{ capability: [CSRF_PROTECTION] }").await, ["django"]);
        assert_eq!(slugs(&app, "{ useCase: [TELECOM] }").await, ["elixir", "erlang"]);
        assert_eq!(slugs(&app, "{ useCase: [E_LEARNING] }").await, ["django"]);
        assert_eq!(slugs(&app, "{ adoptedBy: [\"mozilla\"] }").await, ["django"]);
        assert_eq!(slugs(&app, "{ kind: [BAAS] }").await, ["google-firebase"]);
        assert_eq!(slugs(&app, "{ license: [\"MIT\"] }").await, Vec::<String>::new(), "the article names no licence");
    }

    async fn names_whatever_their_case(app) {
        assert_eq!(slugs(&app, "{ name: { equals: \"DJANGO\" } }").await, ["django"]);
        assert_eq!(slugs(&app, "{ name: { in: [\"Koa\", \"php\"] } }").await, ["koa", "php"]);
        assert_eq!(slugs(&app, "{ name: { startsWith: \"ruby\" } }").await, ["ruby", "ruby-on-rails"]);
        assert_eq!(slugs(&app, "{ name: { contains: \"ON RAILS\" } }").await, ["ruby-on-rails"]);
        for wild in ["%", "_", "\\\\"] {
            assert_eq!(slugs(&app, &format!("{{ name: {{ contains: \"{wild}\" }} }}")).await, Vec::<String>::new(), "{wild}");
        }
    }

    async fn and_or_not(app) {
        let all = slugs(&app, "{}").await.len();
        let frameworks = slugs(&app, "{ kind: [BACKEND_FRAMEWORK] }").await.len();
        assert_eq!(slugs(&app, "{ not: { kind: [BACKEND_FRAMEWORK] } }").await.len(), all - frameworks);
        assert_eq!(slugs(&app, "{ or: [] }").await, Vec::<String>::new());
        assert_eq!(slugs(&app, "{ and: [] }").await.len(), all);
        assert_eq!(
            slugs(&app, "{ or: [{ language: [\"ruby\"] }, { language: [\"php\"], name: { startsWith: \"l\" } }] }").await,
            ["laravel", "ruby-on-rails"]
        );
        assert_eq!(
            slugs(&app, "{ language: [\"python\"], not: { name: { equals: \"flask\" } } }").await,
            ["django"]
        );
        for test in ["capability: [XSS_PROTECTION]", "platform: [IOS]", "language: [\"python\"]", "useCase: [SOCIAL]"] {
            let with = slugs(&app, &format!("{{ {test} }}")).await.len();
            let without = slugs(&app, &format!("{{ not: {{ {test} }} }}")).await.len();
            assert_eq!(with + without, all, "{test}: what is unknown is not lost");
        }
    }

    async fn what_is_archived_is_asked_for(app) {
        let all = slugs(&app, "{}").await.len();
        assert_eq!(slugs(&app, "{ archived: true }").await, Vec::<String>::new());
        assert_eq!(slugs(&app, "{ or: [{ archived: true }, { archived: false }] }").await.len(), all);
    }

    async fn facts_by_what_they_are(app) {
        assert_eq!(codes(&app, "{ subject: [\"koa\"] }").await, ["F195", "F198"]);
        assert_eq!(codes(&app, "{ kind: [MARKET] }").await, ["F285", "F286", "F287"]);
        assert_eq!(codes(&app, "{ kind: [RANKING] }").await, ["F21"]);
        assert_eq!(codes(&app, "{ subject: [\"django\"], verdict: [GARBLED], hasErrata: true }").await, ["F93", "F351"]);
        assert!(codes(&app, "{ criterion: [LOCK_IN] }").await.contains(&"F268".to_owned()));
        assert_eq!(codes(&app, "{ useCase: [TELECOM] }").await, ["F27", "F28"]);
        assert_eq!(codes(&app, "{ source: [\"nowhere\"] }").await, Vec::<String>::new());
        assert_eq!(codes(&app, "{ subject: [\"django\"], isContradicted: true }").await, ["F88", "F96", "F103"]);
    }

    async fn case_studies_by_one_and_the_same_outcome(app) {
        assert_eq!(studies(&app, "{ metric: REVENUE }").await, ["ev-charging"]);
        assert_eq!(studies(&app, "{ metric: REVENUE, minPercent: \"45\" }").await, ["ev-charging"]);
        assert_eq!(studies(&app, "{ metric: REVENUE, minPercent: \"45.000001\" }").await, Vec::<String>::new());
        assert_eq!(studies(&app, "{ metric: REVENUE, direction: DECREASED }").await, Vec::<String>::new());
        assert_eq!(studies(&app, "{ maxMonths: \"3\" }").await, ["location-social"]);
        assert_eq!(studies(&app, "{ technology: [\"google-firebase\"] }").await, ["location-social"]);
        assert_eq!(studies(&app, "{ industry: [\"HEALTHCARE\"] }").await, ["addiction-recovery", "dental-clinic"]);
        assert_eq!(studies(&app, "{ not: { industry: [\"HEALTHCARE\"] } }").await, ["ev-charging", "location-social"]);
        assert_eq!(studies(&app, "{ verdict: [UNKNOWN] }").await, ["addiction-recovery"]);
        assert_eq!(studies(&app, "{ status: [SEEKING_OWNER] }").await, ["dental-clinic"]);
    }

    async fn orders_of_several_keys(app) {
        let document = "{ technologies(first: 100, orderBy: [{ field: KIND, direction: DESC }, { field: NAME }]) { nodes { kind name } } }";
        let data = app.data(document).await;
        let pairs: Vec<(String, String)> = data["technologies"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| (node["kind"].as_str().unwrap().to_owned(), node["name"].as_str().unwrap().to_lowercase()))
            .collect();
        let mut sorted = pairs.clone();
        sorted.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
        assert_eq!(pairs, sorted);
        let data = app.ask("{ technologies(filter: { kind: [CACHE] }) { nodes { slug } } }", Value::Null).await.data();
        assert_eq!(pick(&data["technologies"]["nodes"], "slug"), ["memcached"]);
    }
}
