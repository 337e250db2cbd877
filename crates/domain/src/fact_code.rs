//! Codes of facts: their stable, human names.

use std::fmt;

use crate::{Error, Result, text};

/// The stable, human name of a fact: `F88` for the founding article's 88th claim.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FactCode(String);

impl FactCode {
    /// The longest code.
    pub const MAX_LENGTH: usize = 60;
    /// How many digits a number is padded to for sorting.
    const DIGITS: usize = 9;

    /// Reads a code: letters, digits and single hyphens or dots between them, beginning with a letter.
    pub fn parse(text: &str) -> Result<Self> {
        let well_formed = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.len() <= Self::MAX_LENGTH
            && text
                .split(['-', '.'])
                .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()));
        if well_formed {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::invalid(
            "code",
            format!(
                "`{}` is not a fact code: a letter, then letters, digits and single hyphens or dots, at most {}, as in F88.",
                text::excerpt(text),
                Self::MAX_LENGTH
            ),
        ))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A text that sorts as people expect: `F9` before `F10`.
    pub fn sort_key(&self) -> String {
        let mut key = String::with_capacity(self.0.len() + Self::DIGITS);
        let mut digits = String::new();
        for c in self.0.chars() {
            if c.is_ascii_digit() {
                digits.push(c);
            } else {
                pad(&mut key, &mut digits);
                key.push(c);
            }
        }
        pad(&mut key, &mut digits);
        key
    }
}

fn pad(key: &mut String, digits: &mut String) {
    if !digits.is_empty() {
        key.push_str(&"0".repeat(FactCode::DIGITS.saturating_sub(digits.len())));
        key.push_str(digits);
        digits.clear();
    }
}

impl fmt::Display for FactCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_sort_as_people_expect() {
        let key = |text: &str| FactCode::parse(text).unwrap().sort_key();
        assert!(key("F9") < key("F10"));
        assert!(key("django-4.9") < key("django-4.10"));
        for text in ["", "9F", "F 1", "F--1", "-F", "F1-", "é1"] {
            assert!(FactCode::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn numbers_in_codes_sort_by_value(left in 0u32..1_000_000, right in 0u32..1_000_000) {
            let key = |number: u32| FactCode::parse(&format!("F{number}")).unwrap().sort_key();
            prop_assert_eq!(key(left).cmp(&key(right)), left.cmp(&right));
        }
    }
}
