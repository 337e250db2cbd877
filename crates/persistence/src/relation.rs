//! Relations: typed links between subjects, each with the fact that asserts it.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryResult,
    QuerySelect, QueryTrait,
};
use stackfit_domain::{
    Error, Result, fact::Fact, id::Id, relation::Relation, subject::Subject, version::VersionRange,
};

use crate::{
    Reader,
    batch::{BatchKey, MAX_LIST, id_in, limited},
    convert::code,
    error::translate,
    fact_row,
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "relations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub kind: String,
        pub from_id: Uuid,
        pub to_id: Uuid,
        pub from_versions: Option<String>,
        pub versions: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A relation with the fact that asserts it.
#[derive(Debug, Clone, PartialEq)]
pub struct AssertedRelation {
    /// The relation.
    pub relation: Relation,
    /// The fact that asserts it.
    pub fact: Fact,
}

/// The relations that lead from a subject, in the order of their facts' codes, at most [`MAX_LIST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RelationsFrom(pub Id<Subject>);

/// The relations that a fact asserts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RelationsAssertedBy(pub Id<Fact>);

async fn load(
    reader: &Reader,
    column: row::Column,
    ids: impl Iterator<Item = uuid::Uuid>,
) -> Result<Vec<AssertedRelation>> {
    let fact =
        row::Entity::belongs_to(fact_row::Entity).from(row::Column::FactId).to(fact_row::Column::Id).into();
    let rows = row::Entity::find()
        .join(JoinType::InnerJoin, fact)
        .select_also(fact_row::Entity)
        .filter(id_in(column.into_expr(), ids))
        .into_query();
    let orders = [
        (fact_row::Column::CodeKey.into_expr(), Order::Asc),
        (row::Column::Position.into_expr(), Order::Asc),
    ];
    let limited = limited(rows, [column.into_expr()], orders, MAX_LIST);
    let rows = reader.db.query_all(&limited).await.map_err(translate)?;
    rows.iter().map(asserted).collect()
}

/// Reads a row in which the columns of the relation begin with `A_` and those of its fact with `B_`.
fn asserted(row: &QueryResult) -> Result<AssertedRelation> {
    let relation = row::Model::from_query_result(row, "A_").map_err(translate)?;
    let fact = fact_row::Model::from_query_result(row, "B_").map_err(translate)?;
    Ok(AssertedRelation { relation: self::relation(relation)?, fact: fact_row::fact(fact)? })
}

/// Reads a row.
pub(crate) fn relation(row: row::Model) -> Result<Relation> {
    let row::Model { fact_id: _, position: _, kind, from_id, to_id, from_versions, versions } = row;
    let range = |text: Option<String>| {
        text.map(|text| VersionRange::parse("versions", &text)).transpose().map_err(Error::internal)
    };
    Ok(Relation {
        kind: code(&kind)?,
        from: Id::from_uuid(from_id),
        to: Id::from_uuid(to_id),
        from_versions: range(from_versions)?,
        versions: range(versions)?,
    })
}

fn gather<K: std::hash::Hash + Eq>(
    relations: Vec<AssertedRelation>,
    key: impl Fn(&AssertedRelation) -> K,
) -> HashMap<K, Vec<AssertedRelation>> {
    let mut lists: HashMap<K, Vec<AssertedRelation>> = HashMap::new();
    for relation in relations {
        lists.entry(key(&relation)).or_default().push(relation);
    }
    lists
}

impl BatchKey for RelationsFrom {
    type Value = Vec<AssertedRelation>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let ids = keys.iter().map(|key| key.0.uuid());
        let found = load(reader, row::Column::FromId, ids).await?;
        Ok(gather(found, |asserted| Self(asserted.relation.from)))
    }
}

impl BatchKey for RelationsAssertedBy {
    type Value = Vec<AssertedRelation>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let ids = keys.iter().map(|key| key.0.uuid());
        let found = load(reader, row::Column::FactId, ids).await?;
        Ok(gather(found, |asserted| Self(asserted.fact.id)))
    }
}
