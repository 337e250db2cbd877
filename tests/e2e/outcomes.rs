//! How often it went well, on what evidence, and how large markets may be.

use std::{collections::BTreeMap, fmt::Write, fs};

use serde_json::{Value, json};
use stackfit_catalogue::{Directory, read_all};
use stackfit_domain::{catalogue::Register, outcome_rate::Share};
use stackfit_persistence::{Pool, Store};
use stackfit_tests::{
    Engine, TestApp,
    app::pick,
    database::{Database, key, now},
    on_both,
};

use crate::operations::examples;

async fn example(app: &TestApp, name: &str) -> (Value, u64) {
    let (_, document, variables) = examples().into_iter().find(|(known, ..)| known.ends_with(name)).unwrap();
    let answer = app.ask(&document, variables).await;
    let statements = answer.statements;
    (answer.data(), statements)
}

/// The element of a list of which a field has a value.
fn of<'a>(list: &'a Value, field: &str, value: &str) -> &'a Value {
    list.as_array()
        .unwrap()
        .iter()
        .find(|item| item[field] == value)
        .unwrap_or_else(|| panic!("{value}: {list}"))
}

/// A server on a catalogue of one's own: its files by their paths.
async fn made_up(engine: Engine, files: &[(&str, String)]) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let files = Directory::open(folder.path()).unwrap();
    let parts = read_all(files, Register::default(), now().date_naive()).unwrap();
    let database = Database::empty(engine);
    let store = Store::open(&database.url, &Pool::default(), || Ok(parts), key(), now()).await.unwrap();
    store.close().await.unwrap();
    TestApp::on(engine, database).await
}

fn source(slug: &str, kind: &str, bias: bool) -> (String, String) {
    let text =
        format!("slug: {slug}\nkind: {kind}\ntitle: {slug}\nnoUrlReason: Made up.\nhasVendorBias: {bias}\n");
    (format!("sources/{slug}.yaml"), text)
}

/// A case study with outcomes: verdict, citations, and the detail.
fn study(slug: &str, status: &str, outcomes: &[(&str, &str, &str)]) -> (String, String) {
    let mut text = format!("slug: {slug}\ntitle: {slug}\nstatus: {status}\nfacts:\n");
    for (at, (verdict, citations, detail)) in outcomes.iter().enumerate() {
        let _ = write!(
            text,
            "- code: {slug}.{at}\n  kind: OUTCOME\n  statement: It went so.\n  verdict: {verdict}\n  citations: {citations}\n  outcome: {detail}\n"
        );
    }
    (format!("case-studies/{slug}.yaml"), text)
}

const VENDOR: &str = "[{ source: vendor }]";
const PRESS: &str = "[{ source: press }]";
const USER: &str = "[{ source: user }]";

async fn seven_studies(engine: Engine) -> TestApp {
    let less = |more: &str| format!("{{ metric: COST, direction: DECREASED{more} }}");
    let files = [
        source("vendor", "VENDOR_BLOG", true),
        source("press", "NEWS", false),
        source("user", "USER", false),
        study(
            "a",
            "LIVE",
            &[(
                "STATED",
                "[{ source: vendor }, { source: press }]",
                &less(", percent: \"10\", months: \"3\""),
            )],
        ),
        study(
            "b",
            "LIVE",
            &[(
                "STATED",
                "[{ source: vendor }, { source: press, supports: false }]",
                &less(", percent: \"30\""),
            )],
        ),
        study("c", "LIVE", &[("STATED", VENDOR, "{ metric: COST, direction: INCREASED }")]),
        study(
            "d",
            "LIVE",
            &[
                ("STATED", USER, &less(", percent: \"20\"")),
                ("PARTLY_TRUE", PRESS, "{ metric: COST, direction: INCREASED, percent: \"5\" }"),
            ],
        ),
        study("e", "LIVE", &[("STALE", PRESS, &less(", percent: \"90\""))]),
        study(
            "f",
            "DISCONTINUED",
            &[
                ("CONFIRMED", VENDOR, &less(", percent: \"40\"")),
                ("STATED", VENDOR, "{ metric: MARKET_RESPONSE, direction: FAILED }"),
            ],
        ),
        study(
            "g",
            "UNKNOWN",
            &[("STATED", PRESS, "{ metric: REVENUE, direction: DECREASED, percent: \"15\" }")],
        ),
    ];
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    made_up(engine, &files).await
}

async fn studies(app: &TestApp, filter: &str) -> Vec<String> {
    let document = format!("{{ caseStudies(first: 100, filter: {filter}) {{ nodes {{ slug }} }} }}");
    pick(&app.data(&document).await["caseStudies"]["nodes"], "slug")
}

const RATE: &str =
    "metric caseStudies told notTold wentWell wentBadly mixed discontinued failed toldByInterested refuted
    successShare { share low high } failureShare { share }
    byEvidence { grade told wentWell wentBadly mixed successShare { share } }
    directions { direction isGood caseStudies outcomes percents { low middle high figures } }
    caveats { kind }";

async fn rate(app: &TestApp, arguments: &str) -> Value {
    app.data(&format!("{{ outcomeRates({arguments}) {{ {RATE} }} }}")).await["outcomeRates"][0].take()
}

/// What the rates must be, from all outcomes of all case studies, one by one.
struct Counted {
    well: i64,
    badly: i64,
    mixed: i64,
    discontinued: i64,
    failed: i64,
    outcomes: Vec<String>,
    percents: BTreeMap<String, Vec<f64>>,
}

fn counted(studies: &Value, metric: &str) -> Counted {
    let mut counted = Counted {
        well: 0,
        badly: 0,
        mixed: 0,
        discontinued: 0,
        failed: 0,
        outcomes: Vec::new(),
        percents: BTreeMap::new(),
    };
    for study in studies.as_array().unwrap() {
        let believed = |outcome: &&Value| outcome["evidenceGrade"].is_string();
        let outcomes: Vec<&Value> = study["outcomes"].as_array().unwrap().iter().filter(believed).collect();
        let told: Vec<&&Value> = outcomes.iter().filter(|outcome| outcome["metric"] == metric).collect();
        if told.is_empty() {
            continue;
        }
        let good = told.iter().filter(|outcome| outcome["isGood"] == json!(true)).count();
        match good {
            0 => counted.badly += 1,
            all if all == told.len() => counted.well += 1,
            _ => counted.mixed += 1,
        }
        counted.discontinued += i64::from(study["status"] == "DISCONTINUED");
        counted.failed += i64::from(outcomes.iter().any(|outcome| outcome["direction"] == "FAILED"));
        for outcome in told {
            counted.outcomes.push(outcome["code"].as_str().unwrap().to_owned());
            let direction = outcome["direction"].as_str().unwrap().to_owned();
            let percents = counted.percents.entry(direction).or_default();
            percents.extend(outcome["percent"].as_str().map(|percent| percent.parse::<f64>().unwrap()));
        }
    }
    counted.outcomes.sort();
    counted
}

on_both! {
    async fn lowered_budgets_and_a_failed_network(app) {
        let (data, statements) = example(&app, "how-often-projects-went-well").await;
        assert_eq!(statements, 6, "count, groups, directions, outcomes, their citations and case studies");
        let rates = &data["outcomeRates"];
        assert_eq!(pick(rates, "metric"), ["BUDGET", "TIME_TO_MARKET", "MARKET_RESPONSE"], "in the order asked for");
        let budget = of(rates, "metric", "BUDGET");
        let codes = pick(&budget["outcomes"]["nodes"], "code");
        assert!(codes.contains(&"F324".to_owned()), "{codes:?}");
        let claim = of(&budget["outcomes"]["nodes"], "code", "F324");
        assert_eq!((&claim["percent"], &claim["evidenceGrade"]), (&json!("40"), &json!("D")), "a vendor's own claim");
        assert!(budget["successShare"]["low"].as_f64().unwrap() < 0.9, "few are no certainty: {budget}");
        assert!(pick(&budget["caveats"], "kind").contains(&"FEW_CASE_STUDIES".to_owned()));
        let told = budget["told"].as_i64().unwrap();
        assert_eq!(budget["notTold"], json!(budget["caseStudies"].as_i64().unwrap() - told));

        let market = of(rates, "metric", "MARKET_RESPONSE");
        assert!(market["wentBadly"].as_i64() >= Some(1) && market["failed"].as_i64() >= Some(1), "{market}");
        let failed = of(&market["outcomes"]["nodes"], "code", "F337");
        assert_eq!(failed["subject"]["status"], "DISCONTINUED");
        assert_eq!(market["discontinued"], json!(1));

        let time = of(rates, "metric", "TIME_TO_MARKET");
        let network = of(&time["outcomes"]["nodes"], "code", "F336");
        assert_eq!(network["direction"], "ACHIEVED", "it was ready in time, and ended all the same");
        assert_eq!((&time["discontinued"], &time["failed"]), (&json!(1), &json!(1)));
    }

    async fn rates_are_what_the_outcomes_add_up_to(app) {
        let document = "{ caseStudies(first: 100) { totalCount nodes { slug status outcomes { code metric direction percent isGood evidenceGrade } } } }";
        let all = app.data(document).await;
        assert!(all["caseStudies"]["totalCount"].as_u64().unwrap() <= 100);
        let rates = app.data(&format!("{{ outcomeRates {{ {RATE} outcomes(first: 100) {{ totalCount nodes {{ code }} }} }} }}")).await;
        let rates = rates["outcomeRates"].as_array().unwrap();
        assert_eq!(rates.len(), 10);
        for rate in rates {
            let metric = rate["metric"].as_str().unwrap();
            let counted = counted(&all["caseStudies"]["nodes"], metric);
            for (field, count) in [
                ("wentWell", counted.well), ("wentBadly", counted.badly), ("mixed", counted.mixed),
                ("discontinued", counted.discontinued), ("failed", counted.failed),
            ] {
                assert_eq!(rate[field], json!(count), "{metric} {field}");
            }
            let mut codes = pick(&rate["outcomes"]["nodes"], "code");
            codes.sort();
            assert_eq!(codes, counted.outcomes, "{metric}");
            assert_eq!(rate["outcomes"]["totalCount"], json!(codes.len()));
            assert_eq!(rate["directions"].as_array().unwrap().len(), counted.percents.len(), "{metric}");
            for (direction, percents) in counted.percents {
                let told = &of(&rate["directions"], "direction", &direction)["percents"];
                let largest = percents.iter().copied().fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))));
                assert_eq!(told["high"].as_str().map(|high| high.parse::<f64>().unwrap()), largest, "{metric} {direction}");
                assert_eq!(told["figures"].as_u64().unwrap_or(0), percents.len() as u64, "{metric} {direction}");
            }
        }
        let cost = rates.iter().find(|rate| rate["metric"] == "COST").unwrap();
        assert!(cost["wentBadly"].as_i64() >= Some(1), "the bill of 72,000 dollars counts: {cost}");
    }

    async fn every_way_of_counting(app) {
        let app = seven_studies(app.engine).await;
        let rate = rate(&app, "metrics: [COST]").await;
        for (field, count) in [
            ("caseStudies", 7), ("told", 5), ("notTold", 2), ("wentWell", 3), ("wentBadly", 1), ("mixed", 1),
            ("discontinued", 1), ("failed", 1), ("toldByInterested", 3), ("refuted", 1),
        ] {
            assert_eq!(rate[field], json!(count), "{field}");
        }
        let share = Share::of(3, 5).unwrap();
        let three = |value: f64| json!((value * 1_000.0).round() / 1_000.0);
        assert_eq!(rate["successShare"], json!({ "share": 0.6, "low": three(share.low), "high": three(share.high) }));
        assert_eq!(rate["failureShare"]["share"], json!(0.2));
        assert_eq!(pick(&rate["byEvidence"], "grade"), ["A", "B", "C", "D"]);
        let told = |grade: &str, field: &str| of(&rate["byEvidence"], "grade", grade)[field].clone();
        assert_eq!((told("B", "wentWell"), told("C", "told"), told("C", "mixed"), told("D", "wentBadly")), (json!(1), json!(2), json!(1), json!(1)));
        assert_eq!(rate["directions"], json!([
            { "direction": "INCREASED", "isGood": false, "caseStudies": 2, "outcomes": 2,
              "percents": { "low": "5", "middle": "5", "high": "5", "figures": 1 } },
            { "direction": "DECREASED", "isGood": true, "caseStudies": 4, "outcomes": 4,
              "percents": { "low": "10", "middle": "25", "high": "40", "figures": 4 } },
        ]));
        assert_eq!(pick(&rate["caveats"], "kind"), ["PUBLICATION_BIAS", "FEW_CASE_STUDIES"]);
    }

    async fn rates_of_good_evidence_only(app) {
        let app = seven_studies(app.engine).await;
        let good = rate(&app, "metrics: [COST], evidence: [A, B]").await;
        assert_eq!((&good["told"], &good["wentWell"], &good["mixed"]), (&json!(3), &json!(3), &json!(0)));
        assert_eq!(good["refuted"], json!(1), "counted apart, whatever its grade would be");
        assert_eq!(pick(&good["byEvidence"], "grade"), ["A", "B"]);
        let none = rate(&app, "metrics: [COST], evidence: []").await;
        assert_eq!((&none["told"], &none["successShare"]), (&json!(0), &Value::Null));
        assert_eq!(pick(&none["caveats"], "kind"), ["NOTHING_TOLD"]);
        let chosen = rate(&app, "metrics: [COST], filter: { metric: COST, direction: DECREASED, minPercent: \"30\" }").await;
        assert_eq!((&chosen["caseStudies"], &chosen["wentWell"]), (&json!(2), &json!(2)));
        assert_eq!(pick(&chosen["caveats"], "kind")[0], "SELECTED_BY_OUTCOME");
        let silent = rate(&app, "metrics: [RETENTION]").await;
        assert_eq!((&silent["told"], &silent["notTold"], &silent["directions"]), (&json!(0), &json!(7), &json!([])));
        assert_eq!(app.data("{ outcomeRates(metrics: []) { told } }").await["outcomeRates"], json!([]));
    }

    async fn outcomes_of_a_rate_are_walked_page_by_page(app) {
        let app = seven_studies(app.engine).await;
        let mut found = Vec::new();
        let mut after = Value::Null;
        loop {
            let document = format!("{{ outcomeRates(metrics: [COST]) {{ outcomes(first: 2, after: {after}) {{ totalCount nodes {{ code }} pageInfo {{ hasNextPage endCursor }} }} }} }}");
            let page = app.data(&document).await["outcomeRates"][0]["outcomes"].take();
            assert_eq!(page["totalCount"], json!(6));
            found.extend(pick(&page["nodes"], "code"));
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(found, ["a.0", "b.0", "c.0", "d.0", "d.1", "f.0"]);
    }

    async fn case_studies_by_one_outcome_that_is_all_of_it(app) {
        let app = seven_studies(app.engine).await;
        // `d` has an increase and one of 20 per cent, but not in one outcome.
        assert_eq!(studies(&app, "{ metric: COST, direction: INCREASED, minPercent: \"20\" }").await, Vec::<String>::new());
        assert_eq!(studies(&app, "{ metric: COST, direction: INCREASED, minPercent: \"5\" }").await, ["d"]);
        assert_eq!(studies(&app, "{ direction: INCREASED, evidence: [B] }").await, Vec::<String>::new());
        assert_eq!(studies(&app, "{ metric: COST, evidence: [B] }").await, ["d", "f"]);
        assert_eq!(studies(&app, "{ evidence: [A] }").await, ["a"]);
        assert_eq!(studies(&app, "{ evidence: [] }").await, Vec::<String>::new());
        assert_eq!(studies(&app, "{ metric: COST, not: { evidence: [A, B, C] } }").await, ["c"]);
        assert_eq!(studies(&app, "{ minPercent: \"90\" }").await, Vec::<String>::new(), "what is refuted is not so");
        assert_eq!(studies(&app, "{ minPercent: \"90\", verdict: [STALE] }").await, ["e"], "unless it is asked for");
        let data = app.data("{ caseStudies(first: 100) { nodes { slug evidenceGrade } } }").await;
        let grade = |slug: &str| of(&data["caseStudies"]["nodes"], "slug", slug)["evidenceGrade"].clone();
        assert_eq!(["a", "b", "c", "d", "e", "f", "g"].map(grade), [json!("A"), json!("C"), json!("D"), json!("C"), Value::Null, json!("D"), json!("B")]);
    }

    async fn grades_are_the_same_in_filters_and_fields(app) {
        let document = "{ caseStudies(first: 100) { nodes { slug outcomes { evidenceGrade verdict } } } }";
        let all = app.data(document).await["caseStudies"]["nodes"].take();
        for grade in ["A", "B", "C", "D"] {
            let has = |study: &&Value| study["outcomes"].as_array().unwrap().iter().any(|outcome| outcome["evidenceGrade"] == grade);
            let mut told: Vec<&str> = all.as_array().unwrap().iter().filter(has).map(|study| study["slug"].as_str().unwrap()).collect();
            let mut found = studies(&app, &format!("{{ evidence: [{grade}] }}")).await;
            told.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, told, "{grade}");
        }
    }

    async fn sources_disagree_about_the_market(app) {
        let (data, statements) = example(&app, "how-large-the-market-may-be").await;
        assert_eq!(statements, 5, "segments, figures, citations, definitions and theirs");
        assert_eq!(pick(&data["markets"], "segment"), ["baas", "cloud-mobile-baas", "mobile-cloud-platforms"]);
        let market = &data["market"];
        let figure = of(&market["figures"], "code", "F285");
        assert_eq!(pick(&figure["definitions"], "code"), ["F288"], "what the same source calls BaaS");
        let other = of(&market["figures"], "code", "backend-as-a-service.market.encyclopedia-2025");
        assert_eq!(other["definitions"], json!([]), "it does not say what it counts");
        let near = &market["near"];
        assert_eq!(near["low"], "7000000000");
        let high: f64 = near["high"].as_str().unwrap().parse().unwrap();
        let expected = 5.7e9 * (31.1_f64 / 5.7).powf(3.0 / 8.0);
        assert!((high - expected).abs() <= 1.0, "{high} is not {expected}");
        assert_eq!(near["disagreement"], json!((expected / 7e9 * 100.0).round() / 100.0));
        assert_eq!(pick(&near["lines"], "basis"), ["STATED", "INTERPOLATED"]);
        assert_eq!(pick(&near["lines"][1]["facts"], "code"), ["F285", "F286"]);
        let far = &market["far"];
        assert_eq!(far["lines"].as_array().unwrap().len(), 1);
        let line = &far["lines"][0];
        assert_eq!((&line["basis"], &line["yearsBeyond"], &line["isFarBeyond"]), (&json!("EXTRAPOLATED"), &json!(6), &json!(true)));
        assert_eq!(far["gaps"][0]["reason"], "ONE_SIZE_ONLY", "one size is no growth");
        assert_eq!(far["low"], far["high"]);
        assert_eq!(far["disagreement"], json!(1.0));
    }

    async fn refuted_figures_are_no_ground(app) {
        let document = "{ market(segment: \"mobile-cloud-platforms\") { impliedCagr(from: 2013, to: 2017)
            stated: projection(year: 2013) { low } refuted: projection(year: 2017) { low middle high disagreement lines { basis } gaps { reason facts { code } } } } }";
        let market = app.data(document).await["market"].take();
        assert_eq!(market["impliedCagr"], Value::Null);
        assert_eq!(market["stated"]["low"], "579000000");
        let refuted = &market["refuted"];
        for field in ["low", "middle", "high", "disagreement"] {
            assert_eq!(refuted[field], Value::Null, "{field}");
        }
        assert_eq!(refuted["gaps"][0]["reason"], "ONE_SIZE_ONLY");
        assert_eq!(refuted["gaps"][0]["facts"].as_array().unwrap().len(), 2, "what it said is shown");
    }

    async fn each_source_speaks_for_itself(app) {
        let figure = |code: &str, citations: &str, market: &str| format!(
            "- code: {code}\n  kind: MARKET\n  statement: It is so large.\n  verdict: STATED\n  citations: {citations}\n  market: {{ segment: widgets, {market} }}\n"
        );
        let facts = [
            figure("one", "[{ source: a }, { source: b }]", "measure: SIZE, year: 2020, amountUsd: \"1000000\""),
            figure("two", "[{ source: a }, { source: b, supports: false }]", "measure: SIZE, year: 2022, amountUsd: \"4000000\""),
            figure("rate", "[{ source: b }]", "measure: GROWTH_RATE, year: 2021, toYear: 2030, percent: \"10\""),
            figure("three", "[{ source: c }]", "measure: GROWTH_RATE, year: 2021, toYear: 2030, percent: \"99\""),
        ];
        let definition = "- code: defined\n  kind: DEFINITION\n  statement: Widgets are things.\n  verdict: STATED\n  citations: [{ source: b }]\n";
        let term = format!("slug: widget\nname: Widget\nfacts:\n{}{definition}", facts.concat());
        let files = [source("a", "ANALYST", true), source("b", "NEWS", false), source("c", "NEWS", false), ("terms/widget.yaml".to_owned(), term)];
        let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
        let app = made_up(app.engine, &files).await;
        let document = "{ market(segment: \"widgets\") { figures { code definitions { code } }
            projection(year: 2021) { low middle high disagreement
                lines { source { slug } amountUsd basis growthPercent facts { code } } gaps { source { slug } reason } } } }";
        let market = app.data(document).await["market"].take();
        let projection = &market["projection"];
        assert_eq!(projection["lines"], json!([
            { "source": { "slug": "b" }, "amountUsd": "1100000", "basis": "INTERPOLATED", "growthPercent": 10.0,
              "facts": [{ "code": "one" }, { "code": "rate" }] },
            { "source": { "slug": "a" }, "amountUsd": "2000000", "basis": "INTERPOLATED", "growthPercent": 100.0,
              "facts": [{ "code": "one" }, { "code": "two" }] },
        ]));
        assert_eq!((&projection["low"], &projection["middle"], &projection["high"]), (&json!("1100000"), &json!("1550000"), &json!("2000000")));
        assert_eq!(projection["disagreement"], json!(1.82));
        assert_eq!(projection["gaps"], json!([{ "source": { "slug": "c" }, "reason": "NO_SIZE" }]));
        let defined = |code: &str| of(&market["figures"], "code", code)["definitions"].as_array().unwrap().len();
        assert_eq!((defined("one"), defined("two"), defined("three")), (1, 0, 0), "a source that speaks against a figure defines nothing of it");
    }
}
