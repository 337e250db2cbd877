use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::{
    assessment::TeamSkill,
    capability::{Capability, SupportLevel},
    dossier::{
        Link,
        tests::{TODAY, dossier, evidence, id},
    },
    fact::FactDetail,
    fit_rule::SkillLevel,
    relation::RelationKind,
    technology::TechnologyKind,
};

const LANGUAGES: [&str; 3] = ["php", "python", "rust"];

/// What is said of one technology: pros and cons by criterion, a language, and a capability with its level.
type Said = (Vec<(usize, bool)>, usize, Option<usize>);

fn said() -> impl Strategy<Value = Said> {
    let traits = prop::collection::vec((0..CRITERIA, any::<bool>()), 0..8);
    (traits, 0..LANGUAGES.len(), prop::option::of(0..SupportLevel::VARIANTS.len()))
}

fn technology(name: usize, said: &Said, code: &mut usize) -> Dossier {
    let mut next = |kind, detail| {
        *code += 1;
        evidence(&format!("F{code}"), kind, detail)
    };
    let mut dossier = dossier(&format!("technology-{name:03}"), TechnologyKind::BackendFramework);
    for (criterion, pro) in &said.0 {
        let mut one = next(if *pro { FactKind::Pro } else { FactKind::Con }, FactDetail::Trait);
        one.fact.criterion = Some(Criterion::VARIANTS[*criterion]);
        dossier.evidence.push(Arc::new(one));
    }
    let link = Arc::new(next(FactKind::Relation, FactDetail::Statement));
    dossier.links.push(Link { kind: RelationKind::Language, to: id(LANGUAGES[said.1]), evidence: link });
    if let Some(level) = said.2 {
        let level = SupportLevel::VARIANTS[level];
        let detail = FactDetail::Capability { capability: Capability::Orm, level };
        dossier.evidence.push(Arc::new(next(FactKind::Capability, detail)));
    }
    dossier
}

fn catalogue(said: &[Said]) -> Dossiers {
    let mut code = 0;
    let technologies = said.iter().enumerate().map(|(name, said)| technology(name, said, &mut code));
    let languages = LANGUAGES.iter().map(|slug| dossier(slug, TechnologyKind::Language));
    Dossiers::new(7, technologies.chain(languages).collect())
}

fn wish() -> Wish {
    Wish {
        use_cases: vec![],
        platforms: vec![],
        team: vec![RequestedSkill { language: "python".to_owned(), level: SkillLevel::Senior, people: 2 }],
        horizon_years: 3,
        weights: None,
        constraints: vec![],
        include: None,
        usage: None,
        as_of: TODAY,
        first: 50,
    }
}

fn answer(dossiers: &Dossiers, wish: Wish) -> (Request, Recommendation<'_>) {
    let request = Request::resolve(dossiers, wish).unwrap();
    let answer = recommend(dossiers, &request);
    (request, answer)
}

fn order(answer: &Recommendation<'_>) -> Vec<String> {
    answer.candidates.iter().map(|candidate| candidate.dossier.slug().to_owned()).collect()
}

fn weights() -> impl Strategy<Value = Vec<(Criterion, f64)>> {
    prop::collection::vec(0u8..20, CRITERIA)
        .prop_filter("something weighs", |list| list.iter().any(|weight| *weight > 0))
        .prop_map(|list| {
            list.iter().zip(Criterion::VARIANTS).map(|(weight, one)| (*one, f64::from(*weight))).collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scaling_all_weights_changes_nothing(
        said in prop::collection::vec(said(), 1..12),
        weights in weights(),
        factor in 0.001f64..1_000.0,
    ) {
        let dossiers = catalogue(&said);
        let scaled = weights.iter().map(|(one, weight)| (*one, weight * factor)).collect();
        let (_, plain) = answer(&dossiers, Wish { weights: Some(weights), ..wish() });
        let (_, other) = answer(&dossiers, Wish { weights: Some(scaled), ..wish() });
        prop_assert_eq!(order(&plain), order(&other));
        for (one, other) in plain.candidates.iter().zip(&other.candidates) {
            prop_assert!((one.score - other.score).abs() < 1e-9);
        }
        prop_assert_eq!(&plain.robustness, &other.robustness);
    }

    #[test]
    fn removing_a_loser_never_changes_the_winner(
        said in prop::collection::vec(said(), 2..12),
        weights in weights(),
        loser in 1usize..12,
    ) {
        let dossiers = catalogue(&said);
        let (_, before) = answer(&dossiers, Wish { weights: Some(weights.clone()), ..wish() });
        let slugs = order(&before);
        let loser = slugs[loser % (slugs.len() - 1) + 1].clone();
        let exclude = RequestedConstraint::Exclude(vec![loser.clone()]);
        let (_, after) = answer(&dossiers, Wish { weights: Some(weights), constraints: vec![exclude], ..wish() });
        let rest: Vec<String> = slugs.into_iter().filter(|slug| *slug != loser).collect();
        prop_assert_eq!(order(&after), rest);
    }

    #[test]
    fn a_constraint_never_lets_a_violator_through(said in prop::collection::vec(said(), 1..12)) {
        let dossiers = catalogue(&said);
        let constraints = vec![
            RequestedConstraint::LanguageIn(vec!["python".to_owned(), "php".to_owned()]),
            RequestedConstraint::Requires(Capability::Orm),
        ];
        let (_, answer) = answer(&dossiers, Wish { constraints, ..wish() });
        let passes = |(_, language, level): &Said| {
            let level = level.map(|at| SupportLevel::VARIANTS[at]);
            *language < 2 && level.is_some_and(|level| !matches!(level, SupportLevel::None | SupportLevel::Unknown))
        };
        prop_assert_eq!(answer.feasible, said.iter().filter(|said| passes(said)).count());
        for candidate in &answer.candidates {
            let at: usize = candidate.dossier.slug()["technology-".len()..].parse().unwrap();
            prop_assert!(passes(&said[at]));
        }
        prop_assert_eq!(answer.feasible + answer.excluded_count, said.len());
        prop_assert_eq!(answer.conflicts.is_some(), answer.feasible == 0);
    }

    #[test]
    fn a_score_is_the_sum_of_its_contributions_and_agrees_with_the_ranks(
        said in prop::collection::vec(said(), 1..12),
        weights in weights(),
    ) {
        let dossiers = catalogue(&said);
        let (request, answer) = answer(&dossiers, Wish { weights: Some(weights), ..wish() });
        let total: f64 = request.weights.iter().sum();
        for candidate in &answer.candidates {
            let points: f64 = candidate.contributions.iter().map(|one| one.points).sum();
            prop_assert!((points - candidate.score).abs() < 1e-9);
            for one in &candidate.contributions {
                prop_assert!((one.points - 100.0 * one.weight * one.value).abs() < 1e-9);
                prop_assert!(!one.evidence.is_empty() && (-1.0..=1.0).contains(&one.value));
                let at = Criterion::VARIANTS.iter().position(|other| *other == one.criterion).unwrap();
                prop_assert!((one.weight - request.weights[at] / total).abs() < 1e-12);
            }
            let weighed = Criterion::VARIANTS.iter().zip(request.weights).filter(|(_, weight)| *weight > 0.0).count();
            // Nothing was asked of use cases and platforms: there is nothing to miss.
            prop_assert!(candidate.contributions.len() + candidate.missing.len() + 2 >= weighed);
        }
        prop_assert!(answer.candidates.windows(2).all(|pair| pair[0].score >= pair[1].score - 1e-9));
        let shares: f64 = answer.robustness.iter().map(|share| share.first_place_share).sum();
        prop_assert!((shares - 1.0).abs() < 1e-9, "everyone is shown");
    }

    #[test]
    fn the_same_question_has_the_same_answer(said in prop::collection::vec(said(), 1..12)) {
        let (one, other) = (catalogue(&said), catalogue(&said));
        prop_assert_eq!(format!("{:?}", answer(&one, wish()).1), format!("{:?}", answer(&other, wish()).1));
    }
}

#[test]
fn whoever_is_not_told_to_know_a_language_does_not() {
    let said = vec![(vec![], 0, None), (vec![], 1, None)];
    let dossiers = catalogue(&said);
    let (request, answer) = answer(&dossiers, wish());
    assert_eq!(
        request.needs.team,
        [TeamSkill { language: id("python"), level: SkillLevel::Senior, people: 2 }]
    );
    let value = |at: usize| answer.candidates[at].contributions[0].value;
    assert_eq!(order(&answer), ["technology-001", "technology-000"]);
    assert!(value(0) > 0.5 && value(1) < -0.5, "{} {}", value(0), value(1));
}

#[test]
fn what_is_not_known_takes_nothing_from_what_is() {
    let value = |levels: &[SupportLevel]| {
        let mut django = dossier("django", TechnologyKind::BackendFramework);
        for (at, level) in levels.iter().enumerate() {
            let detail = FactDetail::Capability { capability: Capability::Orm, level: *level };
            let mut one = evidence(&format!("django.orm-{at}"), FactKind::Capability, detail);
            one.fact.criterion = Some(Criterion::TimeToMarket);
            django.evidence.push(Arc::new(one));
        }
        let dossiers = Dossiers::new(1, vec![django]);
        let needs =
            Needs { use_cases: vec![], platforms: vec![], team: vec![], horizon_years: 1, as_of: TODAY };
        assess(&dossiers, &dossiers.list()[0], Criterion::TimeToMarket, &needs).value
    };
    let known = value(&[SupportLevel::Native]);
    assert!(known.unwrap() > 0.0);
    assert_eq!(value(&[SupportLevel::Unknown, SupportLevel::Native]), known);
    assert_eq!(value(&[SupportLevel::Native, SupportLevel::Unknown]), known);
    assert_eq!(value(&[SupportLevel::Unknown]), None);
}

#[test]
fn everything_that_is_wrong_is_told_with_its_path() {
    let dossiers = catalogue(&[(vec![], 0, None)]);
    let wrong = Wish {
        team: vec![RequestedSkill { language: "pyton".to_owned(), level: SkillLevel::Senior, people: 0 }],
        weights: Some(vec![(Criterion::Cost, -1.0), (Criterion::Cost, f64::NAN)]),
        constraints: vec![
            RequestedConstraint::Exclude(vec!["nothing".to_owned()]),
            RequestedConstraint::MaxLockIn(1.5),
        ],
        first: 51,
        ..wish()
    };
    let problems = Request::resolve(&dossiers, wrong).unwrap_err();
    let fields: Vec<String> =
        problems.iter().map(|error| error.to_string().split_once(": ").unwrap().0.to_owned()).collect();
    let expected = [
        "input.team[0].people",
        "input.team[0].language",
        "input.weights[0].weight",
        "input.weights[1].criterion",
        "input.weights[1].weight",
        "input.constraints[0].exclude[0]",
        "input.constraints[1].maxLockIn",
        "input.first",
    ];
    assert_eq!(fields, expected);
    let long = Wish { include: Some(vec!["x".to_owned(); 10_000]), ..wish() };
    let problems = Request::resolve(&dossiers, long).unwrap_err();
    assert_eq!(problems[0].to_string(), "input.include: holds 10000; allowed are 100.");
}

#[test]
fn constraints_that_nothing_could_pass_are_a_mistake() {
    let dossiers = catalogue(&[(vec![], 0, None)]);
    let constraints = vec![RequestedConstraint::SelfHostable(true), RequestedConstraint::SelfHostable(false)];
    let problems = Request::resolve(&dossiers, Wish { constraints, ..wish() }).unwrap_err();
    assert!(problems[0].to_string().starts_with("input.constraints[1]: `selfHostable: false` contradicts"));
}
