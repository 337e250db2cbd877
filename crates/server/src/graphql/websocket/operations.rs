//! The operations that are under way on one socket.

use std::{
    collections::HashMap,
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{
    FutureExt, Stream, StreamExt,
    stream::{self, AbortHandle, BoxStream, SelectAll, abortable},
};
use stackfit_graphql::Response;

use super::message::Close;
use crate::graphql::{Answers, Call, Method, request};

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
#[derive(Default)]
pub(super) struct Operations {
    running: SelectAll<BoxStream<'static, (String, Step)>>,
    handles: HashMap<String, AbortHandle>,
}

impl Operations {
    /// Begins one.
    pub(super) fn begin(&mut self, call: &Call, id: String, payload: serde_json::Value) -> Result<(), Close> {
        if self.handles.contains_key(&id) {
            return Err(Close::exists(&id));
        }
        let most = call.app.settings.max_operations_per_websocket;
        let steps = if self.handles.len() < most {
            steps(call.clone(), payload)
        } else {
            let message = format!("This socket has {most} operations under way; no more are allowed.");
            let refusal = Response::bad_request("MAX_SOCKET_OPERATIONS_EXCEEDED", message);
            stream::iter([Step::Refused(refusal)]).boxed()
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
fn steps(call: Call, payload: serde_json::Value) -> BoxStream<'static, Step> {
    let begun = async move {
        let begun = match request::from_value(payload) {
            Ok(request) => match call.prepare(&request, Method::WebSocket) {
                Ok(prepared) => call.begin(prepared).await,
                Err(reply) => Err(reply.response),
            },
            Err(reply) => Err(reply.response),
        };
        let answers: Answers = begun.unwrap_or_else(|refused| stream::iter([refused]).boxed());
        let steps = answers
            .map(|answer| if answer.is_executed() { Step::Next(answer) } else { Step::Refused(answer) });
        steps.chain(stream::iter([Step::Complete])).scan(false, |refused, step| {
            let over = std::mem::replace(refused, matches!(step, Step::Refused(_)));
            std::future::ready((!over).then_some(step))
        })
    };
    begun.flatten_stream().boxed()
}
