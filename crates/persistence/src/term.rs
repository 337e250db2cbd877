//! Terms: rows and lookups.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use stackfit_domain::{
    Result,
    id::Id,
    subject::{Record, Subject},
    term::Term,
};

use crate::{
    Reader,
    batch::{BatchKey, by_id},
    convert::slug,
    error::translate,
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "terms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i32,
        pub updated_at: DateTimeUtc,
        pub slug: String,
        pub name: String,
        pub summary: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) fn record(row: row::Model) -> Result<Record<Term>> {
    let row::Model { id, version, updated_at, slug: slug_text, name, summary } = row;
    let value = Term { slug: slug(&slug_text)?, name, summary };
    Ok(Record { id: Id::from_uuid(id), version, updated_at, value })
}

impl Reader {
    /// All terms, by slug: the vocabulary is small and read as a whole.
    pub async fn terms(&self) -> Result<Vec<Record<Term>>> {
        let rows = row::Entity::find().order_by_asc(row::Column::Slug).all(&self.db).await;
        rows.map_err(translate)?.into_iter().map(record).collect()
    }
}

by_id! {
    /// A term by its id.
    TermById => Term
}
