//! Slugs: the readable, stable names of things in addresses and arguments.

use std::fmt;

use crate::{Error, Result, text};

/// The longest slug.
pub const MAX_LENGTH: usize = 80;

/// A readable, stable name: lower-case letters, digits and single hyphens between them, as in `ruby-on-rails`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

impl Slug {
    /// Reads a slug.
    pub fn parse(text: &str) -> Result<Self> {
        let well_formed = !text.is_empty()
            && text.len() <= MAX_LENGTH
            && text.split('-').all(|part| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            });
        if well_formed {
            return Ok(Self(text.to_owned()));
        }
        let shown = text::excerpt(text);
        Err(Error::invalid(
            "slug",
            format!(
                "`{shown}` is not a slug: lower-case letters, digits and single hyphens between them, at most {MAX_LENGTH}, as in ruby-on-rails."
            ),
        ))
    }

    /// The text of the slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_is_not_a_slug() {
        let long = "a".repeat(MAX_LENGTH + 1);
        for text in ["", "-", "a-", "-a", "a--b", "Django", "a b", "é", long.as_str()] {
            assert!(Slug::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_it_shows(text in "[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,4}") {
            prop_assert_eq!(Slug::parse(&text).unwrap().to_string(), text);
        }
    }
}
