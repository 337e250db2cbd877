//! Audits of stacks.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object};
use chrono::NaiveDate;
use futures_util::future::try_join_all;
use stackfit_domain::{
    Error,
    id::Id,
    release_cycle::SupportStatus,
    stack_audit::{
        ItemAudit, MAX_ITEMS, Stack, StackAudit as DomainAudit, StackConflict as DomainConflict,
        StackConflictKind, StackEntry, StackEvent, UpgradeAdvice, UpgradeSuggestion as DomainSuggestion,
    },
    subject::Subject,
    support_health::SupportEvent as DomainEvent,
    technology_name::{MAX_NEAR, Resolution, TechnologyNameKind, TechnologyReference, version_in_use},
};
use stackfit_persistence::{technology::TechnologyById, technology_name::NearTechnologies};

use crate::{
    coded::Coded,
    context::{day, loader},
    error::{FieldResult, at},
    fact::Fact,
    release_cycle::ReleaseCycle,
    scalar::Date,
    support_health::{HealthReason, SupportEvent},
    technology::Technology,
};

/// How many things an item hands out: its reasons, its cycles, what lies ahead. A request may list so many things that
/// five audits of the largest size are in it.
const THINGS_OF_AN_ITEM: usize = 20;

/// A technology in use.
#[derive(InputObject)]
pub struct StackItemInput {
    /// A name, another name or a slug, whatever its case, or a package URL such as `pkg:gem/rails@8.0.1`; at most 200
    /// characters. What has the slug comes before what has the name, and that before what has it as another name. Of
    /// a package of Maven that no fact names, the group decides.
    name: String,
    /// The version in use, as in `8.0.3`; not a range. Not needed of a package URL that names one: its own counts then.
    version: Option<String>,
}

/// What was asked for and found.
struct Found {
    references: Vec<TechnologyReference>,
    stack: Stack,
    as_of: NaiveDate,
    audit: DomainAudit,
    unknown: i32,
}

impl Found {
    /// A release cycle by its place in the list of an item.
    fn cycle(&self, item: usize, cycle: usize) -> Option<ReleaseCycle> {
        let known = self.stack.technology(item)?;
        let (fact, cycle) = (known.cycle_facts[cycle].clone(), known.cycles[cycle].clone());
        Some(ReleaseCycle { fact: Arc::new(fact), cycle })
    }

    fn cycles(&self, item: usize, cycles: &[usize]) -> Vec<ReleaseCycle> {
        cycles.iter().filter_map(|cycle| self.cycle(item, *cycle)).collect()
    }

    fn event(&self, item: usize, event: DomainEvent) -> Option<SupportEvent> {
        Some(SupportEvent { event, cycle: self.cycle(item, event.cycle)? })
    }
}

/// Where the technologies of a stack stand with their support on a day. Computed from release cycles and from relations
/// that no verdict refutes.
pub struct StackAudit(Arc<Found>);

/// Where the technologies of a stack stand with their support on a day. Computed from release cycles and from relations
/// that no verdict refutes.
#[Object]
impl StackAudit {
    /// The day.
    async fn as_of(&self) -> Date {
        Date(self.0.as_of)
    }

    /// What was asked about, in the same order. Nothing is left out: what is not known says so.
    async fn items(&self) -> Vec<StackItem> {
        (0..self.0.stack.entries.len()).map(|at| StackItem { found: Arc::clone(&self.0), at }).collect()
    }

    /// The worst status of the items whose release cycle is known. From the worst: `END_OF_LIFE`, `EXTENDED_ONLY`,
    /// `UPCOMING`, `SECURITY_ONLY`, `NOT_DECLARED`, `ACTIVE`. `NOT_DECLARED` when no item is known.
    async fn overall(&self) -> Coded<SupportStatus> {
        self.0.audit.overall.into()
    }

    /// How many items are not known: their technology, their version or its release cycle. They make `overall` neither
    /// better nor worse.
    async fn unknown(&self) -> i32 {
        self.0.unknown
    }

    /// The changes of status that are declared for days after `asOf`, of the release cycles in use, in the order of the
    /// days. Each change is there once, even if several items have the same cycle.
    async fn timeline(&self) -> Vec<SupportEvent> {
        let events = self.0.audit.timeline.iter();
        events.filter_map(|StackEvent { item, event }| self.0.event(*item, *event)).collect()
    }

    /// What does not fit together, each in a sentence. `conflictDetails` has the facts, at the same places.
    async fn conflicts(&self) -> Vec<&str> {
        self.0.audit.conflicts.iter().map(|conflict| conflict.message.as_str()).collect()
    }

    /// What does not fit together, in the order of the items that need something, at most 500. A version that is not
    /// exact enough to tell, and an item without a version, are in no conflict.
    async fn conflict_details(&self) -> Vec<StackConflict> {
        (0..self.0.audit.conflicts.len()).map(|at| StackConflict { found: Arc::clone(&self.0), at }).collect()
    }
}

/// Where one technology in use stands.
pub struct StackItem {
    found: Arc<Found>,
    at: usize,
}

impl StackItem {
    fn entry(&self) -> &StackEntry {
        &self.found.stack.entries[self.at]
    }

    fn audit(&self) -> &ItemAudit {
        &self.found.audit.items[self.at]
    }
}

/// Where one technology in use stands.
#[Object]
impl StackItem {
    /// The name that was asked about.
    async fn name(&self) -> &str {
        &self.entry().name
    }

    /// The version that was asked about, or that the package URL names. Null when neither was given.
    async fn version(&self) -> Option<&str> {
        self.entry().version.as_deref()
    }

    /// The technology that the name stands for. Null when the catalogue knows none, or several: `reasons` says which.
    async fn technology(&self) -> Option<Technology> {
        self.found.stack.technology(self.at).map(|known| known.record.clone().into())
    }

    /// By which sort of name it was found. Null when it was not.
    async fn matched_by(&self) -> Option<Coded<TechnologyNameKind>> {
        match &self.entry().resolution {
            Resolution::Known { by, .. } => Some((*by).into()),
            Resolution::Ambiguous(_) | Resolution::NotKnown => None,
        }
    }

    /// The status of `cycle`. `NOT_DECLARED` too when there is none, and then nothing is known of the support.
    async fn status(&self) -> Coded<SupportStatus> {
        self.audit().health.status.into()
    }

    /// The release cycle of the version. Null when none is known.
    async fn cycle(&self) -> Option<ReleaseCycle> {
        self.audit().health.current.and_then(|cycle| self.found.cycle(self.at, cycle))
    }

    /// The last day of support without further conditions, in the past or to come. Null when no day is declared.
    async fn supported_until(&self) -> Option<Date> {
        self.audit().supported_until.map(Date)
    }

    /// Why it is judged so, the most important first. Never empty.
    async fn reasons(&self) -> Vec<HealthReason> {
        let reasons = self.audit().health.reasons.iter();
        reasons
            .map(|reason| HealthReason {
                cycles: self.found.cycles(self.at, &reason.cycles),
                reason: reason.clone(),
            })
            .collect()
    }

    /// The next change of its status that is declared. Null when none is.
    async fn next_event(&self) -> Option<SupportEvent> {
        self.found.event(self.at, self.audit().health.next_event?)
    }

    /// What to do.
    async fn suggestion(&self) -> UpgradeSuggestion {
        UpgradeSuggestion { found: Arc::clone(&self.found), at: self.at }
    }

    /// What may be meant, at most 3 technologies: those whose names are spelled most like the name, the nearest first,
    /// or those that share it. Only names are compared that begin with the same two letters. Empty when the technology
    /// is known.
    async fn did_you_mean(&self, ctx: &Context<'_>) -> FieldResult<Vec<Technology>> {
        let loader = loader(ctx);
        let records = match &self.entry().resolution {
            Resolution::Known { .. } => Ok(Vec::new()),
            Resolution::NotKnown => {
                let reference = self.found.references[self.at].clone();
                loader.load_or_default(NearTechnologies(reference)).await
            }
            Resolution::Ambiguous(several) => {
                let load = |id: &Id<Subject>| loader.load(TechnologyById(*id));
                let found = try_join_all(several.iter().take(MAX_NEAR).map(load)).await;
                found.map(|found| found.into_iter().flatten().collect())
            }
        };
        Ok(records.map_err(at(ctx))?.into_iter().map(Technology::from).collect())
    }
}

/// Where to go from a release cycle.
pub struct UpgradeSuggestion {
    found: Arc<Found>,
    at: usize,
}

impl UpgradeSuggestion {
    fn suggestion(&self) -> &DomainSuggestion {
        &self.found.audit.items[self.at].suggestion
    }
}

/// Where to go from a release cycle.
#[Object]
impl UpgradeSuggestion {
    /// What to do.
    async fn advice(&self) -> Coded<UpgradeAdvice> {
        self.suggestion().advice.into()
    }

    /// The advice in a sentence.
    async fn message(&self) -> &str {
        &self.suggestion().message
    }

    /// The nearest cycle to go to, which is still supported when the one in use is not. Null when nothing needs to be
    /// done, and when none is known.
    async fn nearest(&self) -> Option<ReleaseCycle> {
        self.suggestion().nearest.and_then(|cycle| self.found.cycle(self.at, cycle))
    }

    /// The newest supported cycle that came out later. Null when there is none.
    async fn newest(&self) -> Option<ReleaseCycle> {
        self.suggestion().newest.and_then(|cycle| self.found.cycle(self.at, cycle))
    }

    /// The supported cycles that came out later, the nearest first.
    async fn path(&self) -> Vec<ReleaseCycle> {
        self.found.cycles(self.at, &self.found.audit.items[self.at].health.upgrade_path)
    }
}

/// Two technologies in use that do not fit together, or would not after an upgrade.
pub struct StackConflict {
    found: Arc<Found>,
    at: usize,
}

impl StackConflict {
    fn conflict(&self) -> &DomainConflict {
        &self.found.audit.conflicts[self.at]
    }
}

/// Two technologies in use that do not fit together, or would not after an upgrade.
#[Object]
impl StackConflict {
    /// What does not fit.
    async fn kind(&self) -> Coded<StackConflictKind> {
        self.conflict().kind.into()
    }

    /// The conflict in a sentence.
    async fn message(&self) -> &str {
        &self.conflict().message
    }

    /// What needs a runtime or a language.
    async fn item(&self) -> StackItem {
        StackItem { found: Arc::clone(&self.found), at: self.conflict().item }
    }

    /// The version of `item` that needs it: the one in use, or the release cycle that is suggested.
    async fn version(&self) -> &str {
        &self.conflict().version
    }

    /// The runtime or the language.
    async fn runtime(&self) -> StackItem {
        StackItem { found: Arc::clone(&self.found), at: self.conflict().runtime }
    }

    /// The version of `runtime` that does not fit: the one in use, or the release cycle that is suggested.
    async fn runtime_version(&self) -> &str {
        &self.conflict().runtime_version
    }

    /// The versions of the runtime that are needed, as comparators such as `>=3.12, <3.15`.
    async fn range(&self) -> &str {
        self.conflict().range.as_str()
    }

    /// The facts that state the range. Never empty.
    async fn facts(&self) -> Vec<Fact> {
        let known = self.found.stack.technology(self.conflict().item);
        let fact = |place: &usize| known.map(|known| Fact::from(known.requirement_facts[*place].clone()));
        self.conflict().requirements.iter().filter_map(fact).collect()
    }
}

/// Reads what was asked for.
fn references(items: &[StackItemInput]) -> stackfit_domain::Result<Vec<TechnologyReference>> {
    if items.is_empty() || items.len() > MAX_ITEMS {
        let message = format!("must name from 1 to {MAX_ITEMS} technologies; these are {}.", items.len());
        return Err(Error::invalid("items", message));
    }
    let reference = |(place, item): (usize, &StackItemInput)| {
        if let Some(version) = &item.version {
            version_in_use(&format!("items[{place}].version"), version)?;
        }
        TechnologyReference::parse(&format!("items[{place}].name"), &item.name)
    };
    items.iter().enumerate().map(reference).collect()
}

/// Audits of stacks.
#[derive(Default)]
pub(crate) struct StackAuditQuery;

#[Object]
impl StackAuditQuery {
    /// Where the technologies of a stack stand with their support: what is out of it, where to go, what is forced upon
    /// the stack when, and which runtimes and frameworks do not fit together.
    async fn audit_stack(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What is in use, from 1 to 500 technologies; one may stand there in several versions."
        )]
        items: Vec<StackItemInput>,
        #[graphql(desc = "On which day; today when left out.")] as_of: Option<Date>,
    ) -> FieldResult<StackAudit> {
        let references = references(&items).map_err(at(ctx))?;
        loader(ctx).list(items.len() * THINGS_OF_AN_ITEM).await;
        let stack = stack(ctx, items, &references).await.map_err(at(ctx))?;
        let as_of = day(ctx, as_of);
        let audit = stack.audit(as_of);
        let unknown = i32::try_from(audit.unknown).map_err(Error::internal).map_err(at(ctx))?;
        Ok(StackAudit(Arc::new(Found { references, stack, as_of, audit, unknown })))
    }
}

/// Finds what was asked for.
async fn stack(
    ctx: &Context<'_>,
    items: Vec<StackItemInput>,
    references: &[TechnologyReference],
) -> stackfit_domain::Result<Stack> {
    let reader = loader(ctx).direct();
    let resolutions = reader.resolve(references).await?;
    let ids = resolutions.iter().filter_map(|resolution| match resolution {
        Resolution::Known { technology, .. } => Some(*technology),
        Resolution::Ambiguous(_) | Resolution::NotKnown => None,
    });
    let technologies = reader.stack_technologies(ids).await?;
    let entries = items.into_iter().zip(references).zip(resolutions);
    let entry = |((item, reference), resolution): ((StackItemInput, &TechnologyReference), _)| {
        let StackItemInput { name, version } = item;
        StackEntry { name, version: reference.version.clone().or(version), resolution }
    };
    Ok(Stack { entries: entries.map(entry).collect(), technologies })
}
