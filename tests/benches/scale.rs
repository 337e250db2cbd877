//! What lists of any size cost, in ratios: `cargo bench -p stackfit-tests --bench scale -- 100000`, on one database only
//! with its name behind the number.
//!
//! A catalogue is made up, imported by the real program into both databases, and asked through the whole server in
//! this process. Every figure is the median of several runs; the first page is measured anew beside each other.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it cannot go on"
)]

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::Value;
use stackfit_tests::{
    TestApp,
    database::{Database, Engine},
    program::command,
};
use tempfile::TempDir;

const RUNS: usize = 15;
const FIELDS: &str = "nodes { slug name kind } pageInfo { hasNextPage endCursor }";
const FOUND: &str = "edges { score node { id } } pageInfo { hasNextPage endCursor }";
/// Filters and orders that users would choose, with what they ask for.
const LISTS: &[(&str, &str)] = &[
    ("kind", "filter: { kind: [BAAS] }"),
    ("kind, by name down", "filter: { kind: [BAAS] }, orderBy: [{ field: NAME, direction: DESC }]"),
    ("a capability, by slug", "filter: { capability: [ORM] }, orderBy: [{ field: SLUG }]"),
    (
        "a language, by kind and name",
        "filter: { language: [\"generated-language-3\"] }, orderBy: [{ field: KIND }, { field: NAME }]",
    ),
    (
        "a licence, by last change",
        "filter: { license: [\"MIT\"] }, orderBy: [{ field: UPDATED_AT, direction: DESC }]",
    ),
    ("not a licence", "filter: { not: { license: [\"MIT\"] } }"),
    ("actively supported", "filter: { supportStatus: [ACTIVE] }"),
    (
        "out of support, by slug down",
        "filter: { supportStatus: [END_OF_LIFE] }, orderBy: [{ field: SLUG, direction: DESC }]",
    ),
    ("many downloads", "filter: { metric: { metric: DOWNLOADS_PER_MONTH, min: \"5000000\" } }"),
    ("name begins", "filter: { name: { startsWith: \"zephyr\" } }"),
    ("name contains", "filter: { name: { contains: \"amber\" } }"),
    (
        "four tests together",
        "filter: { kind: [BACKEND_FRAMEWORK, TOOL], capability: [ORM, SQL, MAIL, CACHING], supportStatus: [ACTIVE, SECURITY_ONLY], not: { license: [\"proprietary\"] } }, orderBy: [{ field: NAME }]",
    ),
];

/// Words of the names that are made up, and of the facts about them.
const SEARCHES: &[(&str, &str)] = &[
    ("a word of one name", "query: \"generated-4711\""),
    ("a word of every 12th name", "query: \"amber\""),
    ("a word of all names", "query: \"generated\""),
    ("a word of all facts", "query: \"measuring\""),
    ("two words of names", "query: \"amber zephyr\""),
    ("words of names and facts", "query: \"zephyr license\""),
    ("the beginning of a word", "query: \"zeph\""),
    ("a misspelled word", "query: \"zehpyr\""),
    ("a misspelled word, from the end", "query: \"zehpyr\", last: 20"),
    ("a frequent word, of few kinds", "query: \"amber\", filter: { technologyKind: [BAAS] }"),
    ("a frequent word, where it is not", "query: \"amber\", in: [TERMS]"),
    ("a word that nothing has", "query: \"qqxyzzy\""),
];

/// How long an answer takes: the median of several.
async fn time(app: &TestApp, document: &str) -> Duration {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        app.data(document).await;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times[RUNS / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Prints a figure with its goal.
fn tell(what: &str, figure: f64, unit: &str, goal: f64) {
    let verdict = if figure <= goal { "met" } else { "MISSED" };
    println!("  {what:<44} {figure:>9.1} {unit:<4} goal {goal:>5.0}: {verdict}");
}

async fn ratio(app: &TestApp, what: &str, document: &str, goal: f64) {
    let first = time(app, &format!("{{ technologies(first: 20) {{ {FIELDS} }} }}")).await;
    let other = time(app, document).await;
    tell(what, other.as_secs_f64() / first.as_secs_f64(), "x", goal);
}

async fn measure(app: &TestApp) {
    let first = time(app, &format!("{{ technologies(first: 20) {{ {FIELDS} }} }}")).await;
    println!("  the first page takes {:.2} ms", milliseconds(first));
    let end = app.data("{ technologies(last: 21) { pageInfo { startCursor } } }").await;
    let cursor = &end["technologies"]["pageInfo"]["startCursor"];
    let deepest = format!("{{ technologies(first: 20, after: {cursor}) {{ {FIELDS} }} }}");
    ratio(app, "deepest page / first page", &deepest, 2.0).await;
    let backwards = format!("{{ technologies(last: 20) {{ {FIELDS} }} }}");
    ratio(app, "last page, backwards / first page", &backwards, 2.0).await;
    for (what, arguments) in LISTS {
        let document = format!("{{ technologies(first: 20, {arguments}) {{ {FIELDS} }} }}");
        ratio(app, &format!("{what} / first page"), &document, 3.0).await;
    }
    for (what, arguments) in SEARCHES {
        let size = if arguments.contains("last:") { "" } else { "first: 20, " };
        let document = format!("{{ search({size}{arguments}) {{ {FOUND} }} }}");
        ratio(app, &format!("{what} / first page"), &document, 5.0).await;
    }
    let count = time(app, "{ search(query: \"measuring\") { totalCount } }").await;
    println!("  counting what has a word of all facts takes {:.0} ms", milliseconds(count));
    let facets = "facets { name buckets { value count } }";
    let all = time(app, &format!("{{ technologies(first: 0) {{ {facets} }} }}")).await;
    tell("all facets", milliseconds(all), "ms", 100.0);
    let filtered = format!(
        "{{ technologies(first: 0, filter: {{ kind: [BAAS], license: [\"MIT\"] }}) {{ {facets} }} }}"
    );
    tell("all facets of a filtered list", milliseconds(time(app, &filtered).await), "ms", 100.0);
}

/// Runs the program and hands back how long it took and the most memory that it held, in MiB.
async fn run(home: &TempDir, arguments: &[&str]) -> (Duration, f64) {
    let started = Instant::now();
    let mut child = command(home).args(arguments).stdout(std::process::Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id().unwrap());
    let mut peak = 0.0_f64;
    loop {
        let read = fs::read_to_string(&status).unwrap_or_default();
        let line = read.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib =
            line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<f64>().ok());
        peak = peak.max(kib.unwrap_or(0.0) / 1_024.0);
        if let Ok(ended) = tokio::time::timeout(Duration::from_millis(50), child.wait()).await {
            assert!(ended.unwrap().success(), "{arguments:?}");
            return (started.elapsed(), peak);
        }
    }
}

async fn on(engine: Engine, files: &str, technologies: usize) {
    println!("\n{engine:?}, {technologies} technologies");
    let home = TempDir::new().unwrap();
    let database = Database::empty(engine);
    let (took, peak) = run(&home, &["import", files, "--database", &database.url]).await;
    println!("  importing them takes {:.0} s", took.as_secs_f64());
    tell("memory of the import", peak, "MiB", 300.0);
    measure(&TestApp::on(engine, database).await).await;
    let database = Database::empty(engine);
    let (took, _) = run(&home, &["import", "--bundled", "--database", &database.url]).await;
    tell("importing the bundled catalogue", took.as_secs_f64(), "s", 3.0);
    let data: Value = TestApp::on(engine, database).await.data("{ catalogue { counts { facts } } }").await;
    println!("  which holds {} facts", data["catalogue"]["counts"]["facts"]);
}

#[tokio::main]
async fn main() {
    let technologies = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(10_000);
    let home = TempDir::new().unwrap();
    let folder = home.path().join("generated");
    let files = folder.to_str().unwrap();
    run(&home, &["dev", "generate", files, "--technologies", &technologies.to_string()]).await;
    let only: Vec<String> = std::env::args().map(|argument| argument.to_lowercase()).collect();
    for (engine, other) in [(Engine::Sqlite, "postgres"), (Engine::Postgres, "sqlite")] {
        if !only.iter().any(|argument| argument == other) {
            on(engine, files, technologies).await;
        }
    }
}
