//! What resolvers find in the context of a request, and how they look things up.

use async_graphql::Context;
use chrono::NaiveDate;
use stackfit_domain::{Result, slug::Slug};

use crate::{
    error::{Nullable, nullable, to_client},
    loader::Loader,
    scalar::Date,
};

/// The loader of the request.
pub(crate) fn loader<'a>(ctx: &Context<'a>) -> &'a Loader {
    ctx.data_unchecked::<Loader>()
}

/// The day that was asked for, today when none was.
pub(crate) fn day(ctx: &Context<'_>, as_of: Option<Date>) -> NaiveDate {
    as_of.map_or_else(|| loader(ctx).reader().today(), |date| date.0)
}

/// A lookup by slug: what is no slug is refused under the name of its argument, and what is not found is null.
pub(crate) async fn by_slug<T, U, F>(
    argument: &str,
    slug: &str,
    find: impl FnOnce(Slug) -> F,
    wrap: impl FnOnce(T) -> U,
) -> Nullable<U>
where
    F: Future<Output = Result<Option<T>>>,
{
    match Slug::parse(slug) {
        Ok(slug) => nullable(find(slug).await, wrap),
        Err(error) => Some(Err(to_client(error.named(argument)))),
    }
}
