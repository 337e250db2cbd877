//! graphql-transport-ws, frame by frame: what the protocol's document says of clients that keep to it and that do not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use stackfit_server::config::Config;
use stackfit_tests::{
    Engine, TestApp,
    live::{Listening, Socket, large_events},
};
use tokio_tungstenite::tungstenite::{Error, Message};

const REVISION: &str = "{ catalogue { revision } }";
/// It goes on and says nothing.
const SILENT: &str = "subscription { catalogueChanged { revision } }";

async fn serve(config: Config) -> (TestApp, Listening) {
    let app = TestApp::new(Engine::Sqlite).await.with(config).await;
    let server = app.listen().await;
    (app, server)
}

async fn server() -> (TestApp, Listening) {
    serve(Config::default()).await
}

/// The code with which a socket is closed that says this after it has begun.
async fn code_after(server: &Listening, message: Message) -> u16 {
    let mut socket = server.begun().await;
    socket.send(message).await;
    socket.closed().await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_answered_and_completed() {
    let (_app, server) = server().await;
    let mut socket = server.begun().await;
    socket.subscribe("one", REVISION).await;
    assert!(socket.next("one").await["data"]["catalogue"]["revision"].is_number());
    assert_eq!(socket.hear().await, json!({ "type": "complete", "id": "one" }));
    // The id is free again.
    socket.subscribe("one", REVISION).await;
    socket.next("one").await;
    assert_eq!(socket.close().await, 1000, "a goodbye is answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_and_operation_names_are_read() {
    let (_app, server) = server().await;
    let mut socket = server.begun().await;
    let query = "query A { __typename } query B($slug: String!) { framework(slug: $slug) { name } }";
    let payload = json!({ "query": query, "operationName": "B", "variables": { "slug": "django" } });
    socket.say(json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
    assert_eq!(socket.next("1").await, json!({ "data": { "framework": { "name": "Django" } } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told_as_error_and_the_socket_stays() {
    let (_app, server) = server().await;
    let mut socket = server.begun().await;
    for (payload, code) in [
        (json!({ "query": "{ nope }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
        (json!({}), "BAD_REQUEST"),
        (
            json!({ "query": "subscription { catalogueChanged(after: 99999999) { revision } }" }),
            "BAD_USER_INPUT",
        ),
        (
            json!({ "query": "subscription { supportStatusChanged(slugs: [\"djagno\"]) { on } }" }),
            "BAD_USER_INPUT",
        ),
        (
            json!({ "query": "subscription { a: catalogueChanged { id } b: catalogueChanged { id } }" }),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            json!({ "query": "subscription { catalogueChanged @skip(if: true) { revision } }" }),
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ] {
        socket.say(json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
        let told = socket.hear().await;
        assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("1")), "{payload}: {told}");
        assert_eq!(told["payload"][0]["extensions"]["code"], code, "{payload}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_must_begin_and_only_once() {
    let (_app, server) = serve(Config { websocket_init_timeout_seconds: 0.3, ..Config::default() }).await;
    let mut late = server.socket(&["graphql-transport-ws"]).await;
    assert_eq!(late.closed().await, (4408, "Connection initialisation timeout".to_owned()));

    let mut hasty = server.socket(&["graphql-transport-ws"]).await;
    hasty.subscribe("1", REVISION).await;
    assert_eq!(hasty.closed().await.0, 4401);

    let twice = Message::text(r#"{"type":"connection_init"}"#);
    assert_eq!(code_after(&server, twice).await, 4429);
    // Whoever began in time is not asked again.
    let mut socket = server.begun().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    socket.subscribe("1", REVISION).await;
    socket.next("1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_closes_the_socket() {
    let (_app, server) = server().await;
    for wrong in [
        "no JSON",
        "",
        "[]",
        "null",
        r#"{"id":"1"}"#,
        r#"{"type":"start","id":"1","payload":{"query":"{a}"}}"#,
        r#"{"type":"next","id":"1","payload":{}}"#,
        r#"{"type":"connection_ack"}"#,
        r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
        r#"{"type":"subscribe","id":"1"}"#,
        r#"{"type":"subscribe","id":"1","payload":"{ catalogue { revision } }"}"#,
        r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
        r#"["subscribe","1",{"query":"{ catalogue { revision } }"}]"#,
        r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
        r#"{"type":"complete"}"#,
        &format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(201)),
    ] {
        assert_eq!(code_after(&server, Message::text(wrong)).await, 4400, "{wrong}");
    }
    assert_eq!(code_after(&server, Message::binary(&br#"{"type":"ping"}"#[..])).await, 4400);
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(code_after(&server, Message::text(nested)).await, 4400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_large_closes_the_socket() {
    let (_app, server) = serve(Config { max_request_bytes: 10_000, ..Config::default() }).await;
    let large = json!({ "type": "ping", "payload": { "a": "x".repeat(20_000) } }).to_string();
    assert_eq!(code_after(&server, Message::text(large)).await, 1009);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_one_operation_at_a_time() {
    let (_app, server) = server().await;
    let mut socket = server.begun().await;
    socket.subscribe("1", SILENT).await;
    socket.subscribe("1", SILENT).await;
    assert_eq!(socket.closed().await, (4409, "Subscriber for 1 already exists".to_owned()));

    let mut socket = server.begun().await;
    socket.subscribe("1", SILENT).await;
    socket.say(json!({ "type": "complete", "id": "1" })).await;
    socket.say(json!({ "type": "complete", "id": "unknown" })).await;
    socket.subscribe("1", REVISION).await;
    assert!(socket.next("1").await["data"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subprotocol_announced_is_the_one_spoken() {
    let (_app, server) = server().await;
    for offered in [
        &["graphql-transport-ws"][..],
        &["graphql-ws", "graphql-transport-ws"],
        &["graphql-transport-ws", "graphql-ws"],
    ] {
        let mut socket = server.socket(offered).await;
        assert_eq!(socket.protocol.as_deref(), Some("graphql-transport-ws"), "{offered:?}");
        socket.say(json!({ "type": "connection_init", "payload": { "token": "x" } })).await;
        assert_eq!(socket.hear().await["type"], "connection_ack");
    }
    let mut socket = server.socket(&[]).await;
    assert_eq!(socket.protocol, None);
    assert_eq!(socket.closed().await.0, 4406);
    // Whoever offers only others is told so, or the client's library ends it first.
    match server.connect(&["graphql-ws"], &[]).await {
        Ok(mut socket) => assert_eq!(socket.closed().await.0, 4406),
        Err(error) => assert!(matches!(error, Error::Protocol(_)), "{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_cannot_connect() {
    let listed = vec!["https://app.example.com".to_owned()];
    let (_app, server) = serve(Config { cors_origins: listed, ..Config::default() }).await;
    let connect = async |origin: &str| server.connect(&["graphql-transport-ws"], &[("Origin", origin)]).await;
    assert!(connect("https://app.example.com").await.is_ok());
    assert!(connect(&format!("http://{}", server.address)).await.is_ok());
    for foreign in ["https://evil.example", "null"] {
        match connect(foreign).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 403, "{foreign}"),
            other => panic!("{foreign}: {:?}", other.err()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_are_answered_also_before_the_beginning() {
    let (_app, server) = server().await;
    let mut socket = server.socket(&["graphql-transport-ws"]).await;
    socket.say(json!({ "type": "ping", "payload": { "at": 7 } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong", "payload": { "at": 7 } }));
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    // A pong that nobody asked for is nothing to be answered.
    socket.say(json!({ "type": "pong" })).await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_beyond_the_limit_are_refused_one_by_one() {
    let (_app, server) = server().await;
    let mut socket = server.begun().await;
    for id in 0..1_000 {
        socket.subscribe(&id.to_string(), SILENT).await;
    }
    for id in 100..1_000 {
        let told = socket.hear().await;
        assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!(id.to_string())), "{told}");
        assert_eq!(told["payload"][0]["extensions"]["code"], "MAX_SOCKET_OPERATIONS_EXCEEDED");
    }
    socket.say(json!({ "type": "complete", "id": "0" })).await;
    socket.subscribe("1000", REVISION).await;
    socket.next("1000").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_queries_of_one_socket_leave_room_for_others() {
    let (_app, server) = server().await;
    let (mut greedy, mut modest) = (server.begun().await, server.begun().await);
    for id in 0..40 {
        greedy
            .subscribe(
                &id.to_string(),
                "{ technologies(first: 100) { nodes { facts(first: 20) { nodes { code } } } } }",
            )
            .await;
    }
    greedy.hear().await;
    let answered = Arc::new(AtomicUsize::new(1));
    let counting = Arc::clone(&answered);
    let reading = tokio::spawn(async move {
        while counting.load(Ordering::Relaxed) < 40 {
            let told = greedy.hear().await;
            counting.fetch_add(usize::from(told["type"] == "next"), Ordering::Relaxed);
        }
    });
    modest.subscribe("1", REVISION).await;
    modest.next("1").await;
    let before = answered.load(Ordering::Relaxed);
    assert!(before < 20, "{before} were answered before it");
    reading.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_that_are_too_large_together_are_refused() {
    let (_app, server) = server().await;
    let mut socket = server.begun().await;
    let large = format!("subscription {{ catalogueChanged {{ {} }} }}", "revision ".repeat(4_900));
    for id in 0..20 {
        socket.subscribe(&id.to_string(), &large).await;
    }
    let told = socket.hear().await;
    assert_eq!(told["type"], "error", "{told}");
    assert_eq!(told["payload"][0]["extensions"]["code"], "MAX_SOCKET_OPERATIONS_EXCEEDED", "{told}");
    let mut other = server.begun().await;
    other.subscribe("1", REVISION).await;
    other.next("1").await;
    // What has ended makes room.
    for id in 0..20 {
        socket.say(json!({ "type": "complete", "id": id.to_string() })).await;
    }
    let replay = large.replace("catalogueChanged", "catalogueChanged(after: 0)");
    for again in 20..120 {
        let id = again.to_string();
        socket.subscribe(&id, &replay).await;
        if first_of(&mut socket, &id).await["type"] == "next" {
            return;
        }
    }
    panic!("there is no room again");
}

/// The first message about an operation.
async fn first_of(socket: &mut Socket, id: &str) -> Value {
    loop {
        let told = socket.hear().await;
        if told["id"] == id {
            return told;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_pings_is_slowed_down_and_harms_nobody() {
    let rate = 50.try_into().unwrap();
    let (_app, server) = serve(Config { websocket_messages_per_second: rate, ..Config::default() }).await;
    let mut flood = server.begun().await;
    let begun = std::time::Instant::now();
    for _ in 0..600 {
        flood.say(json!({ "type": "ping" })).await;
    }
    let mut other = server.begun().await;
    other.subscribe("1", REVISION).await;
    other.next("1").await;
    for _ in 0..600 {
        assert_eq!(flood.hear().await["type"], "pong");
    }
    // 500 at once, 100 within two seconds.
    assert!(begun.elapsed() >= Duration::from_millis(1_500), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_gone_is_noticed() {
    let (_app, server) = serve(Config { keep_alive_seconds: 0.2, ..Config::default() }).await;
    // The client's library answers pings only while it is read.
    let mut gone = server.begun().await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(gone.closed().await.0, 1013);
    let mut there = server.begun().await;
    there.subscribe("1", SILENT).await;
    let silence = tokio::time::timeout(Duration::from_millis(900), there.hear()).await;
    assert!(silence.is_err(), "{silence:?}");
    there.subscribe("2", REVISION).await;
    there.next("2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_room_for_so_many() {
    let (_app, server) = serve(Config { max_streams: 2, ..Config::default() }).await;
    let connect = async || server.connect(&["graphql-transport-ws"], &[]).await;
    let first = connect().await.unwrap();
    let _second = connect().await.unwrap();
    match connect().await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 503),
        other => panic!("{:?}", other.err()),
    }
    assert_eq!(first.close().await, 1000);
    let mut tries = 0;
    while connect().await.is_err() {
        tries += 1;
        assert!(tries < 100, "the place is given back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Everything that a socket says until it is closed, and how it is closed.
async fn rest(socket: &mut Socket) -> (Vec<i64>, u16) {
    use futures_util::StreamExt;
    let mut revisions = Vec::new();
    while let Some(Ok(message)) = socket.stream.next().await {
        match message {
            Message::Text(text) => {
                let message: Value = serde_json::from_str(&text).unwrap();
                revisions.push(message["payload"]["data"]["catalogueChanged"]["revision"].as_i64().unwrap());
            }
            Message::Close(frame) => return (revisions, frame.unwrap().code.into()),
            _ => {}
        }
    }
    panic!("no goodbye after {} events", revisions.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stops_reading_is_told_and_cut() {
    let (_app, server) = serve(Config { write_timeout_seconds: 8.0, ..Config::default() }).await;
    let mut socket = server.begun().await;
    socket.subscribe("1", &large_events()).await;
    // After four seconds the server has had enough, after eight the connection is cut.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let (revisions, code) = rest(&mut socket).await;
    assert_eq!(code, 1013);
    let told = i64::try_from(revisions.len()).unwrap();
    assert_eq!(revisions, (1..=told).collect::<Vec<_>>(), "nothing is left out before the cut");
    assert!(told > 10, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_is_slow_but_reads_is_not_cut() {
    let (_app, server) = serve(Config { write_timeout_seconds: 16.0, ..Config::default() }).await;
    let mut socket = server.begun().await;
    socket.subscribe("1", &large_events()).await;
    // It leaves the server waiting, but less than eight seconds.
    tokio::time::sleep(Duration::from_secs(4)).await;
    for revision in 1..=400 {
        assert_eq!(socket.next("1").await["data"]["catalogueChanged"]["revision"], revision);
    }
}
