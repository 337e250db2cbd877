//! A document that was parsed and found valid.

use apollo_compiler::{
    ExecutableDocument, Node, executable::Operation, parser::SourceSpan, validation::Valid,
};

use crate::{
    position::Position,
    problem::{Code, Problem, Problems},
};

/// A document that was parsed, measured and found valid. It can be asked for any number of plans.
#[derive(Debug)]
pub struct Document {
    text: Box<str>,
    pub(crate) executable: Valid<ExecutableDocument>,
}

impl Document {
    pub(crate) fn new(text: &str, executable: Valid<ExecutableDocument>) -> Self {
        Self { text: text.into(), executable }
    }

    /// The text as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of a byte of the text.
    pub fn position(&self, offset: usize) -> Position {
        Position::of(&self.text, offset)
    }

    pub(crate) fn at(&self, span: Option<SourceSpan>) -> Option<Position> {
        span.map(|span| self.position(span.offset()))
    }

    /// The operation that a request names, or the only one.
    pub(crate) fn operation(&self, name: Option<&str>) -> Result<&Node<Operation>, Problems> {
        let operations = &self.executable.operations;
        // An empty name is no name: clients that fill in a form send it.
        let name = name.filter(|name| !name.is_empty());
        operations.get(name).map_err(|_| {
            let message = match name {
                Some(name) => {
                    format!("operationName: the document has no operation named \"{}\".", name.escape_debug())
                }
                None => {
                    "operationName: it must be given, because the document has several operations.".to_owned()
                }
            };
            vec![Problem::new(Code::OperationResolutionFailure, message)]
        })
    }
}
