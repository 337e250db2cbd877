//! Pages by keyset: a page begins after the values of the row before it, so the deepest page costs what the
//! first does, and rows that come or go elsewhere do not shift it.

use std::fmt::Debug;

use sea_orm::{
    ConnectionTrait, EntityTrait, FromQueryResult, Iterable, Order, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Condition, Expr, ExprTrait, IntoIden, SimpleExpr, Value},
};
use stackfit_domain::{
    Result,
    page::{Direction, Page, Window},
};

use crate::{
    cursor::{CursorKey, KeyValue},
    error::translate,
};

/// A column by which a list is ordered, with how to read its value from a row. No such column may be null.
pub(crate) struct Key<E: EntityTrait> {
    pub(crate) column: E::Column,
    pub(crate) descending: bool,
    pub(crate) value: fn(&E::Model) -> KeyValue,
}

/// A column with how to read its value from a row.
pub(crate) type Valued<E> = (<E as EntityTrait>::Column, fn(&<E as EntityTrait>::Model) -> KeyValue);

/// A list with its order. The last key must be unique.
pub(crate) struct List<E: EntityTrait> {
    /// The name of the list and its order: a cursor is good for one such list only.
    pub(crate) name: String,
    pub(crate) keys: Vec<Key<E>>,
}

impl<E: EntityTrait> List<E> {
    /// A list in an order that was asked for, field by field with whether it descends. Ties are broken by the id.
    pub(crate) fn ordered<F: Copy + Debug>(
        list: &str,
        order: impl IntoIterator<Item = (F, bool)>,
        column: impl Fn(F) -> Valued<E>,
        id: Valued<E>,
    ) -> Self {
        let mut name = list.to_owned();
        let mut keys: Vec<Key<E>> = Vec::new();
        for (field, descending) in order {
            name = format!("{name}:{field:?}{}", if descending { "-" } else { "+" });
            let (column, value) = column(field);
            keys.push(Key { column, descending, value });
        }
        let descending = keys.first().is_some_and(|key| key.descending);
        keys.push(Key { column: id.0, descending, value: id.1 });
        Self { name, keys }
    }

    /// The cursor of a row.
    pub(crate) fn cursor(&self, cursors: &CursorKey, row: &E::Model) -> Result<String> {
        let values: Vec<KeyValue> = self.keys.iter().map(|key| (key.value)(row)).collect();
        cursors.sign(&self.name, &values)
    }

    /// The condition that rows lie inside a window.
    pub(crate) fn within(&self, cursors: &CursorKey, window: &Window) -> Result<Condition> {
        let mut condition = Condition::all();
        if let Some(after) = &window.after {
            condition = condition.add(self.beyond(&cursors.open("after", &self.name, after)?, true));
        }
        if let Some(before) = &window.before {
            condition = condition.add(self.beyond(&cursors.open("before", &self.name, before)?, false));
        }
        Ok(condition)
    }

    /// The condition that rows come after (or before) the values.
    fn beyond(&self, values: &[KeyValue], after: bool) -> SimpleExpr {
        let uniform = self.keys.iter().all(|key| key.descending == self.keys[0].descending);
        if uniform {
            let columns = self.keys.iter().map(|key| column::<E>(key.column)).collect::<Vec<_>>();
            let bounds = values.iter().cloned().map(|value| Expr::val(Value::from(value)));
            let (columns, bounds) = (Expr::tuple(columns), Expr::tuple(bounds));
            return if self.keys[0].descending == after { columns.lt(bounds) } else { columns.gt(bounds) };
        }
        let mut ways = Condition::any();
        for (at, (key, value)) in self.keys.iter().zip(values).enumerate() {
            let mut way = Condition::all();
            for (earlier, value) in self.keys.iter().zip(values).take(at) {
                way = way.add(column::<E>(earlier.column).eq(Value::from(value.clone())));
            }
            let value = Value::from(value.clone());
            let tail = column::<E>(key.column);
            way = way.add(if key.descending == after { tail.lt(value) } else { tail.gt(value) });
            ways = ways.add(way);
        }
        ways.into()
    }

    /// In which order rows are taken: reversed when a page is taken from the end.
    pub(crate) fn orders(&self, direction: Direction) -> impl Iterator<Item = (E::Column, Order)> {
        self.keys.iter().map(move |key| {
            let descending = key.descending != (direction == Direction::Backward);
            (key.column, if descending { Order::Desc } else { Order::Asc })
        })
    }

    /// Makes a page of the rows found, at most one more of them than the page holds.
    pub(crate) fn page(
        &self,
        cursors: &CursorKey,
        window: &Window,
        mut rows: Vec<E::Model>,
    ) -> Result<Page<E::Model>> {
        let limit = usize::try_from(window.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        if window.direction == Direction::Backward {
            rows.reverse();
        }
        let items =
            rows.into_iter().map(|row| Ok((self.cursor(cursors, &row)?, row))).collect::<Result<Vec<_>>>()?;
        let (has_previous, has_next) = match window.direction {
            Direction::Forward => (window.after.is_some(), more),
            Direction::Backward => (more, window.before.is_some()),
        };
        Ok(Page { items, has_previous, has_next })
    }
}

fn column<E: EntityTrait>(column: E::Column) -> SimpleExpr {
    Expr::col((E::default().into_iden(), column.into_iden()))
}

/// A page of a selection.
pub(crate) async fn page<E>(
    db: &impl ConnectionTrait,
    cursors: &CursorKey,
    select: Select<E>,
    list: &List<E>,
    window: &Window,
) -> Result<Page<E::Model>>
where
    E: EntityTrait<Model: FromQueryResult>,
    E::Column: Iterable,
{
    let mut select = select.filter(list.within(cursors, window)?);
    for (column, order) in list.orders(window.direction) {
        select = select.order_by(column, order);
    }
    let rows = select.limit(u64::from(window.limit) + 1).all(db).await.map_err(translate)?;
    list.page(cursors, window, rows)
}
