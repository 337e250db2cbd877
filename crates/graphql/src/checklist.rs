//! Checklists.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use stackfit_domain::{
    capability::Capability,
    checklist::{Checklist as DomainChecklist, ChecklistItem as DomainItem},
    subject::{Record, SubjectKind},
    technology::Platform,
};
use stackfit_persistence::{
    checklist::ItemsOf,
    fact::{FactById, FactsParent},
};

use crate::{
    coded::{Coded, coded},
    connection::{Connection, window},
    context::loader,
    error::{FieldResult, expected, to_client},
    fact::{self, Fact, FactFilter},
    id::NodeKey,
};

/// What to make sure of, item by item.
#[derive(Clone)]
pub struct Checklist(Arc<Record<DomainChecklist>>);

impl From<Record<DomainChecklist>> for Checklist {
    fn from(record: Record<DomainChecklist>) -> Self {
        Self(Arc::new(record))
    }
}

/// What to make sure of, item by item.
#[Object]
impl Checklist {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        NodeKey::subject(SubjectKind::Checklist, self.0.id).encode()
    }

    /// Readable, stable name.
    async fn slug(&self) -> &str {
        self.0.value.slug.as_str()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.value.name
    }

    /// The platform that it is for. Null when it is for any.
    async fn platform(&self) -> Option<Coded<Platform>> {
        self.0.value.platform.map(Into::into)
    }

    /// One sentence that says what it is for. Null when nobody has written it yet.
    async fn summary(&self) -> Option<&str> {
        self.0.value.summary.as_deref()
    }

    /// What to make sure of, in order.
    async fn items(&self, ctx: &Context<'_>) -> FieldResult<Vec<ChecklistItem>> {
        let items = loader(ctx).load_or_default(ItemsOf(self.0.id)).await.map_err(to_client)?;
        Ok(items.into_iter().map(ChecklistItem).collect())
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
        let window = window(first, after, last, before)?;
        fact::page_of(ctx, FactsParent::About(self.0.id), filter, window).await
    }
}

/// One thing to make sure of.
pub struct ChecklistItem(DomainItem);

/// One thing to make sure of.
#[Object]
impl ChecklistItem {
    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The capabilities that together satisfy it. Never empty.
    async fn capabilities(&self) -> Vec<Coded<Capability>> {
        coded(self.0.capabilities.clone())
    }

    /// The fact that it comes from.
    async fn fact(&self, ctx: &Context<'_>) -> FieldResult<Fact> {
        let found = loader(ctx).load(FactById(self.0.fact)).await.map_err(to_client)?;
        expected(found, "the fact of an item").map(Fact::from)
    }
}

/// Lists of checklists.
#[derive(Default)]
pub(crate) struct ChecklistQuery;

#[Object]
impl ChecklistQuery {
    /// All checklists, by slug.
    async fn checklists(&self, ctx: &Context<'_>) -> FieldResult<Vec<Checklist>> {
        let found = loader(ctx).direct().checklists().await.map_err(to_client)?;
        Ok(found.into_iter().map(Checklist::from).collect())
    }
}
