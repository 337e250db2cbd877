//! Comparisons: technologies of one kind side by side, criterion by criterion.
//!
//! A cell holds facts, their age and a text to show. A number stands in it only where one is honest: technologies of
//! the same kind, a criterion that means the same without knowing who asks, and evidence that weighs enough. Figures
//! are set against each other under the same load and from the same source only.

mod cell;
mod figures;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::{
    Error,
    code::Code,
    dossier::{Dossier, Dossiers},
    selection_criterion::Criterion,
    technology::TechnologyKind,
};
use strum::VariantArray;

pub use cell::{Cell, MAX_FACTS};
pub use figures::ComparableFigures;

/// The fewest and the most technologies that are compared.
pub const TECHNOLOGIES: std::ops::RangeInclusive<usize> = 2..=10;

/// Technologies under one criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    /// The criterion.
    pub criterion: Criterion,
    /// What is known of each technology, in their order.
    pub cells: Vec<Cell<'a>>,
    /// Whether what is known of them differs.
    pub differs: bool,
    /// The figures that may be set against each other.
    pub figures: Vec<ComparableFigures<'a>>,
    /// What the figures say together, in a sentence. Nothing without comparable figures.
    pub summary: Option<String>,
}

/// Technologies side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison<'a> {
    /// The technologies, in the order in which they were named.
    pub technologies: Vec<&'a Dossier>,
    /// What is known, criterion by criterion.
    pub rows: Vec<Row<'a>>,
    /// What to mind when reading it.
    pub warnings: Vec<String>,
}

/// What a comparison comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<'a> {
    /// They stand side by side.
    Comparable(Comparison<'a>),
    /// They solve different parts of the problem: by kind, in the order of the enumeration.
    NotComparable(Vec<(TechnologyKind, Vec<&'a Dossier>)>),
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The technologies, by slug.
    pub slugs: Vec<String>,
    /// The criteria; all of them when absent.
    pub criteria: Option<Vec<Criterion>>,
    /// Leave out what does not differ.
    pub only_differences: bool,
    /// The day of the comparison.
    pub as_of: NaiveDate,
}

/// Which kinds may stand side by side at all: those of one family solve the same part of the problem.
fn family(kind: TechnologyKind) -> u8 {
    match kind {
        TechnologyKind::BackendFramework => 0,
        TechnologyKind::ClientFramework => 1,
        TechnologyKind::Baas | TechnologyKind::Faas => 2,
        TechnologyKind::Language | TechnologyKind::Runtime => 3,
        TechnologyKind::Database | TechnologyKind::Cache => 4,
        TechnologyKind::WebServer => 5,
        TechnologyKind::Tool => 6,
        TechnologyKind::Protocol => 7,
    }
}

/// Compares technologies, or tells all that is wrong with the request.
pub fn compare<'a>(dossiers: &'a Dossiers, request: &Request) -> Result<Outcome<'a>, Vec<Error>> {
    let technologies = technologies(dossiers, &request.slugs)?;
    let criteria = criteria(request.criteria.as_deref())?;
    let kinds: BTreeSet<TechnologyKind> = technologies.iter().map(|one| one.technology.value.kind).collect();
    let families: BTreeSet<u8> = kinds.iter().copied().map(family).collect();
    if families.len() > 1 {
        let of = |kind: TechnologyKind| {
            let of_kind = |one: &&&Dossier| one.technology.value.kind == kind;
            (kind, technologies.iter().filter(of_kind).copied().collect())
        };
        return Ok(Outcome::NotComparable(kinds.into_iter().map(of).collect()));
    }
    let scored = kinds.len() == 1;
    let rows =
        criteria.into_iter().map(|criterion| row(dossiers, &technologies, criterion, scored, request.as_of));
    let rows = rows.filter(|row| row.differs || !request.only_differences).collect();
    Ok(Outcome::Comparable(Comparison { rows, warnings: warnings(&technologies, &kinds), technologies }))
}

fn row<'a>(
    dossiers: &'a Dossiers,
    technologies: &[&'a Dossier],
    criterion: Criterion,
    scored: bool,
    as_of: NaiveDate,
) -> Row<'a> {
    let cells: Vec<Cell<'a>> =
        technologies.iter().map(|dossier| cell::cell(dossiers, dossier, criterion, scored, as_of)).collect();
    let figures = figures::comparable(technologies, criterion, as_of);
    let differs = cells.windows(2).any(|pair| pair[0].stance() != pair[1].stance());
    let summary = figures::summary(&figures, technologies);
    Row { criterion, cells, differs, figures, summary }
}

fn technologies<'a>(dossiers: &'a Dossiers, slugs: &[String]) -> Result<Vec<&'a Dossier>, Vec<Error>> {
    if !TECHNOLOGIES.contains(&slugs.len()) {
        let (least, most) = (TECHNOLOGIES.start(), TECHNOLOGIES.end());
        let message = format!("names {} technologies; allowed are from {least} to {most}.", slugs.len());
        return Err(vec![Error::invalid("slugs", message)]);
    }
    let mut found: Vec<&Dossier> = Vec::new();
    let mut problems = Vec::new();
    for (at, slug) in slugs.iter().enumerate() {
        let field = format!("slugs[{at}]");
        match dossiers.named(&field, slug, None) {
            Ok(dossier) if found.iter().any(|known| known.slug() == dossier.slug()) => {
                problems.push(Error::invalid(field, format!("`{}` is named twice.", dossier.slug())));
            }
            Ok(dossier) => found.push(dossier),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn criteria(wanted: Option<&[Criterion]>) -> Result<Vec<Criterion>, Vec<Error>> {
    let Some(wanted) = wanted else { return Ok(Criterion::VARIANTS.to_vec()) };
    if wanted.is_empty() || wanted.len() > Criterion::VARIANTS.len() {
        let message = format!("names {}; allowed are from 1 to {}.", wanted.len(), Criterion::VARIANTS.len());
        return Err(vec![Error::invalid("criteria", message)]);
    }
    let mut criteria: Vec<Criterion> = Vec::new();
    for (at, criterion) in wanted.iter().enumerate() {
        if criteria.contains(criterion) {
            let message = format!("{} is named twice.", criterion.code());
            return Err(vec![Error::invalid(format!("criteria[{at}]"), message)]);
        }
        criteria.push(*criterion);
    }
    Ok(criteria)
}

fn warnings(technologies: &[&Dossier], kinds: &BTreeSet<TechnologyKind>) -> Vec<String> {
    let mut warnings = Vec::new();
    if kinds.len() > 1 {
        let codes: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
        let kinds = codes.join(" and ");
        warnings.push(format!("They are of different kinds, {kinds}: no scores are given."));
    }
    let archived = technologies.iter().filter(|one| one.technology.value.archived);
    warnings.extend(archived.map(|one| format!("{} is archived.", one.technology.value.name)));
    warnings
}

#[cfg(test)]
mod tests;
