//! Organisations: rows and lookups.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use stackfit_domain::{
    Error, Result,
    id::Id,
    organization::{CountryCode, Industry, Organization},
    source::web_address,
    subject::{Record, Subject},
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
    #[sea_orm(table_name = "organizations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i32,
        pub updated_at: DateTimeUtc,
        pub slug: String,
        pub name: String,
        pub summary: Option<String>,
        pub country: Option<String>,
        pub industry: Option<String>,
        pub homepage: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) fn record(row: row::Model) -> Result<Record<Organization>> {
    let row::Model { id, version, updated_at, slug: slug_text, name, summary, country, industry, homepage } =
        row;
    let value = Organization {
        slug: slug(&slug_text)?,
        name,
        summary,
        country: country.as_deref().map(CountryCode::parse).transpose().map_err(Error::internal)?,
        industry: industry.as_deref().map(Industry::parse).transpose().map_err(Error::internal)?,
        homepage: homepage.map(|url| web_address("url", &url)).transpose().map_err(Error::internal)?,
    };
    Ok(Record { id: Id::from_uuid(id), version, updated_at, value })
}

impl Reader {
    /// An organisation by its slug.
    pub async fn organization(&self, slug: &str) -> Result<Option<Record<Organization>>> {
        let found = row::Entity::find().filter(row::Column::Slug.eq(slug)).one(&self.db).await;
        found.map_err(translate)?.map(record).transpose()
    }
}

by_id! {
    /// An organisation by its id.
    OrganizationById => Organization
}
