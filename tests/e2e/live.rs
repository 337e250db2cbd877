//! Subscriptions: what is told, when, and that nothing is lost on the way.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use stackfit_domain::{
    catalogue::{Entity, Part},
    clock::Clock,
    fact::FactDetail,
    release_cycle::SupportEnd,
};
use stackfit_tests::{
    Engine, TestApp,
    database::{Database, catalogue},
    gate::Gate,
    live::{Listening, import, large_events, terms},
    on_both,
    postgres::Cluster,
    soak::{Soak, Told, soak},
};

const CHANGES: &str = "subscription { catalogueChanged { revision kind changed } }";

async fn revision(app: &TestApp) -> i64 {
    app.data("{ catalogue { revision } }").await["catalogue"]["revision"].as_i64().unwrap()
}

on_both! {
    async fn a_replay_goes_live_without_gap_or_repeat(app) {
        let now = revision(&app).await;
        let server = app.listen().await;
        let mut socket = server.begun().await;
        let after = now - 1_300;
        socket.subscribe("1", &format!("subscription {{ catalogueChanged(after: {after}) {{ revision }} }}")).await;
        for expected in after + 1..=now {
            assert_eq!(socket.next("1").await["data"]["catalogueChanged"]["revision"], expected);
        }
        import(app.store(), terms(0..3, "new")).await;
        import(app.store(), terms(1..3, "changed")).await;
        for expected in now + 1..=now + 5 {
            assert_eq!(socket.next("1").await["data"]["catalogueChanged"]["revision"], expected);
        }
    }

    async fn a_subscription_begins_with_the_next_change(app) {
        let server = app.listen().await;
        let mut socket = server.begun().await;
        socket.subscribe("1", CHANGES).await;
        // Changes are made until it is under way.
        let (mut told, mut made) = (Value::Null, 0);
        while told.is_null() {
            made += 1;
            import(app.store(), terms(made..made + 1, "new")).await;
            let heard = tokio::time::timeout(Duration::from_millis(200), socket.next("1")).await;
            told = heard.unwrap_or_default();
        }
        let mut now = revision(&app).await;
        let first = told["data"]["catalogueChanged"]["revision"].as_i64().unwrap();
        assert!((now - i64::try_from(made).unwrap() + 1..=now).contains(&first), "{first} of {now}");
        import(app.store(), terms(made..made + 1, "changed")).await;
        now += 1;
        for (revision, kind) in (first + 1..=now).map(|revision| (revision, if revision == now { "UPDATED" } else { "CREATED" })) {
            let told = &socket.next("1").await["data"]["catalogueChanged"];
            assert_eq!(told, &json!({ "revision": revision, "kind": kind, "changed": "TERM" }));
        }
    }

    async fn a_filter_lets_through_what_the_list_of_changes_does(app) {
        let server = app.listen().await;
        for filter in [
            "{ changed: [SELECTION_CRITERION, TERM] }",
            "{ not: { changed: [FACT, SOURCE, TECHNOLOGY] }, kind: [CREATED] }",
            "{ or: [{ changed: [CHECKLIST] }, { changed: [CASE_STUDY] }] }",
        ] {
            let listed = app.data(&format!("{{ changes(first: 30, filter: {filter}) {{ nodes {{ revision }} }} }}")).await;
            let listed: Vec<i64> = listed["changes"]["nodes"].as_array().unwrap().iter()
                .map(|change| change["revision"].as_i64().unwrap()).collect();
            assert!(listed.len() > 3, "{filter}");
            let mut socket = server.begun().await;
            socket.subscribe("1", &format!("subscription {{ catalogueChanged(after: 0, filter: {filter}) {{ revision }} }}")).await;
            for expected in listed {
                assert_eq!(socket.next("1").await["data"]["catalogueChanged"]["revision"], expected, "{filter}");
            }
        }
    }

    async fn an_event_shows_the_thing_as_it_is_now(app) {
        let after = revision(&app).await;
        let server = app.listen().await;
        let mut socket = server.begun().await;
        socket.subscribe("1", &format!("subscription {{ catalogueChanged(after: {after}) {{ subjectId subject {{ id ... on Term {{ slug summary }} }} }} }}")).await;
        for text in ["first", "second", "third"] {
            import(app.store(), terms(7..8, text)).await;
            let told = socket.next("1").await;
            assert_eq!(told["data"]["catalogueChanged"]["subject"]["slug"], "term-7", "{told}");
            let told = &told["data"]["catalogueChanged"];
            assert_eq!(told["subject"]["summary"], text);
            assert_eq!(told["subjectId"], told["subject"]["id"]);
        }
    }

    async fn what_one_server_writes_another_tells(app) {
        let other = Listening::on(app.another().await).await;
        let mut socket = other.begun().await;
        let after = revision(&app).await;
        socket.subscribe("1", &format!("subscription {{ catalogueChanged(after: {after}) {{ revision }} }}")).await;
        let mut delays = Vec::new();
        for number in 0..9 {
            import(app.store(), terms(number..number + 1, "new")).await;
            let written = Instant::now();
            let told = socket.next("1").await["data"]["catalogueChanged"]["revision"].as_i64().unwrap();
            assert_eq!(told, after + 1 + i64::try_from(number).unwrap());
            delays.push(written.elapsed());
        }
        delays.sort_unstable();
        assert!(delays[4] < Duration::from_secs(1), "{delays:?}");
    }

    async fn nothing_is_lost_or_repeated(app) {
        let wanted = Soak { changes: 1_500, subscribers: 20, cuts: 10 };
        let (told, _) = soak(&app, wanted).await;
        let Told { events, lost, repeated, returns, .. } = told;
        assert_eq!((events, lost, repeated), (wanted.changes * wanted.subscribers, 0, 0));
        assert!(returns > 20, "{returns}");
    }

    async fn the_calendar_tells_what_lies_ahead_once(app) {
        let server = app.listen().await;
        let mut socket = server.begun().await;
        socket.subscribe("1", "subscription { supportStatusChanged(slugs: [\"django\", \"laravel\"], daysAhead: 400) { on from to cycle { name subject { ... on Node { id } ... on Technology { slug } } } } }").await;
        let mut told = Vec::new();
        for _ in 0..4 {
            let event = socket.next("1").await["data"]["supportStatusChanged"].take();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let cycle = format!("{} {}", text(&event["cycle"]["subject"]["slug"]), text(&event["cycle"]["name"]));
            told.push((text(&event["on"]), cycle, text(&event["from"]), text(&event["to"])));
        }
        let days: Vec<&String> = told.iter().map(|(on, ..)| on).collect();
        assert!(days.is_sorted(), "{told:?}");
        let ends = ("2027-02-25".to_owned(), "laravel 12".to_owned(), "SECURITY_ONLY".to_owned(), "END_OF_LIFE".to_owned());
        assert!(told.contains(&ends), "{told:?}");
        // A change of something else tells nothing again.
        import(app.store(), terms(0..1, "new")).await;
        let more = tokio::time::timeout(Duration::from_secs(3), socket.hear()).await;
        assert!(more.is_err(), "{more:?}");
    }

    async fn a_day_that_is_declared_anew_is_told_anew(app) {
        let server = app.listen().await;
        let mut socket = server.begun().await;
        socket.subscribe("1", "subscription { supportStatusChanged(slugs: [\"laravel\"], daysAhead: 400) { on cycle { name } } }").await;
        let declared = "2027-02-24";
        for (until, told) in [(declared, "2027-02-25"), ("2027-03-01", "2027-03-02"), (declared, "2027-02-25")] {
            import(app.store(), vec![laravel_12_until(until.parse().unwrap())]).await;
            let expected = json!({ "on": told, "cycle": { "name": "12" } });
            while socket.next("1").await["data"]["supportStatusChanged"] != expected {}
        }
    }

    async fn the_calendar_tells_a_change_when_its_day_begins(app) {
        let clock = Running::from("2027-02-24T23:59:57Z");
        let app = app.at(clock).await;
        let server = app.listen().await;
        let mut socket = server.begun().await;
        socket.subscribe("1", "subscription { supportStatusChanged(slugs: [\"laravel\"]) { on cycle { name status } } }").await;
        let told = socket.next("1").await;
        assert_eq!(told["data"]["supportStatusChanged"], json!({ "on": "2027-02-25", "cycle": { "name": "12", "status": "END_OF_LIFE" } }));
        assert_eq!(clock.today().to_string(), "2027-02-25", "not before");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_cuts_all_connections_loses_nothing() {
    let app = TestApp::new(Engine::Postgres).await;
    let server = app.listen().await;
    let mut socket = server.begun().await;
    let now = revision(&app).await;
    let document = format!("subscription {{ catalogueChanged(after: {now}) {{ revision }} }}");
    socket.subscribe("1", &document).await;
    for round in 0..3 {
        assert!(app.database.cut("pid <> pg_backend_pid()").await > 0, "the server has connections");
        import(&app.database.open().await, terms(round..round + 1, "written elsewhere")).await;
        let told = socket.next("1").await;
        assert_eq!(told["data"]["catalogueChanged"]["revision"], now + 1 + i64::try_from(round).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_postgres_loses_nothing_and_refuses_nobody() {
    let mut gate = Gate::to(Cluster::get().socket());
    let database = Database::filled(Engine::Postgres).await.behind(&gate);
    let app = TestApp::on(Engine::Postgres, database).await;
    let server = app.listen().await;
    let now = revision(&app).await;
    let after = now - 1_200;
    let replay =
        format!("subscription {{ catalogueChanged(after: {after}) {{ revision subject {{ id }} }} }}");
    let mut running = server.begun().await;
    running.subscribe("1", &replay).await;
    running.next("1").await;

    gate.shut().await;
    let told = app.ask("{ catalogue { revision } }", json!({})).await;
    assert_eq!(told.body["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{}", told.body);
    let (mut replaying, mut calendar) = (server.begun().await, server.begun().await);
    replaying.subscribe("1", &replay).await;
    calendar.subscribe("1", "subscription { supportStatusChanged(daysAhead: 365) { on } }").await;
    tokio::time::sleep(Duration::from_secs(2)).await;

    gate.open();
    for (socket, from) in [(&mut running, after + 2), (&mut replaying, after + 1)] {
        for expected in from..=now {
            let told = socket.next("1").await;
            assert!(told.get("errors").is_none(), "{told}");
            assert_eq!(told["data"]["catalogueChanged"]["revision"], expected);
        }
    }
    assert!(calendar.next("1").await["data"]["supportStatusChanged"]["on"].is_string());
}

/// Laravel, with one release cycle whose security faults are mended until a day.
fn laravel_12_until(day: NaiveDate) -> Part {
    let laravel =
        |part: &Part| matches!(&part.entity, Entity::Technology(one) if one.slug.to_string() == "laravel");
    let mut part = catalogue().into_iter().find(laravel).unwrap();
    part.facts.retain_mut(|new| match &mut new.fact.detail {
        FactDetail::Release(cycle) if cycle.cycle == "12" => {
            cycle.security_until = Some(SupportEnd::On(day));
            true
        }
        _ => false,
    });
    assert_eq!(part.facts.len(), 1);
    part
}

/// A clock that goes on from a moment.
#[derive(Clone, Copy)]
struct Running {
    from: DateTime<Utc>,
    since: Instant,
}

impl Running {
    fn from(moment: &str) -> Self {
        Self { from: moment.parse().unwrap(), since: Instant::now() }
    }
}

impl Clock for Running {
    fn now(&self) -> DateTime<Utc> {
        self.from + self.since.elapsed()
    }
}

/// What a server sends in answer to a subscription over HTTP, as it comes.
struct Body {
    response: reqwest::Response,
    read: String,
}

impl Body {
    async fn of(server: &Listening, accept: &str, document: &str) -> Self {
        Self::with(server, accept, document, ("accept-encoding", "identity")).await
    }

    async fn with(server: &Listening, accept: &str, document: &str, (name, value): (&str, &str)) -> Self {
        let response = reqwest::Client::new()
            .post(format!("http://{}/graphql", server.address))
            .header("accept", accept)
            .header(name, value)
            .json(&json!({ "query": document }))
            .send()
            .await
            .unwrap();
        Self { response, read: String::new() }
    }

    /// Reads until a text has come.
    async fn until(&mut self, text: &str) {
        let reading = async {
            while !self.read.contains(text) {
                let chunk = self.response.chunk().await.unwrap().expect("more comes");
                self.read.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        };
        let done = tokio::time::timeout(Duration::from_secs(10), reading).await;
        done.unwrap_or_else(|_| panic!("no {text} in {}", self.read));
    }

    /// Reads to the end.
    async fn rest(mut self) -> String {
        while let Some(chunk) = self.response.chunk().await.unwrap() {
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        self.read
    }
}

/// A stream of changes, as soon as there is room for it.
async fn admitted(server: &Listening, accept: &str) -> Body {
    for _ in 0..200 {
        let body = Body::of(server, accept, CHANGES).await;
        if body.response.status() == StatusCode::OK {
            return body;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the place is given back");
}

const EVENTS: &str = "text/event-stream";
const MULTIPART: &str = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0,application/json";

on_both! {
    async fn each_event_is_delivered_when_it_happens(app) {
        let after = revision(&app).await;
        let server = app.listen().await;
        let document = format!("subscription {{ catalogueChanged(after: {after}) {{ revision }} }}");
        let compressed = ("accept-encoding", "gzip, br");
        let mut events = Body::with(&server, EVENTS, &document, compressed).await;
        let mut parts = Body::with(&server, MULTIPART, &document, compressed).await;
        assert_eq!(events.response.headers()["content-type"], "text/event-stream");
        assert_eq!(parts.response.headers()["content-type"], "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0");
        assert!(parts.response.headers().get("content-encoding").is_none());
        for number in 1..=3 {
            import(app.store(), terms(number..number + 1, "new")).await;
            let told = format!("{{\"data\":{{\"catalogueChanged\":{{\"revision\":{}}}}}}}", after + i64::try_from(number).unwrap());
            events.until(&format!("event: next\ndata: {told}\n\n")).await;
            // Clients take a part for complete when they see the boundary after it.
            parts.until(&format!("\r\n\r\n{{\"payload\":{told}}}\r\n--graphql")).await;
        }
        server.stop().await;
        let (events, parts) = (events.rest().await, parts.rest().await);
        assert!(!events.contains("event: complete"), "who is not told of an end comes back: {events}");
        let goodbye = parts.rsplit("application/json\r\n\r\n").next().unwrap();
        assert!(goodbye.starts_with("{\"payload\":null,\"errors\":[{") && goodbye.ends_with("\r\n--graphql--\r\n"), "{parts}");
    }

    async fn a_server_that_stops_says_so_to_sockets(app) {
        let server = app.listen().await;
        let mut socket = server.begun().await;
        socket.subscribe("1", CHANGES).await;
        let mut idle = server.begun().await;
        let stopping = tokio::spawn(server.stop());
        assert_eq!(socket.closed().await.0, 1012);
        assert_eq!(idle.closed().await.0, 1012);
        stopping.await.unwrap();
    }

    async fn mistakes_are_told_in_the_way_of_each_protocol(app) {
        let server = app.listen().await;
        for wrong in ["subscription { nope }", "subscription { catalogueChanged(after: 99999999) { revision } }"] {
            let events = Body::of(&server, EVENTS, wrong).await;
            assert_eq!(events.response.status(), StatusCode::OK);
            let told = events.rest().await;
            assert!(told.starts_with(":\n\nevent: next\ndata: {\"errors\":[") && told.contains("event: complete"), "{told}");
            let parts = Body::of(&server, MULTIPART, wrong).await;
            assert_eq!(parts.response.headers()["content-type"], "application/json; charset=utf-8");
            let newer = Body::of(&server, "multipart/mixed;subscriptionSpec=1.0, application/graphql-response+json", wrong).await;
            assert_eq!(newer.response.headers()["content-type"], "application/graphql-response+json; charset=utf-8");
            assert!(parts.rest().await.starts_with("{\"errors\":["));
        }
        let neither = Body::of(&server, "application/json", CHANGES).await;
        assert_eq!(neither.response.status(), StatusCode::NOT_ACCEPTABLE);
        assert!(neither.rest().await.contains("graphql-transport-ws"));
        let query = Body::of(&server, EVENTS, "{ __typename }").await.rest().await;
        assert_eq!(query, ":\n\nevent: next\ndata: {\"data\":{\"__typename\":\"Query\"}}\n\nevent: complete\ndata:\n\n");
        let both = Body::of(&server, "application/json, text/event-stream", "{ __typename }").await;
        assert_eq!(both.response.headers()["content-type"], "application/json; charset=utf-8");
    }

    async fn the_cost_of_an_event_is_told_to_those_who_ask(app) {
        let server = app.listen().await;
        for (accept, told) in [(EVENTS, "data: {\"data\":"), (MULTIPART, "{\"payload\":{\"data\":")] {
            let document = "subscription { catalogueChanged(after: 0) { revision } }";
            let mut body = Body::with(&server, accept, document, ("graphql-cost", "1")).await;
            body.until("\"revision\":2}").await;
            assert!(body.read.contains(told) && body.read.contains("\"extensions\":{\"cost\":{\"requestedQueryCost\":2"), "{}", body.read);
        }
    }

    async fn a_place_is_given_back_by_whoever_goes(app) {
        let config = stackfit_server::config::Config { max_streams: 1, ..Default::default() };
        let app = app.with(config).await;
        let server = app.listen().await;
        for accept in [EVENTS, MULTIPART, EVENTS] {
            let first = admitted(&server, accept).await;
            for refused in [EVENTS, MULTIPART] {
                let refused = Body::of(&server, refused, CHANGES).await;
                assert_eq!(refused.response.status(), StatusCode::SERVICE_UNAVAILABLE);
            }
            drop(first);
        }
    }

    async fn a_reader_that_stops_reading_is_cut(app) {
        let config = stackfit_server::config::Config { max_streams: 1, write_timeout_seconds: 1.0, ..Default::default() };
        let app = app.with(config).await;
        let server = app.listen().await;
        for accept in [EVENTS, MULTIPART] {
            let stalled = Body::of(&server, accept, &large_events()).await;
            assert_eq!(stalled.response.status(), StatusCode::OK);
            let refused = Body::of(&server, accept, CHANGES).await;
            assert_eq!(refused.response.status(), StatusCode::SERVICE_UNAVAILABLE);
            admitted(&server, accept).await;
            assert!(stalled.response.bytes().await.is_err(), "it is cut in the middle");
        }
    }

    async fn what_is_quiet_gives_a_sign_of_life(app) {
        let app = app.with(stackfit_server::config::Config { keep_alive_seconds: 0.1, ..Default::default() }).await;
        let server = app.listen().await;
        let mut events = Body::of(&server, EVENTS, CHANGES).await;
        let mut parts = Body::of(&server, MULTIPART, CHANGES).await;
        events.until(":\n\n:\n\n").await;
        parts.until("\r\n\r\n{}\r\n--graphql\r\n").await;
    }
}
