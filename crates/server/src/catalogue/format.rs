//! `stackfit format`: the files of a catalogue in the one form that the program writes.

use std::path::PathBuf;

use stackfit_catalogue::{Files, read_all, write as write_files};
use stackfit_domain::{catalogue::Names, clock::Clock};

use super::{bundled, known, open, refuse, say, write};
use crate::{clock::SystemClock, start::StartError};

/// What to format.
#[derive(Debug, clap::Args)]
pub(crate) struct Format {
    /// The folder of the catalogue. What is wrong is told, and nothing is written then. Comments are lost.
    folder: PathBuf,
    /// Whether the files may refer to what is in the catalogue of the program.
    #[arg(long)]
    with_bundled: bool,
}

pub(crate) fn format(arguments: &Format) -> Result<(), StartError> {
    let folder = &arguments.folder;
    let today = SystemClock.today();
    let elsewhere = if arguments.with_bundled { bundled(today)? } else { Vec::new() };
    let parts = read_all(open(folder)?, known(&elsewhere), today)
        .map_err(|mistakes| refuse(folder, mistakes, "nothing was written"))?;
    let mut names = Names::of(&elsewhere);
    names.extend(Names::of(&parts));
    let files = open(folder)?;
    let (mut same, mut changed) = (0, 0);
    for part in parts {
        let (path, text) = write_files::file(part, &names).map_err(StartError::internal)?;
        let before =
            files.read(&path).map_err(|source| StartError::Files { path: folder.join(&path), source })?;
        if before == text {
            same += 1;
        } else {
            write(folder, &path, &text)?;
            changed += 1;
        }
    }
    say(&format!("{}: {changed} files formatted, {same} were so already\n", folder.display()))
}
