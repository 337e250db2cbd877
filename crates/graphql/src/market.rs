//! Markets: figures by source, and whether they agree with each other.

use std::collections::{BTreeSet, HashMap};

use async_graphql::{Context, Object, SimpleObject};
use futures_util::future::try_join_all;
use stackfit_domain::{
    Error,
    fact::{Fact as DomainFact, FactDetail},
    id::Id,
    market::{MarketMeasure, MarketSize, agrees, implied_growth_percent, median},
    projection::{Figure, Quote, project, year as checked_year},
    slug::Slug,
    source::Source as DomainSource,
    subject::{Record, Subject},
};
use stackfit_persistence::{
    batch::MAX_LIST,
    citation::CitationsOf,
    market::{MAX_FIGURES, MarketFiguresOf},
};

use crate::{
    context::{by_slug, loader},
    error::{FieldResult, Nullable, at},
    fact::Fact,
    fact_fields::of_type,
    fact_types::MarketFigure,
    projection::Projection,
    source::Source,
};

/// A figure with a source that supports it. One that several sources support is there several times.
struct Sourced {
    source: Record<DomainSource>,
    fact: DomainFact,
}

/// A part of the market, with what sources say of its size and growth.
pub struct Market {
    segment: Slug,
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

fn quote(fact: &DomainFact) -> Option<Quote> {
    match fact.detail {
        FactDetail::Market {
            measure: MarketMeasure::GrowthRate,
            year,
            to_year: Some(to),
            percent: Some(percent),
            ..
        } => Some(Quote::Growth { from: year, to, percent }),
        _ => size(fact).map(Quote::Size),
    }
}

/// The sizes of two years that one source gives and no verdict refutes.
fn sizes_of(
    figures: &[Sourced],
    source: Id<Subject>,
    from: i32,
    to: i32,
) -> Option<(&DomainFact, &DomainFact)> {
    let of = |year: i32| {
        let own = figures.iter().filter(|figure| figure.source.id == source).map(|figure| &figure.fact);
        own.filter(|fact| !fact.verdict.refutes())
            .find(|fact| size(fact).is_some_and(|size| size.year == year))
    };
    Some((of(from)?, of(to)?))
}

fn implied(pair: (&DomainFact, &DomainFact)) -> Option<f64> {
    implied_growth_percent(size(pair.0)?, size(pair.1)?)
}

pub(crate) fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl Market {
    async fn facts(&self, ctx: &Context<'_>) -> FieldResult<Vec<DomainFact>> {
        let key = MarketFiguresOf(self.segment.clone());
        loader(ctx).load_or_default(key).await.map_err(at(ctx))
    }

    /// The figures with each source that supports them.
    async fn by_source(&self, ctx: &Context<'_>) -> FieldResult<Vec<Sourced>> {
        let facts = self.facts(ctx).await?;
        if facts.len() > MAX_FIGURES {
            let message =
                format!("The segment has more than {MAX_FIGURES} figures, too many to compute with.");
            return Err(at(ctx)(Error::Costly(message)));
        }
        let loads = facts.iter().map(|fact| loader(ctx).load_or_default(CitationsOf(fact.id)));
        let citations = try_join_all(loads).await.map_err(at(ctx))?;
        let mut sourced: Vec<Sourced> = Vec::new();
        for (fact, citations) in facts.into_iter().zip(citations) {
            let mut known: BTreeSet<Id<Subject>> = BTreeSet::new();
            let supporting = citations.into_iter().filter(|(citation, _)| citation.supports);
            for (_, source) in supporting {
                if known.insert(source.id) {
                    sourced.push(Sourced { source, fact: fact.clone() });
                }
            }
        }
        Ok(sourced)
    }

    async fn implied(
        &self,
        ctx: &Context<'_>,
        years: (i32, i32),
        wanted: Option<&str>,
    ) -> FieldResult<Option<f64>> {
        let figures = self.by_source(ctx).await?;
        let wanted = figures
            .iter()
            .filter(|figure| wanted.is_none_or(|slug| figure.source.value.slug.as_str() == slug));
        let sources: BTreeSet<Id<Subject>> = wanted.map(|figure| figure.source.id).collect();
        let rates =
            sources.into_iter().filter_map(|source| implied(sizes_of(&figures, source, years.0, years.1)?));
        Ok(median(rates.collect()).map(rounded))
    }

    async fn project(&self, ctx: &Context<'_>, year: i32) -> FieldResult<Projection> {
        let mut quoted: Vec<Figure> = Vec::new();
        let mut figures: Vec<MarketFigure> = Vec::new();
        let mut sources: HashMap<Id<Subject>, Source> = HashMap::new();
        for Sourced { source, fact } in self.by_source(ctx).await? {
            let Some(quote) = quote(&fact) else { continue };
            quoted.push(Figure { source: source.id, quote, is_refuted: fact.verdict.refutes() });
            sources.entry(source.id).or_insert_with(|| source.into());
            figures.extend(figure(fact));
        }
        Ok(Projection { year, computed: project(&quoted, year), figures, sources })
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
    async fn figures(&self, ctx: &Context<'_>) -> FieldResult<Vec<MarketFigure>> {
        let mut figures: Vec<MarketFigure> = of_type(self.facts(ctx).await?);
        figures.truncate(usize::try_from(MAX_LIST).unwrap_or(usize::MAX));
        Ok(figures)
    }

    /// The compound annual growth rate that the sizes of two years imply, in per cent a year, to two decimals:
    /// `((to ÷ from)^(1 ÷ years) − 1) × 100`. Only sizes of one source are set against each other; of several
    /// sources, the median. Refuted figures do not count. Null when no source gives both years.
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
    /// year. Refuted figures do not count. Empty when no source gives all three.
    async fn growth_checks(&self, ctx: &Context<'_>) -> FieldResult<Vec<GrowthCheck>> {
        let figures = self.by_source(ctx).await?;
        let mut checks: Vec<GrowthCheck> =
            figures.iter().filter_map(|stated| check(&figures, stated)).collect();
        // Sources that give the same figures are one check.
        let mut known: BTreeSet<[Id<DomainFact>; 3]> = BTreeSet::new();
        checks.retain(|check| known.insert([check.stated.fact.id, check.from.fact.id, check.to.fact.id]));
        Ok(checks)
    }

    /// How large it may be in a year: a range over what follows from each source by itself, and the sources from which
    /// nothing follows.
    async fn projection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The year, from 1990 to 2100.")] year: i32,
    ) -> FieldResult<Projection> {
        let year = checked_year(year).map_err(at(ctx))?;
        self.project(ctx, year).await
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

fn check(figures: &[Sourced], stated: &Sourced) -> Option<GrowthCheck> {
    let Sourced { source, fact } = stated;
    let Quote::Growth { from, to, percent } = quote(fact).filter(|_| !fact.verdict.refutes())? else {
        return None;
    };
    let (from, to) = sizes_of(figures, source.id, from, to)?;
    let implied = implied((from, to))?;
    Some(GrowthCheck {
        stated: figure(fact.clone())?,
        from: figure(from.clone())?,
        to: figure(to.clone())?,
        implied_percent: rounded(implied),
        is_consistent: agrees(percent, implied),
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
            let figures = loader(ctx).load_or_default(MarketFiguresOf(segment.clone())).await?;
            Ok((!figures.is_empty()).then_some(Market { segment }))
        };
        by_slug("segment", &segment, find, |market| market).await
    }

    /// All parts of the market of which there are figures, by slug, at most 100.
    async fn markets(&self, ctx: &Context<'_>) -> FieldResult<Vec<Market>> {
        let segments = loader(ctx).direct().market_segments().await.map_err(at(ctx))?;
        Ok(segments.into_iter().map(|segment| Market { segment }).collect())
    }
}
