//! One socket: reads what the client says, and tells it what its operations say.

use std::{num::NonZeroU32, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use governor::{
    DefaultDirectRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};

use super::{
    message::{ClientMessage, Close, ServerMessage, read},
    operations::Operations,
};
use crate::{graphql::call::Call, streams::Permit};

/// How long a client may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// How many pings in a row may go unanswered: a slow reader comes to them late.
const MAX_UNANSWERED: u32 = 3;
/// How many seconds' worth of messages may come at once.
const BURST: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

pub(super) struct Connection<'a> {
    socket: &'a mut WebSocket,
    call: Call,
    operations: Operations,
    pace: DefaultDirectRateLimiter,
    /// Whether the pace allows for the next message.
    allowed: bool,
    pings: Interval,
    /// When the client must have begun.
    begin_by: Instant,
    began: bool,
    /// How many pings were sent since the client was last heard of.
    unanswered: u32,
}

/// What happens next on a socket.
enum SocketEvent {
    Stop,
    TooLate,
    Ping,
    Heard(Option<Result<Message, axum::Error>>),
    Say(Result<Message, Close>),
}

impl<'a> Connection<'a> {
    pub(super) fn new(socket: &'a mut WebSocket, call: Call) -> Self {
        let settings = &call.app.settings;
        let rate = settings.websocket_messages_per_second;
        let quota = Quota::per_second(rate).allow_burst(rate.saturating_mul(BURST));
        let keep_alive = settings.keep_alive();
        let mut pings = interval_at(Instant::now() + keep_alive, keep_alive);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let begin_by = Instant::now() + settings.websocket_init_timeout();
        let (pace, operations) = (RateLimiter::direct(quota), Operations::default());
        Self { socket, call, operations, pace, allowed: false, pings, begin_by, began: false, unanswered: 0 }
    }

    /// Speaks until the socket is to be closed, and tells why.
    pub(super) async fn run(mut self, permit: &Permit) -> Close {
        loop {
            let done = match self.event(permit).await {
                SocketEvent::Stop => Err(Close::restart()),
                SocketEvent::TooLate => Err(Close::init_timeout()),
                SocketEvent::Ping if self.unanswered == MAX_UNANSWERED => Err(Close::unanswered()),
                SocketEvent::Ping => {
                    self.unanswered += 1;
                    self.send(Message::Ping(Vec::new().into())).await
                }
                SocketEvent::Heard(message) => self.hear(message).await,
                SocketEvent::Say(message) => self.say(message).await,
            };
            if let Err(close) = done {
                return close;
            }
        }
    }

    async fn event(&mut self, permit: &Permit) -> SocketEvent {
        let Self { socket, operations, pace, allowed, pings, begin_by, began, .. } = self;
        let message = async {
            while !*allowed {
                match pace.check() {
                    Ok(()) => *allowed = true,
                    Err(early) => sleep(early.wait_time_from(DefaultClock::default().now())).await,
                }
            }
            socket.recv().await
        };
        tokio::select! {
            // What the client said is heard before it is taken for silent.
            biased;
            () = permit.stopped() => SocketEvent::Stop,
            message = message => SocketEvent::Heard(message),
            () = sleep_until(*begin_by), if !*began => SocketEvent::TooLate,
            _ = pings.tick() => SocketEvent::Ping,
            Some((_, step)) = operations.next() => SocketEvent::Say(step.message),
        }
    }
}

impl Connection<'_> {
    /// Acts on what the socket brings.
    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), Close> {
        (self.unanswered, self.allowed) = (0, false);
        match message {
            Some(Ok(Message::Text(text))) => self.act(read(&text)?).await,
            Some(Ok(Message::Binary(_))) => Err(Close::not_text()),
            // The library answers pings.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Close(_))) | None => Err(Close::normal()),
            Some(Err(error)) => Err(Close::of(&error)),
        }
    }

    async fn act(&mut self, message: ClientMessage) -> Result<(), Close> {
        match message {
            ClientMessage::ConnectionInit if self.began => Err(Close::too_many_inits()),
            ClientMessage::ConnectionInit => {
                self.began = true;
                self.say(ServerMessage::ConnectionAck.write()).await
            }
            ClientMessage::Ping { payload } => self.say(ServerMessage::Pong { payload }.write()).await,
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { .. } if !self.began => Err(Close::unauthorized()),
            ClientMessage::Subscribe { id, payload } => self.operations.begin(&self.call, id, payload),
            ClientMessage::Complete { id } => {
                self.operations.end(&id);
                Ok(())
            }
        }
    }

    async fn say(&mut self, message: Result<Message, Close>) -> Result<(), Close> {
        self.send(message?).await
    }

    /// Sends a message. A client that does not take it in time reads too slowly.
    async fn send(&mut self, message: Message) -> Result<(), Close> {
        let patience = self.call.app.settings.write_timeout() / 2;
        match timeout(patience, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::normal()),
            Err(_) => Err(Close::too_slow()),
        }
    }
}

/// Says goodbye and waits for the client to say it too, or answers its goodbye. What it sent meanwhile is read as
/// far as it can be, because a socket that is closed with something unread may lose what was said last.
pub(super) async fn close(mut socket: WebSocket, close: Close, patience: Duration) {
    // After the client's goodbye nothing can be sent: the library's answer to it goes out with the reading.
    if timeout(patience, socket.send(close.frame())).await.is_ok() {
        let silent = async { while let Some(Ok(_)) = socket.recv().await {} };
        let _ = timeout(GOODBYE, silent).await;
    }
}
