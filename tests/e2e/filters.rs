//! Filters and orders, the same on both databases.

use serde_json::{Value, json};
use stackfit_tests::{TestApp, app::pick, on_both};

async fn slugs(app: &TestApp, filter: &str) -> Vec<String> {
    let mut slugs = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = format!("first: 100, after: {after}, filter: {filter}");
        let document = format!(
            "{{ technologies({page}) {{ totalCount nodes {{ slug }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let page = app.data(&document).await["technologies"].take();
        slugs.extend(pick(&page["nodes"], "slug"));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            assert_eq!(page["totalCount"], json!(slugs.len()), "{filter}");
            return slugs;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

async fn codes(app: &TestApp, filter: &str) -> Vec<String> {
    let document = format!("{{ facts(first: 100, filter: {filter}) {{ nodes {{ code }} }} }}");
    pick(&app.data(&document).await["facts"]["nodes"], "code")
}

async fn studies(app: &TestApp, filter: &str) -> Vec<String> {
    let document = format!("{{ caseStudies(first: 100, filter: {filter}) {{ nodes {{ slug }} }} }}");
    pick(&app.data(&document).await["caseStudies"]["nodes"], "slug")
}

on_both! {
    async fn technologies_by_what_facts_say(app) {
        assert_eq!(slugs(&app, "{ language: [\"python\"] }").await, ["django", "fastapi", "flask", "micronaut", "wagtail"]);
        assert!(slugs(&app, "{ platform: [FUCHSIA] }").await.contains(&"flutter".to_owned()));
        let protected = slugs(&app, "{ capability: [CSRF_PROTECTION] }").await;
        assert!(protected.contains(&"django".to_owned()) && !protected.contains(&"python".to_owned()), "{protected:?}");
        let telecom = slugs(&app, "{ useCase: [TELECOM] }").await;
        assert!(["elixir", "erlang"].iter().all(|slug| telecom.contains(&(*slug).to_owned())), "{telecom:?}");
        assert!(slugs(&app, "{ adoptedBy: [\"mozilla\"] }").await.contains(&"django".to_owned()));
        assert!(slugs(&app, "{ kind: [BAAS] }").await.contains(&"supabase".to_owned()));
        let mit = slugs(&app, "{ license: [\"MIT\"] }").await;
        assert!(mit.contains(&"laravel".to_owned()) && !mit.contains(&"django".to_owned()), "{mit:?}");
        let fast = slugs(&app, "{ metric: { metric: REQUESTS_PER_SECOND, min: \"40000\" } }").await;
        assert_eq!(fast, ["actix-web", "axum"]);
        let range = "{ metric: { metric: DOWNLOAD_RANK, min: \"100\", max: \"200\" } }";
        assert_eq!(slugs(&app, range).await, ["flask"]);
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
            ["laminas", "laravel", "ruby-on-rails"]
        );
        assert_eq!(
            slugs(&app, "{ language: [\"python\"], not: { name: { equals: \"flask\" } } }").await,
            ["django", "fastapi", "micronaut", "wagtail"]
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
        let article = "source: [\"acropolium-backend-frameworks-2023\"]";
        let said = async |test: &str| codes(&app, &format!("{{ {article}, {test} }}")).await;
        assert_eq!(said("subject: [\"koa\"]").await, ["F195", "F198"]);
        assert_eq!(said("kind: [MARKET]").await, ["F285", "F286", "F287"]);
        assert_eq!(said("kind: [RANKING]").await, ["F21"]);
        assert_eq!(codes(&app, "{ subject: [\"django\"], verdict: [GARBLED], hasErrata: true }").await, ["F93", "F351"]);
        assert!(said("criterion: [LOCK_IN]").await.contains(&"F268".to_owned()));
        assert_eq!(said("useCase: [TELECOM]").await, ["F27", "F28"]);
        assert_eq!(codes(&app, "{ source: [\"nowhere\"] }").await, Vec::<String>::new());
        assert_eq!(said("subject: [\"django\"], isContradicted: true").await, ["F88", "F96", "F103"]);
        assert_eq!(said("observedFrom: \"2024-01-01\"").await, Vec::<String>::new());
        assert_eq!(said("kind: [RANKING], observedFrom: \"2023-12-31\", observedTo: \"2023-12-31\"").await, ["F21"]);
        assert_eq!(said("kind: [RANKING], validOn: \"2026-11-23\"").await, ["F21"], "nobody says that it ended");
    }

    async fn case_studies_by_one_and_the_same_outcome(app) {
        let has = |found: Vec<String>, slug: &str| assert!(found.contains(&slug.to_owned()), "{found:?}");
        has(studies(&app, "{ metric: REVENUE }").await, "ev-charging");
        has(studies(&app, "{ metric: REVENUE, minPercent: \"45\" }").await, "ev-charging");
        assert_eq!(studies(&app, "{ metric: REVENUE, minPercent: \"45.000001\" }").await, Vec::<String>::new());
        assert_eq!(studies(&app, "{ metric: REVENUE, direction: DECREASED }").await, Vec::<String>::new());
        has(studies(&app, "{ maxMonths: \"3\" }").await, "location-social");
        has(studies(&app, "{ technology: [\"google-firebase\"] }").await, "location-social");
        assert_eq!(studies(&app, "{ industry: [\"HEALTHCARE\"] }").await, ["addiction-recovery", "dental-clinic"]);
        let others = studies(&app, "{ not: { industry: [\"HEALTHCARE\"] } }").await;
        assert!(!others.contains(&"dental-clinic".to_owned()), "{others:?}");
        has(others, "ev-charging");
        has(studies(&app, "{ verdict: [UNKNOWN] }").await, "addiction-recovery");
        assert_eq!(studies(&app, "{ status: [SEEKING_OWNER] }").await, ["dental-clinic"]);
        has(studies(&app, "{ movedFrom: [\"google-firebase\"] }").await, "traba-firestore-to-postgres");
        has(studies(&app, "{ movedTo: [\"supabase\"] }").await, "mobbin-firebase-to-supabase");
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
