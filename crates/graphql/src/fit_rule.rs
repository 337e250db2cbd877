//! Fit rules: what suits which use case or team.

use async_graphql::{Context, Object};
use stackfit_domain::fit_rule::UseCase;

use crate::{
    coded::Coded,
    context::loader,
    error::{FieldResult, at},
    fact_fields::of_type,
    fact_types::FitRule,
};

/// Lists of fit rules.
#[derive(Default)]
pub(crate) struct FitRuleQuery;

#[Object]
impl FitRuleQuery {
    /// The fit rules, by code, at most 100.
    async fn fit_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this use case only; of all of them, and of teams, when left out.")]
        use_case: Option<Coded<UseCase>>,
    ) -> FieldResult<Vec<FitRule>> {
        let use_case = use_case.map(|use_case| use_case.0);
        let facts = loader(ctx).direct().fit_rules(use_case).await.map_err(at(ctx))?;
        Ok(of_type(facts))
    }
}
