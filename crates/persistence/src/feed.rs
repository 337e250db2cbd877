//! The feed of changes: what was written and what is being written, in order, without gap or repeat.
//!
//! Nothing is handed from writer to reader but the number of the last committed change; readers read on from the record
//! of changes, each at its own pace. So whoever is slow, comes late or comes back misses nothing, and what is heard
//! twice, late or never of a commit makes no difference but for time. Readers that stand at the same place share what
//! is read.

mod follow;

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt, TryFutureExt, stream};
use moka::{future::Cache, policy::EvictionPolicy};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use stackfit_domain::{
    Error, Result,
    change::{Change, Revision},
    filter::{ChangeTest, Filter},
};
use tokio::{sync::watch, time::sleep};

use crate::{
    change::{change, row},
    error::{in_time, translate},
};

pub(crate) use follow::notify;

/// How many changes are read together at most. Blocks end where revisions divide by it, so that readers that began at
/// different places soon share them.
const BLOCK: Revision = 512;
/// How many changes are kept for readers that come a little later.
const KEPT: u64 = 65_536;

/// How long the database may take to answer: everybody would wait for one whose other end is gone.
const MOST: Duration = Duration::from_secs(10);

/// Changes that are read together.
type Block = Arc<[Arc<Change>]>;

/// The feed of changes of a database.
#[derive(Clone)]
pub struct Feed {
    db: DatabaseConnection,
    /// The last change that is known to be committed.
    known: Arc<watch::Sender<Revision>>,
    blocks: Cache<(Revision, Revision), Block>,
}

impl Feed {
    pub(crate) fn new(db: DatabaseConnection) -> Self {
        let weigh = |_: &_, block: &Block| u32::try_from(block.len()).unwrap_or(u32::MAX);
        let blocks =
            Cache::builder().weigher(weigh).max_capacity(KEPT).eviction_policy(EvictionPolicy::lru()).build();
        Self { db, known: Arc::new(watch::Sender::new(0)), blocks }
    }

    /// Checks the revision after which a reader wants to begin, now when it names none.
    ///
    /// # Errors
    /// When the catalogue was never at that revision, or the database does not answer.
    pub async fn begin(&self, after: Option<Revision>) -> Result<Revision> {
        let now = self.look().await?;
        let after = after.unwrap_or(now);
        if (0..=now).contains(&after) {
            return Ok(after);
        }
        let message = format!("must be a revision from 0 to {now}, where the catalogue is now, not {after}.");
        Err(Error::invalid("after", message))
    }

    /// The changes after a revision that are let through, and all that follow: it does not end. While the database does
    /// not answer, it waits.
    pub fn changes(
        &self,
        after: Revision,
        filter: Filter<ChangeTest>,
    ) -> impl Stream<Item = Result<Arc<Change>>> + Send + use<> {
        let blocks = stream::unfold((self.clone(), after), async |(feed, after)| {
            let read = feed.read_on(after).await;
            let after = read.as_ref().map_or(after, |(_, end)| *end);
            Some((read.map(|(block, _)| block), (feed, after)))
        });
        blocks.flat_map(move |read| {
            let passing: Vec<Result<Arc<Change>>> = match read {
                Ok(block) => block
                    .iter()
                    .filter(|change| filter.holds(&|test: &ChangeTest| test.holds(change)))
                    .map(|change| Ok(Arc::clone(change)))
                    .collect(),
                Err(error) => vec![Err(error)],
            };
            stream::iter(passing)
        })
    }

    /// Waits until a revision beyond `after` is known to be committed, and tells it.
    pub async fn beyond(&self, after: Revision) -> Revision {
        let mut known = self.known.subscribe();
        // The sender is ours: it is not gone.
        known.wait_for(|known| *known > after).await.map_or(after, |known| *known)
    }

    /// Tells that a change is committed.
    pub(crate) fn announce(&self, revision: Revision) {
        self.known.send_if_modified(|known| {
            let news = revision > *known;
            *known = revision.max(*known);
            news
        });
    }

    /// The next changes after a revision, with the revision up to which they reach.
    async fn read_on(&self, after: Revision) -> Result<(Block, Revision)> {
        // Whoever lets nothing through must let others run.
        tokio::task::yield_now().await;
        let known = self.beyond(after).await;
        let end = known.min((after / BLOCK + 1) * BLOCK);
        loop {
            let read = self.blocks.try_get_with((after, end), self.read(after, end));
            match read.await.map_err(|error: Arc<Error>| (*error).clone()) {
                Err(Error::Unavailable(_) | Error::Timeout(_)) => sleep(follow::PAUSE).await,
                read => return Ok((read?, end)),
            }
        }
    }

    async fn read(&self, after: Revision, end: Revision) -> Result<Block> {
        let select = row::Entity::find()
            .filter(row::Column::Revision.gt(after))
            .filter(row::Column::Revision.lte(end))
            .order_by_asc(row::Column::Revision);
        let rows = in_time(MOST, select.all(&self.db).map_err(translate)).await;
        // All who wait for it share the error, which is told once.
        let rows = rows.inspect_err(|error| tracing::warn!(%error, "changes cannot be read now"))?;
        rows.into_iter().map(|row| change(row).map(Arc::new)).collect()
    }
}
