//! Servers with a socket, clients that stay, and changes to tell them of.

use std::{net::TcpListener, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use stackfit_domain::{
    catalogue::{Entity, Part},
    origin::Origin,
    slug::Slug,
    term::Term,
};
use stackfit_persistence::{
    Store,
    import::{IMPORT_ACTOR, Options},
};
use stackfit_server::{app::App, serve};
use tokio::{net::TcpStream, sync::oneshot, task::JoinHandle, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        self, ClientRequestBuilder, Message,
        http::Uri,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use crate::database::now;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server in this process that listens on a port of its own.
pub struct Listening {
    /// Where: `127.0.0.1:12345`.
    pub address: String,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<std::io::Result<()>>>,
}

impl Listening {
    /// Listens on a free port.
    #[expect(clippy::unused_async, reason = "it needs the runtime")]
    pub async fn on(app: App) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve::run(listener, app, async { drop(stopped.await) }));
        Self { address, stop: Some(stop), serving: Some(serving) }
    }

    /// A socket that speaks graphql-transport-ws and has begun.
    pub async fn begun(&self) -> Socket {
        let mut socket = self.socket(&["graphql-transport-ws"]).await;
        socket.begin().await;
        socket
    }

    /// A socket that offers some subprotocols.
    pub async fn socket(&self, protocols: &[&str]) -> Socket {
        self.connect(protocols, &[]).await.unwrap()
    }

    /// Tries to connect with some headers.
    pub async fn connect(
        &self,
        protocols: &[&str],
        headers: &[(&str, &str)],
    ) -> Result<Socket, tungstenite::Error> {
        connect(&self.address, protocols, headers).await
    }

    /// Tells the server to stop, and waits until it did.
    pub async fn stop(mut self) {
        self.tell_to_stop();
        timeout(PATIENCE, self.serving.take().unwrap()).await.unwrap().unwrap().unwrap();
    }

    /// Tells the server to stop.
    pub fn tell_to_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

/// Tries to connect with some headers.
pub async fn connect(
    address: &str,
    protocols: &[&str],
    headers: &[(&str, &str)],
) -> Result<Socket, tungstenite::Error> {
    let uri: Uri = format!("ws://{address}/graphql").parse().unwrap();
    let mut request = ClientRequestBuilder::new(uri);
    for protocol in protocols {
        request = request.with_sub_protocol(*protocol);
    }
    for (name, value) in headers {
        request = request.with_header(*name, *value);
    }
    let (stream, response) = connect_async(request).await?;
    let protocol = response.headers().get("sec-websocket-protocol");
    let protocol = protocol.map(|protocol| protocol.to_str().unwrap().to_owned());
    Ok(Socket { stream, protocol })
}

/// One end of a WebSocket.
pub struct Socket {
    /// The stream, for what no client does.
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The subprotocol that the server chose.
    pub protocol: Option<String>,
}

impl Socket {
    /// Begins.
    pub async fn begin(&mut self) {
        self.say(json!({ "type": "connection_init" })).await;
        assert_eq!(self.hear().await, json!({ "type": "connection_ack" }));
    }

    /// Sends a message.
    pub async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Sends a frame.
    pub async fn send(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// Subscribes.
    pub async fn subscribe(&mut self, id: &str, document: &str) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": document } })).await;
    }

    /// The next message.
    pub async fn hear(&mut self) -> Value {
        loop {
            let message = timeout(PATIENCE, self.stream.next()).await.expect("the server says something");
            match message.expect("the socket is open").unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(frame) => panic!("the server closed: {frame:?}"),
                _ => {}
            }
        }
    }

    /// The next payload of an operation.
    pub async fn next(&mut self, id: &str) -> Value {
        let mut message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        message["payload"].take()
    }

    /// How the server closes the socket: code and reason. What it says before is passed over.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("the server closes") {
                Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                    return (u16::from(code), reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("the socket ended without a goodbye: {other:?}"),
            }
        }
    }

    /// Says goodbye, and hears what the server says to it.
    pub async fn close(mut self) -> u16 {
        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        self.stream.close(Some(frame)).await.unwrap();
        self.closed().await.0
    }
}

/// Imports parts of which something is new.
pub async fn import(store: &Store, parts: Vec<Part>) {
    let options = Options { origin: Origin::Imported, prune: false, actor: IMPORT_ACTOR, now: now() };
    let mut import = store.import(options).await.unwrap();
    for part in parts {
        import.part(part).await.unwrap();
    }
    import.commit().await.unwrap();
}

/// A replay of all changes with events of some 35 kB, which soon fill all buffers on the way to a client that does not read.
pub fn large_events() -> String {
    let name = "x".repeat(180);
    let fields: Vec<String> = (0..180).map(|n| format!("{name}{n}: kind")).collect();
    format!("subscription {{ catalogueChanged(after: 0) {{ revision {} }} }}", fields.join(" "))
}

/// Terms of which nothing else is known: each is one change when it is new or its text is.
pub fn terms(numbers: std::ops::Range<usize>, text: &str) -> Vec<Part> {
    let term = |number| Term {
        slug: Slug::parse(&format!("term-{number}")).unwrap(),
        name: format!("Term {number}"),
        summary: Some(text.to_owned()),
    };
    numbers
        .map(|number| Part { entity: Entity::Term(term(number)), aliases: Vec::new(), facts: Vec::new() })
        .collect()
}
