//! Markets: figures by source, and whether they agree with each other.

use std::collections::BTreeSet;

use async_graphql::{Context, Object, SimpleObject};
use futures_util::future::try_join_all;
use stackfit_domain::{
    Error,
    fact::{Fact as DomainFact, FactDetail},
    market::{MarketMeasure, MarketSize, agrees, implied_growth_percent, median},
    slug::Slug,
};
use stackfit_persistence::citation::CitationsOf;

use crate::{
    context::{by_slug, loader},
    error::{FieldResult, Nullable, at},
    fact::Fact,
    fact_fields::of_type,
    fact_types::MarketFigure,
};

/// The slug of the source that a figure is cited to first.
type Figures = Vec<(String, DomainFact)>;

/// A part of the market, with what sources say of its size and growth.
pub struct Market {
    segment: Slug,
    figures: Vec<DomainFact>,
}

fn figure(fact: DomainFact) -> Option<MarketFigure> {
    MarketFigure::try_from(Fact::from(fact)).ok()
}

fn size(fact: &DomainFact) -> Option<MarketSize> {
    match fact.detail {
        FactDetail::Market { measure: MarketMeasure::Size, year, amount_usd: Some(amount_usd), .. } => {
            Some(MarketSize { year, amount_usd })
        }
        _ => None,
    }
}

/// The sizes of two years that one source gives.
fn sizes_of<'a>(
    figures: &'a Figures,
    source: &str,
    from: i32,
    to: i32,
) -> Option<(&'a DomainFact, &'a DomainFact)> {
    let of = |year: i32| {
        let mut facts = figures.iter().filter(|(slug, _)| slug == source).map(|(_, fact)| fact);
        facts.find(|fact| size(fact).is_some_and(|size| size.year == year))
    };
    Some((of(from)?, of(to)?))
}

fn implied(pair: (&DomainFact, &DomainFact)) -> Option<f64> {
    implied_growth_percent(size(pair.0)?, size(pair.1)?)
}

fn rounded(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}

impl Market {
    /// The figures with their sources.
    async fn by_source(&self, ctx: &Context<'_>) -> FieldResult<Figures> {
        let loads = self.figures.iter().map(|fact| loader(ctx).load_or_default(CitationsOf(fact.id)));
        let citations = try_join_all(loads).await.map_err(at(ctx))?;
        let sourced = self.figures.iter().zip(citations).filter_map(|(fact, citations)| {
            let (_, source) = citations.into_iter().next()?;
            Some((source.value.slug.to_string(), fact.clone()))
        });
        Ok(sourced.collect())
    }

    async fn implied(
        &self,
        ctx: &Context<'_>,
        years: (i32, i32),
        wanted: Option<&str>,
    ) -> FieldResult<Option<f64>> {
        let figures = self.by_source(ctx).await?;
        let sources: BTreeSet<&str> = figures.iter().map(|(slug, _)| slug.as_str()).collect();
        let rates = sources
            .iter()
            .filter(|slug| wanted.is_none_or(|wanted| wanted == **slug))
            .filter_map(|slug| implied(sizes_of(&figures, slug, years.0, years.1)?));
        Ok(median(rates.collect()).map(rounded))
    }
}

/// A part of the market, with what sources say of its size and growth.
#[Object]
impl Market {
    /// The slug of the segment.
    async fn segment(&self) -> &str {
        self.segment.as_str()
    }

    /// The figures, by year and code, at most 100. Sources may disagree; none is preferred.
    async fn figures(&self) -> Vec<MarketFigure> {
        of_type(self.figures.clone())
    }

    /// The compound annual growth rate that the sizes of two years imply, in per cent a year, to two decimals:
    /// `((to ÷ from)^(1 ÷ years) − 1) × 100`. Only sizes of one source are set against each other; of several
    /// sources, the median. Null when no source gives both years.
    async fn implied_cagr(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first year.")] from: i32,
        #[graphql(desc = "The last year, after `from`.")] to: i32,
        #[graphql(desc = "Of this source only, by slug.")] source: Option<String>,
    ) -> Nullable<f64> {
        if to <= from {
            let message = format!("must lie after `from`, {from}.");
            return Some(Err(at(ctx)(Error::invalid("to", message))));
        }
        self.implied(ctx, (from, to), source.as_deref()).await.transpose()
    }

    /// Every stated growth rate, set against the sizes that the same source gives for the first and the last
    /// year. Empty when no source gives all three.
    async fn growth_checks(&self, ctx: &Context<'_>) -> FieldResult<Vec<GrowthCheck>> {
        let figures = self.by_source(ctx).await?;
        Ok(figures.iter().filter_map(|(source, stated)| check(&figures, source, stated)).collect())
    }
}

/// A stated growth rate, set against the sizes that the same source gives.
#[derive(SimpleObject)]
pub struct GrowthCheck {
    /// The growth rate that the source states.
    stated: MarketFigure,
    /// The size in the first year.
    from: MarketFigure,
    /// The size in the last year.
    to: MarketFigure,
    /// The rate that the sizes imply, in per cent a year, to two decimals.
    implied_percent: f64,
    /// Whether both agree: the implied rate, rounded to the decimals of the stated one, equals it. That the
    /// figures agree with each other does not make them true.
    is_consistent: bool,
}

fn check(figures: &Figures, source: &str, stated: &DomainFact) -> Option<GrowthCheck> {
    let FactDetail::Market { year, to_year: Some(to_year), percent: Some(percent), .. } = &stated.detail
    else {
        return None;
    };
    let (from, to) = sizes_of(figures, source, *year, *to_year)?;
    let implied = implied((from, to))?;
    Some(GrowthCheck {
        stated: figure(stated.clone())?,
        from: figure(from.clone())?,
        to: figure(to.clone())?,
        implied_percent: rounded(implied),
        is_consistent: agrees(*percent, implied),
    })
}

/// Lookups of markets.
#[derive(Default)]
pub(crate) struct MarketQuery;

#[Object]
impl MarketQuery {
    /// A part of the market. Null when no figure is known of it.
    async fn market(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the segment, as in `baas`.")] segment: String,
    ) -> Nullable<Market> {
        let find = |segment: Slug| async move {
            let figures = loader(ctx).direct().market_figures(segment.as_str()).await?;
            Ok((!figures.is_empty()).then_some(Market { segment, figures }))
        };
        by_slug("segment", &segment, find, |market| market).await
    }
}
