//! Outcome rates: how often it went well among case studies.

use async_graphql::{ComplexObject, Context, Object, SimpleObject};
use futures_util::FutureExt;
use stackfit_domain::{
    Error, Result,
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
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct OutcomeRate {
    /// The measure.
    metric: Coded<OutcomeMetric>,
    /// How many case studies passed the filter.
    case_studies: i32,
    /// How many of them tell of the measure, with evidence of the grades that were asked for.
    told: i32,
    /// How many of them do not: they say nothing of it, or nothing but what is refuted or of other grades. How these went
    /// by it is not known, so that they are in no share.
    not_told: i32,
    /// In how many all that is told of it went well.
    went_well: i32,
    /// In how many all that is told of it went badly.
    went_badly: i32,
    /// In how many some of it went well and some badly. They are no successes and no failures.
    mixed: i32,
    /// `wentWell ÷ told`. Null when nothing is told.
    success_share: Option<OutcomeShare>,
    /// `wentBadly ÷ told`. Null when nothing is told.
    failure_share: Option<OutcomeShare>,
    /// How many of the projects that tell of it have ended: `DISCONTINUED`. One that went well by a measure may have
    /// ended all the same.
    discontinued: i32,
    /// In how many of the projects that tell of it something was not reached, by whatever measure: an outcome that
    /// is not refuted has the direction `FAILED`.
    failed: i32,
    /// Of how many of those that tell of it nobody tells but who gains from it.
    told_by_interested: i32,
    /// The same by grade of evidence, the best first; a case study has the worst grade of what it tells of the
    /// measure. Grades that none has are left out.
    by_evidence: Vec<EvidenceRate>,
    /// Which way it went, with the percentages. Directions that no outcome has are left out.
    directions: Vec<OutcomeDirectionCount>,
    /// How many outcomes a verdict refutes. They count nowhere else.
    refuted: i32,
    /// What to keep in mind when reading it, the most important first. Never empty: where something is told,
    /// successes are told more often than failures.
    caveats: Vec<RateCaveat>,
    #[graphql(skip)]
    selection: OutcomeSelection,
    #[graphql(skip)]
    counting: i64,
}

#[ComplexObject]
impl OutcomeRate {
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
        let key = OutcomesOf { selection: self.selection.clone(), metric: self.metric.0, window };
        let page = loader(ctx).load(key).await.map_err(at(ctx))?.unwrap_or_else(Page::empty);
        let outcome = |fact| {
            Outcome::try_from(Fact::from(fact)).map_err(|()| Error::internal("an outcome is another fact"))
        };
        let page = page.try_map(outcome).map_err(at(ctx))?;
        let total = self.counting;
        Ok(Connection::new(page, |outcome| outcome, move |_| async move { Ok(total) }.boxed()))
    }
}

fn count(how_many: i64) -> Result<i32> {
    i32::try_from(how_many).map_err(Error::internal)
}

/// The rate of a metric, with the outcomes of the metric by direction.
fn outcome_rate(
    rate: &DomainRate,
    directions: &[DirectionCount],
    selection: &OutcomeSelection,
) -> Result<OutcomeRate> {
    let counted =
        |is_refuted: bool| directions.iter().filter(move |counted| counted.is_refuted == is_refuted);
    let outcomes = |is_refuted: bool| -> i64 { counted(is_refuted).map(|counted| counted.outcomes).sum() };
    let DomainRate { metric, case_studies, tally, by_evidence, interested, discontinued, failed } = rate;
    let caveats = rate.caveats(selects_by_outcome(&selection.filter));
    Ok(OutcomeRate {
        metric: (*metric).into(),
        case_studies: count(*case_studies)?,
        told: count(tally.told())?,
        not_told: count(rate.not_told())?,
        went_well: count(tally.well)?,
        went_badly: count(tally.badly)?,
        mixed: count(tally.mixed)?,
        success_share: tally.success().map(Into::into),
        failure_share: tally.failure().map(Into::into),
        discontinued: count(*discontinued)?,
        failed: count(*failed)?,
        told_by_interested: count(*interested)?,
        by_evidence: by_evidence.iter().map(evidence_rate).collect::<Result<_>>()?,
        directions: counted(false).map(direction_count).collect::<Result<_>>()?,
        refuted: count(outcomes(true))?,
        caveats: caveats.into_iter().map(Into::into).collect(),
        selection: selection.clone(),
        counting: outcomes(false),
    })
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

fn evidence_rate((grade, tally): &(EvidenceGrade, Tally)) -> Result<EvidenceRate> {
    Ok(EvidenceRate {
        grade: (*grade).into(),
        told: count(tally.told())?,
        went_well: count(tally.well)?,
        went_badly: count(tally.badly)?,
        mixed: count(tally.mixed)?,
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

fn direction_count(counted: &DirectionCount) -> Result<OutcomeDirectionCount> {
    let DirectionCount { metric, direction, is_refuted: _, case_studies, outcomes, percents } = *counted;
    Ok(OutcomeDirectionCount {
        direction: direction.into(),
        is_good: direction.is_good(metric),
        case_studies: count(case_studies)?,
        outcomes: count(outcomes)?,
        percents: percents.map(percent_range).transpose()?,
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

fn percent_range(range: DomainRange) -> Result<PercentRange> {
    let DomainRange { low, middle, high, figures } = range;
    let figures = count(figures)?;
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

fn listed<C: Code>(argument: &str, list: Option<Vec<Coded<C>>>) -> Result<Option<Vec<C>>> {
    list.map(|list| values(argument, codes(list))).transpose()
}

async fn rates(
    ctx: &Context<'_>,
    selection: OutcomeSelection,
    metrics: &[OutcomeMetric],
) -> Result<Vec<OutcomeRate>> {
    let reader = loader(ctx).direct();
    let case_studies = reader.count_case_studies(&selection.filter).await?;
    let groups = reader.outcome_groups(&selection, metrics).await?;
    let mut directions = reader.outcome_directions(&selection, metrics).await?;
    directions.sort_by_key(|counted| counted.direction);
    let rate = |metric: &OutcomeMetric| {
        let own: Vec<DirectionCount> =
            directions.iter().filter(|counted| counted.metric == *metric).copied().collect();
        outcome_rate(&DomainRate::of(*metric, case_studies, &groups), &own, &selection)
    };
    metrics.iter().map(rate).collect()
}
