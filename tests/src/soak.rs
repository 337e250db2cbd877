//! Many changes are written while many subscribers read, some slow and some coming and going, and the listener's
//! connection breaks again and again. Whoever reads must be told each change once and in order.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use futures_util::future::{join, join_all};
use stackfit_persistence::Store;
use tokio::time::sleep;

use crate::{
    TestApp,
    database::Engine,
    live::{Listening, import, terms},
};

/// How many changes are written together.
const TOGETHER: usize = 500;

/// What is put up with.
#[derive(Debug, Clone, Copy)]
pub struct Soak {
    /// How many changes are written.
    pub changes: usize,
    /// How many subscribers read.
    pub subscribers: usize,
    /// How often the connection that listens is cut (Postgres).
    pub cuts: usize,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Events that were told.
    pub events: usize,
    /// Changes that a subscriber was not told.
    pub lost: usize,
    /// Events that were told again, or too late.
    pub repeated: usize,
    /// How often subscribers came back.
    pub returns: usize,
    /// How often the listener's connection was cut.
    pub cuts: usize,
}

/// Writes and reads. On Postgres half of the subscribers read from a second server.
pub async fn soak(app: &TestApp, soak: Soak) -> (Told, Duration) {
    let other = Listening::on(app.another().await).await;
    let servers = [app.listen().await, other];
    let begin = app.store().reader(chrono::NaiveDate::MIN).state().await.unwrap().revision;
    let end = begin + i64::try_from(soak.changes).unwrap();
    let started = Instant::now();
    let readers = (0..soak.subscribers).map(|number| read(number, &servers[number % 2], begin, end));
    let writing = async {
        // Something is left to be read until the last cut was made.
        let last = soak.changes.saturating_sub(TOGETHER);
        let ((), cuts) = join(write(app.store(), 0..last), cut(app, soak.cuts)).await;
        write(app.store(), last..soak.changes).await;
        cuts
    };
    let (told, cuts) = join(join_all(readers), writing).await;
    let mut sum = Told { cuts, ..Told::default() };
    for one in told {
        sum.events += one.events;
        sum.lost += one.lost;
        sum.repeated += one.repeated;
        sum.returns += one.returns;
    }
    (sum, started.elapsed())
}

async fn write(store: &Store, changes: Range<usize>) {
    for from in changes.clone().step_by(TOGETHER) {
        import(store, terms(from..changes.end.min(from + TOGETHER), "is written")).await;
    }
}

/// One in five is slow, one in five comes and goes.
async fn read(number: usize, server: &Listening, begin: i64, end: i64) -> Told {
    let (mut told, mut last) = (Told::default(), begin);
    while last < end {
        let mut socket = server.begun().await;
        socket
            .subscribe("1", &format!("subscription {{ catalogueChanged(after: {last}) {{ revision }} }}"))
            .await;
        let mut heard = 0;
        while last < end {
            let revision = socket.next("1").await["data"]["catalogueChanged"]["revision"].as_i64().unwrap();
            told.events += 1;
            if revision <= last {
                told.repeated += 1;
                continue;
            }
            told.lost += usize::try_from(revision - last - 1).unwrap();
            last = revision;
            heard += 1;
            if number % 5 == 3 && heard % 50 == 0 {
                sleep(Duration::from_millis(10)).await;
            }
            if number % 5 == 4 && heard == 97 + number {
                told.returns += 1;
                // It goes without a word.
                break;
            }
        }
    }
    told
}

/// Cuts the connections that listen, whenever they are there again.
async fn cut(app: &TestApp, most: usize) -> usize {
    if app.engine == Engine::Sqlite || most == 0 {
        return 0;
    }
    let mut cuts = 0;
    while cuts < most as u64 {
        sleep(Duration::from_millis(100)).await;
        cuts += app.database.cut("application_name = 'stackfit listener'").await;
    }
    usize::try_from(cuts).unwrap()
}
