//! What the guard costs of an honest request: `cargo bench -p stackfit-tests --bench guard`.
//!
//! A query of about 2 kB, made of the worked examples, goes through the whole server in this process, on SQLite; the
//! guard is measured beside it with the same text. All figures are medians of one run, and ratios count.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it cannot go on"
)]

use std::{
    hint::black_box,
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use serde_json::{Map, Value};
use stackfit_graphql::{Options, Schema};
use stackfit_tests::{Engine, TestApp};

const RUNS: usize = 300;

/// A page such as an application shows: about 2 kB, with fragments, aliases and pages within pages.
const QUERY: &str = include_str!("guard.graphql");

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn time<T>(mut work: impl FnMut() -> T) -> Duration {
    let one = |_| {
        let started = Instant::now();
        black_box(work());
        started.elapsed()
    };
    median((0..RUNS).map(one).collect())
}

fn plan(schema: &Schema) {
    let document = schema.document(QUERY).unwrap();
    black_box(schema.prepare(document, None, &Map::new()).unwrap());
}

#[tokio::main]
async fn main() {
    // Test runners pass arguments to benchmarks too.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let app = TestApp::new(Engine::Sqlite).await;
    let schema = Schema::new(Options::default(), NonZeroUsize::MIN);
    let uncached = Schema::new(Options { cached_bytes: 0, ..Options::default() }, NonZeroUsize::MIN);
    plan(&schema);
    let mut requests = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        black_box(app.ask(QUERY, Value::Null).await.data());
        requests.push(started.elapsed());
    }
    let request = median(requests);
    let again = time(|| plan(&schema));
    let first = time(|| plan(&uncached));
    println!("a query of {} bytes", QUERY.len());
    println!("whole request                      {request:?}");
    for (what, took) in [("guard, document known", again), ("guard, document new", first)] {
        let percent = took.as_secs_f64() / request.as_secs_f64() * 100.0;
        println!("{what:<34} {took:?} = {percent:.1} % of the request");
    }
}
