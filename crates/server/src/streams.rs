//! What is open for longer than one answer: WebSockets, and subscriptions over HTTP.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// The streams that are open, and the word that ends them all.
#[derive(Clone)]
pub(crate) struct Streams {
    stop: CancellationToken,
    open: TaskTracker,
    room: Arc<Semaphore>,
}

/// The permit of one stream among those that are open. It is given back when it is dropped.
pub(crate) struct Permit {
    stop: CancellationToken,
    _open: TaskTrackerToken,
    _room: OwnedSemaphorePermit,
}

impl Streams {
    /// Room for so many.
    pub(crate) fn new(most: usize) -> Self {
        let room = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
        Self { stop: CancellationToken::new(), open: TaskTracker::new(), room }
    }

    /// A permit for one more, when there is room.
    pub(crate) fn open(&self) -> Option<Permit> {
        let room = Arc::clone(&self.room).try_acquire_owned().ok()?;
        Some(Permit { stop: self.stop.clone(), _open: self.open.token(), _room: room })
    }

    /// Tells all that they must end, and waits until they did, but not for ever.
    pub(crate) async fn stop(&self, most: Duration) {
        self.stop.cancel();
        self.open.close();
        if timeout(most, self.open.wait()).await.is_err() {
            tracing::warn!(left = self.open.len(), "some streams did not end in time");
        }
    }
}

impl Permit {
    /// Waits until the server stops.
    pub(crate) async fn stopped(&self) {
        self.stop.cancelled().await;
    }
}
