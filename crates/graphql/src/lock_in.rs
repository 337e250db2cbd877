//! Lock-in: what makes it hard, or easy, to leave a provider.

use async_graphql::{Context, SimpleObject};
use stackfit_domain::{
    fact::FactKind,
    id::Id,
    lock_in::{LockInDimension, LockInEffect},
    subject::Subject,
};
use strum::VariantArray;

use crate::{
    coded::Coded,
    error::FieldResult,
    fact,
    fact_fields::{fact_object, of_type},
};

fact_object! {
    /// Evidence of what makes leaving its subject hard or easy.
    LockInEvidence { dimension: LockInDimension, effect: LockInEffect } fields {
        /// What binds an application.
        async fn dimension(&self) -> Coded<LockInDimension> {
            self.dimension.into()
        }

        /// What the evidence does to it.
        async fn effect(&self) -> Coded<LockInEffect> {
            self.effect.into()
        }
    }
}

/// What makes leaving a provider hard or easy, by what binds an application to it.
#[derive(SimpleObject)]
pub struct LockInReport {
    /// Every dimension, those without evidence too.
    dimensions: Vec<LockInDimensionReport>,
}

/// What is known of one thing that binds an application to a provider.
#[derive(SimpleObject)]
pub struct LockInDimensionReport {
    /// What binds an application.
    dimension: Coded<LockInDimension>,
    /// The evidence that no verdict refutes, by code. Empty when the catalogue knows nothing, which is not freedom.
    evidence: Vec<LockInEvidence>,
}

pub(crate) async fn report(ctx: &Context<'_>, provider: Id<Subject>) -> FieldResult<LockInReport> {
    let mut evidence: Vec<LockInEvidence> = of_type(fact::of_kind(ctx, provider, FactKind::Claim).await?);
    evidence.retain(|evidence| !evidence.fact.verdict.refutes());
    let of = |dimension: LockInDimension| LockInDimensionReport {
        dimension: dimension.into(),
        evidence: evidence.iter().filter(|one| one.dimension == dimension).cloned().collect(),
    };
    Ok(LockInReport { dimensions: LockInDimension::VARIANTS.iter().copied().map(of).collect() })
}
