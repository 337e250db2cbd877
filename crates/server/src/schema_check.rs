//! `stackfit schema check`: what changed since an older schema.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use stackfit_graphql::{SchemaChange, Weight, changes_since};

use crate::start::StartError;

/// What to compare with.
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaCheck {
    /// The older schema, in the schema definition language.
    #[arg(long, value_name = "FILE")]
    against: PathBuf,
}

pub(crate) fn schema_check(arguments: &SchemaCheck) -> Result<(), StartError> {
    let path = &arguments.against;
    let failed = |source| StartError::Files { path: path.clone(), source };
    let older = fs::read_to_string(path).map_err(failed)?;
    let changes = changes_since(&older, path).map_err(|error| failed(io::Error::other(error)))?;
    let breaking = count(&changes, Weight::Breaking);
    let mut lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
    lines.push(format!("{breaking} breaking, {} dangerous\n", count(&changes, Weight::Dangerous)));
    io::stdout().write_all(lines.join("\n").as_bytes()).map_err(StartError::Served)?;
    if breaking > 0 { Err(StartError::Breaking { path: path.clone(), breaking }) } else { Ok(()) }
}

fn count(changes: &[SchemaChange], weight: Weight) -> usize {
    changes.iter().filter(|change| change.weight == weight).count()
}
