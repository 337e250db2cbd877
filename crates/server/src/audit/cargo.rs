//! Rust: `Cargo.toml` and `Cargo.lock`.

use std::str::FromStr;

use cargo_lock::Lockfile;
use cargo_toml::{Dependency as Asked, DepsSet, Inheritable, Manifest};

use super::manifest::{Dependency, Problem, Reading, toml_problem};

/// What `Cargo.toml` asks for.
pub(super) fn manifest(text: &str) -> Reading {
    // The second reading only tells on which line the mistake stands.
    let parsed = Manifest::from_str(text).map_err(|error| match toml::from_str::<toml::Table>(text) {
        Err(wrong) => toml_problem(text, &wrong),
        Ok(_) => Problem { line: None, message: format!("it cannot be read: {error}") },
    })?;
    let workspace = parsed.workspace.as_ref();
    let targets = parsed.target.values();
    let of_targets = targets
        .flat_map(|target| [&target.dependencies, &target.dev_dependencies, &target.build_dependencies]);
    let sets = [&parsed.dependencies, &parsed.dev_dependencies, &parsed.build_dependencies];
    let sets = sets.into_iter().chain(of_targets).chain(workspace.map(|workspace| &workspace.dependencies));
    let mut found: Vec<Dependency> = sets.flat_map(packages).collect();
    let own = match parsed.package.as_ref().and_then(|package| package.rust_version.as_ref()) {
        Some(Inheritable::Set(version)) => Some(version),
        _ => workspace.and_then(|workspace| workspace.package.as_ref()?.rust_version.as_ref()),
    };
    found.extend(own.map(|version| Dependency::runtime("rust", version)));
    Ok(found)
}

/// What has a path is a part of the project; what is inherited stands in the file of the workspace.
fn packages(set: &DepsSet) -> impl Iterator<Item = Dependency> {
    set.iter().filter_map(|(name, asked)| match asked {
        Asked::Simple(range) => Some(Dependency::package("cargo", name, Some(&range.to_string()))),
        Asked::Detailed(detail) if detail.path.is_none() => {
            let name = detail.package.as_deref().unwrap_or(name);
            Some(Dependency::package(
                "cargo",
                name,
                detail.version.as_ref().map(ToString::to_string).as_deref(),
            ))
        }
        Asked::Detailed(_) | Asked::Inherited(_) => None,
    })
}

/// What `Cargo.lock` builds. What has no source is a part of the project.
pub(super) fn lock(text: &str) -> Reading {
    let parsed = Lockfile::from_str(text).map_err(|error| match toml::from_str::<toml::Table>(text) {
        Err(wrong) => toml_problem(text, &wrong),
        Ok(_) => Problem { line: None, message: format!("it cannot be read: {error}") },
    })?;
    let foreign = parsed.packages.iter().filter(|package| package.source.is_some());
    let locked = foreign.map(|package| {
        Dependency::package("cargo", package.name.as_str(), Some(&package.version.to_string()))
    });
    Ok(locked.collect())
}
