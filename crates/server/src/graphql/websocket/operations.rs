//! The operations that are under way on one socket.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::extract::ws::Message;
use futures_util::{
    FutureExt, Stream, StreamExt,
    stream::{self, AbortHandle, BoxStream, SelectAll, abortable},
};
use stackfit_graphql::{Kind, Prepared, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::message::{Close, ServerMessage};
use crate::graphql::{
    Method,
    call::{Answers, Call},
    driven::driven,
    request::GraphqlRequest,
};

/// What an operation says next.
pub(super) struct Step {
    /// The words, or why they cannot be said.
    pub(super) message: Result<Message, Close>,
    /// Whether this is the last that is heard of it.
    last: bool,
}

impl Step {
    /// What is said of an answer: it was executed, or it cannot go on.
    fn of(id: &str, answer: &Response) -> Self {
        if answer.is_executed() {
            Self { message: ServerMessage::Next { id, payload: answer }.write(), last: false }
        } else {
            Self { message: ServerMessage::Error { id, payload: answer.errors() }.write(), last: true }
        }
    }

    fn complete(id: &str) -> Self {
        Self { message: ServerMessage::Complete { id }.write(), last: true }
    }
}

/// The operations that are under way, by the ids that the client gave them.
pub(super) struct Operations {
    running: SelectAll<BoxStream<'static, (String, Step)>>,
    handles: HashMap<String, AbortHandle>,
    room: Room,
}

/// What the operations of one socket share.
#[derive(Clone)]
struct Room {
    memory: Arc<Semaphore>,
    queries: Arc<Semaphore>,
}

/// The memory that what is asked by the operations of a socket may take together, in bytes. One alone always fits.
const MAX_WEIGHT: u32 = 16 * 1024 * 1024;
/// How many queries of a socket are executed at once, or executed and not read: other clients need room, too.
const MAX_QUERIES: usize = 4;

impl Default for Operations {
    fn default() -> Self {
        let room = |most| Arc::new(Semaphore::new(most));
        let room = Room { memory: room(MAX_WEIGHT as usize), queries: room(MAX_QUERIES) };
        Self { running: SelectAll::new(), handles: HashMap::new(), room }
    }
}

impl Operations {
    /// Begins one.
    pub(super) fn begin(
        &mut self,
        call: &Call,
        id: String,
        request: Box<GraphqlRequest>,
    ) -> Result<(), Close> {
        if self.handles.contains_key(&id) {
            return Err(Close::exists(&id));
        }
        let most = call.app.settings.max_operations_per_websocket;
        let steps = if self.handles.len() < most {
            steps(call.clone(), id.clone(), request, self.room.clone())
        } else {
            let message = format!("This socket has {most} operations under way; no more are allowed.");
            stream::iter([Step::of(&id, &too_many(message))]).boxed()
        };
        let (steps, handle) = abortable(steps);
        self.handles.insert(id.clone(), handle);
        self.running.push(steps.map(move |step| (id.clone(), step)).boxed());
        Ok(())
    }

    /// Ends one, when it is under way.
    pub(super) fn end(&mut self, id: &str) {
        if let Some(handle) = self.handles.remove(id) {
            handle.abort();
        }
    }
}

impl Stream for Operations {
    type Item = (String, Step);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let step = self.running.poll_next_unpin(context);
        if let Poll::Ready(Some((id, Step { last: true, .. }))) = &step {
            self.handles.remove(id);
        }
        step
    }
}

/// Everything that is heard of an operation.
fn steps(call: Call, id: String, request: Box<GraphqlRequest>, room: Room) -> BoxStream<'static, Step> {
    let (request_id, complete) = (Arc::clone(&call.id), Step::complete(&id));
    let answers = async move {
        let begun = match prepare(&call, &request, &room) {
            Ok((prepared, held)) => {
                // Only what is weighed is kept while it waits to begin.
                drop(request);
                begin(&call, prepared, room.queries, held).await
            }
            Err(refused) => Err(refused),
        };
        begun.unwrap_or_else(|refused| stream::iter([refused]).boxed())
    };
    // A text takes far less memory than the answer that it tells.
    let steps = driven(answers.flatten_stream().boxed(), request_id, move |answer| Step::of(&id, &answer));
    let ended = steps.chain(stream::iter([complete])).scan(false, |over, step| {
        let was_over = std::mem::replace(over, step.last);
        std::future::ready((!was_over).then_some(step))
    });
    ended.boxed()
}

/// Prepares an operation when there is room for what it takes.
fn prepare(
    call: &Call,
    request: &GraphqlRequest,
    room: &Room,
) -> Result<(Prepared, OwnedSemaphorePermit), Response> {
    let prepared = call.prepare(request, Method::WebSocket).map_err(|reply| reply.response)?;
    let weight = u32::try_from(prepared.weight()).unwrap_or(u32::MAX).min(MAX_WEIGHT);
    let held = Arc::clone(&room.memory).try_acquire_many_owned(weight).map_err(|_| {
        too_many("The operations under way on this socket are too large together; end some first.")
    })?;
    Ok((prepared, held))
}

/// Begins an operation. Its room is given back when all its answers were read.
async fn begin(
    call: &Call,
    prepared: Prepared,
    queries: Arc<Semaphore>,
    held: OwnedSemaphorePermit,
) -> Result<Answers, Response> {
    let turn = match prepared.kind() {
        Kind::Subscription => None,
        _ => queries.acquire_owned().await.ok(),
    };
    let answers = call.begin(prepared).await?;
    Ok(answers
        .map(move |answer| {
            let _held = (&held, &turn);
            answer
        })
        .boxed())
}

fn too_many(message: impl Into<String>) -> Response {
    Response::error("MAX_SOCKET_OPERATIONS_EXCEEDED", message)
}
