//! Facets: how the things of a list are spread over the values of one of their properties.

use crate::code::codes;

codes! {
    /// A property over whose values technologies are spread. Facts whose verdict refutes them do not count.
    TechnologyFacet as "facet" {
        /// The kind of technology, by its code.
        Kind,
        /// The languages that it is written in or for, by slug.
        Language,
        /// The platforms on which it runs, by their codes.
        Platform,
        /// The licences that facts name.
        License,
        /// The capabilities that it provides in some way, by their codes.
        Capability,
        /// The use cases that a fit rule or a pro speaks for it in, by their codes.
        UseCase,
        /// The organisations that use it, by slug; uncertain adoptions do not count.
        AdoptedBy,
        /// Where it stands with its support today, by the code of the status.
        SupportStatus,
    }
}

/// A value with how many things of the list have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The value.
    pub value: String,
    /// How many things have it.
    pub count: i64,
}
