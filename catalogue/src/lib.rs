//! The curated catalogue: readable YAML files beside this crate, their format, and the copy of them that is
//! built into the program.
//!
//! One entity, one file: `technologies/django.yaml`. The format is in [`format`]; reading turns it into the
//! domain's [`Catalogue`], checked as a whole. This crate knows nothing of databases and GraphQL.

pub mod format;
mod read;

use chrono::NaiveDate;
use rust_embed::RustEmbed;
use stackfit_domain::catalogue::Catalogue;
use thiserror::Error;

#[derive(RustEmbed)]
#[folder = "."]
#[include = "*/*.yaml"]
struct Files;

/// A mistake in a file of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}: {message}")]
pub struct Mistake {
    /// The file, relative to the catalogue's folder.
    pub file: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl Mistake {
    pub(crate) fn new(file: &str, message: impl std::fmt::Display) -> Self {
        Self { file: file.to_owned(), message: message.to_string() }
    }
}

/// The catalogue that is built into the program.
pub fn bundled(today: NaiveDate) -> Result<Catalogue, Vec<Mistake>> {
    let files = Files::iter().filter_map(|path| {
        let file = Files::get(&path)?;
        Some((path.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
    });
    from_files(files, today)
}

/// Reads the files of a catalogue, by their paths relative to its folder. All mistakes are told at once.
pub fn from_files(
    files: impl IntoIterator<Item = (String, String)>,
    today: NaiveDate,
) -> Result<Catalogue, Vec<Mistake>> {
    let mut files: Vec<(String, String)> = files.into_iter().collect();
    files.sort();
    read::catalogue(&files, today)
}

#[cfg(test)]
mod tests;
