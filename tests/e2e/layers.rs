//! What may use what: the direction of use, and the versions that must stay together.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

/// The crates of the workspace with their direct dependencies.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline", "--locked"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let uses = package["dependencies"].as_array().unwrap().iter();
            let names = uses.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect();
            (package["name"].as_str().unwrap().to_owned(), names)
        })
        .collect()
}

/// Who uses a crate directly.
fn users(of: impl Fn(&str) -> bool) -> Vec<String> {
    let dependencies = dependencies().into_iter();
    dependencies.filter(|(_, uses)| uses.iter().any(|name| of(name))).map(|(name, _)| name).collect()
}

#[test]
fn sea_orm_stays_in_persistence() {
    let allowed = ["stackfit-migrations", "stackfit-persistence", "stackfit-tests"];
    assert_eq!(users(|name| name.starts_with("sea-") || name == "sqlx"), allowed);
}

#[test]
fn async_graphql_stays_in_graphql() {
    assert_eq!(users(|name| name.starts_with("async-graphql")), ["stackfit-graphql"]);
}

#[test]
fn each_layer_uses_those_below_it_only() {
    let ours = |name: &str| -> Vec<String> {
        let uses = dependencies().remove(name).unwrap();
        let mut uses: Vec<String> = uses.into_iter().filter(|name| name.starts_with("stackfit-")).collect();
        uses.sort();
        uses
    };
    assert_eq!(ours("stackfit-domain"), Vec::<String>::new());
    assert_eq!(ours("stackfit-migrations"), Vec::<String>::new());
    assert_eq!(ours("stackfit-catalogue"), ["stackfit-domain"]);
    assert_eq!(ours("stackfit-persistence"), ["stackfit-domain", "stackfit-migrations"]);
    assert_eq!(ours("stackfit-guard"), Vec::<String>::new(), "it knows nothing of what the schema means");
    assert_eq!(ours("stackfit-graphql"), ["stackfit-domain", "stackfit-guard", "stackfit-persistence"]);
}

#[test]
fn the_parts_of_async_graphql_have_one_version() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    let mut found = 0;
    for package in lock.split("[[package]]").filter(|package| package.contains("name = \"async-graphql")) {
        assert!(package.contains("version = \"7.0.19\""), "{package}");
        found += 1;
    }
    assert_eq!(found, 4, "async-graphql, its derive macros, its parser and its values");
}
