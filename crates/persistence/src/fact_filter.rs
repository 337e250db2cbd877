//! Filters of facts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{ExprTrait, SimpleExpr},
};
use stackfit_domain::{
    fact::FactKind,
    filter::{FactTest, Filter},
    freshness::{Freshness, observed_between, shelf_life_days},
    subject::SubjectKind,
};
use strum::VariantArray;

use crate::{
    citation::{errata, row as citation},
    fact::contradictions,
    fact_row::Column,
    filter::{code_in, combine},
    subject::slug_in,
};

pub(crate) fn condition(filter: &Filter<FactTest>, today: NaiveDate) -> Condition {
    combine(filter, &|one| test(one, today))
}

fn test(test: &FactTest, today: NaiveDate) -> Condition {
    let id: SimpleExpr = Column::Id.into_expr();
    let all = Condition::all();
    match test {
        FactTest::Kind(kinds) => all.add(code_in(Column::Kind.into_expr(), kinds)),
        FactTest::Verdict(verdicts) => all.add(code_in(Column::Verdict.into_expr(), verdicts)),
        FactTest::Freshness(wanted) => {
            wanted.iter().fold(Condition::any(), |any, freshness| any.add(fresh(*freshness, today)))
        }
        FactTest::Subject(slugs) => all.add(slug_in(Column::SubjectId.into_expr(), None, slugs)),
        FactTest::Source(slugs) => all.add(id.in_subquery(citing(slugs))),
        FactTest::Criterion(criteria) => all.add(code_in(Column::Criterion.into_expr(), criteria)),
        FactTest::UseCase(uses) => all.add(code_in(Column::UseCase.into_expr(), uses)),
        FactTest::ObservedFrom(day) => {
            all.add(Column::ObservedOn.is_not_null()).add(Column::ObservedOn.gte(*day))
        }
        FactTest::ObservedTo(day) => {
            all.add(Column::ObservedOn.is_not_null()).add(Column::ObservedOn.lte(*day))
        }
        FactTest::ValidOn(day) => all
            .add(Column::ValidFrom.is_null().or(Column::ValidFrom.lte(*day)))
            .add(Column::ValidTo.is_null().or(Column::ValidTo.gte(*day))),
        FactTest::HasErrata(has) => {
            let with = errata::Entity::find().select_only().column(errata::Column::FactId).into_query();
            all.add(if *has { id.in_subquery(with) } else { id.not_in_subquery(with) })
        }
        FactTest::IsContradicted(is) => {
            let with = contradictions::Entity::find().select_only().column(contradictions::Column::FactId);
            let with = with.into_query();
            all.add(if *is { id.in_subquery(with) } else { id.not_in_subquery(with) })
        }
    }
}

fn citing(slugs: &[String]) -> sea_orm::sea_query::SelectStatement {
    let source: SimpleExpr = citation::Column::SourceId.into_expr();
    citation::Entity::find()
        .select_only()
        .column(citation::Column::FactId)
        .filter(slug_in(source, Some(SubjectKind::Source), slugs))
        .into_query()
}

/// Freshness depends on the kind of fact and on the day, so it is asked for as days of observation, for all kinds
/// with the same shelf life together.
fn fresh(wanted: Freshness, today: NaiveDate) -> Condition {
    if wanted == Freshness::Unknown {
        return Condition::all().add(Column::ObservedOn.is_null());
    }
    let mut kinds: BTreeMap<u64, Vec<FactKind>> = BTreeMap::new();
    for kind in FactKind::VARIANTS {
        kinds.entry(shelf_life_days(*kind)).or_default().push(*kind);
    }
    kinds.into_values().fold(Condition::any(), |any, kinds| {
        let Some((after, until)) = observed_between(kinds[0], wanted, today) else { return any };
        let mut one = Condition::all()
            .add(code_in(Column::Kind.into_expr(), &kinds))
            .add(Column::ObservedOn.is_not_null());
        if let Some(after) = after {
            one = one.add(Column::ObservedOn.gt(after));
        }
        if let Some(until) = until {
            one = one.add(Column::ObservedOn.lte(until));
        }
        any.add(one)
    })
}
