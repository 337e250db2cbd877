//! What resolvers find in the context of a request.

use async_graphql::Context;

use crate::loader::Loader;

/// The loader of the request.
pub(crate) fn loader<'a>(ctx: &Context<'a>) -> &'a Loader {
    ctx.data_unchecked::<Loader>()
}
