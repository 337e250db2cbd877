//! Projections: how large a market may be in a year, as a range over sources that disagree.
//!
//! Each source speaks for itself, from its own figures that no verdict refutes. For the year that is asked for it has,
//! in this order:
//!
//! 1. the size that it states;
//! 2. between two of its sizes, the nearest on either side: `from × (to ÷ from)^(years ÷ all years)`, which is growth at
//!    one rate;
//! 3. from its nearest size by the growth rate that it states for all the years between: `size × (1 + rate)^years`. Of
//!    several such rates the one of the shortest period counts;
//! 4. from its nearest size by the rate that this and the next of its sizes imply;
//! 5. from its nearest size by a rate that it states for other years, in whose period the size lies: that which reaches
//!    nearest to the year.
//!
//! The period of a stated rate begins a year early, because reports often give the size of a year and the growth from
//! the next one on. Years before a size are reached by the same formulas, with a negative number of years. Where a
//! source gives different figures for the same thing, none of them is chosen.

use std::{collections::BTreeMap, ops::RangeInclusive};

use rust_decimal::{
    Decimal,
    prelude::{FromPrimitive, ToPrimitive},
};

use crate::{
    Error, Result,
    code::codes,
    id::Id,
    market::{MarketSize, implied_growth_percent},
    subject::Subject,
};

/// The years that can be asked for.
pub const YEARS: RangeInclusive<i32> = 1990..=2100;
/// So many years beyond what a source speaks of, its figures say little.
pub const FAR_YEARS: i32 = 5;
/// More US dollars than there are: about ten times what the world produces in a year.
const MOST_USD: i64 = 1_000_000_000_000_000;

codes! {
    /// How the size of a market in a year follows from what one source says.
    ProjectionBasis as "basis" {
        /// The source states it.
        Stated,
        /// The year lies within those that the figures speak of.
        Interpolated,
        /// The year lies beyond those that the figures speak of.
        Extrapolated,
    }
}

codes! {
    /// Why nothing follows from what one source says.
    ProjectionGapReason as "reason" {
        /// All that it says is refuted.
        Refuted,
        /// It gives no size of any year.
        NoSize,
        /// It gives the size of one other year only, and no growth rate that holds from there.
        OneSizeOnly,
        /// It gives different figures for the same thing.
        ContradictsItself,
        /// The figure would be larger than there is money, or less than a dollar.
        BeyondMeasure,
    }
}

/// What one figure of a source says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quote {
    /// A size.
    Size(MarketSize),
    /// A growth rate, in per cent a year.
    Growth {
        /// The first year.
        from: i32,
        /// The last year.
        to: i32,
        /// The rate.
        percent: Decimal,
    },
}

/// A figure with the source that gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Who gives it.
    pub source: Id<Subject>,
    /// What it says.
    pub quote: Quote,
    /// Whether a verdict refutes it.
    pub is_refuted: bool,
}

/// The size in the year, according to one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// According to whom.
    pub source: Id<Subject>,
    /// The size in US dollars: as stated, else in whole dollars.
    pub amount_usd: Decimal,
    /// How it follows.
    pub basis: ProjectionBasis,
    /// The growth in per cent a year that it follows by. Nothing when it is stated.
    pub growth_percent: Option<f64>,
    /// The figures that it rests on, by their place in the list.
    pub figures: Vec<usize>,
    /// How many years the year lies beyond those that the figures speak of.
    pub years_beyond: i32,
}

/// A source from which nothing follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Which source.
    pub source: Id<Subject>,
    /// Why.
    pub reason: ProjectionGapReason,
    /// Its figures, by their place in the list.
    pub figures: Vec<usize>,
}

/// How large a market may be in a year.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Projection {
    /// According to each source, the smallest first.
    pub lines: Vec<Line>,
    /// The sources from which nothing follows.
    pub gaps: Vec<Gap>,
}

impl Projection {
    /// The smallest size. Nothing when no source allows one.
    pub fn low(&self) -> Option<Decimal> {
        self.lines.first().map(|line| line.amount_usd)
    }

    /// The largest size. Nothing when no source allows one.
    pub fn high(&self) -> Option<Decimal> {
        self.lines.last().map(|line| line.amount_usd)
    }

    /// The size in the middle; of an even number, the mean of the two in the middle.
    pub fn middle(&self) -> Option<Decimal> {
        let at = |place: usize| self.lines.get(place).map(|line| line.amount_usd);
        let count = self.lines.len();
        let (left, right) = (at(count.checked_sub(1)? / 2)?, at(count / 2)?);
        Some(((left + right) / Decimal::TWO).normalize())
    }

    /// How many times the smallest size the largest is. Nothing when no source allows one.
    pub fn disagreement(&self) -> Option<f64> {
        Some(self.high()?.to_f64()? / self.low()?.to_f64()?)
    }
}

/// Checks a year that is asked for.
pub fn year(year: i32) -> Result<i32> {
    if YEARS.contains(&year) {
        return Ok(year);
    }
    Err(Error::invalid("year", format!("must be from {} to {}.", YEARS.start(), YEARS.end())))
}

/// How large a market may be in a year, according to each source.
pub fn project(figures: &[Figure], year: i32) -> Projection {
    let mut sources: BTreeMap<Id<Subject>, Vec<usize>> = BTreeMap::new();
    for (place, figure) in figures.iter().enumerate() {
        sources.entry(figure.source).or_default().push(place);
    }
    let mut sources: Vec<(Id<Subject>, Vec<usize>)> = sources.into_iter().collect();
    sources.sort_by_key(|(_, places)| places[0]);
    let mut projection = Projection::default();
    for (source, places) in sources {
        match Account::of(figures, &places).and_then(|account| account.speak(year)) {
            Ok(told) => projection.lines.extend(told.into_iter().map(|told| told.line(source))),
            Err(reason) => projection.gaps.push(Gap { source, reason, figures: places }),
        }
    }
    projection.lines.sort_by_key(|line| line.amount_usd);
    projection
}

/// What follows from the figures of one source.
struct Told {
    amount_usd: Decimal,
    basis: ProjectionBasis,
    growth_percent: Option<f64>,
    figures: Vec<usize>,
    years_beyond: i32,
}

impl Told {
    fn line(self, source: Id<Subject>) -> Line {
        let Self { amount_usd, basis, growth_percent, figures, years_beyond } = self;
        Line { source, amount_usd, basis, growth_percent, figures, years_beyond }
    }
}

/// A size with the places of the figures that give it.
#[derive(Clone)]
struct Anchor {
    size: MarketSize,
    places: Vec<usize>,
}

/// A growth rate with the place of the figure that gives it.
#[derive(Clone, Copy)]
struct Rate {
    from: i32,
    to: i32,
    percent: Decimal,
    place: usize,
}

impl Rate {
    /// Whether it holds from one year to another.
    fn covers(self, from: i32, to: i32) -> bool {
        self.from - 1 <= from.min(to) && from.max(to) <= self.to
    }

    /// How far its period stays behind a year.
    fn distance(self, year: i32) -> i32 {
        distance(year, self.from - 1, self.to)
    }
}

/// All that one source says.
struct Account {
    /// By year, the sizes that it gives, each once.
    sizes: BTreeMap<i32, Vec<Anchor>>,
    rates: Vec<Rate>,
}

type Spoken<T> = std::result::Result<T, ProjectionGapReason>;

impl Account {
    fn of(figures: &[Figure], places: &[usize]) -> Spoken<Self> {
        let mut account = Self { sizes: BTreeMap::new(), rates: Vec::new() };
        for place in places.iter().copied().filter(|place| !figures[*place].is_refuted) {
            match figures[place].quote {
                Quote::Size(size) => account.add(size, place),
                Quote::Growth { from, to, percent } => account.rates.push(Rate { from, to, percent, place }),
            }
        }
        match (account.sizes.is_empty(), account.rates.is_empty()) {
            (true, true) => Err(ProjectionGapReason::Refuted),
            (true, false) => Err(ProjectionGapReason::NoSize),
            (false, _) => Ok(account),
        }
    }

    fn add(&mut self, size: MarketSize, place: usize) {
        let sizes = self.sizes.entry(size.year).or_default();
        match sizes.iter_mut().find(|known| known.size == size) {
            Some(known) => known.places.push(place),
            None => sizes.push(Anchor { size, places: vec![place] }),
        }
    }

    fn speak(&self, year: i32) -> Spoken<Vec<Told>> {
        if let Some(stated) = self.sizes.get(&year) {
            return Ok(stated.iter().map(stated_line).collect());
        }
        let earlier = || self.sizes.range(..year).rev().map(|(_, sizes)| sizes);
        let later = || self.sizes.range(year..).map(|(_, sizes)| sizes);
        let told = match (earlier().next(), later().next()) {
            (Some(from), Some(to)) => between(&only(from)?, &only(to)?, year)?,
            (Some(_), None) => self.beyond(earlier(), year)?,
            _ => self.beyond(later(), year)?,
        };
        Ok(vec![told])
    }

    /// From the nearest of its sizes, which all lie on one side of the year.
    fn beyond<'a>(&self, mut sizes: impl Iterator<Item = &'a Vec<Anchor>>, year: i32) -> Spoken<Told> {
        let anchor = only(sizes.next().ok_or(ProjectionGapReason::NoSize)?)?;
        let from = anchor.size.year;
        let covering = |rate: &Rate| rate.covers(from, year);
        if let Some(rate) = self.rate(covering, |rate| rate.to - rate.from)? {
            return by_rate(&anchor, rate, year);
        }
        if let Some(next) = sizes.next() {
            return between(&anchor, &only(next)?, year);
        }
        let holding = |rate: &Rate| rate.covers(from, from);
        match self.rate(holding, |rate| rate.distance(year))? {
            Some(rate) => by_rate(&anchor, rate, year),
            None => Err(ProjectionGapReason::OneSizeOnly),
        }
    }

    /// Of the rates that will do, the one with the least rank.
    fn rate(&self, will_do: impl Fn(&Rate) -> bool, rank: impl Fn(&Rate) -> i32) -> Spoken<Option<Rate>> {
        let choice = || self.rates.iter().filter(|rate| will_do(rate));
        let Some(best) = choice().min_by_key(|rate| rank(rate)) else { return Ok(None) };
        let rivals = choice().filter(|rate| rank(rate) == rank(best));
        if rivals.into_iter().any(|rate| rate.percent != best.percent) {
            return Err(ProjectionGapReason::ContradictsItself);
        }
        Ok(Some(*best))
    }
}

fn stated_line(anchor: &Anchor) -> Told {
    Told {
        amount_usd: anchor.size.amount_usd,
        basis: ProjectionBasis::Stated,
        growth_percent: None,
        figures: anchor.places.clone(),
        years_beyond: 0,
    }
}

/// The one size of a year.
fn only(sizes: &[Anchor]) -> Spoken<Anchor> {
    match sizes {
        [one] => Ok(one.clone()),
        _ => Err(ProjectionGapReason::ContradictsItself),
    }
}

/// By the rate that two sizes imply, from the first of them.
fn between(anchor: &Anchor, other: &Anchor, year: i32) -> Spoken<Told> {
    let (first, last) = if anchor.size.year < other.size.year { (anchor, other) } else { (other, anchor) };
    let percent = implied_growth_percent(first.size, last.size).ok_or(ProjectionGapReason::BeyondMeasure)?;
    let figures = first.places.iter().chain(&last.places).copied().collect();
    told(anchor.size, percent, (first.size.year, last.size.year), figures, year)
}

fn by_rate(anchor: &Anchor, rate: Rate, year: i32) -> Spoken<Told> {
    let percent = rate.percent.to_f64().ok_or(ProjectionGapReason::BeyondMeasure)?;
    let period = (rate.from.min(anchor.size.year), rate.to.max(anchor.size.year));
    let figures = anchor.places.iter().copied().chain([rate.place]).collect();
    told(anchor.size, percent, period, figures, year)
}

/// `size × (1 + rate)^years`.
fn told(from: MarketSize, percent: f64, period: (i32, i32), figures: Vec<usize>, year: i32) -> Spoken<Told> {
    let start = from.amount_usd.to_f64().ok_or(ProjectionGapReason::BeyondMeasure)?;
    let amount = start * (1.0 + percent / 100.0).powi(year - from.year);
    let amount_usd = Decimal::from_f64(amount)
        .map(|usd| usd.round())
        .filter(|usd| *usd >= Decimal::ONE && *usd <= Decimal::from(MOST_USD))
        .ok_or(ProjectionGapReason::BeyondMeasure)?;
    let years_beyond = distance(year, period.0, period.1);
    let basis = if years_beyond == 0 { ProjectionBasis::Interpolated } else { ProjectionBasis::Extrapolated };
    Ok(Told { amount_usd, basis, growth_percent: Some(percent), figures, years_beyond })
}

/// How far a year lies outside a period.
fn distance(year: i32, from: i32, to: i32) -> i32 {
    (from - year).max(year - to).max(0)
}

#[cfg(test)]
mod tests;
