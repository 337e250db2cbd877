//! Versions and ranges of them, as runtime requirements state them.

use std::{cmp::Ordering, fmt};

use semver::{Comparator, Version, VersionReq};

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

    /// Whether every version that begins so lies in the range: `8` lies in `>=8, <9`, and not in `~8.1`.
    pub fn covers(&self, version: &InexactVersion) -> bool {
        let InexactVersion { lowest, highest } = version;
        self.alternatives.iter().any(|range| range.matches(lowest) && range.matches(highest))
    }

    /// Whether some version that begins so lies in the range: `3` may lie in `>=3.12`.
    pub fn meets(&self, version: &InexactVersion) -> bool {
        let InexactVersion { lowest, highest } = version;
        // What lies in all comparators begins where the last of them begins, or at the lowest version.
        self.alternatives.iter().any(|range| {
            let starts = range.comparators.iter().flat_map(starts);
            let mut within = starts.filter(|start| (lowest..=highest).contains(&start));
            range.matches(lowest) || within.any(|start| range.matches(&start))
        })
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

/// The numbers at the beginning of a version, at most three: 8 and 1 of `v8.1.x`.
fn numbers(text: &str) -> Vec<u64> {
    let release = text.trim().trim_start_matches('v');
    let mut numbers = Vec::new();
    for part in release.split('.').take(3) {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let Ok(number) = part[..digits].parse() else { break };
        numbers.push(number);
        if digits < part.len() {
            break;
        }
    }
    numbers
}

/// A version that may lack its last numbers: all versions that begin so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InexactVersion {
    lowest: Version,
    highest: Version,
}

impl InexactVersion {
    /// Reads a version by the numbers at its beginning. Nothing when there are none.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers = numbers(text);
        let major = *numbers.first()?;
        let filled = |rest: u64| {
            let part = |at: usize| numbers.get(at).copied().unwrap_or(rest);
            Version::new(major, part(1), part(2))
        };
        Some(Self { lowest: filled(0), highest: filled(u64::MAX) })
    }
}

/// Where the versions that pass a comparator may begin: at what it names, or right after.
fn starts(comparator: &Comparator) -> [Version; 4] {
    let Comparator { major, minor, patch, .. } = comparator;
    let (minor, patch) = (minor.unwrap_or(0), patch.unwrap_or(0));
    [
        Version::new(*major, minor, patch),
        Version::new(*major, minor, patch.saturating_add(1)),
        Version::new(*major, minor.saturating_add(1), 0),
        Version::new(major.saturating_add(1), 0, 0),
    ]
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

    #[test]
    fn versions_that_are_not_exact_lie_in_a_range_wholly_or_in_part() {
        let range = VersionRange::parse("versions", ">=3.12, <3.15 || ~5.1").unwrap();
        for (version, covered, met) in [
            ("3", false, true),
            ("3.12", true, true),
            ("3.12.x", true, true),
            ("3.11.9", false, false),
            ("3.15", false, false),
            ("5", false, true),
            ("v5.1", true, true),
            ("5.2", false, false),
            ("4", false, false),
        ] {
            let inexact = InexactVersion::parse(version).unwrap();
            assert_eq!((range.covers(&inexact), range.meets(&inexact)), (covered, met), "{version}");
        }
        let after = VersionRange::parse("versions", ">1.2").unwrap();
        let meets = |version: &str| after.meets(&InexactVersion::parse(version).unwrap());
        assert_eq!((meets("1.2"), meets("1"), meets("2")), (false, true, true));
        assert_eq!(InexactVersion::parse("jammy"), None);
        assert_eq!(InexactVersion::parse("99999999999999999999"), None);
    }

    proptest! {
        #[test]
        fn a_whole_version_lies_in_a_range_or_does_not(
            text in "(>=|<=|>|<|~|\\^|=)[0-9](\\.[0-9]){0,2}(, (<|<=)[0-9](\\.[0-9]){0,2})?",
            version in "[0-9]\\.[0-9]\\.[0-9]",
        ) {
            let range = VersionRange::parse("versions", &text).unwrap();
            let inexact = InexactVersion::parse(&version).unwrap();
            prop_assert_eq!(Some(range.covers(&inexact)), range.contains(&version));
            prop_assert_eq!(Some(range.meets(&inexact)), range.contains(&version));
        }

        #[test]
        fn what_is_met_is_met_by_some_version_and_what_is_covered_by_all(
            text in "(>=|<=|>|<|~|\\^|=)[0-4](\\.[0-4]){0,2}(, (<|<=)[0-4](\\.[0-4]){0,2})?",
            version in "[0-4](\\.[0-4])?",
            rest in "[0-6]\\.[0-6]",
        ) {
            let range = VersionRange::parse("versions", &text).unwrap();
            let whole: String = format!("{version}.{rest}").split('.').take(3).collect::<Vec<_>>().join(".");
            let inexact = InexactVersion::parse(&version).unwrap();
            if range.contains(&whole) == Some(true) {
                prop_assert!(range.meets(&inexact), "{} holds {}", text, whole);
            } else {
                prop_assert!(!range.covers(&inexact), "{} does not hold {}", text, whole);
            }
        }

        #[test]
        fn what_is_not_met_is_met_by_no_version(
            text in "(>=|<=|>|<|~|\\^|=)[0-3](\\.[0-3]){0,2}(, (<|<=)[0-3](\\.[0-3]){0,2})?",
            version in "[0-3](\\.[0-3])?",
        ) {
            let range = VersionRange::parse("versions", &text).unwrap();
            let within = (0..5_u64).flat_map(|minor| (0..5_u64).map(move |patch| format!("{minor}.{patch}")));
            let any = within.map(|rest| format!("{version}.{rest}").split('.').take(3).collect::<Vec<_>>().join("."))
                .any(|whole| range.contains(&whole) == Some(true));
            // All numbers in play are below 4, so that what begins anywhere begins below 5.
            prop_assert_eq!(range.meets(&InexactVersion::parse(&version).unwrap()), any, "{}", text);
        }

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
