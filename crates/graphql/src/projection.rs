//! Projections of markets.

use std::collections::HashMap;

use async_graphql::{Object, SimpleObject};
use stackfit_domain::{
    id::Id,
    projection::{
        FAR_YEARS, Gap, Line, Projection as DomainProjection, ProjectionBasis, ProjectionGapReason,
    },
    subject::Subject,
};

use crate::{coded::Coded, fact_types::MarketFigure, market::rounded, scalar::Decimal, source::Source};

/// How large a market may be in a year, as a range over sources that disagree. Each source speaks for itself, from its
/// own figures that no verdict refutes; figures of different sources are never mixed, and no source is preferred.
pub struct Projection {
    pub(crate) year: i32,
    pub(crate) computed: DomainProjection,
    /// The figures by their place in what was projected.
    pub(crate) figures: Vec<MarketFigure>,
    pub(crate) sources: HashMap<Id<Subject>, Source>,
}

/// How large a market may be in a year, as a range over sources that disagree. Each source speaks for itself, from its
/// own figures that no verdict refutes; figures of different sources are never mixed, and no source is preferred.
#[Object]
impl Projection {
    /// The year.
    async fn year(&self) -> i32 {
        self.year
    }

    /// The smallest size of all lines, in US dollars. Null when no source allows one.
    async fn low(&self) -> Option<Decimal> {
        self.computed.low().map(Decimal)
    }

    /// The largest size of all lines, in US dollars. Null when no source allows one.
    async fn high(&self) -> Option<Decimal> {
        self.computed.high().map(Decimal)
    }

    /// The size in the middle of all lines, in US dollars; of an even number, the mean of the two in the middle. It is
    /// no better founded than the others. Null when no source allows one.
    async fn middle(&self) -> Option<Decimal> {
        self.computed.middle().map(Decimal)
    }

    /// How far the sources disagree: `high ÷ low`, to two decimals. 1 when they agree, and when there is only one. Null
    /// when no source allows a size.
    async fn disagreement(&self) -> Option<f64> {
        self.computed.disagreement().map(rounded)
    }

    /// The size according to each source, the smallest first. A source that states several sizes of the year has
    /// several lines. Empty when no source allows one.
    async fn lines(&self) -> Vec<ProjectionLine> {
        self.computed.lines.iter().filter_map(|line| self.line(line)).collect()
    }

    /// The sources with figures of the market from which no size in the year follows.
    async fn gaps(&self) -> Vec<ProjectionGap> {
        self.computed.gaps.iter().filter_map(|gap| self.gap(gap)).collect()
    }
}

impl Projection {
    fn facts(&self, places: &[usize]) -> Vec<MarketFigure> {
        places.iter().filter_map(|place| self.figures.get(*place)).cloned().collect()
    }

    fn line(&self, line: &Line) -> Option<ProjectionLine> {
        let Line { source, amount_usd, basis, growth_percent, figures, years_beyond } = line;
        Some(ProjectionLine {
            source: self.sources.get(source)?.clone(),
            amount_usd: Decimal(*amount_usd),
            basis: (*basis).into(),
            growth_percent: growth_percent.map(rounded),
            years_beyond: *years_beyond,
            is_far_beyond: *years_beyond > FAR_YEARS,
            facts: self.facts(figures),
        })
    }

    fn gap(&self, gap: &Gap) -> Option<ProjectionGap> {
        let Gap { source, reason, figures } = gap;
        Some(ProjectionGap {
            source: self.sources.get(source)?.clone(),
            reason: (*reason).into(),
            facts: self.facts(figures),
        })
    }
}

/// The size of a market in a year, according to one source.
#[derive(SimpleObject)]
pub struct ProjectionLine {
    /// The source.
    source: Source,
    /// The size in US dollars: exact when it is stated, else in whole dollars.
    amount_usd: Decimal,
    /// How it follows from what the source says.
    basis: Coded<ProjectionBasis>,
    /// The growth in per cent a year by which it follows, to two decimals: implied by two sizes of the source, or stated
    /// by it. Null when the size is stated.
    growth_percent: Option<f64>,
    /// How many years the year lies beyond those that the facts speak of. 0 when it lies within.
    years_beyond: i32,
    /// Whether that is more than five years: then the facts say little of the year.
    is_far_beyond: bool,
    /// The facts that it rests on. Never empty.
    facts: Vec<MarketFigure>,
}

/// A source from which no size of a market in a year follows.
#[derive(SimpleObject)]
pub struct ProjectionGap {
    /// The source.
    source: Source,
    /// Why.
    reason: Coded<ProjectionGapReason>,
    /// What the source says of the market. Never empty.
    facts: Vec<MarketFigure>,
}
