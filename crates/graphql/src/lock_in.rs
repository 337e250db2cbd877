//! Lock-in: what makes it hard, or easy, to leave a provider.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::future::try_join_all;
use stackfit_domain::{
    fact::FactKind,
    id::Id,
    lock_in::{self, DimensionScore, Evidence, LockInDimension, LockInEffect, LockInScore},
    subject::Subject,
};
use strum::VariantArray;

use crate::{
    coded::Coded,
    error::{FieldResult, Nullable, expected},
    fact,
    fact_fields::{confidence_of, fact_object, of_type},
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

/// What makes leaving a provider hard or easy, by what binds an application to it, from evidence that no verdict
/// refutes.
pub struct LockInReport {
    evidence: Arc<Vec<LockInEvidence>>,
}

/// What makes leaving a provider hard or easy, by what binds an application to it, from evidence that no verdict
/// refutes.
#[Object]
impl LockInReport {
    /// Every dimension, those without evidence too.
    async fn dimensions(&self) -> Vec<LockInDimensionReport> {
        let of = |dimension: &LockInDimension| LockInDimensionReport {
            dimension: *dimension,
            evidence: Arc::clone(&self.evidence),
        };
        LockInDimension::VARIANTS.iter().map(of).collect()
    }

    /// How strongly it binds an application, from 0 (not at all) to 1: the mean of the dimensions that have a score. Null
    /// when none has one, which is not freedom.
    async fn score(&self, ctx: &Context<'_>) -> Nullable<f64> {
        score(ctx, &self.evidence).await.map(|told| told.overall.map(rounded)).transpose()
    }

    /// What the score would be if the dimensions without one did not bind at all.
    async fn lowest_score(&self, ctx: &Context<'_>) -> FieldResult<f64> {
        Ok(rounded(score(ctx, &self.evidence).await?.lowest))
    }

    /// What the score would be if the dimensions without one bound entirely.
    async fn highest_score(&self, ctx: &Context<'_>) -> FieldResult<f64> {
        Ok(rounded(score(ctx, &self.evidence).await?.highest))
    }

    /// Why the score is what it is, in a sentence.
    async fn reason(&self, ctx: &Context<'_>) -> FieldResult<String> {
        Ok(score(ctx, &self.evidence).await?.reason)
    }
}

/// What is known of one thing that binds an application to a provider.
pub struct LockInDimensionReport {
    dimension: LockInDimension,
    /// That of all dimensions.
    evidence: Arc<Vec<LockInEvidence>>,
}

/// What is known of one thing that binds an application to a provider.
#[Object]
impl LockInDimensionReport {
    /// What binds an application.
    async fn dimension(&self) -> Coded<LockInDimension> {
        self.dimension.into()
    }

    /// The evidence that no verdict refutes, by code. Empty when the catalogue knows nothing, which is not freedom.
    async fn evidence(&self) -> Vec<LockInEvidence> {
        self.evidence.iter().filter(|one| one.dimension == self.dimension).cloned().collect()
    }

    /// How strongly it binds an application, from 0 (not at all) to 1. Evidence that raises lock-in says 1, that lowers
    /// it 0, that does both ½; their mean is weighed by confidence, and what cannot be relied upon counts for ½. Null
    /// without evidence, which is not freedom.
    async fn score(&self, ctx: &Context<'_>) -> Nullable<f64> {
        self.told(ctx).await.map(|told| told.score.map(rounded)).transpose()
    }

    /// How far the evidence together may be relied upon, from 0 to 1: 1 − ∏(1 − confidence).
    async fn confidence(&self, ctx: &Context<'_>) -> FieldResult<f64> {
        Ok(rounded(self.told(ctx).await?.confidence))
    }

    /// Why the score is what it is, in a sentence.
    async fn reason(&self, ctx: &Context<'_>) -> FieldResult<String> {
        Ok(self.told(ctx).await?.reason)
    }
}

impl LockInDimensionReport {
    async fn told(&self, ctx: &Context<'_>) -> FieldResult<DimensionScore> {
        let told = score(ctx, &self.evidence).await?;
        let of_it = told.dimensions.into_iter().find(|one| one.dimension == self.dimension);
        expected(of_it, "the score of a dimension")
    }
}

fn rounded(score: f64) -> f64 {
    (score * 1_000.0).round() / 1_000.0
}

async fn score(ctx: &Context<'_>, evidence: &[LockInEvidence]) -> FieldResult<LockInScore> {
    let weighed = evidence.iter().map(|one| async move {
        let confidence = confidence_of(ctx, &one.fact).await?;
        FieldResult::Ok(Evidence { dimension: one.dimension, effect: one.effect, confidence })
    });
    Ok(lock_in::score(&try_join_all(weighed).await?))
}

pub(crate) async fn report(ctx: &Context<'_>, provider: Id<Subject>) -> FieldResult<LockInReport> {
    let mut evidence: Vec<LockInEvidence> = of_type(fact::of_kind(ctx, provider, FactKind::Claim).await?);
    evidence.retain(|evidence| !evidence.fact.verdict.refutes());
    Ok(LockInReport { evidence: Arc::new(evidence) })
}
