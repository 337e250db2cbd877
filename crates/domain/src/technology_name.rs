//! Names of technologies: under which names one is known, what somebody means who writes a name, and which names are
//! near a wrong one.

use std::collections::BTreeSet;

use crate::{
    Error, Result,
    code::{codes, similarity},
    package::PackageReference,
    technology::Technology,
    text,
};

codes! {
    /// By what a technology was found. Of a name that stands for several technologies, the first of these counts.
    TechnologyNameKind as "kind of name" {
        /// By its slug.
        Slug,
        /// By its name, whatever its case.
        Name,
        /// By one of its other names, whatever their case.
        Alias,
        /// By a package that is the technology, according to a fact.
        Package,
        /// By a package of the same Maven group: a group is published by one project.
        PackageGroup,
    }
}

/// How alike a name must be to be suggested, from 0 to 1.
const NEAR: f64 = 0.85;
/// The most names that are suggested.
pub const MAX_NEAR: usize = 3;

/// A name in the form in which names are compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TechnologyName {
    /// What sort of name it is.
    pub kind: TechnologyNameKind,
    /// The name in lower case, or the package without its version.
    pub key: String,
}

impl TechnologyName {
    fn plain(kind: TechnologyNameKind, text: &str) -> Self {
        Self { kind, key: text.trim().to_lowercase() }
    }

    /// The names of a technology, from its head and the package URLs that facts give it.
    pub fn of<'a>(
        technology: &Technology,
        aliases: impl IntoIterator<Item = &'a str>,
        packages: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<Self> {
        let mut names = BTreeSet::from([
            Self::plain(TechnologyNameKind::Slug, technology.slug.as_str()),
            Self::plain(TechnologyNameKind::Name, &technology.name),
        ]);
        names.extend(aliases.into_iter().map(|alias| Self::plain(TechnologyNameKind::Alias, alias)));
        let packages = packages.into_iter().filter_map(|purl| PackageReference::parse("value", purl).ok());
        names.extend(packages.flat_map(|package| Self::of_package(&package)));
        names
    }

    fn of_package(package: &PackageReference) -> Vec<Self> {
        let exact = Self { kind: TechnologyNameKind::Package, key: package.key.clone() };
        let group = package.group.clone().map(|key| Self { kind: TechnologyNameKind::PackageGroup, key });
        [exact].into_iter().chain(group).collect()
    }
}

/// What somebody means who writes a name: a name, an alias, a slug, or a package URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TechnologyReference {
    /// The names to look for, the best first.
    pub names: Vec<TechnologyName>,
    /// The version that a package URL names.
    pub version: Option<String>,
}

impl TechnologyReference {
    /// Reads a name.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let text = text::line(field, text)?;
        if !text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("pkg:")) {
            let kinds = [TechnologyNameKind::Slug, TechnologyNameKind::Name, TechnologyNameKind::Alias];
            let names = kinds.map(|kind| TechnologyName::plain(kind, &text)).to_vec();
            return Ok(Self { names, version: None });
        }
        let package = PackageReference::parse(field, &text)?;
        let version = package.version.as_deref().map(|version| version_in_use(field, version)).transpose()?;
        Ok(Self { names: TechnologyName::of_package(&package), version })
    }

    /// Which technology is meant, of those that have the names: the first name that any has decides.
    pub fn choose<T: Copy + Ord>(&self, having: impl Fn(&TechnologyName) -> Vec<T>) -> Resolution<T> {
        for name in &self.names {
            let found: BTreeSet<T> = having(name).into_iter().collect();
            match (found.first(), found.len()) {
                (None, _) => {}
                (Some(only), 1) => return Resolution::Known { technology: *only, by: name.kind },
                _ => return Resolution::Ambiguous(found.into_iter().collect()),
            }
        }
        Resolution::NotKnown
    }

    /// The name as it is looked for.
    pub fn key(&self) -> &str {
        self.names.first().map_or("", |name| &name.key)
    }

    /// How the names that may be near begin: with the same two letters, for a package in the same registry and scope.
    pub fn beginning(&self) -> String {
        let is_package = self.names.iter().any(|name| name.kind == TechnologyNameKind::Package);
        let scope = if is_package { self.key().rfind('/').map_or(0, |at| at + 1) } else { 0 };
        let (scope, name) = self.key().split_at(scope);
        scope.chars().chain(name.chars().take(2)).collect()
    }
}

/// Which technology a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution<T> {
    /// This one.
    Known {
        /// The technology.
        technology: T,
        /// By which sort of name it was found.
        by: TechnologyNameKind,
    },
    /// Several have the name.
    Ambiguous(Vec<T>),
    /// None has it.
    NotKnown,
}

/// Reads a version that is in use: one version, not a range of them.
pub fn version_in_use(field: &str, text: &str) -> Result<String> {
    let version = text::line(field, text)?;
    let sign = |c: char| c.is_ascii_alphanumeric() || "._+-:~".contains(c);
    if version.starts_with(|c: char| c.is_ascii_alphanumeric()) && version.chars().all(sign) {
        return Ok(version);
    }
    let shown = text::excerpt(&version);
    Err(Error::invalid(field, format!("`{shown}` is no version such as 8.0.3; a range of versions is none.")))
}

/// The names that are spelled most like `text`, the nearest first, at most [`MAX_NEAR`] of different `T`.
pub fn near<'a, T: Copy + Ord>(text: &str, names: impl IntoIterator<Item = (&'a str, T)>) -> Vec<T> {
    let mut scored: Vec<(f64, &str, T)> = names
        .into_iter()
        .map(|(name, whose)| (similarity(text, name), name, whose))
        .filter(|(score, ..)| *score >= NEAR)
        .collect();
    scored.sort_by(|left, right| {
        right.0.total_cmp(&left.0).then_with(|| (left.1, left.2).cmp(&(right.1, right.2)))
    });
    let mut seen = BTreeSet::new();
    scored.retain(|(.., whose)| seen.insert(*whose));
    scored.into_iter().take(MAX_NEAR).map(|(.., whose)| whose).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{slug::Slug, technology::TechnologyKind};
    use proptest::prelude::*;

    fn technology(slug: &str, name: &str) -> Technology {
        Technology {
            slug: Slug::parse(slug).unwrap(),
            kind: TechnologyKind::BackendFramework,
            name: name.to_owned(),
            summary: None,
            homepage: None,
            repository: None,
            archived: false,
        }
    }

    fn catalogue() -> Vec<BTreeSet<TechnologyName>> {
        vec![
            TechnologyName::of(&technology("ruby-on-rails", "Ruby on Rails"), ["Rails"], ["pkg:gem/rails"]),
            TechnologyName::of(&technology("dotnet", ".NET"), [".NET Core"], []),
            TechnologyName::of(&technology("vapor", "Vapor"), [], []),
            TechnologyName::of(&technology("laravel-vapor", "Laravel Vapor"), ["Vapor"], []),
            TechnologyName::of(
                &technology("spring-boot", "Spring Boot"),
                ["Boot"],
                ["pkg:maven/org.springframework.boot/spring-boot"],
            ),
            TechnologyName::of(&technology("other", "Other"), ["Boot"], []),
        ]
    }

    fn found(text: &str) -> Resolution<usize> {
        let catalogue = catalogue();
        TechnologyReference::parse("name", text)
            .unwrap()
            .choose(|name| (0..catalogue.len()).filter(|at| catalogue[*at].contains(name)).collect())
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        for (text, at, by) in [
            ("rails", 0, TechnologyNameKind::Alias),
            (" Ruby On RAILS ", 0, TechnologyNameKind::Name),
            ("Ruby-on-Rails", 0, TechnologyNameKind::Slug),
            (".net", 1, TechnologyNameKind::Name),
            ("vapor", 2, TechnologyNameKind::Slug),
            ("pkg:gem/rails@8.0.1", 0, TechnologyNameKind::Package),
            ("pkg:GEM/Rails?platform=java", 0, TechnologyNameKind::Package),
            (
                "pkg:maven/org.springframework.boot/spring-boot-starter-web@3.5.0",
                4,
                TechnologyNameKind::PackageGroup,
            ),
        ] {
            assert_eq!(found(text), Resolution::Known { technology: at, by }, "{text}");
        }
        assert_eq!(found("boot"), Resolution::Ambiguous(vec![4, 5]));
        assert_eq!(found("Ralis"), Resolution::NotKnown);
        assert_eq!(
            found("pkg:npm/rails"),
            Resolution::NotKnown,
            "a package of another registry is another thing"
        );
    }

    #[test]
    fn a_wrong_package_url_is_refused_under_its_field() {
        for wrong in ["pkg:", "pkg:npm", "pkg:npm/", "pkg:gem/rails@^8", "", "a\nb"] {
            let error = TechnologyReference::parse("items[3].name", wrong).unwrap_err().to_string();
            assert!(error.starts_with("items[3].name: "), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_range_is_no_version() {
        for version in ["8", "8.0.3", "v1.9.1", "1.0.0-rc.1+build", "18.x", "bookworm"] {
            assert_eq!(version_in_use("version", version), Ok(version.to_owned()));
        }
        for wrong in ["^5.0", ">=18", "~> 7.1", "*", "", "1 - 2", "5 || 6", "[1.0,2.0)"] {
            assert!(version_in_use("version", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_nearest_come_first_and_each_once() {
        let names = [("rails", 1), ("ruby on rails", 1), ("rabbit", 2), ("raills", 3)];
        assert_eq!(near("railss", names), [1, 3]);
        assert_eq!(near("left-pad", [("laravel", 1)]), Vec::<i32>::new());
    }

    #[test]
    fn what_may_be_near_begins_alike() {
        let beginning = |text: &str| TechnologyReference::parse("name", text).unwrap().beginning();
        assert_eq!(beginning("Ralis"), "ra");
        assert_eq!(beginning("C"), "c");
        assert_eq!(beginning("c/c++"), "c/");
        assert_eq!(beginning("pkg:npm/expres@5"), "pkg:npm/ex");
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_fail_otherwise_than_by_refusing(text in "\\PC{0,30}") {
            if let Err(error) = TechnologyReference::parse("name", &text) {
                prop_assert!(error.to_string().starts_with("name: "));
            }
            let _ = TechnologyReference::parse("name", &format!("pkg:{text}"));
        }

        #[test]
        fn every_technology_is_found_by_its_slug(slug in "[a-z]{1,8}(-[a-z0-9]{1,4}){0,2}", alias in "[A-Za-z ]{1,9}") {
            prop_assume!(slug != "b" && !alias.trim().is_empty());
            let ours = TechnologyName::of(&technology(&slug, "Ours"), [], []);
            let other = TechnologyName::of(&technology("b", "Other"), [alias.as_str(), slug.as_str()], []);
            let reference = TechnologyReference::parse("name", &slug.to_uppercase()).unwrap();
            let having = |name: &TechnologyName| {
                [(&ours, 0), (&other, 1)].into_iter().filter(|(names, _)| names.contains(name)).map(|(_, at)| at).collect()
            };
            prop_assert_eq!(reference.choose(having), Resolution::Known { technology: 0, by: TechnologyNameKind::Slug });
        }

        #[test]
        fn what_is_near_is_near_and_at_most_three(text in "[a-z]{1,8}", names in proptest::collection::vec("[a-z]{1,8}", 0..20)) {
            let found = near(&text, names.iter().enumerate().map(|(at, name)| (name.as_str(), at)));
            prop_assert!(found.len() <= MAX_NEAR);
            let scores: Vec<f64> = found.iter().map(|at| similarity(&text, &names[*at])).collect();
            prop_assert!(scores.iter().all(|score| *score >= NEAR));
            prop_assert!(scores.is_sorted_by(|left, right| left >= right));
        }
    }
}
