//! Importing parts of a catalogue: in one transaction, in any order, and only what is different is written.

mod changes;
mod facts;
mod prune;
mod subjects;

use std::{collections::HashSet, fmt};

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, Iterable};
use stackfit_domain::{
    Result,
    catalogue::Part,
    change::{ChangedKind, Revision},
    origin::Origin,
};
use uuid::Uuid;

use crate::{Feed, derived, error::translate, feed};
use changes::{Altered, Noted, What};

/// What SQLite allows in one statement, with room to spare; Postgres allows twice as much.
const MAX_BINDS: usize = 30_000;
/// How many facts are compared and written together.
const CHUNK: usize = 400;

/// Who is named in the changes that the bundled catalogue makes.
pub const BUNDLED_ACTOR: &str = "bundled";
/// Who is named in the changes that other files make.
pub const IMPORT_ACTOR: &str = "import";

/// How to import.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// By whom what is imported was written. The bundled catalogue does not overwrite what others wrote.
    pub origin: Origin,
    /// Whether to remove what is not imported: of the same origin when it is the bundled catalogue, else everything.
    pub prune: bool,
    /// Who is named in the changes.
    pub actor: &'static str,
    /// When the changes are made.
    pub now: DateTime<Utc>,
}

/// How many things were treated in one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entities: technologies, sources and the like.
    pub entities: usize,
    /// Facts.
    pub facts: usize,
}

impl Tally {
    fn add(&mut self, changed: ChangedKind) {
        if changed == ChangedKind::Fact {
            self.facts += 1;
        } else {
            self.entities += 1;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} entities, {} facts", self.entities, self.facts)
    }
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// New.
    pub created: Tally,
    /// Different from what was there.
    pub updated: Tally,
    /// No longer there.
    pub removed: Tally,
    /// The same as before.
    pub unchanged: Tally,
    /// Different, and left as others wrote it.
    pub kept: Tally,
}

/// An import in progress.
pub struct Import {
    transaction: DatabaseTransaction,
    options: Options,
    summary: Summary,
    seen: HashSet<Uuid>,
    waiting: Vec<Part>,
    waiting_facts: usize,
    changes: Vec<Noted>,
    /// Changes that are recorded, and whose fields refer to something that is yet to come.
    unnamed: Vec<Altered>,
    /// The technologies of which facts were written.
    touched: HashSet<Uuid>,
    /// The subjects that were written, or of which facts were.
    subjects: HashSet<Uuid>,
    /// The last change that was recorded.
    last: Option<Revision>,
    /// What tells readers in this process of the import.
    feed: Option<Feed>,
}

impl Import {
    /// Begins in a transaction that nothing else was written in but the tables themselves.
    pub(crate) async fn begin(transaction: DatabaseTransaction, options: Options) -> Result<Self> {
        let defer = match transaction.get_database_backend() {
            DbBackend::Postgres => "SET CONSTRAINTS ALL DEFERRED",
            _ => "PRAGMA defer_foreign_keys = ON",
        };
        transaction.execute_unprepared(defer).await.map_err(translate)?;
        Ok(Self {
            transaction,
            options,
            summary: Summary::default(),
            seen: HashSet::new(),
            waiting: Vec::new(),
            waiting_facts: 0,
            changes: Vec::new(),
            unnamed: Vec::new(),
            touched: HashSet::new(),
            subjects: HashSet::new(),
            last: None,
            feed: None,
        })
    }

    /// Has a feed tell of the import when it is kept.
    pub(crate) fn announced_by(self, feed: Feed) -> Self {
        Self { feed: Some(feed), ..self }
    }

    /// Imports a part. What it refers to may come later.
    pub async fn part(&mut self, part: Part) -> Result<()> {
        self.waiting_facts += part.facts.len() + 1;
        self.waiting.push(part);
        if self.waiting_facts >= CHUNK { self.flush().await } else { Ok(()) }
    }

    /// Ends the import and keeps it.
    pub async fn commit(self) -> Result<Summary> {
        let feed = self.feed.clone();
        let (transaction, summary, last) = self.end().await?;
        if let Some(last) = last {
            feed::notify(&transaction, last).await?;
        }
        transaction.commit().await.map_err(translate)?;
        if let (Some(feed), Some(last)) = (feed, last) {
            feed.announce(last);
        }
        Ok(summary)
    }

    /// Ends the import and undoes it.
    pub async fn roll_back(self) -> Result<Summary> {
        let (transaction, summary, _) = self.end().await?;
        transaction.rollback().await.map_err(translate)?;
        Ok(summary)
    }

    /// Ends the import in its transaction, which the caller ends.
    pub(crate) async fn end(mut self) -> Result<(DatabaseTransaction, Summary, Option<Revision>)> {
        self.flush().await?;
        self.record_unnamed().await?;
        if self.options.prune {
            self.prune().await?;
            self.record().await?;
        }
        self.check_contradictions().await?;
        if !self.touched.is_empty() || !self.subjects.is_empty() {
            let touched: Vec<Uuid> = self.touched.into_iter().collect();
            let subjects: Vec<Uuid> = self.subjects.into_iter().collect();
            derived::refresh(&self.transaction, &touched, &subjects).await?;
        }
        Ok((self.transaction, self.summary, self.last))
    }

    async fn flush(&mut self) -> Result<()> {
        let parts = std::mem::take(&mut self.waiting);
        self.waiting_facts = 0;
        self.subjects(&parts).await?;
        for facts in parts.iter().flat_map(|part| &part.facts).collect::<Vec<_>>().chunks(CHUNK) {
            self.facts(facts).await?;
        }
        self.record().await
    }

    fn note(&mut self, noted: Noted) {
        let tally = match noted.what {
            What::Created => &mut self.summary.created,
            What::Updated(_) => &mut self.summary.updated,
            What::Removed => &mut self.summary.removed,
        };
        tally.add(noted.changed);
        self.changes.push(noted);
    }

    /// Whether something that is stored and different may be overwritten.
    fn may_overwrite(&self, stored: Origin) -> bool {
        self.options.origin != Origin::Bundled || stored == Origin::Bundled
    }
}

/// Inserts rows, as many in one statement as the databases allow.
pub(crate) async fn insert_all<A>(transaction: &DatabaseTransaction, rows: Vec<A>) -> Result<()>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Column: Iterable,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count();
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<A> = rows.by_ref().take(MAX_BINDS / columns).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        A::Entity::insert_many(chunk).exec_without_returning(transaction).await.map_err(translate)?;
    }
}

/// The place of something in a list, as it is stored.
fn position(at: usize) -> Result<i32> {
    i32::try_from(at).map_err(stackfit_domain::Error::internal)
}
