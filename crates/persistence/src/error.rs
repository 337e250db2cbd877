//! The one place where errors of the database become errors of the domain.

use sea_orm::{DbErr, RuntimeErr, sqlx};
use stackfit_domain::Error;

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

/// `57014` is Postgres' statement timeout, `55P03` its lock timeout, `57P0x` its shutdown; `5` is SQLite's
/// `SQLITE_BUSY`.
fn translate_sqlx(inner: &sqlx::Error, error: &DbErr) -> Error {
    match inner {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
            Error::Unavailable(error.to_string())
        }
        sqlx::Error::Database(database) => match database.code().as_deref() {
            Some("57014" | "55P03" | "5") => Error::Timeout(error.to_string()),
            Some("57P01" | "57P02" | "57P03") => Error::Unavailable(error.to_string()),
            _ => Error::Internal(error.to_string()),
        },
        _ => Error::Internal(error.to_string()),
    }
}
