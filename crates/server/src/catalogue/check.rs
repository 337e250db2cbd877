//! `stackfit check`: everything that is wrong with the files of a catalogue.

use std::path::PathBuf;

use stackfit_catalogue::Reading;
use stackfit_domain::{catalogue::Register, clock::Clock};

use super::{bundled, known, open, refuse, say};
use crate::{clock::SystemClock, start::StartError};

/// What to check.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The folder of the catalogue: it holds technologies/, sources/ and so on.
    folder: PathBuf,
    /// Whether the files may refer to what is in the catalogue of the program.
    #[arg(long)]
    with_bundled: bool,
}

pub(crate) fn check(arguments: &Check) -> Result<(), StartError> {
    let today = SystemClock.today();
    let register = if arguments.with_bundled { known(&bundled(today)?) } else { Register::default() };
    let (reading, mut mistakes) = Reading::begin(open(&arguments.folder)?, register, today);
    let mut facts = 0;
    for part in reading.parts() {
        match part {
            Ok(part) => facts += part.facts.len(),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(refuse(&arguments.folder, mistakes, "mend them and check again"));
    }
    say(&format!("{}: {} files, {facts} facts, no mistake\n", arguments.folder.display(), reading.len()))
}
