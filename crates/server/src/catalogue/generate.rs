//! `stackfit dev generate`: a catalogue of any size, made up for measuring.

use std::path::PathBuf;

use stackfit_catalogue::{generate, write as write_files};
use stackfit_domain::catalogue::Names;

use super::{empty, progress::Progress, say, write};
use crate::start::StartError;

/// What to make up.
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// The folder to write to; it must be empty.
    folder: PathBuf,
    /// How many technologies.
    #[arg(long)]
    technologies: usize,
    /// The same seed gives the same catalogue.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn generate(arguments: &Generate) -> Result<(), StartError> {
    let Generate { folder, technologies, seed } = arguments;
    empty(folder, false)?;
    let progress = Progress::new(*technologies, "generating");
    let mut names = Names::default();
    let mut files = 0_usize;
    for part in generate::parts(*technologies, *seed) {
        let part = part.map_err(StartError::internal)?;
        let subject = part.entity.subject();
        // Only sources and languages are referred to by others, and they come first.
        if subject.slug.as_str().contains("-source-") || subject.slug.as_str().contains("-language-") {
            names.add(&part);
        }
        let (path, text) = write_files::file(part, &names).map_err(StartError::internal)?;
        write(folder, &path, &text)?;
        files += 1;
        progress.step();
    }
    progress.end();
    say(&format!("{}: {files} files, {technologies} technologies from seed {seed}\n", folder.display()))
}
