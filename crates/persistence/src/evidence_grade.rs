//! Outcomes with their grade of evidence, in SQL. The rules are the domain's: what it answers for every case there can
//! be is written down as a `CASE`, so that nothing is decided a second time here.

use sea_orm::{
    ColumnTrait,
    sea_query::{
        Alias, CaseStatement, Condition, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SimpleExpr,
    },
};
use stackfit_domain::{
    case_study::{OutcomeDirection, OutcomeMetric},
    code::Code,
    evidence_grade::{EvidenceGrade, Exactness, Independence, Profile, exactness, independence},
    source::SourceKind,
};
use strum::VariantArray;

use crate::{citation::row as citation, fact_row as fact, source::row as source};

/// The columns of an outcome beside those of its fact.
pub(crate) const GRADE: &str = "grade";
pub(crate) const INDEPENDENCE: &str = "independence";
pub(crate) const IS_GOOD: &str = "is_good";
const EXACTNESS: &str = "exactness";

/// The number that stands for a value: its place among all, so that the smallest is the first.
pub(crate) fn number<C: VariantArray + PartialEq>(value: &C) -> i32 {
    let place = C::VARIANTS.iter().position(|known| known == value);
    place.and_then(|place| i32::try_from(place).ok()).unwrap_or(i32::MAX)
}

/// The value that a number stands for.
pub(crate) fn numbered<C: VariantArray + Copy>(number: i32) -> Option<C> {
    usize::try_from(number).ok().and_then(|place| C::VARIANTS.get(place)).copied()
}

/// The outcomes that pass a condition, each with its grade, which is null when a verdict refutes it.
pub(crate) fn graded(which: Condition) -> SelectStatement {
    let outcomes = Alias::new("outcomes");
    let columns = [
        fact::Column::SubjectId,
        fact::Column::OutcomeMetric,
        fact::Column::OutcomeDirection,
        fact::Column::PercentMicros,
    ];
    let mut select = Query::select();
    for column in columns {
        select.column((outcomes.clone(), column));
    }
    select
        .column((outcomes.clone(), fact::Column::Id))
        .column((outcomes.clone(), Alias::new(INDEPENDENCE)))
        .expr_as(grade(&outcomes), Alias::new(GRADE))
        .expr_as(is_good(&outcomes), Alias::new(IS_GOOD))
        .from_subquery(profiled(which), outcomes)
        .to_owned()
}

/// The condition that a grade is one of some.
pub(crate) fn grade_in(grades: &[EvidenceGrade]) -> SimpleExpr {
    let column = Expr::col(Alias::new(GRADE));
    column.clone().is_not_null().and(column.is_in(grades.iter().map(number)))
}

/// Outcomes with what their grade depends on.
fn profiled(which: Condition) -> SelectStatement {
    let columns = [
        fact::Column::Id,
        fact::Column::SubjectId,
        fact::Column::Verdict,
        fact::Column::OutcomeMetric,
        fact::Column::OutcomeDirection,
        fact::Column::PercentMicros,
    ];
    let mut select = Query::select();
    for column in columns {
        select.expr(column.into_expr());
    }
    let cited = citation::Column::FactId.into_expr().eq(fact::Column::Id.into_expr());
    let supporting = Condition::all().add(cited).add(citation::Column::Supports.eq(true));
    let from = source::Column::Id.into_expr().eq(citation::Column::SourceId.into_expr());
    select
        .expr_as(Func::min(teller()), Alias::new(INDEPENDENCE))
        .expr_as(exactly(), Alias::new(EXACTNESS))
        .from(fact::Entity)
        .join(JoinType::LeftJoin, citation::Entity, supporting)
        .join(JoinType::LeftJoin, source::Entity, from)
        .and_where(fact::Column::OutcomeMetric.is_not_null())
        .cond_where(which)
        .add_group_by([fact::Column::Id.into_expr()])
        .to_owned()
}

/// The number of [`independence`] of a source that is joined; null when there is none.
fn teller() -> SimpleExpr {
    let mut case = CaseStatement::new();
    for of in Independence::VARIANTS {
        let mut any = Condition::any();
        for bias in [false, true] {
            let kinds = SourceKind::VARIANTS.iter().filter(|kind| independence(**kind, bias) == *of);
            let of_kind = source::Column::Kind.is_in(kinds.map(|kind| kind.code()));
            any = any.add(source::Column::HasVendorBias.eq(bias).and(of_kind));
        }
        case = case.case(any, Expr::val(number(of)));
    }
    case.into()
}

/// The number of [`exactness`] of an outcome.
fn exactly() -> SimpleExpr {
    let given = |column: fact::Column, is: bool| if is { column.is_not_null() } else { column.is_null() };
    let mut case = CaseStatement::new();
    for of in Exactness::VARIANTS {
        let mut any = Condition::any();
        for (percent, months) in [(false, false), (false, true), (true, false), (true, true)] {
            let metrics = OutcomeMetric::VARIANTS.iter();
            let metrics = metrics.filter(|metric| exactness(**metric, percent, months) == *of);
            any = any.add(
                given(fact::Column::PercentMicros, percent)
                    .and(given(fact::Column::MonthsMicros, months))
                    .and(fact::Column::OutcomeMetric.is_in(metrics.map(|metric| metric.code()))),
            );
        }
        case = case.case(any, Expr::val(number(of)));
    }
    case.into()
}

/// The number of [`Profile::grade`] of an outcome.
fn grade(outcomes: &Alias) -> SimpleExpr {
    let column = |name: &str| Expr::col((outcomes.clone(), Alias::new(name)));
    let mut case = CaseStatement::new();
    for grade in EvidenceGrade::VARIANTS {
        let mut any = Condition::any();
        for exactness in Exactness::VARIANTS {
            for independence in Independence::VARIANTS.iter().copied().map(Some).chain([None]) {
                let alike = Profile::all().filter(|profile| {
                    (profile.exactness, profile.independence, profile.grade())
                        == (*exactness, independence, Some(*grade))
                });
                let verdicts: Vec<&str> = alike.map(|profile| profile.verdict.code()).collect();
                if verdicts.is_empty() {
                    continue;
                }
                let told = match independence {
                    Some(of) => column(INDEPENDENCE).eq(number(&of)),
                    None => column(INDEPENDENCE).is_null(),
                };
                let verdict = Expr::col((outcomes.clone(), fact::Column::Verdict)).is_in(verdicts);
                any = any.add(column(EXACTNESS).eq(number(exactness)).and(told).and(verdict));
            }
        }
        case = case.case(any, Expr::val(number(grade)));
    }
    case.into()
}

/// 1 when an outcome [went well](OutcomeDirection::is_good), else 0.
fn is_good(outcomes: &Alias) -> SimpleExpr {
    let mut any = Condition::any();
    for direction in OutcomeDirection::VARIANTS {
        let metrics = OutcomeMetric::VARIANTS.iter().filter(|metric| direction.is_good(**metric));
        let went = Expr::col((outcomes.clone(), fact::Column::OutcomeDirection)).eq(direction.code());
        let metric = Expr::col((outcomes.clone(), fact::Column::OutcomeMetric));
        any = any.add(went.and(metric.is_in(metrics.map(|metric| metric.code()))));
    }
    CaseStatement::new().case(any, Expr::val(1)).finally(Expr::val(0)).into()
}
