//! Answers that are made whether or not the client reads: what they hold meanwhile, others may wait for.

use std::{panic::AssertUnwindSafe, pin::pin, sync::Arc};

use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use stackfit_graphql::Response;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::call::Answers;

/// Makes answers and writes them in a task of their own, one ahead of what is read, until nobody reads them any more.
pub(super) fn driven<T: Send + 'static>(
    answers: Answers,
    request_id: Arc<str>,
    write: impl Fn(Response) -> T + Send + 'static,
) -> BoxStream<'static, T> {
    let (sender, mut receiver) = mpsc::channel(1);
    let drive = async move {
        // A panic must not end the other answers of a connection, nor look like the end of these.
        let mut answers = pin!(AssertUnwindSafe(answers).catch_unwind());
        while let Ok(room) = sender.reserve().await
            && let Some(answer) = answers.next().await
        {
            room.send(write(answer.unwrap_or_else(|panic| Response::panicked(&*panic, &request_id))));
        }
    };
    let task = AbortOnDropHandle::new(tokio::spawn(drive.in_current_span()));
    stream::poll_fn(move |context| {
        let _driving = &task;
        receiver.poll_recv(context)
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use std::{convert::identity, sync::Arc, time::Duration};

    use tokio::{sync::Semaphore, time::timeout};

    use super::*;

    #[tokio::test]
    async fn answers_are_made_though_nobody_reads() {
        let made = Arc::new(Semaphore::new(0));
        let making = Arc::clone(&made);
        let answers = stream::iter(0..5).map(move |_| {
            making.add_permits(1);
            Response::error("TEST", "made")
        });
        let mut driven = driven(answers.boxed(), "1".into(), identity);
        let made = async |many| {
            timeout(Duration::from_secs(5), made.acquire_many(many)).await.unwrap().unwrap().forget();
        };
        made(1).await;
        assert!(driven.next().await.is_some());
        made(1).await;
    }

    #[tokio::test]
    async fn a_panic_is_told_and_is_the_end() {
        let answers = stream::iter([1, 0]).map(|divisor| Response::error("TEST", (1 / divisor).to_string()));
        let codes: Vec<String> =
            driven(answers.boxed(), "1".into(), |answer| answer.codes().collect()).collect().await;
        assert_eq!(codes, ["TEST", "INTERNAL_SERVER_ERROR"]);
    }

    #[tokio::test]
    async fn what_nobody_reads_any_more_is_not_made() {
        let held = Arc::new(());
        let holding = Arc::clone(&held);
        let answers = stream::pending::<Response>().inspect(move |_| drop(Arc::clone(&holding)));
        let driven = driven(answers.boxed(), "1".into(), identity);
        tokio::task::yield_now().await;
        assert_eq!(Arc::strong_count(&held), 2);
        drop(driven);
        let gone = async {
            while Arc::strong_count(&held) > 1 {
                tokio::task::yield_now().await;
            }
        };
        assert!(timeout(Duration::from_secs(5), gone).await.is_ok());
    }
}
