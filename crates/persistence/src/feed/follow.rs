//! How the feed learns of what others write: Postgres notifies, and the revision is looked at from time to time, in
//! case that a notification was missed, or that the database cannot notify.

use std::time::Duration;

use futures_util::{TryFutureExt, future::join};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, RuntimeErr,
    sqlx::{
        self,
        postgres::{PgListener, PgPoolOptions},
        query,
    },
};
use stackfit_domain::{Error, Result, change::Revision};
use tokio::time::{sleep, timeout};

use super::{Feed, MOST};
use crate::{
    catalogue::state,
    error::{in_time, translate},
};

/// The channel on which Postgres tells the revision that a commit reaches.
const CHANNEL: &str = "stackfit_changes";
/// How often the revision is looked at where nobody notifies, while somebody waits for it.
const LOOK: Duration = Duration::from_millis(50);
/// How often it is looked at where somebody does.
const LOOK_BESIDE_LISTENING: Duration = Duration::from_secs(2);
/// How long nothing may be heard before the listening connection is tried: one whose other end is gone is silent, too.
const QUIET: Duration = Duration::from_secs(30);
/// How long to wait before trying again what did not work.
pub(super) const PAUSE: Duration = Duration::from_millis(500);

/// Has Postgres tell the other servers of a revision, when the transaction is committed.
pub(crate) async fn notify(transaction: &DatabaseTransaction, revision: Revision) -> Result<()> {
    if transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let notify = format!("SELECT pg_notify('{CHANNEL}', '{revision}')");
    transaction.execute_unprepared(&notify).await.map(|_| ()).map_err(translate)
}

impl Feed {
    /// Follows what is written by others, for as long as it is polled.
    pub async fn follow(&self) {
        match self.db.get_database_backend() {
            DbBackend::Postgres => {
                join(self.keep_listening(), self.keep_looking(LOOK_BESIDE_LISTENING)).await;
            }
            _ => self.keep_looking(LOOK).await,
        }
    }

    /// Looks where the catalogue is now.
    pub(super) async fn look(&self) -> Result<Revision> {
        let row =
            in_time(MOST, state::Entity::find_by_id(state::ONLY).one(&self.db).map_err(translate)).await?;
        let revision = row.map_or(0, |row| row.revision);
        self.announce(revision);
        Ok(revision)
    }

    async fn keep_looking(&self, pause: Duration) {
        loop {
            sleep(pause).await;
            if self.known.receiver_count() > 0
                && let Err(error) = self.look().await
            {
                tracing::debug!(%error, "the revision cannot be looked at now");
            }
        }
    }

    async fn keep_listening(&self) {
        loop {
            if let Err(error) = self.listen().await {
                tracing::warn!(%error, "listening for changes was interrupted");
            }
            sleep(PAUSE).await;
        }
    }

    /// Listens on a connection of its own. What was committed while nobody listened is looked up.
    async fn listen(&self) -> Result<()> {
        let options = (*self.db.get_postgres_connection_pool().connect_options()).clone();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(options.application_name("stackfit listener"));
        let mut listener = in_time(MOST, PgListener::connect_with(&pool).map_err(failed)).await?;
        in_time(MOST, listener.listen(CHANNEL).map_err(failed)).await?;
        self.look().await?;
        loop {
            let heard = if let Ok(heard) = timeout(QUIET, listener.try_recv()).await {
                heard.map_err(failed)?.and_then(|heard| heard.payload().parse().ok())
            } else {
                in_time(MOST, query("SELECT 1").execute(&mut listener).map_err(failed)).await?;
                None
            };
            // Nothing heard may be a connection that was lost and is there again. What was heard is not believed: others
            // may use the channel, too.
            if heard.is_none_or(|revision: Revision| revision > *self.known.borrow()) {
                self.look().await?;
            }
        }
    }
}

fn failed(error: sqlx::Error) -> Error {
    translate(DbErr::Query(RuntimeErr::SqlxError(error.into())))
}
