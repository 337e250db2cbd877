//! The one place where errors of the domain become errors that a client sees.

use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, Value};
use stackfit_domain::Error;

/// An error of a field.
pub(crate) type FieldError = async_graphql::Error;

/// The result of a field that cannot be null.
pub(crate) type FieldResult<T> = Result<T, FieldError>;

/// A field that can be null and can fail: when it fails it is null, and its neighbours stay.
pub(crate) type Nullable<T> = Option<FieldResult<T>>;

/// The codes of errors, in `extensions.code`.
mod codes {
    pub(super) const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    pub(super) const INTERNAL: &str = "INTERNAL_SERVER_ERROR";
    pub(super) const MAX_COST_EXCEEDED: &str = "MAX_COST_EXCEEDED";
    pub(super) const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
    pub(super) const TIMEOUT: &str = "TIMEOUT";
    pub(super) const UNAVAILABLE: &str = "SERVICE_UNAVAILABLE";
    pub(super) const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
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

/// The answer to a document that is not GraphQL.
pub(crate) fn not_parsed(error: &async_graphql::parser::Error) -> Response {
    let mut server_error: ServerError = error.clone().into();
    set_code(&mut server_error, codes::PARSE_FAILED);
    Response::from_errors(vec![server_error])
}

/// The answer to a document that is not executed for a reason of ours.
pub(crate) fn refused(error: Error) -> Response {
    let mut error = to_client(error).into_server_error(Pos::default());
    // It is said of the document as a whole.
    error.locations.clear();
    Response::from_errors(vec![error])
}

/// Gives every error a code, and internal ones the id under which the log tells more.
pub(crate) fn complete(mut response: Response, request_id: &str) -> Response {
    // The library tells of a missing root type once for each of its passes.
    response.errors.dedup();
    let executed = response.errors.iter().any(|error| !error.path.is_empty()) || response.data != Value::Null;
    for error in &mut response.errors {
        if code(error).is_none() {
            set_code(error, if executed { codes::BAD_USER_INPUT } else { codes::VALIDATION_FAILED });
        }
        if code(error).as_deref() == Some(codes::INTERNAL) {
            error.extensions.get_or_insert_default().set("requestId", request_id);
        }
    }
    response
}

fn code(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

fn set_code(error: &mut ServerError, code: &str) {
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
