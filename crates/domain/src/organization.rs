//! Organisations: who builds, uses, sells and measures technologies.

use url::Url;

use crate::{Error, Result, slug::Slug, text};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its readable name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// One sentence that says what it is.
    pub summary: Option<String>,
    /// Its country, as ISO 3166 alpha-2.
    pub country: Option<CountryCode>,
    /// Its industry, as a code such as `HEALTHCARE`.
    pub industry: Option<Industry>,
    /// Its own site.
    pub homepage: Option<Url>,
}

impl Organization {
    /// Checks the texts.
    pub fn validate(mut self) -> Result<Self> {
        self.name = text::line("name", &self.name)?;
        self.summary = text::optional("summary", self.summary.as_deref(), text::paragraph)?;
        Ok(self)
    }
}

/// A country, as ISO 3166 alpha-2: `GB`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CountryCode(String);

impl CountryCode {
    /// Reads a country code.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase()) {
            return Ok(Self(text.to_owned()));
        }
        let message = format!("`{text}` is not a country code: two capital letters, as in GB.");
        Err(Error::invalid("country", message))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An industry, as a code of capital letters, digits and underscores: `HEALTHCARE`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Industry(String);

impl Industry {
    /// Reads an industry.
    pub fn parse(text: &str) -> Result<Self> {
        let well_formed = (2..=40).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if well_formed {
            return Ok(Self(text.to_owned()));
        }
        let message = format!(
            "`{text}` is not an industry: capital letters, digits and underscores, as in HEALTHCARE."
        );
        Err(Error::invalid("industry", message))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_form() {
        assert!(CountryCode::parse("GB").is_ok());
        assert!(Industry::parse("SOCIAL_NETWORK").is_ok());
        for text in ["gb", "GBR", ""] {
            assert!(CountryCode::parse(text).is_err(), "{text}");
        }
        for text in ["Healthcare", "", "_A", "A B"] {
            assert!(Industry::parse(text).is_err(), "{text}");
        }
    }
}
