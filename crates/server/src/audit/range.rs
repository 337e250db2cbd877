//! Ranges of versions as the files of package managers write them.

use stackfit_domain::{technology_name::version_in_use, version::compare};

/// Signs before a version, the longest first, and whether they set a lower bound.
const OPERATORS: &[(&str, bool)] = &[
    ("===", true),
    ("==", true),
    ("~>", true),
    ("~=", true),
    (">=", true),
    ("=>", true),
    ("<=", false),
    ("!=", false),
    ("^", true),
    ("~", true),
    ("=", true),
    (">", true),
    ("<", false),
];

/// The lowest version that a range allows, as far as it is written: `5.0` of `^5.0`. Nothing when it has no lower
/// bound, or is no range, such as an address or a tag.
///
/// One reading serves all package managers: where their signs mean different upper bounds, they mean the same lower one.
pub(super) fn lowest(range: &str) -> Option<String> {
    let mut lowest: Option<String> = None;
    for alternative in range.split('|').map(str::trim).filter(|text| !text.is_empty()) {
        let bound = lower_bound(alternative)?;
        if lowest.as_ref().is_none_or(|known| compare(&bound, known).is_lt()) {
            lowest = Some(bound);
        }
    }
    lowest
}

fn lower_bound(alternative: &str) -> Option<String> {
    if let Some(interval) = alternative.strip_prefix(['[', '(']) {
        return version(interval.split([',', ']', ')']).next()?);
    }
    if let Some((from, _)) = alternative.split_once(" - ") {
        return version(from);
    }
    let mut highest: Option<String> = None;
    for (is_bound, text) in comparators(alternative) {
        let bound = version(text);
        if is_bound && bound.is_none() && !is_wildcard(text) {
            return None;
        }
        let bound = bound.filter(|_| is_bound);
        if bound
            .as_ref()
            .is_some_and(|bound| highest.as_ref().is_none_or(|known| compare(bound, known).is_gt()))
        {
            highest = bound;
        }
    }
    highest
}

/// Comparators with whether they set a lower bound. Spaces may stand between a sign and its version.
fn comparators(text: &str) -> Vec<(bool, &str)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches([' ', ',']);
    while !rest.is_empty() {
        let sign = OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign));
        let (sign, is_bound) = sign.copied().unwrap_or(("", true));
        rest = rest[sign.len()..].trim_start();
        let end = rest.find([' ', ',', '<', '>', '!', '=', '^']).unwrap_or(rest.len());
        found.push((is_bound, &rest[..end]));
        // What is no sign and no version ends the reading: it would never end otherwise.
        if sign.is_empty() && end == 0 {
            break;
        }
        rest = rest[end..].trim_start_matches([' ', ',']);
    }
    found
}

fn is_wildcard(text: &str) -> bool {
    matches!(text, "*" | "x" | "X" | "")
}

fn version(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let text = text.split('@').next()?;
    let text = [".*", ".x", ".X"].into_iter().fold(text, |text, end| text.trim_end_matches(end));
    text.starts_with(|c: char| c.is_ascii_digit()).then(|| version_in_use("version", text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use stackfit_domain::version::VersionRange;

    #[test]
    fn the_lowest_version_is_read_from_every_notation() {
        for (range, expected) in [
            ("^5.0", "5.0"),
            ("~> 7.1", "7.1"),
            ("~> 7.1, >= 7.1.2", "7.1.2"),
            (">=18", "18"),
            (">= 18.12 <21", "18.12"),
            ("4.18.2", "4.18.2"),
            ("=4.18.2", "4.18.2"),
            ("v1.9.1", "1.9.1"),
            ("5.x", "5"),
            ("1.2.*", "1.2"),
            ("^18 || ^20", "18"),
            ("^20|^18", "18"),
            ("1.2.3 - 2.3", "1.2.3"),
            ("[1.0,2.0)", "1.0"),
            ("(1.0,]", "1.0"),
            ("[3.2.1]", "3.2.1"),
            ("~=4.2,!=4.2.3", "4.2"),
            ("<5,>=4.2", "4.2"),
            ("==3.2.*", "3.2"),
            ("^8.1@dev", "8.1"),
            (">1.2", "1.2"),
            ("* >=2", "2"),
        ] {
            assert_eq!(lowest(range).as_deref(), Some(expected), "{range}");
        }
        for without in [
            "",
            "*",
            "latest",
            "<5",
            "!=3",
            "(,1.0]",
            "<5 || >=7",
            "git+https://x/y.git#v1",
            "dev-main",
            "workspace:*",
            "file:../x",
            "| |",
        ] {
            assert_eq!(lowest(without), None, "{without}");
        }
    }

    proptest! {
        #[test]
        fn the_lowest_version_lies_in_the_range(
            text in "(\\^|~|>=|=)(0|[1-9][0-9]?)\\.(0|[1-9][0-9]?)\\.(0|[1-9][0-9]?)(, (<|<=)1[0-9]{2}(\\.[0-9])?)?",
        ) {
            let range = VersionRange::parse("range", &text).unwrap();
            let lowest = lowest(&text).unwrap();
            prop_assert_eq!(range.contains(&lowest), Some(true), "{} of {}", lowest, text);
        }

        #[test]
        fn what_is_read_is_a_version_and_every_reading_ends(text in "[-0-9a-zé. ,|^~<>=!*()\\[\\]@]{0,30}") {
            if let Some(version) = lowest(&text) {
                prop_assert_eq!(version_in_use("version", &version), Ok(version));
            }
        }
    }
}
