//! Comparisons.

use async_graphql::{Context, Object, SimpleObject, Union};
use stackfit_domain::{
    comparison::{self as domain, Cell, ComparableFigures as DomainFigures, Outcome, Request, Row, compare},
    dossier::{Dossier, Evidence},
    freshness::Freshness,
    metric::MetricKey,
    selection_criterion::Criterion,
    technology::TechnologyKind,
};

use crate::{
    coded::{Coded, codes},
    context::{day, loader},
    error::{FieldResult, at},
    fact::Fact,
    fact_types::Metric,
    invalid_input::InvalidInput,
    recommendation::{THINGS_OF_AN_ANSWER, count, facts, rounded, technology},
    scalar::Date,
    technology::Technology,
};

/// What `compare` answers.
#[derive(Union)]
pub enum ComparisonResult {
    /// They stand side by side.
    Comparison(Comparison),
    /// They solve different parts of the problem.
    NotComparable(NotComparable),
    /// The input cannot be answered.
    InvalidInput(InvalidInput),
}

/// Technologies of one kind side by side.
#[derive(SimpleObject)]
pub struct Comparison {
    /// The technologies, in the order in which they were named.
    technologies: Vec<Technology>,
    /// What is known, criterion by criterion, in the order of the criteria asked for.
    rows: Vec<ComparisonRow>,
    /// What to mind when reading it. Empty when there is nothing.
    warnings: Vec<String>,
    /// The revision of the catalogue that it was computed from.
    revision: i64,
}

/// Technologies under one criterion.
#[derive(SimpleObject)]
pub struct ComparisonRow {
    /// The criterion.
    criterion: Coded<Criterion>,
    /// What is known of each technology, in their order.
    cells: Vec<ComparisonCell>,
    /// Whether what is known of them differs: in scores that differ by a tenth, or, without scores, in text.
    differs: bool,
    /// The figures that may be set against each other: of one metric, from one source, under one load.
    figures: Vec<ComparableFigures>,
    /// What these figures say together: who is ahead, or that it depends, and on what. Null without such figures.
    summary: Option<String>,
}

/// What is known of one technology under one criterion.
#[derive(SimpleObject)]
pub struct ComparisonCell {
    /// The technology.
    technology: Technology,
    /// What the facts say, to show.
    text: String,
    /// The facts, those that weigh most first, at most 20. Empty when nothing is known.
    facts: Vec<Fact>,
    /// How many facts there are.
    fact_count: i32,
    /// The age of the oldest fact. Null when nothing is known.
    freshness: Option<Coded<Freshness>>,
    /// From −1 (against) to 1 (for). Null where a number would not be honest: the criterion depends on who asks, is
    /// told by figures, or too little is known.
    score: Option<f64>,
}

/// Figures of one metric, from one source, under one load or from one registry.
#[derive(SimpleObject)]
pub struct ComparableFigures {
    /// What is measured.
    metric: Coded<MetricKey>,
    /// The load or the registry, as in `64 connections`.
    load: String,
    /// The figures, the best first; one for each technology that was measured.
    figures: Vec<Metric>,
    /// The technology that is ahead. Null when two are level.
    best: Option<Technology>,
}

/// Technologies that solve different parts of the problem: no number sets one against another.
#[derive(SimpleObject)]
pub struct NotComparable {
    /// Why, and what to do instead.
    reason: String,
    /// The technologies by kind: those of one kind can be compared.
    groups: Vec<ComparableGroup>,
}

/// Technologies of one kind.
#[derive(SimpleObject)]
pub struct ComparableGroup {
    /// The kind.
    kind: Coded<TechnologyKind>,
    /// The technologies.
    technologies: Vec<Technology>,
}

fn cell(cell: Cell<'_>) -> ComparisonCell {
    let Cell { dossier, evidence, facts: fact_count, text, score, freshness } = cell;
    ComparisonCell {
        technology: technology(dossier),
        text,
        facts: facts(&evidence),
        fact_count: count(fact_count),
        freshness: freshness.map(Into::into),
        score: score.map(rounded),
    }
}

fn figures(group: DomainFigures<'_>, technologies: &[&Dossier]) -> ComparableFigures {
    let DomainFigures { metric, series, figures, best } = group;
    let fact =
        |(_, _, evidence): &(_, _, &Evidence)| Metric::try_from(Fact::from(evidence.fact.clone())).ok();
    ComparableFigures {
        metric: metric.into(),
        load: series,
        figures: figures.iter().filter_map(fact).collect(),
        best: best.map(|at| technology(technologies[at])),
    }
}

fn row(row: Row<'_>, technologies: &[&Dossier]) -> ComparisonRow {
    let Row { criterion, cells, differs, figures: groups, summary } = row;
    ComparisonRow {
        criterion: criterion.into(),
        cells: cells.into_iter().map(cell).collect(),
        differs,
        figures: groups.into_iter().map(|group| figures(group, technologies)).collect(),
        summary,
    }
}

fn comparison(comparison: domain::Comparison<'_>, revision: i64) -> Comparison {
    let domain::Comparison { technologies, rows, warnings } = comparison;
    Comparison {
        rows: rows.into_iter().map(|one| row(one, &technologies)).collect(),
        technologies: technologies.into_iter().map(technology).collect(),
        warnings,
        revision,
    }
}

fn not_comparable(kinds: Vec<(TechnologyKind, Vec<&Dossier>)>) -> NotComparable {
    let group = |(kind, technologies): (TechnologyKind, Vec<&Dossier>)| ComparableGroup {
        kind: kind.into(),
        technologies: technologies.into_iter().map(technology).collect(),
    };
    NotComparable {
        reason:
            "They solve different parts of the problem, so that a number for one says nothing about another. \
                 Compare those of one kind, or ask `recommend` with what you need."
                .to_owned(),
        groups: kinds.into_iter().map(group).collect(),
    }
}

/// The root of comparisons.
#[derive(Default)]
pub(crate) struct ComparisonQuery;

#[Object]
impl ComparisonQuery {
    /// Technologies of one kind side by side, criterion by criterion, with the facts. A framework is not compared with
    /// a Backend as a Service by number.
    async fn compare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The technologies, by slug, from 2 to 10.")] slugs: Vec<String>,
        #[graphql(desc = "The criteria, in order; all of them when left out.")] criteria: Option<
            Vec<Coded<Criterion>>,
        >,
        #[graphql(desc = "Leave out the criteria under which they do not differ.", default = false)]
        only_differences: bool,
        #[graphql(desc = "The day of the comparison; today when left out.")] as_of: Option<Date>,
    ) -> FieldResult<ComparisonResult> {
        let as_of = day(ctx, as_of);
        let request = Request { slugs, criteria: criteria.map(codes), only_differences, as_of };
        loader(ctx).list(THINGS_OF_AN_ANSWER).await;
        let dossiers = loader(ctx).direct().dossiers().await.map_err(at(ctx))?;
        Ok(match compare(&dossiers, &request) {
            Ok(Outcome::Comparable(found)) => {
                ComparisonResult::Comparison(comparison(found, dossiers.revision))
            }
            Ok(Outcome::NotComparable(kinds)) => ComparisonResult::NotComparable(not_comparable(kinds)),
            Err(errors) => ComparisonResult::InvalidInput(InvalidInput::from_errors(errors)?),
        })
    }
}
