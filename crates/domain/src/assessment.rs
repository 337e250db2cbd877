//! Assessment: what facts say for and against a technology under one criterion, as one number that can be recomputed
//! by hand.
//!
//! Every piece of evidence has a direction from −1 (against) to 1 (for) and a weight: the
//! [confidence](crate::dossier::Evidence::confidence) of its fact, times a factor for the sort of evidence. The value
//! of a criterion is
//!
//! `value = ∑ (weight × direction) ÷ (∑ weight + 1)`
//!
//! from −1 to 1. The 1 below is doubt: it weighs as much as one fact that is certain, so that a single weak statement
//! moves little, and agreeing evidence moves more the more there is. Without evidence there is no value: what is not
//! known speaks neither for nor against.

mod rules;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    capability::{Capability, SupportLevel},
    dossier::{Dossier, Dossiers, Evidence},
    fact::{FactDetail, FactKind},
    fit_rule::{SkillLevel, UseCase},
    id::Id,
    lock_in::{LockInDimension, LockInEffect},
    metric::MetricKey,
    relation::RelationKind,
    release_cycle::{ReleaseCycle, SupportEnd, SupportStatus},
    selection_criterion::Criterion,
    subject::Subject,
    technology::{Platform, TechnologyKind},
};

/// What a measurement weighs against a statement of the same confidence: measured things are not matters of taste.
const MEASURED: f64 = 3.0;
/// What popularity weighs: that many use something is no merit of its own.
const POPULAR: f64 = 0.3;
/// Days in a year, on average.
const DAYS_PER_YEAR: f64 = 365.25;

/// Someone of a team who knows a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamSkill {
    /// The language.
    pub language: Id<Subject>,
    /// How well it is known.
    pub level: SkillLevel,
    /// By how many people.
    pub people: u32,
}

/// What somebody needs, as far as technologies are assessed differently for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// What is to be built.
    pub use_cases: Vec<UseCase>,
    /// Where it shall run.
    pub platforms: Vec<Platform>,
    /// What the team knows.
    pub team: Vec<TeamSkill>,
    /// For how many years it shall last.
    pub horizon_years: u32,
    /// The day of the assessment.
    pub as_of: NaiveDate,
}

/// Why evidence counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ground {
    /// It is said for or against the technology.
    Said,
    /// It provides a capability, or does not.
    Provides(Capability),
    /// A fit rule is about the use case.
    Fits(UseCase),
    /// A fit rule about its language or runtime is about the use case.
    FitsThrough(UseCase, Id<Subject>),
    /// A fit rule is about teams that know the language.
    FitsTeam(Id<Subject>),
    /// The team knows the language so well, from −1 to 1.
    Known(Id<Subject>),
    /// It runs on the platform.
    RunsOn(Platform),
    /// Things of its kind serve clients on any platform.
    ServesAll,
    /// Its place among comparable figures.
    Measured(MetricKey),
    /// The share of the years ahead for which support is declared.
    Supported,
    /// What binds an application to it.
    Binds(LockInDimension),
}

/// Facts that count as one piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<'a> {
    /// Why they count.
    pub ground: Ground,
    /// From −1 (against) to 1 (for).
    pub direction: f64,
    /// How much they weigh.
    pub weight: f64,
    /// The facts.
    pub evidence: Vec<&'a Evidence>,
}

/// What is known of a technology under one criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment<'a> {
    /// From −1 to 1; nothing when nothing is known.
    pub value: Option<f64>,
    /// What it rests on.
    pub items: Vec<Item<'a>>,
}

/// The value of some evidence: `∑ (weight × direction) ÷ (∑ weight + 1)`.
pub fn value(items: &[Item<'_>]) -> Option<f64> {
    let weight: f64 = items.iter().map(|item| item.weight).sum();
    let moved: f64 = items.iter().map(|item| item.weight * item.direction).sum();
    (weight > 0.0).then(|| moved / (weight + 1.0))
}

/// Assesses a technology under a criterion.
pub fn assess<'a>(
    dossiers: &'a Dossiers,
    dossier: &'a Dossier,
    criterion: Criterion,
    needs: &Needs,
) -> Assessment<'a> {
    if criterion == Criterion::UseCaseFit {
        return rules::use_case_fit(dossiers, dossier, needs);
    }
    let mut items = said(dossier, criterion, needs.as_of);
    match criterion {
        Criterion::TeamExpertise => {
            if needs.team.is_empty() {
                items.clear();
            }
            items.extend(team_expertise(dossier, needs));
            items.extend(rules::team_fit(dossiers, dossier, needs));
        }
        Criterion::PlatformFit => {
            if needs.platforms.is_empty() {
                items.clear();
            } else {
                items.extend(platform_fit(dossier, needs));
            }
        }
        Criterion::Support => items.extend(support(dossier, needs)),
        Criterion::Performance => items.extend(figures(dossier, criterion, needs.as_of, MEASURED)),
        Criterion::Popularity => items.extend(figures(dossier, criterion, needs.as_of, POPULAR)),
        Criterion::LockIn => items.extend(bonds(dossier, needs.as_of)),
        _ => {}
    }
    Assessment { value: value(&items), items }
}

/// Pros, cons and capabilities that bear on a criterion. Facts on one capability count as one, the weaker level first:
/// saying the same thing twice does not make it truer.
fn said(dossier: &Dossier, criterion: Criterion, as_of: NaiveDate) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut provided: BTreeMap<&str, (Capability, SupportLevel, Vec<&Evidence>)> = BTreeMap::new();
    for evidence in dossier.counting(as_of).filter(|evidence| evidence.fact.criterion == Some(criterion)) {
        let direction = match evidence.fact.kind {
            FactKind::Pro => 1.0,
            FactKind::Con => -1.0,
            _ => {
                if let FactDetail::Capability { capability, level } = evidence.fact.detail
                    && level != SupportLevel::Unknown
                {
                    let name = crate::code::Code::code(capability);
                    let known = provided.entry(name).or_insert((capability, level, Vec::new()));
                    known.1 = known.1.max(level);
                    known.2.push(evidence);
                }
                continue;
            }
        };
        let weight = evidence.confidence(as_of);
        items.push(Item { ground: Ground::Said, direction, weight, evidence: vec![evidence] });
    }
    items.extend(provided.into_values().filter_map(|(capability, level, evidence)| {
        let direction = provision(level)?;
        Some(Item {
            ground: Ground::Provides(capability),
            direction,
            weight: surest(&evidence, as_of),
            evidence,
        })
    }));
    items
}

/// What a level of support speaks for: as far as it satisfies a need, and against what does not satisfy it at all.
/// Nothing when it is not known.
fn provision(level: SupportLevel) -> Option<f64> {
    level.satisfaction().map(|share| if share > 0.0 { share } else { -1.0 })
}

fn surest(evidence: &[&Evidence], as_of: NaiveDate) -> f64 {
    evidence.iter().map(|one| one.confidence(as_of)).fold(0.0, f64::max)
}

/// How much a level of skill speaks for a technology whose language is known so well.
fn mastery(level: SkillLevel) -> f64 {
    match level {
        SkillLevel::None => -1.0,
        SkillLevel::Beginner => -0.3,
        SkillLevel::Intermediate => 0.5,
        SkillLevel::Senior => 1.0,
    }
}

/// How well a team knows a language, from −1 to 1, everyone counted alike. The team is as large as the language that
/// most people of it know; whoever is not told to know a language does not.
fn known(team: &[TeamSkill], language: Id<Subject>) -> f64 {
    let people = |language: Id<Subject>| -> f64 {
        team.iter().filter(|skill| skill.language == language).map(|skill| f64::from(skill.people)).sum()
    };
    let size = team.iter().map(|skill| people(skill.language)).fold(0.0, f64::max);
    let skilled: f64 = team
        .iter()
        .filter(|skill| skill.language == language)
        .map(|skill| f64::from(skill.people) * mastery(skill.level))
        .sum();
    let others = size - people(language);
    if size > 0.0 { (skilled + others * mastery(SkillLevel::None)) / size } else { 0.0 }
}

/// The language of the technology that the team knows best.
fn team_expertise<'a>(dossier: &'a Dossier, needs: &Needs) -> Option<Item<'a>> {
    if needs.team.is_empty() {
        return None;
    }
    let languages = dossier.linked(RelationKind::Language, needs.as_of);
    let best = languages
        .map(|link| (known(&needs.team, link.to), link))
        .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.1.to.cmp(&left.1.to)));
    let (direction, link) = best?;
    let evidence = vec![link.evidence.as_ref()];
    let weight = MEASURED * surest(&evidence, needs.as_of);
    Some(Item { ground: Ground::Known(link.to), direction, weight, evidence })
}

/// Whether the kind of a technology leaves the platforms of clients open: a framework for the server's side answers
/// whoever asks over the network.
pub fn serves_any_platform(kind: TechnologyKind) -> bool {
    kind == TechnologyKind::BackendFramework
}

fn platform_fit<'a>(dossier: &'a Dossier, needs: &Needs) -> Vec<Item<'a>> {
    if serves_any_platform(dossier.technology.value.kind) {
        return vec![Item { ground: Ground::ServesAll, direction: 1.0, weight: MEASURED, evidence: vec![] }];
    }
    needs.platforms.iter().filter_map(|platform| runs_on(dossier, *platform, needs.as_of)).collect()
}

fn runs_on(dossier: &Dossier, platform: Platform, as_of: NaiveDate) -> Option<Item<'_>> {
    let of = |(named, _): &&(Platform, _)| *named == platform;
    let told = dossier.platforms.iter().filter(of).map(|(_, evidence)| evidence.as_ref());
    let evidence: Vec<&Evidence> = told.filter(|evidence| evidence.counts(as_of)).collect();
    let weight = MEASURED * surest(&evidence, as_of);
    (!evidence.is_empty()).then_some(Item {
        ground: Ground::RunsOn(platform),
        direction: 1.0,
        weight,
        evidence,
    })
}

/// The release cycles of a technology with their facts.
pub fn cycles(dossier: &Dossier, as_of: NaiveDate) -> Vec<(&ReleaseCycle, &Evidence)> {
    dossier
        .counting(as_of)
        .filter_map(|evidence| match &evidence.fact.detail {
            FactDetail::Release(cycle) => Some((cycle, evidence)),
            _ => None,
        })
        .collect()
}

/// The supported cycle whose declared end is the latest, with that end.
pub fn longest_support<'a>(
    cycles: &[(&'a ReleaseCycle, &'a Evidence)],
    as_of: NaiveDate,
) -> Option<(NaiveDate, &'a Evidence)> {
    let end = |cycle: &ReleaseCycle| cycle.security_until.or(cycle.active_until).and_then(SupportEnd::day);
    cycles
        .iter()
        .filter(|(cycle, _)| {
            matches!(cycle.status(as_of), SupportStatus::Active | SupportStatus::SecurityOnly)
        })
        .filter_map(|(cycle, evidence)| Some((end(cycle)?, *evidence)))
        .max_by_key(|(end, evidence)| (*end, evidence.fact.id))
}

/// The share of the years ahead for which security fixes of one cycle are declared; −1 when no cycle is supported any
/// more.
fn support<'a>(dossier: &'a Dossier, needs: &Needs) -> Option<Item<'a>> {
    let as_of = needs.as_of;
    let cycles = cycles(dossier, as_of);
    let item = |direction: f64, evidence: &'a Evidence| {
        let weight = MEASURED * evidence.confidence(as_of);
        Item { ground: Ground::Supported, direction, weight, evidence: vec![evidence] }
    };
    if let Some((end, evidence)) = longest_support(&cycles, as_of) {
        let wanted = f64::from(needs.horizon_years) * DAYS_PER_YEAR;
        let days = i32::try_from((end - as_of).num_days()).map_or(f64::MAX, f64::from);
        return Some(item((days / wanted).clamp(0.0, 1.0), evidence));
    }
    let status = |cycle: &ReleaseCycle| cycle.status(as_of);
    if cycles.iter().any(|(cycle, _)| status(cycle).is_supported()) {
        return None;
    }
    let ended = cycles.into_iter().filter(|(cycle, _)| status(cycle) != SupportStatus::Upcoming);
    ended.max_by_key(|(cycle, _)| cycle.released_on).map(|(_, evidence)| item(-1.0, evidence))
}

/// Figures. Those of one metric from one source count as one, with the mean of their places: a benchmark at three
/// loads is one benchmark.
fn figures(dossier: &Dossier, criterion: Criterion, as_of: NaiveDate, factor: f64) -> Vec<Item<'_>> {
    let mut groups: BTreeMap<_, (MetricKey, Vec<(f64, &Evidence)>)> = BTreeMap::new();
    for evidence in dossier.counting(as_of).filter(|evidence| evidence.fact.criterion == Some(criterion)) {
        if let (FactDetail::Metric { key, .. }, Some(place)) = (&evidence.fact.detail, evidence.place) {
            let group = (evidence.source, crate::code::Code::code(*key));
            groups.entry(group).or_insert((*key, Vec::new())).1.push((place, evidence));
        }
    }
    groups.into_values().map(|(key, placed)| measured(key, &placed, as_of, factor)).collect()
}

fn measured<'a>(key: MetricKey, placed: &[(f64, &'a Evidence)], as_of: NaiveDate, factor: f64) -> Item<'a> {
    let count = u32::try_from(placed.len()).map_or(f64::MAX, f64::from);
    let direction = placed.iter().map(|(place, _)| place).sum::<f64>() / count;
    let evidence: Vec<&Evidence> = placed.iter().map(|(_, evidence)| *evidence).collect();
    let weight = factor * surest(&evidence, as_of);
    Item { ground: Ground::Measured(key), direction, weight, evidence }
}

fn bonds(dossier: &Dossier, as_of: NaiveDate) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    for evidence in dossier.counting(as_of) {
        let FactDetail::LockIn { dimension, effect } = evidence.fact.detail else { continue };
        let direction = match effect {
            LockInEffect::Raises => -1.0,
            LockInEffect::Lowers => 1.0,
            LockInEffect::Mixed => 0.0,
        };
        let weight = evidence.confidence(as_of);
        items.push(Item { ground: Ground::Binds(dimension), direction, weight, evidence: vec![evidence] });
    }
    items
}
