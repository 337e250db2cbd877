//! API cases as data: a document, its snapshot beside it, and its budget of SQL statements in its first line.
//!
//! The budget is exact and the same on both databases: a relation that is loaded row by row fails its case.

use std::{fs, path::Path};

use serde_json::Value;
use stackfit_tests::on_both;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/cases");

fn cases() -> Vec<(String, String, u64)> {
    let mut names: Vec<String> = fs::read_dir(FOLDER)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".graphql")?.to_owned()))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let document = fs::read_to_string(Path::new(FOLDER).join(format!("{name}.graphql"))).unwrap();
            let first = document.lines().next().unwrap();
            let budget =
                first.strip_prefix("# statements: ").unwrap_or_else(|| panic!("{name} has no budget"));
            let budget = budget.parse().unwrap();
            (name, document, budget)
        })
        .collect()
}

on_both! {
    async fn every_case_answers_within_its_budget(app) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../cases");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let mut spent = Vec::new();
        for (name, document, budget) in cases() {
            let answer = app.ask(&document, Value::Null).await;
            if answer.statements != budget {
                spent.push(format!("{name}: {} statements, not {budget}", answer.statements));
            }
            let data = answer.data();
            settings.bind(|| insta::assert_json_snapshot!(name, data));
        }
        assert_eq!(spent, Vec::<String>::new());
    }

    async fn a_page_costs_the_same_whatever_its_rows(app) {
        let document = |first: u32| format!(
            "{{ technologies(first: {first}) {{ nodes {{ slug languages {{ name }}
                ... on Framework {{ pros {{ ...T }} cons {{ ...T }} }}
                ... on BaasProvider {{ pros {{ ...T }} cons {{ ...T }} }} }} }} }}
             fragment T on Trait {{ title citations {{ locator source {{ title }} }} }}"
        );
        let few = app.ask(&document(10), Value::Null).await;
        let many = app.ask(&document(50), Value::Null).await;
        assert_eq!(many.body["data"]["technologies"]["nodes"].as_array().unwrap().len(), 50);
        assert_eq!(few.statements, many.statements);
        assert_eq!(many.statements, 5, "technologies, relations, traits, languages, citations with sources");
    }
}
