//! Connecting to a database, and what every writer needs.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use stackfit_domain::{Error, Result, catalogue::Part};
use uuid::Uuid;

use crate::{
    Feed, Reader,
    cursor::CursorKey,
    dossier::Kept,
    error::translate,
    import::{Import, Options},
    migrate,
};

/// How connections are kept.
#[derive(Debug, Clone, Copy)]
pub struct Pool {
    /// The most connections for readers.
    pub max_connections: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// How long one statement may run (Postgres).
    pub statement_timeout: Duration,
    /// How long a statement waits for a lock.
    pub lock_timeout: Duration,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            max_connections: 8,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(5),
        }
    }
}

/// Which database a connection address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// An embedded file.
    Sqlite,
    /// A server.
    Postgres,
}

impl FromStr for Backend {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        match url.split_once("://").map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(Error::invalid("database", "must begin with sqlite:// or postgres://")),
        }
    }
}

/// A database that is connected, migrated and filled.
#[derive(Clone)]
pub struct Store {
    read: DatabaseConnection,
    write: DatabaseConnection,
    cursors: CursorKey,
    statements: Arc<AtomicU64>,
    dossiers: Kept,
    feed: Feed,
}

impl Store {
    /// Connects to a database, brings its tables up to date and fills it with the catalogue when it is empty: only
    /// then is the catalogue asked for.
    /// Several servers may do so at once: one works, the others wait.
    ///
    /// `new_key` is the secret that a new database signs cursors with.
    pub async fn open(
        url: &str,
        pool: &Pool,
        catalogue: impl FnOnce() -> Result<Vec<Part>>,
        new_key: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let connections = Connections::open(url, pool).await?;
        let key = migrate::prepare(&connections.write, catalogue, new_key, now).await?;
        let Connections { read, write, statements } = connections;
        let (cursors, feed) = (CursorKey::new(key)?, Feed::new(read.clone()));
        Ok(Self { read, write, cursors, statements, dossiers: Kept::default(), feed })
    }

    /// Something that answers queries as of a day.
    pub fn reader(&self, today: NaiveDate) -> Reader {
        Reader {
            db: self.read.clone(),
            cursors: self.cursors.clone(),
            today,
            dossiers: self.dossiers.clone(),
        }
    }

    /// The feed of what is written.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Begins an import. Other writers wait until it ends, or this one waits for them.
    pub async fn import(&self, options: Options) -> Result<Import> {
        let transaction = begin(&self.write).await?;
        migrate::lock(&transaction).await?;
        Import::begin(transaction, options).await.map(|import| import.announced_by(self.feed.clone()))
    }

    /// How many statements were sent to the database so far.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Ends all connections in good order.
    pub async fn close(self) -> Result<()> {
        let Self { read, write, cursors: _, statements, dossiers: _, feed: _ } = self;
        Connections { read, write, statements }.close().await
    }
}

/// Brings the tables of a database up to date and changes nothing else. Tells how many migrations it applied.
pub async fn migrate(url: &str, pool: &Pool) -> Result<usize> {
    let connections = Connections::open(url, pool).await?;
    let applied = migrate::migrate(&connections.write).await;
    connections.close().await?;
    applied
}

/// Begins a write: at once exclusive on SQLite, so that it waits for other writers here and not half-way.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await.map_err(translate)
}

struct Connections {
    read: DatabaseConnection,
    write: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Connections {
    async fn close(self) -> Result<()> {
        self.read.close().await.map_err(translate)?;
        self.write.close().await.map_err(translate)
    }

    async fn open(url: &str, pool: &Pool) -> Result<Self> {
        let statements = Arc::new(AtomicU64::new(0));
        let (read, write) = match url.parse()? {
            Backend::Sqlite => {
                // The writer comes first: it creates the file that readers need.
                let write = connect(sqlite(url, pool, 1, false), &statements).await?;
                (connect(sqlite(url, pool, pool.max_connections, true), &statements).await?, write)
            }
            Backend::Postgres => {
                let both = connect(postgres(url, pool), &statements).await?;
                (both.clone(), both)
            }
        };
        Ok(Self { read, write, statements })
    }
}

async fn connect(options: ConnectOptions, statements: &Arc<AtomicU64>) -> Result<DatabaseConnection> {
    let mut connection = Database::connect(options).await.map_err(translate)?;
    let statements = Arc::clone(statements);
    connection.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    Ok(connection)
}

fn options(url: &str, pool: &Pool, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(pool.acquire_timeout)
        .connect_timeout(pool.acquire_timeout)
        .sqlx_logging(false);
    options
}

/// One writer, several readers that cannot write; a write is on disk when it is answered.
fn sqlite(url: &str, pool: &Pool, connections: u32, query_only: bool) -> ConnectOptions {
    let mut options = options(url, pool, connections);
    let lock_timeout = pool.lock_timeout;
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(!query_only)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(lock_timeout)
            .pragma("query_only", if query_only { "ON" } else { "OFF" })
    });
    options
}

fn postgres(url: &str, pool: &Pool) -> ConnectOptions {
    let mut options = options(url, pool, pool.max_connections);
    let statement = pool.statement_timeout.as_millis().to_string();
    let lock = pool.lock_timeout.as_millis().to_string();
    options.map_sqlx_postgres_opts(move |postgres| {
        postgres
            .application_name("stackfit")
            .options([("statement_timeout", statement.as_str()), ("lock_timeout", lock.as_str())])
    });
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_their_database() {
        assert_eq!("sqlite:///srv/x.db".parse(), Ok(Backend::Sqlite));
        assert_eq!("postgres://u@h/d".parse(), Ok(Backend::Postgres));
        assert_eq!("postgresql://u@h/d".parse(), Ok(Backend::Postgres));
        for wrong in ["", "mysql://h/d", "/srv/x.db"] {
            assert!(wrong.parse::<Backend>().is_err(), "{wrong}");
        }
    }
}
