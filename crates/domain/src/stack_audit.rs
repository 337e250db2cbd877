//! Stack audits: where each technology in use stands with its support, what to go to, what is forced upon it when, and
//! which runtimes and frameworks do not fit together.

mod conflict;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

pub use conflict::{MAX_CONFLICTS, StackConflict, StackConflictKind};

use crate::{
    code::codes,
    fact::{Fact, FactDetail},
    id::Id,
    relation::Relation,
    release_cycle::{ReleaseCycle, SupportEnd, SupportStatus},
    subject::{Record, Subject},
    support_health::{HealthReason, HealthReasonKind, SupportEvent, SupportHealth, soon, support_health},
    technology::Technology,
    technology_name::Resolution,
    text,
};

/// The most items of one audit that a request may name.
pub const MAX_ITEMS: usize = 500;

codes! {
    /// What to do about a technology in use.
    UpgradeAdvice as "advice on an upgrade" {
        /// Nothing: it is supported, and for longer than half a year or without a declared end.
        NoneNeeded,
        /// It is supported for less than half a year more.
        UpgradeSoon,
        /// It is out of support, or not released.
        Upgrade,
        /// It is out of support, and no supported cycle that came out later is known.
        NoTargetKnown,
        /// Nothing can be said: the technology, its version or its cycle is not known.
        Unknown,
    }
}

/// What the catalogue knows of a technology that an audit needs, without what a verdict refutes.
#[derive(Debug, Clone, PartialEq)]
pub struct StackTechnology {
    /// The technology.
    pub record: Record<Technology>,
    /// Its release cycles.
    pub cycles: Vec<ReleaseCycle>,
    /// The facts that tell of the cycles, at the same places.
    pub cycle_facts: Vec<Fact>,
    /// Its relations that require versions of a runtime or a language.
    pub requirements: Vec<Relation>,
    /// The facts that assert the relations, at the same places.
    pub requirement_facts: Vec<Fact>,
}

impl StackTechnology {
    /// Puts together what is known, leaving out what a verdict refutes.
    pub fn new(
        record: Record<Technology>,
        releases: impl IntoIterator<Item = Fact>,
        relations: impl IntoIterator<Item = (Relation, Fact)>,
    ) -> Self {
        let (cycle_facts, cycles) = releases
            .into_iter()
            .filter(|fact| !fact.verdict.refutes())
            .filter_map(|fact| match fact.detail.clone() {
                FactDetail::Release(cycle) => Some((fact, cycle)),
                _ => None,
            })
            .unzip();
        let (requirements, requirement_facts) = relations
            .into_iter()
            .filter(|(relation, fact)| relation.required().is_some() && !fact.verdict.refutes())
            .unzip();
        Self { record, cycles, cycle_facts, requirements, requirement_facts }
    }
}

/// What somebody says is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackEntry {
    /// The name, as it was written.
    pub name: String,
    /// The version in use.
    pub version: Option<String>,
    /// Which technology the name stands for.
    pub resolution: Resolution<Id<Subject>>,
}

/// What is in use, with what the catalogue knows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// What is in use.
    pub entries: Vec<StackEntry>,
    /// What is known of the technologies that it names.
    pub technologies: HashMap<Id<Subject>, StackTechnology>,
}

impl Stack {
    /// What is known of the technology at a place. Nothing when its name stands for none, or for several.
    pub fn technology(&self, at: usize) -> Option<&StackTechnology> {
        match &self.entries[at].resolution {
            Resolution::Known { technology, .. } => self.technologies.get(technology),
            Resolution::Ambiguous(_) | Resolution::NotKnown => None,
        }
    }

    /// Audits it on a day. The items of the audit have the places of the entries.
    pub fn audit(&self, as_of: NaiveDate) -> StackAudit {
        let items: Vec<StackItem<'_>> = (0..self.entries.len()).map(|at| self.item(at)).collect();
        audit_stack(&items, as_of)
    }

    fn item(&self, at: usize) -> StackItem<'_> {
        let StackEntry { name, version, resolution } = &self.entries[at];
        let known = self.technology(at);
        StackItem {
            name: known.map_or(name.trim(), |known| &known.record.value.name),
            technology: resolution,
            version: version.as_deref(),
            cycles: known.map_or(&[], |known| &known.cycles),
            requirements: known.map_or(&[], |known| &known.requirements),
        }
    }
}

/// A technology in use, as an audit judges it.
#[derive(Debug, Clone, Copy)]
pub struct StackItem<'a> {
    /// What it is called in messages.
    pub name: &'a str,
    /// Which technology the name stands for.
    pub technology: &'a Resolution<Id<Subject>>,
    /// The version in use.
    pub version: Option<&'a str>,
    /// Its release cycles that no verdict refutes.
    pub cycles: &'a [ReleaseCycle],
    /// Its relations that require versions of a runtime or a language, and that no verdict refutes.
    pub requirements: &'a [Relation],
}

/// Where to go from a release cycle. Cycles are named by their place in the list of the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpgradeSuggestion {
    /// What to do.
    pub advice: UpgradeAdvice,
    /// The advice in a sentence.
    pub message: String,
    /// The nearest cycle to go to.
    pub nearest: Option<usize>,
    /// The newest supported cycle that came out later.
    pub newest: Option<usize>,
}

/// Where one technology in use stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemAudit {
    /// Its support. Without a cycle that is judged nothing is known.
    pub health: SupportHealth,
    /// The last declared day of support without further conditions.
    pub supported_until: Option<NaiveDate>,
    /// What to do.
    pub suggestion: UpgradeSuggestion,
}

impl ItemAudit {
    /// Whether its release cycle is known, so that its status is one.
    pub fn is_known(&self) -> bool {
        self.health.current.is_some()
    }
}

/// A declared change of status that lies ahead of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StackEvent {
    /// The first item that it bears on, by its place.
    pub item: usize,
    /// What changes: the cycle is one of the item.
    pub event: SupportEvent,
}

/// What an audit finds.
#[derive(Debug, Clone, PartialEq)]
pub struct StackAudit {
    /// Where each item stands, in the order of the items.
    pub items: Vec<ItemAudit>,
    /// The worst status of the items that are known; not declared when none is.
    pub overall: SupportStatus,
    /// How many items are not known.
    pub unknown: usize,
    /// The declared changes of status after the day, in the order of their days.
    pub timeline: Vec<StackEvent>,
    /// What does not fit together.
    pub conflicts: Vec<StackConflict>,
}

/// How bad a status is: the end of support is the worst, then what costs extra, what is not released, what gets
/// security fixes only, what nobody declares anything of. Active support is the best.
pub fn severity(status: SupportStatus) -> u8 {
    match status {
        SupportStatus::EndOfLife => 5,
        SupportStatus::ExtendedOnly => 4,
        SupportStatus::Upcoming => 3,
        SupportStatus::SecurityOnly => 2,
        SupportStatus::NotDeclared => 1,
        SupportStatus::Active => 0,
    }
}

/// Whether a status is out of support: nobody mends its security faults without further conditions any more.
pub fn is_out_of_support(status: SupportStatus) -> bool {
    matches!(status, SupportStatus::EndOfLife | SupportStatus::ExtendedOnly)
}

/// Audits a stack on a day.
pub fn audit_stack(items: &[StackItem<'_>], as_of: NaiveDate) -> StackAudit {
    let audits: Vec<ItemAudit> = items.iter().map(|item| audit_item(item, as_of)).collect();
    let known = || audits.iter().filter(|audit| audit.is_known());
    let worst = known().map(|audit| audit.health.status).max_by_key(|status| severity(*status));
    let unknown = audits.len() - known().count();
    let timeline = timeline(items, &audits, as_of);
    let conflicts = conflict::conflicts(items, &audits);
    let overall = worst.unwrap_or(SupportStatus::NotDeclared);
    StackAudit { overall, unknown, timeline, conflicts, items: audits }
}

fn audit_item(item: &StackItem<'_>, as_of: NaiveDate) -> ItemAudit {
    let health = match (item.technology, item.version) {
        (Resolution::Known { .. }, Some(version)) if !item.cycles.is_empty() => {
            let mut health = support_health(item.cycles, Some(version), as_of);
            if health.current.is_none() {
                health.reasons = vec![version_not_known(item, version)];
            }
            health
        }
        (Resolution::Known { .. }, _) if item.cycles.is_empty() => support_health(&[], None, as_of),
        (Resolution::Known { .. }, _) => unknown(
            HealthReasonKind::VersionNotGiven,
            format!("The version of {} in use is not told.", item.name),
        ),
        (Resolution::Ambiguous(several), _) => unknown(
            HealthReasonKind::NameAmbiguous,
            format!("{} technologies are called {}.", several.len(), text::excerpt(item.name)),
        ),
        (Resolution::NotKnown, _) => unknown(
            HealthReasonKind::NameNotKnown,
            format!("The catalogue knows nothing called {}.", text::excerpt(item.name)),
        ),
    };
    let cycle = health.current.map(|at| &item.cycles[at]);
    let supported_until =
        cycle.and_then(|cycle| cycle.security_until.or(cycle.active_until)).and_then(SupportEnd::day);
    let suggestion = suggestion(item, &health, as_of);
    ItemAudit { health, supported_until, suggestion }
}

fn unknown(kind: HealthReasonKind, message: String) -> SupportHealth {
    SupportHealth {
        status: SupportStatus::NotDeclared,
        score: None,
        current: None,
        next_event: None,
        reasons: vec![HealthReason { kind, message, cycles: vec![] }],
        upgrade_path: vec![],
    }
}

/// A version may be less exact than the cycles: `8` where they are called 8.0 and 8.1.
fn version_not_known(item: &StackItem<'_>, version: &str) -> HealthReason {
    let shown = text::excerpt(version);
    let beginning = format!("{}.", version.trim().trim_start_matches('v'));
    let possible: Vec<usize> =
        (0..item.cycles.len()).filter(|at| item.cycles[*at].cycle.starts_with(&beginning)).collect();
    let names: Vec<&str> = possible.iter().map(|at| item.cycles[*at].cycle.as_str()).collect();
    let message = if names.is_empty() {
        format!("No release cycle of {} in the catalogue holds {shown}.", item.name)
    } else {
        format!("{shown} is not exact enough: {} has the cycles {}.", item.name, names.join(", "))
    };
    HealthReason { kind: HealthReasonKind::VersionNotKnown, message, cycles: possible }
}

fn suggestion(item: &StackItem<'_>, health: &SupportHealth, as_of: NaiveDate) -> UpgradeSuggestion {
    use UpgradeAdvice as A;
    let name = |at: usize| item.cycles[at].cycle.as_str();
    let Some(current) = health.current else {
        let message = format!("Nothing can be said of {}.", text::excerpt(item.name));
        return UpgradeSuggestion { advice: A::Unknown, message, nearest: None, newest: None };
    };
    let end = health.next_event.filter(|event| soon(event.on, as_of) && !event.to.is_supported());
    let newest = health.upgrade_path.last().copied();
    let here = format!("{} {}", item.name, name(current));
    if health.status.is_supported() && end.is_none() {
        let message = format!("{here} needs no upgrade now.");
        return UpgradeSuggestion { advice: A::NoneNeeded, message, nearest: None, newest };
    }
    // What one goes to must be supported when support of this one is over.
    let on = end.map_or(as_of, |event| event.on);
    let mut lasting = health.upgrade_path.iter().filter(|at| item.cycles[**at].status(on).is_supported());
    let nearest = lasting.next().copied();
    let newest = lasting.next_back().copied().or(nearest);
    let go = match (nearest, newest) {
        (Some(nearest), Some(newest)) if nearest != newest => {
            format!("go to {} at least; {} is the newest that is supported.", name(nearest), name(newest))
        }
        (Some(nearest), _) => format!("go to {}, the newest that is supported.", name(nearest)),
        (None, _) => "no supported cycle that came out later is known.".to_owned(),
    };
    let why = match end {
        Some(event) => format!("is supported until {}", event.on.pred_opt().unwrap_or(event.on)),
        None if health.status == SupportStatus::Upcoming => "is not released".to_owned(),
        None => "is out of support".to_owned(),
    };
    let advice = match (end, nearest) {
        (Some(_), _) => A::UpgradeSoon,
        (None, Some(_)) => A::Upgrade,
        (None, None) => A::NoTargetKnown,
    };
    UpgradeSuggestion { advice, message: format!("{here} {why}: {go}"), nearest, newest }
}

fn timeline(items: &[StackItem<'_>], audits: &[ItemAudit], as_of: NaiveDate) -> Vec<StackEvent> {
    let mut events = Vec::new();
    let mut seen = HashSet::new();
    for (at, (item, audit)) in items.iter().zip(audits).enumerate() {
        let (Some(cycle), Resolution::Known { technology, .. }) = (audit.health.current, item.technology)
        else {
            continue;
        };
        if seen.insert((technology, cycle)) {
            let ahead = item.cycles[cycle].changes_after(as_of);
            events.extend(
                ahead.map(|(on, from, to)| StackEvent {
                    item: at,
                    event: SupportEvent { cycle, on, from, to },
                }),
            );
        }
    }
    events.sort_by_key(|StackEvent { item, event }| (event.on, *item));
    events
}

#[cfg(test)]
mod tests;
