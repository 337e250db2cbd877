//! The record of changes: rows, lists, and writing them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, sea_query::SimpleExpr};
use stackfit_domain::{
    Result,
    change::{Change, FieldChange, Revision},
    filter::{ChangeTest, Filter},
    page::{Page, Window},
};
use uuid::Uuid;

use crate::{
    Reader,
    batch::{BatchKey, Linked, count_by_parent, group, links, pages_by_parent},
    convert::code,
    cursor::KeyValue,
    error::translate,
    filter::{code_in, combine},
    keyset::{self, Key, List},
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision: i64,
        pub kind: String,
        pub at: DateTimeUtc,
        pub actor: Option<String>,
        pub changed: String,
        pub changed_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod field {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "change_fields")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub field: String,
        pub before: Option<String>,
        pub after: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) fn change(row: row::Model) -> Result<Change> {
    let row::Model { revision, kind, at, actor, changed, changed_id } = row;
    Ok(Change { revision, kind: code(&kind)?, at, actor, changed: code(&changed)?, id: changed_id })
}

/// Changes are listed in the order in which they happened.
fn list() -> List<row::Entity> {
    List {
        name: "changes".to_owned(),
        keys: vec![Key {
            column: row::Column::Revision,
            descending: false,
            value: |row| KeyValue::Integer(row.revision),
        }],
    }
}

fn condition(filter: &Filter<ChangeTest>) -> Condition {
    combine(filter, &|one| {
        let test: SimpleExpr = match one {
            ChangeTest::Kind(kinds) => code_in(row::Column::Kind.into_expr(), kinds),
            ChangeTest::Changed(kinds) => code_in(row::Column::Changed.into_expr(), kinds),
        };
        Condition::all().add(test)
    })
}

impl Reader {
    /// Checks the cursors of a window on a list of changes, before it is loaded together with others.
    pub fn check_change_window(&self, window: &Window) -> Result<()> {
        list().within(&self.cursors, window).map(|_| ())
    }

    /// The changes after a revision, in order.
    pub async fn changes(
        &self,
        after: Revision,
        filter: &Filter<ChangeTest>,
        window: &Window,
    ) -> Result<Page<Change>> {
        let select = row::Entity::find().filter(row::Column::Revision.gt(after)).filter(condition(filter));
        keyset::page(&self.db, &self.cursors, select, &list(), window).await?.try_map(change)
    }

    /// How many changes there are after a revision.
    pub async fn count_changes(&self, after: Revision, filter: &Filter<ChangeTest>) -> Result<i64> {
        let select = row::Entity::find().filter(row::Column::Revision.gt(after)).filter(condition(filter));
        self.count(select).await
    }
}

/// A change by its revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChangeByRevision(pub Revision);

impl BatchKey for ChangeByRevision {
    type Value = Change;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Change>> {
        let revisions = keys.iter().map(|key| key.0);
        let rows = row::Entity::find().filter(row::Column::Revision.is_in(revisions)).all(&reader.db).await;
        rows.map_err(translate)?.into_iter().map(|row| Ok((Self(row.revision), change(row)?))).collect()
    }
}

/// The fields that a change altered, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldsOf(pub Revision);

impl BatchKey for FieldsOf {
    type Value = Vec<FieldChange>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let revisions = keys.iter().map(|key| key.0);
        let rows = field::Entity::find()
            .filter(field::Column::Revision.is_in(revisions))
            .order_by_asc(field::Column::Position)
            .all(&reader.db)
            .await
            .map_err(translate)?;
        let mut lists: HashMap<Self, Self::Value> = HashMap::new();
        for field::Model { revision, position: _, field, before, after } in rows {
            lists.entry(Self(revision)).or_default().push(FieldChange { field, before, after });
        }
        Ok(lists)
    }
}

/// A page of the changes of one thing, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HistoryOf {
    /// The id of the thing.
    pub id: Uuid,
    /// Which page.
    pub window: Window,
}

impl BatchKey for HistoryOf {
    type Value = Page<Change>;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Page<Change>>> {
        let mut pages = HashMap::new();
        for (window, keys) in group(keys, |key| key.window.clone()) {
            let ids = || keys.iter().map(|key| key.id);
            let links = links::<row::Entity>(row::Column::ChangedId, row::Column::Revision, ids());
            let linked = Linked { select: row::Entity::find(), key: row::Column::Revision, links };
            let mut found = pages_by_parent(reader, ids(), linked, &list(), &window).await?;
            for key in keys {
                let page = found.remove(&key.id).unwrap_or_else(Page::empty);
                pages.insert(key, page.try_map(change)?);
            }
        }
        Ok(pages)
    }
}

/// How many changes of one thing there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HistoryCountOf(pub Uuid);

impl BatchKey for HistoryCountOf {
    type Value = i64;

    async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, i64>> {
        let ids = keys.iter().map(|key| key.0);
        let links = links::<row::Entity>(row::Column::ChangedId, row::Column::Revision, ids);
        let linked = Linked { select: row::Entity::find(), key: row::Column::Revision, links };
        let found = count_by_parent(&reader.db, linked).await?;
        Ok(found.into_iter().map(|(id, count)| (Self(id), count)).collect())
    }
}
