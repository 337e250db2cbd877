//! Checklists and their items: rows and lookups.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use stackfit_domain::{
    Result,
    checklist::{Checklist, ChecklistItem},
    id::Id,
    subject::{Record, Subject},
};

use crate::{
    Reader,
    batch::{BatchKey, by_id, id_in},
    convert::{code, code_opt, slug},
    error::translate,
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "checklists")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i32,
        pub updated_at: DateTimeUtc,
        pub slug: String,
        pub name: String,
        pub platform: Option<String>,
        pub summary: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "checklist_items")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub checklist_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub name: String,
        pub fact_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod item_capability {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "checklist_item_capabilities")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub checklist_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub capability: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) fn record(row: row::Model) -> Result<Record<Checklist>> {
    let row::Model { id, version, updated_at, slug: slug_text, name, platform, summary } = row;
    let platform = code_opt(platform.as_deref())?;
    let value = Checklist { slug: slug(&slug_text)?, name, platform, summary };
    Ok(Record { id: Id::from_uuid(id), version, updated_at, value })
}

impl Reader {
    /// All checklists, by slug.
    pub async fn checklists(&self) -> Result<Vec<Record<Checklist>>> {
        let rows = row::Entity::find().order_by_asc(row::Column::Slug).all(&self.db).await;
        rows.map_err(translate)?.into_iter().map(record).collect()
    }
}

by_id! {
    /// A checklist by its id.
    ChecklistById => Checklist
}

/// The items of a checklist, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ItemsOf(pub Id<Subject>);

impl BatchKey for ItemsOf {
    type Value = Vec<ChecklistItem>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let ids = keys.iter().map(|key| key.0.uuid());
        let capabilities = item::Entity::belongs_to(item_capability::Entity)
            .from((item::Column::ChecklistId, item::Column::Position))
            .to((item_capability::Column::ChecklistId, item_capability::Column::Position))
            .into();
        let rows = item::Entity::find()
            .join(JoinType::InnerJoin, capabilities)
            .select_also(item_capability::Entity)
            .filter(id_in(item::Column::ChecklistId.into_expr(), ids))
            .order_by_asc(item::Column::ChecklistId)
            .order_by_asc(item::Column::Position)
            .order_by_asc(item_capability::Column::Capability)
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut lists: HashMap<Self, Self::Value> = HashMap::new();
        let mut last_place = None;
        for (item::Model { checklist_id, position, name, fact_id }, capability) in rows {
            let Some(item_capability::Model { capability, .. }) = capability else { continue };
            let capability = code(&capability)?;
            let items = lists.entry(Self(Id::from_uuid(checklist_id))).or_default();
            let same_place = last_place.replace((checklist_id, position)) == Some((checklist_id, position));
            match items.last_mut() {
                Some(last) if same_place => last.capabilities.push(capability),
                _ => items.push(ChecklistItem {
                    name,
                    capabilities: vec![capability],
                    fact: Id::from_uuid(fact_id),
                }),
            }
        }
        Ok(lists)
    }
}
