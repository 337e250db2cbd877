//! Relations: typed links between things, each asserted by a fact.

use crate::{
    code::codes,
    id::Id,
    subject::{Subject, SubjectKind},
    version::{InexactVersion, VersionRange},
};

codes! {
    /// How one thing relates to another.
    RelationKind as "relation kind" {
        /// It is written in or for the language.
        Language,
        /// It runs on the runtime, or on the one of the language.
        RunsOn,
        /// It is built upon the other.
        BasedOn,
        /// It contains the other.
        Embeds,
        /// It works together with the other through an interface.
        IntegratesWith,
        /// It is commonly used together with the other in one stack.
        PairedWith,
        /// It resembles the other.
        SimilarTo,
        /// The other took its place.
        SucceededBy,
        /// It belongs to the other.
        PartOf,
        /// The case study's product is built with the technology.
        Uses,
        /// The case study tells of a move away from the technology.
        MovedFrom,
        /// The case study tells of a move to the technology.
        MovedTo,
        /// The organisation developed it.
        DevelopedBy,
    }
}

impl RelationKind {
    /// What kind of thing such a relation is told of.
    pub fn from_kind(self) -> SubjectKind {
        match self {
            Self::Uses | Self::MovedFrom | Self::MovedTo => SubjectKind::CaseStudy,
            _ => SubjectKind::Technology,
        }
    }

    /// What kind of thing such a relation leads to.
    pub fn to_kind(self) -> SubjectKind {
        if self == Self::DevelopedBy { SubjectKind::Organization } else { SubjectKind::Technology }
    }
}

/// One thing relates to another, as a fact asserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// How they relate.
    pub kind: RelationKind,
    /// The thing that the relation is told of.
    pub from: Id<Subject>,
    /// The thing it relates to.
    pub to: Id<Subject>,
    /// The versions of `from` for which it holds; all when absent.
    pub from_versions: Option<VersionRange>,
    /// The versions of `to` for which it holds; all when absent.
    pub versions: Option<VersionRange>,
}

impl Relation {
    /// Which versions of what it leads to are needed, when that is a runtime or a language.
    pub fn required(&self) -> Option<&VersionRange> {
        let requires = matches!(self.kind, RelationKind::RunsOn | RelationKind::Language);
        self.versions.as_ref().filter(|_| requires)
    }

    /// Whether it holds for a version of `from`, as far as the version can be compared and is exact enough to tell.
    pub fn holds_for(&self, version: Option<&InexactVersion>) -> bool {
        let covers = |range: &VersionRange| version.is_some_and(|version| range.covers(version));
        self.from_versions.as_ref().is_none_or(covers)
    }
}
