//! `stackfit export`: the catalogue of a database as files.

use std::path::PathBuf;

use stackfit_catalogue::write as write_files;
use stackfit_domain::{Error, clock::Clock};

use super::{empty, say, write};
use crate::{
    clock::SystemClock,
    config::{Config, Flags},
    database,
    start::StartError,
};

/// What to export.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The folder to write to. Files that hold nothing of the catalogue any more are left as they are.
    folder: PathBuf,
    /// Write into a folder that holds files already.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    pub(crate) flags: Flags,
}

pub(crate) async fn export(arguments: &Export, config: &Config) -> Result<(), StartError> {
    let Export { folder, overwrite, flags: _ } = arguments;
    empty(folder, *overwrite)?;
    let (address, store) = database::open(config).await?;
    let (mut files, mut facts) = (0_usize, 0_usize);
    let mut failed = None;
    let reader = store.reader(SystemClock.today());
    let exported = reader.export(|part, names| {
        facts += part.facts.len();
        files += 1;
        let (path, text) = write_files::file(part, names)?;
        write(folder, &path, &text).map_err(|error| {
            let told = Error::internal(&error);
            failed = Some(error);
            told
        })
    });
    match exported.await {
        Err(_) if failed.is_some() => failed.map_or(Ok(()), Err),
        Err(error) => Err(database::explain(&address, error)),
        Ok(()) => say(&format!("{}: {files} files, {facts} facts\n", folder.display())),
    }
}
