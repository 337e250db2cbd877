//! Terms: the vocabulary of the field, with the facts that define it.

use crate::{Result, slug::Slug, text};

/// A term of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its readable name.
    pub slug: Slug,
    /// The term.
    pub name: String,
    /// One sentence that says what it means.
    pub summary: Option<String>,
}

impl Term {
    /// Checks the texts.
    pub fn validate(mut self) -> Result<Self> {
        self.name = text::line("name", &self.name)?;
        self.summary = text::optional("summary", self.summary.as_deref(), text::paragraph)?;
        Ok(self)
    }
}
