//! Citations and errata of facts.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use stackfit_domain::{
    Result,
    citation::{Citation, Erratum},
    fact::Fact,
    id::Id,
    source::Source,
    subject::Record,
};

use crate::{
    Reader,
    batch::{BatchKey, id_in},
    error::translate,
    source::{self, row as source_row},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "citations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub source_id: Uuid,
        pub locator: Option<String>,
        pub retrieved_on: Option<Date>,
        pub supports: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod errata {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "errata")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub wrote: String,
        pub correct: Option<String>,
        pub reason: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The citations of a fact with their sources, in the order of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CitationsOf(pub Id<Fact>);

impl BatchKey for CitationsOf {
    type Value = Vec<(Citation, Record<Source>)>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let ids = keys.iter().map(|key| key.0.uuid());
        let source = row::Entity::belongs_to(source_row::Entity)
            .from(row::Column::SourceId)
            .to(source_row::Column::Id)
            .into();
        let rows = row::Entity::find()
            .join(JoinType::InnerJoin, source)
            .select_also(source_row::Entity)
            .filter(id_in(row::Column::FactId.into_expr(), ids))
            .order_by_asc(row::Column::Position)
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut lists: HashMap<Self, Self::Value> = HashMap::new();
        for (row::Model { fact_id, position: _, source_id, locator, retrieved_on, supports }, source) in rows
        {
            let Some(source) = source else { continue };
            let citation = Citation { source: Id::from_uuid(source_id), locator, retrieved_on, supports };
            lists.entry(Self(Id::from_uuid(fact_id))).or_default().push((citation, source::record(source)?));
        }
        Ok(lists)
    }
}

/// The errata of a fact, in the order of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrataOf(pub Id<Fact>);

impl BatchKey for ErrataOf {
    type Value = Vec<Erratum>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let ids = keys.iter().map(|key| key.0.uuid());
        let rows = errata::Entity::find()
            .filter(id_in(errata::Column::FactId.into_expr(), ids))
            .order_by_asc(errata::Column::Position)
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut lists: HashMap<Self, Self::Value> = HashMap::new();
        for errata::Model { fact_id, position: _, wrote, correct, reason } in rows {
            lists.entry(Self(Id::from_uuid(fact_id))).or_default().push(Erratum { wrote, correct, reason });
        }
        Ok(lists)
    }
}
