//! The curated catalogue: readable YAML files beside this crate, their format, and the copy of them that is
//! built into the program.
//!
//! One entity, one file: `technologies/django.yaml`. The format is in [`format`]; [`read`] turns files into the
//! domain's parts, checked one by one and against one another, and [`write`] turns parts into files. This crate knows
//! nothing of databases and GraphQL.

pub mod files;
pub mod format;
pub mod generate;
mod lines;
pub mod read;
pub mod schema;
pub mod write;

use std::fmt;

use chrono::NaiveDate;
use stackfit_domain::catalogue::{Part, Register};

pub use files::{Bundled, Directory, Files};
pub use read::Reading;

/// A mistake in a file of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file, relative to the catalogue's folder.
    pub file: String,
    /// The line, from 1, where it can be told.
    pub line: Option<u64>,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, message } = self;
        match line {
            Some(line) => write!(formatter, "{file}:{line}: {message}"),
            None => write!(formatter, "{file}: {message}"),
        }
    }
}

/// Reads a whole catalogue that fits into memory. All mistakes are told at once.
pub fn read_all(files: impl Files, register: Register, today: NaiveDate) -> Result<Vec<Part>, Vec<Mistake>> {
    let (reading, mut mistakes) = Reading::begin(files, register, today);
    let mut parts = Vec::new();
    for part in reading.parts() {
        match part {
            Ok(part) => parts.push(part),
            Err(found) => mistakes.extend(found),
        }
    }
    mistakes.sort();
    mistakes.dedup();
    if mistakes.is_empty() { Ok(parts) } else { Err(mistakes) }
}

#[cfg(test)]
mod tests;
