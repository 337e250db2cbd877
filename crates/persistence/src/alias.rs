//! Other names of subjects.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use stackfit_domain::{Result, id::Id, subject::Subject};

use crate::{
    Reader,
    batch::{BatchKey, id_in},
    error::translate,
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "subject_aliases")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub alias: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The other names of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AliasesOf(pub Id<Subject>);

impl BatchKey for AliasesOf {
    type Value = Vec<String>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Vec<String>>> {
        let parents = keys.iter().map(|key| key.0.uuid());
        let rows = row::Entity::find()
            .filter(id_in(row::Column::SubjectId.into_expr(), parents))
            .order_by_asc(row::Column::Position)
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut names: HashMap<Self, Vec<String>> = HashMap::new();
        for row::Model { subject_id, position: _, alias } in rows {
            names.entry(Self(Id::from_uuid(subject_id))).or_default().push(alias);
        }
        Ok(names)
    }
}
