//! The commands of the program.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    config::{Config, Flags},
    database,
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
    /// Work with the schema.
    #[command(subcommand)]
    Schema(SchemaAction),
}

#[derive(Debug, Subcommand)]
enum SchemaAction {
    /// Print the schema in the schema definition language.
    Print,
}

impl Command {
    /// Does what the command says. Errors are printed with what to do about them.
    pub fn run(self) -> ExitCode {
        let done = match self.action {
            None => with_runtime(&self.flags, true),
            Some(Action::Serve(flags)) => with_runtime(&flags, true),
            Some(Action::Migrate(flags)) => with_runtime(&flags, false),
            Some(Action::Schema(SchemaAction::Print)) => print(&stackfit_graphql::sdl()),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                // Nobody is left to tell when standard error is closed.
                let _ = writeln!(io::stderr(), "stackfit: {error}");
                ExitCode::FAILURE
            }
        }
    }
}

fn with_runtime(flags: &Flags, serving: bool) -> Result<(), StartError> {
    let config = Config::load(flags)?;
    log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(StartError::Served)?;
    runtime.block_on(async { if serving { serve(&config).await } else { migrate(&config).await } })
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
