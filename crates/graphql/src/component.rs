//! Technologies that are neither frameworks nor backends: languages, runtimes, databases, tools and the like.

use async_graphql::Context;

use crate::{
    connection::{Connection, window},
    error::FieldResult,
    fact_types::FitRule,
    release_cycle::{self, ReleaseCycle, ReleaseCycleFilter},
    technology_fields::{fit_rules, technology_object},
};

technology_object! {
    /// A technology that is neither a framework nor a Backend as a Service: a language, a runtime, a database, a
    /// web server, a cache, a tool, a protocol, or Functions as a Service.
    Component fields {
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
