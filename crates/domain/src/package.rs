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

/// A package as somebody names it, in the form in which packages are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageReference {
    /// The package URL without version, qualifiers and subpath, in lower case.
    pub key: String,
    /// The same of its Maven group, whose packages are published by one project and mostly versioned together.
    pub group: Option<String>,
    /// The version that it names.
    pub version: Option<String>,
}

impl PackageReference {
    /// Reads a package URL. Registries that tell upper case from lower hold no two packages that differ in case alone;
    /// Python's takes `_` and `.` for `-`; the major version at the end of a path of Go is a version and no name.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let shown = text::excerpt(text);
        let purl = PackageUrl::from_str(text).map_err(|error| {
            Error::invalid(
                field,
                format!("`{shown}` is no package URL such as pkg:npm/express@5.1.0: {error}."),
            )
        })?;
        let ecosystem = purl.ty().to_lowercase();
        let namespace = purl.namespace().map(str::to_lowercase);
        let mut path: Vec<String> = namespace.iter().cloned().collect();
        path.push(purl.name().to_lowercase());
        let mut path = path.join("/");
        match ecosystem.as_str() {
            "pypi" => path = path.replace(['_', '.'], "-"),
            "golang" => path.truncate(path.len() - major_suffix(&path)),
            _ => {}
        }
        let group = namespace.filter(|_| ecosystem == "maven").map(|group| format!("pkg:maven/{group}"));
        let version = purl.version().map(str::to_owned);
        Ok(Self { key: format!("pkg:{ecosystem}/{path}"), group, version })
    }
}

/// The length of `/v5` at the end of the path of a Go module.
fn major_suffix(path: &str) -> usize {
    path.rsplit_once("/v")
        .filter(|(_, digits)| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(0, |(_, digits)| digits.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_compared_without_version_and_case() {
        for (left, right) in [
            ("pkg:npm/%40nestjs/core", "pkg:npm/@nestjs/core@11.0.1"),
            ("pkg:pypi/django-rest_framework", "pkg:PyPI/Django.REST-framework@3?x=y#z"),
            ("pkg:golang/github.com/labstack/echo/v5", "pkg:golang/github.com/labstack/echo@v3.0.0"),
            ("pkg:nuget/Microsoft.AspNetCore.OpenApi", "pkg:nuget/microsoft.aspnetcore.openapi@9.0.0"),
        ] {
            let key = |text: &str| PackageReference::parse("name", text).unwrap().key;
            assert_eq!(key(left), key(right));
        }
        let spring = PackageReference::parse("name", "pkg:maven/org.x/a@1.0").unwrap();
        assert_eq!(
            (spring.group.as_deref(), spring.version.as_deref()),
            (Some("pkg:maven/org.x"), Some("1.0"))
        );
        assert_eq!(PackageReference::parse("name", "pkg:npm/a/v2").unwrap().key, "pkg:npm/a/v2");
    }

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
