//! Input that cannot be answered, told as part of the answer.

use async_graphql::SimpleObject;
use stackfit_domain::Error;

use crate::error::{FieldError, to_client};

/// Input that cannot be answered: all that is wrong with it.
#[derive(SimpleObject)]
pub struct InvalidInput {
    /// What is wrong. Never empty.
    problems: Vec<InputProblem>,
}

/// One thing that is wrong with an input.
#[derive(SimpleObject)]
pub struct InputProblem {
    /// The way to what is wrong, from the argument: `["input", "weights", "2", "weight"]`.
    path: Vec<String>,
    /// What is wrong and what is allowed.
    message: String,
}

impl InvalidInput {
    /// Tells what is wrong with an input. An error that is not the client's stays an error.
    pub(crate) fn from_errors(errors: Vec<Error>) -> Result<Self, FieldError> {
        let problem = |error| match error {
            Error::Invalid { field, message } => Ok(InputProblem { path: path(&field), message }),
            other => Err(to_client(other)),
        };
        Ok(Self { problems: errors.into_iter().map(problem).collect::<Result<_, _>>()? })
    }
}

/// `input.weights[2].weight` as a way.
fn path(field: &str) -> Vec<String> {
    field.split(['.', '[', ']']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_told_as_the_way_to_it() {
        assert_eq!(path("input.weights[2].weight"), ["input", "weights", "2", "weight"]);
        assert_eq!(path("slugs[0]"), ["slugs", "0"]);
    }
}
