//! Filters of technologies. Facts whose verdict refutes them speak for nothing.

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{ExprTrait, SelectStatement, SimpleExpr},
};
use stackfit_domain::{
    Result,
    capability::{Capability, SupportLevel},
    code::Code,
    fact::FactKind,
    filter::{Filter, MetricTest, TechnologyTest},
    fit_rule::{FitStrength, UseCase},
    relation::RelationKind,
    subject::SubjectKind,
    technology::Platform,
};

use crate::{
    convert::to_micros,
    fact_row::{self as fact, believable_ids, named_singly, named_technology as named, not_refuted},
    filter::{code_in, combine, text, text_in},
    platform::row as platform,
    relation::row as relation,
    release_cycle::technology_status_in,
    subject::slug_in,
    technology::row,
};

pub(crate) fn condition(filter: &Filter<TechnologyTest>, today: NaiveDate) -> Condition {
    combine(filter, &|one| Condition::all().add(test(one, today)))
}

fn test(test: &TechnologyTest, today: NaiveDate) -> SimpleExpr {
    let id: SimpleExpr = row::Column::Id.into_expr();
    match test {
        TechnologyTest::Kind(kinds) => code_in(row::Column::Kind.into_expr(), kinds),
        TechnologyTest::Language(slugs) => id.in_subquery(written_in(slugs)),
        TechnologyTest::Platform(platforms) => id.in_subquery(running_on(platforms)),
        TechnologyTest::License(licenses) => id.in_subquery(licensed(licenses)),
        TechnologyTest::Capability(capabilities) => id.in_subquery(capable(capabilities)),
        TechnologyTest::UseCase(uses) => {
            id.clone().in_subquery(ruled_fit(uses)).or(id.in_subquery(praised_for(uses)))
        }
        TechnologyTest::AdoptedBy(slugs) => id.in_subquery(adopted_by(slugs)),
        TechnologyTest::ListedIn(codes) => id.in_subquery(listed_in(codes)),
        TechnologyTest::SupportStatus(wanted) => technology_status_in(today, wanted),
        TechnologyTest::Metric(metric) => id.in_subquery(measured(metric)),
        TechnologyTest::Name(name) => text(row::Column::NameKey.into_expr(), name),
        TechnologyTest::Archived(archived) => row::Column::Archived.eq(*archived),
    }
}

/// The subjects of some facts.
fn subjects(facts: Select<fact::Entity>) -> SelectStatement {
    facts.select_only().column(fact::Column::SubjectId).into_query()
}

/// The technologies that some facts name.
fn named_by(facts: Select<fact::Entity>) -> SelectStatement {
    let facts = facts.select_only().column(fact::Column::Id).into_query();
    named::Entity::find()
        .select_only()
        .column(named::Column::TechnologyId)
        .filter(named::Column::FactId.in_subquery(facts))
        .into_query()
}

fn believable() -> Select<fact::Entity> {
    fact::Entity::find().filter(not_refuted())
}

fn written_in(slugs: &[String]) -> SelectStatement {
    let to = slug_in(relation::Column::ToId.into_expr(), Some(SubjectKind::Technology), slugs);
    relation::Entity::find()
        .select_only()
        .column(relation::Column::FromId)
        .filter(relation::Column::Kind.eq(RelationKind::Language.code()))
        .filter(to)
        .filter(relation::Column::FactId.in_subquery(believable_ids()))
        .into_query()
}

fn running_on(platforms: &[Platform]) -> SelectStatement {
    let codes = platforms.iter().map(|platform| platform.code());
    let facts = platform::Entity::find()
        .select_only()
        .column(platform::Column::FactId)
        .filter(platform::Column::Platform.is_in(codes))
        .into_query();
    subjects(believable().filter(fact::Column::Id.in_subquery(facts)))
}

fn licensed(licenses: &[String]) -> SelectStatement {
    let value = text_in(fact::Column::AttributeValue.into_expr(), licenses.iter().map(String::as_str));
    subjects(believable().filter(fact::Column::AttributeName.eq("license")).filter(value))
}

fn capable(capabilities: &[Capability]) -> SelectStatement {
    let lacking = [SupportLevel::None.code(), SupportLevel::Unknown.code()];
    let facts = believable()
        .filter(code_in(fact::Column::Capability.into_expr(), capabilities))
        .filter(fact::Column::SupportLevel.is_not_in(lacking));
    subjects(facts)
}

/// The technologies with a figure in a range. Bounds that cannot be stored were refused before.
fn measured(test: &MetricTest) -> SelectStatement {
    let MetricTest { metric, min, max } = test;
    let mut figures = believable().filter(fact::Column::MetricKey.eq(metric.code()));
    if let Some(min) = min.and_then(|value| to_micros("min", value).ok()) {
        figures = figures.filter(fact::Column::MetricValueMicros.gte(min));
    }
    if let Some(max) = max.and_then(|value| to_micros("max", value).ok()) {
        figures = figures.filter(fact::Column::MetricValueMicros.lte(max));
    }
    subjects(figures)
}

/// Refuses numbers that cannot be stored, before any of them is compared.
pub(crate) fn check(filter: &Filter<TechnologyTest>) -> Result<()> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().try_for_each(check),
        Filter::Not(part) => check(part),
        Filter::Test(TechnologyTest::Metric(MetricTest { metric: _, min, max })) => {
            let min = min.map(|value| to_micros("filter.metric.min", value)).transpose();
            let max = max.map(|value| to_micros("filter.metric.max", value)).transpose();
            min.and(max).map(|_| ())
        }
        Filter::Test(_) => Ok(()),
    }
}

fn ruled_fit(uses: &[UseCase]) -> SelectStatement {
    let rules = believable()
        .filter(fact::Column::Kind.eq(FactKind::FitRule.code()))
        .filter(fact::Column::FitStrength.ne(FitStrength::Avoid.code()))
        .filter(code_in(fact::Column::UseCase.into_expr(), uses));
    named_by(rules)
}

fn praised_for(uses: &[UseCase]) -> SelectStatement {
    let pros = believable()
        .filter(fact::Column::Kind.eq(FactKind::Pro.code()))
        .filter(code_in(fact::Column::UseCase.into_expr(), uses));
    subjects(pros)
}

/// Adoptions with a single candidate: of the others nobody knows which technology is used.
fn adopted_by(slugs: &[String]) -> SelectStatement {
    let organization: SimpleExpr = fact::Column::OrganizationId.into_expr();
    let adoptions = believable()
        .filter(fact::Column::Kind.eq(FactKind::Adoption.code()))
        .filter(slug_in(organization, Some(SubjectKind::Organization), slugs))
        .filter(fact::Column::Id.in_subquery(named_singly()));
    named_by(adoptions)
}

fn listed_in(codes: &[String]) -> SelectStatement {
    named_by(fact::Entity::find().filter(fact::Column::Code.is_in(codes.iter().map(String::as_str))))
}
