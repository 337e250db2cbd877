//! A document that was parsed and found valid.

use std::{collections::HashMap, sync::Arc};

use apollo_compiler::{
    ExecutableDocument, Node, executable::Operation, parser::SourceSpan, validation::Valid,
};

use crate::{
    position::{Position, positions},
    problem::{Code, Problem, Problems},
};

/// A document that was parsed, measured and found valid. It can be asked for any number of plans.
#[derive(Debug)]
pub struct Document {
    text: Arc<str>,
    tokens: usize,
    pub(crate) executable: Valid<ExecutableDocument>,
}

impl Document {
    pub(crate) fn new(text: Arc<str>, tokens: usize, executable: Valid<ExecutableDocument>) -> Self {
        Self { text, tokens, executable }
    }

    /// About how much memory it takes, in bytes: its text twice, and what a token becomes when it is parsed.
    pub fn weight(&self) -> usize {
        const OF_TOKEN: usize = 200;
        const OF_DOCUMENT: usize = 1_000;
        OF_DOCUMENT + 2 * self.text.len() + OF_TOKEN * self.tokens
    }

    /// The places of bytes of the text. It is read once for all of them.
    pub fn positions(&self, offsets: impl IntoIterator<Item = usize>) -> HashMap<usize, Position> {
        positions(&self.text, offsets)
    }

    pub(crate) fn at(&self, span: Option<SourceSpan>) -> Option<Position> {
        span.map(|span| Position::of(&self.text, span.offset()))
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
