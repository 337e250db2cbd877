//! The worked examples: every query answers, the same on both databases, as its snapshot says. The tests with real
//! clients ask the subscriptions.

use std::{fs, path::Path};

use serde_json::Value;
use stackfit_tests::on_both;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/operations");

/// The worked examples with their variables, by name.
pub(crate) fn examples() -> Vec<(String, String, Value)> {
    let mut names: Vec<String> = fs::read_dir(FOLDER)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".graphql")?.to_owned()))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let document = fs::read_to_string(Path::new(FOLDER).join(format!("{name}.graphql"))).unwrap();
            let variables = fs::read(Path::new(FOLDER).join(format!("{name}.variables.json"))).ok();
            let variables = variables.map_or(Value::Null, |text| serde_json::from_slice(&text).unwrap());
            (name, document, variables)
        })
        .collect()
}

/// Whether the example has one answer. A subscription goes on.
fn is_query(document: &str) -> bool {
    document.lines().any(|line| line.starts_with("query "))
}

on_both! {
    async fn every_example_answers_as_its_snapshot_says(app) {
        let examples: Vec<_> = examples().into_iter().filter(|(_, document, _)| is_query(document)).collect();
        assert!(examples.len() >= 10, "there are about ten worked examples");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../cases/operations");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        for (name, document, variables) in examples {
            let data = app.ask(&document, variables).await.data();
            settings.bind(|| insta::assert_json_snapshot!(name, data));
        }
    }
}
