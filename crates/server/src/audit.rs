//! `stackfit audit`: where the technologies that a project uses stand with their support.

mod bundler;
mod cargo;
mod composer;
mod cyclonedx;
mod dotnet;
mod go;
mod manifest;
mod maven;
mod npm;
mod python;
mod range;
mod report;
mod stack;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use chrono::NaiveDate;
use stackfit_domain::{clock::Clock, partial_date::PartialDate};

use crate::{clock::SystemClock, start::StartError};
use report::Report;

/// What to audit.
#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    /// Files that say what is in use: package.json, package-lock.json, requirements.txt, pyproject.toml, Gemfile.lock,
    /// composer.json, composer.lock, pom.xml, *.csproj, go.mod, Cargo.toml, Cargo.lock, or a `CycloneDX` SBOM.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write JSON.
    #[arg(long)]
    json: bool,
    /// List the packages that are not in the catalogue, too.
    #[arg(long)]
    all: bool,
    /// The day on which support is judged; today when left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<NaiveDate>,
    /// The database whose catalogue counts: `sqlite:///path/to/file.db` or `postgres://user:password@host/name`. The
    /// catalogue of the program when left out, whatever the settings say: beside a project, `DATABASE_URL` is mostly
    /// the database of that project.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    PartialDate::parse_day("DATE", text).map_err(|error| error.to_string())
}

/// Audits and tells. The exit status is 0 when everything that is known is supported, and 1 when something is out of
/// support: at its end, or with extended support only, which may cost money.
pub(crate) fn audit(arguments: &Audit) -> Result<ExitCode, StartError> {
    let Audit { files, json, all, as_of, database } = arguments;
    let manifests = files.iter().map(|file| manifest::read(file)).collect::<Result<Vec<_>, _>>()?;
    let used = stack::used(&manifests, database.as_deref())?;
    let report = Report::new(&manifests, &used, as_of.unwrap_or_else(|| SystemClock.today()), *all);
    let text = if *json {
        report.json().map_err(|error| StartError::Internal(error.to_string()))?
    } else {
        report.text()
    };
    io::stdout().write_all(text.as_bytes()).map_err(StartError::Served)?;
    Ok(ExitCode::from(u8::from(report.is_alarming())))
}
