//! Packages: under which names registries hold a technology.

use std::str::FromStr;

use packageurl::PackageUrl;

use crate::{Error, Result, text};

/// The name of a package in a registry, as a package URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageIdentifier {
    /// The whole package URL.
    pub purl: String,
    /// The sort of package: `npm`.
    pub ecosystem: String,
    /// The part before the name: `@nestjs`.
    pub namespace: Option<String>,
    /// The name in the registry.
    pub name: String,
}

impl PackageIdentifier {
    /// Reads a package URL without a version: facts about packages hold for all of them.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let shown = text::excerpt(text);
        let purl = PackageUrl::from_str(text).map_err(|error| {
            Error::invalid(field, format!("`{shown}` is no package URL such as pkg:npm/express: {error}."))
        })?;
        if purl.version().is_some() {
            return Err(Error::invalid(field, format!("`{shown}` must not name a version.")));
        }
        Ok(Self {
            purl: text.to_owned(),
            ecosystem: purl.ty().to_owned(),
            namespace: purl.namespace().map(str::to_owned),
            name: purl.name().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_are_taken_apart() {
        let nest = PackageIdentifier::parse("value", "pkg:npm/%40nestjs/core").unwrap();
        assert_eq!((nest.ecosystem.as_str(), nest.namespace.as_deref()), ("npm", Some("@nestjs")));
        assert_eq!(nest.name, "core");
        let gin = PackageIdentifier::parse("value", "pkg:golang/github.com/gin-gonic/gin").unwrap();
        assert_eq!(gin.name, "gin");
        for wrong in ["express", "pkg:npm/express@5", ""] {
            assert!(PackageIdentifier::parse("value", wrong).is_err(), "{wrong}");
        }
    }
}
