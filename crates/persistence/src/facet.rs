//! Facets of technologies: one statement each.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, Order, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType},
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
    technology::TechnologyKind,
};

use crate::{
    Reader,
    error::translate,
    fact_row::{self as fact, believable_ids, named_technology as named, not_refuted},
    platform::row as platform,
    relation::row as relation,
    release_cycle::technology_status,
    technology::{condition, row as technology},
};

/// The most values of one facet that are handed out, the most frequent first.
pub const MAX_BUCKETS: u64 = 100;

const TECHNOLOGY: &str = "technology_id";
const VALUE: &str = "value";
const COUNT: &str = "how_many";

impl Reader {
    /// How the technologies that pass a filter are spread over a facet: the most frequent values first.
    pub async fn facet(
        &self,
        facet: TechnologyFacet,
        kinds: &[TechnologyKind],
        filter: &Filter<TechnologyTest>,
    ) -> Result<Vec<Bucket>> {
        let chosen = technology::Entity::find().filter(condition(kinds, filter, self.today)?);
        let pairs = match facet {
            TechnologyFacet::Kind => own(chosen, technology::Column::Kind.into_expr()),
            TechnologyFacet::SupportStatus => own(chosen, technology_status(self.today)),
            TechnologyFacet::Language => among(chosen, languages()),
            TechnologyFacet::Platform => among(chosen, platforms()),
            TechnologyFacet::License => among(chosen, licenses()),
            TechnologyFacet::Capability => among(chosen, capabilities()),
            TechnologyFacet::UseCase => {
                let mut pairs = among(chosen.clone(), praised());
                pairs.union(UnionType::Distinct, among(chosen, ruled()));
                pairs
            }
        };
        let counted = Query::select()
            .column(Alias::new(VALUE))
            .expr_as(Expr::cust("COUNT(*)"), Alias::new(COUNT))
            .from_subquery(pairs, Alias::new("pairs"))
            .add_group_by([Expr::col(Alias::new(VALUE))])
            .order_by(Alias::new(COUNT), Order::Desc)
            .order_by(Alias::new(VALUE), Order::Asc)
            .limit(MAX_BUCKETS)
            .to_owned();
        let rows = self.db.query_all(&counted).await.map_err(translate)?;
        rows.iter()
            .map(|row| {
                let value: String = row.try_get("", VALUE).map_err(translate)?;
                let count: i64 = row.try_get("", COUNT).map_err(translate)?;
                Ok(Bucket { value, count })
            })
            .collect()
    }
}

/// A value that each technology has one of.
fn own(chosen: Select<technology::Entity>, value: SimpleExpr) -> SelectStatement {
    chosen.select_only().expr_as(value, VALUE).into_query()
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
        let select = Query::select()
            .distinct()
            .expr_as(technology.clone(), Alias::new(TECHNOLOGY))
            .expr_as(value, Alias::new(VALUE))
            .to_owned();
        Self { select, technology }
    }
}

/// Each of some technologies with each of its values, once.
fn among(chosen: Select<technology::Entity>, values: Values) -> SelectStatement {
    let ids = chosen.select_only().column(technology::Column::Id).into_query();
    let Values { mut select, technology } = values;
    select.and_where(technology.in_subquery(ids));
    select
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
        .and_where(relation::Column::Kind.eq(RelationKind::Language.code()))
        .and_where(relation::Column::FactId.in_subquery(believable_ids()));
    values
}
