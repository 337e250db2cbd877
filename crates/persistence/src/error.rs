//! The one place where errors of the database become errors of the domain.

use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr, sqlx};
use stackfit_domain::{Error, Result};
use tokio::time::timeout;

/// What went wrong in the database, as the domain sees it.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub(crate) fn translate(error: DbErr) -> Error {
    match &error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Error::Unavailable(error.to_string()),
        DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
            translate_sqlx(inner, &error)
        }
        _ => Error::Internal(error.to_string()),
    }
}

/// Waits for the database, but not for ever: a connection whose other end is gone stays silent.
pub(crate) async fn in_time<T>(most: Duration, answer: impl Future<Output = Result<T>>) -> Result<T> {
    let late = |_| Err(Error::Timeout("the database did not answer in time".to_owned()));
    timeout(most, answer).await.unwrap_or_else(late)
}

/// Reads the codes of Postgres (five characters) and of SQLite (a number whose low byte is the plain code).
fn translate_sqlx(inner: &sqlx::Error, error: &DbErr) -> Error {
    let text = error.to_string();
    match inner {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Error::Unavailable(text),
        sqlx::Error::Database(database) => match database.code().as_deref() {
            // A statement or a lock took too long.
            Some("57014" | "55P03") => Error::Timeout(text),
            // The connection broke, the server stops or has no room.
            Some(code) if code.starts_with("08") || code.starts_with("57P") || code == "53300" => {
                Error::Unavailable(text)
            }
            Some(code) if is_busy(code) => Error::Timeout(text),
            _ => Error::Internal(text),
        },
        _ => Error::Internal(text),
    }
}

/// Whether SQLite says that another holds the lock: `SQLITE_BUSY` or `SQLITE_LOCKED`, plain or extended.
fn is_busy(code: &str) -> bool {
    code.len() < 5 && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
}

#[cfg(test)]
mod tests {
    use super::is_busy;

    #[test]
    fn extended_codes_are_codes_too() {
        assert!(["5", "6", "261", "262", "517"].into_iter().all(is_busy));
        assert!(!["1", "14", "26", "57014", "busy"].into_iter().any(is_busy));
    }
}
