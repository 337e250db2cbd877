//! `stackfit import`: files into a database.

use std::path::{Path, PathBuf};

use stackfit_catalogue::{Bundled, Files, Mistake, Reading};
use stackfit_domain::{Error, catalogue::Register, clock::Clock, origin::Origin};
use stackfit_persistence::{
    Store,
    import::{BUNDLED_ACTOR, IMPORT_ACTOR, Options, Summary, Tally},
};

use super::{open, progress::Progress, refuse, say};
use crate::{
    clock::SystemClock,
    config::{Config, Flags},
    database,
    start::StartError,
};

/// What to import.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["folder", "bundled"])))]
pub(crate) struct Import {
    /// The folder of a catalogue. It may refer to what the database holds already.
    folder: Option<PathBuf>,
    /// Import the catalogue of the program, and remove what an older one held and this does not. What others wrote
    /// stays as it is.
    #[arg(long, conflicts_with = "prune")]
    bundled: bool,
    /// Remove everything that the folder does not hold, as far as nothing refers to it.
    #[arg(long)]
    prune: bool,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub(crate) flags: Flags,
}

pub(crate) async fn import(arguments: &Import, config: &Config) -> Result<(), StartError> {
    let today = SystemClock.today();
    let (address, store) = database::open_as_it_is(config).await?;
    let (done, from) = if let Some(folder) = &arguments.folder {
        let register = store.reader(today).register().await;
        let register = register.map_err(|error| database::explain(&address, error))?;
        let (reading, mistakes) = Reading::begin(open(folder)?, register, today);
        let options = options(arguments, Origin::Imported);
        (run(&store, &reading, mistakes, options, arguments.dry_run).await, folder.as_path())
    } else {
        let (reading, mistakes) = Reading::begin(Bundled::default(), Register::default(), today);
        let options = options(arguments, Origin::Bundled);
        (
            run(&store, &reading, mistakes, options, arguments.dry_run).await,
            Path::new("the bundled catalogue"),
        )
    };
    let summary = match done {
        Ok(summary) => summary,
        Err(Failed::Mistakes(mistakes)) => return Err(refuse(from, mistakes, "nothing was imported")),
        Err(Failed::Database(Error::Invalid { message, .. })) => return Err(StartError::Refused(message)),
        Err(Failed::Database(error)) => return Err(database::explain(&address, error)),
    };
    store.close().await.map_err(|error| database::explain(&address, error))?;
    let verb = if arguments.dry_run { "would import" } else { "imported" };
    say(&format!("{verb} {} into {}\n{}", from.display(), database::shown(&address), table(&summary)))
}

fn options(arguments: &Import, origin: Origin) -> Options {
    let prune = arguments.prune || origin == Origin::Bundled;
    let actor = if origin == Origin::Bundled { BUNDLED_ACTOR } else { IMPORT_ACTOR };
    Options { origin, prune, actor, now: SystemClock.now() }
}

fn table(summary: &Summary) -> String {
    let Summary { created, updated, removed, unchanged, kept } = summary;
    let kept = if *kept == Tally::default() {
        String::new()
    } else {
        format!("  kept       {kept}: others wrote them, or something refers to them\n")
    };
    format!(
        "  created    {created}\n  updated    {updated}\n  removed    {removed}\n  unchanged  {unchanged}\n{kept}"
    )
}

/// Why nothing was imported.
enum Failed {
    Mistakes(Vec<Mistake>),
    Database(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

/// Imports all parts or none. After a first mistake the rest is only read, to tell all that is wrong.
async fn run(
    store: &Store,
    reading: &Reading<impl Files>,
    mut mistakes: Vec<Mistake>,
    options: Options,
    dry_run: bool,
) -> Result<Summary, Failed> {
    let mut import = store.import(options).await?;
    let progress = Progress::new(reading.len(), "importing");
    for part in reading.parts() {
        match part {
            Ok(part) if mistakes.is_empty() => import.part(part).await?,
            Ok(_) => {}
            Err(found) => mistakes.extend(found),
        }
        progress.step();
    }
    progress.end();
    if !mistakes.is_empty() {
        return Err(Failed::Mistakes(mistakes));
    }
    let summary = if dry_run { import.roll_back().await? } else { import.commit().await? };
    Ok(summary)
}
