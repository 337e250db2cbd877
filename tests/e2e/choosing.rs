//! Recommending and comparing: the questions that people bring, with the facts that the answers must rest on.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackfit_tests::{TestApp, app::pick, on_both};

use crate::operations::examples;

const RECOMMEND: &str = "query($input: RecommendationInput!) { recommend(input: $input) { __typename
    ... on Recommendation {
        feasibleCount excludedCount weightings missingEvidence assumptions revision
        candidates { rank score technology { slug kind } missing
            contributions { criterion weight value points explanation facts { code } } risks { code } }
        excluded { technology { slug } constraint reason nearestFix violated facts { code } }
        sensitivity { criterion fromWeight toWeight newWinner { slug } }
        robustness { technology { slug } firstPlaceShare expectedRank } }
    ... on NoFeasibleOption { conflicts relaxations excludedCount excluded { technology { slug } violated } }
    ... on InvalidInput { problems { path message } } } }";

/// What is recommended for an input, of which only what matters is given.
async fn recommend(app: &TestApp, input: Value) -> Value {
    let mut whole = json!({ "useCases": [], "platforms": [], "team": [], "first": 50 });
    whole.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
    app.ask(RECOMMEND, json!({ "input": whole })).await.data()["recommend"].clone()
}

fn slugs(answer: &Value) -> Vec<&str> {
    let candidates = answer["candidates"].as_array().unwrap_or_else(|| panic!("{answer}"));
    candidates.iter().map(|candidate| candidate["technology"]["slug"].as_str().unwrap()).collect()
}

fn candidate<'a>(answer: &'a Value, slug: &str) -> &'a Value {
    let mut candidates = answer["candidates"].as_array().unwrap().iter();
    candidates
        .find(|candidate| candidate["technology"]["slug"] == slug)
        .unwrap_or_else(|| panic!("{slug}: {answer}"))
}

/// The facts on which a criterion of a candidate rests.
fn facts(candidate: &Value, criterion: &str) -> BTreeSet<String> {
    let contributions = candidate["contributions"].as_array().unwrap().iter();
    let of = contributions.filter(|one| one["criterion"] == criterion);
    of.flat_map(|one| pick(&one["facts"], "code")).collect()
}

fn has(facts: &BTreeSet<String>, codes: &[&str]) -> bool {
    codes.iter().all(|code| facts.contains(*code))
}

async fn problems(app: &TestApp, input: Value) -> Vec<String> {
    let answer = recommend(app, input).await;
    assert_eq!(answer["__typename"], "InvalidInput", "{answer}");
    let problems = answer["problems"].as_array().unwrap().iter();
    problems
        .map(|one| {
            one["path"]
                .as_array()
                .unwrap()
                .iter()
                .map(|step| step.as_str().unwrap())
                .collect::<Vec<_>>()
                .join("/")
        })
        .collect()
}

const FRAMEWORKS: &str = "BACKEND_FRAMEWORK";

/// The method as it is explained to readers.
const METHOD: &str = include_str!("../../docs/METHOD.md");

on_both! {
    async fn the_worked_example_of_the_method_is_what_is_answered(app) {
        let (_, document, variables) = examples().into_iter().find(|(name, ..)| name.ends_with("which-backend-to-take")).unwrap();
        let data = app.ask(&document, variables).await.data();
        let first = &data["recommend"]["candidates"][0];
        let said = format!("**{}**, with {} points", first["technology"]["name"].as_str().unwrap(), first["score"]);
        assert!(METHOD.contains(&said), "{said}");
        for one in first["contributions"].as_array().unwrap() {
            let (criterion, explanation) = (one["criterion"].as_str().unwrap(), one["explanation"].as_str().unwrap());
            let row = format!("| `{criterion}` | {} | {explanation} |", one["points"]);
            assert!(METHOD.contains(&row), "{row}");
        }
    }

    async fn what_to_take_for_telecom(app) {
        let answer = recommend(&app, json!({ "useCases": ["TELECOM"], "constraints": [{ "kindIn": [FRAMEWORKS] }] })).await;
        let phoenix = candidate(&answer, "phoenix");
        assert!(has(&facts(phoenix, "USE_CASE_FIT"), &["F27", "F28"]), "through Erlang and Elixir: {phoenix}");
        let ruled = |slug: &&str| !facts(candidate(&answer, slug), "USE_CASE_FIT").is_empty();
        assert_eq!(slugs(&answer).into_iter().filter(ruled).collect::<Vec<_>>(), ["phoenix"]);
        assert!(phoenix["rank"].as_i64().unwrap() <= 3, "{:?}", slugs(&answer));
    }

    async fn what_to_take_for_machine_learning(app) {
        let answer = recommend(&app, json!({ "useCases": ["AI_ML"], "constraints": [{ "kindIn": [FRAMEWORKS] }] })).await;
        for slug in ["django", "flask", "fastapi"] {
            assert!(has(&facts(candidate(&answer, slug), "USE_CASE_FIT"), &["F26"]), "{slug}");
        }
        assert!(!has(&facts(candidate(&answer, "laravel"), "USE_CASE_FIT"), &["F26"]));
    }

    async fn what_to_take_for_enterprise_software_in_the_background(app) {
        let input = json!({ "useCases": ["ENTERPRISE_BACKGROUND"], "constraints": [{ "kindIn": [FRAMEWORKS] }] });
        let answer = recommend(&app, input).await;
        for (slug, code) in [("aspnet-core", "F30"), ("spring-boot", "F31"), ("nestjs", "F29")] {
            assert!(has(&facts(candidate(&answer, slug), "USE_CASE_FIT"), &[code]), "{slug} rests on {code}");
        }
    }

    async fn what_a_php_team_takes_that_must_move_to_node(app) {
        let team = json!([{ "language": "php", "level": "SENIOR", "people": 5 }]);
        let constraints = json!([{ "kindIn": [FRAMEWORKS] }, { "languageIn": ["javascript", "typescript"] }]);
        let answer = recommend(&app, json!({ "team": team, "constraints": constraints })).await;
        let sails = candidate(&answer, "sails");
        assert!(has(&facts(sails, "TEAM_EXPERTISE"), &["F38", "F39"]), "{sails}");
        let risks: Vec<String> = slugs(&answer).iter().flat_map(|slug| pick(&candidate(&answer, slug)["risks"], "code")).collect();
        assert!(risks.contains(&"F38".to_owned()), "that it is advised against is told");
        assert!(!slugs(&answer).contains(&"laravel"));
        let laravel = answer["excluded"].as_array().unwrap().iter().find(|one| one["technology"]["slug"] == "laravel").unwrap();
        assert!(laravel["constraint"].as_str().unwrap().starts_with("languageIn"));
        assert_eq!(laravel["nearestFix"], "Allow one of php in languageIn.");
        assert!(!laravel["facts"].as_array().unwrap().is_empty());
    }

    async fn is_rails_slower_than_django(app) {
        let (_, document, _) = examples().into_iter().find(|(name, ..)| name.ends_with("is-rails-slower-than-django")).unwrap();
        let data = app.ask(&document, Value::Null).await.data();
        let row = &data["compare"]["rows"][0];
        let best = |load: &str, metric: &str| {
            let mut figures = row["figures"].as_array().unwrap().iter();
            figures.find(|one| one["load"] == load && one["metric"] == metric).unwrap()["best"]["name"].clone()
        };
        assert_eq!(best("64 connections", "REQUESTS_PER_SECOND"), "Django");
        assert_eq!(best("512 connections", "REQUESTS_PER_SECOND"), "Ruby on Rails");
        assert!(row["summary"].as_str().unwrap().starts_with("It depends: "));
        assert!(row["cells"].as_array().unwrap().iter().all(|cell| cell["score"].is_null()));
    }

    async fn what_is_not_of_one_kind_is_not_compared(app) {
        let document = "{ compare(slugs: [\"django\", \"google-firebase\", \"flutter\"]) { __typename
            ... on NotComparable { reason groups { kind technologies { slug } } } } }";
        let found = app.data(document).await;
        assert_eq!(found["compare"]["__typename"], "NotComparable");
        assert_eq!(pick(&found["compare"]["groups"], "kind"), [FRAMEWORKS, "CLIENT_FRAMEWORK", "BAAS"]);
        let document = "{ compare(slugs: [\"nodejs\", \"python\"]) { ... on Comparison { warnings rows { cells { score } } } } }";
        let found = app.data(document).await;
        assert_eq!(found["compare"]["warnings"].as_array().unwrap().len(), 1, "a runtime and a language");
        let cells = found["compare"]["rows"].as_array().unwrap().iter().flat_map(|row| row["cells"].as_array().unwrap());
        assert!(cells.into_iter().all(|cell| cell["score"].is_null()));
    }

    async fn only_differences_are_shown_when_asked_for(app) {
        let document = |only: bool| format!("{{ compare(slugs: [\"django\", \"flask\"], onlyDifferences: {only}) {{
            ... on Comparison {{ rows {{ criterion differs }} }} }} }}");
        let rows = |data: Value| data["compare"]["rows"].as_array().unwrap().clone();
        let all = rows(app.data(&document(false)).await);
        let some = rows(app.data(&document(true)).await);
        assert_eq!(all.len(), 16);
        assert_eq!(some, all.into_iter().filter(|row| row["differs"] == true).collect::<Vec<_>>());
    }

    async fn a_flip_told_really_flips(app) {
        let weights = [("SECURITY", 3.0), ("SUPPORT", 2.0), ("PERFORMANCE", 1.0), ("TIME_TO_MARKET", 1.0)];
        let weighed = |changed: &str, to: f64| {
            let weights: Vec<Value> = weights
                .iter()
                .map(|(one, weight)| json!({ "criterion": one, "weight": if *one == changed { to } else { *weight } }))
                .chain((!weights.iter().any(|(one, _)| *one == changed)).then(|| json!({ "criterion": changed, "weight": to })))
                .collect();
            json!({ "weights": weights, "constraints": [{ "kindIn": [FRAMEWORKS] }] })
        };
        let before = recommend(&app, weighed("SECURITY", 3.0)).await;
        let flips = before["sensitivity"].as_array().unwrap();
        assert!(flips.len() >= 4, "{flips:?}");
        for flip in flips {
            let (criterion, from, to) = (flip["criterion"].as_str().unwrap(), flip["fromWeight"].as_f64().unwrap(), flip["toWeight"].as_f64().unwrap());
            let further = recommend(&app, weighed(criterion, from + (to - from) * 1.000_1)).await;
            assert_eq!(slugs(&further)[0], flip["newWinner"]["slug"], "{flip}");
            let less = recommend(&app, weighed(criterion, from + (to - from) * 0.999_9)).await;
            assert_eq!(slugs(&less)[0], slugs(&before)[0], "{flip}");
        }
    }

    async fn scores_are_traced_and_scaling_changes_nothing(app) {
        let weights = |factor: f64| json!([
            { "criterion": "SECURITY", "weight": 3.0 * factor }, { "criterion": "LOCK_IN", "weight": 0.7 * factor },
            { "criterion": "USE_CASE_FIT", "weight": 2.0 * factor },
        ]);
        let one = recommend(&app, json!({ "useCases": ["REALTIME", "CRUD_WEB"], "weights": weights(1.0) })).await;
        let other = recommend(&app, json!({ "useCases": ["REALTIME", "CRUD_WEB"], "weights": weights(13.7) })).await;
        assert_eq!(one["candidates"], other["candidates"]);
        for candidate in one["candidates"].as_array().unwrap() {
            let contributions = candidate["contributions"].as_array().unwrap();
            let sum: f64 = contributions.iter().map(|one| one["points"].as_f64().unwrap()).sum();
            assert!((sum - candidate["score"].as_f64().unwrap()).abs() < 0.001, "{candidate}");
            assert!(contributions.iter().all(|one| !one["facts"].as_array().unwrap().is_empty()), "{candidate}");
        }
    }

    async fn the_same_question_has_the_same_bytes_and_costs_few_statements(app) {
        let (_, document, variables) = examples().into_iter().find(|(name, ..)| name.ends_with("which-backend-to-take")).unwrap();
        let first = app.ask(&document, variables.clone()).await;
        let second = app.ask(&document, variables).await;
        assert_eq!(first.body.to_string(), second.body.to_string());
        assert_eq!(second.statements, 1, "the revision; everything else is in memory");
    }

    async fn hard_constraints_let_no_violator_through(app) {
        let constraints = json!([
            { "kindIn": [FRAMEWORKS] }, { "license": ["MIT"] }, { "requires": "CSRF_PROTECTION" }, { "exclude": ["laravel"] },
        ]);
        let answer = recommend(&app, json!({ "constraints": constraints })).await;
        assert!(!slugs(&answer).is_empty());
        for slug in slugs(&answer) {
            let document = format!("{{ framework(slug: \"{slug}\") {{ license {{ value }} capabilities(in: [CSRF_PROTECTION]) {{ level verdict }} }} }}");
            let data = app.data(&document).await;
            assert!(data["framework"]["license"]["value"].as_str().unwrap().contains("MIT"), "{slug}");
            let levels = pick(&data["framework"]["capabilities"], "level");
            assert!(!levels.is_empty() && levels.iter().all(|level| level != "NONE" && level != "UNKNOWN"), "{slug}");
        }
        assert!(!slugs(&answer).contains(&"laravel"));
        let (passed, excluded) = (answer["feasibleCount"].as_i64().unwrap(), answer["excludedCount"].as_i64().unwrap());
        let data = app.data("{ technologies(filter: { kind: [BACKEND_FRAMEWORK, BAAS] }) { totalCount } }").await;
        assert_eq!(data["technologies"]["totalCount"], passed + excluded);
    }

    async fn when_nothing_is_feasible_the_conflict_and_the_way_out_are_told(app) {
        let constraints = json!([
            { "kindIn": ["BAAS"] }, { "languageIn": ["ruby"] }, { "license": ["MIT", "Apache-2.0"] },
        ]);
        let answer = recommend(&app, json!({ "constraints": constraints })).await;
        assert_eq!(answer["__typename"], "NoFeasibleOption", "{answer}");
        assert_eq!(answer["conflicts"], json!([["kindIn: BAAS", "languageIn: ruby"]]));
        let relaxations: Vec<&str> = answer["relaxations"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert!(relaxations.iter().any(|one| one.starts_with("Allow BACKEND_FRAMEWORK in kindIn.")), "{relaxations:?}");
        assert!(relaxations.iter().any(|one| one.contains("languageIn")), "{relaxations:?}");
    }

    async fn what_costs_too_much_or_binds_too_much_is_left_out(app) {
        let usage = json!({ "monthlyActiveUsers": 50_000, "readsPerUserPerDay": "30" });
        let kind = json!({ "kindIn": ["BAAS"] });
        let input = json!({ "usage": usage, "constraints": [kind, { "maxMonthlyCost": "30" }] });
        let answer = recommend(&app, input).await;
        for slug in slugs(&answer) {
            let document = format!("{{ baasProvider(slug: \"{slug}\") {{ costEstimate(usage: {{ monthlyActiveUsers: 50000, readsPerUserPerDay: \"30\" }}) {{ monthly }} }} }}");
            let monthly = app.data(&document).await["baasProvider"]["costEstimate"]["monthly"].clone();
            assert!(monthly.as_str().unwrap().parse::<f64>().unwrap() <= 30.0, "{slug}");
        }
        let answer = recommend(&app, json!({ "constraints": [kind, { "maxLockIn": 0.45 }] })).await;
        let bound = answer["excluded"].as_array().unwrap().iter().filter(|one| one["reason"].as_str().unwrap().starts_with("Its lock-in scores"));
        assert!(bound.clone().count() > 0);
        for one in bound {
            assert!(one["nearestFix"].as_str().unwrap().starts_with("Set maxLockIn to 0."), "{one}");
        }
    }

    async fn a_request_holds_ten_answers(app) {
        let one = |at: usize| format!("a{at}: compare(slugs: [\"django\", \"flask\"], criteria: [SECURITY]) {{ __typename }}");
        let document = |count: usize| format!("{{ {} }}", (0..count).map(one).collect::<Vec<_>>().join(" "));
        app.data(&document(10)).await;
        let refused = app.errors(&document(11)).await;
        assert!(refused[0].starts_with("MAX_COST_EXCEEDED"), "{refused:?}");
    }

    async fn wrong_input_is_told_with_its_paths(app) {
        let wrong = json!({
            "team": [{ "language": "pyton", "level": "SENIOR", "people": 0 }],
            "weights": [{ "criterion": "COST", "weight": -1 }],
            "constraints": [{ "selfHostable": true }, { "selfHostable": false }, { "supportedUntil": "2020-01-01" }],
            "horizonYears": 0,
        });
        let expected = [
            "input/team/0/people", "input/team/0/language", "input/weights/0/weight",
            "input/constraints/2/supportedUntil", "input/constraints/1", "input/horizonYears",
        ];
        assert_eq!(problems(&app, wrong).await, expected);
        assert_eq!(problems(&app, json!({ "include": ["djanga"] })).await, ["input/include/0"]);
        assert_eq!(problems(&app, json!({ "usage": { "monthlyActiveUsers": -1 } })).await, ["input/usage/monthlyActiveUsers"]);
        assert_eq!(problems(&app, json!({ "constraints": [{ "maxMonthlyCost": "5" }] })).await, ["input/constraints/0/maxMonthlyCost"]);
        assert_eq!(problems(&app, json!({ "include": vec!["django"; 101] })).await, ["input/include"]);
        assert_eq!(problems(&app, json!({ "constraints": vec![json!({ "platform": "WEB" }); 1_000] })).await, ["input/constraints"]);
        let document = "{ compare(slugs: [\"django\", \"djanga\", \"django\"]) { ... on InvalidInput { problems { path message } } } }";
        let found = app.data(document).await;
        assert_eq!(found["compare"]["problems"][0]["path"], json!(["slugs", "1"]));
        assert!(found["compare"]["problems"][0]["message"].as_str().unwrap().ends_with("Did you mean django?"));
        assert_eq!(found["compare"]["problems"][1]["path"], json!(["slugs", "2"]));
        let long = json!({ "useCases": [], "platforms": [], "team": [], "include": vec!["django"; 10_000] });
        let refused = app.ask(RECOMMEND, json!({ "input": long })).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "MAX_LIST_EXCEEDED");
        let both = json!({ "useCases": [], "platforms": [], "team": [], "constraints": [{ "selfHostable": true, "platform": "WEB" }] });
        let refused = app.ask(RECOMMEND, json!({ "input": both })).await;
        assert!(refused.body["errors"][0]["message"].as_str().unwrap().contains("exactly one field"), "{}", refused.body);
    }
}
