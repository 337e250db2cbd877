//! Outcome rates: how often it went well, by one measure, among case studies. Failures count like successes, and how
//! little a share rests on is said with it.
//!
//! A case study counts once for a metric: as *well* when everything it tells of it went well, as *badly* when
//! everything went badly, as *mixed* when there is both. What is mixed is no success. Refuted outcomes do not count.

use rust_decimal::Decimal;
use strum::VariantArray;

use crate::{
    case_study::{OutcomeDirection, OutcomeMetric, ProjectStatus},
    code::{Code, codes},
    evidence_grade::EvidenceGrade,
    filter::{CaseStudyTest, Filter},
};

/// Fewer case studies than this say more by their interval than by their share.
pub const FEW: i64 = 10;

/// The standard score between −z and z of which 95 % of a normal distribution lies.
const Z: f64 = 1.959_964;

/// How the case studies that tell of a metric went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// In how many all went well.
    pub well: i64,
    /// In how many all went badly.
    pub badly: i64,
    /// In how many there is both.
    pub mixed: i64,
}

impl Tally {
    /// How many there are.
    pub fn told(self) -> i64 {
        self.well + self.badly + self.mixed
    }

    /// The share that went well. Nothing when there are none.
    pub fn success(self) -> Option<Share> {
        Share::of(self.well, self.told())
    }

    /// The share that went badly. Nothing when there are none.
    pub fn failure(self) -> Option<Share> {
        Share::of(self.badly, self.told())
    }

    fn add(&mut self, went: Course, how_many: i64) {
        match went {
            Course::Well => self.well += how_many,
            Course::Badly => self.badly += how_many,
            Course::Mixed => self.mixed += how_many,
        }
    }
}

/// A share with the interval in which the true one lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share, from 0 to 1.
    pub share: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Share {
    /// The share of `part` in `all` with its Wilson score interval at 95 %:
    /// `(p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) ÷ (1 + z²/n)` with `z = 1.96`. Of one in one the share is 1 and the
    /// interval from 0.21 to 1. Nothing when there are none.
    pub fn of(part: i64, all: i64) -> Option<Self> {
        if all <= 0 || !(0..=all).contains(&part) {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody has so many case studies")]
        let (part, all) = (part as f64, all as f64);
        let share = part / all;
        let square = Z * Z / all;
        let centre = share + square / 2.0;
        let reach = Z * (share * (1.0 - share) / all + square / (4.0 * all)).sqrt();
        let end = |value: f64| (value / (1.0 + square)).clamp(0.0, 1.0);
        // At the ends the interval touches the share, but for what is lost by rounding.
        Some(Self { share, low: end(centre - reach).min(share), high: end(centre + reach).max(share) })
    }
}

/// How a case study went, by one measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Everything that is told went well.
    Well,
    /// Everything went badly.
    Badly,
    /// There is both.
    Mixed,
}

/// Case studies that are alike in what counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Of what they tell.
    pub metric: OutcomeMetric,
    /// How they went.
    pub went: Course,
    /// The worst grade of what each tells of it.
    pub evidence: EvidenceGrade,
    /// Whether nobody tells of it but who gains from it.
    pub is_interested: bool,
    /// Where the projects stand.
    pub status: ProjectStatus,
    /// Whether something, by whatever measure, was not reached.
    pub has_failed: bool,
    /// How many there are.
    pub how_many: i64,
}

/// How often it went well, by one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeRate {
    /// The measure.
    pub metric: OutcomeMetric,
    /// How many case studies were looked at.
    pub case_studies: i64,
    /// How those that tell of it went.
    pub tally: Tally,
    /// The same by grade of evidence, the best first; grades that none has are left out.
    pub by_evidence: Vec<(EvidenceGrade, Tally)>,
    /// Of how many nobody tells but who gains from it.
    pub interested: i64,
    /// How many of the projects have ended.
    pub discontinued: i64,
    /// In how many of the projects something, by whatever measure, was not reached.
    pub failed: i64,
}

impl OutcomeRate {
    /// Adds up the groups of a metric, of so many case studies that were looked at.
    pub fn of(metric: OutcomeMetric, case_studies: i64, groups: &[Group]) -> Self {
        let groups = || groups.iter().filter(|group| group.metric == metric);
        let tally = |of: &dyn Fn(&Group) -> bool| {
            groups().filter(|group| of(group)).fold(Tally::default(), |mut tally, group| {
                tally.add(group.went, group.how_many);
                tally
            })
        };
        let count = |of: fn(&Group) -> bool| tally(&of).told();
        let graded = |grade: &EvidenceGrade| (*grade, tally(&|group: &Group| group.evidence == *grade));
        Self {
            metric,
            case_studies,
            tally: tally(&|_: &Group| true),
            by_evidence: EvidenceGrade::VARIANTS
                .iter()
                .map(graded)
                .filter(|(_, tally)| tally.told() > 0)
                .collect(),
            interested: count(|group| group.is_interested),
            discontinued: count(|group| group.status == ProjectStatus::Discontinued),
            failed: count(|group| group.has_failed),
        }
    }

    /// How many of the case studies say nothing of it that counts.
    pub fn not_told(&self) -> i64 {
        self.case_studies - self.tally.told()
    }

    /// What to keep in mind when reading it, the most important first.
    pub fn caveats(&self, is_selected_by_outcome: bool) -> Vec<RateCaveat> {
        use RateCaveatKind as K;
        let (told, all) = (self.tally.told(), self.case_studies);
        let metric = self.metric.code();
        let bias = format!(
            "Who has a success to show publishes it, and who fails seldom does. Told by nobody but who gains from it: {} of {told} case studies that tell of {metric}.",
            self.interested
        );
        let selected = "The filter chooses case studies by how they went, so that the shares say how they were chosen and not how often it goes so.";
        let few =
            format!("Few case studies tell of {metric}, {told}: the interval says more than the share.");
        let untold = format!(
            "What counts of {metric} is not told by {} of {all} case studies; how they went by it is not known.",
            self.not_told()
        );
        let nothing =
            format!("What counts of {metric} is told by 0 of {all} case studies. That is not a share of 0.");
        [
            (told == 0, K::NothingTold, nothing),
            (told > 0 && is_selected_by_outcome, K::SelectedByOutcome, selected.to_owned()),
            (told > 0, K::PublicationBias, bias),
            (told > 0 && told < FEW, K::FewCaseStudies, few),
            (told > 0 && 2 * told < all, K::MostlyUntold, untold),
        ]
        .into_iter()
        .filter_map(|(holds, kind, message)| holds.then_some(RateCaveat { kind, message }))
        .collect()
    }
}

codes! {
    /// What to keep in mind when reading a rate.
    RateCaveatKind as "caveat" {
        /// No case study tells anything of it that counts: there is no rate.
        NothingTold,
        /// The case studies were chosen by how they went.
        SelectedByOutcome,
        /// Successes are published more often than failures.
        PublicationBias,
        /// Fewer than ten case studies tell of it.
        FewCaseStudies,
        /// Most case studies say nothing of it that counts.
        MostlyUntold,
    }
}

/// Something to keep in mind, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateCaveat {
    /// What.
    pub kind: RateCaveatKind,
    /// The sentence.
    pub message: String,
}

/// Whether a filter chooses case studies by how they went.
pub fn selects_by_outcome(filter: &Filter<CaseStudyTest>) -> bool {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().any(selects_by_outcome),
        Filter::Not(part) => selects_by_outcome(part),
        Filter::Test(test) => matches!(test, CaseStudyTest::Outcome(_) | CaseStudyTest::Status(_)),
    }
}

/// The outcomes of one metric that went one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectionCount {
    /// The metric.
    pub metric: OutcomeMetric,
    /// Which way it went.
    pub direction: OutcomeDirection,
    /// Whether they are those that verdicts refute.
    pub is_refuted: bool,
    /// How many case studies tell of it.
    pub case_studies: i64,
    /// How many outcomes there are: a case study may have several.
    pub outcomes: i64,
    /// By how many per cent. Nothing when no outcome says.
    pub percents: Option<PercentRange>,
}

/// By how many per cent outcomes went one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PercentRange {
    /// The least.
    pub low: Decimal,
    /// The one in the middle; of an even number, the mean of the two in the middle.
    pub middle: Decimal,
    /// The most.
    pub high: Decimal,
    /// How many outcomes give a percentage.
    pub figures: i64,
}

impl PercentRange {
    /// The middle of the figures, from the two next to it; of an odd number both are the same.
    pub fn middle_of(below: Decimal, above: Decimal) -> Decimal {
        ((below + above) / Decimal::TWO).normalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::OutcomeTest;
    use proptest::prelude::*;

    fn group(went: Course, evidence: EvidenceGrade, how_many: i64) -> Group {
        let metric = OutcomeMetric::Budget;
        Group {
            metric,
            went,
            evidence,
            is_interested: true,
            status: ProjectStatus::Unknown,
            has_failed: false,
            how_many,
        }
    }

    fn near(left: f64, right: f64) -> bool {
        (left - right).abs() < 5e-4
    }

    #[test]
    fn one_of_one_is_no_certainty() {
        let share = Share::of(1, 1).unwrap();
        assert!(near(share.share, 1.0) && near(share.low, 0.2065) && near(share.high, 1.0), "{share:?}");
        let share = Share::of(8, 10).unwrap();
        assert!(near(share.low, 0.4902) && near(share.high, 0.9433), "{share:?}");
        assert_eq!(Share::of(0, 0), None);
    }

    #[test]
    fn groups_are_added_up_by_metric_and_grade() {
        let ended = Group {
            status: ProjectStatus::Discontinued,
            has_failed: true,
            ..group(Course::Well, EvidenceGrade::D, 2)
        };
        let other = Group { metric: OutcomeMetric::Cost, ..group(Course::Badly, EvidenceGrade::A, 9) };
        let groups = [group(Course::Mixed, EvidenceGrade::B, 1), ended, other];
        let rate = OutcomeRate::of(OutcomeMetric::Budget, 20, &groups);
        assert_eq!(rate.tally, Tally { well: 2, badly: 0, mixed: 1 });
        assert_eq!((rate.not_told(), rate.interested, rate.discontinued, rate.failed), (17, 3, 2, 2));
        let grades: Vec<EvidenceGrade> = rate.by_evidence.iter().map(|(grade, _)| *grade).collect();
        assert_eq!(grades, [EvidenceGrade::B, EvidenceGrade::D]);
    }

    #[test]
    fn what_is_not_told_is_said() {
        use RateCaveatKind::{FewCaseStudies, MostlyUntold, PublicationBias};
        let kinds = |rate: &OutcomeRate| {
            rate.caveats(false).into_iter().map(|caveat| caveat.kind).collect::<Vec<_>>()
        };
        let none = OutcomeRate::of(OutcomeMetric::Budget, 5, &[]);
        assert_eq!(none.tally.success(), None);
        assert_eq!(kinds(&none), [RateCaveatKind::NothingTold]);
        let few = OutcomeRate::of(OutcomeMetric::Budget, 5, &[group(Course::Well, EvidenceGrade::D, 2)]);
        assert_eq!(kinds(&few), [PublicationBias, FewCaseStudies, MostlyUntold]);
        let many = OutcomeRate::of(OutcomeMetric::Budget, 15, &[group(Course::Well, EvidenceGrade::D, 10)]);
        assert_eq!(kinds(&many), [PublicationBias]);
    }

    #[test]
    fn a_filter_by_outcome_is_seen_wherever_it_stands() {
        let by_outcome = Filter::Test(CaseStudyTest::Outcome(OutcomeTest::default()));
        let by_industry = Filter::Test(CaseStudyTest::Industry(vec![]));
        assert!(selects_by_outcome(&Filter::All(vec![
            by_industry.clone(),
            Filter::Not(Box::new(by_outcome))
        ])));
        assert!(!selects_by_outcome(&Filter::Any(vec![by_industry])));
    }

    proptest! {
        #[test]
        fn a_share_lies_between_0_and_1_and_in_its_interval(all in 1..5_000i64, part in 0..5_000i64) {
            let Share { share, low, high } = Share::of(part.min(all), all).unwrap();
            prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0, "{low} {share} {high}");
            prop_assert!(low < high, "nothing is certain");
        }

        #[test]
        fn a_further_success_never_lowers_the_share(well in 0..2_000i64, badly in 0..2_000i64, mixed in 0..2_000i64) {
            let before = Tally { well, badly, mixed };
            prop_assume!(before.told() > 0);
            let after = Tally { well: well + 1, ..before };
            let (old, new) = (before.success().unwrap(), after.success().unwrap());
            prop_assert!(new.share >= old.share && new.low >= old.low - 1e-12, "{old:?} {new:?}");
            prop_assert!(after.failure().unwrap().share <= before.failure().unwrap().share);
        }

        #[test]
        fn more_of_the_same_narrows_the_interval(part in 0..100i64, all in 1..100i64) {
            let part = part.min(all);
            let width = |times: i64| Share::of(part * times, all * times).map(|share| share.high - share.low).unwrap();
            prop_assert!(width(4) < width(1));
        }

        #[test]
        fn grades_add_up_to_the_whole(counts in prop::collection::vec((0..3usize, 0..4usize, 1..50i64), 0..20)) {
            let courses = [Course::Well, Course::Badly, Course::Mixed];
            let groups: Vec<Group> = counts
                .into_iter()
                .map(|(went, grade, how_many)| group(courses[went], EvidenceGrade::VARIANTS[grade], how_many))
                .collect();
            let rate = OutcomeRate::of(OutcomeMetric::Budget, 10_000, &groups);
            let graded: i64 = rate.by_evidence.iter().map(|(_, tally)| tally.told()).sum();
            prop_assert_eq!(graded, rate.tally.told());
            prop_assert_eq!(rate.not_told() + graded, 10_000);
        }
    }
}
