//! Versions and ranges of them, as runtime requirements state them.

use std::{cmp::Ordering, fmt};

use semver::{Version, VersionReq};

use crate::{Error, Result, text};

/// A set of versions: comparators in Cargo's notation, alternatives parted by `||`, as in `>=18, <19 || >=20`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionRange {
    text: String,
    alternatives: Vec<VersionReq>,
}

impl VersionRange {
    /// Reads a range.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let alternatives = text.split("||").map(|part| VersionReq::parse(part.trim()));
        let alternatives = alternatives.collect::<std::result::Result<Vec<_>, _>>().map_err(|error| {
            let shown = text::excerpt(text);
            let message = format!(
                "`{shown}` is no range of versions ({error}): comparators such as `>=3.12, <3.15`, alternatives parted by `||`."
            );
            Error::invalid(field, message)
        })?;
        let text = alternatives.iter().map(ToString::to_string).collect::<Vec<_>>().join(" || ");
        Ok(Self { text, alternatives })
    }

    /// Whether a version lies in the range. Missing parts of the version count as 0; `None` when it is no version
    /// that can be compared.
    pub fn contains(&self, version: &str) -> Option<bool> {
        let version = full(version)?;
        Some(self.alternatives.iter().any(|range| range.matches(&version)))
    }

    /// The range, in one notation.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A version with three numbers, from the first three that a text names: `8.1` is 8.1.0.
fn full(text: &str) -> Option<Version> {
    let release = text.trim().trim_start_matches('v');
    let mut numbers = release.split('.').map(|part| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().ok()
    });
    let major = numbers.next()??;
    let mut next = || numbers.next().map_or(Some(0), |number| number);
    Some(Version::new(major, next()?, next()?))
}

/// Compares names of versions part by part, numbers as numbers: `8.9` comes before `8.10`.
pub fn compare(left: &str, right: &str) -> Ordering {
    let parts = |text: &str| -> Vec<(u64, String)> {
        text.split(['.', '-', '_', ' '])
            .map(|part| {
                let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
                (digits.parse().unwrap_or(0), part[digits.len()..].to_lowercase())
            })
            .collect()
    };
    parts(left).cmp(&parts(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_hold_the_versions_that_they_name() {
        let range = VersionRange::parse("versions", ">=3.12, <3.15").unwrap();
        for (version, inside) in [("3.11.9", false), ("3.12", true), ("3.14.7", true), ("3.15", false)] {
            assert_eq!(range.contains(version), Some(inside), "{version}");
        }
        assert_eq!(range.contains("jammy"), None);
    }

    #[test]
    fn alternatives_add_up_and_are_written_in_one_notation() {
        let range = VersionRange::parse("versions", ">=18,<19||  >=20").unwrap();
        assert_eq!(range.as_str(), ">=18, <19 || >=20");
        assert_eq!(range.contains("v19.1"), Some(false));
        assert_eq!(range.contains("22"), Some(true));
        assert!(VersionRange::parse("versions", "three or more").is_err());
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(compare("8.9", "8.10"), Ordering::Less);
        assert_eq!(compare("13", "5.2"), Ordering::Greater);
        assert_eq!(compare("1.0-beta", "1.0-beta"), Ordering::Equal);
    }

    proptest! {
        #[test]
        fn a_range_of_one_minor_holds_its_patches_only(major in 0u64..50, minor in 0u64..50, patch in 0u64..50) {
            let range = VersionRange::parse("versions", &format!("~{major}.{minor}")).unwrap();
            prop_assert_eq!(range.contains(&format!("{major}.{minor}.{patch}")), Some(true));
            prop_assert_eq!(range.contains(&format!("{major}.{}", minor + 1)), Some(false));
        }

        #[test]
        fn comparing_is_antisymmetric(left in "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}", right in "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}") {
            prop_assert_eq!(compare(&left, &right), compare(&right, &left).reverse());
        }

        #[test]
        fn reading_what_was_written_changes_nothing(text in "(>=|<|~|=)(0|[1-9][0-9]?)(\\.(0|[1-9][0-9]?)){0,2}") {
            let range = VersionRange::parse("versions", &text).unwrap();
            prop_assert_eq!(VersionRange::parse("versions", range.as_str()), Ok(range));
        }
    }
}
