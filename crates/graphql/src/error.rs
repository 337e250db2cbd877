//! The one place where errors of the domain become errors that a client sees.

use std::sync::Arc;

use async_graphql::{Context, ErrorExtensionValues, PathSegment, ServerError, Value};
use stackfit_domain::Error;

/// An error of a field.
pub(crate) type FieldError = async_graphql::Error;

/// The result of a field that cannot be null.
pub(crate) type FieldResult<T> = Result<T, FieldError>;

/// A field that can be null and can fail: when it fails it is null, and its neighbours stay.
pub(crate) type Nullable<T> = Option<FieldResult<T>>;

/// The codes of errors, in `extensions.code`.
pub mod codes {
    pub(super) const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    /// Something went wrong inside the server.
    pub const INTERNAL: &str = "INTERNAL_SERVER_ERROR";
    pub(super) const MAX_COST_EXCEEDED: &str = "MAX_COST_EXCEEDED";
    /// It took too long.
    pub const TIMEOUT: &str = "TIMEOUT";
    /// The server or its database cannot do it now.
    pub const UNAVAILABLE: &str = "SERVICE_UNAVAILABLE";
}

/// What a client is told of an error. What went wrong inside is logged, in the span of the request.
pub(crate) fn to_client(error: Error) -> FieldError {
    let (code, message, field) = match error {
        Error::Invalid { field, message } => {
            (codes::BAD_USER_INPUT, format!("{field}: {message}"), Some(field))
        }
        Error::Costly(message) => (codes::MAX_COST_EXCEEDED, message, None),
        Error::Unavailable(detail) => {
            tracing::error!(%detail, "the database is not available");
            (codes::UNAVAILABLE, "The database is not available now. Try again later.".to_owned(), None)
        }
        Error::Timeout(detail) => {
            tracing::warn!(%detail, "an operation took too long");
            (
                codes::TIMEOUT,
                "The operation took too long. Ask for less, or try again later.".to_owned(),
                None,
            )
        }
        Error::Internal(detail) => {
            tracing::error!(%detail, "internal error");
            (codes::INTERNAL, "Something went wrong inside the server.".to_owned(), None)
        }
    };
    let mut error = FieldError::new(message);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code);
    if let Some(field) = field {
        extensions.set("field", field);
    }
    error
}

/// What a client is told of an error of a field, with the path to it. The executor forgets the path when the error
/// goes up through lists, so that it travels with the error.
pub(crate) fn at<'a>(ctx: &'a Context<'_>) -> impl Fn(Error) -> FieldError + 'a {
    |error| {
        let mut error = to_client(error);
        error.source = Some(Arc::new(ctx.set_error_path(ServerError::new("", None)).path));
        error
    }
}

/// A nullable field from what the domain found.
pub(crate) fn nullable<T, U>(
    found: stackfit_domain::Result<Option<T>>,
    wrap: impl FnOnce(T) -> U,
) -> Nullable<U> {
    match found {
        Ok(found) => found.map(|value| Ok(wrap(value))),
        Err(error) => Some(Err(to_client(error))),
    }
}

/// A field that must be there but was not found: a fault of ours.
pub(crate) fn expected<T>(found: Option<T>, what: &str) -> FieldResult<T> {
    found.ok_or_else(|| to_client(Error::internal(format!("{what} is not there"))))
}

/// Gives every error a code, and internal ones the id under which the log tells more.
pub(crate) fn complete(mut errors: Vec<ServerError>, request_id: &str) -> Vec<ServerError> {
    for error in &mut errors {
        if let Some(path) = error.source::<Vec<PathSegment>>().cloned() {
            error.path = path;
        }
        if code(error).is_none() {
            set_code(error, codes::BAD_USER_INPUT);
        }
        if code(error).as_deref() == Some(codes::INTERNAL) {
            error.extensions.get_or_insert_default().set("requestId", request_id);
        }
    }
    errors
}

pub(crate) fn code(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

pub(crate) fn set_code(error: &mut ServerError, code: &str) {
    let extensions: &mut ErrorExtensionValues = error.extensions.get_or_insert_default();
    extensions.set("code", code);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_inside_is_never_told() {
        for error in [
            Error::internal("SELECT * FROM facts: no such table"),
            Error::Unavailable("connection to 10.0.0.1 refused".to_owned()),
            Error::Timeout("canceling statement".to_owned()),
        ] {
            let told = format!("{:?}", to_client(error));
            for secret in ["SELECT", "10.0.0.1", "canceling"] {
                assert!(!told.contains(secret), "{told}");
            }
        }
    }

    #[test]
    fn a_wrong_input_names_its_field() {
        let told = format!("{:?}", to_client(Error::invalid("first", "must be from 0 to 100.")));
        assert!(told.contains("first: must be from 0 to 100.") && told.contains("BAD_USER_INPUT"), "{told}");
    }
}
