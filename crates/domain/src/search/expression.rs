//! What a document must hold to be found: marks, combined.

use std::collections::BTreeSet;

/// A condition on the marks of a document. Marks hold letters, digits and `#+=^:@_` only, so that no database can read
/// anything into them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// It has this mark.
    Mark(String),
    /// All of these hold. Never empty.
    All(Vec<Expression>),
    /// One of these holds. Never empty.
    Any(Vec<Expression>),
    /// The first holds and the second does not.
    Except(Box<Expression>, Box<Expression>),
}

impl Expression {
    /// One of these holds.
    pub(crate) fn any(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 { parts.remove(0) } else { Self::Any(parts) }
    }

    /// All of these hold.
    pub(crate) fn all(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1 { parts.remove(0) } else { Self::All(parts) }
    }

    /// This holds and none of those do.
    #[must_use]
    pub(crate) fn except(self, others: Vec<Self>) -> Self {
        if others.is_empty() {
            return self;
        }
        Self::Except(Box::new(self), Box::new(Self::any(others)))
    }

    /// Whether a document with these marks fulfils it.
    pub fn holds(&self, marks: &BTreeSet<String>) -> bool {
        match self {
            Self::Mark(mark) => marks.contains(mark),
            Self::All(parts) => parts.iter().all(|part| part.holds(marks)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(marks)),
            Self::Except(part, other) => part.holds(marks) && !other.holds(marks),
        }
    }
}
