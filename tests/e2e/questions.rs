//! The questions that the catalogue must answer, with the facts they rest on.

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
        assert_eq!(pick(capabilities, "code"), ["F92", "F93", "F94"]);
        assert_eq!(pick(capabilities, "capability"), ["SQLI_PROTECTION", "XSS_PROTECTION", "CSRF_PROTECTION"]);
        assert_eq!(pick(capabilities, "level"), ["NATIVE", "NATIVE", "NATIVE"]);
        let erratum = &capabilities[1]["errata"][0];
        assert_eq!(erratum["wrote"], "cross-scripting");
        assert!(erratum["correct"].as_str().unwrap().contains("cross-site scripting"));
        assert_eq!(capabilities[1]["citations"][0]["locator"], "L89");
    }

    async fn which_case_studies_report_a_lower_budget(app) {
        let data = example(&app, "case-studies-with-a-lower-budget").await;
        let studies = data["caseStudies"]["nodes"].as_array().unwrap();
        assert_eq!(studies.len(), 1);
        let outcome = &studies[0]["outcomes"][0];
        assert_eq!(outcome["code"], "F324");
        assert_eq!(outcome["percent"], "40");
        assert_eq!(outcome["verdict"], "UNSOURCED");
        assert_eq!(studies[0]["coverage"]["missing"], json!(["RELATION"]), "the provider is not named");
    }

    async fn which_case_failed(app) {
        let data = example(&app, "case-studies-that-failed").await;
        let studies = data["caseStudies"]["nodes"].as_array().unwrap();
        assert_eq!(studies.len(), 1);
        assert_eq!(studies[0]["status"], "DISCONTINUED");
        assert_eq!(pick(&studies[0]["technologies"], "name"), ["Google Firebase"]);
        assert_eq!(pick(&studies[0]["outcomes"], "metric"), ["TIME_TO_MARKET", "MARKET_RESPONSE"]);
        let by_status = app.data("{ caseStudies(filter: { status: [DISCONTINUED] }) { nodes { slug } } }").await;
        assert_eq!(pick(&by_status["caseStudies"]["nodes"], "slug"), ["location-social"]);
    }

    async fn what_the_article_says_of_koa(app) {
        let data = example(&app, "what-is-known-of-koa").await;
        let koa = &data["framework"];
        assert_eq!(koa["pros"], json!([]));
        assert_eq!(koa["cons"], json!([]));
        let missing = koa["coverage"]["missing"].as_array().unwrap();
        assert!(missing.contains(&json!("PRO")) && missing.contains(&json!("CON")), "{missing:?}");
        assert_eq!(pick(&koa["facts"]["nodes"], "code"), ["F195", "F198"]);
    }

    async fn the_same_is_said_of_all_that_the_article_only_names(app) {
        for slug in ["flask", "sails", "symfony", "zend-framework"] {
            let document = format!("{{ framework(slug: \"{slug}\") {{ pros {{ code }} cons {{ code }} coverage {{ missing }} }} }}");
            let data = app.data(&document).await;
            let missing = data["framework"]["coverage"]["missing"].as_array().unwrap().clone();
            assert!(missing.contains(&json!("PRO")) && missing.contains(&json!("CON")), "{slug}: {missing:?}");
        }
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
        assert_eq!(data["framework"]["adopters"]["totalCount"], json!(0));
        assert_eq!(data["framework"]["all"]["totalCount"], json!(5));
        let data = app.data("{ technologies(filter: { adoptedBy: [\"instagram\"] }) { totalCount } }").await;
        assert_eq!(data["technologies"]["totalCount"], json!(0));
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
