//! Recommendations.

mod input;

use async_graphql::{Context, Object, SimpleObject, Union};
use stackfit_domain::{
    code::Code,
    dossier::{Dossier, Evidence},
    recommendation::{
        self as domain, Candidate as DomainCandidate, Conflicts, Contribution as DomainContribution,
        Exclusion as DomainExclusion, RankShare as DomainShare, Recommendation as DomainRecommendation,
        Request, assumptions, recommend,
    },
    selection_criterion::Criterion,
};

use crate::{
    coded::{Coded, coded},
    context::loader,
    error::{FieldResult, at},
    fact::Fact,
    invalid_input::InvalidInput,
    technology::Technology,
};
pub use input::RecommendationInput;

/// What `recommend` answers.
#[derive(Union)]
pub enum RecommendationResult {
    /// Candidates.
    Recommendation(Recommendation),
    /// Nothing passes all constraints.
    NoFeasibleOption(NoFeasibleOption),
    /// The input cannot be answered.
    InvalidInput(InvalidInput),
}

/// Which technology to take, why, and what would change that. Computed from facts alone; see `docs/METHOD.md`.
#[derive(SimpleObject)]
pub struct Recommendation {
    /// The best candidates, the best first. Of equal scores the first by slug.
    candidates: Vec<Candidate>,
    /// How many technologies passed all constraints.
    feasible_count: i32,
    /// What did not pass, at most 100: first what is of the right kind, by slug.
    excluded: Vec<Exclusion>,
    /// How many did not pass.
    excluded_count: i32,
    /// For each criterion the smallest change of its weight that makes another candidate win. A criterion is left out
    /// when no change of its weight does.
    sensitivity: Vec<Sensitivity>,
    /// How the candidates fare over all weightings that agree with the stated order of importance.
    robustness: Vec<RankShare>,
    /// Over how many weightings, drawn evenly, the same ones each time.
    weightings: i32,
    /// What is not known of the candidates, in sentences. It adds nothing to their scores.
    missing_evidence: Vec<String>,
    /// What the answer takes for granted.
    assumptions: Vec<String>,
    /// The revision of the catalogue that it was computed from. The same input gives the same answer for it.
    revision: i64,
}

/// A technology that passes all constraints.
#[derive(SimpleObject)]
pub struct Candidate {
    /// The technology.
    technology: Technology,
    /// Its place, from 1.
    rank: i32,
    /// From −100 to 100: the sum of the points of its contributions.
    score: f64,
    /// What each criterion adds, the most first. A criterion without evidence adds nothing and is not here.
    contributions: Vec<Contribution>,
    /// The criteria that weigh something and on which nothing is known of it.
    missing: Vec<Coded<Criterion>>,
    /// The facts that speak against it, the surest first, at most 10.
    risks: Vec<Fact>,
}

/// What one criterion adds to a score.
#[derive(SimpleObject)]
pub struct Contribution {
    /// The criterion.
    criterion: Coded<Criterion>,
    /// Its share of all weights, from 0 to 1.
    weight: f64,
    /// What the facts say, from −1 (against) to 1 (for).
    value: f64,
    /// 100 × weight × value.
    points: f64,
    /// What moves it, in a sentence.
    explanation: String,
    /// The facts that it rests on, those that move it most first, at most 20.
    facts: Vec<Fact>,
}

/// A technology that does not pass.
#[derive(SimpleObject)]
pub struct Exclusion {
    /// The technology.
    technology: Technology,
    /// The first constraint that it does not pass, as in `supportedUntil: 2030-01-01`.
    constraint: String,
    /// Why it does not pass.
    reason: String,
    /// The facts. Empty when it is what is not known that excludes it.
    facts: Vec<Fact>,
    /// The nearest change of that constraint with which it would pass. Null when none is known.
    nearest_fix: Option<String>,
    /// All constraints that it does not pass, in the order of the input.
    violated: Vec<String>,
}

/// The smallest change of the weight of one criterion that makes another candidate win.
#[derive(SimpleObject)]
pub struct Sensitivity {
    /// The criterion.
    criterion: Coded<Criterion>,
    /// Its weight as given.
    from_weight: f64,
    /// The weight at which both are level, exact, on the scale of the weights given. Any further and `newWinner` wins.
    to_weight: f64,
    /// Who wins then.
    new_winner: Technology,
}

/// How a candidate fares over many weightings.
#[derive(SimpleObject)]
pub struct RankShare {
    /// The candidate.
    technology: Technology,
    /// The share of the weightings under which it wins, from 0 to 1.
    first_place_share: f64,
    /// Its mean rank, from 1.
    expected_rank: f64,
}

/// Nothing passes all constraints: why, and what to give up.
#[derive(SimpleObject)]
pub struct NoFeasibleOption {
    /// The smallest sets of constraints that nothing passes together: without any one of its members, a set would let
    /// something pass. At most 20.
    conflicts: Vec<Vec<String>>,
    /// What did not pass, at most 100: first what is of the right kind, by slug.
    excluded: Vec<Exclusion>,
    /// How many did not pass.
    excluded_count: i32,
    /// The smallest changes with which something would pass, at most 20.
    relaxations: Vec<String>,
    /// What the answer takes for granted.
    assumptions: Vec<String>,
    /// The revision of the catalogue that it was computed from.
    revision: i64,
}

/// What a recommendation or a comparison counts for among the things that one request may list: ten of them fit into one.
pub(crate) const THINGS_OF_AN_ANSWER: usize = 5_000;

/// More decimals would claim a precision that confidences do not have.
pub(crate) fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

pub(crate) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(crate) fn technology(dossier: &Dossier) -> Technology {
    Technology::from((*dossier.technology).clone())
}

pub(crate) fn facts(evidence: &[&Evidence]) -> Vec<Fact> {
    evidence.iter().map(|evidence| Fact::from(evidence.fact.clone())).collect()
}

impl From<DomainCandidate<'_>> for Candidate {
    fn from(candidate: DomainCandidate<'_>) -> Self {
        let DomainCandidate { dossier, rank, score, contributions, missing, risks } = candidate;
        Self {
            technology: technology(dossier),
            rank: count(rank),
            score: rounded(score),
            contributions: contributions.into_iter().map(Into::into).collect(),
            missing: coded(missing),
            risks: facts(&risks),
        }
    }
}

impl From<DomainContribution<'_>> for Contribution {
    fn from(contribution: DomainContribution<'_>) -> Self {
        let DomainContribution { criterion, weight, value, points, explanation, evidence } = contribution;
        Self {
            criterion: criterion.into(),
            weight: rounded(weight),
            value: rounded(value),
            points: rounded(points),
            explanation,
            facts: facts(&evidence),
        }
    }
}

fn exclusion(exclusion: &DomainExclusion<'_>, request: &Request) -> Option<Exclusion> {
    let DomainExclusion { dossier, breaches } = exclusion;
    let label = |constraint: usize| request.constraints[constraint].to_string();
    let first = breaches.first()?;
    Some(Exclusion {
        technology: technology(dossier),
        constraint: label(first.constraint),
        reason: first.reason.clone(),
        facts: facts(&first.evidence),
        nearest_fix: first.fix.clone(),
        violated: breaches.iter().map(|breach| label(breach.constraint)).collect(),
    })
}

fn share(share: &DomainShare<'_>) -> RankShare {
    let DomainShare { dossier, first_place_share, expected_rank } = share;
    RankShare {
        technology: technology(dossier),
        first_place_share: rounded(*first_place_share),
        expected_rank: rounded(*expected_rank),
    }
}

fn missing_evidence(candidate: &DomainCandidate<'_>) -> Option<String> {
    let criteria: Vec<&str> = candidate.missing.iter().map(|criterion| criterion.code()).collect();
    let name = &candidate.dossier.technology.value.name;
    (!criteria.is_empty()).then(|| format!("{name}: nothing is known on {}.", criteria.join(", ")))
}

/// What lets something pass: the fix of a technology that breaks only these, or giving them up.
fn relaxation(set: &[usize], answer: &DomainRecommendation<'_>, request: &Request) -> String {
    let broken = |exclusion: &&DomainExclusion<'_>| {
        exclusion.breaches.iter().map(|breach| breach.constraint).eq(set.iter().copied())
    };
    let near = answer.excluded.iter().find(broken);
    let step = |constraint: &usize| {
        let mut breaches = near.into_iter().flat_map(|exclusion| &exclusion.breaches);
        let fix =
            breaches.find(|breach| breach.constraint == *constraint).and_then(|breach| breach.fix.clone());
        fix.unwrap_or_else(|| format!("Give up `{}`.", request.constraints[*constraint]))
    };
    let steps: Vec<String> = set.iter().map(step).collect();
    let passes = near.map(|exclusion| format!(" {} passes then.", exclusion.dossier.technology.value.name));
    format!("{}{}", steps.join(" "), passes.unwrap_or_default())
}

fn infeasible(
    answer: &DomainRecommendation<'_>,
    conflicts: &Conflicts,
    request: &Request,
    revision: i64,
) -> NoFeasibleOption {
    let labels = |set: &Vec<usize>| set.iter().map(|at| request.constraints[*at].to_string()).collect();
    NoFeasibleOption {
        conflicts: conflicts.minimal.iter().map(labels).collect(),
        excluded: answer.excluded.iter().filter_map(|one| exclusion(one, request)).collect(),
        excluded_count: count(answer.excluded_count),
        relaxations: conflicts.relaxations.iter().map(|set| relaxation(set, answer, request)).collect(),
        assumptions: assumptions(request),
        revision,
    }
}

fn feasible(answer: DomainRecommendation<'_>, request: &Request, revision: i64) -> Recommendation {
    let sensitivity = answer.sensitivity.iter().map(|(flip, winner)| Sensitivity {
        criterion: flip.criterion.into(),
        from_weight: flip.from_weight,
        to_weight: flip.to_weight,
        new_winner: technology(winner),
    });
    Recommendation {
        feasible_count: count(answer.feasible),
        excluded: answer.excluded.iter().filter_map(|one| exclusion(one, request)).collect(),
        excluded_count: count(answer.excluded_count),
        sensitivity: sensitivity.collect(),
        robustness: answer.robustness.iter().map(share).collect(),
        weightings: count(answer.weightings),
        missing_evidence: answer.candidates.iter().filter_map(missing_evidence).collect(),
        candidates: answer.candidates.into_iter().map(Into::into).collect(),
        assumptions: assumptions(request),
        revision,
    }
}

/// The root of recommendations.
#[derive(Default)]
pub(crate) struct RecommendationQuery;

#[Object]
impl RecommendationQuery {
    /// Which backend to take, why, and what would change that. Every point of a score is traced to facts; what is not
    /// known is said and adds nothing.
    async fn recommend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is needed.")] input: RecommendationInput,
    ) -> FieldResult<RecommendationResult> {
        let invalid = |errors| InvalidInput::from_errors(errors).map(RecommendationResult::InvalidInput);
        let wish = match input.wish(ctx) {
            Ok(wish) => wish,
            Err(error) => return invalid(vec![error]),
        };
        loader(ctx).list(THINGS_OF_AN_ANSWER).await;
        let dossiers = loader(ctx).direct().dossiers().await.map_err(at(ctx))?;
        let request = match Request::resolve(&dossiers, wish) {
            Ok(request) => request,
            Err(errors) => return invalid(errors),
        };
        let answer: domain::Recommendation<'_> = recommend(&dossiers, &request);
        let revision = dossiers.revision;
        Ok(match &answer.conflicts {
            Some(conflicts) => {
                RecommendationResult::NoFeasibleOption(infeasible(&answer, conflicts, &request, revision))
            }
            None => RecommendationResult::Recommendation(feasible(answer, &request, revision)),
        })
    }
}
