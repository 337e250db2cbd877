//! Frameworks, of the server's and of the client's side.

use std::sync::Arc;

use async_graphql::{Context, Object};
use stackfit_domain::{subject::Record, technology::Technology as DomainTechnology};
use stackfit_persistence::fact::FactsParent;

use crate::{
    connection::{Connection, window},
    error::{FieldResult, Nullable, nullable},
    facet::TechnologyPage,
    fact_types::{Adoption, FitRule},
    release_cycle::{self, ReleaseCycle, ReleaseCycleFilter},
    technology::{FRAMEWORKS, ListArguments, TechnologyFilter, TechnologyOrder, by_slug, page},
    technology_fields::{adoptions, fit_rules, judged_object},
};

judged_object! {
    /// A framework: code to build an application upon, of the server's side (`BACKEND_FRAMEWORK`) or of the
    /// client's (`CLIENT_FRAMEWORK`).
    Framework fields {
        /// Who uses it, by code of the fact.
        async fn adopters(
            &self,
            ctx: &Context<'_>,
            #[graphql(
                desc = "Whether to include adoptions of which the source does not say which of several technologies is used; they are left out unless this is true."
            )]
            include_uncertain: Option<bool>,
            #[graphql(desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given.")]
            first: Option<i32>,
            #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
            #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
            #[graphql(desc = "End before this cursor.")] before: Option<String>,
        ) -> FieldResult<Connection<Adoption>> {
            let window = window(ctx, first, after, last, before)?;
            adoptions(ctx, FactsParent::AdoptionsOf(self.0.id, include_uncertain.unwrap_or(false)), window).await
        }

        /// The fit rules that name it, by code, at most 100.
        async fn fit_rules(&self, ctx: &Context<'_>) -> FieldResult<Vec<FitRule>> {
            fit_rules(ctx, self.0.id).await
        }

        /// Its lines of releases, from the newest.
        async fn release_cycles(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "Which cycles; all when left out.")] filter: Option<ReleaseCycleFilter>,
            #[graphql(desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given.")]
            first: Option<i32>,
            #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
            #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
            #[graphql(desc = "End before this cursor.")] before: Option<String>,
        ) -> FieldResult<Connection<ReleaseCycle>> {
            let window = window(ctx, first, after, last, before)?;
            release_cycle::page(ctx, self.0.id, filter, window).await
        }
    }
}

fn wrap(record: Record<DomainTechnology>) -> Framework {
    Framework(Arc::new(record))
}

/// Lookups and lists of frameworks.
#[derive(Default)]
pub(crate) struct FrameworkQuery;

#[Object]
impl FrameworkQuery {
    /// A framework by its slug. Null when there is none, or when the slug names another kind of technology.
    async fn framework(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug, as in `ruby-on-rails`.")] slug: String,
    ) -> Nullable<Framework> {
        nullable(by_slug(ctx, FRAMEWORKS, &slug).await, wrap)
    }

    /// Frameworks of the server's and of the client's side; `filter.kind` tells them apart.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the list are the contract")]
    async fn frameworks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which frameworks; all that are not archived when left out.")] filter: Option<
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
    ) -> FieldResult<TechnologyPage<Framework>> {
        let arguments = ListArguments { filter, order_by, first, after, last, before };
        page(ctx, FRAMEWORKS, arguments, wrap).await
    }
}
