//! Subjects: the things that facts are about.

use crate::{
    code::codes,
    id::{Id, Identified},
    slug::Slug,
};

codes! {
    /// Which kind of thing a fact is about.
    SubjectKind as "subject kind" {
        /// A technology.
        Technology,
        /// An organisation.
        Organization,
        /// A case study.
        CaseStudy,
        /// A source.
        Source,
        /// A term of the field.
        Term,
        /// A criterion of selection.
        SelectionCriterion,
        /// A checklist.
        Checklist,
    }
}

/// A thing that facts are about, by its kind and slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Which kind of thing it is.
    pub kind: SubjectKind,
    /// Its readable name, unique within the kind.
    pub slug: Slug,
}

impl Identified for Subject {
    const SPACE: &'static str = "subject";
}

impl Subject {
    /// A subject by kind and slug.
    pub fn new(kind: SubjectKind, slug: Slug) -> Self {
        Self { kind, slug }
    }

    /// The id that belongs to it.
    pub fn id(&self) -> Id<Self> {
        Id::named(&format!("{}:{}", crate::code::Code::code(self.kind), self.slug))
    }
}

/// A reference to a subject, as facts carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubjectRef {
    /// Which kind of thing it is.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Id<Subject>,
}

/// A subject as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<T> {
    /// Its id.
    pub id: Id<Subject>,
    /// How many times it was written.
    pub version: i32,
    /// When it was last written.
    pub updated_at: chrono::DateTime<chrono::Utc>,
    /// What it is.
    pub value: T,
}
