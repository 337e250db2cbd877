use std::sync::Arc;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::{
    dossier::tests::{TODAY, dossier, evidence},
    fact::{FactDetail, FactKind},
    metric::MetricKey,
};

fn measured(slug: &str, figures: &[(&str, i64)]) -> Dossier {
    let mut dossier = dossier(slug, TechnologyKind::BackendFramework);
    for (at, (load, value)) in figures.iter().enumerate() {
        let detail = FactDetail::Metric {
            key: MetricKey::RequestsPerSecond,
            value: Decimal::from(*value),
            unit: "requests per second".to_owned(),
            conditions: Some(format!("{load}, {slug}")),
        };
        let mut one = evidence(&format!("{slug}.rps-{at}"), FactKind::Metric, detail);
        one.fact.criterion = Some(Criterion::Performance);
        dossier.evidence.push(Arc::new(one));
    }
    dossier
}

fn request(slugs: &[&str]) -> Request {
    let slugs = slugs.iter().map(|slug| (*slug).to_owned()).collect();
    Request { slugs, criteria: Some(vec![Criterion::Performance]), only_differences: false, as_of: TODAY }
}

fn comparison<'a>(dossiers: &'a Dossiers, request: &Request) -> Comparison<'a> {
    match compare(dossiers, request).unwrap() {
        Outcome::Comparable(comparison) => comparison,
        Outcome::NotComparable(kinds) => panic!("{kinds:?}"),
    }
}

#[test]
fn who_is_faster_may_depend_on_the_load() {
    let rails = measured("rails", &[("64 connections", 2_480), ("512 connections", 4_189)]);
    let django = measured("django", &[("64 connections", 2_544), ("512 connections", 3_000), ("npm", 1)]);
    let dossiers = Dossiers::new(1, vec![rails, django]);
    let comparison = comparison(&dossiers, &request(&["rails", "django"]));
    let row = &comparison.rows[0];
    let best: Vec<_> = row.figures.iter().map(|group| (group.series.as_str(), group.best)).collect();
    assert_eq!(best, [("64 connections", Some(1)), ("512 connections", Some(0))]);
    assert!(
        row.summary.as_deref().unwrap().starts_with("It depends: rails is ahead in"),
        "{:?}",
        row.summary
    );
    assert_eq!(row.cells[0].score, None, "a figure means nothing by itself");
}

#[test]
fn things_of_different_kinds_are_not_compared() {
    let baas = dossier("firebase", TechnologyKind::Baas);
    let faas = dossier("lambda", TechnologyKind::Faas);
    let framework = dossier("django", TechnologyKind::BackendFramework);
    let dossiers = Dossiers::new(1, vec![baas, faas, framework]);
    let Outcome::NotComparable(kinds) = compare(&dossiers, &request(&["firebase", "django"])).unwrap() else {
        panic!("they are compared");
    };
    assert_eq!(
        kinds.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(),
        [TechnologyKind::BackendFramework, TechnologyKind::Baas]
    );
    let related = comparison(&dossiers, &request(&["firebase", "lambda"]));
    assert_eq!(related.warnings.len(), 1);
}

#[test]
fn what_is_wrong_is_told_with_its_path() {
    let dossiers = Dossiers::new(1, vec![measured("rails", &[]), measured("django", &[])]);
    let problems = |slugs: &[&str]| compare(&dossiers, &request(slugs)).unwrap_err()[0].to_string();
    assert!(problems(&["rails"]).starts_with("slugs: names 1 technologies"));
    assert!(problems(&["rails"; 11]).starts_with("slugs: names 11 technologies"));
    assert!(problems(&["rails", "rails"]).starts_with("slugs[1]: `rails` is named twice"));
    assert!(problems(&["rails", "djanga"]).ends_with("Did you mean django?"));
}

proptest! {
    #[test]
    fn the_one_ahead_has_the_largest_figure(figures in prop::collection::vec(0i64..5, 2..6)) {
        let names: Vec<String> = (0..figures.len()).map(|at| format!("t{at}")).collect();
        let technology = |(name, value): (&String, &i64)| measured(name, &[("64 connections", *value)]);
        let dossiers = Dossiers::new(1, names.iter().zip(&figures).map(technology).collect());
        let slugs: Vec<&str> = names.iter().map(String::as_str).collect();
        let comparison = comparison(&dossiers, &request(&slugs));
        let best = comparison.rows[0].figures[0].best;
        let most = *figures.iter().max().unwrap();
        let leaders = figures.iter().filter(|value| **value == most).count();
        prop_assert_eq!(best.is_some(), leaders == 1);
        prop_assert!(best.is_none_or(|at| figures[at] == most));
    }

    #[test]
    fn only_differences_leaves_out_exactly_what_does_not_differ(pros in prop::collection::vec(any::<bool>(), 2..5)) {
        let technology = |(at, pro): (usize, &bool)| {
            let mut dossier = dossier(&format!("t{at}"), TechnologyKind::BackendFramework);
            let mut one = evidence(&format!("t{at}.trait"), if *pro { FactKind::Pro } else { FactKind::Con }, FactDetail::Trait);
            one.fact.criterion = Some(Criterion::Security);
            dossier.evidence.push(Arc::new(one));
            dossier
        };
        let dossiers = Dossiers::new(1, pros.iter().enumerate().map(technology).collect());
        let slugs = (0..pros.len()).map(|at| format!("t{at}")).collect();
        let whole = Request { slugs, criteria: None, only_differences: false, as_of: TODAY };
        let all = comparison(&dossiers, &whole);
        let some = comparison(&dossiers, &Request { only_differences: true, ..whole });
        let differing: Vec<_> = all.rows.into_iter().filter(|row| row.differs).collect();
        prop_assert_eq!(differing.iter().any(|row| row.criterion == Criterion::Security), pros.iter().any(|pro| *pro != pros[0]));
        prop_assert_eq!(some.rows, differing);
    }
}
