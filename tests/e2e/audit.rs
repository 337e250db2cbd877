//! Audits of stacks, the same on both databases.

use serde_json::{Value, json};
use stackfit_tests::{TestApp, app::pick, on_both};

const FIELDS: &str = "asOf overall unknown items { name version technology { slug } matchedBy status supportedUntil \
    cycle { name code } reasons { kind facts { code } } \
    suggestion { advice nearest { name } newest { name } path { name } } didYouMean { slug } } \
    timeline { on from to cycle { code subject { ... on Technology { slug } } } } \
    conflicts conflictDetails { kind version runtimeVersion range item { name } runtime { name } facts { code verdict } }";

/// The audit of some items, as names with versions.
async fn audit(app: &TestApp, items: Value) -> Value {
    let document = format!(
        "query($items: [StackItemInput!]!) {{ auditStack(items: $items, asOf: \"2026-11-23\") {{ {FIELDS} }} }}"
    );
    app.ask(&document, json!({ "items": items })).await.data()["auditStack"].take()
}

/// What is wrong with some items, and the field that is named.
async fn refusal(app: &TestApp, items: Value) -> (String, Value) {
    let document = "query($items: [StackItemInput!]!) { auditStack(items: $items) { unknown } }";
    let answer = app.ask(document, json!({ "items": items })).await;
    let errors = answer.errors();
    assert_eq!(errors.len(), 1, "{:#}", answer.body);
    (errors[0].clone(), answer.body["errors"][0]["extensions"]["field"].clone())
}

fn named(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "name": name })).collect()
}

on_both! {
    async fn which_of_these_are_out_of_support(app) {
        let items = json!([
            { "name": "Rails", "version": "8.0" },
            { "name": ".NET", "version": "8" },
            { "name": "python", "version": "3.10" },
            { "name": "AngularJS", "version": "1.8" },
            { "name": "Ruby on Rails", "version": "8.1.1" },
            { "name": "python", "version": "3.14.0" },
        ]);
        let audit = audit(&app, items).await;
        let told: Vec<Value> = audit["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| json!([item["status"], item["supportedUntil"], item["cycle"]["code"], item["reasons"][0]["facts"][0]["code"]]))
            .collect();
        let one = |status: &str, until: &str, code: &str| json!([status, until, code, code]);
        assert_eq!(told[0], one("END_OF_LIFE", "2026-11-07", "ruby-on-rails.release.8.0"));
        assert_eq!(told[1], one("END_OF_LIFE", "2026-11-10", "dotnet.release.8"));
        assert_eq!(told[2], one("END_OF_LIFE", "2026-10-31", "python.release.3.10"));
        assert_eq!(told[3], one("END_OF_LIFE", "2021-12-31", "angularjs.release.1.8"));
        assert_eq!(told[4], one("SECURITY_ONLY", "2027-10-10", "ruby-on-rails.release.8.1"));
        assert_eq!(told[5][0], json!("ACTIVE"), "{:#}", audit["items"][5]);
        assert_eq!((&audit["overall"], &audit["unknown"]), (&json!("END_OF_LIFE"), &json!(0)));
        let suggestion = |at: usize| &audit["items"][at]["suggestion"];
        assert_eq!(suggestion(0)["advice"], json!("UPGRADE"));
        assert_eq!(suggestion(0)["nearest"]["name"], json!("8.1"));
        assert_eq!((&suggestion(2)["nearest"]["name"], &suggestion(2)["newest"]["name"]), (&json!("3.11"), &json!("3.14")));
        assert_eq!(suggestion(3)["advice"], json!("NO_TARGET_KNOWN"));
        assert_eq!(suggestion(4)["advice"], json!("NONE_NEEDED"));
    }

    async fn what_lies_ahead_is_one_timeline(app) {
        let items = json!([
            { "name": "python", "version": "3.12" },
            { "name": "Rails", "version": "8.1" },
            { "name": "rails", "version": "8.1.2" },
        ]);
        let audit = audit(&app, items).await;
        let told: Vec<Value> = audit["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| json!([event["on"], event["cycle"]["subject"]["slug"], event["from"], event["to"]]))
            .collect();
        assert_eq!(told, [
            json!(["2027-10-11", "ruby-on-rails", "SECURITY_ONLY", "END_OF_LIFE"]),
            json!(["2028-11-01", "python", "SECURITY_ONLY", "END_OF_LIFE"]),
        ]);
    }

    async fn another_day_is_another_answer(app) {
        let document = "query($on: Date) { auditStack(items: [{ name: \"rails\", version: \"8.0\" }], asOf: $on) { asOf overall } }";
        for (on, status) in [("2024-11-06", "UPCOMING"), ("2026-11-07", "SECURITY_ONLY"), ("2026-11-08", "END_OF_LIFE")] {
            let data = app.ask(document, json!({ "on": on })).await.data();
            assert_eq!(data["auditStack"], json!({ "asOf": on, "overall": status }));
        }
        let today = app.ask(document, Value::Null).await.data();
        assert_eq!(today["auditStack"]["asOf"], json!("2026-11-23"));
    }

    async fn names_are_found_as_people_write_them(app) {
        let names = [
            ("Rails", "ruby-on-rails", "ALIAS"),
            ("RUBY ON RAILS", "ruby-on-rails", "NAME"),
            ("ruby-on-rails", "ruby-on-rails", "SLUG"),
            (".net", "dotnet", "NAME"),
            ("node", "nodejs", "ALIAS"),
            ("Node.js", "nodejs", "NAME"),
            ("NodeJS", "nodejs", "SLUG"),
            (" python ", "python", "SLUG"),
            ("angular.js", "angularjs", "ALIAS"),
            ("Vapor", "vapor", "SLUG"),
            ("c#", "csharp", "NAME"),
            ("pkg:gem/rails@8.0.1", "ruby-on-rails", "PACKAGE"),
            ("pkg:npm/%40nestjs/core@10.0.0?x=y#z", "nestjs", "PACKAGE"),
            ("pkg:npm/@nestjs/core@10.0.0", "nestjs", "PACKAGE"),
            ("pkg:pypi/Django@5.2", "django", "PACKAGE"),
            ("pkg:nuget/microsoft.aspnetcore.openapi@9.0.0", "aspnet-core", "PACKAGE"),
            ("pkg:golang/github.com/labstack/echo/v4@v4.12.0", "echo", "PACKAGE"),
            ("pkg:maven/org.springframework.boot/spring-boot-starter-web@3.5.0", "spring-boot", "PACKAGE_GROUP"),
        ];
        let audit = audit(&app, named(&names.map(|(name, ..)| name))).await;
        for ((name, slug, by), item) in names.iter().zip(audit["items"].as_array().unwrap()) {
            let found = (item["technology"]["slug"].as_str(), item["matchedBy"].as_str());
            assert_eq!(found, (Some(*slug), Some(*by)), "{name}");
        }
    }

    async fn the_version_of_a_package_url_counts(app) {
        let items = json!([
            { "name": "pkg:gem/rails@8.0.1", "version": "8.1.0" },
            { "name": "pkg:gem/rails", "version": "8.1.0" },
            { "name": "pkg:gem/rails" },
        ]);
        let audit = audit(&app, items).await;
        assert_eq!(pick(&audit["items"], "version"), ["8.0.1", "8.1.0", "-"]);
        assert_eq!(audit["items"][0]["cycle"]["name"], json!("8.0"));
        assert_eq!(audit["items"][2]["reasons"][0]["kind"], json!("VERSION_NOT_GIVEN"));
    }

    async fn what_is_not_known_is_kept_and_no_status(app) {
        let items = json!([
            { "name": "Djnago", "version": "5.2" },
            { "name": "pkg:npm/expres@5.0.0" },
            { "name": "nothing like this", "version": "1" },
            { "name": "rails", "version": "99" },
            { "name": "rails", "version": "8" },
            { "name": "fastapi", "version": "0.128" },
            { "name": "python", "version": "3.14.0" },
        ]);
        let audit = audit(&app, items).await;
        let kinds: Vec<&Value> = audit["items"].as_array().unwrap().iter().map(|item| &item["reasons"][0]["kind"]).collect();
        assert_eq!(kinds, ["NAME_NOT_KNOWN", "NAME_NOT_KNOWN", "NAME_NOT_KNOWN", "VERSION_NOT_KNOWN", "VERSION_NOT_KNOWN", "NO_CYCLE_KNOWN", "ACTIVELY_SUPPORTED"]);
        assert_eq!(pick(&audit["items"], "status"), ["NOT_DECLARED", "NOT_DECLARED", "NOT_DECLARED", "NOT_DECLARED", "NOT_DECLARED", "NOT_DECLARED", "ACTIVE"]);
        assert_eq!((&audit["overall"], &audit["unknown"]), (&json!("ACTIVE"), &json!(6)), "they make it neither better nor worse");
        let meant = |at: usize| pick(&audit["items"][at]["didYouMean"], "slug");
        assert_eq!((meant(0), meant(1), meant(2), meant(3)), (vec!["django".to_owned()], vec!["express".to_owned()], vec![], vec![]));
        let possible = audit["items"][4]["reasons"][0]["facts"].as_array().unwrap();
        assert_eq!(possible.len(), 2, "the cycles that 8 may be: {possible:?}");
    }

    async fn what_does_not_fit_together_is_told_with_its_facts(app) {
        let items = json!([
            { "name": "django", "version": "6.0" },
            { "name": "python", "version": "3.11.9" },
            { "name": "rails", "version": "8.0.2" },
            { "name": "ruby", "version": "3.1.4" },
        ]);
        let audit = audit(&app, items).await;
        let told: Vec<Value> = audit["conflictDetails"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| json!([one["kind"], one["item"]["name"], one["version"], one["runtime"]["name"], one["runtimeVersion"], one["range"]]))
            .collect();
        assert!(told.contains(&json!(["IN_USE", "django", "6.0", "python", "3.11.9", ">=3.12, <3.15"])), "{told:#?}");
        assert!(told.contains(&json!(["UPGRADE_NEEDS_RUNTIME", "rails", "8.1", "ruby", "3.1.4", ">=3.2"])), "{told:#?}");
        let facts = |at: usize| pick(&audit["conflictDetails"][at]["facts"], "code");
        assert!(facts(0).contains(&"django.release.6.0".to_owned()), "{:?}", facts(0));
        let last = told.len() - 1;
        assert_eq!(facts(last), ["ruby-on-rails.runtime.ruby"]);
        let sentences = audit["conflicts"].as_array().unwrap();
        assert_eq!(sentences.len(), told.len());
        for word in ["Django", "6.0", "Python", "3.11.9", ">=3.12"] {
            assert!(sentences[0].as_str().unwrap().contains(word), "{sentences:?}");
        }
    }

    async fn what_fits_is_in_no_conflict(app) {
        let items = json!([
            { "name": "django", "version": "6.0" },
            { "name": "python", "version": "3.13" },
            { "name": "python", "version": "3" },
            { "name": "python" },
            { "name": "rails", "version": "8.1.0" },
            { "name": "ruby", "version": "4.0.1" },
        ]);
        assert_eq!(audit(&app, items).await["conflictDetails"], json!([]));
    }

    async fn bad_items_are_named(app) {
        let good = json!({ "name": "rails", "version": "8.0" });
        for (bad, field, word) in [
            (json!({ "name": "pkg:npm" }), "items[1].name", "package URL"),
            (json!({ "name": "pkg:" }), "items[1].name", "package URL"),
            (json!({ "name": "pkg:gem/rails@%5E8" }), "items[1].name", "range"),
            (json!({ "name": "  " }), "items[1].name", "blank"),
            (json!({ "name": "x".repeat(201) }), "items[1].name", "200"),
            (json!({ "name": "rails\u{7}" }), "items[1].name", "control"),
            (json!({ "name": "rails", "version": "^8.0" }), "items[1].version", "range"),
            (json!({ "name": "rails", "version": "" }), "items[1].version", "blank"),
            (json!({ "name": "rails", "version": "8".repeat(201) }), "items[1].version", "200"),
        ] {
            let (error, named) = refusal(&app, json!([good, bad])).await;
            assert!(error.starts_with("BAD_USER_INPUT") && error.contains(word), "{bad}: {error}");
            assert_eq!(named, json!(field), "{bad}: {error}");
        }
    }

    async fn there_are_as_many_items_as_allowed(app) {
        let items = |count: usize| -> Value { (0..count).map(|at| json!({ "name": format!("nothing {at}") })).collect() };
        assert_eq!(audit(&app, items(500)).await["unknown"], json!(500));
        for (count, code) in [(0, "BAD_USER_INPUT"), (501, "BAD_USER_INPUT"), (10_000, "MAX_LIST_EXCEEDED")] {
            let (error, _) = refusal(&app, items(count)).await;
            assert!(error.starts_with(code), "{count}: {error}");
            assert!(error.contains("items") || count > 1_000, "the guard knows no names: {error}");
        }
    }

    async fn a_request_holds_so_many_audits(app) {
        let items: Value = (0..500).map(|at| json!({ "name": "rails", "version": format!("8.0.{at}") })).collect();
        let one = |at: usize| format!("a{at}: auditStack(items: $items) {{ overall }}");
        let audits = |count: usize| (0..count).map(one).collect::<Vec<_>>().join(" ");
        let document = |count| format!("query($items: [StackItemInput!]!) {{ {} }}", audits(count));
        app.ask(&document(5), json!({ "items": items })).await.data();
        let refused = app.ask(&document(6), json!({ "items": items })).await.errors();
        assert!(refused[0].starts_with("MAX_COST_EXCEEDED"), "{refused:?}");
    }

    async fn the_number_of_statements_does_not_depend_on_the_number_of_items(app) {
        let document = format!(
            "query($items: [StackItemInput!]!) {{ auditStack(items: $items) {{ {FIELDS} }} }}"
        );
        let names = ["rails", "ruby", "python", "django", ".net", "node", "spring boot", "quarkus", "php", "laravel", "go", "react"];
        let known = |count: usize| (0..count).map(|at| json!({ "name": names[at % names.len()], "version": format!("{}.{}", 1 + at % 9, at % 4) }));
        let unknown = |count: usize| (0..count).map(|at| json!({ "name": format!("nothing {at}") }));
        // Something lies ahead, so that the timeline has technologies to load.
        let lasting = || [json!({ "name": "python", "version": "3.12" })];
        let small: Value = known(12).chain(lasting()).chain(unknown(2)).collect();
        let large: Value = known(249).chain(lasting()).chain(unknown(250)).collect();
        let mut counts = Vec::new();
        for items in [small, large] {
            let answer = app.ask(&document, json!({ "items": items })).await;
            counts.push(answer.statements);
            answer.data();
        }
        assert_eq!(counts[0], counts[1]);
        assert!(counts[0] <= 7, "{counts:?}");
    }
}
