//! What is to be executed, written down plainly.

use serde_json::{Value, value::RawValue};

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
    pub keys: Vec<(String, Option<Box<RawValue>>)>,
    /// What is to be executed for the keys that are not known.
    pub selections: Vec<Selection>,
    /// The fields that the answer may hold at most, as far as one can tell beforehand.
    pub cost: u64,
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
