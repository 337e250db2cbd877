//! Changes: what was written to the catalogue, in order.

pub mod altered;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{code::codes, subject::SubjectKind};

/// The number of a change. Revisions have no gaps and never appear out of order.
pub type Revision = i64;

codes! {
    /// What was done.
    ChangeKind as "change kind" {
        /// Something is new.
        Created,
        /// Something was altered.
        Updated,
        /// Something was taken away.
        Removed,
    }
}

codes! {
    /// Which kind of thing was changed.
    ChangedKind as "changed kind" {
        /// A fact.
        Fact,
        /// A technology.
        Technology,
        /// An organisation.
        Organization,
        /// A case study.
        CaseStudy,
        /// A source.
        Source,
        /// A term.
        Term,
        /// A criterion of selection.
        SelectionCriterion,
        /// A checklist.
        Checklist,
    }
}

impl From<SubjectKind> for ChangedKind {
    fn from(kind: SubjectKind) -> Self {
        match kind {
            SubjectKind::Technology => Self::Technology,
            SubjectKind::Organization => Self::Organization,
            SubjectKind::CaseStudy => Self::CaseStudy,
            SubjectKind::Source => Self::Source,
            SubjectKind::Term => Self::Term,
            SubjectKind::SelectionCriterion => Self::SelectionCriterion,
            SubjectKind::Checklist => Self::Checklist,
        }
    }
}

/// One change of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub revision: Revision,
    /// What was done.
    pub kind: ChangeKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it: `bundled` for the catalogue of the program, `import` for other files.
    pub actor: Option<String>,
    /// What kind of thing was changed.
    pub changed: ChangedKind,
    /// The id of the thing.
    pub id: Uuid,
}

/// One field of a change, with its value before and after; absent when there was or is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The name of the field, as the API has it.
    pub field: String,
    /// The value before.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
}
