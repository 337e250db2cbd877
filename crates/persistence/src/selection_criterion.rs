//! Criteria of selection: rows and lookups.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use stackfit_domain::{
    Result,
    id::Id,
    selection_criterion::SelectionCriterion,
    subject::{Record, Subject},
};

use crate::{
    Reader,
    batch::{BatchKey, by_id},
    convert::{code, slug},
    error::translate,
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "selection_criteria")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i32,
        pub updated_at: DateTimeUtc,
        pub slug: String,
        pub criterion: String,
        pub name: String,
        pub question: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) fn record(row: row::Model) -> Result<Record<SelectionCriterion>> {
    let row::Model { id, version, updated_at, slug: slug_text, criterion, name, question } = row;
    let value = SelectionCriterion { slug: slug(&slug_text)?, criterion: code(&criterion)?, name, question };
    Ok(Record { id: Id::from_uuid(id), version, updated_at, value })
}

impl Reader {
    /// All criteria of selection, by slug.
    pub async fn selection_criteria(&self) -> Result<Vec<Record<SelectionCriterion>>> {
        let rows = row::Entity::find().order_by_asc(row::Column::Slug).all(&self.db).await;
        rows.map_err(translate)?.into_iter().map(record).collect()
    }
}

by_id! {
    /// A criterion of selection by its id.
    SelectionCriterionById => SelectionCriterion
}
