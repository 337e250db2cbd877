//! What is to be executed, written down plainly.

use serde_json::{Value, value::RawValue};

use crate::arguments::bytes;

/// The kinds of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It reads.
    Query,
    /// It writes.
    Mutation,
    /// It goes on.
    Subscription,
}

/// An operation with its variables filled in: nothing is skipped or included any more, fragments stand where they
/// are spread, and a response key stands once where it applies once.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The kind of the operation.
    pub kind: Kind,
    /// The response keys at the root, in their order, with what is known already.
    pub keys: Vec<Key>,
    /// What is to be executed for the keys that are not known.
    pub selections: Vec<Selection>,
    /// The fields that the answer may hold at most, as far as one can tell beforehand.
    pub cost: u64,
}

/// A response key, with its value when that is known without executing.
pub type Key = (String, Option<Box<RawValue>>);

impl Plan {
    /// About how much memory it takes, in bytes.
    pub fn weight(&self) -> usize {
        let known = |(key, known): &Key| key.len() + known.as_ref().map_or(0, |known| known.get().len());
        self.keys.iter().map(known).sum::<usize>() + weight(&self.selections)
    }
}

fn weight(selections: &[Selection]) -> usize {
    let of = |selection: &Selection| match selection {
        Selection::Field(field) => {
            let argument = |(name, value): &(String, Value)| name.len() + bytes(value);
            let arguments: usize = field.arguments.iter().map(argument).sum();
            field.key.len() + field.name.len() + arguments + weight(&field.selections)
        }
        Selection::On { type_name, selections } => type_name.len() + weight(selections),
    };
    size_of_val(selections) + selections.iter().map(of).sum::<usize>()
}

/// A part of what is asked of an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// A field.
    Field(Field),
    /// What is asked only when the object has a type.
    On {
        /// The type: an object, an interface or a union.
        type_name: String,
        /// What is asked then.
        selections: Vec<Selection>,
    },
}

/// A field with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name in the answer.
    pub key: String,
    /// The name in the schema.
    pub name: String,
    /// The arguments that were given.
    pub arguments: Vec<(String, Value)>,
    /// Where it stands in the document, in bytes.
    pub offset: usize,
    /// What is asked of its value.
    pub selections: Vec<Selection>,
    pub(crate) shape: Shape,
}

/// What the cost of a field hangs on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shape {
    /// Whether its value is a list.
    pub(crate) list: bool,
    /// Whether it takes a page size.
    pub(crate) paged: bool,
}
