//! What subscriptions stand: `cargo bench -p stackfit-tests --bench live -- 100000 10`, with the number of changes that
//! are written while 50 subscribers read, and the minutes for which 2,000 idle subscribers are watched.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it cannot go on"
)]

use std::{
    fs,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, future::join_all};
use stackfit_tests::{
    Engine, TestApp,
    live::{Listening, Socket, connect, import, terms},
    program,
    soak::{Soak, Told, soak},
};
use tempfile::TempDir;
use tokio::task::JoinHandle;

const SUBSCRIBERS: usize = 50;
const IDLE: usize = 2_000;
/// How many sockets are opened at once.
const OPENED_TOGETHER: usize = 50;

async fn none_is_lost(engine: Engine, changes: usize) {
    let app = TestApp::new(engine).await;
    let wanted = Soak { changes, subscribers: SUBSCRIBERS, cuts: 20 };
    let (Told { events, lost, repeated, returns, cuts }, took) = soak(&app, wanted).await;
    println!(
        "{engine:?}: {changes} changes, {SUBSCRIBERS} subscribers, {cuts} cuts of the listener, {returns} returns: \
        {events} events in {:.0} s, {lost} lost, {repeated} repeated",
        took.as_secs_f64()
    );
}

/// How long an event takes to a client of another server.
async fn delay(engine: Engine) {
    let app = TestApp::new(engine).await;
    let writing = app.listen().await;
    let other = Listening::on(app.another().await).await;
    let mut socket = other.begun().await;
    socket.subscribe("1", "subscription { catalogueChanged(after: 0) { revision } }").await;
    let now = app.data("{ catalogue { revision } }").await["catalogue"]["revision"].as_i64().unwrap();
    for _ in 0..now {
        socket.next("1").await;
    }
    let mut delays = Vec::new();
    for number in 0..200 {
        import(app.store(), terms(number..number + 1, "new")).await;
        let written = Instant::now();
        socket.next("1").await;
        delays.push(written.elapsed());
    }
    delays.sort_unstable();
    println!(
        "{engine:?}: from the commit to a client of another server: median {:.1} ms, 95th of 100 {:.1} ms",
        delays[100].as_secs_f64() * 1e3,
        delays[190].as_secs_f64() * 1e3
    );
    writing.stop().await;
}

/// The memory of a process, in kilobytes.
fn memory(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

async fn subscribed(address: String) -> JoinHandle<()> {
    let mut socket: Socket = connect(&address, &["graphql-transport-ws"], &[]).await.unwrap();
    socket.begin().await;
    socket.subscribe("1", "subscription { catalogueChanged { revision kind subject { id } } }").await;
    // Reading answers pings.
    tokio::spawn(async move {
        while let Some(message) = socket.stream.next().await {
            assert!(!message.unwrap().is_close(), "an idle subscriber is not closed");
        }
    })
}

async fn idle(minutes: u32) {
    let home = TempDir::new().unwrap();
    let server = program::serve(&home, &[]).await;
    let process = server.child.id().unwrap();
    let address = server.url.trim_start_matches("http://").to_owned();
    server.ask("{ catalogue { revision } }").await;
    let first = subscribed(address.clone()).await;
    let before = memory(process);
    let mut open = vec![first];
    while open.len() < IDLE {
        open.extend(join_all((0..OPENED_TOGETHER).map(|_| subscribed(address.clone()))).await);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let full = memory(process);
    #[expect(clippy::cast_precision_loss, reason = "there are few")]
    let each = (full - before) / open.len() as f64;
    println!(
        "{} idle subscribers: {before:.0} kB before, {full:.0} kB with them, {each:.1} kB each",
        open.len()
    );
    for minute in 1..=minutes {
        tokio::time::sleep(Duration::from_mins(1)).await;
        println!("  after {minute:>2} minutes: {:.0} kB", memory(process));
    }
    assert!(open.iter().all(|reading| !reading.is_finished()), "all are still there");
}

#[tokio::main]
async fn main() {
    let numbers: Vec<u32> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let changes = numbers.first().copied().unwrap_or(10_000) as usize;
    let minutes = numbers.get(1).copied().unwrap_or(1);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        delay(engine).await;
        Box::pin(none_is_lost(engine, changes)).await;
    }
    idle(minutes).await;
}
