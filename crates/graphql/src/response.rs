//! What a client is answered.

use std::any::Any;

use async_graphql::{Name, Pos, ServerError, Value};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;
use stackfit_domain::Error;
use stackfit_guard::{Document, Key, Problem, Problems};

use crate::{
    error::{self, to_client},
    executable,
};

/// The answer to a request.
#[derive(Debug)]
pub struct Response {
    /// Nothing when the request was not executed: there is no key `data` then.
    data: Option<Data>,
    errors: Vec<ServerError>,
    /// What the operation may cost at most, when the client wants to know.
    cost: Option<Cost>,
}

#[derive(Debug)]
enum Data {
    /// An error at a place that cannot be null took everything with it.
    Null,
    Object(Vec<(String, Part)>),
}

/// The value of a field at the root.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Part {
    /// It was known without executing.
    Known(Box<RawValue>),
    Executed(Value),
}

/// What an operation may cost.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    /// The fields that the answer may hold at most.
    requested_query_cost: u64,
    /// What is allowed.
    maximum_available: u64,
}

/// The errors of an answer, as clients get them.
#[derive(Debug, Serialize)]
pub struct Errors<'a>(&'a [ServerError]);

impl Response {
    /// A request that is refused for what is wrong with it.
    pub(crate) fn problems(problems: Problems) -> Self {
        Self { data: None, errors: problems.into_iter().map(server_error).collect(), cost: None }
    }

    /// A request that is refused for a reason of ours.
    pub(crate) fn refused(error: Error, request_id: &str) -> Self {
        let mut error = to_client(error).into_server_error(Pos::default());
        // It is said of the document as a whole.
        error.locations.clear();
        Self { data: None, errors: error::complete(vec![error], request_id), cost: None }
    }

    /// The answer to what panicked, which is logged.
    pub fn panicked(panic: &(dyn Any + Send), request_id: &str) -> Self {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text");
        Self::refused(Error::internal(format!("a panic: {text}")), request_id)
    }

    /// A request that is not executed for a reason that lies outside of its document.
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        let mut error = ServerError::new(message, None);
        error::set_code(&mut error, code);
        Self { data: None, errors: vec![error], cost: None }
    }

    /// What came of executing, under the keys at the root, with what was known before.
    pub(crate) fn executed(
        keys: Vec<Key>,
        document: &Document,
        response: async_graphql::Response,
        request_id: &str,
    ) -> Self {
        let mut errors = error::complete(response.errors, request_id);
        executable::tell_places(&mut errors, document);
        let data = match response.data {
            Value::Object(mut values) => {
                let part = |(key, known): Key| {
                    let part = match known {
                        Some(known) => Part::Known(known),
                        None => Part::Executed(values.swap_remove(&Name::new(&key)).unwrap_or_default()),
                    };
                    (key, part)
                };
                Data::Object(keys.into_iter().map(part).collect())
            }
            _ => Data::Null,
        };
        Self { data: Some(data), errors, cost: None }
    }

    /// Tells the cost, for a client that asked for it.
    #[must_use]
    pub fn with_cost(mut self, cost: u64, allowed: u64) -> Self {
        self.cost = Some(Cost { requested_query_cost: cost, maximum_available: allowed });
        self
    }

    /// Whether the request was executed, with or without errors.
    pub fn is_executed(&self) -> bool {
        self.data.is_some()
    }

    /// Whether there is no error.
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors, as clients get them.
    pub fn errors(&self) -> Errors<'_> {
        Errors(&self.errors)
    }

    /// The codes of the errors.
    pub fn codes(&self) -> impl Iterator<Item = String> {
        self.errors.iter().filter_map(error::code)
    }
}

fn server_error(problem: Problem) -> ServerError {
    let place = problem.position.map(|position| Pos { line: position.line, column: position.column });
    let mut error = ServerError::new(problem.message, place);
    error::set_code(&mut error, problem.code.as_str());
    error
}

impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(data) = &self.data {
            map.serialize_entry("data", data)?;
        }
        if !self.errors.is_empty() {
            map.serialize_entry("errors", &self.errors)?;
        }
        if let Some(cost) = &self.cost {
            map.serialize_entry("extensions", &std::collections::BTreeMap::from([("cost", cost)]))?;
        }
        map.end()
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Object(parts) => {
                let mut map = serializer.serialize_map(Some(parts.len()))?;
                for (key, part) in parts {
                    map.serialize_entry(key, part)?;
                }
                map.end()
            }
        }
    }
}
