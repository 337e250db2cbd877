//! Backends as a Service.

use std::sync::Arc;

use async_graphql::{Context, Object};
use stackfit_domain::{subject::Record, technology::Technology as DomainTechnology};

use crate::{
    connection::Connection,
    error::{FieldResult, Nullable, nullable},
    technology::{BAAS_PROVIDERS, ListArguments, TechnologyFilter, TechnologyOrder, by_slug, page},
    technology_fields::judged_object,
};

judged_object! {
    /// A Backend as a Service: a hosted backend that an application uses instead of one of its own.
    BaasProvider fields {}
}

fn wrap(record: Record<DomainTechnology>) -> BaasProvider {
    BaasProvider(Arc::new(record))
}

/// Lookups and lists of Backends as a Service.
#[derive(Default)]
pub(crate) struct BaasProviderQuery;

#[Object]
impl BaasProviderQuery {
    /// A Backend as a Service by its slug. Null when there is none, or when the slug names another kind of
    /// technology.
    async fn baas_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug, as in `google-firebase`.")] slug: String,
    ) -> Nullable<BaasProvider> {
        nullable(by_slug(ctx, BAAS_PROVIDERS, &slug).await, wrap)
    }

    /// Backends as a Service.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the list are the contract")]
    async fn baas_providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which providers; all that are not archived when left out.")] filter: Option<
            TechnologyFilter,
        >,
        #[graphql(desc = "In which order, the most important key first, at most 4; by name when left out.")]
        order_by: Option<Vec<TechnologyOrder>>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<BaasProvider>> {
        let arguments = ListArguments { filter, order_by, first, after, last, before };
        page(ctx, BAAS_PROVIDERS, arguments, wrap).await
    }
}
