//! Requests: what is asked for, checked against the catalogue.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use strum::VariantArray;

use super::{
    CRITERIA, Weights,
    constraint::{Breach, Constraint, Named},
    default_weight,
};
use crate::{
    Error,
    assessment::{Needs, TeamSkill},
    code::Code,
    cost::Usage,
    dossier::{Dossier, Dossiers},
    fit_rule::{SkillLevel, UseCase},
    selection_criterion::Criterion,
    technology::{Platform, TechnologyKind},
    text,
};

/// The most members of a list of a request.
pub const MAX_MEMBERS: usize = 100;
/// The most constraints.
pub const MAX_CONSTRAINTS: usize = 16;
/// The most years ahead.
pub const MAX_YEARS: i32 = 20;
/// The most people who know a language.
pub const MAX_PEOPLE: i32 = 100_000;
/// The largest weight.
pub const MAX_WEIGHT: f64 = 1_000_000.0;
/// The most candidates that are handed out.
pub const MAX_CANDIDATES: usize = 50;
/// The kinds that are candidates when no names are given, beside those that constraints name.
pub const CANDIDATE_KINDS: [TechnologyKind; 2] = [TechnologyKind::BackendFramework, TechnologyKind::Baas];

/// What somebody of a team knows, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedSkill {
    /// The language, by slug.
    pub language: String,
    /// How well it is known.
    pub level: SkillLevel,
    /// By how many people.
    pub people: i32,
}

/// A constraint as it was sent; technologies are named by slug.
pub type RequestedConstraint = Constraint<String>;

/// A request as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// What is to be built.
    pub use_cases: Vec<UseCase>,
    /// Where it shall run.
    pub platforms: Vec<Platform>,
    /// What the team knows.
    pub team: Vec<RequestedSkill>,
    /// For how many years it shall last.
    pub horizon_years: i32,
    /// What each criterion weighs; the defaults when absent.
    pub weights: Option<Vec<(Criterion, f64)>>,
    /// What a candidate must be.
    pub constraints: Vec<RequestedConstraint>,
    /// The candidates, by slug; all backend frameworks and Backends as a Service when absent.
    pub include: Option<Vec<String>>,
    /// What would be used, for what it costs.
    pub usage: Option<Usage>,
    /// The day of the answer.
    pub as_of: NaiveDate,
    /// How many candidates to hand out.
    pub first: i32,
}

/// A request that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What assessments need.
    pub needs: Needs,
    /// What each criterion weighs.
    pub weights: Weights,
    /// Whether the weights were given.
    pub weights_given: bool,
    /// What a candidate must be.
    pub constraints: Vec<Constraint>,
    /// The places of the candidates among the dossiers.
    pub candidates: Vec<usize>,
    /// Whether frameworks and Backends as a Service are among the candidates together.
    pub mixes_kinds: bool,
    /// What would be used, for what it costs.
    pub usage: Option<Usage>,
    /// How many candidates to hand out.
    pub first: usize,
}

impl Request {
    /// Checks a request against the catalogue, and tells all that is wrong with it.
    pub fn resolve(dossiers: &Dossiers, wish: Wish) -> Result<Self, Vec<Error>> {
        let mut check = Check { dossiers, problems: Vec::new() };
        check.sizes(&wish);
        if !check.problems.is_empty() {
            return Err(check.problems);
        }
        let team = check.team(&wish.team);
        let weights = check.weights(wish.weights.as_deref());
        let constraints = check.constraints(&wish);
        let candidates = check.candidates(wish.include.as_deref(), &constraints);
        check.contradictions(&constraints);
        check.range("horizonYears", wish.horizon_years, 1, MAX_YEARS);
        check.range("first", wish.first, 1, i32::try_from(MAX_CANDIDATES).unwrap_or(i32::MAX));
        if !check.problems.is_empty() {
            return Err(check.problems);
        }
        let kinds = kinds(dossiers, &candidates, &constraints);
        Ok(Self {
            needs: Needs {
                use_cases: once(wish.use_cases),
                platforms: once(wish.platforms),
                team,
                horizon_years: wish.horizon_years.unsigned_abs(),
                as_of: wish.as_of,
            },
            weights,
            weights_given: wish.weights.is_some(),
            constraints,
            candidates,
            mixes_kinds: kinds.contains(&TechnologyKind::Baas) && kinds.len() > 1,
            usage: wish.usage,
            first: usize::try_from(wish.first).unwrap_or(1),
        })
    }

    /// Whether a breach is one of the kind.
    pub(super) fn limits_kind(&self, breach: &Breach<'_>) -> bool {
        matches!(self.constraints[breach.constraint], Constraint::KindIn(_))
    }

    /// Whether a constraint names a platform.
    pub(super) fn limits_platform(&self) -> bool {
        self.constraints.iter().any(|constraint| matches!(constraint, Constraint::Platform(_)))
    }
}

fn once<T: Ord + Copy>(list: Vec<T>) -> Vec<T> {
    list.into_iter().collect::<BTreeSet<T>>().into_iter().collect()
}

/// The kinds of the candidates that the constraints allow.
fn kinds(dossiers: &Dossiers, candidates: &[usize], constraints: &[Constraint]) -> BTreeSet<TechnologyKind> {
    let allowed = |kind: &TechnologyKind| {
        constraints.iter().all(|constraint| match constraint {
            Constraint::KindIn(kinds) => kinds.contains(kind),
            _ => true,
        })
    };
    candidates.iter().map(|at| dossiers.list()[*at].technology.value.kind).filter(allowed).collect()
}

/// Gathers what is wrong, by the path of the field.
struct Check<'a> {
    dossiers: &'a Dossiers,
    problems: Vec<Error>,
}

impl Check<'_> {
    fn problem(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Error::invalid(format!("input.{}", path.into()), message));
    }

    fn range(&mut self, path: &str, value: i32, least: i32, most: i32) {
        if !(least..=most).contains(&value) {
            self.problem(path, format!("{value} is not allowed: from {least} to {most}."));
        }
    }

    fn size(&mut self, path: &str, size: usize, most: usize) {
        if size > most {
            self.problem(path, format!("holds {size}; allowed are {most}."));
        }
    }

    /// The sizes of all lists come first: what is too long is not looked at.
    fn sizes(&mut self, wish: &Wish) {
        self.size("useCases", wish.use_cases.len(), MAX_MEMBERS);
        self.size("platforms", wish.platforms.len(), MAX_MEMBERS);
        self.size("team", wish.team.len(), MAX_MEMBERS);
        self.size("weights", wish.weights.as_ref().map_or(0, Vec::len), CRITERIA);
        self.size("constraints", wish.constraints.len(), MAX_CONSTRAINTS);
        self.size("include", wish.include.as_ref().map_or(0, Vec::len), MAX_MEMBERS);
        for (at, constraint) in wish.constraints.iter().enumerate() {
            use RequestedConstraint as C;
            let (name, size) = match constraint {
                C::KindIn(list) => ("kindIn", list.len()),
                C::LanguageIn(list) => ("languageIn", list.len()),
                C::LanguageNotIn(list) => ("languageNotIn", list.len()),
                C::License(list) => ("license", list.len()),
                C::Exclude(list) => ("exclude", list.len()),
                _ => continue,
            };
            let path = format!("constraints[{at}].{name}");
            self.size(&path, size, MAX_MEMBERS);
            if size == 0 {
                self.problem(path, "must not be empty.");
            }
        }
    }

    /// A technology by slug, of one kind if one is wanted.
    fn technology(&mut self, path: &str, slug: &str, kind: Option<TechnologyKind>) -> Option<Named> {
        match self.dossiers.named(&format!("input.{path}"), slug, kind) {
            Ok(dossier) => {
                let record = &dossier.technology;
                Some(Named { id: record.id, slug: record.value.slug.clone() })
            }
            Err(error) => {
                self.problems.push(error);
                None
            }
        }
    }

    fn named(&mut self, path: &str, slugs: &[String], kind: Option<TechnologyKind>) -> Vec<Named> {
        let slugs = slugs.iter().enumerate();
        slugs.filter_map(|(at, slug)| self.technology(&format!("{path}[{at}]"), slug, kind)).collect()
    }

    fn team(&mut self, team: &[RequestedSkill]) -> Vec<TeamSkill> {
        let mut skills = Vec::new();
        for (at, RequestedSkill { language, level, people }) in team.iter().enumerate() {
            self.range(&format!("team[{at}].people"), *people, 1, MAX_PEOPLE);
            let path = format!("team[{at}].language");
            if let Some(named) = self.technology(&path, language, Some(TechnologyKind::Language)) {
                let people = people.unsigned_abs();
                skills.push(TeamSkill { language: named.id, level: *level, people });
            }
        }
        skills
    }

    fn weights(&mut self, given: Option<&[(Criterion, f64)]>) -> Weights {
        let Some(given) = given else {
            return std::array::from_fn(|at| default_weight(Criterion::VARIANTS[at]));
        };
        let mut weights = [0.0; CRITERIA];
        let mut known = BTreeSet::new();
        for (at, (criterion, weight)) in given.iter().enumerate() {
            if !known.insert(*criterion) {
                let message = format!("{} is weighed twice.", criterion.code());
                self.problem(format!("weights[{at}].criterion"), message);
            }
            if !(0.0..=MAX_WEIGHT).contains(weight) {
                let message = format!("{weight} is not allowed: from 0 to {MAX_WEIGHT}.");
                self.problem(format!("weights[{at}].weight"), message);
            }
            let place = Criterion::VARIANTS.iter().position(|other| other == criterion);
            if let Some(place) = place {
                weights[place] = *weight;
            }
        }
        if self.problems.is_empty() && weights.iter().sum::<f64>() <= 0.0 {
            self.problem("weights", "one of them must be more than 0; left out, the defaults count.");
        }
        weights
    }

    fn constraints(&mut self, wish: &Wish) -> Vec<Constraint> {
        let wanted = wish.constraints.iter().enumerate();
        wanted.map(|(at, constraint)| self.constraint(at, constraint, wish)).collect()
    }

    fn constraint(&mut self, at: usize, constraint: &RequestedConstraint, wish: &Wish) -> Constraint {
        use RequestedConstraint as C;
        let path = |name: &str| format!("constraints[{at}].{name}");
        let language = Some(TechnologyKind::Language);
        match constraint {
            C::KindIn(kinds) => Constraint::KindIn(once(kinds.clone())),
            C::LanguageIn(slugs) => Constraint::LanguageIn(self.named(&path("languageIn"), slugs, language)),
            C::LanguageNotIn(slugs) => {
                Constraint::LanguageNotIn(self.named(&path("languageNotIn"), slugs, language))
            }
            C::Platform(platform) => Constraint::Platform(*platform),
            C::License(list) => Constraint::License(self.licenses(&path("license"), list)),
            C::Requires(capability) => Constraint::Requires(*capability),
            C::SelfHostable(wanted) => Constraint::SelfHostable(*wanted),
            C::SupportedUntil(day) => {
                if *day < wish.as_of {
                    let message = format!("{day} lies before the day of the answer, {}.", wish.as_of);
                    self.problem(path("supportedUntil"), message);
                }
                Constraint::SupportedUntil(*day)
            }
            C::MaxLockIn(most) => {
                if !(0.0..=1.0).contains(most) {
                    self.problem(path("maxLockIn"), format!("{most} is not allowed: from 0 to 1."));
                }
                Constraint::MaxLockIn(*most)
            }
            C::MaxMonthlyCost(most) => {
                if most.is_sign_negative() && !most.is_zero() {
                    self.problem(path("maxMonthlyCost"), "must not be negative.");
                }
                if wish.usage.is_none() {
                    self.problem(path("maxMonthlyCost"), "needs `usage`: nothing costs what is not used.");
                }
                Constraint::MaxMonthlyCost(*most)
            }
            C::Exclude(slugs) => Constraint::Exclude(self.named(&path("exclude"), slugs, None)),
        }
    }

    fn licenses(&mut self, path: &str, list: &[String]) -> Vec<String> {
        let mut licenses = Vec::new();
        for (at, license) in list.iter().enumerate() {
            match text::line(&format!("input.{path}[{at}]"), license) {
                Ok(license) => licenses.push(license),
                Err(error) => self.problems.push(error),
            }
        }
        licenses
    }

    fn candidates(&mut self, include: Option<&[String]>, constraints: &[Constraint]) -> Vec<usize> {
        let places = self.dossiers.list().iter().enumerate();
        let Some(slugs) = include else {
            let named = |constraint: &Constraint, kind| match constraint {
                Constraint::KindIn(kinds) => kinds.contains(&kind),
                _ => false,
            };
            let meant = |dossier: &Dossier| {
                let technology = &dossier.technology.value;
                let kind = technology.kind;
                let asked = constraints.iter().any(|constraint| named(constraint, kind));
                !technology.archived && (asked || CANDIDATE_KINDS.contains(&kind))
            };
            return places.filter(|(_, dossier)| meant(dossier)).map(|(at, _)| at).collect();
        };
        if slugs.is_empty() {
            self.problem("include", "must not be empty; left out, everything is looked at.");
        }
        let named: BTreeSet<_> =
            self.named("include", slugs, None).into_iter().map(|named| named.id).collect();
        let places = self.dossiers.list().iter().enumerate();
        places.filter(|(_, dossier)| named.contains(&dossier.technology.id)).map(|(at, _)| at).collect()
    }

    /// Constraints that nothing in the world could pass together are a mistake, not a finding.
    fn contradictions(&mut self, constraints: &[Constraint]) {
        for (at, later) in constraints.iter().enumerate() {
            for (before, earlier) in constraints[..at].iter().enumerate() {
                if contradict(earlier, later) || contradict(later, earlier) {
                    let message = format!("`{later}` contradicts constraints[{before}], `{earlier}`.");
                    self.problem(format!("constraints[{at}]"), message);
                }
            }
        }
    }
}

fn contradict(one: &Constraint, other: &Constraint) -> bool {
    use Constraint as C;
    match (one, other) {
        (C::KindIn(one), C::KindIn(other)) => !one.iter().any(|kind| other.contains(kind)),
        (C::SelfHostable(one), C::SelfHostable(other)) => one != other,
        (C::LanguageIn(wanted), C::LanguageNotIn(unwanted)) => {
            wanted.iter().all(|named| unwanted.contains(named))
        }
        _ => false,
    }
}
