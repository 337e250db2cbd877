//! Technologies that are neither frameworks nor backends: languages, runtimes, databases, tools and the like.

use async_graphql::Context;

use crate::{
    error::FieldResult,
    fact_types::FitRule,
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
    }
}
