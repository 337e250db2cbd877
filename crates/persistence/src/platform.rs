//! Platforms on which facts say that their subjects run.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use stackfit_domain::{Result, fact::Fact, id::Id, subject::Subject, technology::Platform};

use crate::{
    Reader,
    batch::{BatchKey, id_in},
    convert::code,
    error::translate,
    fact_row::{self, not_refuted},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fact_platforms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub platform: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The platforms on which a subject runs according to facts that are not refuted, in the order of the enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlatformsOf(pub Id<Subject>);

impl BatchKey for PlatformsOf {
    type Value = Vec<Platform>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Vec<Platform>>> {
        let subjects = keys.iter().map(|key| key.0.uuid());
        let of_fact = row::Entity::belongs_to(fact_row::Entity)
            .from(row::Column::FactId)
            .to(fact_row::Column::Id)
            .into();
        let rows: Vec<(uuid::Uuid, String)> = row::Entity::find()
            .join(JoinType::InnerJoin, of_fact)
            .select_only()
            .column(fact_row::Column::SubjectId)
            .column(row::Column::Platform)
            .distinct()
            .filter(not_refuted())
            .filter(id_in(fact_row::Column::SubjectId.into_expr(), subjects))
            .into_tuple()
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut lists: HashMap<Self, Vec<Platform>> = HashMap::new();
        for (subject, platform) in rows {
            lists.entry(Self(Id::from_uuid(subject))).or_default().push(code(&platform)?);
        }
        for platforms in lists.values_mut() {
            platforms.sort_unstable();
        }
        Ok(lists)
    }
}

/// The platforms on which a fact says that its subject runs, in the order of the enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlatformsAssertedBy(pub Id<Fact>);

impl BatchKey for PlatformsAssertedBy {
    type Value = Vec<Platform>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Vec<Platform>>> {
        let ids = keys.iter().map(|key| key.0.uuid());
        let rows = row::Entity::find()
            .filter(id_in(row::Column::FactId.into_expr(), ids))
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut lists: HashMap<Self, Vec<Platform>> = HashMap::new();
        for row::Model { fact_id, platform } in rows {
            lists.entry(Self(Id::from_uuid(fact_id))).or_default().push(code(&platform)?);
        }
        for platforms in lists.values_mut() {
            platforms.sort_unstable();
        }
        Ok(lists)
    }
}
