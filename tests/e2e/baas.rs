//! What is computed of Backends as a Service: cost, lock-in, capabilities, checklists, routes.

use serde_json::{Value, json};
use stackfit_tests::{TestApp, app::pick, on_both};

/// The estimate of a provider, with some fields.
async fn estimate(app: &TestApp, slug: &str, usage: &str, fields: &str) -> Value {
    let document = format!(
        "{{ baasProvider(slug: \"{slug}\") {{ costEstimate(usage: {{ {usage} }}) {{ {fields} }} }} }}"
    );
    app.data(&document).await["baasProvider"]["costEstimate"].take()
}

fn line<'a>(estimate: &'a Value, meter: &str) -> &'a Value {
    let lines = estimate["lines"].as_array().unwrap();
    lines.iter().find(|line| line["meter"] == meter).unwrap_or_else(|| panic!("no {meter}: {estimate:#}"))
}

/// Arguments of estimates that are refused, with the field that the refusal names.
const REFUSED: &[(&str, &str)] = &[
    ("monthlyActiveUsers: -1", "usage.monthlyActiveUsers"),
    ("monthlyActiveUsers: 1000000001", "usage.monthlyActiveUsers"),
    ("readsPerUserPerDay: \"30\"", "usage.monthlyActiveUsers"),
    ("monthlyActiveUsers: 1, readsPerUserPerDay: \"-0.5\"", "usage.readsPerUserPerDay"),
    ("monthlyActiveUsers: 1, writesPerUserPerDay: \"1000001\"", "usage.writesPerUserPerDay"),
    ("storageGb: \"-1\"", "usage.storageGb"),
    ("egressGb: \"1000000000000\"", "usage.egressGb"),
    ("fileStorageGb: \"79228162514264337593543950335\"", "usage.fileStorageGb"),
    ("functionCalls: \"0.0000001\"", "usage.functionCalls"),
    ("pushMessages: \"-3\"", "usage.pushMessages"),
    ("currency: \"usd\"", "usage.currency"),
    ("currency: \"ABC\"", "usage.currency"),
    ("region: \"\"", "usage.region"),
];

/// Documents that are refused, with the field that the refusal names.
const REFUSED_ROOTS: &[(&str, &str)] = &[
    (
        "costCrossovers(slugs: [\"supabase\"], usage: { monthlyActiveUsers: 1 }) { crossovers { users } }",
        "slugs",
    ),
    (
        "costCrossovers(slugs: [\"supabase\", \"supabase\"], usage: { monthlyActiveUsers: 1 }) { crossovers { users } }",
        "slugs",
    ),
    (
        "costCrossovers(slugs: [\"supabase\", \"django\"], usage: { monthlyActiveUsers: 1 }) { crossovers { users } }",
        "slugs[1]",
    ),
    (
        "costCrossovers(slugs: [\"supabase\", \"convex\"], usage: { egressGb: \"1\" }) { crossovers { users } }",
        "usage.monthlyActiveUsers",
    ),
    ("capabilityMatrix(slugs: [\"nobody\"]) { rows { provider { slug } } }", "slugs[0]"),
    ("capabilityMatrix(slugs: [\"A B\"]) { rows { provider { slug } } }", "slugs[0]"),
    ("migrationRoutes(from: \"supabase\", to: \"supabase\") { steps { from { slug } } }", "to"),
    ("migrationRoutes(from: \"nobody\", to: \"supabase\") { steps { from { slug } } }", "from"),
    (
        "migrationRoutes(from: \"convex\", to: \"supabase\", maxHops: 6) { steps { from { slug } } }",
        "maxHops",
    ),
    (
        "migrationRoutes(from: \"convex\", to: \"supabase\", maxHops: 0) { steps { from { slug } } }",
        "maxHops",
    ),
];

on_both! {
    async fn what_firebase_costs_and_where_its_free_tier_ends(app) {
        let fields = "plan { name } monthly atLeast isComplete fitsFreeTier hasSpendCap unconfirmedAmount unconfirmedShare
            lines { meter status used included billable price per total exceededAt fact { code verdict } }
            cliffs { kind users meters planBefore { name } plan { name } monthlyBefore monthly facts { code } }";
        let told = estimate(&app, "google-firebase", "monthlyActiveUsers: 50000, readsPerUserPerDay: \"30\"", fields).await;
        assert_eq!(told["plan"]["name"], "Blaze");
        let reads = line(&told, "DOCUMENT_READS");
        assert_eq!(reads["status"], "BILLED");
        assert_eq!(reads["used"], "45000000", "50,000 × 30 × 30");
        assert_eq!(reads["included"], "1500000", "50,000 a day");
        assert_eq!(reads["billable"], "43500000");
        assert_eq!((&reads["price"], &reads["per"]), (&json!("0.03"), &json!("100000")));
        assert_eq!(reads["total"], "13.05");
        assert_eq!(reads["exceededAt"], json!(1667));
        assert_eq!(reads["fact"]["code"], "google-firebase.plan.blaze.document-reads");
        assert_eq!(told["monthly"], "13.05");
        assert_eq!((&told["isComplete"], &told["fitsFreeTier"]), (&json!(true), &json!(false)));
        assert_eq!((&told["unconfirmedAmount"], &told["unconfirmedShare"]), (&json!("13.05"), &json!("1")));
        let end = told["cliffs"].as_array().unwrap().iter().find(|cliff| cliff["kind"] == "FREE_TIER_ENDS").unwrap();
        assert_eq!((&end["users"], &end["meters"]), (&json!(1667), &json!(["DOCUMENT_READS"])));
        assert_eq!((&end["planBefore"]["name"], &end["plan"]["name"]), (&json!("Spark"), &json!("Blaze")));
        assert_eq!((&end["monthlyBefore"], &end["monthly"]), (&json!("0"), &json!("0.00009")));
        assert!(pick(&end["facts"], "code").contains(&"google-firebase.plan.spark.document-reads".to_owned()));
        for (users, free) in [(1666, true), (1667, false)] {
            let usage = format!("monthlyActiveUsers: {users}, readsPerUserPerDay: \"30\"");
            let told = estimate(&app, "google-firebase", &usage, "fitsFreeTier monthly").await;
            assert_eq!(told["fitsFreeTier"], json!(free), "{users}");
            assert_eq!(told["monthly"] == "0", free, "{users}");
        }
    }

    async fn what_is_not_confirmed_can_be_left_out(app) {
        let usage = "monthlyActiveUsers: 50000, readsPerUserPerDay: \"30\", onlyConfirmed: true";
        let fields = "plan { name } monthly atLeast unconfirmedAmount lines { meter status total } assumptions";
        let told = estimate(&app, "google-firebase", usage, fields).await;
        assert_eq!(told["plan"]["name"], "Blaze", "the plan is the same");
        assert_eq!((&told["monthly"], &told["atLeast"]), (&Value::Null, &json!("0")));
        assert_eq!(line(&told, "DOCUMENT_READS")["status"], "LEFT_OUT");
        assert_eq!(told["unconfirmedAmount"], "0");
    }

    async fn where_no_price_is_known_there_is_no_number(app) {
        let fields = "monthly isComplete fitsFreeTier lines { meter status total } assumptions
            plans { plan { name } monthly atLeast isExceeded missingPrices lines { meter status total } }";
        let bears = estimate(&app, "nhost", "egressGb: \"50\"", fields).await;
        assert_eq!((&bears["monthly"], &bears["isComplete"]), (&json!("25"), &json!(true)));
        let told = estimate(&app, "nhost", "egressGb: \"51\"", fields).await;
        assert_eq!((&told["monthly"], &told["isComplete"], &told["fitsFreeTier"]), (&Value::Null, &json!(false), &Value::Null));
        let pro = told["plans"].as_array().unwrap().iter().find(|plan| plan["plan"]["name"] == "Pro").unwrap();
        assert_eq!((&pro["monthly"], &pro["atLeast"], &pro["missingPrices"]), (&Value::Null, &json!("25"), &json!(1)));
        assert_eq!(line(pro, "EGRESS_GB"), &json!({ "meter": "EGRESS_GB", "status": "NO_PRICE", "total": null }));
        assert!(told["assumptions"].to_string().contains("EGRESS_GB"), "{told}");
        let none = estimate(&app, "back4app", "egressGb: \"51\"", "monthly").await;
        assert_eq!(none, Value::Null, "no plan is known");
        let seats = estimate(&app, "convex", "egressGb: \"1\"", fields).await;
        assert_eq!(line(&seats, "SEATS")["status"], "NOT_ASKED");
        let stops = estimate(&app, "google-firebase", "fileStorageGb: \"1\"", fields).await;
        let spark = stops["plans"].as_array().unwrap().iter().find(|plan| plan["plan"]["name"] == "Spark").unwrap();
        assert_eq!(spark["isExceeded"], json!(true));
    }

    async fn regions_days_and_currencies_are_not_guessed(app) {
        let fields = "plan { name } monthly assumptions freshness lines { meter status }";
        let usage = "monthlyActiveUsers: 50000, readsPerUserPerDay: \"30\"";
        let iowa = estimate(&app, "google-firebase", &format!("{usage}, region: \"us-central1\""), fields).await;
        assert_eq!(iowa["monthly"], "13.05");
        let tokyo = estimate(&app, "google-firebase", &format!("{usage}, region: \"asia-northeast1\""), fields).await;
        assert_eq!(tokyo["monthly"], Value::Null);
        assert!(tokyo["assumptions"].to_string().contains("us-central1 (Iowa)"), "{tokyo}");
        let euros = estimate(&app, "google-firebase", &format!("{usage}, currency: \"EUR\""), fields).await;
        assert_eq!(euros["monthly"], Value::Null);
        assert!(euros["assumptions"].to_string().contains("No exchange rate"), "{euros}");
        let free = estimate(&app, "google-firebase", "monthlyActiveUsers: 10, readsPerUserPerDay: \"30\", currency: \"EUR\"", fields).await;
        assert_eq!(free["monthly"], "0", "nothing is nothing in any currency");
        let earlier = "{ baasProvider(slug: \"google-firebase\") { costEstimate(asOf: \"2025-09-30\", usage: { fileStorageGb: \"1\" }) { asOf plans { plan { name } isExceeded } } } }";
        let told = app.data(earlier).await["baasProvider"]["costEstimate"].take();
        assert_eq!(told["asOf"], "2025-09-30");
        let exceeded = told["plans"].as_array().unwrap().iter().any(|plan| plan["isExceeded"] == true);
        assert!(!exceeded, "the limit of Spark holds from October 2025 on");
    }

    async fn usage_that_makes_no_sense_is_refused(app) {
        for (usage, field) in REFUSED {
            let document = format!("{{ baasProvider(slug: \"supabase\") {{ name costEstimate(usage: {{ {usage} }}) {{ monthly }} }} }}");
            let answer = app.ask(&document, Value::Null).await;
            let error = &answer.body["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{usage}: {:#}", answer.body);
            assert_eq!(error["extensions"]["field"], *field, "{usage}: {:#}", answer.body);
            assert_eq!(error["path"], json!(["baasProvider", "costEstimate"]), "{usage}");
            assert_eq!(answer.body["data"]["baasProvider"]["name"], "Supabase", "its neighbours stay");
        }
        for (root, field) in REFUSED_ROOTS {
            let answer = app.ask(&format!("{{ {root} }}"), Value::Null).await;
            let error = &answer.body["errors"][0];
            assert_eq!(error["extensions"]["field"], *field, "{root}: {:#}", answer.body);
        }
        let eleven: Vec<String> = (0..11).map(|number| format!("\"a{number}\"")).collect();
        let document = format!("{{ costCrossovers(slugs: [{}], usage: {{ monthlyActiveUsers: 1 }}) {{ crossovers {{ users }} }} }}", eleven.join(", "));
        assert!(app.errors(&document).await[0].contains("from 2 to 10"), "{:?}", app.errors(&document).await);
    }

    async fn a_crossover_is_where_the_bills_cross(app) {
        let usage = "readsPerUserPerDay: \"30\"";
        let document = format!("{{ costCrossovers(slugs: [\"google-firebase\", \"supabase\", \"back4app\"], usage: {{ monthlyActiveUsers: 1, {usage} }}) {{
            bills {{ provider {{ slug }} knownUpTo }}
            crossovers {{ users cheaperBefore {{ slug }} cheaper {{ slug }} dearer {{ slug }} monthlyOfCheaper monthlyOfDearer }} }} }}");
        let told = app.data(&document).await["costCrossovers"].take();
        assert_eq!(told["bills"][2], json!({ "provider": { "slug": "back4app" }, "knownUpTo": null }));
        let crossovers = told["crossovers"].as_array().unwrap();
        assert!(crossovers.len() >= 2, "{told:#}");
        assert_eq!(crossovers[0]["users"], json!(1667), "both are free before");
        assert_eq!(crossovers[0]["cheaperBefore"], Value::Null);
        let monthly = async |slug: &str, users: i64| {
            let told = estimate(&app, slug, &format!("monthlyActiveUsers: {users}, {usage}"), "monthly").await;
            told["monthly"].as_str().unwrap().parse::<f64>().unwrap()
        };
        for crossover in crossovers {
            let users = crossover["users"].as_i64().unwrap();
            let (cheaper, dearer) = (crossover["cheaper"]["slug"].as_str().unwrap(), crossover["dearer"]["slug"].as_str().unwrap());
            assert!(monthly(cheaper, users).await < monthly(dearer, users).await, "{crossover}");
            assert!(monthly(cheaper, users - 1).await >= monthly(dearer, users - 1).await, "{crossover}");
            let told: f64 = crossover["monthlyOfCheaper"].as_str().unwrap().parse().unwrap();
            assert!((told - monthly(cheaper, users).await).abs() < 1e-9, "{crossover}");
        }
    }

    async fn whether_firebase_covers_the_ios_list(app) {
        let document = "{ checklists { slug results { rank provider { slug } result { lowestScore highestScore unknown answers { level item { name } evidence { code } } } } } }";
        let lists = app.data(document).await["checklists"].take();
        let list = lists.as_array().unwrap().iter().find(|list| list["slug"] == "ios-app").unwrap();
        let results = list["results"].as_array().unwrap();
        assert!(results.len() >= 10);
        let score = |result: &Value| (result["result"]["lowestScore"].as_f64().unwrap(), result["result"]["highestScore"].as_f64().unwrap());
        assert!(results.windows(2).all(|pair| score(&pair[0]) >= score(&pair[1])), "the best comes first");
        assert!(results.windows(2).all(|pair| (score(&pair[0]) == score(&pair[1])) == (pair[0]["rank"] == pair[1]["rank"])));
        let firebase = results.iter().find(|result| result["provider"]["slug"] == "google-firebase").unwrap();
        assert_eq!(firebase["rank"], json!(1), "{firebase:#}");
        assert_eq!(score(firebase), (0.958, 0.958), "five natively, one by an extension");
        for answer in firebase["result"]["answers"].as_array().unwrap() {
            assert_ne!(answer["evidence"], json!([]), "{answer}");
        }
        for result in results {
            assert_eq!(score(result).0 < score(result).1, result["result"]["unknown"] != json!(0), "{result}");
        }
        let two = app.data("{ checklists { results(slugs: [\"supabase\", \"appwrite\"]) { provider { slug } } } }").await;
        assert_eq!(two["checklists"][0]["results"].as_array().unwrap().len(), 2);
    }

    async fn lock_in_is_scored_from_evidence(app) {
        let document = "{ baasProviders { nodes { slug lockIn { score lowestScore highestScore dimensions { dimension score confidence reason evidence { effect confidence } } } } } }";
        let providers = app.data(document).await["baasProviders"]["nodes"].take();
        let mut scores = std::collections::BTreeMap::new();
        for provider in providers.as_array().unwrap() {
            let report = &provider["lockIn"];
            let mut known = Vec::new();
            for dimension in report["dimensions"].as_array().unwrap() {
                let evidence = dimension["evidence"].as_array().unwrap();
                assert_eq!(dimension["score"].is_null(), evidence.is_empty(), "{provider}");
                let [one] = &evidence[..] else { continue };
                let says = match one["effect"].as_str().unwrap() { "RAISES" => 1.0, "LOWERS" => 0.0, _ => 0.5 };
                let confidence = one["confidence"].as_f64().unwrap();
                let expected: f64 = confidence * says + (1.0 - confidence) * 0.5;
                assert!((dimension["score"].as_f64().unwrap() - expected).abs() < 0.001, "{dimension}");
            }
            known.extend(report["dimensions"].as_array().unwrap().iter().filter_map(|dimension| dimension["score"].as_f64()));
            let Some(score) = report["score"].as_f64() else { assert!(known.is_empty()); continue };
            #[expect(clippy::cast_precision_loss, reason = "there are eight dimensions")]
            let mean = known.iter().sum::<f64>() / known.len() as f64;
            assert!((score - mean).abs() < 0.002, "{provider}");
            assert!(report["lowestScore"].as_f64() <= Some(score) && Some(score) <= report["highestScore"].as_f64());
            scores.insert(provider["slug"].as_str().unwrap().to_owned(), score);
        }
        assert!(scores["google-firebase"] > scores["supabase"], "{scores:?}");
        assert!(scores["supabase"] < 0.5 && scores["google-firebase"] > 0.5, "{scores:?}");
    }

    async fn what_no_source_says_is_unknown_in_the_matrix(app) {
        let document = "{ capabilityMatrix { capabilities rows { provider { slug capabilities { capability verdict level } } cells { capability level isDisputed facts { code } } } } }";
        let matrix = app.data(document).await["capabilityMatrix"].take();
        let columns = matrix["capabilities"].as_array().unwrap();
        for row in matrix["rows"].as_array().unwrap() {
            let told = row["provider"]["capabilities"].as_array().unwrap();
            for (cell, column) in row["cells"].as_array().unwrap().iter().zip(columns) {
                assert_eq!(&cell["capability"], column);
                let refuted = ["CONTRADICTED", "STALE", "MISCATEGORISED", "MISSING"];
                let about = told.iter().filter(|fact| fact["capability"] == *column && !refuted.contains(&fact["verdict"].as_str().unwrap()));
                assert_eq!(about.count(), cell["facts"].as_array().unwrap().len(), "{cell}");
                if cell["facts"] == json!([]) {
                    assert_eq!(cell["level"], "UNKNOWN", "{cell}");
                }
            }
        }
        let some = app.data("{ capabilityMatrix(slugs: [\"supabase\", \"appwrite\"], capabilities: [SQL, ORM]) { capabilities rows { provider { slug } cells { level } } } }").await;
        assert_eq!(some["capabilityMatrix"]["capabilities"], json!(["SQL", "ORM"]));
        let slugs: Vec<&str> = some["capabilityMatrix"]["rows"].as_array().unwrap().iter().map(|row| row["provider"]["slug"].as_str().unwrap()).collect();
        assert_eq!(slugs, ["supabase", "appwrite"]);
    }

    async fn routes_go_over_providers_between(app) {
        let route = "{ steps { from { slug } to { slug } paths { code byHand } } }";
        let document = format!("{{ migrationRoutes(from: \"google-firebase\", to: \"postgresql\") {route} }}");
        let routes = app.data(&document).await["migrationRoutes"].take();
        let ways: Vec<Vec<String>> = routes.as_array().unwrap().iter()
            .map(|route| route["steps"].as_array().unwrap().iter().map(|step| step["to"]["slug"].as_str().unwrap().to_owned()).collect())
            .collect();
        assert_eq!(ways, [vec!["postgresql"], vec!["supabase", "postgresql"]]);
        let to_supabase = pick(&routes[1]["steps"][0]["paths"], "code");
        assert_eq!(to_supabase, ["google-firebase.migration.supabase", "google-firebase.migration.supabase-auth"]);
        let none = app.data(&format!("{{ migrationRoutes(from: \"appwrite\", to: \"google-firebase\") {route} }}")).await;
        assert_eq!(none["migrationRoutes"], json!([]), "no source tells of one");
        let short = app.data(&format!("{{ migrationRoutes(from: \"google-firebase\", to: \"postgresql\", maxHops: 1) {route} }}")).await;
        assert_eq!(short["migrationRoutes"].as_array().unwrap().len(), 1);
        let refuted = app.data(&format!("{{ migrationRoutes(from: \"parse-platform\", to: \"backendless\") {route} }}")).await;
        assert_eq!(refuted["migrationRoutes"], json!([]), "the only way is no longer there");
    }
}
