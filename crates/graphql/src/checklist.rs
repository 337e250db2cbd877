//! Checklists.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use futures_util::future::try_join_all;
use stackfit_domain::{
    Error,
    capability::{Capability, Support, SupportLevel},
    checklist::{Checklist as DomainChecklist, ChecklistItem as DomainItem, Score, ranking, score},
    id::Id,
    slug::Slug,
    subject::{Record, Subject, SubjectKind},
    technology::Platform,
};
use stackfit_persistence::{
    checklist::{ChecklistById, ItemsOf},
    fact::{FactById, FactsParent},
};

use crate::{
    baas_provider::{BaasProvider, asked},
    capability::{supports, told},
    coded::{Coded, coded},
    connection::{Connection, window},
    context::loader,
    error::{FieldResult, at, expected},
    fact::{self, Fact, FactFilter},
    fact_types::CapabilitySupport,
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
        let items = loader(ctx).load_or_default(ItemsOf(self.0.id)).await.map_err(at(ctx))?;
        Ok(items.into_iter().map(ChecklistItem).collect())
    }

    /// How Backends as a Service answer it, the best first: what is satisfied for certain decides, then what may be.
    async fn results(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "These providers only, by slug, at most 100; all that are not archived when left out."
        )]
        slugs: Option<Vec<String>>,
    ) -> FieldResult<Vec<ChecklistStanding>> {
        standings(ctx, &self.0, slugs).await.map_err(at(ctx))
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
        let found = loader(ctx).load(FactById(self.0.fact)).await.map_err(at(ctx))?;
        expected(found, "the fact of an item").map(Fact::from)
    }
}

/// How a provider answers a checklist, from its capability facts that no verdict refutes.
#[derive(SimpleObject)]
pub struct ChecklistResult {
    /// The checklist.
    checklist: Checklist,
    /// The answer to every item, in order.
    answers: Vec<ChecklistAnswer>,
    /// How many items are provided in some way.
    provided: i32,
    /// How many items are provided natively.
    native: i32,
    /// On how many items no source at hand says enough.
    unknown: i32,
    /// The share of the checklist that is satisfied for certain, from 0 to 1. Each item counts alike: `NATIVE` in full,
    /// `EXTENSION` three quarters, `THIRD_PARTY` and `PARTIAL` a half, `NONE` and `UNKNOWN` nothing. Null when the
    /// checklist has no items.
    lowest_score: Option<f64>,
    /// The same share if all that is `UNKNOWN` were `NATIVE`. Null when the checklist has no items.
    highest_score: Option<f64>,
}

/// Where a provider stands among those that answer a checklist.
#[derive(SimpleObject)]
pub struct ChecklistStanding {
    /// The rank, from 1. Those whose scores are equal share one.
    rank: i32,
    /// The provider.
    provider: BaasProvider,
    /// How it answers.
    result: ChecklistResult,
}

/// How a provider answers one item of a checklist.
#[derive(SimpleObject)]
pub struct ChecklistAnswer {
    /// The item.
    item: ChecklistItem,
    /// How it is provided: as weak as the weakest capability that it needs. `UNKNOWN` when no source at hand says.
    level: Coded<SupportLevel>,
    /// Whether facts disagree on one of its capabilities. The weaker level counts then.
    is_disputed: bool,
    /// The facts that the answer rests on, by code. Empty when no source at hand says.
    evidence: Vec<CapabilitySupport>,
}

/// The answers to a checklist. Nothing when there is no such checklist.
pub(crate) async fn result(
    ctx: &Context<'_>,
    technology: Id<Subject>,
    slug: &str,
) -> stackfit_domain::Result<Option<ChecklistResult>> {
    let slug = Slug::parse(slug)?;
    let subject = Subject::new(SubjectKind::Checklist, slug);
    let Some(checklist) = loader(ctx).load(ChecklistById(subject.id())).await? else { return Ok(None) };
    let items = loader(ctx).load_or_default(ItemsOf(checklist.id)).await?;
    let supports = supports(ctx, technology).await?;
    answered(&checklist.into(), items, &supports).map(Some)
}

/// How providers answer a checklist, the best first.
async fn standings(
    ctx: &Context<'_>,
    checklist: &Arc<Record<DomainChecklist>>,
    slugs: Option<Vec<String>>,
) -> stackfit_domain::Result<Vec<ChecklistStanding>> {
    let providers = asked(ctx, slugs).await?;
    let items = loader(ctx).load_or_default(ItemsOf(checklist.id)).await?;
    let known = try_join_all(providers.iter().map(|provider| supports(ctx, provider.id))).await?;
    let results = known.iter().map(|supports| {
        let result = answered(&Checklist(Arc::clone(checklist)), items.clone(), supports)?;
        Ok(Some(result))
    });
    let mut results: Vec<Option<ChecklistResult>> = results.collect::<stackfit_domain::Result<_>>()?;
    let scores: Vec<Option<Score>> = results.iter().map(|result| result.as_ref()?.score()).collect();
    let standing = |(place, rank): (usize, usize)| {
        let result = results[place].take().ok_or_else(|| Error::internal("a provider is ranked twice"))?;
        let provider = Arc::new(providers[place].clone()).into();
        Ok(ChecklistStanding { rank: i32::try_from(rank).map_err(Error::internal)?, provider, result })
    };
    ranking(&scores).into_iter().map(standing).collect()
}

impl ChecklistResult {
    fn score(&self) -> Option<Score> {
        let levels: Vec<SupportLevel> = self.answers.iter().map(|answer| answer.level.0).collect();
        score(&levels)
    }
}

fn answered(
    checklist: &Checklist,
    items: Vec<DomainItem>,
    supports: &[CapabilitySupport],
) -> stackfit_domain::Result<ChecklistResult> {
    let told = told(supports);
    let answers: Vec<ChecklistAnswer> = items.into_iter().map(|item| answer(item, &told, supports)).collect();
    let count = |test: fn(SupportLevel) -> bool| {
        i32::try_from(answers.iter().filter(|answer| test(answer.level.0)).count()).map_err(Error::internal)
    };
    let rounded = |score: f64| (score * 1_000.0).round() / 1_000.0;
    let mut result = ChecklistResult {
        checklist: checklist.clone(),
        provided: count(|level| !matches!(level, SupportLevel::None | SupportLevel::Unknown))?,
        native: count(|level| level == SupportLevel::Native)?,
        unknown: count(|level| level == SupportLevel::Unknown)?,
        lowest_score: None,
        highest_score: None,
        answers,
    };
    (result.lowest_score, result.highest_score) =
        result.score().map(|score| (rounded(score.lowest), rounded(score.highest))).unzip();
    Ok(result)
}

fn answer(
    item: DomainItem,
    told: &[(Capability, SupportLevel)],
    supports: &[CapabilitySupport],
) -> ChecklistAnswer {
    let Support { level, is_disputed } = item.answer(told);
    let about = |support: &&CapabilitySupport| item.capabilities.contains(&support.capability);
    let evidence = supports.iter().filter(about).cloned().collect();
    ChecklistAnswer { item: ChecklistItem(item), level: level.into(), is_disputed, evidence }
}

/// Lists of checklists.
#[derive(Default)]
pub(crate) struct ChecklistQuery;

#[Object]
impl ChecklistQuery {
    /// All checklists, by slug.
    async fn checklists(&self, ctx: &Context<'_>) -> FieldResult<Vec<Checklist>> {
        let found = loader(ctx).direct().checklists().await.map_err(at(ctx))?;
        Ok(found.into_iter().map(Checklist::from).collect())
    }
}
