//! Fit rules: what sources recommend for a use case or a team.

use super::{Assessment, Ground, Item, Needs, mastery, value};
use crate::{
    dossier::{Dossier, Dossiers, Evidence},
    fact::{Fact, FactDetail, FactKind},
    fit_rule::{FitStrength, SkillLevel, UseCase},
    id::Id,
    relation::RelationKind,
    selection_criterion::Criterion,
    subject::Subject,
};

/// What a rule about a language or a runtime weighs for what is built with it.
const INHERITED: f64 = 0.5;

/// What a recommendation speaks for. That a source calls something the best says no more than that it recommends it.
fn direction(strength: FitStrength) -> f64 {
    match strength {
        FitStrength::Best | FitStrength::Good => 1.0,
        FitStrength::Viable => 0.3,
        FitStrength::Avoid => -1.0,
    }
}

/// A fit rule that holds for a technology: by itself, or through its language or runtime.
struct Applicable<'a> {
    evidence: &'a Evidence,
    strength: FitStrength,
    team_language: Option<Id<Subject>>,
    minimum_skill: Option<SkillLevel>,
    through: Option<Id<Subject>>,
}

impl Applicable<'_> {
    fn weight(&self, needs: &Needs) -> f64 {
        let factor = if self.through.is_some() { INHERITED } else { 1.0 };
        factor * self.evidence.confidence(needs.as_of)
    }
}

fn rules_of<'a>(dossier: &'a Dossier, through: Option<Id<Subject>>, needs: &Needs) -> Vec<Applicable<'a>> {
    let rule = |evidence: &'a std::sync::Arc<Evidence>| match evidence.fact.detail {
        FactDetail::FitRule { strength, team_language, minimum_skill } => {
            Some(Applicable { evidence, strength, team_language, minimum_skill, through })
        }
        _ => None,
    };
    dossier.rules.iter().filter(|evidence| evidence.counts(needs.as_of)).filter_map(rule).collect()
}

/// The rules that hold for a technology; each once, by itself rather than through another.
fn applicable<'a>(dossiers: &'a Dossiers, dossier: &'a Dossier, needs: &Needs) -> Vec<Applicable<'a>> {
    let mut rules = rules_of(dossier, None, needs);
    for kind in [RelationKind::Language, RelationKind::RunsOn] {
        for link in dossier.linked(kind, needs.as_of) {
            let Some(other) = dossiers.of(link.to) else { continue };
            for rule in rules_of(other, Some(link.to), needs) {
                if rules.iter().all(|known| known.evidence.fact.id != rule.evidence.fact.id) {
                    rules.push(rule);
                }
            }
        }
    }
    rules
}

/// How a technology suits the use cases: the mean of what is known for each, where nothing known counts as 0.
pub(super) fn use_case_fit<'a>(
    dossiers: &'a Dossiers,
    dossier: &'a Dossier,
    needs: &Needs,
) -> Assessment<'a> {
    let rules = applicable(dossiers, dossier, needs);
    let of_each: Vec<Vec<Item<'a>>> =
        needs.use_cases.iter().map(|use_case| suits(dossier, &rules, *use_case, needs)).collect();
    let values: Vec<Option<f64>> = of_each.iter().map(|items| value(items)).collect();
    let known = values.iter().any(Option::is_some);
    let count = u32::try_from(values.len()).map_or(f64::MAX, f64::from);
    let mean = values.iter().map(|value| value.unwrap_or(0.0)).sum::<f64>() / count;
    Assessment { value: known.then_some(mean), items: of_each.into_iter().flatten().collect() }
}

fn suits<'a>(
    dossier: &'a Dossier,
    rules: &[Applicable<'a>],
    use_case: UseCase,
    needs: &Needs,
) -> Vec<Item<'a>> {
    let recommended =
        rules.iter().filter(|rule| rule.evidence.fact.use_case == Some(use_case)).map(|rule| Item {
            ground: rule
                .through
                .map_or(Ground::Fits(use_case), |through| Ground::FitsThrough(use_case, through)),
            direction: direction(rule.strength),
            weight: rule.weight(needs),
            evidence: vec![rule.evidence],
        });
    let told = dossier.counting(needs.as_of).filter_map(|evidence| {
        let Fact { kind, criterion, .. } = &evidence.fact;
        let direction = match kind {
            FactKind::Pro => 1.0,
            FactKind::Con => -1.0,
            _ => return None,
        };
        let meant = evidence.fact.use_case == Some(use_case)
            && criterion.is_none_or(|criterion| criterion == Criterion::UseCaseFit);
        let weight = evidence.confidence(needs.as_of);
        meant.then(|| Item { ground: Ground::Fits(use_case), direction, weight, evidence: vec![evidence] })
    });
    recommended.chain(told).collect()
}

/// The rules that presume a team to know a language, for a team that does.
pub(super) fn team_fit<'a>(dossiers: &'a Dossiers, dossier: &'a Dossier, needs: &Needs) -> Vec<Item<'a>> {
    if needs.team.is_empty() {
        return Vec::new();
    }
    let knows = |language: Id<Subject>, least: SkillLevel| {
        let mut of = needs.team.iter().filter(|skill| skill.language == language);
        of.any(|skill| mastery(skill.level) >= mastery(least))
    };
    let meant = |rule: &Applicable<'_>| {
        let least = rule.minimum_skill.unwrap_or(SkillLevel::Intermediate);
        rule.evidence.fact.use_case.is_none()
            && rule.team_language.is_some_and(|language| knows(language, least))
    };
    let item = |rule: Applicable<'a>| {
        let language = rule.team_language?;
        meant(&rule).then(|| Item {
            ground: Ground::FitsTeam(language),
            direction: direction(rule.strength),
            weight: rule.weight(needs),
            evidence: vec![rule.evidence],
        })
    };
    applicable(dossiers, dossier, needs).into_iter().filter_map(item).collect()
}
