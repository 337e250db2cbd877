//! Citations: where a fact is said, and whether the place supports it.

use chrono::NaiveDate;

use crate::{id::Id, subject::Subject};

/// The place in a source that a fact rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The source.
    pub source: Id<Subject>,
    /// The place in it: `L87` for a line, `§4`, a fragment of an address.
    pub locator: Option<String>,
    /// When the place was read.
    pub retrieved_on: Option<NaiveDate>,
    /// Whether the place supports the fact; `false` where it speaks against it.
    pub supports: bool,
}

/// What a source wrote, what is right, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erratum {
    /// What the source wrote.
    pub wrote: String,
    /// What is right; nothing when no right reading can be given.
    pub correct: Option<String>,
    /// Why.
    pub reason: String,
}
