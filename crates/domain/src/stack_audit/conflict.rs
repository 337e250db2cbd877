//! What does not fit together in a stack: versions that runtimes or languages have, and ranges that others need.

use std::collections::HashMap;

use super::{ItemAudit, StackItem};
use crate::{
    code::codes,
    id::Id,
    subject::Subject,
    technology_name::Resolution,
    version::{InexactVersion, VersionRange},
};

/// The most conflicts that are told of one stack.
pub const MAX_CONFLICTS: usize = 500;

codes! {
    /// What does not fit together.
    StackConflictKind as "stack conflict" {
        /// The versions in use: the runtime is not one that the other needs.
        InUse,
        /// The nearest upgrade that is suggested needs another runtime than the one in use.
        UpgradeNeedsRuntime,
        /// The nearest upgrade of the runtime that is suggested is not one that the other needs as it is in use.
        RuntimeUpgrade,
    }
}

/// Two items of a stack that do not fit together. Items are named by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackConflict {
    /// What does not fit.
    pub kind: StackConflictKind,
    /// The item that needs something.
    pub item: usize,
    /// The version of it that does.
    pub version: String,
    /// The runtime or language that it needs in other versions.
    pub runtime: usize,
    /// The version of it that does not fit.
    pub runtime_version: String,
    /// The range that is needed.
    pub range: VersionRange,
    /// The relations that state the range, by their places in the list of the item.
    pub requirements: Vec<usize>,
    /// The conflict in a sentence.
    pub message: String,
}

/// A version that an item has, or would have after the nearest upgrade that is suggested.
struct Stage<'a> {
    version: &'a str,
    /// The version, when it can be compared.
    inexact: Option<InexactVersion>,
    upgraded: bool,
}

fn stages<'a>(item: &StackItem<'a>, audit: &ItemAudit) -> Vec<Stage<'a>> {
    let stage =
        |version: &'a str, upgraded| Stage { version, inexact: InexactVersion::parse(version), upgraded };
    let now = item.version.map(|version| stage(version, false));
    let next = audit.suggestion.nearest.map(|at| stage(&item.cycles[at].cycle, true));
    now.into_iter().chain(next).collect()
}

/// The conflicts of a stack, in the order of the items that need something, at most [`MAX_CONFLICTS`].
pub(super) fn conflicts(items: &[StackItem<'_>], audits: &[ItemAudit]) -> Vec<StackConflict> {
    let mut places: HashMap<Id<Subject>, Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Resolution::Known { technology, .. } = item.technology {
            places.entry(*technology).or_default().push(at);
        }
    }
    let stages: Vec<Vec<Stage<'_>>> =
        items.iter().zip(audits).map(|(item, audit)| stages(item, audit)).collect();
    (0..items.len()).flat_map(|at| conflicts_of(at, items, &stages, &places)).take(MAX_CONFLICTS).collect()
}

/// The conflicts of one item that needs something.
fn conflicts_of(
    at: usize,
    items: &[StackItem<'_>],
    stages: &[Vec<Stage<'_>>],
    places: &HashMap<Id<Subject>, Vec<usize>>,
) -> Vec<StackConflict> {
    let mut found = Vec::new();
    for stage in &stages[at] {
        for (range, to, requirements) in ranges(&items[at], stage) {
            for runtime in places.get(&to).into_iter().flatten().filter(|runtime| **runtime != at) {
                for other in &stages[*runtime] {
                    let outside = other.inexact.as_ref().is_some_and(|version| !range.meets(version));
                    let Some(kind) = kind(stage, other).filter(|_| outside) else { continue };
                    let names = (items[at].name, items[*runtime].name);
                    found.push(StackConflict {
                        kind,
                        item: at,
                        version: stage.version.to_owned(),
                        runtime: *runtime,
                        runtime_version: other.version.to_owned(),
                        range: range.clone(),
                        requirements: requirements.clone(),
                        message: message(kind, names, (stage.version, other.version), range),
                    });
                }
            }
        }
    }
    found
}

/// What it would be if two stages did not fit. Of two upgrades nobody knows whether they are made together.
fn kind(stage: &Stage<'_>, runtime: &Stage<'_>) -> Option<StackConflictKind> {
    match (stage.upgraded, runtime.upgraded) {
        (false, false) => Some(StackConflictKind::InUse),
        (true, false) => Some(StackConflictKind::UpgradeNeedsRuntime),
        (false, true) => Some(StackConflictKind::RuntimeUpgrade),
        (true, true) => None,
    }
}

/// The ranges that a version of an item needs, each once, with the relations that state it.
fn ranges<'a>(item: &StackItem<'a>, stage: &Stage<'_>) -> Vec<(&'a VersionRange, Id<Subject>, Vec<usize>)> {
    let mut ranges: Vec<(&VersionRange, Id<Subject>, Vec<usize>)> = Vec::new();
    for (at, relation) in item.requirements.iter().enumerate() {
        let Some(range) = relation.required().filter(|_| relation.holds_for(stage.inexact.as_ref())) else {
            continue;
        };
        match ranges.iter_mut().find(|(known, to, _)| *known == range && *to == relation.to) {
            Some((.., places)) => places.push(at),
            None => ranges.push((range, relation.to, vec![at])),
        }
    }
    ranges
}

fn message(
    kind: StackConflictKind,
    (item, runtime): (&str, &str),
    (version, runtime_version): (&str, &str),
    range: &VersionRange,
) -> String {
    match kind {
        StackConflictKind::InUse => {
            format!("{item} {version} needs {runtime} {range}; the stack has {runtime} {runtime_version}.")
        }
        StackConflictKind::UpgradeNeedsRuntime => format!(
            "{item} {version}, the suggested upgrade, needs {runtime} {range}; the stack has {runtime} {runtime_version}."
        ),
        StackConflictKind::RuntimeUpgrade => format!(
            "{item} {version} needs {runtime} {range}; {runtime} {runtime_version}, the suggested upgrade, is none of these."
        ),
    }
}
