//! Filters: tests combined with and, or and not.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    Error, Result,
    capability::Capability,
    case_study::{OutcomeDirection, OutcomeMetric, ProjectStatus},
    change::{Change, ChangeKind, ChangedKind},
    evidence_grade::EvidenceGrade,
    fact::FactKind,
    fit_rule::UseCase,
    freshness::Freshness,
    metric::MetricKey,
    release_cycle::SupportStatus,
    selection_criterion::Criterion,
    technology::{Platform, TechnologyKind},
    text,
    verdict::Verdict,
};

/// The most tests and combinations that one filter holds.
pub const MAX_SIZE: usize = 100;
/// The deepest nesting of one filter, every combination and every object in it counted.
pub const MAX_DEPTH: usize = 12;
/// The most values that one test lists.
pub const MAX_VALUES: usize = 100;

/// Tests combined with and, or and not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter<T> {
    /// All of them hold; an empty list always does.
    All(Vec<Filter<T>>),
    /// One of them holds; with an empty list nothing does.
    Any(Vec<Filter<T>>),
    /// It does not hold.
    Not(Box<Filter<T>>),
    /// One test.
    Test(T),
}

impl<T> Filter<T> {
    /// The filter that lets everything through.
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// Refuses filters that are too large or too deep.
    pub fn bounded(self) -> Result<Self> {
        let (size, depth) = self.measure();
        if size > MAX_SIZE || depth > MAX_DEPTH {
            let message = format!(
                "holds {size} tests, {depth} levels deep; allowed are {MAX_SIZE} tests and {MAX_DEPTH} levels."
            );
            return Err(Error::invalid("filter", message));
        }
        Ok(self)
    }

    /// Whether something is let through, where `holds` tells whether one test holds of it.
    pub fn holds(&self, holds: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(holds)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(holds)),
            Self::Not(part) => !part.holds(holds),
            Self::Test(test) => holds(test),
        }
    }

    fn measure(&self) -> (usize, usize) {
        let parts: &[Self] = match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Not(part) => std::slice::from_ref(part),
            Self::Test(_) => return (1, 0),
        };
        let measures = parts.iter().map(Self::measure);
        let (size, depth) = measures.fold((0, 0), |(size, depth), part| (size + part.0, depth.max(part.1)));
        (size + 1, depth + 1)
    }
}

/// Checks that a test does not list too many values, and lists each of them once.
pub fn values<T: PartialEq>(field: &str, values: Vec<T>) -> Result<Vec<T>> {
    if values.len() > MAX_VALUES {
        let message = format!("lists {} values; allowed are {MAX_VALUES}.", values.len());
        return Err(Error::invalid(field, message));
    }
    let mut once: Vec<T> = Vec::with_capacity(values.len());
    for value in values {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    Ok(once)
}

/// Checks the texts that a test lists.
pub fn texts(field: &str, list: Vec<String>) -> Result<Vec<String>> {
    values(field, list)?.iter().map(|value| text::line(field, value)).collect()
}

/// A test of a text, whatever its case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// It is one of these.
    In(Vec<String>),
    /// It contains this.
    Contains(String),
    /// It begins with this.
    StartsWith(String),
}

/// A test of a technology. Facts whose verdict [refutes](Verdict::refutes) them do not count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TechnologyTest {
    /// It is of one of these kinds.
    Kind(Vec<TechnologyKind>),
    /// It is written in or for one of these languages, by slug.
    Language(Vec<String>),
    /// It runs on one of these platforms.
    Platform(Vec<Platform>),
    /// A fact names one of these licences.
    License(Vec<String>),
    /// It provides one of these capabilities in some way.
    Capability(Vec<Capability>),
    /// A fit rule or a pro speaks for it in one of these use cases.
    UseCase(Vec<UseCase>),
    /// One of these organisations uses it, by slug; uncertain adoptions do not count.
    AdoptedBy(Vec<String>),
    /// One of these facts lists it, by code.
    ListedIn(Vec<String>),
    /// It has one of these statuses of support today.
    SupportStatus(Vec<SupportStatus>),
    /// A figure of this metric lies between these.
    Metric(MetricTest),
    /// Its name.
    Name(TextTest),
    /// Whether it was taken out of the lists.
    Archived(bool),
}

/// A figure of a metric lies within a range; an open end is absent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MetricTest {
    /// Which metric.
    pub metric: MetricKey,
    /// At least this.
    pub min: Option<Decimal>,
    /// At most this.
    pub max: Option<Decimal>,
}

/// A test of a release cycle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ReleaseCycleTest {
    /// It has one of these names.
    Cycle(Vec<String>),
    /// It has one of these statuses on a day.
    Status(NaiveDate, Vec<SupportStatus>),
    /// Whether its makers support it for longer than others.
    LongTermSupport(bool),
}

/// A test of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FactTest {
    /// It is of one of these kinds.
    Kind(Vec<FactKind>),
    /// It has one of these verdicts.
    Verdict(Vec<Verdict>),
    /// It has one of these freshnesses today.
    Freshness(Vec<Freshness>),
    /// It is about one of these, by slug.
    Subject(Vec<String>),
    /// It cites one of these sources, by slug.
    Source(Vec<String>),
    /// It bears on one of these criteria.
    Criterion(Vec<Criterion>),
    /// It bears on one of these use cases.
    UseCase(Vec<UseCase>),
    /// It was observed on this day or later.
    ObservedFrom(NaiveDate),
    /// It was observed on this day or earlier.
    ObservedTo(NaiveDate),
    /// It held on this day.
    ValidOn(NaiveDate),
    /// Whether it has errata.
    HasErrata(bool),
    /// Whether other facts contradict it.
    IsContradicted(bool),
}

/// What one outcome of a case study must be, all of it together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct OutcomeTest {
    /// What it is told of.
    pub metric: Option<OutcomeMetric>,
    /// Which way it went.
    pub direction: Option<OutcomeDirection>,
    /// By at least so many per cent.
    pub min_percent: Option<Decimal>,
    /// Within at most so many months.
    pub max_months: Option<Decimal>,
    /// It has one of these verdicts. When absent, it is not refuted.
    pub verdict: Option<Vec<Verdict>>,
    /// It has one of these grades of evidence.
    pub evidence: Option<Vec<EvidenceGrade>>,
}

/// A test of a case study.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CaseStudyTest {
    /// Its client is of one of these industries.
    Industry(Vec<String>),
    /// It was built with one of these technologies, by slug.
    Technology(Vec<String>),
    /// It tells of a move away from one of these technologies, by slug.
    MovedFrom(Vec<String>),
    /// It tells of a move to one of these technologies, by slug.
    MovedTo(Vec<String>),
    /// It tells of a move away from a technology of one of these kinds.
    MovedFromKind(Vec<TechnologyKind>),
    /// It has such an outcome.
    Outcome(OutcomeTest),
    /// It stands so.
    Status(Vec<ProjectStatus>),
}

/// A test of a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ChangeTest {
    /// It is of one of these kinds.
    Kind(Vec<ChangeKind>),
    /// One of these kinds of thing was changed.
    Changed(Vec<ChangedKind>),
}

impl ChangeTest {
    /// Whether it holds of a change.
    pub fn holds(&self, change: &Change) -> bool {
        match self {
            Self::Kind(kinds) => kinds.contains(&change.kind),
            Self::Changed(kinds) => kinds.contains(&change.changed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_size_and_depth() {
        let test = || Filter::Test(1);
        assert!(Filter::All(vec![test(), test()]).bounded().is_ok());
        assert!(Filter::Any((0..MAX_SIZE).map(|_| test()).collect()).bounded().is_err());
        let deep = (0..=MAX_DEPTH).fold(test(), |filter, _| Filter::Not(Box::new(filter)));
        assert!(deep.bounded().is_err());
    }

    #[test]
    fn combinations_hold_as_logic_has_it() {
        let even = |number: &i32| number % 2 == 0;
        let test = |number: i32| Filter::Test(number);
        assert!(Filter::<i32>::everything().holds(&even));
        assert!(!Filter::<i32>::Any(vec![]).holds(&even));
        assert!(Filter::Any(vec![test(1), test(2)]).holds(&even));
        assert!(!Filter::All(vec![test(1), test(2)]).holds(&even));
        assert!(Filter::All(vec![Filter::Not(Box::new(test(1))), test(2)]).holds(&even));
    }
}
