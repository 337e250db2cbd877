//! The commands of the program.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    audit::{Audit, audit},
    catalogue::{
        check::{Check, check},
        export::{Export, export},
        format::{Format, format},
        generate::{Generate, generate},
        import::{Import, import},
        write_schemas,
    },
    config::{Config, Flags},
    database,
    schema_check::{SchemaCheck, schema_check},
    serve::serve,
    start::StartError,
};

/// Helps to choose a backend: frameworks, Backends as a Service and case studies, with the evidence.
#[derive(Debug, Parser)]
#[command(name = "stackfit", version, args_conflicts_with_subcommands = true)]
pub struct Command {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Serve the API and the playground. This is what happens without a command.
    Serve(Flags),
    /// Bring the tables of the database up to date and stop.
    Migrate(Flags),
    /// Tell everything that is wrong with the files of a catalogue.
    Check(Check),
    /// Bring the files of a catalogue into the one form that the program writes.
    Format(Format),
    /// Bring files into the database: all or nothing, and only what is different is written.
    Import(Import),
    /// Write the catalogue of the database as files.
    Export(Export),
    /// Tell where the technologies that a project uses stand with their support. The exit status is 1 when something is
    /// out of support, and 2 when a file cannot be used.
    Audit(Audit),
    /// Work with the schema.
    #[command(subcommand)]
    Schema(SchemaAction),
    /// Tools for those who work on the program.
    #[command(subcommand)]
    Dev(DevAction),
}

#[derive(Debug, Subcommand)]
enum DevAction {
    /// Make up a catalogue of any size, for measuring.
    Generate(Generate),
}

#[derive(Debug, Subcommand)]
enum SchemaAction {
    /// Print the schema in the schema definition language.
    Print {
        /// Print it as a subgraph of a federation: with the keys of its entities.
        #[arg(long)]
        federation: bool,
    },
    /// Tell what changed since an older schema. The exit status is 1 when a change breaks something.
    Check(SchemaCheck),
    /// Write the JSON Schemas of the catalogue's files, for editors.
    Files {
        /// The folder to write to.
        folder: PathBuf,
    },
}

impl Command {
    /// Does what the command says. Errors are printed with what to do about them.
    pub fn run(self) -> ExitCode {
        // The exit status 1 of an audit is a finding.
        let failed = match self.action {
            Some(Action::Audit(_)) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        };
        match self.done() {
            Ok(status) => status,
            Err(error) => {
                // Nobody is left to tell when standard error is closed.
                let _ = writeln!(io::stderr(), "stackfit: {error}");
                failed
            }
        }
    }

    fn done(self) -> Result<ExitCode, StartError> {
        match self.action {
            Some(Action::Audit(arguments)) => return audit(&arguments),
            None => with_runtime(&self.flags, async |config| serve(config).await),
            Some(Action::Serve(flags)) => with_runtime(&flags, async |config| serve(config).await),
            Some(Action::Migrate(flags)) => with_runtime(&flags, async |config| migrate(&config).await),
            Some(Action::Check(arguments)) => check(&arguments),
            Some(Action::Format(arguments)) => format(&arguments),
            Some(Action::Import(arguments)) => {
                with_runtime(&arguments.flags, async |config| import(&arguments, &config).await)
            }
            Some(Action::Export(arguments)) => {
                with_runtime(&arguments.flags, async |config| export(&arguments, &config).await)
            }
            Some(Action::Schema(SchemaAction::Print { federation: false })) => {
                print(&stackfit_graphql::sdl())
            }
            Some(Action::Schema(SchemaAction::Print { federation: true })) => {
                print(stackfit_graphql::subgraph_sdl())
            }
            Some(Action::Schema(SchemaAction::Check(arguments))) => schema_check(&arguments),
            Some(Action::Schema(SchemaAction::Files { folder })) => write_schemas(&folder),
            Some(Action::Dev(DevAction::Generate(arguments))) => generate(&arguments),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Does what needs the settings, the log and a runtime.
pub(crate) fn with_runtime<T>(
    flags: &Flags,
    work: impl AsyncFnOnce(Config) -> Result<T, StartError>,
) -> Result<T, StartError> {
    let config = Config::load(flags)?;
    log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(StartError::Served)?;
    runtime.block_on(work(config))
}

fn log(config: &Config) -> Result<(), StartError> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let wrong =
        config.log.split(',').map(str::trim).find(|part| !part.contains('=') && !levels.contains(part));
    if let Some(part) = wrong {
        let message = format!(
            "the setting `log` is wrong: `{part}` is no level. Allowed are {}, and directives such as \"info,stackfit_server=debug\".",
            levels.join(", ")
        );
        return Err(StartError::Config(message));
    }
    let filter = EnvFilter::try_new(&config.log).map_err(|error| {
        StartError::Config(format!("the setting `log` is wrong: {error}. Allowed are error, warn, info, debug, trace, and directives such as \"info,stackfit_server=debug\"."))
    })?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A second subscriber can only be there in a test, which has set it.
    let _ = subscriber.try_init();
    Ok(())
}

async fn migrate(config: &Config) -> Result<(), StartError> {
    let address = database::address(config)?;
    let applied = stackfit_persistence::store::migrate(&address, &config.pool()).await;
    let applied = applied.map_err(|error| database::explain(&address, error))?;
    print(&format!("{}: {applied} migrations applied\n", database::shown(&address)))
}

fn print(text: &str) -> Result<(), StartError> {
    io::stdout().write_all(text.as_bytes()).map_err(StartError::Served)
}
