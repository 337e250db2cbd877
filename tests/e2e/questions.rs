//! The questions that the catalogue must answer, with the facts they rest on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stackfit_tests::{TestApp, app::pick, on_both};

use crate::operations::examples;

async fn example(app: &TestApp, name: &str) -> Value {
    let (_, document, variables) = examples().into_iter().find(|(known, ..)| known.ends_with(name)).unwrap();
    app.ask(&document, variables).await.data()
}

on_both! {
    async fn which_recommended_options_are_no_backend_frameworks(app) {
        let data = example(&app, "options-that-are-no-backend-frameworks").await;
        let options = &data["technologies"]["nodes"];
        assert_eq!(pick(options, "name"), ["Flutter", "Google Firebase", "Ionic", "React Native"]);
        assert_eq!(pick(options, "kind"), ["CLIENT_FRAMEWORK", "BAAS", "CLIENT_FRAMEWORK", "CLIENT_FRAMEWORK"]);
        assert_eq!(data["mobile"]["verdict"], "MISCATEGORISED");
        let places = |list: &str| data[list]["entries"].as_array().unwrap().len();
        assert_eq!(places("web") + places("mobile"), 10, "both lists are still there, with ten options");
    }

    async fn which_protections_django_brings(app) {
        let data = example(&app, "protections-of-django").await;
        let capabilities = &data["framework"]["capabilities"];
        assert_eq!(pick(capabilities, "code")[..3], ["F92", "F93", "F94"]);
        let told: BTreeSet<String> = pick(capabilities, "capability").into_iter().collect();
        assert_eq!(told.len(), 3);
        assert!(pick(capabilities, "level").iter().all(|level| level == "NATIVE"), "the docs of today agree");
        assert!(pick(capabilities, "code").len() >= 6, "the article and today's docs");
        let erratum = &capabilities[1]["errata"][0];
        assert_eq!(erratum["wrote"], "cross-scripting");
        assert!(erratum["correct"].as_str().unwrap().contains("cross-site scripting"));
        assert_eq!(capabilities[1]["citations"][0]["locator"], "L89");
    }

    async fn which_case_studies_report_a_lower_budget(app) {
        let data = example(&app, "case-studies-with-a-lower-budget").await;
        let studies = data["caseStudies"]["nodes"].as_array().unwrap();
        let study = studies.iter().find(|study| study["outcomes"][0]["code"] == "F324").unwrap();
        let outcome = &study["outcomes"][0];
        assert_eq!(outcome["percent"], "40");
        assert_eq!(outcome["verdict"], "UNSOURCED");
        assert_eq!(study["coverage"]["missing"], json!(["RELATION"]), "the provider is not named");
        for study in studies {
            let outcomes = study["outcomes"].as_array().unwrap();
            assert!(outcomes.iter().any(|outcome| outcome["direction"] == "DECREASED"), "{study}");
        }
    }

    async fn which_case_failed(app) {
        let data = example(&app, "case-studies-that-failed").await;
        let studies = data["caseStudies"]["nodes"].as_array().unwrap();
        let study = studies.iter().find(|study| pick(&study["technologies"], "name") == ["Google Firebase"]).unwrap();
        assert_eq!(study["status"], "DISCONTINUED");
        assert_eq!(pick(&study["outcomes"], "metric"), ["TIME_TO_MARKET", "MARKET_RESPONSE"]);
        let by_status = app.data("{ caseStudies(filter: { status: [DISCONTINUED] }) { nodes { slug } } }").await;
        assert!(pick(&by_status["caseStudies"]["nodes"], "slug").contains(&"location-social".to_owned()));
    }

    async fn what_the_article_says_of_koa(app) {
        let data = example(&app, "what-is-known-of-koa").await;
        let said = &data["framework"]["article"]["nodes"];
        assert_eq!(pick(said, "code"), ["F195", "F198"]);
        assert_eq!(pick(said, "kind"), ["RELATION", "RELATION"], "the article praises and blames nothing of it");
        assert!(!data["framework"]["pros"].as_array().unwrap().is_empty(), "others do");
        assert_ne!(said[1]["refinedBy"], json!([]), "what it says is more precise today");
    }

    async fn the_same_is_said_of_all_that_the_article_only_names(app) {
        for slug in ["flask", "sails", "symfony", "zend-framework"] {
            let filter = "{ source: [\"acropolium-backend-frameworks-2023\"], kind: [PRO, CON] }";
            let document = format!("{{ framework(slug: \"{slug}\") {{ facts(filter: {filter}) {{ totalCount }} coverage {{ missing }} }} }}");
            let data = app.data(&document).await;
            assert_eq!(data["framework"]["facts"]["totalCount"], json!(0), "{slug}");
        }
        let data = app.data("{ framework(slug: \"zend-framework\") { coverage { missing } } }").await;
        let missing = data["framework"]["coverage"]["missing"].as_array().unwrap().clone();
        assert!(missing.contains(&json!("PRO")) && missing.contains(&json!("CON")), "{missing:?}");
    }

    async fn is_the_market_growth_consistent(app) {
        let data = example(&app, "is-the-market-growth-consistent").await;
        let market = &data["market"];
        assert_eq!(market["impliedCagr"], json!(23.63));
        let check = &market["growthChecks"][0];
        assert_eq!(check["isConsistent"], json!(true));
        assert_eq!(check["stated"]["percent"], "23.6");
        assert_eq!(check["from"]["amountUsd"], "5700000000");
        assert_eq!(check["to"]["amountUsd"], "31100000000");
        assert_eq!(check["from"]["verdict"], "UNSOURCED", "agreeing with each other does not make them true");
    }

    async fn what_was_wrong_with_the_mean_advice(app) {
        let data = example(&app, "what-was-wrong-with-mean").await;
        let relations = data["framework"]["relations"].as_array().unwrap();
        let angular = relations.iter().find(|relation| relation["to"]["name"] == "AngularJS").unwrap();
        assert_eq!(angular["kind"], "PAIRED_WITH");
        assert_eq!(angular["fact"]["code"], "F199");
        assert_eq!(angular["fact"]["verdict"], "STALE");
        assert!(angular["fact"]["verdictReason"].as_str().unwrap().contains("2021"), "{angular}");
        let mongo = relations.iter().find(|relation| relation["to"]["name"] == "MongoDB").unwrap();
        assert_eq!(mongo["fact"]["verdict"], "STATED");
    }

    async fn contradictions_are_told_from_both_sides(app) {
        for (left, right) in [
            ("F88", "F103"), ("F164", "F167"), ("F203", "F205"), ("F203", "F206"),
            ("F22", "F47"), ("F36", "F47"), ("F12", "F298"), ("F12", "F303"),
        ] {
            for (one, other) in [(left, right), (right, left)] {
                let data = app.data(&format!("{{ fact(code: \"{one}\") {{ contradictedBy {{ code }} }} }}")).await;
                let codes = pick(&data["fact"]["contradictedBy"], "code");
                assert!(codes.contains(&other.to_owned()), "{one} is contradicted by {codes:?}");
            }
        }
    }

    async fn an_adoption_without_a_mapping_has_several_candidates(app) {
        for code in ["F57", "F58", "F59", "F60", "F61"] {
            let document = format!("{{ fact(code: \"{code}\") {{ verdict ... on Adoption {{ candidates {{ slug }} }} }} }}");
            let fact = app.data(&document).await["fact"].take();
            assert_eq!(fact["verdict"], "UNKNOWN");
            assert_eq!(
                pick(&fact["candidates"], "slug"),
                ["django", "ruby-on-rails", "laravel", "nodejs", "aspnet-core"]
            );
        }
        let data = app.data("{ framework(slug: \"laravel\") { adopters { totalCount } all: adopters(includeUncertain: true) { totalCount } } }").await;
        let count = |list: &str| data["framework"][list]["totalCount"].as_i64().unwrap();
        assert_eq!(count("all"), count("adopters") + 5);
        let data = app.data("{ technologies(filter: { adoptedBy: [\"skype\"] }) { nodes { slug } } }").await;
        assert!(!pick(&data["technologies"]["nodes"], "slug").contains(&"laravel".to_owned()));
    }

    async fn which_versions_are_out_of_support_and_since_when(app) {
        let data = example(&app, "what-is-out-of-support").await;
        let ended = |name: &str| {
            let health = &data[name]["supportHealth"];
            (health["status"].as_str().unwrap().to_owned(), health["currentCycle"]["endedOn"].as_str().map(str::to_owned))
        };
        let unsupported = |day: &str| ("END_OF_LIFE".to_owned(), Some(day.to_owned()));
        assert_eq!(ended("rails"), unsupported("2026-11-07"));
        assert_eq!(ended("dotnet"), unsupported("2026-11-10"));
        assert_eq!(ended("python"), unsupported("2026-10-31"));
        assert_eq!(ended("angularjs"), unsupported("2021-12-31"));
        assert_eq!(data["rails"]["supportHealth"]["currentCycle"]["code"], "ruby-on-rails.release.8.0");
        assert_eq!(pick(&data["rails"]["supportHealth"]["upgradePath"], "name"), ["8.1"]);
        assert!(pick(&data["python"]["supportHealth"]["upgradePath"], "name").contains(&"3.14".to_owned()));
        let url = &data["dotnet"]["supportHealth"]["currentCycle"]["citations"][0]["source"]["url"];
        assert_eq!(url, "https://endoflife.date/dotnet");
        let cycles = "{ technology(slug: \"python\") { ... on Component { releaseCycles(first: 100, filter: { status: [END_OF_LIFE], asOf: \"2026-11-23\" }) { totalCount nodes { name status(asOf: \"2026-11-23\") } } } } }";
        let listed = app.data(cycles).await["technology"]["releaseCycles"].take();
        assert!(pick(&listed["nodes"], "name").contains(&"3.10".to_owned()));
        assert!(pick(&listed["nodes"], "status").iter().all(|status| status == "END_OF_LIFE"));
    }

    async fn what_each_baas_offers_an_ios_app(app) {
        let data = example(&app, "baas-for-ios").await;
        let providers = data["baasProviders"]["nodes"].as_array().unwrap();
        assert!(providers.len() >= 10);
        let mut levels: BTreeMap<(String, String), String> = BTreeMap::new();
        for provider in providers {
            let name = provider["name"].as_str().unwrap().to_owned();
            let result = &provider["checklist"];
            let answers = result["answers"].as_array().unwrap();
            assert_eq!(answers.len(), 6, "{name}");
            let count = |test: &dyn Fn(&str) -> bool| answers.iter().filter(|answer| test(answer["level"].as_str().unwrap())).count();
            assert_eq!(result["native"], json!(count(&|level| level == "NATIVE")), "{name}");
            assert_eq!(result["unknown"], json!(count(&|level| level == "UNKNOWN")), "{name}");
            for answer in answers {
                let known = answer["level"] != "UNKNOWN";
                assert!(!known || answer["evidence"] != json!([]), "{name} has no evidence: {answer}");
                levels.insert((name.clone(), answer["item"]["name"].as_str().unwrap().to_owned()), answer["level"].as_str().unwrap().to_owned());
            }
        }
        let items: BTreeSet<&String> = levels.keys().map(|(_, item)| item).collect();
        assert_eq!(items.len(), 6);
        let of = |provider: &str, part: &str| {
            let found = levels.iter().find(|((name, item), _)| name == provider && item.to_lowercase().contains(part));
            found.map_or_else(|| panic!("{provider} {part}: {items:?}"), |(_, level)| level.as_str())
        };
        assert_eq!(of("Google Firebase", "mail"), "EXTENSION", "push is native, mail is an extension to install");
        assert_eq!(of("Google Firebase", "social"), "NATIVE");
    }

    async fn what_sources_disagree_about_for_firebase(app) {
        let data = example(&app, "what-sources-disagree-about").await;
        let facts = data["baasProvider"]["facts"]["nodes"].as_array().unwrap();
        assert!(facts.len() >= 8, "{}", facts.len());
        for fact in facts {
            assert_ne!(fact["contradictedBy"], json!([]), "{}", fact["code"]);
            assert_ne!(fact["citations"], json!([]), "{}", fact["code"]);
        }
        let codes = pick(&json!(facts), "code");
        assert!(codes.contains(&"google-firebase.capability.email".to_owned()), "{codes:?}");
    }

    async fn which_case_studies_left_a_baas_and_why(app) {
        let data = example(&app, "who-left-a-baas-and-why").await;
        let studies = data["caseStudies"]["nodes"].as_array().unwrap();
        assert!(studies.len() >= 4, "{}", studies.len());
        for study in studies {
            assert!(study["problem"].is_string(), "{study}");
            assert_ne!(study["movedFrom"], json!([]), "{study}");
        }
        let clients = pick(&json!(studies), "client").join(" ");
        for client in ["Traba", "Foony", "Mobbin"] {
            assert!(clients.contains(client), "{client} is not among {clients}");
        }
    }

    async fn release_cycles_pass_the_filter_of_the_status_that_they_have(app) {
        for slug in ["python", "django", "erlang", "angularjs", "express", "spring-boot", "react-native", "nodejs"] {
            for day in ["2012-01-01", "2022-06-30", "2026-11-10", "2026-11-11", "2031-01-01"] {
                let page = "{ totalCount nodes { name status(asOf: $day) } }".replace("$day", &format!("\"{day}\""));
                let lists: String = ["UPCOMING", "ACTIVE", "SECURITY_ONLY", "EXTENDED_ONLY", "END_OF_LIFE", "NOT_DECLARED"]
                    .map(|status| format!("{status}: releaseCycles(first: 100, filter: {{ status: [{status}], asOf: \"{day}\" }}) {page} "))
                    .concat();
                let fields = format!("{{ all: releaseCycles {{ totalCount }} {lists} }}");
                let document = format!("{{ technology(slug: \"{slug}\") {{ ... on Framework {fields} ... on Component {fields} }} }}");
                let lists = app.data(&document).await["technology"].take();
                let mut sum = 0;
                for (status, list) in lists.as_object().unwrap().iter().filter(|(name, _)| *name != "all") {
                    sum += list["totalCount"].as_i64().unwrap();
                    assert!(pick(&list["nodes"], "status").iter().all(|told| told == status), "{slug} on {day}: {list}");
                }
                assert_eq!(lists["all"]["totalCount"], json!(sum), "{slug} on {day}");
            }
        }
    }

    async fn support_says_the_same_in_filters_facets_and_fields(app) {
        let mut by_filter: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for status in ["UPCOMING", "ACTIVE", "SECURITY_ONLY", "EXTENDED_ONLY", "END_OF_LIFE", "NOT_DECLARED"] {
            let mut after = Value::Null;
            loop {
                let document = format!("{{ technologies(first: 100, after: {after}, filter: {{ supportStatus: [{status}] }}) {{ nodes {{ slug supportHealth {{ status }} }} pageInfo {{ hasNextPage endCursor }} }} }}");
                let page = app.data(&document).await["technologies"].take();
                for node in page["nodes"].as_array().unwrap() {
                    assert_eq!(node["supportHealth"]["status"], status, "{node}");
                    by_filter.entry(status.to_owned()).or_default().push(node["slug"].to_string());
                }
                if page["pageInfo"]["hasNextPage"] == json!(false) {
                    break;
                }
                after = page["pageInfo"]["endCursor"].clone();
            }
        }
        let data = app.data("{ technologies { totalCount facets(names: [SUPPORT_STATUS, KIND]) { name buckets { value count } } } }").await;
        let facets = &data["technologies"]["facets"];
        for bucket in facets[0]["buckets"].as_array().unwrap() {
            let listed = by_filter[bucket["value"].as_str().unwrap()].len();
            assert_eq!(bucket["count"], json!(listed), "{bucket}");
        }
        let counted: i64 = facets[1]["buckets"].as_array().unwrap().iter().map(|bucket| bucket["count"].as_i64().unwrap()).sum();
        assert_eq!(data["technologies"]["totalCount"], json!(counted));
    }

    async fn kinds_are_what_things_are_not_what_the_article_calls_them(app) {
        for (slug, kind) in [
            ("react-native", "CLIENT_FRAMEWORK"), ("flutter", "CLIENT_FRAMEWORK"), ("ionic", "CLIENT_FRAMEWORK"),
            ("google-firebase", "BAAS"), ("nodejs", "RUNTIME"),
        ] {
            let data = app.data(&format!("{{ technology(slug: \"{slug}\") {{ kind }} }}")).await;
            assert_eq!(data["technology"]["kind"], kind, "{slug}");
        }
    }
}
