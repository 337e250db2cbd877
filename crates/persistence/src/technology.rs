//! Technologies: rows, lookups, lists.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select};
use stackfit_domain::{
    Error, Result,
    filter::{Filter, TechnologyTest},
    id::Id,
    page::{Page, Window},
    source::web_address,
    subject::{Record, Subject},
    technology::{Technology, TechnologyKind},
};

use crate::{
    Reader,
    batch::{BatchKey, by_id},
    convert::{code, slug},
    cursor::KeyValue,
    error::translate,
    keyset::{self, List, Valued},
    technology_filter::{self, Way},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "technologies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i32,
        pub updated_at: DateTimeUtc,
        pub slug: String,
        pub kind: String,
        pub name: String,
        pub name_key: String,
        pub summary: Option<String>,
        pub homepage: Option<String>,
        pub repository: Option<String>,
        pub archived: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// By what technologies are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TechnologyOrderField {
    /// By name, whatever its case.
    Name,
    /// By slug.
    Slug,
    /// By the code of the kind.
    Kind,
    /// By when they were last written.
    UpdatedAt,
}

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TechnologyOrder {
    /// By what.
    pub field: TechnologyOrderField,
    /// Whether the largest comes first.
    pub descending: bool,
}

pub(crate) fn record(row: row::Model) -> Result<Record<Technology>> {
    let row::Model {
        id,
        version,
        updated_at,
        slug: slug_text,
        kind,
        name,
        name_key: _,
        summary,
        homepage,
        repository,
        archived,
    } = row;
    let address = |text: Option<String>| {
        text.map(|text| web_address("url", &text)).transpose().map_err(Error::internal)
    };
    let value = Technology {
        slug: slug(&slug_text)?,
        kind: code(&kind)?,
        name,
        summary,
        homepage: address(homepage)?,
        repository: address(repository)?,
        archived,
    };
    Ok(Record { id: Id::from_uuid(id), version, updated_at, value })
}

fn list(order: &[TechnologyOrder]) -> List<row::Entity> {
    use TechnologyOrderField as F;
    let order = order.iter().map(|TechnologyOrder { field, descending }| (*field, *descending));
    let column = |field: F| -> Valued<row::Entity> {
        match field {
            F::Name => (row::Column::NameKey, |row| KeyValue::Text(row.name_key.clone())),
            F::Slug => (row::Column::Slug, |row| KeyValue::Text(row.slug.clone())),
            F::Kind => (row::Column::Kind, |row| KeyValue::Text(row.kind.clone())),
            F::UpdatedAt => (row::Column::UpdatedAt, |row| KeyValue::Time(row.updated_at)),
        }
    };
    let id: Valued<row::Entity> = (row::Column::Id, |row| KeyValue::Id(row.id));
    List::ordered("technologies", order, column, id)
}

/// The order that lists have when nobody says: by name.
pub const DEFAULT_ORDER: &[TechnologyOrder] =
    &[TechnologyOrder { field: TechnologyOrderField::Name, descending: false }];

impl Reader {
    /// A technology by its slug.
    pub async fn technology(&self, slug: &str) -> Result<Option<Record<Technology>>> {
        let found = row::Entity::find().filter(row::Column::Slug.eq(slug)).one(&self.db).await;
        found.map_err(translate)?.map(record).transpose()
    }

    /// A page of the technologies of some kinds, of all kinds when none is given.
    pub async fn technologies(
        &self,
        kinds: &[TechnologyKind],
        filter: &Filter<TechnologyTest>,
        order: &[TechnologyOrder],
        window: &Window,
    ) -> Result<Page<Record<Technology>>> {
        let order = if order.is_empty() { DEFAULT_ORDER } else { order };
        let by_name = order.first().is_some_and(|key| key.field == TechnologyOrderField::Name);
        let way = if by_name { Way::PageByName } else { Way::Page };
        let select = self.passing(kinds, filter, way).await?;
        let page = keyset::page(&self.db, &self.cursors, select, &list(order), window).await?;
        page.try_map(record)
    }

    /// How many technologies there are of some kinds that pass a filter.
    pub async fn count_technologies(
        &self,
        kinds: &[TechnologyKind],
        filter: &Filter<TechnologyTest>,
    ) -> Result<i64> {
        self.count(self.passing(kinds, filter, Way::Whole).await?).await
    }

    /// The technologies of some kinds that pass a filter.
    pub(crate) async fn passing(
        &self,
        kinds: &[TechnologyKind],
        filter: &Filter<TechnologyTest>,
        way: Way,
    ) -> Result<Select<row::Entity>> {
        let mut select = row::Entity::find().filter(condition(kinds, filter, self.today)?);
        if let Some(narrowed) = self.narrowed(kinds, filter, way).await? {
            select = select.filter(narrowed);
        }
        Ok(select)
    }
}

fn condition(
    kinds: &[TechnologyKind],
    filter: &Filter<TechnologyTest>,
    today: NaiveDate,
) -> Result<Condition> {
    technology_filter::check(filter)?;
    let mut condition = Condition::all().add(technology_filter::condition(filter, today));
    if !kinds.is_empty() {
        condition = condition.add(technology_filter::of_kind(kinds));
    }
    Ok(condition)
}

by_id! {
    /// A technology by its id.
    TechnologyById => Technology
}
