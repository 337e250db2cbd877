//! What recommending and comparing cost: `cargo bench -p stackfit-tests --bench choosing -- 5000`, with the number of
//! technologies of the larger catalogue, which is made up.
//!
//! Whole requests through the server in this process, on SQLite, with the catalogue in memory as after the first of
//! them. What counts is the time of the processor, all threads together.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it cannot go on"
)]

use std::fs;

use serde_json::{Value, json};
use stackfit_tests::{
    TestApp,
    database::{Database, Engine},
    program::command,
};
use tempfile::TempDir;

/// The kernel counts the time of the processor in hundredths of a second.
const TICK_MILLISECONDS: f64 = 10.0;
const RECOMMEND: &str = include_str!("../../schema/operations/25-which-backend-to-take.graphql");
const COMPARE: &str = include_str!("../../schema/operations/26-is-rails-slower-than-django.graphql");

/// The time of the processor that this process took, in milliseconds.
fn processor() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() * TICK_MILLISECONDS
}

async fn measure(app: &TestApp, what: &str, document: &str, variables: &Value, runs: u32, goal: f64) {
    app.ask(document, variables.clone()).await.data();
    let before = processor();
    for _ in 0..runs {
        app.ask(document, variables.clone()).await.data();
    }
    let each = (processor() - before) / f64::from(runs);
    let verdict = if each <= goal { "met" } else { "MISSED" };
    println!("  {what:<48} {each:>7.2} ms of CPU, goal {goal:>5.0}: {verdict}");
}

fn input(constraints: &Value, languages: &[&str]) -> Value {
    let team = languages.iter().map(|slug| json!({ "language": slug, "level": "SENIOR" }));
    json!({ "input": {
        "useCases": ["REALTIME", "CRUD_WEB"], "platforms": ["WEB"], "team": team.collect::<Vec<_>>(),
        "constraints": constraints, "first": 5,
    } })
}

async fn curated() {
    println!("The catalogue of the program");
    let app = TestApp::new(Engine::Sqlite).await;
    measure(&app, "recommend", RECOMMEND, &input(&json!([]), &["python", "php"]), 400, 5.0).await;
    let constraints = json!([{ "license": ["MIT"] }, { "supportedUntil": "2030-01-01" }]);
    measure(&app, "recommend with constraints", RECOMMEND, &input(&constraints, &["python"]), 400, 5.0).await;
    measure(&app, "compare", COMPARE, &Value::Null, 400, 5.0).await;
}

async fn generated(technologies: usize) {
    println!("{technologies} technologies that are made up");
    let home = TempDir::new().unwrap();
    let folder = home.path().join("generated");
    let files = folder.to_str().unwrap().to_owned();
    let database = Database::empty(Engine::Sqlite);
    let steps: [&[&str]; 2] = [
        &["dev", "generate", &files, "--technologies", &technologies.to_string()],
        &["import", &files, "--database", &database.url],
    ];
    for arguments in steps {
        let done = command(&home).args(arguments).stdout(std::process::Stdio::null()).status().await.unwrap();
        assert!(done.success(), "{arguments:?}");
    }
    let app = TestApp::on(Engine::Sqlite, database).await;
    let kinds = [
        "BACKEND_FRAMEWORK",
        "CLIENT_FRAMEWORK",
        "BAAS",
        "FAAS",
        "LANGUAGE",
        "RUNTIME",
        "DATABASE",
        "WEB_SERVER",
        "CACHE",
        "TOOL",
        "PROTOCOL",
    ];
    let every = json!([{ "kindIn": kinds }]);
    let languages = ["generated-language-1", "generated-language-2"];
    measure(&app, "recommend among all of them", RECOMMEND, &input(&every, &languages), 40, 100.0).await;
    let some = json!([{ "kindIn": kinds }, { "license": ["MIT"] }]);
    measure(&app, "recommend with a constraint", RECOMMEND, &input(&some, &languages), 40, 100.0).await;
}

#[tokio::main]
async fn main() {
    let technologies = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(5_000);
    curated().await;
    generated(technologies).await;
}
