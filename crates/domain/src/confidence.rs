//! Confidence: how far a fact may be relied upon, as one number that can be recomputed by hand.
//!
//! `confidence = verdict weight × evidence × freshness weight`, each from 0 to 1:
//!
//! - the [verdict](crate::verdict::Verdict::weight): whether it is so;
//! - the evidence: `1 − ∏ (1 − trust)` over the *distinct* sources that support the fact, so that a second
//!   independent source adds and the same source cited twice does not. The trust of a source is that of its
//!   [kind](crate::source::SourceKind::trust), times 0.6 when its publisher gains from what it says;
//! - the [freshness](crate::freshness::Freshness::weight): how old the observation is.
//!
//! A citation that speaks against the fact adds nothing: what it changes is the verdict.

use std::collections::BTreeMap;

use crate::{freshness::Freshness, id::Id, source::SourceKind, subject::Subject, verdict::Verdict};

/// What is left of a source's trust when its publisher gains from what it says.
const BIAS_FACTOR: f64 = 0.6;

/// One citation, as far as confidence is concerned.
#[derive(Debug, Clone, Copy)]
pub struct Evidence {
    /// The source cited.
    pub source: Id<Subject>,
    /// Its kind.
    pub kind: SourceKind,
    /// Whether its publisher gains from what it says.
    pub has_vendor_bias: bool,
    /// Whether the place supports the fact.
    pub supports: bool,
}

/// How far a fact may be relied upon, from 0 (not at all) to 1.
pub fn confidence(verdict: Verdict, evidence: &[Evidence], freshness: Freshness) -> f64 {
    verdict.weight() * grounds(evidence) * freshness.weight()
}

/// How far the sources that support a fact are trusted together, from 0 to 1: the factor of confidence that neither
/// the verdict nor time changes.
pub fn grounds(evidence: &[Evidence]) -> f64 {
    let trusts: BTreeMap<Id<Subject>, f64> =
        evidence.iter().filter(|item| item.supports).map(|item| (item.source, trust(*item))).collect();
    let doubt: f64 = trusts.values().map(|trust| 1.0 - trust).product();
    1.0 - doubt
}

fn trust(evidence: Evidence) -> f64 {
    let bias = if evidence.has_vendor_bias { BIAS_FACTOR } else { 1.0 };
    evidence.kind.trust() * bias
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::VariantArray;

    fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
        let one = (0..6u32, 0..SourceKind::VARIANTS.len(), any::<bool>(), any::<bool>());
        prop::collection::vec(one, 0..6).prop_map(|items| {
            items
                .into_iter()
                .map(|(source, kind, has_vendor_bias, supports)| Evidence {
                    source: Id::named(&source.to_string()),
                    kind: SourceKind::VARIANTS[kind],
                    has_vendor_bias,
                    supports,
                })
                .collect()
        })
    }

    #[test]
    fn a_stated_fact_of_a_vendor_blog_that_is_stale() {
        let article = Evidence {
            source: Id::named("article"),
            kind: SourceKind::VendorBlog,
            has_vendor_bias: true,
            supports: true,
        };
        let value = confidence(Verdict::Stated, &[article, article], Freshness::Stale);
        assert!((value - 0.9 * 0.3 * 0.6).abs() < 1e-12);
    }

    #[test]
    fn without_support_there_is_no_confidence() {
        assert!(confidence(Verdict::Confirmed, &[], Freshness::Fresh).abs() < f64::EPSILON);
    }

    proptest! {
        #[test]
        fn stays_between_nothing_and_certainty(items in evidence(), verdict in 0..Verdict::VARIANTS.len(), age in 0..4usize) {
            let value = confidence(Verdict::VARIANTS[verdict], &items, Freshness::VARIANTS[age]);
            prop_assert!((0.0..=1.0).contains(&value));
        }

        #[test]
        fn a_further_independent_source_never_lowers_it(items in evidence(), kind in 0..SourceKind::VARIANTS.len()) {
            let more = Evidence { source: Id::named("another"), kind: SourceKind::VARIANTS[kind], has_vendor_bias: false, supports: true };
            let with: Vec<Evidence> = items.iter().copied().chain([more]).collect();
            let at = |items: &[Evidence]| confidence(Verdict::Stated, items, Freshness::Fresh);
            prop_assert!(at(&with) >= at(&items));
        }

        #[test]
        fn ageing_never_raises_it(items in evidence()) {
            let at = |freshness| confidence(Verdict::Stated, &items, freshness);
            prop_assert!(at(Freshness::Fresh) >= at(Freshness::Aging));
            prop_assert!(at(Freshness::Aging) >= at(Freshness::Stale));
        }
    }
}
