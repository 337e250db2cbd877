//! Dossiers: all that the catalogue knows of each technology, side by side, as answers need it.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;

use crate::{
    Error, Result,
    change::Revision,
    code::{Code, nearest},
    fact::{Fact, FactDetail},
    freshness::freshness,
    id::Id,
    metric::{self, MetricKey},
    partial_date::PartialDate,
    relation::RelationKind,
    slug::Slug,
    subject::{Record, Subject},
    technology::{Platform, Technology, TechnologyKind},
    text,
};

/// The fewest figures among which a place says something.
const LEAST_SERIES: usize = 5;

/// A fact with what is needed to weigh it.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The fact.
    pub fact: Fact,
    /// How far its sources are trusted together: [`grounds`](crate::confidence::grounds).
    pub grounds: f64,
    /// The source that it cites first.
    pub source: Option<Id<Subject>>,
    /// Of a figure, its place among the comparable ones, from −1 (the worst) to 1 (the best). Nothing where too few are
    /// comparable.
    pub place: Option<f64>,
}

impl Evidence {
    /// How far it may be relied upon on a day: [`confidence`](crate::confidence).
    pub fn confidence(&self, as_of: NaiveDate) -> f64 {
        let observed = self.fact.observed_on.map(PartialDate::last_day);
        let age = freshness(self.fact.kind, observed, as_of);
        self.fact.verdict.weight() * self.grounds * age.weight()
    }

    /// Whether answers about a day may rest on it: no verdict refutes it, and it held on that day.
    pub fn counts(&self, as_of: NaiveDate) -> bool {
        let Fact { verdict, valid_from, valid_to, .. } = &self.fact;
        !verdict.refutes()
            && valid_from.is_none_or(|from| from <= as_of)
            && valid_to.is_none_or(|to| as_of <= to)
    }
}

/// A technology relates to another one, as a fact asserts.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// How they relate.
    pub kind: RelationKind,
    /// The other one.
    pub to: Id<Subject>,
    /// The fact.
    pub evidence: Arc<Evidence>,
}

/// All that the catalogue knows of one technology.
#[derive(Debug, Clone, PartialEq)]
pub struct Dossier {
    /// The technology.
    pub technology: Arc<Record<Technology>>,
    /// The facts about it, by code.
    pub evidence: Vec<Arc<Evidence>>,
    /// The fit rules that hold for it, by code, also where they are told of something else.
    pub rules: Vec<Arc<Evidence>>,
    /// How it relates to other technologies.
    pub links: Vec<Link>,
    /// The platforms on which facts say that it runs.
    pub platforms: Vec<(Platform, Arc<Evidence>)>,
}

impl Dossier {
    /// A technology of which nothing is known yet.
    pub fn new(technology: Record<Technology>) -> Self {
        Self {
            technology: Arc::new(technology),
            evidence: Vec::new(),
            rules: Vec::new(),
            links: Vec::new(),
            platforms: Vec::new(),
        }
    }

    /// Its slug.
    pub fn slug(&self) -> &str {
        self.technology.value.slug.as_str()
    }

    /// The facts about it on which answers about a day may rest.
    pub fn counting(&self, as_of: NaiveDate) -> impl Iterator<Item = &Evidence> {
        self.evidence.iter().map(AsRef::as_ref).filter(move |evidence: &&Evidence| evidence.counts(as_of))
    }

    /// The links of a kind on which answers about a day may rest.
    pub fn linked(&self, kind: RelationKind, as_of: NaiveDate) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| link.kind == kind && link.evidence.counts(as_of))
    }
}

/// The dossiers of all technologies, as of one revision of the catalogue.
#[derive(Debug, Clone, Default)]
pub struct Dossiers {
    /// The revision.
    pub revision: Revision,
    list: Vec<Dossier>,
    by_id: HashMap<Id<Subject>, usize>,
    by_slug: HashMap<Slug, usize>,
}

impl Dossiers {
    /// Puts dossiers side by side, by slug.
    pub fn new(revision: Revision, mut list: Vec<Dossier>) -> Self {
        list.sort_by(|left, right| left.technology.value.slug.cmp(&right.technology.value.slug));
        let places = || list.iter().enumerate();
        let by_id = places().map(|(at, dossier)| (dossier.technology.id, at)).collect();
        let by_slug = places().map(|(at, dossier)| (dossier.technology.value.slug.clone(), at)).collect();
        Self { revision, list, by_id, by_slug }
    }

    /// All of them, by slug.
    pub fn list(&self) -> &[Dossier] {
        &self.list
    }

    /// The dossier of a technology by its id.
    pub fn of(&self, id: Id<Subject>) -> Option<&Dossier> {
        self.by_id.get(&id).map(|at| &self.list[*at])
    }

    /// The dossier of a technology by its slug.
    pub fn by_slug(&self, slug: &str) -> Option<&Dossier> {
        let slug = Slug::parse(slug).ok()?;
        self.by_slug.get(&slug).map(|at| &self.list[*at])
    }

    /// The dossier that a field names by slug, of one kind if one is wanted; a wrong slug is answered with the nearest
    /// right one.
    pub fn named(&self, field: &str, slug: &str, kind: Option<TechnologyKind>) -> Result<&Dossier> {
        let fits = |dossier: &&Dossier| kind.is_none_or(|kind| dossier.technology.value.kind == kind);
        self.by_slug(slug).filter(fits).ok_or_else(|| {
            let known = self.list.iter().filter(fits).map(Dossier::slug);
            let hint = nearest(slug, known).map_or(String::new(), |near| format!(" Did you mean {near}?"));
            let label = kind.map_or("technology".to_owned(), |kind| kind.code().to_lowercase());
            Error::invalid(field, format!("there is no {label} `{}`.{hint}", text::excerpt(slug)))
        })
    }

    /// The name of a technology; `?` when it is not known.
    pub fn name(&self, id: Id<Subject>) -> &str {
        self.of(id).map_or("?", |dossier| dossier.technology.value.name.as_str())
    }
}

/// What makes two figures comparable: the metric, the source, and the load or registry.
type Series = (MetricKey, Option<Id<Subject>>, String);

fn figure(evidence: &Evidence) -> Option<(Series, bool, f64)> {
    let FactDetail::Metric { key, value, unit: _, conditions } = &evidence.fact.detail else { return None };
    let better = key.more_is_better()?;
    let head = metric::series(conditions.as_deref()).to_owned();
    (!evidence.fact.verdict.refutes()).then_some(((*key, evidence.source, head), better, value.to_f64()?))
}

/// Gives every figure its place among the comparable ones: the share of the others that it beats, less the share that
/// beats it.
pub fn place_figures(evidence: &mut [Evidence]) {
    let mut series: HashMap<Series, Vec<f64>> = HashMap::new();
    for (name, _, value) in evidence.iter().filter_map(figure) {
        series.entry(name).or_default().push(value);
    }
    for values in series.values_mut() {
        values.sort_by(f64::total_cmp);
    }
    for one in evidence {
        let Some((name, more_is_better, value)) = figure(one) else { continue };
        let values = &series[&name];
        if values.len() < LEAST_SERIES {
            continue;
        }
        let below = values.partition_point(|other| *other < value);
        let above = values.len() - values.partition_point(|other| *other <= value);
        #[expect(clippy::cast_precision_loss, reason = "a series holds far fewer figures than 2^52")]
        let place = (below as f64 - above as f64) / (values.len() - 1) as f64;
        one.place = Some(if more_is_better { place } else { -place });
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        fact::{FactKind, tests::fact},
        subject::SubjectKind,
        verdict::Verdict,
    };
    use chrono::DateTime;
    use proptest::prelude::*;

    pub(crate) const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

    pub(crate) fn id(slug: &str) -> Id<Subject> {
        Subject::new(SubjectKind::Technology, Slug::parse(slug).unwrap()).id()
    }

    pub(crate) fn dossier(slug: &str, kind: TechnologyKind) -> Dossier {
        Dossier::new(Record {
            id: id(slug),
            version: 1,
            updated_at: DateTime::UNIX_EPOCH,
            value: Technology {
                slug: Slug::parse(slug).unwrap(),
                kind,
                name: slug.to_owned(),
                summary: None,
                homepage: None,
                repository: None,
                archived: false,
            },
        })
    }

    pub(crate) fn evidence(code: &str, kind: FactKind, detail: FactDetail) -> Evidence {
        let mut fact = fact(code).fact;
        fact.kind = kind;
        fact.detail = detail;
        fact.observed_on = Some("2026-11-01".parse().unwrap());
        Evidence { fact, grounds: 0.9, source: None, place: None }
    }

    fn figures(values: &[i64]) -> Vec<Evidence> {
        let figure = |(at, value): (usize, &i64)| {
            let value = rust_decimal::Decimal::from(*value);
            let (key, unit) = (MetricKey::RequestsPerSecond, "per second".to_owned());
            let detail =
                FactDetail::Metric { key, value, unit, conditions: Some("64 connections".to_owned()) };
            evidence(&format!("F{}", at + 1), FactKind::Metric, detail)
        };
        values.iter().enumerate().map(figure).collect()
    }

    #[test]
    fn the_best_figure_has_place_one_and_the_worst_minus_one() {
        let mut list = figures(&[10, 30, 20, 50, 40]);
        place_figures(&mut list);
        let places: Vec<_> = list.iter().map(|one| one.place.unwrap()).collect();
        assert_eq!(places, [-1.0, 0.0, -0.5, 1.0, 0.5]);
    }

    #[test]
    fn among_few_figures_a_place_says_nothing() {
        let mut list = figures(&[10, 30, 20, 50]);
        place_figures(&mut list);
        assert!(list.iter().all(|one| one.place.is_none()));
    }

    #[test]
    fn what_is_refuted_or_over_does_not_count() {
        let mut one = evidence("F1", FactKind::Pro, FactDetail::Trait);
        assert!(one.counts(TODAY));
        one.fact.valid_to = NaiveDate::from_ymd_opt(2026, 1, 1);
        assert!(!one.counts(TODAY));
        one.fact.valid_to = None;
        one.fact.verdict = Verdict::Contradicted;
        assert!(!one.counts(TODAY));
    }

    proptest! {
        #[test]
        fn a_larger_figure_never_has_a_lower_place(values in prop::collection::vec(0i64..100, 5..20)) {
            let mut list = figures(&values);
            place_figures(&mut list);
            for (left, a) in list.iter().zip(&values) {
                for (right, b) in list.iter().zip(&values) {
                    prop_assert!(a < b || left.place >= right.place);
                    prop_assert!((-1.0..=1.0).contains(&left.place.unwrap()));
                }
            }
        }
    }
}
