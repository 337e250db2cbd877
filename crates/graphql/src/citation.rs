//! Citations and errata.

use async_graphql::SimpleObject;
use stackfit_domain::{
    citation::{Citation as DomainCitation, Erratum as DomainErratum},
    source::Source as DomainSource,
    subject::Record,
};

use crate::{scalar::Date, source::Source};

/// The place in a source that a fact rests on.
#[derive(SimpleObject, Clone)]
pub struct Citation {
    /// The source.
    source: Source,
    /// The place in it: `L87` for a line, `§4` for a section, a fragment of the address. Null when the source as
    /// a whole is meant.
    locator: Option<String>,
    /// When the place was read. Null when that was not noted.
    retrieved_on: Option<Date>,
    /// Whether the place supports the fact; false where it speaks against it.
    supports: bool,
}

impl From<(DomainCitation, Record<DomainSource>)> for Citation {
    fn from((citation, source): (DomainCitation, Record<DomainSource>)) -> Self {
        let DomainCitation { source: _, locator, retrieved_on, supports } = citation;
        Self { source: source.into(), locator, retrieved_on: retrieved_on.map(Date), supports }
    }
}

/// What a source wrote, and what is right.
#[derive(SimpleObject, Clone)]
pub struct Erratum {
    /// What the source wrote.
    wrote: String,
    /// What is right. Null when no right reading can be given.
    correct: Option<String>,
    /// Why it is wrong.
    reason: String,
}

impl From<DomainErratum> for Erratum {
    fn from(erratum: DomainErratum) -> Self {
        let DomainErratum { wrote, correct, reason } = erratum;
        Self { wrote, correct, reason }
    }
}
