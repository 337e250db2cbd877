//! Outcome rates: how often it went well among case studies.

use async_graphql::{Context, Object, SimpleObject};
use futures_util::FutureExt;
use stackfit_domain::{
    Error,
    case_study::{OutcomeDirection, OutcomeMetric},
    code::Code,
    evidence_grade::EvidenceGrade,
    filter::values,
    outcome_rate::{
        DirectionCount, OutcomeRate as DomainRate, PercentRange as DomainRange, RateCaveat as DomainCaveat,
        RateCaveatKind, Share, Tally, selects_by_outcome,
    },
    page::Page,
};
use stackfit_persistence::outcome_rate::{OutcomeSelection, OutcomesOf};
use strum::VariantArray;

use crate::{
    case_study::CaseStudyFilter,
    coded::{Coded, codes},
    connection::{Connection, window},
    context::loader,
    error::{FieldResult, at},
    fact::Fact,
    fact_types::Outcome,
    filter::read,
    scalar::Decimal,
};

/// How often it went well, by one measure, among case studies. A case study counts once: as well when all that it
/// tells of the measure went well, as badly when all went badly, else as mixed. Refuted outcomes do not count.
pub struct OutcomeRate {
    rate: DomainRate,
    directions: Vec<DirectionCount>,
    selection: OutcomeSelection,
}

fn count(ctx: &Context<'_>, how_many: i64) -> FieldResult<i32> {
    i32::try_from(how_many).map_err(|error| at(ctx)(Error::internal(error)))
}

/// How often it went well, by one measure, among case studies. A case study counts once: as well when all that it
/// tells of the measure went well, as badly when all went badly, else as mixed. Refuted outcomes do not count.
#[Object]
impl OutcomeRate {
    /// The measure.
    async fn metric(&self) -> Coded<OutcomeMetric> {
        self.rate.metric.into()
    }

    /// How many case studies passed the filter.
    async fn case_studies(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.case_studies)
    }

    /// How many of them tell of the measure, with evidence of the grades that were asked for.
    async fn told(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.tally.told())
    }

    /// How many of them do not: they say nothing of it, or nothing but what is refuted or of other grades. How these went
    /// by it is not known, so that they are in no share.
    async fn not_told(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.not_told())
    }

    /// In how many all that is told of it went well.
    async fn went_well(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.tally.well)
    }

    /// In how many all that is told of it went badly.
    async fn went_badly(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.tally.badly)
    }

    /// In how many some of it went well and some badly. They are no successes and no failures.
    async fn mixed(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.tally.mixed)
    }

    /// `wentWell ÷ told`. Null when nothing is told.
    async fn success_share(&self) -> Option<OutcomeShare> {
        self.rate.tally.success().map(Into::into)
    }

    /// `wentBadly ÷ told`. Null when nothing is told.
    async fn failure_share(&self) -> Option<OutcomeShare> {
        self.rate.tally.failure().map(Into::into)
    }

    /// How many of the projects that tell of it have ended: `DISCONTINUED`. One that went well by a measure may have
    /// ended all the same.
    async fn discontinued(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.discontinued)
    }

    /// In how many of the projects that tell of it something was not reached, by whatever measure: an outcome that
    /// is not refuted has the direction `FAILED`.
    async fn failed(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.failed)
    }

    /// Of how many of those that tell of it nobody tells but who gains from it.
    async fn told_by_interested(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.rate.interested)
    }

    /// The same by grade of evidence, the best first; a case study has the worst grade of what it tells of the
    /// measure. Grades that none has are left out.
    async fn by_evidence(&self, ctx: &Context<'_>) -> FieldResult<Vec<EvidenceRate>> {
        self.rate.by_evidence.iter().map(|(grade, tally)| evidence_rate(ctx, *grade, *tally)).collect()
    }

    /// Which way it went, with the percentages. Directions that no outcome has are left out.
    async fn directions(&self, ctx: &Context<'_>) -> FieldResult<Vec<OutcomeDirectionCount>> {
        self.counted(false).map(|counted| direction_count(ctx, counted)).collect()
    }

    /// How many outcomes a verdict refutes. They count nowhere else.
    async fn refuted(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        count(ctx, self.counted(true).map(|counted| counted.outcomes).sum())
    }

    /// What to keep in mind when reading it, the most important first. Never empty: where something is told,
    /// successes are told more often than failures.
    async fn caveats(&self) -> Vec<RateCaveat> {
        let caveats = self.rate.caveats(selects_by_outcome(&self.selection.filter));
        caveats.into_iter().map(Into::into).collect()
    }

    /// The outcomes that count, by code: the facts that all of this rests on.
    async fn outcomes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<Outcome>> {
        let window = window(ctx, first, after, last, before)?;
        loader(ctx).reader().check_fact_window(&window).map_err(at(ctx))?;
        let key = OutcomesOf { selection: self.selection.clone(), metric: self.rate.metric, window };
        let page = loader(ctx).load(key).await.map_err(at(ctx))?.unwrap_or_else(Page::empty);
        let page = page.try_map(|fact| {
            Outcome::try_from(Fact::from(fact)).map_err(|()| Error::internal("an outcome is another fact"))
        });
        let total: i64 = self.counted(false).map(|counted| counted.outcomes).sum();
        Ok(Connection::new(
            page.map_err(at(ctx))?,
            |outcome| outcome,
            move |_| async move { Ok(total) }.boxed(),
        ))
    }
}

impl OutcomeRate {
    fn counted(&self, is_refuted: bool) -> impl Iterator<Item = &DirectionCount> {
        self.directions
            .iter()
            .filter(move |counted| counted.metric == self.rate.metric && counted.is_refuted == is_refuted)
    }
}

/// A share with its uncertainty.
#[derive(SimpleObject)]
pub struct OutcomeShare {
    /// The share, from 0 to 1, to three decimals.
    share: f64,
    /// The lower end of the Wilson score interval at 95 %: if these case studies were drawn at random from many, the
    /// share among the many would lie between `low` and `high` in 95 of 100 cases. They are not drawn at random:
    /// see `caveats`.
    low: f64,
    /// The upper end of the interval.
    high: f64,
}

impl From<Share> for OutcomeShare {
    fn from(share: Share) -> Self {
        let Share { share, low, high } = share;
        let rounded = |value: f64| (value * 1_000.0).round() / 1_000.0;
        Self { share: rounded(share), low: rounded(low), high: rounded(high) }
    }
}

/// How often it went well among the case studies of one grade of evidence.
#[derive(SimpleObject)]
pub struct EvidenceRate {
    /// The grade.
    grade: Coded<EvidenceGrade>,
    /// How many case studies tell of the measure with this grade.
    told: i32,
    /// In how many all went well.
    went_well: i32,
    /// In how many all went badly.
    went_badly: i32,
    /// In how many there is both.
    mixed: i32,
    /// `wentWell ÷ told`.
    success_share: Option<OutcomeShare>,
}

fn evidence_rate(ctx: &Context<'_>, grade: EvidenceGrade, tally: Tally) -> FieldResult<EvidenceRate> {
    Ok(EvidenceRate {
        grade: grade.into(),
        told: count(ctx, tally.told())?,
        went_well: count(ctx, tally.well)?,
        went_badly: count(ctx, tally.badly)?,
        mixed: count(ctx, tally.mixed)?,
        success_share: tally.success().map(Into::into),
    })
}

/// The outcomes that went one way.
#[derive(SimpleObject)]
pub struct OutcomeDirectionCount {
    /// Which way.
    direction: Coded<OutcomeDirection>,
    /// Whether it is well to go this way, by this measure.
    is_good: bool,
    /// How many case studies tell of it. One may tell of several ways.
    case_studies: i32,
    /// How many outcomes there are. A case study may have several.
    outcomes: i32,
    /// By how many per cent. Null when no outcome says.
    percents: Option<PercentRange>,
}

fn direction_count(ctx: &Context<'_>, counted: &DirectionCount) -> FieldResult<OutcomeDirectionCount> {
    let DirectionCount { metric, direction, is_refuted: _, case_studies, outcomes, percents } = *counted;
    Ok(OutcomeDirectionCount {
        direction: direction.into(),
        is_good: direction.is_good(metric),
        case_studies: count(ctx, case_studies)?,
        outcomes: count(ctx, outcomes)?,
        percents: percents.map(|range| percent_range(ctx, range)).transpose()?,
    })
}

/// By how many per cent outcomes went one way.
#[derive(SimpleObject)]
pub struct PercentRange {
    /// The least, in per cent.
    low: Decimal,
    /// The one in the middle, in per cent; of an even number, the mean of the two in the middle.
    middle: Decimal,
    /// The most, in per cent.
    high: Decimal,
    /// On how many outcomes with a percentage this rests.
    figures: i32,
}

fn percent_range(ctx: &Context<'_>, range: DomainRange) -> FieldResult<PercentRange> {
    let DomainRange { low, middle, high, figures } = range;
    let figures = count(ctx, figures)?;
    Ok(PercentRange { low: Decimal(low), middle: Decimal(middle), high: Decimal(high), figures })
}

/// Something to keep in mind when reading a rate.
#[derive(SimpleObject)]
pub struct RateCaveat {
    /// What.
    kind: Coded<RateCaveatKind>,
    /// The same in a sentence.
    message: String,
}

impl From<DomainCaveat> for RateCaveat {
    fn from(caveat: DomainCaveat) -> Self {
        let DomainCaveat { kind, message } = caveat;
        Self { kind: kind.into(), message }
    }
}

/// How often it went well.
#[derive(Default)]
pub(crate) struct OutcomeRateQuery;

#[Object]
impl OutcomeRateQuery {
    /// How often it went well, by each measure, among case studies: failures count like successes. Each rate comes with
    /// its uncertainty, with what is not told, and with the outcomes that it rests on.
    async fn outcome_rates(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Among which case studies; all when left out. A filter by outcome or status chooses by how they went, and says so in the caveats."
        )]
        filter: Option<CaseStudyFilter>,
        #[graphql(desc = "By which measures, in this order; by all when left out.")] metrics: Option<
            Vec<Coded<OutcomeMetric>>,
        >,
        #[graphql(desc = "Count outcomes with evidence of these grades only; of all when left out.")]
        evidence: Option<Vec<Coded<EvidenceGrade>>>,
    ) -> FieldResult<Vec<OutcomeRate>> {
        let filter = read(filter).map_err(at(ctx))?;
        let metrics = listed("metrics", metrics).map_err(at(ctx))?;
        let metrics = metrics.unwrap_or_else(|| OutcomeMetric::VARIANTS.to_vec());
        let evidence = listed("evidence", evidence).map_err(at(ctx))?;
        let selection = OutcomeSelection { filter, evidence };
        rates(ctx, selection, &metrics).await.map_err(at(ctx))
    }
}

fn listed<C: Code>(argument: &str, list: Option<Vec<Coded<C>>>) -> stackfit_domain::Result<Option<Vec<C>>> {
    list.map(|list| values(argument, codes(list))).transpose()
}

async fn rates(
    ctx: &Context<'_>,
    selection: OutcomeSelection,
    metrics: &[OutcomeMetric],
) -> stackfit_domain::Result<Vec<OutcomeRate>> {
    let reader = loader(ctx).direct();
    let case_studies = reader.count_case_studies(&selection.filter).await?;
    let groups = reader.outcome_groups(&selection, metrics).await?;
    let mut directions = reader.outcome_directions(&selection, metrics).await?;
    directions.sort_by_key(|counted| counted.direction);
    let rate = |metric: &OutcomeMetric| OutcomeRate {
        rate: DomainRate::of(*metric, case_studies, &groups),
        directions: directions.iter().filter(|counted| counted.metric == *metric).copied().collect(),
        selection: selection.clone(),
    };
    Ok(metrics.iter().map(rate).collect())
}
