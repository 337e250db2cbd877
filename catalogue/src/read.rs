//! From files to the domain's catalogue.

mod entity;
mod fact;

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use stackfit_domain::{
    Error,
    catalogue::Catalogue,
    partial_date::PartialDate,
    slug::Slug,
    source::Source,
    subject::{Subject, SubjectKind},
};

use crate::{Mistake, format::FactEntry};

/// The facts of one file with the subject that they are about.
struct Facts<'a> {
    file: &'a str,
    subject: Subject,
    entries: Vec<FactEntry>,
}

/// What is needed to read one file.
struct Reading<'a> {
    text: &'a str,
    stem: &'a str,
    today: NaiveDate,
}

impl Reading<'_> {
    fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_saphyr::from_str(self.text).map_err(|error| {
            let reason = error.to_string();
            Error::invalid("yaml", reason)
        })
    }

    fn slug(&self, text: &str) -> Result<Slug, Error> {
        let slug = Slug::parse(text)?;
        if slug.as_str() == self.stem {
            return Ok(slug);
        }
        Err(Error::invalid("slug", format!("`{slug}` is not the name of the file.")))
    }
}

pub(crate) fn catalogue(files: &[(String, String)], today: NaiveDate) -> Result<Catalogue, Vec<Mistake>> {
    let mut catalogue = Catalogue::default();
    let mut facts = Vec::new();
    let mut mistakes = Vec::new();
    for (file, text) in files {
        match entity::read(&mut catalogue, file, text, today) {
            Ok(found) => facts.push(found),
            Err(error) => mistakes.push(Mistake::new(file, error)),
        }
    }
    let published = published(&catalogue.sources);
    for found in facts {
        for entry in found.entries {
            let code = entry.code.clone();
            match fact::read(&found.subject, entry, &published, today) {
                Ok(new) => catalogue.facts.push(new),
                Err(error) => mistakes.push(Mistake::new(found.file, error.within(&code))),
            }
        }
    }
    if mistakes.is_empty() {
        let whole = catalogue.inconsistencies();
        mistakes.extend(whole.into_iter().map(|error| Mistake::new("catalogue", error)));
    }
    if mistakes.is_empty() { Ok(catalogue) } else { Err(mistakes) }
}

/// When each source was published, by its slug.
fn published(sources: &[Source]) -> HashMap<String, PartialDate> {
    sources.iter().filter_map(|source| Some((source.slug.to_string(), source.published_on?))).collect()
}

fn subject(kind: SubjectKind, slug: &Slug) -> Subject {
    Subject::new(kind, slug.clone())
}
