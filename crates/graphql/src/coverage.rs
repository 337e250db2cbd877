//! Coverage: what is known and what is not.

use async_graphql::SimpleObject;
use stackfit_domain::{
    coverage::{Coverage as DomainCoverage, KindCoverage as DomainKindCoverage},
    fact::FactKind,
};

use crate::coded::{Coded, coded};

/// Which kinds of fact the catalogue has of something, out of those that one would expect. What is not known is
/// said, not invented.
#[derive(SimpleObject)]
pub struct Coverage {
    /// The expected kinds of which at least one fact is known. Facts with the verdict UNKNOWN or MISSING do not
    /// count, nor do facts of the kinds CAPABILITY and METRIC that name no capability or figure.
    known: Vec<Coded<FactKind>>,
    /// The expected kinds of which none is known.
    missing: Vec<Coded<FactKind>>,
    /// The share of the expected kinds that is known, in per cent.
    percent: f64,
}

impl From<DomainCoverage> for Coverage {
    fn from(coverage: DomainCoverage) -> Self {
        let percent = coverage.percent();
        let DomainCoverage { known, missing } = coverage;
        Self { known: coded(known), missing: coded(missing), percent }
    }
}

/// Of one kind of fact: of how many technologies and case studies it is expected, and of how many it is known.
#[derive(SimpleObject)]
pub struct KindCoverage {
    /// The kind of fact.
    kind: Coded<FactKind>,
    /// Of how many it is expected.
    expected: i32,
    /// Of how many it is known.
    known: i32,
}

impl From<DomainKindCoverage> for KindCoverage {
    fn from(coverage: DomainKindCoverage) -> Self {
        let DomainKindCoverage { kind, expected, known } = coverage;
        Self { kind: kind.into(), expected, known }
    }
}
