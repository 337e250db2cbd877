//! Recommendations: which technology to take, why, what would change that, and what is not known.
//!
//! A candidate's score is a sum that can be traced: for every criterion its weight, as a share of all weights, times
//! the [value](crate::assessment) of the criterion, times 100. Values rest on a candidate's own facts and on the
//! catalogue, never on the other candidates: taking a loser away changes nothing for the winner. What is not known
//! adds nothing.

mod conflict;
pub mod constraint;
mod explanation;
mod request;
mod robustness;
mod sensitivity;

use crate::{
    assessment::{Assessment, Ground, Item, Needs, assess},
    code::Code,
    dossier::{Dossier, Dossiers, Evidence},
    fact::FactKind,
    selection_criterion::Criterion,
};
use constraint::Breach;
use strum::VariantArray;

pub use conflict::Conflicts;
pub use request::{Request, RequestedConstraint, RequestedSkill, Wish};
pub use robustness::RankShare;
pub use sensitivity::Flip;

/// How many criteria there are.
pub const CRITERIA: usize = Criterion::VARIANTS.len();
/// The most facts that one contribution hands back, those that move it most first.
pub const MAX_FACTS: usize = 20;
/// The most risks of a candidate, the surest first.
pub const MAX_RISKS: usize = 10;
/// The most exclusions that are told; the others are counted.
pub const MAX_EXCLUSIONS: usize = 100;

/// What each criterion weighs, in the order of the enumeration.
pub type Weights = [f64; CRITERIA];

/// What each criterion weighs when nothing is said. What does not suit what is to be built is not made good by anything
/// else; then comes the team, then what cannot be mended later; popularity hardly counts.
pub fn default_weight(criterion: Criterion) -> f64 {
    match criterion {
        Criterion::UseCaseFit => 6.0,
        Criterion::TeamExpertise => 4.0,
        Criterion::Support => 3.0,
        Criterion::PlatformFit | Criterion::Security | Criterion::UpgradeSafety => 2.0,
        Criterion::CodeReadability
        | Criterion::Performance
        | Criterion::Scalability
        | Criterion::LearningCurve
        | Criterion::TimeToMarket
        | Criterion::Cost
        | Criterion::LockIn
        | Criterion::Ecosystem
        | Criterion::Hiring => 1.0,
        Criterion::Popularity => 0.25,
    }
}

/// What one criterion adds to the score of a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution<'a> {
    /// Which criterion.
    pub criterion: Criterion,
    /// Its share of all weights, from 0 to 1.
    pub weight: f64,
    /// The value of the candidate under it, from −1 to 1.
    pub value: f64,
    /// `100 × weight × value`.
    pub points: f64,
    /// Why, in a sentence.
    pub explanation: String,
    /// The facts, those that move it most first, at most [`MAX_FACTS`].
    pub evidence: Vec<&'a Evidence>,
}

/// A technology that breaks no constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'a> {
    /// The technology.
    pub dossier: &'a Dossier,
    /// Its place, from 1.
    pub rank: usize,
    /// The sum of the points of its contributions, from −100 to 100.
    pub score: f64,
    /// What each criterion adds, the most first.
    pub contributions: Vec<Contribution<'a>>,
    /// The criteria that weigh something and under which nothing is known of it.
    pub missing: Vec<Criterion>,
    /// The facts that speak against it, the surest first, at most [`MAX_RISKS`].
    pub risks: Vec<&'a Evidence>,
}

/// A technology that breaks a constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion<'a> {
    /// The technology.
    pub dossier: &'a Dossier,
    /// What it breaks, in the order of the constraints; never empty.
    pub breaches: Vec<Breach<'a>>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation<'a> {
    /// The best candidates, the best first. Empty when nothing passes the constraints.
    pub candidates: Vec<Candidate<'a>>,
    /// How many technologies passed the constraints.
    pub feasible: usize,
    /// What did not, at most [`MAX_EXCLUSIONS`]: first what is of the right kind, by slug.
    pub excluded: Vec<Exclusion<'a>>,
    /// How many did not.
    pub excluded_count: usize,
    /// For each criterion the smallest change of its weight that makes another candidate win, with that candidate.
    pub sensitivity: Vec<(Flip, &'a Dossier)>,
    /// How the candidates shown fare over all weightings that agree with the order of importance.
    pub robustness: Vec<RankShare<'a>>,
    /// Over how many weightings.
    pub weightings: usize,
    /// When nothing passes: which constraints rule everything out together, and which to give up.
    pub conflicts: Option<Conflicts>,
}

/// A candidate with its values, before it is known whether it is among the best.
struct Scored<'a> {
    dossier: &'a Dossier,
    values: [f64; CRITERIA],
    score: f64,
}

fn scored<'a>(dossiers: &'a Dossiers, dossier: &'a Dossier, request: &Request) -> Scored<'a> {
    let mut values = [0.0; CRITERIA];
    for (value, criterion) in values.iter_mut().zip(Criterion::VARIANTS) {
        *value = assess(dossiers, dossier, *criterion, &request.needs).value.unwrap_or(0.0);
    }
    Scored { dossier, values, score: score(&request.weights, &values) }
}

/// `100 × ∑ (share of weight × value)`, to nine decimals: what is level stays level, whatever the scale of the weights.
fn score(weights: &Weights, values: &[f64; CRITERIA]) -> f64 {
    let total: f64 = weights.iter().sum();
    let score = 100.0 * weights.iter().zip(values).map(|(weight, value)| weight / total * value).sum::<f64>();
    (score * 1e9).round() / 1e9
}

/// Recommends.
pub fn recommend<'a>(dossiers: &'a Dossiers, request: &Request) -> Recommendation<'a> {
    let mut ranked: Vec<Scored<'a>> = Vec::new();
    let mut excluded: Vec<Exclusion<'a>> = Vec::new();
    let mut broken: Vec<u32> = Vec::new();
    for dossier in request.candidates.iter().map(|at| &dossiers.list()[*at]) {
        let breaches = constraint::breaches(dossiers, dossier, request);
        if breaches.is_empty() {
            ranked.push(scored(dossiers, dossier, request));
            continue;
        }
        broken.push(breaches.iter().map(|breach| 1 << breach.constraint).sum());
        excluded.push(Exclusion { dossier, breaches });
    }
    let excluded_count = excluded.len();
    // That something is of another kind is the least news.
    excluded.sort_by_key(|exclusion| exclusion.breaches.iter().any(|breach| request.limits_kind(breach)));
    excluded.truncate(MAX_EXCLUSIONS);
    // Equal scores are told apart by slug, in which order the dossiers are.
    ranked.sort_by(|left, right| right.score.total_cmp(&left.score));
    let shown = ranked.len().min(request.first);
    let (robustness, weightings) = robustness::rank_shares(&ranked, shown, &request.weights);
    let best = ranked.iter().take(shown).enumerate();
    Recommendation {
        candidates: best.map(|(at, scored)| candidate(dossiers, scored, at + 1, request)).collect(),
        feasible: ranked.len(),
        excluded,
        excluded_count,
        sensitivity: sensitivity::flips(&ranked, &request.weights),
        robustness,
        weightings,
        conflicts: ranked.is_empty().then(|| conflict::conflicts(&broken)),
    }
}

fn candidate<'a>(
    dossiers: &'a Dossiers,
    scored: &Scored<'a>,
    rank: usize,
    request: &Request,
) -> Candidate<'a> {
    let dossier = scored.dossier;
    let total: f64 = request.weights.iter().sum();
    let mut contributions = Vec::new();
    let mut missing = Vec::new();
    let mut against = Vec::new();
    for (criterion, weight) in Criterion::VARIANTS.iter().zip(request.weights) {
        let assessment = assess(dossiers, dossier, *criterion, &request.needs);
        against.extend(
            assessment.items.iter().filter(|item| is_risk(*criterion, item)).flat_map(|item| &item.evidence),
        );
        if weight <= 0.0 {
            continue;
        }
        match assessment.value {
            Some(value) => {
                contributions.push(contribution(dossiers, *criterion, weight / total, value, &assessment));
            }
            None if applies(*criterion, &request.needs) => missing.push(*criterion),
            None => {}
        }
    }
    contributions.sort_by(|left, right| right.points.total_cmp(&left.points));
    let score = contributions.iter().map(|contribution| contribution.points).sum();
    Candidate { dossier, rank, score, contributions, missing, risks: risks(dossier, against, request) }
}

/// Whether something could be known at all: without a team nobody's skill is missing.
fn applies(criterion: Criterion, needs: &Needs) -> bool {
    match criterion {
        Criterion::TeamExpertise => !needs.team.is_empty(),
        Criterion::UseCaseFit => !needs.use_cases.is_empty(),
        Criterion::PlatformFit => !needs.platforms.is_empty(),
        _ => true,
    }
}

fn contribution<'a>(
    dossiers: &Dossiers,
    criterion: Criterion,
    weight: f64,
    value: f64,
    assessment: &Assessment<'a>,
) -> Contribution<'a> {
    let mut items: Vec<_> = assessment.items.iter().collect();
    items.sort_by(|left, right| {
        let moved = |item: &Item<'_>| (item.weight * item.direction).abs();
        moved(right).total_cmp(&moved(left))
    });
    let mut evidence: Vec<&Evidence> = Vec::new();
    for one in items.iter().flat_map(|item| &item.evidence) {
        if evidence.len() < MAX_FACTS && evidence.iter().all(|known| known.fact.id != one.fact.id) {
            evidence.push(one);
        }
    }
    let explanation = explanation::explain(dossiers, &items);
    Contribution { criterion, weight, value, points: 100.0 * weight * value, explanation, evidence }
}

/// Whether evidence is a risk of the candidate itself. That a team does not know a language is none, nor is it that few
/// use something.
fn is_risk(criterion: Criterion, item: &Item<'_>) -> bool {
    item.direction < 0.0 && criterion != Criterion::Popularity && !matches!(item.ground, Ground::Known(_))
}

/// Everything that counts against a candidate, and its cons that bear on no criterion.
fn risks<'a>(dossier: &'a Dossier, against: Vec<&'a Evidence>, request: &Request) -> Vec<&'a Evidence> {
    let as_of = request.needs.as_of;
    let cons = dossier
        .counting(as_of)
        .filter(|evidence| evidence.fact.kind == FactKind::Con && evidence.fact.criterion.is_none());
    let mut risks: Vec<&Evidence> = against.into_iter().chain(cons).collect();
    risks.sort_by(|left, right| {
        let surer = right.confidence(as_of).total_cmp(&left.confidence(as_of));
        surer.then_with(|| left.fact.code.sort_key().cmp(&right.fact.code.sort_key()))
    });
    risks.dedup_by_key(|evidence| evidence.fact.id);
    risks.truncate(MAX_RISKS);
    risks
}

/// What an answer takes for granted.
pub fn assumptions(request: &Request) -> Vec<String> {
    let Needs { team, horizon_years, as_of, .. } = &request.needs;
    let mut list = vec![
        format!("Everything is judged as of {as_of}, for {horizon_years} years ahead."),
        "What the catalogue does not know adds nothing to a score, and takes nothing away.".to_owned(),
    ];
    if !request.weights_given {
        let weights =
            Criterion::VARIANTS.iter().map(|one| format!("{} {}", one.code(), default_weight(*one)));
        list.push(format!("No weights were given: {}.", weights.collect::<Vec<_>>().join(", ")));
    }
    if !team.is_empty() {
        list.push("Whoever is not told to know a language does not know it.".to_owned());
    }
    if !request.needs.platforms.is_empty() || request.limits_platform() {
        let text = "A framework for the server's side serves clients on any platform over the network.";
        list.push(text.to_owned());
    }
    if request.mixes_kinds {
        let text = "Frameworks and Backends as a Service stand side by side: they solve different parts of the \
                    problem. The constraint kindIn keeps to one kind.";
        list.push(text.to_owned());
    }
    list
}

#[cfg(test)]
mod tests;
