//! Sources: the pages, datasets and people that facts are cited to.

use chrono::NaiveDate;
use url::Url;

use crate::{Error, Result, code::codes, partial_date::PartialDate, slug::Slug, text};

codes! {
    /// What kind of source it is.
    SourceKind as "source kind" {
        /// Documentation by whoever makes the thing.
        OfficialDocs,
        /// A package registry.
        Registry,
        /// A maintained set of data.
        Dataset,
        /// A benchmark with published conditions.
        Benchmark,
        /// A survey.
        Survey,
        /// A market analyst.
        Analyst,
        /// A company's own blog.
        VendorBlog,
        /// News.
        News,
        /// An article by somebody without a stake.
        Article,
        /// A user's own experience.
        User,
    }
}

impl SourceKind {
    /// How far a source of this kind is trusted before bias is taken off, from 0 to 1: closeness to the thing
    /// first, published method second, reputation last.
    pub fn trust(self) -> f64 {
        match self {
            Self::OfficialDocs | Self::Registry => 0.95,
            Self::Dataset => 0.85,
            Self::Benchmark => 0.8,
            Self::Survey => 0.7,
            Self::News | Self::Article => 0.6,
            Self::Analyst | Self::VendorBlog => 0.5,
            Self::User => 0.4,
        }
    }
}

/// Where a source is found, or why it has no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// Its address.
    Url(Url),
    /// Why no address is known.
    Nowhere(String),
}

/// A page, dataset or person that facts are cited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its readable name.
    pub slug: Slug,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// Its title.
    pub title: String,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Where it is found.
    pub location: Location,
    /// When it was published; what it says was observed then unless a fact says otherwise.
    pub published_on: Option<PartialDate>,
    /// Whether its publisher gains from what it says.
    pub has_vendor_bias: bool,
    /// What a reader should know of how it was read: the age of the copy, what was missing.
    pub note: Option<String>,
}

impl Source {
    /// Checks the texts and the publication date against the day of the check.
    pub fn validate(mut self, today: NaiveDate) -> Result<Self> {
        self.title = text::line("title", &self.title)?;
        self.publisher = text::optional("publisher", self.publisher.as_deref(), text::line)?;
        if let Location::Nowhere(reason) = &self.location {
            text::paragraph("noUrlReason", reason)?;
        }
        self.note = text::optional("note", self.note.as_deref(), text::paragraph)?;
        not_in_future("publishedOn", self.published_on, today)?;
        Ok(self)
    }
}

/// Refuses a date that lies after the day of the check. A period counts as begun on its first day.
pub fn not_in_future(field: &str, date: Option<PartialDate>, today: NaiveDate) -> Result<()> {
    use crate::partial_date::DatePrecision::{Day, Month, Year};
    let Some(date) = date else { return Ok(()) };
    let end_of_now = match date.precision() {
        Day => today,
        Month => PartialDate::new(today, Month).last_day(),
        Year => PartialDate::new(today, Year).last_day(),
    };
    if date.last_day() > end_of_now {
        return Err(Error::invalid(field, format!("{date} lies in the future.")));
    }
    Ok(())
}

/// Reads an address of the web.
pub fn web_address(field: &str, text: &str) -> Result<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| Error::invalid(field, format!("`{text}` is not an http or https address.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_that_has_begun_is_not_in_the_future() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let check = |date: &str| not_in_future("date", Some(date.parse().unwrap()), today);
        assert!(check("2026").is_ok());
        assert!(check("2026-11").is_ok());
        assert!(check("2026-11-23").is_ok());
        assert!(check("2026-11-24").is_err());
        assert!(check("2026-12").is_err());
        assert!(check("2027").is_err());
    }

    #[test]
    fn only_web_addresses_are_addresses() {
        assert!(web_address("url", "https://www.djangoproject.com/").is_ok());
        for text in ["javascript:alert(1)", "file:///etc/passwd", "www.example.org", "https://"] {
            assert!(web_address("url", text).is_err(), "{text}");
        }
    }
}
