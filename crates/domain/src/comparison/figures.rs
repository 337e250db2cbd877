//! Figures that may be set against each other: of one metric, from one source, under one load.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    code::Code,
    dossier::{Dossier, Evidence},
    fact::FactDetail,
    id::Id,
    metric::{self, MetricKey},
    selection_criterion::Criterion,
    subject::Subject,
};

/// The place of a technology with its figure.
type Figure<'a> = (usize, Decimal, &'a Evidence);

/// Figures of one metric, from one source, under one load or from one registry.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparableFigures<'a> {
    /// What is measured.
    pub metric: MetricKey,
    /// The load or the registry: the beginning of the conditions.
    pub series: String,
    /// Each figure with the place of its technology, the best first.
    pub figures: Vec<Figure<'a>>,
    /// The place of the technology that is ahead; nothing when two are level.
    pub best: Option<usize>,
}

/// The figures of several technologies under a criterion that may be set against each other. Of a technology that was
/// measured several times in one series, the best figure counts.
pub(super) fn comparable<'a>(
    technologies: &[&'a Dossier],
    criterion: Criterion,
    as_of: NaiveDate,
) -> Vec<ComparableFigures<'a>> {
    type Name = (&'static str, Option<Id<Subject>>, String);
    let mut series: BTreeMap<Name, (MetricKey, Vec<Figure<'_>>)> = BTreeMap::new();
    for (at, dossier) in technologies.iter().enumerate() {
        for one in dossier.counting(as_of) {
            let FactDetail::Metric { key, value, unit: _, conditions } = &one.fact.detail else { continue };
            if one.fact.criterion == Some(criterion) && key.more_is_better().is_some() {
                let name = (key.code(), one.source, metric::series(conditions.as_deref()).to_owned());
                series.entry(name).or_insert((*key, Vec::new())).1.push((at, *value, one));
            }
        }
    }
    let group = |((_, _, series), (metric, figures))| ranked(metric, series, figures);
    let mut groups: Vec<ComparableFigures<'a>> = series.into_iter().filter_map(group).collect();
    groups.sort_by_cached_key(|group| {
        let load: u32 = group.series.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(0);
        (group.metric, load, group.series.clone())
    });
    groups
}

/// The figures of a series, the best first. Nothing when only one technology has any.
fn ranked(metric: MetricKey, series: String, mut figures: Vec<Figure<'_>>) -> Option<ComparableFigures<'_>> {
    figures.sort_by(|left, right| match metric.more_is_better() {
        Some(true) => right.1.cmp(&left.1).then(left.0.cmp(&right.0)),
        _ => left.1.cmp(&right.1).then(left.0.cmp(&right.0)),
    });
    let mut seen = Vec::new();
    figures.retain(|(at, ..)| {
        let first = !seen.contains(at);
        seen.push(*at);
        first
    });
    let [(best, ahead, _), (_, next, _), ..] = figures.as_slice() else { return None };
    let best = (ahead != next).then_some(*best);
    Some(ComparableFigures { metric, series, figures, best })
}

/// What the figures say together: who is ahead everywhere, or that it depends.
pub(super) fn summary(figures: &[ComparableFigures<'_>], technologies: &[&Dossier]) -> Option<String> {
    let name = |at: usize| technologies[at].technology.value.name.as_str();
    let first = figures.first()?;
    if figures.iter().all(|group| group.best == first.best) {
        return Some(match first.best {
            Some(best) => {
                format!("{} is ahead in all {} comparable measurements.", name(best), figures.len())
            }
            None => "They are level in all comparable measurements.".to_owned(),
        });
    }
    let mut ahead: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
    for group in figures {
        let measurement = format!("{} at {}", group.metric.code(), group.series);
        ahead.entry(group.best).or_default().push(measurement);
    }
    let part = |(best, measurements): (Option<usize>, Vec<String>)| {
        let who = best.map_or("nobody", name);
        format!("{who} is ahead in {}", measurements.join(", "))
    };
    let parts: Vec<String> = ahead.into_iter().map(part).collect();
    Some(format!("It depends: {}.", parts.join("; ")))
}
