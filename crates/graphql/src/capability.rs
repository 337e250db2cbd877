//! Capabilities: what providers offer, side by side.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use futures_util::future::try_join_all;
use stackfit_domain::{
    Result,
    capability::{Capability, Support, SupportLevel},
    fact::FactKind,
    filter::values,
    id::Id,
    subject::Subject,
};
use stackfit_persistence::fact::FactsOfKind;
use strum::VariantArray;

use crate::{
    baas_provider::{BaasProvider, asked},
    coded::{Coded, coded, codes},
    context::loader,
    error::{FieldResult, at},
    fact_fields::of_type,
    fact_types::CapabilitySupport,
};

/// What providers offer, side by side.
#[derive(SimpleObject)]
pub struct CapabilityMatrix {
    /// The capabilities that the cells of each row are about, in order.
    capabilities: Vec<Coded<Capability>>,
    /// A row for each provider.
    rows: Vec<CapabilityRow>,
}

/// What one provider offers.
#[derive(SimpleObject)]
pub struct CapabilityRow {
    /// The provider.
    provider: BaasProvider,
    /// A cell for each capability, in the order of the matrix.
    cells: Vec<CapabilityCell>,
}

/// How one provider offers one capability.
#[derive(SimpleObject)]
pub struct CapabilityCell {
    /// The capability.
    capability: Coded<Capability>,
    /// How it is provided. `UNKNOWN` when no source at hand says, which does not mean that it is missing.
    level: Coded<SupportLevel>,
    /// Whether facts disagree. The weaker level counts then.
    is_disputed: bool,
    /// The facts that no verdict refutes, by code. Empty when no source at hand says.
    facts: Vec<CapabilitySupport>,
}

/// What facts that no verdict refutes say of the capabilities of something, by code.
pub(crate) async fn supports(ctx: &Context<'_>, of: Id<Subject>) -> Result<Vec<CapabilitySupport>> {
    let facts = FactsOfKind { subject: of, kind: FactKind::Capability };
    let mut supports: Vec<CapabilitySupport> = of_type(loader(ctx).load_or_default(facts).await?);
    supports.retain(|support| !support.fact.verdict.refutes());
    Ok(supports)
}

/// What facts tell, as the domain judges it.
pub(crate) fn told(supports: &[CapabilitySupport]) -> Vec<(Capability, SupportLevel)> {
    supports.iter().map(|support| (support.capability, support.level)).collect()
}

fn cell(capability: Capability, supports: &[CapabilitySupport]) -> CapabilityCell {
    let Support { level, is_disputed } = capability.support(&told(supports));
    let facts = supports.iter().filter(|support| support.capability == capability).cloned().collect();
    CapabilityCell { capability: capability.into(), level: level.into(), is_disputed, facts }
}

async fn matrix(
    ctx: &Context<'_>,
    slugs: Option<Vec<String>>,
    capabilities: Option<Vec<Coded<Capability>>>,
) -> Result<CapabilityMatrix> {
    let wanted = capabilities.map(|list| values("capabilities", codes(list))).transpose()?;
    let providers = asked(ctx, slugs).await?;
    let known = try_join_all(providers.iter().map(|provider| supports(ctx, provider.id))).await?;
    let is_known =
        |capability: &Capability| known.iter().flatten().any(|support| support.capability == *capability);
    let capabilities =
        wanted.unwrap_or_else(|| Capability::VARIANTS.iter().copied().filter(is_known).collect());
    let row = |(provider, supports): (_, &Vec<CapabilitySupport>)| CapabilityRow {
        provider: BaasProvider(Arc::new(provider)),
        cells: capabilities.iter().map(|capability| cell(*capability, supports)).collect(),
    };
    let rows = providers.into_iter().zip(&known).map(row).collect();
    Ok(CapabilityMatrix { capabilities: coded(capabilities), rows })
}

/// Comparisons of capabilities.
#[derive(Default)]
pub(crate) struct CapabilityQuery;

#[Object]
impl CapabilityQuery {
    /// What Backends as a Service offer, side by side.
    async fn capability_matrix(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "These providers only, by slug, at most 100, in this order; all that are not archived, by name, when left out."
        )]
        slugs: Option<Vec<String>>,
        #[graphql(
            desc = "These capabilities only, in this order; those of which some provider has a fact when left out."
        )]
        capabilities: Option<Vec<Coded<Capability>>>,
    ) -> FieldResult<CapabilityMatrix> {
        matrix(ctx, slugs, capabilities).await.map_err(at(ctx))
    }
}
