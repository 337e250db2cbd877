//! Sources: rows, lookups, lists.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use stackfit_domain::{
    Error, Result,
    id::Id,
    page::{Page, Window},
    source::{Location, Source, web_address},
    subject::{Record, Subject},
};

use crate::{
    Reader,
    batch::{BatchKey, by_id},
    convert::{code, partial_date, required, slug},
    cursor::KeyValue,
    error::translate,
    keyset::{self, Key, List},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sources")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i32,
        pub updated_at: DateTimeUtc,
        pub slug: String,
        pub kind: String,
        pub title: String,
        pub publisher: Option<String>,
        pub url: Option<String>,
        pub no_url_reason: Option<String>,
        pub published_on: Option<Date>,
        pub published_precision: Option<String>,
        pub has_vendor_bias: bool,
        pub note: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) fn record(row: row::Model) -> Result<Record<Source>> {
    let row::Model {
        id,
        version,
        updated_at,
        slug: slug_text,
        kind,
        title,
        publisher,
        url,
        no_url_reason,
        published_on,
        published_precision,
        has_vendor_bias,
        note,
    } = row;
    let location = match url {
        Some(url) => Location::Url(web_address("url", &url).map_err(Error::internal)?),
        None => Location::Nowhere(required(no_url_reason, "no_url_reason")?),
    };
    let value = Source {
        slug: slug(&slug_text)?,
        kind: code(&kind)?,
        title,
        publisher,
        location,
        published_on: partial_date(published_on, published_precision.as_deref())?,
        has_vendor_bias,
        note,
    };
    Ok(Record { id: Id::from_uuid(id), version, updated_at, value })
}

/// Sources are listed by slug.
fn list() -> List<row::Entity> {
    List {
        name: "sources".to_owned(),
        keys: vec![Key {
            column: row::Column::Slug,
            descending: false,
            value: |row| KeyValue::Text(row.slug.clone()),
        }],
    }
}

impl Reader {
    /// A source by its slug.
    pub async fn source(&self, slug: &str) -> Result<Option<Record<Source>>> {
        let found = row::Entity::find().filter(row::Column::Slug.eq(slug)).one(&self.db).await;
        found.map_err(translate)?.map(record).transpose()
    }

    /// A page of the sources.
    pub async fn sources(&self, window: &Window) -> Result<Page<Record<Source>>> {
        let page = keyset::page(&self.db, &self.cursors, row::Entity::find(), &list(), window).await?;
        page.try_map(record)
    }

    /// How many sources there are.
    pub async fn count_sources(&self) -> Result<i64> {
        self.count(row::Entity::find()).await
    }
}

by_id! {
    /// A source by its id.
    SourceById => Source
}
