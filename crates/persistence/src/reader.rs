//! The one type that answers queries and loads relations.

use chrono::NaiveDate;
use sea_orm::{DatabaseConnection, EntityTrait, FromQueryResult, PaginatorTrait, Select};
use stackfit_domain::{Error, Result};

use crate::{cursor::CursorKey, dossier::Kept, error::translate};

/// Answers queries and loads relations, as of a day: the day decides what is fresh.
#[derive(Clone)]
pub struct Reader {
    pub(crate) db: DatabaseConnection,
    pub(crate) cursors: CursorKey,
    pub(crate) today: NaiveDate,
    pub(crate) dossiers: Kept,
}

impl Reader {
    /// The day as of which it answers.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.db.ping().await.map_err(translate)
    }

    pub(crate) async fn count<E>(&self, select: Select<E>) -> Result<i64>
    where
        E: EntityTrait<Model: FromQueryResult + Send + Sync>,
    {
        let count = select.count(&self.db).await.map_err(translate)?;
        i64::try_from(count).map_err(Error::internal)
    }
}
