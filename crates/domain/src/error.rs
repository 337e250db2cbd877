//! The one error of Stackfit.
//!
//! What a user did wrong names the field and says what is allowed; what went wrong inside stays inside.

use thiserror::Error;

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was refused or did not work.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// The input is wrong. Safe to show to whoever sent it.
    #[error("{field}: {message}")]
    Invalid {
        /// The argument or field, as the user wrote it: `first`, `filter.kind`, `facts[3].citations`.
        field: String,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// The store cannot be reached now; trying again later may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// An operation took longer than it may.
    #[error("the operation took too long: {0}")]
    Timeout(String),
    /// Answering would cost more than one request may. Safe to show to whoever sent it.
    #[error("{0}")]
    Costly(String),
    /// A fault of ours. The text is for the log only.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// A wrong input, by the name of its field.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), message: message.into() }
    }

    /// A fault of ours, with a text for the log.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Self::Internal(detail.to_string())
    }

    /// The same error, told for the argument under which the input was sent.
    #[must_use]
    pub fn named(self, argument: &str) -> Self {
        match self {
            Self::Invalid { message, .. } => Self::Invalid { field: argument.to_owned(), message },
            other => other,
        }
    }

    /// The same error, told for a field that contains the one it names.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        match self {
            Self::Invalid { field, message } => Self::Invalid { field: format!("{outer}.{field}"), message },
            other => other,
        }
    }
}
