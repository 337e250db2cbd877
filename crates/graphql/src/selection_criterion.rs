//! Criteria of selection.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use futures_util::future::try_join_all;
use stackfit_domain::{
    fact::FactKind,
    selection_criterion::{Criterion, SelectionCriterion as DomainCriterion},
    subject::{Record, SubjectKind},
};

use crate::{
    coded::Coded,
    context::loader,
    error::{FieldResult, at},
    fact::{self, Fact},
    id::NodeKey,
};

/// What a chooser weighs, with the facts that say how.
#[derive(Clone)]
pub struct SelectionCriterion(Arc<Record<DomainCriterion>>);

impl From<Record<DomainCriterion>> for SelectionCriterion {
    fn from(record: Record<DomainCriterion>) -> Self {
        Self(Arc::new(record))
    }
}

impl SelectionCriterion {
    async fn best_rank(&self, ctx: &Context<'_>) -> FieldResult<Option<i32>> {
        let facts = fact::of_kind(ctx, self.0.id, FactKind::Criterion).await?;
        let believable = facts.into_iter().filter(|fact| !fact.verdict.refutes());
        Ok(believable.filter_map(|fact| fact.rank).min())
    }
}

/// What a chooser weighs, with the facts that say how.
#[Object]
impl SelectionCriterion {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        NodeKey::subject(SubjectKind::SelectionCriterion, self.0.id).encode()
    }

    /// Readable, stable name.
    async fn slug(&self) -> &str {
        self.0.value.slug.as_str()
    }

    /// Which criterion it is.
    async fn criterion(&self) -> Coded<Criterion> {
        self.0.value.criterion.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.value.name
    }

    /// What the chooser asks.
    async fn question(&self) -> &str {
        &self.0.value.question
    }

    /// The best place that a source gives it among the criteria, from 1. Null when none ranks it.
    async fn rank(&self, ctx: &Context<'_>) -> FieldResult<Option<i32>> {
        self.best_rank(ctx).await
    }

    /// The facts that say how to weigh it, by code, at most 100. Empty when no source at hand speaks of it.
    async fn facts(&self, ctx: &Context<'_>) -> FieldResult<Vec<Fact>> {
        let facts = fact::of_kind(ctx, self.0.id, FactKind::Criterion).await?;
        Ok(facts.into_iter().map(Fact::from).collect())
    }
}

/// Lists of criteria.
#[derive(Default)]
pub(crate) struct SelectionCriterionQuery;

#[Object]
impl SelectionCriterionQuery {
    /// All criteria of selection: those that a source ranks first, in that order, then the others by slug.
    async fn selection_criteria(&self, ctx: &Context<'_>) -> FieldResult<Vec<SelectionCriterion>> {
        let found = loader(ctx).direct().selection_criteria().await.map_err(at(ctx))?;
        let criteria: Vec<SelectionCriterion> = found.into_iter().map(SelectionCriterion::from).collect();
        let ranks = try_join_all(criteria.iter().map(|criterion| criterion.best_rank(ctx))).await?;
        let mut ranked: Vec<_> = ranks.into_iter().zip(criteria).collect();
        ranked.sort_by_key(|(rank, _)| rank.unwrap_or(i32::MAX));
        Ok(ranked.into_iter().map(|(_, criterion)| criterion).collect())
    }
}
