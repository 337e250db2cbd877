//! Evidence grades: how well an outcome is evidenced, as a small scale that can be checked by hand.
//!
//! | who tells it | a figure and a period | a figure | no figure |
//! |---|---|---|---|
//! | somebody without a stake | A | B | C |
//! | the user, without a stake | B | B | C |
//! | nobody but who gains from it | C | C | D |
//!
//! The verdict comes in as follows. What is `CONFIRMED` counts as told by somebody without a stake, whoever is cited.
//! What is only `PARTLY_TRUE` falls by one grade. What is `UNSOURCED`, an `OPINION`, `UNKNOWN` or `GARBLED`, and what no
//! citation supports, has a D. What a verdict [refutes](Verdict::refutes) has no grade.
//!
//! A figure is a percentage, or for [`TimeToMarket`](OutcomeMetric::TimeToMarket) the months; a period is the months.

use strum::VariantArray;

use crate::{
    case_study::OutcomeMetric, code::codes, confidence::Evidence, source::SourceKind, verdict::Verdict,
};

codes! {
    /// How well an outcome is evidenced: by who tells it, its verdict, and whether a figure and a period are given.
    EvidenceGrade as "evidence grade" {
        /// Somebody without a stake gives a figure and a period.
        A,
        /// Somebody without a stake gives a figure, or the users themselves do.
        B,
        /// Somebody without a stake gives no figure, or nobody tells it but who gains from it, with a figure.
        C,
        /// Nobody tells it but who gains from it, without a figure; or the verdict gives it no support.
        D,
    }
}

impl EvidenceGrade {
    fn lower(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::C,
            Self::C | Self::D => Self::D,
        }
    }
}

/// How far whoever tells something stands from it, the farthest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::VariantArray)]
pub enum Independence {
    /// Somebody without a stake.
    Independent,
    /// Who made the experience, without a stake.
    FirstHand,
    /// Who gains from it.
    Interested,
}

/// How far a source stands from what it tells.
pub fn independence(kind: SourceKind, has_vendor_bias: bool) -> Independence {
    match kind {
        _ if has_vendor_bias => Independence::Interested,
        SourceKind::VendorBlog => Independence::Interested,
        SourceKind::User => Independence::FirstHand,
        _ => Independence::Independent,
    }
}

/// How far the farthest of the sources stands that support something. Nothing when none does.
pub fn independence_of(evidence: &[Evidence]) -> Option<Independence> {
    let supporting = evidence.iter().filter(|item| item.supports);
    supporting.map(|item| independence(item.kind, item.has_vendor_bias)).min()
}

/// How exactly an outcome is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum Exactness {
    /// With a figure and a period.
    FigureAndPeriod,
    /// With a figure.
    Figure,
    /// Without a figure.
    NoFigure,
}

/// How exactly an outcome is told that has a percentage or months.
pub fn exactness(metric: OutcomeMetric, has_percent: bool, has_months: bool) -> Exactness {
    let has_figure = has_percent || metric == OutcomeMetric::TimeToMarket && has_months;
    match (has_figure, has_months) {
        (true, true) => Exactness::FigureAndPeriod,
        (true, false) => Exactness::Figure,
        (false, _) => Exactness::NoFigure,
    }
}

/// All of an outcome that its grade depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Whether it is so.
    pub verdict: Verdict,
    /// How far whoever tells it stands from it; nothing when no citation supports it.
    pub independence: Option<Independence>,
    /// How exactly it is told.
    pub exactness: Exactness,
}

impl Profile {
    /// Every profile that there can be.
    pub fn all() -> impl Iterator<Item = Self> {
        Verdict::VARIANTS.iter().flat_map(|verdict| {
            let tellers = Independence::VARIANTS.iter().copied().map(Some).chain([None]);
            tellers.flat_map(move |independence| {
                let exact = Exactness::VARIANTS.iter();
                exact.map(move |exactness| Self { verdict: *verdict, independence, exactness: *exactness })
            })
        })
    }

    /// The grade. Nothing when the verdict refutes the outcome.
    pub fn grade(self) -> Option<EvidenceGrade> {
        let Self { verdict, independence, exactness } = self;
        match verdict {
            _ if verdict.refutes() => None,
            Verdict::Confirmed => {
                Some(independence.map_or(EvidenceGrade::D, |_| told(Independence::Independent, exactness)))
            }
            Verdict::Stated => Some(independence.map_or(EvidenceGrade::D, |teller| told(teller, exactness))),
            Verdict::PartlyTrue => {
                Some(independence.map_or(EvidenceGrade::D, |teller| told(teller, exactness).lower()))
            }
            _ => Some(EvidenceGrade::D),
        }
    }
}

fn told(by: Independence, exactness: Exactness) -> EvidenceGrade {
    use EvidenceGrade::{A, B, C, D};
    use Exactness::{Figure, FigureAndPeriod, NoFigure};
    match (by, exactness) {
        (Independence::Independent, FigureAndPeriod) => A,
        (Independence::Independent, Figure) | (Independence::FirstHand, FigureAndPeriod | Figure) => B,
        (Independence::Independent | Independence::FirstHand, NoFigure)
        | (Independence::Interested, FigureAndPeriod | Figure) => C,
        (Independence::Interested, NoFigure) => D,
    }
}

/// The grade of several outcomes together: that of the one that is evidenced worst. Nothing when none has a grade.
pub fn weakest(grades: impl IntoIterator<Item = Option<EvidenceGrade>>) -> Option<EvidenceGrade> {
    grades.into_iter().flatten().max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;
    use proptest::prelude::*;

    fn profile(verdict: Verdict, independence: Independence, exactness: Exactness) -> Profile {
        Profile { verdict, independence: Some(independence), exactness }
    }

    #[test]
    fn the_table_holds() {
        use EvidenceGrade::{A, B, C, D};
        let rows = [
            (Independence::Independent, [A, B, C]),
            (Independence::FirstHand, [B, B, C]),
            (Independence::Interested, [C, C, D]),
        ];
        for (independence, grades) in rows {
            for (exactness, grade) in Exactness::VARIANTS.iter().zip(grades) {
                let of = |verdict| profile(verdict, independence, *exactness).grade();
                assert_eq!(of(Verdict::Stated), Some(grade));
                assert_eq!(of(Verdict::PartlyTrue), Some(grade.lower()));
            }
        }
    }

    #[test]
    fn a_vendors_unsourced_figure_is_the_weakest_evidence() {
        let article = profile(Verdict::Unsourced, Independence::Interested, Exactness::Figure);
        assert_eq!(article.grade(), Some(EvidenceGrade::D));
        let confirmed = Profile { verdict: Verdict::Confirmed, ..article };
        assert_eq!(confirmed.grade(), Some(EvidenceGrade::B), "the second source has no stake");
    }

    #[test]
    fn what_nobody_supports_is_not_evidenced() {
        for verdict in Verdict::VARIANTS.iter().filter(|verdict| !verdict.refutes()) {
            let profile =
                Profile { verdict: *verdict, independence: None, exactness: Exactness::FigureAndPeriod };
            assert_eq!(profile.grade(), Some(EvidenceGrade::D), "{verdict:?}");
        }
    }

    #[test]
    fn months_are_the_figure_of_a_time_to_market_only() {
        assert_eq!(exactness(OutcomeMetric::TimeToMarket, false, true), Exactness::FigureAndPeriod);
        assert_eq!(exactness(OutcomeMetric::Revenue, false, true), Exactness::NoFigure);
        assert_eq!(exactness(OutcomeMetric::Revenue, true, true), Exactness::FigureAndPeriod);
        assert_eq!(exactness(OutcomeMetric::TimeToMarket, true, false), Exactness::Figure);
    }

    #[test]
    fn the_weakest_stands_for_all() {
        let grades = [Some(EvidenceGrade::A), None, Some(EvidenceGrade::C)];
        assert_eq!(weakest(grades), Some(EvidenceGrade::C));
        assert_eq!(weakest([None]), None);
    }

    #[test]
    fn exactly_what_is_refuted_has_no_grade() {
        assert_eq!(Profile::all().count(), Verdict::VARIANTS.len() * 4 * 3);
        for profile in Profile::all() {
            assert_eq!(profile.grade().is_none(), profile.verdict.refutes(), "{profile:?}");
        }
    }

    proptest! {
        #[test]
        fn a_further_supporting_source_never_lowers_the_grade(
            kinds in prop::collection::vec((0..SourceKind::VARIANTS.len(), any::<bool>(), any::<bool>()), 0..5),
            more in (0..SourceKind::VARIANTS.len(), any::<bool>()),
            verdict in 0..Verdict::VARIANTS.len(),
            exactness in 0..Exactness::VARIANTS.len(),
        ) {
            let evidence = |(kind, has_vendor_bias, supports): (usize, bool, bool)| Evidence {
                source: Id::named("source"), kind: SourceKind::VARIANTS[kind], has_vendor_bias, supports,
            };
            let few: Vec<Evidence> = kinds.into_iter().map(evidence).collect();
            let many: Vec<Evidence> = few.iter().copied().chain([evidence((more.0, more.1, true))]).collect();
            let grade = |evidence: &[Evidence]| Profile {
                verdict: Verdict::VARIANTS[verdict],
                independence: independence_of(evidence),
                exactness: Exactness::VARIANTS[exactness],
            }.grade();
            // A is the least of the values.
            prop_assert!(grade(&many) <= grade(&few));
        }
    }
}
