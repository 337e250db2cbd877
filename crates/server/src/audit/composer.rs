//! PHP: `composer.json` and `composer.lock`.

use serde::Deserialize;
use serde_json::Value;

use super::manifest::{Dependency, Reading, json};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Manifest {
    require: Option<Value>,
    require_dev: Option<Value>,
}

/// What `composer.json` asks for.
pub(super) fn manifest(text: &str) -> Reading {
    let Manifest { require, require_dev } = json(text)?;
    Ok(asked(require.as_ref()).into_iter().chain(asked(require_dev.as_ref())).collect())
}

/// An empty list may stand for an empty object: PHP knows no difference.
fn asked(section: Option<&Value>) -> Vec<Dependency> {
    let entries = section.and_then(Value::as_object).into_iter().flatten();
    entries.filter_map(|(name, range)| dependency(name, range.as_str()?)).collect()
}

/// Names without a vendor are those of PHP and of what it is built with.
fn dependency(name: &str, range: &str) -> Option<Dependency> {
    if name == "php" {
        return Some(Dependency::runtime("php", range));
    }
    name.contains('/').then(|| Dependency::package("composer", name, Some(range)))
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Lock {
    #[serde(default)]
    packages: Vec<Locked>,
    #[serde(default)]
    packages_dev: Vec<Locked>,
    platform: Option<Value>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

/// What `composer.lock` installs.
pub(super) fn lock(text: &str) -> Reading {
    let Lock { packages, packages_dev, platform } = json(text)?;
    let locked = packages.into_iter().chain(packages_dev);
    let packages =
        locked.map(|Locked { name, version }| Dependency::package("composer", &name, Some(&version)));
    Ok(packages.chain(asked(platform.as_ref())).collect())
}
