//! Outcomes with their grade of evidence, in SQL. The rules are the domain's: what it answers for every case there can
//! be is written down as a `CASE`, so that nothing is decided a second time here.

use sea_orm::{
    ColumnTrait,
    sea_query::{
        Alias, CaseStatement, CommonTableExpression, Condition, Expr, ExprTrait, Func, JoinType, Query,
        SelectStatement, SimpleExpr, WithClause,
    },
};
use stackfit_domain::{
    case_study::{OutcomeDirection, OutcomeMetric},
    code::Code,
    evidence_grade::{EvidenceGrade, Exactness, Independence, Profile, exactness, independence},
    source::SourceKind,
    verdict::Verdict,
};
use strum::VariantArray;

use crate::{citation::row as citation, fact_row as fact, source::row as source};

/// The columns of an outcome beside those of its fact.
pub(crate) const GRADE: &str = "grade";
pub(crate) const INDEPENDENCE: &str = "independence";
pub(crate) const IS_GOOD: &str = "is_good";
const EXACTNESS: &str = "exactness";
const PROFILED: &str = "profiled";

/// The number that stands for a value: its place among all, so that the smallest is the first.
pub(crate) fn number<C: VariantArray + PartialEq>(value: &C) -> i32 {
    let place = C::VARIANTS.iter().position(|known| known == value);
    place.and_then(|place| i32::try_from(place).ok()).unwrap_or(i32::MAX)
}

/// The value that a number stands for.
pub(crate) fn numbered<C: VariantArray + Copy>(number: i32) -> Option<C> {
    usize::try_from(number).ok().and_then(|place| C::VARIANTS.get(place)).copied()
}

/// The facts that pass a condition, which must be outcomes, each with its grade, which is null when a verdict refutes it.
pub(crate) fn graded(which: Condition) -> SelectStatement {
    // It is looked up once for each outcome, and read in several places.
    let profiled = CommonTableExpression::new()
        .query(profiled(which))
        .table_name(Alias::new(PROFILED))
        .materialized(true)
        .to_owned();
    Query::select()
        .columns([fact::Column::Id, fact::Column::SubjectId, fact::Column::OutcomeMetric])
        .column(Alias::new(INDEPENDENCE))
        .expr_as(grade(), Alias::new(GRADE))
        .expr_as(is_good(), Alias::new(IS_GOOD))
        .from(Alias::new(PROFILED))
        .with_cte(WithClause::new().cte(profiled).to_owned())
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
    ];
    let from = source::Column::Id.into_expr().eq(citation::Column::SourceId.into_expr());
    let farthest = Query::select()
        .expr(Func::min(teller()))
        .from(citation::Entity)
        .join(JoinType::InnerJoin, source::Entity, from)
        .and_where(citation::Column::FactId.into_expr().eq(fact::Column::Id.into_expr()))
        .and_where(citation::Column::Supports.eq(true))
        .to_owned();
    Query::select()
        .exprs(columns.map(ColumnTrait::into_expr))
        .expr_as(farthest, Alias::new(INDEPENDENCE))
        .expr_as(exactly(), Alias::new(EXACTNESS))
        .from(fact::Entity)
        .cond_where(which)
        .to_owned()
}

/// One of some values of a column, which need not be tested when it is any of them.
fn one_of<C: Code>(column: &Expr, values: &[C]) -> Option<Expr> {
    let any = values.len() == C::VARIANTS.len();
    (!any).then(|| column.clone().is_in(values.iter().map(|value| value.code())))
}

/// The number of [`independence`] of a source.
fn teller() -> SimpleExpr {
    let mut case = CaseStatement::new();
    for of in Independence::VARIANTS {
        for bias in [false, true] {
            let alike = SourceKind::VARIANTS.iter().filter(|kind| independence(**kind, bias) == *of);
            let kinds: Vec<SourceKind> = alike.copied().collect();
            if !kinds.is_empty() {
                let of_kind = one_of(&source::Column::Kind.into_expr(), &kinds);
                let test = Condition::all().add(source::Column::HasVendorBias.eq(bias)).add_option(of_kind);
                case = case.case(test, Expr::val(number(of)));
            }
        }
    }
    case.into()
}

/// The number of [`exactness`] of an outcome.
fn exactly() -> SimpleExpr {
    let given = |column: fact::Column, is: bool| if is { column.is_not_null() } else { column.is_null() };
    let mut case = CaseStatement::new();
    for of in Exactness::VARIANTS {
        for (percent, months) in [(false, false), (false, true), (true, false), (true, true)] {
            let alike =
                OutcomeMetric::VARIANTS.iter().filter(|metric| exactness(**metric, percent, months) == *of);
            let metrics: Vec<OutcomeMetric> = alike.copied().collect();
            if !metrics.is_empty() {
                let test = Condition::all()
                    .add(given(fact::Column::PercentMicros, percent))
                    .add(given(fact::Column::MonthsMicros, months))
                    .add_option(one_of(&fact::Column::OutcomeMetric.into_expr(), &metrics));
                case = case.case(test, Expr::val(number(of)));
            }
        }
    }
    case.into()
}

/// The number of [`Profile::grade`] of an outcome.
fn grade() -> SimpleExpr {
    let mut case = CaseStatement::new();
    for verdict in Verdict::VARIANTS {
        let profiles: Vec<Profile> = Profile::all().filter(|profile| profile.verdict == *verdict).collect();
        let first = profiles.first().and_then(|profile| profile.grade());
        let grade = if profiles.iter().all(|profile| profile.grade() == first) {
            Expr::val(first.as_ref().map(number))
        } else {
            by_profile(&profiles).into()
        };
        case = case.case(Expr::col(fact::Column::Verdict).eq(verdict.code()), grade);
    }
    case.into()
}

/// The number of the grade of profiles with one verdict.
fn by_profile(profiles: &[Profile]) -> CaseStatement {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    profiles.iter().fold(CaseStatement::new(), |case, profile| {
        let Profile { verdict: _, independence, exactness } = profile;
        let told = match independence {
            Some(of) => column(INDEPENDENCE).eq(number(of)),
            None => column(INDEPENDENCE).is_null(),
        };
        let alike = column(EXACTNESS).eq(number(exactness)).and(told);
        case.case(alike, Expr::val(profile.grade().as_ref().map(number)))
    })
}

/// 1 when an outcome [went well](OutcomeDirection::is_good), else 0.
fn is_good() -> SimpleExpr {
    let mut case = CaseStatement::new();
    for direction in OutcomeDirection::VARIANTS {
        let alike = OutcomeMetric::VARIANTS.iter().filter(|metric| direction.is_good(**metric));
        let metrics: Vec<OutcomeMetric> = alike.copied().collect();
        if !metrics.is_empty() {
            let test = Condition::all()
                .add(Expr::col(fact::Column::OutcomeDirection).eq(direction.code()))
                .add_option(one_of(&Expr::col(fact::Column::OutcomeMetric), &metrics));
            case = case.case(test, Expr::val(1));
        }
    }
    case.finally(Expr::val(0)).into()
}
