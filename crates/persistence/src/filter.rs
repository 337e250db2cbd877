//! Filters of the domain as conditions of SQL.

use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, LikeExpr, SimpleExpr},
};
use stackfit_domain::{
    code::Code,
    filter::{Filter, TextTest},
};

/// Combines the conditions of a filter's tests. A test must not yield NULL, or NOT would let nothing through.
pub(crate) fn combine<T>(filter: &Filter<T>, test: &impl Fn(&T) -> Condition) -> Condition {
    match filter {
        Filter::All(parts) => parts.iter().fold(Condition::all(), |all, part| all.add(combine(part, test))),
        Filter::Any(parts) if parts.is_empty() => Condition::all().add(Expr::cust("1 = 0")),
        Filter::Any(parts) => parts.iter().fold(Condition::any(), |any, part| any.add(combine(part, test))),
        Filter::Not(part) => Condition::all().add(combine(part, test)).not(),
        Filter::Test(one) => test(one),
    }
}

/// A column that may be null is one of the values.
pub(crate) fn code_in<C: Code>(column: SimpleExpr, values: &[C]) -> SimpleExpr {
    text_in(column, values.iter().map(|value| value.code()))
}

/// A column that may be null is one of the texts.
pub(crate) fn text_in<'a>(column: SimpleExpr, values: impl IntoIterator<Item = &'a str>) -> SimpleExpr {
    column.clone().is_not_null().and(column.is_in(values))
}

/// A lower-cased column passes a test of its text.
pub(crate) fn text(column: SimpleExpr, test: &TextTest) -> SimpleExpr {
    let like = |column: SimpleExpr, pattern: String| column.like(LikeExpr::new(pattern).escape('\\'));
    match test {
        TextTest::In(values) => column.is_in(values.iter().map(|value| value.to_lowercase())),
        TextTest::Contains(part) => like(column, format!("%{}%", escape(part))),
        // A range of an ordered column is found in its index, which a pattern is not.
        TextTest::StartsWith(part) => {
            let least = part.to_lowercase();
            let beyond = format!("{least}{}", char::MAX);
            column.clone().gte(least).and(column.lt(beyond))
        }
    }
}

fn escape(text: &str) -> String {
    text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
