//! Facets of technologies: how lists are spread over the values that facts give to technologies.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QuerySelect, QueryTrait,
    sea_query::{Alias, Condition, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType},
};
use stackfit_domain::{
    Result,
    capability::SupportLevel,
    code::Code,
    facet::{Bucket, TechnologyFacet},
    fact::{FactKind, attribute},
    filter::{Filter, TechnologyTest},
    fit_rule::FitStrength,
    relation::RelationKind,
    release_cycle::SupportStatus,
    technology::TechnologyKind,
};
use uuid::Uuid;

use crate::{
    Reader,
    batch::id_in,
    convert::code,
    derived::{METRIC, counts, facets, support},
    error::translate,
    fact_row::{self as fact, named_technology as named, not_refuted},
    organization::row as organization,
    platform::row as platform,
    relation::row as relation,
    technology::row as technology,
    technology_filter::Way,
};

/// The most values of one facet that are handed out, the most frequent first.
pub const MAX_BUCKETS: usize = 100;

const FACET: &str = "facet";
const TECHNOLOGY: &str = "technology_id";
const VALUE: &str = "value";
const NUMBER: &str = "number";
const COUNT: &str = "how_many";

impl Reader {
    /// How the technologies that pass a filter are spread over some facets: the most frequent values first.
    pub async fn facets(
        &self,
        names: &[TechnologyFacet],
        kinds: &[TechnologyKind],
        filter: &Filter<TechnologyTest>,
    ) -> Result<Vec<(TechnologyFacet, Vec<Bucket>)>> {
        let mut found: HashMap<&'static str, Vec<Bucket>> = HashMap::new();
        for select in self.counting(names, kinds, filter).await? {
            for row in self.db.query_all(&select).await.map_err(translate)? {
                let facet: String = row.try_get("", FACET).map_err(translate)?;
                let value = row.try_get("", VALUE).map_err(translate)?;
                let count = row.try_get("", COUNT).map_err(translate)?;
                let name: TechnologyFacet = code(&facet)?;
                found.entry(name.code()).or_default().push(Bucket { value, count });
            }
        }
        if names.contains(&TechnologyFacet::SupportStatus) {
            let buckets = found.entry(TechnologyFacet::SupportStatus.code()).or_default();
            let declared: i64 = buckets.iter().map(|bucket| bucket.count).sum();
            add_undeclared(buckets, self.count_technologies(kinds, filter).await? - declared);
        }
        let sorted = |name: &TechnologyFacet| {
            let mut buckets = found.remove(name.code()).unwrap_or_default();
            buckets.sort_by(|left, right| {
                right.count.cmp(&left.count).then_with(|| left.value.cmp(&right.value))
            });
            buckets.truncate(MAX_BUCKETS);
            (*name, buckets)
        };
        Ok(names.iter().map(sorted).collect())
    }

    /// The statements that count, by facet and value.
    async fn counting(
        &self,
        names: &[TechnologyFacet],
        kinds: &[TechnologyKind],
        filter: &Filter<TechnologyTest>,
    ) -> Result<Vec<SelectStatement>> {
        let (support, others): (Vec<TechnologyFacet>, Vec<TechnologyFacet>) =
            names.iter().partition(|name| **name == TechnologyFacet::SupportStatus);
        let mut statements = Vec::new();
        if let Some(whole) = Whole::of(filter) {
            if !others.is_empty() {
                statements.push(whole.counts(&others, kinds));
            }
            if !support.is_empty() {
                statements.push(whole.support(kinds, self.today));
            }
            return Ok(statements);
        }
        let chosen = self.passing(kinds, filter, Way::Whole).await?;
        let ids = || chosen.clone().select_only().column(technology::Column::Id).into_query();
        if others.contains(&TechnologyFacet::Kind) {
            let facet = Expr::val(TechnologyFacet::Kind.code()).cast_as("text");
            let mut select = chosen.clone().select_only().into_query();
            count(&mut select, facet, technology::Column::Kind);
            statements.push(select);
        }
        if others.iter().any(|name| *name != TechnologyFacet::Kind) {
            let mut select = among(ids(), facets::Entity, facets::Column::TechnologyId);
            count(&mut select, facets::Column::Facet.into_expr(), facets::Column::Value);
            select
                .and_where(facets::Column::Facet.is_in(others.iter().map(|name| name.code())))
                .add_group_by([facets::Column::Facet.into_expr()]);
            statements.push(select);
        }
        if !support.is_empty() {
            let mut select = among(ids(), support::Entity, support::Column::TechnologyId);
            holding(&mut select, self.today);
            statements.push(select);
        }
        Ok(statements)
    }
}

/// The rows of some technologies: these are read first, which `CROSS JOIN` says to `SQLite`.
fn among<E: EntityTrait>(technologies: SelectStatement, rows: E, technology: E::Column) -> SelectStatement {
    let chosen = Alias::new("chosen");
    let id = Expr::col((chosen.clone(), technology::Column::Id));
    Query::select()
        .from_subquery(technologies, chosen)
        .join(JoinType::CrossJoin, rows, Condition::all())
        .and_where(technology.into_expr().eq(id))
        .to_owned()
}

/// Counts rows by a value of a facet.
fn count(select: &mut SelectStatement, facet: SimpleExpr, value: impl ColumnTrait) {
    select
        .expr_as(facet, Alias::new(FACET))
        .expr_as(value.into_expr(), Alias::new(VALUE))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new(COUNT))
        .add_group_by([value.into_expr()]);
}

/// Counts the phases of support that hold on a day by their status.
fn holding(select: &mut SelectStatement, today: NaiveDate) {
    count(select, Expr::val(TechnologyFacet::SupportStatus.code()).cast_as("text"), support::Column::Status);
    select.and_where(support::Column::FromDay.lte(today)).and_where(support::Column::UntilDay.gte(today));
}

/// Adds those of which no phase holds: nothing is declared of them.
fn add_undeclared(buckets: &mut Vec<Bucket>, count: i64) {
    let none = SupportStatus::NotDeclared.code();
    match buckets.iter_mut().find(|bucket| bucket.value == none) {
        Some(bucket) => bucket.count += count,
        None if count > 0 => buckets.push(Bucket { value: none.to_owned(), count }),
        None => {}
    }
}

/// A filter that lets everything through, or everything but what was archived or was not: counts are kept for these.
#[derive(Default, Clone, Copy)]
struct Whole {
    archived: Option<bool>,
}

impl Whole {
    fn of(filter: &Filter<TechnologyTest>) -> Option<Self> {
        match filter {
            Filter::Test(TechnologyTest::Archived(archived)) => Some(Self { archived: Some(*archived) }),
            Filter::All(parts) => parts.iter().try_fold(Self::default(), |whole, part| {
                let archived = Self::of(part)?.archived;
                let disagree = whole.archived.is_some() && archived.is_some() && whole.archived != archived;
                (!disagree).then(|| Self { archived: archived.or(whole.archived) })
            }),
            _ => None,
        }
    }

    /// Counts as they are kept.
    fn counts(self, names: &[TechnologyFacet], kinds: &[TechnologyKind]) -> SelectStatement {
        let of_facets = counts::Column::Facet.is_in(names.iter().map(|name| name.code()));
        let sum = Expr::expr(counts::Column::HowMany.into_expr().sum()).cast_as("bigint");
        Query::select()
            .expr_as(counts::Column::Facet.into_expr(), Alias::new(FACET))
            .expr_as(counts::Column::Value.into_expr(), Alias::new(VALUE))
            .expr_as(sum, Alias::new(COUNT))
            .from(counts::Entity)
            .and_where(of_facets)
            .cond_where(self.among(counts::Column::Kind, counts::Column::Archived, kinds))
            .add_group_by([counts::Column::Facet.into_expr(), counts::Column::Value.into_expr()])
            .to_owned()
    }

    fn support(self, kinds: &[TechnologyKind], today: NaiveDate) -> SelectStatement {
        let among = self.among(support::Column::Kind, support::Column::Archived, kinds);
        let mut select = Query::select().from(support::Entity).cond_where(among).to_owned();
        holding(&mut select, today);
        select
    }

    fn among<C: ColumnTrait>(self, kind: C, archived: C, kinds: &[TechnologyKind]) -> Condition {
        let kinds = (!kinds.is_empty()).then(|| kind.is_in(kinds.iter().map(|kind| kind.code())));
        Condition::all().add_option(kinds).add_option(self.archived.map(|value| archived.eq(value)))
    }
}

/// The values that facts give to some technologies, facet by facet: each once, with a number that only metrics have.
pub(crate) fn values(technologies: &[Uuid]) -> Vec<(&'static str, SelectStatement)> {
    let ids = || technologies.iter().copied();
    let mut uses = praised().of(ids());
    uses.union(UnionType::Distinct, ruled().of(ids()));
    vec![
        (TechnologyFacet::Language.code(), languages().of(ids())),
        (TechnologyFacet::Platform.code(), platforms().of(ids())),
        (TechnologyFacet::License.code(), licenses().of(ids())),
        (TechnologyFacet::Capability.code(), capabilities().of(ids())),
        (TechnologyFacet::AdoptedBy.code(), adopters().of(ids())),
        (TechnologyFacet::UseCase.code(), uses),
        (METRIC, figures().of(ids())),
    ]
}

/// Values with the expression of the technology that has them.
struct Values {
    select: SelectStatement,
    technology: SimpleExpr,
}

impl Values {
    /// Values that facts about technologies tell which no verdict refutes.
    fn of_facts(value: SimpleExpr, which: SimpleExpr) -> Self {
        let mut values = Self::new(fact::Column::SubjectId.into_expr(), value);
        values.select.from(fact::Entity).and_where(which).and_where(not_refuted());
        values
    }

    fn new(technology: SimpleExpr, value: SimpleExpr) -> Self {
        Self::with_number(technology, value, Expr::cust("CAST(0 AS bigint)"))
    }

    fn with_number(technology: SimpleExpr, value: SimpleExpr, number: SimpleExpr) -> Self {
        let select = Query::select()
            .distinct()
            .expr_as(technology.clone(), Alias::new(TECHNOLOGY))
            .expr_as(value, Alias::new(VALUE))
            .expr_as(number, Alias::new(NUMBER))
            .to_owned();
        Self { select, technology }
    }

    /// The values of some technologies, each once.
    fn of(self, technologies: impl Iterator<Item = Uuid>) -> SelectStatement {
        let Self { mut select, technology } = self;
        select.and_where(id_in(technology, technologies));
        select
    }
}

fn figures() -> Values {
    let value: SimpleExpr = fact::Column::MetricKey.into_expr();
    let number = fact::Column::MetricValueMicros.into_expr();
    let mut values = Values::with_number(fact::Column::SubjectId.into_expr(), value, number);
    values
        .select
        .from(fact::Entity)
        .and_where(fact::Column::MetricKey.is_not_null())
        .and_where(not_refuted());
    values
}

/// Adoptions with a single candidate: of the others nobody knows which technology is used.
fn adopters() -> Values {
    let slug: SimpleExpr = organization::Column::Slug.into_expr();
    let mut values = Values::new(named::Column::TechnologyId.into_expr(), slug);
    let of_fact = fact::Column::Id.into_expr().equals(named::Column::FactId.as_column_ref());
    let of_organization =
        organization::Column::Id.into_expr().equals(fact::Column::OrganizationId.as_column_ref());
    values
        .select
        .from(named::Entity)
        .inner_join(fact::Entity, of_fact)
        .inner_join(organization::Entity, of_organization)
        .and_where(fact::Column::Kind.eq(FactKind::Adoption.code()))
        .and_where(Expr::exists(others_named()).not())
        .and_where(not_refuted());
    values
}

/// Further technologies that the same fact names.
fn others_named() -> SelectStatement {
    let other = Alias::new("other");
    Query::select()
        .expr(Expr::val(1))
        .from_as(named::Entity, other.clone())
        .and_where(
            Expr::col((other.clone(), named::Column::FactId)).equals(named::Column::FactId.as_column_ref()),
        )
        .and_where(
            Expr::col((other, named::Column::Position)).not_equals(named::Column::Position.as_column_ref()),
        )
        .to_owned()
}

fn licenses() -> Values {
    let which = fact::Column::AttributeName.eq(attribute::LICENSE);
    Values::of_facts(fact::Column::AttributeValue.into_expr(), which)
}

fn capabilities() -> Values {
    let lacking = [SupportLevel::None.code(), SupportLevel::Unknown.code()];
    let provided = fact::Column::Capability.is_not_null().and(fact::Column::SupportLevel.is_not_in(lacking));
    Values::of_facts(fact::Column::Capability.into_expr(), provided)
}

fn praised() -> Values {
    let pros = fact::Column::Kind.eq(FactKind::Pro.code()).and(fact::Column::UseCase.is_not_null());
    Values::of_facts(fact::Column::UseCase.into_expr(), pros)
}

fn ruled() -> Values {
    let mut values = Values::new(named::Column::TechnologyId.into_expr(), fact::Column::UseCase.into_expr());
    let of_rule = fact::Column::Id.into_expr().equals(named::Column::FactId.as_column_ref());
    values
        .select
        .from(named::Entity)
        .inner_join(fact::Entity, of_rule)
        .and_where(fact::Column::Kind.eq(FactKind::FitRule.code()))
        .and_where(fact::Column::UseCase.is_not_null())
        .and_where(fact::Column::FitStrength.ne(FitStrength::Avoid.code()))
        .and_where(not_refuted());
    values
}

fn platforms() -> Values {
    let mut values = Values::new(fact::Column::SubjectId.into_expr(), platform::Column::Platform.into_expr());
    let of_platform = fact::Column::Id.into_expr().equals(platform::Column::FactId.as_column_ref());
    values.select.from(platform::Entity).inner_join(fact::Entity, of_platform).and_where(not_refuted());
    values
}

fn languages() -> Values {
    let language = Alias::new("language");
    let slug = Expr::col((language.clone(), technology::Column::Slug));
    let mut values = Values::new(relation::Column::FromId.into_expr(), slug);
    let of_relation =
        Expr::col((language.clone(), technology::Column::Id)).equals(relation::Column::ToId.as_column_ref());
    values
        .select
        .from(relation::Entity)
        .join_as(JoinType::InnerJoin, technology::Entity, language, of_relation)
        .inner_join(
            fact::Entity,
            fact::Column::Id.into_expr().equals(relation::Column::FactId.as_column_ref()),
        )
        .and_where(relation::Column::Kind.eq(RelationKind::Language.code()))
        .and_where(not_refuted());
    values
}
