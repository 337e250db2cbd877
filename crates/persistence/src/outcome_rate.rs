//! How case studies went, counted in SQL: whatever their number, the same few statements, and a handful of rows.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, Order, QueryFilter, QueryResult,
    QuerySelect, QueryTrait,
    sea_query::{
        Alias, Asterisk, CaseStatement, Condition, Expr, ExprTrait, Func, OverStatement, Query,
        SelectStatement, SimpleExpr, WindowStatement,
    },
};
use stackfit_domain::{
    Error, Result,
    case_study::{OutcomeDirection, OutcomeMetric},
    code::Code,
    evidence_grade::{EvidenceGrade, Independence},
    fact::Fact,
    filter::{CaseStudyTest, Filter},
    outcome_rate::{Course, DirectionCount, Group, PercentRange},
    page::{Page, Window},
};
use strum::VariantArray;

use crate::{
    Reader,
    batch::{BatchKey, group, limited},
    case_study::{condition, row as case_study},
    convert::{code, from_micros},
    error::translate,
    evidence_grade::{GRADE, INDEPENDENCE, IS_GOOD, grade_in, graded, number, numbered},
    fact::list,
    fact_row::{self as fact, not_refuted},
    filter::code_in,
};

const WELL: &str = "well";
const BADLY: &str = "badly";
const HAS_FAILED: &str = "has_failed";
const STUDIES: &str = "studies";
const COUNT: &str = "how_many";
const IS_REFUTED: &str = "is_refuted";
const PLACE: &str = "place";
const FIGURES: &str = "figures";
const LOW: &str = "low";
const HIGH: &str = "high";
const BELOW: &str = "below";
const ABOVE: &str = "above";

/// Which outcomes are counted: those of some case studies, of some grades.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OutcomeSelection {
    /// Of which case studies.
    pub filter: Filter<CaseStudyTest>,
    /// Of these grades; all that have one when absent.
    pub evidence: Option<Vec<EvidenceGrade>>,
}

impl OutcomeSelection {
    /// The condition that an outcome is one of some metrics, of the case studies.
    fn told(&self, metrics: &[OutcomeMetric]) -> Result<Condition> {
        let studies = case_study::Entity::find().filter(condition(&self.filter)?);
        let studies = studies.select_only().column(case_study::Column::Id).into_query();
        let every = metrics.len() == OutcomeMetric::VARIANTS.len();
        let some = (!every).then(|| code_in(fact::Column::OutcomeMetric.into_expr(), metrics));
        Ok(Condition::all()
            .add(fact::Column::OutcomeMetric.is_not_null())
            .add_option(some)
            .add(fact::Column::SubjectId.in_subquery(studies)))
    }

    /// The condition that such an outcome counts.
    fn counts(&self, told: &Condition) -> SimpleExpr {
        let Some(grades) = &self.evidence else { return not_refuted() };
        let of_grades = Query::select()
            .column(fact::Column::Id)
            .from_subquery(graded(told.clone()), Alias::new("outcomes"))
            .and_where(grade_in(grades))
            .to_owned();
        fact::Column::Id.in_subquery(of_grades)
    }
}

fn column(name: &str) -> Expr {
    Expr::col(Alias::new(name))
}

fn one_if(condition: SimpleExpr) -> SimpleExpr {
    CaseStatement::new().case(condition, Expr::val(1)).finally(Expr::val(0)).into()
}

fn get<T: sea_orm::TryGetable>(row: &QueryResult, name: &str) -> Result<T> {
    row.try_get("", name).map_err(translate)
}

fn metric_of(row: &QueryResult) -> Result<OutcomeMetric> {
    code(&get::<String>(row, fact::Column::OutcomeMetric.as_str())?)
}

/// Each case study with how it went by each metric.
fn by_study(selection: &OutcomeSelection, metrics: &[OutcomeMetric]) -> Result<SelectStatement> {
    let grades = selection.evidence.as_deref().unwrap_or(EvidenceGrade::VARIANTS);
    Ok(Query::select()
        .column(fact::Column::OutcomeMetric)
        .column(fact::Column::SubjectId)
        .expr_as(Func::max(column(IS_GOOD)), Alias::new(WELL))
        .expr_as(Func::min(column(IS_GOOD)), Alias::new(BADLY))
        .expr_as(Func::max(column(GRADE)), Alias::new(GRADE))
        .expr_as(Func::min(column(INDEPENDENCE)), Alias::new(INDEPENDENCE))
        .from_subquery(graded(selection.told(metrics)?), Alias::new("outcomes"))
        .and_where(grade_in(grades))
        .group_by_col(fact::Column::OutcomeMetric)
        .group_by_col(fact::Column::SubjectId)
        .to_owned())
}

/// The case studies of which something is told that was not reached. Outcomes of a direction are found in an index by
/// their metrics.
fn failing() -> SelectStatement {
    fact::Entity::find()
        .filter(code_in(fact::Column::OutcomeMetric.into_expr(), OutcomeMetric::VARIANTS))
        .filter(fact::Column::OutcomeDirection.eq(OutcomeDirection::Failed.code()))
        .filter(not_refuted())
        .select_only()
        .column(fact::Column::SubjectId)
        .into_query()
}

/// How many case studies are alike in what counts.
fn groups(selection: &OutcomeSelection, metrics: &[OutcomeMetric]) -> Result<SelectStatement> {
    let (study, alike) = (Alias::new("study"), Alias::new("alike"));
    let kept = [WELL, BADLY, GRADE, INDEPENDENCE];
    let subject = Expr::col((study.clone(), fact::Column::SubjectId));
    let mut studies = Query::select();
    studies
        .column((study.clone(), fact::Column::OutcomeMetric))
        .expr(case_study::Column::Status.into_expr())
        .expr_as(one_if(subject.clone().in_subquery(failing())), Alias::new(HAS_FAILED))
        .from_subquery(by_study(selection, metrics)?, study.clone())
        .inner_join(case_study::Entity, subject.eq(case_study::Column::Id.into_expr()));
    for name in kept {
        studies.column((study.clone(), Alias::new(name)));
    }
    let mut counted = Query::select();
    counted.column(fact::Column::OutcomeMetric).column(case_study::Column::Status);
    counted.group_by_col(fact::Column::OutcomeMetric).group_by_col(case_study::Column::Status);
    for name in kept.into_iter().chain([HAS_FAILED]) {
        counted.column(Alias::new(name)).group_by_col(Alias::new(name));
    }
    Ok(counted.expr_as(Expr::cust("COUNT(*)"), Alias::new(COUNT)).from_subquery(studies, alike).to_owned())
}

fn group_of(row: &QueryResult) -> Result<Group> {
    let went = match (get::<i32>(row, WELL)?, get::<i32>(row, BADLY)?) {
        (1, 1) => Course::Well,
        (0, _) => Course::Badly,
        _ => Course::Mixed,
    };
    let evidence = numbered(get(row, GRADE)?).ok_or_else(|| Error::internal("a grade is not known"))?;
    let independence: Option<i32> = get(row, INDEPENDENCE)?;
    let status: String = get(row, case_study::Column::Status.as_str())?;
    Ok(Group {
        metric: metric_of(row)?,
        went,
        evidence,
        is_interested: independence == Some(number(&Independence::Interested)),
        status: code(&status)?,
        has_failed: get::<i32>(row, HAS_FAILED)? == 1,
        how_many: get(row, COUNT)?,
    })
}

/// Outcomes with their place among the percentages of their metric and direction.
fn placed(selection: &OutcomeSelection, metrics: &[OutcomeMetric]) -> Result<SelectStatement> {
    let alike = [fact::Column::OutcomeMetric.as_str(), fact::Column::OutcomeDirection.as_str(), IS_REFUTED];
    let percent = fact::Column::PercentMicros.as_str();
    let columns = [
        fact::Column::OutcomeMetric,
        fact::Column::OutcomeDirection,
        fact::Column::PercentMicros,
        fact::Column::SubjectId,
    ];
    let told = selection.told(metrics)?;
    let refuted = not_refuted().not();
    let flagged = Query::select()
        .exprs(columns.map(ColumnTrait::into_expr))
        .expr_as(one_if(refuted.clone()), Alias::new(IS_REFUTED))
        .from(fact::Entity)
        .and_where(selection.counts(&told).or(refuted))
        .cond_where(told)
        .to_owned();
    let partition = || {
        let mut window = WindowStatement::new();
        for name in alike {
            window.add_partition_by(column(name));
        }
        window
    };
    let mut order = partition();
    order.add_partition_by(column(percent).is_null()).order_by_expr(column(percent), Order::Asc);
    Ok(Query::select()
        .column(Asterisk)
        .expr_window_as(Expr::cust("ROW_NUMBER()"), order, Alias::new(PLACE))
        .expr_window_as(Func::count(column(percent)), partition(), Alias::new(FIGURES))
        .from_subquery(flagged, Alias::new("flagged"))
        .to_owned())
}

/// How many outcomes went which way, and by how many per cent.
fn directions(selection: &OutcomeSelection, metrics: &[OutcomeMetric]) -> Result<SelectStatement> {
    let percent = || column(fact::Column::PercentMicros.as_str());
    // Without a percentage the place is one among those without one.
    let at = |place: &'static str| {
        let there = Expr::cust(place).and(percent().is_not_null());
        Func::max(CaseStatement::new().case(there, percent()))
    };
    let mut select = Query::select();
    for name in
        [fact::Column::OutcomeMetric.as_str(), fact::Column::OutcomeDirection.as_str(), IS_REFUTED, FIGURES]
    {
        select.column(Alias::new(name)).group_by_col(Alias::new(name));
    }
    Ok(select
        .expr_as(Expr::cust("COUNT(*)"), Alias::new(COUNT))
        .expr_as(Expr::cust("COUNT(DISTINCT subject_id)"), Alias::new(STUDIES))
        .expr_as(Func::min(percent()), Alias::new(LOW))
        .expr_as(Func::max(percent()), Alias::new(HIGH))
        .expr_as(at("place = (figures + 1) / 2"), Alias::new(BELOW))
        .expr_as(at("place = figures / 2 + 1"), Alias::new(ABOVE))
        .from_subquery(placed(selection, metrics)?, Alias::new("placed"))
        .to_owned())
}

fn direction_of(row: &QueryResult) -> Result<DirectionCount> {
    let direction: String = get(row, fact::Column::OutcomeDirection.as_str())?;
    let ends: (Option<i64>, Option<i64>) = (get(row, LOW)?, get(row, HIGH)?);
    let middle: (Option<i64>, Option<i64>) = (get(row, BELOW)?, get(row, ABOVE)?);
    let percents = match (ends, middle) {
        ((Some(low), Some(high)), (Some(below), Some(above))) => Some(PercentRange {
            low: from_micros(low),
            middle: PercentRange::middle_of(from_micros(below), from_micros(above)),
            high: from_micros(high),
            figures: get(row, FIGURES)?,
        }),
        _ => None,
    };
    Ok(DirectionCount {
        metric: metric_of(row)?,
        direction: code(&direction)?,
        is_refuted: get::<i32>(row, IS_REFUTED)? == 1,
        case_studies: get(row, STUDIES)?,
        outcomes: get(row, COUNT)?,
        percents,
    })
}

impl Reader {
    /// The case studies that tell of some metrics, by how they went.
    pub async fn outcome_groups(
        &self,
        selection: &OutcomeSelection,
        metrics: &[OutcomeMetric],
    ) -> Result<Vec<Group>> {
        let rows = self.db.query_all(&groups(selection, metrics)?).await.map_err(translate)?;
        rows.iter().map(group_of).collect()
    }

    /// The outcomes of some metrics, by the way they went, with refuted ones apart.
    pub async fn outcome_directions(
        &self,
        selection: &OutcomeSelection,
        metrics: &[OutcomeMetric],
    ) -> Result<Vec<DirectionCount>> {
        let rows = self.db.query_all(&directions(selection, metrics)?).await.map_err(translate)?;
        rows.iter().map(direction_of).collect()
    }
}

/// A page of the outcomes of a metric that count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OutcomesOf {
    /// Among which.
    pub selection: OutcomeSelection,
    /// Of which metric.
    pub metric: OutcomeMetric,
    /// Which page.
    pub window: Window,
}

impl BatchKey for OutcomesOf {
    type Value = Page<Fact>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Page<Fact>>> {
        let mut pages = HashMap::new();
        for ((selection, window), keys) in group(keys, |key| (key.selection.clone(), key.window.clone())) {
            let metrics: Vec<OutcomeMetric> = keys.iter().map(|key| key.metric).collect();
            let mut found = pages_by_metric(reader, &selection, &metrics, &window).await?;
            for key in keys {
                let rows = found.remove(&key.metric).unwrap_or_default();
                let page = list().page(&reader.cursors, &window, rows)?.try_map(fact::fact)?;
                pages.insert(key, page);
            }
        }
        Ok(pages)
    }
}

async fn pages_by_metric(
    reader: &Reader,
    selection: &OutcomeSelection,
    metrics: &[OutcomeMetric],
    window: &Window,
) -> Result<HashMap<OutcomeMetric, Vec<fact::Model>>> {
    let told = selection.told(metrics)?;
    let rows = fact::Entity::find()
        .filter(selection.counts(&told))
        .filter(told)
        .filter(list().within(&reader.cursors, window)?)
        .into_query();
    let orders: Vec<(Expr, Order)> =
        list().orders(window.direction).map(|(column, order)| (column.into_expr(), order)).collect();
    let parts = [fact::Column::OutcomeMetric.into_expr()];
    let limited = limited(rows, parts, orders, u64::from(window.limit) + 1);
    let mut found: HashMap<OutcomeMetric, Vec<fact::Model>> = HashMap::new();
    for row in reader.db.query_all(&limited).await.map_err(translate)? {
        let model = fact::Model::from_query_result(&row, "").map_err(translate)?;
        found.entry(metric_of(&row)?).or_default().push(model);
    }
    Ok(found)
}
