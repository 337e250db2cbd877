//! npm: `package.json` and its lock file.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::manifest::{Dependency, Reading, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    #[serde(default)]
    dependencies: BTreeMap<String, Value>,
    #[serde(default)]
    dev_dependencies: BTreeMap<String, Value>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, Value>,
    engines: Option<Value>,
}

/// What `package.json` asks for.
pub(super) fn manifest(text: &str) -> Reading {
    let Manifest { dependencies, dev_dependencies, optional_dependencies, engines } = json(text)?;
    let asked = dependencies.into_iter().chain(dev_dependencies).chain(optional_dependencies);
    let packages = asked.filter_map(|(name, range)| package(&name, range.as_str()?));
    Ok(packages.chain(runtime(engines.as_ref())).collect())
}

/// A package, unless it is a part of the project. An alias stands for the package behind it.
fn package(name: &str, range: &str) -> Option<Dependency> {
    if ["file:", "link:", "workspace:", "portal:"].iter().any(|local| range.starts_with(local)) {
        return None;
    }
    if let Some(real) = range.strip_prefix("npm:") {
        let at = real.rfind('@').filter(|at| *at > 0).unwrap_or(real.len());
        let range = real[at..].trim_start_matches('@');
        return Some(Dependency::package("npm", &real[..at], Some(range).filter(|range| !range.is_empty())));
    }
    Some(Dependency::package("npm", name, Some(range)))
}

fn runtime(engines: Option<&Value>) -> Option<Dependency> {
    Some(Dependency::runtime("nodejs", engines?.get("node")?.as_str()?))
}

#[derive(Deserialize)]
struct Lock {
    packages: Option<BTreeMap<String, Locked>>,
    #[serde(default)]
    dependencies: BTreeMap<String, Nested>,
}

#[derive(Deserialize)]
struct Locked {
    name: Option<String>,
    version: Option<String>,
    #[serde(default)]
    link: bool,
    engines: Option<Value>,
}

/// The form of lock files before version 2.
#[derive(Deserialize)]
struct Nested {
    version: Option<String>,
    #[serde(default)]
    dependencies: BTreeMap<String, Nested>,
}

/// What `package-lock.json` installs.
pub(super) fn lock(text: &str) -> Reading {
    let Lock { packages, dependencies } = json(text)?;
    let mut found = Vec::new();
    let Some(packages) = packages else {
        nested(&dependencies, &mut found);
        return Ok(found);
    };
    for (path, locked) in packages {
        if path.is_empty() {
            found.extend(runtime(locked.engines.as_ref()));
        }
        // What stands elsewhere is a part of the project.
        let Some((_, name)) = path.rsplit_once("node_modules/").filter(|_| !locked.link) else { continue };
        let name = locked.name.as_deref().unwrap_or(name);
        found.push(Dependency::package("npm", name, locked.version.as_deref()));
    }
    Ok(found)
}

fn nested(dependencies: &BTreeMap<String, Nested>, found: &mut Vec<Dependency>) {
    for (name, Nested { version, dependencies }) in dependencies {
        found.extend(version.as_deref().and_then(|version| package(name, version)));
        nested(dependencies, found);
    }
}
