//! Relations loaded for many parents at once, with a limit for each.
//!
//! A key type stands for a relation: [`BatchKey::load`] answers all keys that wait together with one statement,
//! whatever their number. A new relation is a new key type; nothing is registered.

use std::{collections::HashMap, future::Future, hash::Hash};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, Order, QueryTrait, Select,
    sea_query::{
        Alias, Asterisk, Expr, ExprTrait, JoinType, OverStatement, Query, SelectStatement, SimpleExpr,
        WindowStatement,
    },
};
use stackfit_domain::{
    Result,
    page::{Page, Window},
};
use uuid::Uuid;

use crate::{Reader, error::translate, keyset::List};

/// A relation, as the key under which one parent's share of it is loaded.
pub trait BatchKey: Clone + Eq + Hash + Send + Sync + 'static {
    /// What is loaded for one key.
    type Value: Clone + Send + Sync + 'static;

    /// Loads many keys together. A key without an answer is left out.
    fn load(
        reader: &Reader,
        keys: Vec<Self>,
    ) -> impl Future<Output = Result<HashMap<Self, Self::Value>>> + Send;
}

/// The most that a list without pages holds for one parent.
pub const MAX_LIST: u64 = 100;

const PARENT: &str = "parent_id";
const CHILD: &str = "child_id";
const RANK: &str = "row_rank";

/// `column IN (ids)`. The list is filled up to a power of two with its last id, so that few distinct statements
/// are prepared.
pub(crate) fn id_in(column: SimpleExpr, ids: impl IntoIterator<Item = Uuid>) -> SimpleExpr {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    if let Some(last) = ids.last().copied() {
        ids.resize(ids.len().next_power_of_two(), last);
    }
    column.is_in(ids)
}

/// Which children belong to which parent: a statement with the two columns.
pub(crate) fn links<E: EntityTrait>(
    parent: E::Column,
    child: E::Column,
    parents: impl IntoIterator<Item = Uuid>,
) -> SelectStatement {
    Query::select()
        .distinct()
        .expr_as(parent.into_expr(), Alias::new(PARENT))
        .expr_as(child.into_expr(), Alias::new(CHILD))
        .from(E::default())
        .and_where(id_in(parent.into_expr(), parents))
        .to_owned()
}

/// Rows with the statement that links them to parents.
pub(crate) struct Linked<E: EntityTrait> {
    /// The rows to choose from.
    pub(crate) select: Select<E>,
    /// The column that the links name.
    pub(crate) key: E::Column,
    /// Made by [`links`].
    pub(crate) links: SelectStatement,
}

/// How the rows of one parent are chosen.
pub(crate) struct Share<C> {
    pub(crate) orders: Vec<(C, Order)>,
    pub(crate) limit: u64,
    /// A further column by which a parent's rows are parted, each part with its own limit.
    pub(crate) parted_by: Option<C>,
}

impl<E: EntityTrait> Linked<E> {
    /// The rows joined with their parents, and the expression of the parent.
    fn joined(self) -> (SelectStatement, Expr) {
        let Self { select, key, links } = self;
        let link = Alias::new("link");
        let parent = Expr::col((link.clone(), Alias::new(PARENT)));
        let child = Expr::col((link.clone(), Alias::new(CHILD)));
        let mut joined = select.into_query();
        joined.join_subquery(JoinType::InnerJoin, links, link, child.eq(key.into_expr()));
        (joined, parent)
    }
}

/// Of the rows of each part, in order, at most `limit`.
pub(crate) fn limited(
    mut rows: SelectStatement,
    parts: impl IntoIterator<Item = Expr>,
    orders: impl IntoIterator<Item = (Expr, Order)>,
    limit: u64,
) -> SelectStatement {
    let mut window = WindowStatement::new();
    for part in parts {
        window.add_partition_by(part);
    }
    for (expression, order) in orders {
        window.order_by_expr(expression, order);
    }
    rows.expr_window_as(Expr::cust("ROW_NUMBER()"), window, Alias::new(RANK));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Query::select()
        .column(Asterisk)
        .from_subquery(rows, Alias::new("ranked"))
        .and_where(Expr::col(Alias::new(RANK)).lte(limit))
        .order_by(Alias::new(RANK), Order::Asc)
        .to_owned()
}

/// For each parent the rows that are linked to it, in order, at most `share.limit` of them.
pub(crate) async fn by_parent<E>(
    db: &impl ConnectionTrait,
    linked: Linked<E>,
    share: Share<E::Column>,
) -> Result<HashMap<Uuid, Vec<E::Model>>>
where
    E: EntityTrait<Model: FromQueryResult>,
    E::Column: Iterable,
{
    let (mut rows, parent) = linked.joined();
    let parts: Vec<Expr> =
        [parent.clone()].into_iter().chain(share.parted_by.map(ColumnTrait::into_expr)).collect();
    let orders = share.orders.into_iter().map(|(column, order)| (column.into_expr(), order));
    rows.expr_as(parent, Alias::new(PARENT));
    let limited = limited(rows, parts, orders, share.limit);
    let mut children: HashMap<Uuid, Vec<E::Model>> = HashMap::new();
    for row in db.query_all(&limited).await.map_err(translate)? {
        let parent: Uuid = row.try_get("", PARENT).map_err(translate)?;
        let child = E::Model::from_query_result(&row, "").map_err(translate)?;
        children.entry(parent).or_default().push(child);
    }
    Ok(children)
}

/// For each parent a page of the rows that are linked to it, which may hold none.
pub(crate) async fn pages_by_parent<E>(
    reader: &Reader,
    parents: impl Iterator<Item = Uuid>,
    mut linked: Linked<E>,
    list: &List<E>,
    window: &Window,
) -> Result<HashMap<Uuid, Page<E::Model>>>
where
    E: EntityTrait<Model: FromQueryResult>,
    E::Column: Iterable,
{
    use sea_orm::QueryFilter;
    linked.select = linked.select.filter(list.within(&reader.cursors, window)?);
    let share = Share {
        orders: list.orders(window.direction).collect(),
        limit: u64::from(window.limit) + 1,
        parted_by: None,
    };
    let mut rows = by_parent(&reader.db, linked, share).await?;
    parents
        .map(|parent| {
            let rows = rows.remove(&parent).unwrap_or_default();
            Ok((parent, list.page(&reader.cursors, window, rows)?))
        })
        .collect()
}

/// How many rows are linked to each parent.
pub(crate) async fn count_by_parent<E>(
    db: &impl ConnectionTrait,
    linked: Linked<E>,
) -> Result<HashMap<Uuid, i64>>
where
    E: EntityTrait,
{
    let (mut counted, parent) = linked.joined();
    counted
        .clear_selects()
        .expr_as(parent.clone(), Alias::new(PARENT))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("how_many"))
        .add_group_by([parent]);
    let rows = db.query_all(&counted).await.map_err(translate)?;
    rows.iter()
        .map(|row| {
            let parent: Uuid = row.try_get("", PARENT).map_err(translate)?;
            let count: i64 = row.try_get("", "how_many").map_err(translate)?;
            Ok((parent, count))
        })
        .collect()
}

/// Groups keys by what they share, so that each group is one statement.
pub(crate) fn group<K, G: Eq + Hash>(keys: Vec<K>, shared: impl Fn(&K) -> G) -> HashMap<G, Vec<K>> {
    let mut groups: HashMap<G, Vec<K>> = HashMap::new();
    for key in keys {
        groups.entry(shared(&key)).or_default().push(key);
    }
    groups
}

/// Defines the key of a subject by its id: `by_id!(TermById => Term)`, from the `row` and `record` of the module.
macro_rules! by_id {
    ($(#[$meta:meta])* $key:ident => $value:ty) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $key(pub Id<Subject>);

        impl BatchKey for $key {
            type Value = Record<$value>;

            async fn load(reader: &Reader, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
                let ids = keys.iter().map(|key| key.0.uuid());
                let rows = row::Entity::find()
                    .filter(crate::batch::id_in(row::Column::Id.into_expr(), ids))
                    .all(&reader.db)
                    .await
                    .map_err(translate)?;
                rows.into_iter().map(|row| Ok((Self(Id::from_uuid(row.id)), record(row)?))).collect()
            }
        }
    };
}
pub(crate) use by_id;
