//! The operations that are under way on one socket.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::{
    FutureExt, Stream, StreamExt,
    stream::{self, AbortHandle, BoxStream, SelectAll, abortable},
};
use stackfit_graphql::Response;
use tokio::sync::Semaphore;

use super::message::Close;
use crate::graphql::{
    Method,
    call::{Answers, Call},
    driven::driven,
    request,
};

/// What an operation says next.
#[derive(Debug)]
pub(super) enum Step {
    /// It was executed, or an event of it was.
    Next(Response),
    /// It cannot go on, and this is the last that is heard of it.
    Refused(Response),
    /// It is at its end.
    Complete,
}

/// The operations that are under way, by the ids that the client gave them.
pub(super) struct Operations {
    running: SelectAll<BoxStream<'static, (String, Step)>>,
    handles: HashMap<String, AbortHandle>,
    room: Arc<Semaphore>,
}

/// The memory that what is asked by the operations of a socket may take together, in bytes. One alone always fits.
const MAX_WEIGHT: u32 = 16 * 1024 * 1024;

impl Default for Operations {
    fn default() -> Self {
        let room = Arc::new(Semaphore::new(MAX_WEIGHT as usize));
        Self { running: SelectAll::new(), handles: HashMap::new(), room }
    }
}

impl Operations {
    /// Begins one.
    pub(super) fn begin(&mut self, call: &Call, id: String, payload: serde_json::Value) -> Result<(), Close> {
        if self.handles.contains_key(&id) {
            return Err(Close::exists(&id));
        }
        let most = call.app.settings.max_operations_per_websocket;
        let steps = if self.handles.len() < most {
            steps(call.clone(), payload, Arc::clone(&self.room))
        } else {
            let message = format!("This socket has {most} operations under way; no more are allowed.");
            stream::iter([Step::Refused(too_many(message))]).boxed()
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
        if let Poll::Ready(Some((id, Step::Refused(_) | Step::Complete))) = &step {
            self.handles.remove(id);
        }
        step
    }
}

/// Everything that is heard of an operation.
fn steps(call: Call, payload: serde_json::Value, room: Arc<Semaphore>) -> BoxStream<'static, Step> {
    let answers = async move {
        let begun = begin(&call, payload, room).await;
        begun.unwrap_or_else(|refused| stream::iter([refused]).boxed())
    };
    let steps = driven(answers.flatten_stream().boxed())
        .map(|answer| if answer.is_executed() { Step::Next(answer) } else { Step::Refused(answer) });
    let ended = steps.chain(stream::iter([Step::Complete])).scan(false, |refused, step| {
        let over = std::mem::replace(refused, matches!(step, Step::Refused(_)));
        std::future::ready((!over).then_some(step))
    });
    ended.boxed()
}

/// Begins an operation when there is room for what it takes.
async fn begin(call: &Call, payload: serde_json::Value, room: Arc<Semaphore>) -> Result<Answers, Response> {
    let request = request::from_value(payload).map_err(|reply| reply.response)?;
    let prepared = call.prepare(&request, Method::WebSocket).map_err(|reply| reply.response)?;
    let weight = u32::try_from(prepared.weight()).unwrap_or(u32::MAX).min(MAX_WEIGHT);
    let Ok(held) = room.try_acquire_many_owned(weight) else {
        return Err(too_many(
            "The operations under way on this socket are too large together; end some first.",
        ));
    };
    let answers = call.begin(prepared).await?;
    Ok(answers
        .map(move |answer| {
            let _held = &held;
            answer
        })
        .boxed())
}

fn too_many(message: impl Into<String>) -> Response {
    Response::bad_request("MAX_SOCKET_OPERATIONS_EXCEEDED", message)
}
