//! Terms of the field.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use stackfit_domain::{
    fact::FactKind,
    subject::{Record, SubjectKind},
    term::Term as DomainTerm,
};
use stackfit_persistence::fact::FactsParent;

use crate::{
    connection::{Connection, window},
    context::loader,
    error::{FieldResult, at},
    fact::{self, Fact, FactFilter},
    fact_types::Trait,
    id::NodeKey,
    technology_fields::{aliases, traits},
};

/// A term of the field, with the facts that define it and that are told of it.
#[derive(Clone)]
pub struct Term(Arc<Record<DomainTerm>>);

impl From<Record<DomainTerm>> for Term {
    fn from(record: Record<DomainTerm>) -> Self {
        Self(Arc::new(record))
    }
}

/// A term of the field, with the facts that define it and that are told of it.
#[Object]
impl Term {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        NodeKey::subject(SubjectKind::Term, self.0.id).encode()
    }

    /// Readable, stable name.
    async fn slug(&self) -> &str {
        self.0.value.slug.as_str()
    }

    /// The term.
    async fn name(&self) -> &str {
        &self.0.value.name
    }

    /// One sentence that says what it means. Null when nobody has written it yet.
    async fn summary(&self) -> Option<&str> {
        self.0.value.summary.as_deref()
    }

    /// Abbreviations and other words for it.
    async fn aliases(&self, ctx: &Context<'_>) -> FieldResult<Vec<String>> {
        aliases(ctx, self.0.id).await
    }

    /// The facts that define it, by code, at most 100. Empty when no source at hand does.
    async fn definitions(&self, ctx: &Context<'_>) -> FieldResult<Vec<Fact>> {
        let facts = fact::of_kind(ctx, self.0.id, FactKind::Definition).await?;
        Ok(facts.into_iter().map(Fact::from).collect())
    }

    /// What one gains from things of this sort, by code, at most 100.
    async fn benefits(&self, ctx: &Context<'_>) -> FieldResult<Vec<Trait>> {
        traits(ctx, self.0.id, FactKind::Benefit).await
    }

    /// The facts about it, by code.
    async fn facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which facts; all when left out.")] filter: Option<FactFilter>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<Fact>> {
        let window = window(ctx, first, after, last, before)?;
        fact::page_of(ctx, FactsParent::About(self.0.id), filter, window).await
    }
}

/// Lists of terms.
#[derive(Default)]
pub(crate) struct TermQuery;

#[Object]
impl TermQuery {
    /// All terms of the field, by slug.
    async fn terms(&self, ctx: &Context<'_>) -> FieldResult<Vec<Term>> {
        let terms = loader(ctx).direct().terms().await.map_err(at(ctx))?;
        Ok(terms.into_iter().map(Term::from).collect())
    }
}
