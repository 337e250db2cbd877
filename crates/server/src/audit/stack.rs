//! What files say is in use, with what the catalogue knows of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::DateTime;
use stackfit_domain::{
    Error,
    catalogue::{Entity, Part},
    clock::Clock,
    fact::{FactDetail, FactKind, attribute},
    id::Id,
    stack_audit::{Stack, StackEntry, StackTechnology},
    subject::{Record, Subject},
    technology_name::{Resolution, TechnologyName, TechnologyReference},
};

use super::manifest::{Dependency, Manifest};
use crate::{
    catalogue::bundled, clock::SystemClock, command::with_runtime, config::Flags, database, start::StartError,
};

/// Where something in use is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// The path of the file.
    pub(super) file: String,
    /// The package URL without a version, or the slug of a runtime.
    pub(super) name: String,
    /// The version or range, as the file writes it.
    pub(super) wrote: Option<String>,
}

/// What is in use.
pub(super) struct Used {
    /// What the catalogue knows, and runtimes that it does not know. Each version of a technology is there once.
    pub(super) stack: Stack,
    /// Where each entry of the stack is named.
    pub(super) origins: Vec<Vec<Origin>>,
    /// The packages that the catalogue does not know.
    pub(super) unknown: BTreeSet<String>,
}

/// What the catalogue knows of some names.
type Known = (Vec<Resolution<Id<Subject>>>, HashMap<Id<Subject>, StackTechnology>);

/// Looks up what files name: in a database, or else in the catalogue of the program, which writes nothing.
pub(super) fn used(manifests: &[Manifest], database: Option<&str>) -> Result<Used, StartError> {
    let names: BTreeSet<&str> = dependencies(manifests).map(|(_, used)| used.name.as_str()).collect();
    let (names, references): (Vec<&str>, Vec<TechnologyReference>) = names
        .into_iter()
        .filter_map(|name| Some((name, TechnologyReference::parse("name", name).ok()?)))
        .unzip();
    let (resolutions, technologies) = match database {
        Some(address) => stored(address, &references)?,
        None => known_to(&bundled(SystemClock.today())?, &references),
    };
    let resolved: HashMap<&str, Resolution<Id<Subject>>> = names.into_iter().zip(resolutions).collect();
    let mut entries: BTreeMap<(String, Option<String>), (StackEntry, BTreeSet<Origin>)> = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    for (file, used) in dependencies(manifests) {
        let Dependency { name, wrote, version, is_runtime } = used;
        let resolution = resolved.get(name.as_str()).cloned().unwrap_or(Resolution::NotKnown);
        let shown = match &resolution {
            Resolution::Known { technology, .. } => technologies[technology].record.value.name.clone(),
            _ if *is_runtime => name.clone(),
            _ => {
                unknown.insert(name.clone());
                continue;
            }
        };
        let origin = Origin { file: file.to_owned(), name: name.clone(), wrote: wrote.clone() };
        let entry =
            || (StackEntry { name: shown.clone(), version: version.clone(), resolution }, BTreeSet::new());
        entries.entry((shown.clone(), version.clone())).or_insert_with(entry).1.insert(origin);
    }
    let (entries, origins) =
        entries.into_values().map(|(entry, from)| (entry, from.into_iter().collect())).unzip();
    Ok(Used { stack: Stack { entries, technologies }, origins, unknown })
}

fn dependencies(manifests: &[Manifest]) -> impl Iterator<Item = (&str, &Dependency)> {
    manifests
        .iter()
        .flat_map(|manifest| manifest.dependencies.iter().map(|used| (manifest.path.as_str(), used)))
}

fn stored(address: &str, references: &[TechnologyReference]) -> Result<Known, StartError> {
    let flags = Flags { database: Some(address.to_owned()), ..Flags::default() };
    with_runtime(&flags, async |config| {
        let (address, store) = database::open(&config).await?;
        let reader = store.reader(SystemClock.today());
        let known = async {
            let resolutions = reader.resolve(references).await?;
            let technologies = reader.stack_technologies(technologies(&resolutions)).await?;
            Ok::<Known, Error>((resolutions, technologies))
        };
        let known = known.await.map_err(|error| database::explain(&address, error))?;
        store.close().await.map_err(|error| database::explain(&address, error))?;
        Ok(known)
    })
}

fn technologies(resolutions: &[Resolution<Id<Subject>>]) -> Vec<Id<Subject>> {
    let known = resolutions.iter().filter_map(|resolution| match resolution {
        Resolution::Known { technology, .. } => Some(*technology),
        Resolution::Ambiguous(_) | Resolution::NotKnown => None,
    });
    known.collect()
}

/// What the parts of a catalogue know of some names.
fn known_to(parts: &[Part], references: &[TechnologyReference]) -> Known {
    let mut having: HashMap<TechnologyName, Vec<Id<Subject>>> = HashMap::new();
    let mut by_id: HashMap<Id<Subject>, &Part> = HashMap::new();
    for part in parts {
        let Entity::Technology(technology) = &part.entity else { continue };
        let id = part.entity.subject().id();
        by_id.insert(id, part);
        let packages = part.facts.iter().filter(|new| !new.fact.verdict.refutes());
        let packages = packages.filter_map(|new| match &new.fact.detail {
            FactDetail::Attribute { name, value } if name == attribute::PACKAGE => Some(value.as_str()),
            _ => None,
        });
        for name in TechnologyName::of(technology, part.aliases.iter().map(String::as_str), packages) {
            having.entry(name).or_default().push(id);
        }
    }
    let choose = |reference: &TechnologyReference| {
        reference.choose(|name| having.get(name).cloned().unwrap_or_default())
    };
    let resolutions: Vec<Resolution<Id<Subject>>> = references.iter().map(choose).collect();
    let wanted: BTreeSet<Id<Subject>> = technologies(&resolutions).into_iter().collect();
    let found = wanted.into_iter().filter_map(|id| Some((id, technology(id, by_id.get(&id)?, parts)?)));
    let technologies = found.collect();
    (resolutions, technologies)
}

fn technology(id: Id<Subject>, part: &Part, parts: &[Part]) -> Option<StackTechnology> {
    let Entity::Technology(value) = &part.entity else { return None };
    let record = Record { id, version: 1, updated_at: DateTime::UNIX_EPOCH, value: value.clone() };
    let releases = part.facts.iter().filter(|new| new.fact.kind == FactKind::Release);
    let releases = releases.map(|new| new.fact.clone());
    // A fact about something else may tell of its relations, too.
    let relations = parts.iter().flat_map(|part| &part.facts).flat_map(|new| {
        let from_it = new.relations.iter().filter(move |relation| relation.from == id);
        from_it.map(|relation| (relation.clone(), new.fact.clone()))
    });
    Some(StackTechnology::new(record, releases, relations))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_of_the_program_knows_names_and_packages() {
        let parts = bundled("2026-11-23".parse().unwrap()).unwrap();
        let names = ["pkg:gem/rails", "nodejs", "pkg:npm/left-pad"];
        let references = names.map(|name| TechnologyReference::parse("name", name).unwrap());
        let (resolutions, technologies) = known_to(&parts, &references);
        let slugs: Vec<Option<String>> = resolutions
            .iter()
            .map(|resolution| match resolution {
                Resolution::Known { technology, .. } => {
                    Some(technologies[technology].record.value.slug.to_string())
                }
                Resolution::Ambiguous(_) | Resolution::NotKnown => None,
            })
            .collect();
        assert_eq!(slugs, [Some("ruby-on-rails".to_owned()), Some("nodejs".to_owned()), None]);
        let rails =
            technologies.values().find(|known| known.record.value.slug.as_str() == "ruby-on-rails").unwrap();
        assert!(rails.cycles.len() > 5 && !rails.requirements.is_empty());
    }
}
