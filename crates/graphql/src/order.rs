//! Orders of lists.

use async_graphql::Context;
use async_graphql::Enum;
use stackfit_domain::Error;

use crate::error::{FieldResult, at};

/// The most keys that one order has.
const MAX_KEYS: usize = 4;

/// In which direction a list is ordered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "OrderDirection")]
pub enum Direction {
    /// The smallest first.
    Asc,
    /// The largest first.
    Desc,
}

/// One key of an order.
pub(crate) trait Key {
    /// The fields that it can name.
    type Field: PartialEq;

    /// The field that it names.
    fn field(&self) -> Self::Field;
}

/// The keys of an order as the store knows them.
pub(crate) fn checked<T: Key, U: From<T>>(
    ctx: &Context<'_>,
    order_by: Option<Vec<T>>,
) -> FieldResult<Vec<U>> {
    let keys = order_by.unwrap_or_default();
    if keys.len() > MAX_KEYS {
        let message = format!("has {} keys; allowed are {MAX_KEYS}.", keys.len());
        return Err(at(ctx)(Error::invalid("orderBy", message)));
    }
    for (place, key) in keys.iter().enumerate() {
        if keys.iter().take(place).any(|earlier| earlier.field() == key.field()) {
            return Err(at(ctx)(Error::invalid("orderBy", "names the same field twice.")));
        }
    }
    Ok(keys.into_iter().map(U::from).collect())
}
