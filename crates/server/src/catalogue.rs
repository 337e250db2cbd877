//! The commands that work with the files of a catalogue.

pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod format;
pub(crate) mod generate;
pub(crate) mod import;
mod progress;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use stackfit_catalogue::{Bundled, Directory, Files, Mistake, read_all};
use stackfit_domain::catalogue::{Part, Register};

use crate::start::StartError;

/// The most mistakes that are told one by one.
const MAX_TOLD: usize = 1_000;

fn open(folder: &Path) -> Result<Directory, StartError> {
    let failed = |source| StartError::Files { path: folder.to_owned(), source };
    let directory = Directory::open(folder).map_err(failed)?;
    if directory.paths().is_empty() {
        let message = "it holds no file of a catalogue, such as technologies/django.yaml";
        return Err(failed(io::Error::other(message)));
    }
    Ok(directory)
}

/// The parts of the catalogue of the program.
pub(crate) fn bundled(today: NaiveDate) -> Result<Vec<Part>, StartError> {
    let parts = read_all(Bundled::default(), Register::default(), today);
    parts.map_err(|mistakes| refuse(Path::new("the catalogue of the program"), mistakes, "it is damaged"))
}

/// The names that a folder may refer to when the catalogue of the program counts.
fn known(parts: &[Part]) -> Register {
    let mut register = Register::default();
    for part in parts {
        register.know(part);
    }
    register
}

/// Tells what is wrong with the files of a folder.
fn refuse(folder: &Path, mut mistakes: Vec<Mistake>, consequence: &'static str) -> StartError {
    mistakes.sort();
    mistakes.dedup();
    let told = mistakes.iter().take(MAX_TOLD).map(|mistake| format!("{}/{mistake}", folder.display()));
    let mut lines: Vec<String> = told.collect();
    if mistakes.len() > MAX_TOLD {
        lines.push(format!("and {} more", mistakes.len() - MAX_TOLD));
    }
    let count = match mistakes.len() {
        1 => "1 mistake".to_owned(),
        count => format!("{count} mistakes"),
    };
    StartError::Mistakes { lines: lines.join("\n"), count, consequence }
}

/// Writes a file of a catalogue, with its folder.
fn write(root: &Path, path: &str, text: &str) -> Result<(), StartError> {
    let file = root.join(path);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| StartError::Files { path, source }
    };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    fs::write(&file, text).map_err(failed(&file))
}

/// Refuses to write into a folder that holds files already.
fn empty(folder: &Path, overwrite: bool) -> Result<(), StartError> {
    let taken = fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
    if taken && !overwrite {
        return Err(StartError::NotEmpty { folder: PathBuf::from(folder) });
    }
    Ok(())
}

fn say(text: &str) -> Result<(), StartError> {
    io::stdout().write_all(text.as_bytes()).map_err(StartError::Served)
}

/// Writes the JSON Schemas of the files, one for each folder of a catalogue.
pub(crate) fn write_schemas(folder: &Path) -> Result<(), StartError> {
    for (name, schema) in stackfit_catalogue::schema::schemas() {
        let text =
            serde_json::to_string_pretty(&schema).map_err(|error| StartError::Internal(error.to_string()))?;
        write(folder, &format!("{name}.json"), &(text + "\n"))?;
    }
    Ok(())
}
