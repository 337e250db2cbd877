//! Coverage: which kinds of fact the catalogue has of a thing, out of those a chooser would expect.
//!
//! What is not known is said, not invented: a technology without a known drawback is not one without drawbacks.

use std::collections::{BTreeMap, BTreeSet};

use crate::{fact::FactKind, subject::SubjectKind, technology::TechnologyKind};

/// Which kinds of fact are known and which are missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The expected kinds of which at least one informative fact is known.
    pub known: Vec<FactKind>,
    /// The expected kinds of which none is.
    pub missing: Vec<FactKind>,
}

impl Coverage {
    /// Compares what is known with what is expected.
    pub fn of(expected: &[FactKind], known: &BTreeSet<FactKind>) -> Self {
        let (known, missing) = expected.iter().copied().partition(|kind| known.contains(kind));
        Self { known, missing }
    }

    /// The share of the expected kinds that is known, from 0 to 100. 100 when nothing is expected.
    pub fn percent(&self) -> f64 {
        let all = self.known.len() + self.missing.len();
        if all == 0 {
            return 100.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of kinds")]
        let share = self.known.len() as f64 / all as f64;
        (share * 1_000.0).round() / 10.0
    }
}

/// What a chooser would expect to find about a technology of this kind.
pub fn expected_of_technology(kind: TechnologyKind) -> &'static [FactKind] {
    use FactKind::{Adoption, Attribute, Capability, Con, Metric, Price, Pro, Relation, Release};
    match kind {
        TechnologyKind::BackendFramework | TechnologyKind::ClientFramework => {
            &[Attribute, Pro, Con, Capability, Adoption, Metric, Release, Relation]
        }
        TechnologyKind::Baas | TechnologyKind::Faas => {
            &[Attribute, Pro, Con, Capability, Adoption, Metric, Price, Relation]
        }
        TechnologyKind::Language
        | TechnologyKind::Runtime
        | TechnologyKind::Database
        | TechnologyKind::WebServer
        | TechnologyKind::Cache
        | TechnologyKind::Tool
        | TechnologyKind::Protocol => &[Attribute, Release],
    }
}

/// What a reader would expect to find about a case study: who and what, how it went, and what it was built with.
pub const EXPECTED_OF_CASE_STUDY: &[FactKind] = &[FactKind::Attribute, FactKind::Outcome, FactKind::Relation];

/// What is expected of a subject of any kind.
pub fn expected(kind: SubjectKind, technology: Option<TechnologyKind>) -> &'static [FactKind] {
    match (kind, technology) {
        (SubjectKind::Technology, Some(kind)) => expected_of_technology(kind),
        (SubjectKind::CaseStudy, _) => EXPECTED_OF_CASE_STUDY,
        _ => &[],
    }
}

/// Of one kind of fact: of how many subjects it is expected, and of how many it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindCoverage {
    /// The kind of fact.
    pub kind: FactKind,
    /// Of how many subjects it is expected.
    pub expected: i32,
    /// Of how many it is known.
    pub known: i32,
}

/// The coverage of many subjects, kind by kind.
pub fn by_kind(coverages: &[Coverage]) -> Vec<KindCoverage> {
    let mut kinds: BTreeMap<FactKind, (i32, i32)> = BTreeMap::new();
    for coverage in coverages {
        for kind in &coverage.known {
            let counts = kinds.entry(*kind).or_default();
            *counts = (counts.0 + 1, counts.1 + 1);
        }
        for kind in &coverage.missing {
            kinds.entry(*kind).or_default().0 += 1;
        }
    }
    kinds.into_iter().map(|(kind, (expected, known))| KindCoverage { kind, expected, known }).collect()
}

/// The mean of the shares known of many subjects, from 0 to 100. 100 when there are none.
pub fn mean_percent(coverages: &[Coverage]) -> f64 {
    if coverages.is_empty() {
        return 100.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "far fewer subjects than a float can count")]
    let mean = coverages.iter().map(Coverage::percent).sum::<f64>() / coverages.len() as f64;
    (mean * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::VariantArray;

    #[test]
    fn what_nobody_said_is_missing() {
        let known = BTreeSet::from([FactKind::Relation, FactKind::Claim]);
        let coverage = Coverage::of(expected_of_technology(TechnologyKind::BackendFramework), &known);
        assert_eq!(coverage.known, [FactKind::Relation]);
        assert!(coverage.missing.contains(&FactKind::Pro));
        assert!((coverage.percent() - 12.5).abs() < 1e-9);
    }

    #[test]
    fn many_are_summed_kind_by_kind() {
        let expected = &[FactKind::Pro, FactKind::Con];
        let coverages = [
            Coverage::of(expected, &BTreeSet::from([FactKind::Pro])),
            Coverage::of(expected, &BTreeSet::from([FactKind::Pro, FactKind::Con])),
        ];
        let pro = KindCoverage { kind: FactKind::Pro, expected: 2, known: 2 };
        let con = KindCoverage { kind: FactKind::Con, expected: 2, known: 1 };
        assert_eq!(by_kind(&coverages), [pro, con]);
        assert!((mean_percent(&coverages) - 75.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn known_and_missing_part_the_expected(kinds in prop::collection::btree_set(0..FactKind::VARIANTS.len(), 0..20)) {
            let known: BTreeSet<FactKind> = kinds.iter().map(|kind| FactKind::VARIANTS[*kind]).collect();
            for technology in TechnologyKind::VARIANTS {
                let expected = expected_of_technology(*technology);
                let coverage = Coverage::of(expected, &known);
                prop_assert_eq!(coverage.known.len() + coverage.missing.len(), expected.len());
                prop_assert!(coverage.missing.iter().all(|kind| !known.contains(kind)));
                prop_assert!((0.0..=100.0).contains(&coverage.percent()));
            }
        }
    }
}
