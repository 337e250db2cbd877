//! Settings: flags over environment over file over defaults. `config.default.toml` documents them and holds the
//! defaults; every key is checked.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use directories::ProjectDirs;
use figment::{
    Figment,
    error::Kind,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use stackfit_domain::code::nearest;
use stackfit_persistence::Pool;

use crate::start::StartError;

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("../../../config.default.toml");

const PREFIX: &str = "STACKFIT_";

/// The settings of the program: `config.default.toml` says what they mean.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address and port to listen on.
    pub listen: SocketAddr,
    /// The database; a file in the user's data folder when not set.
    pub database: Option<String>,
    /// What to log.
    pub log: String,
    /// Whether the playground is served.
    pub playground: bool,
    /// The largest request that is read.
    pub max_request_bytes: usize,
    /// How long a request may take.
    pub request_timeout_seconds: f64,
    /// The most connections that answer queries.
    pub pool_max_connections: u32,
    /// How long a request waits for a connection.
    pub pool_acquire_timeout_seconds: f64,
    /// How long one statement may run.
    pub statement_timeout_seconds: f64,
    /// How long a statement waits for a lock.
    pub lock_timeout_seconds: f64,
}

/// The settings that have flags.
#[derive(Debug, Clone, Default, Serialize, clap::Args)]
pub struct Flags {
    /// A file with settings; see config.default.toml.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// The address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// The database: `sqlite:///path/to/file.db` or `postgres://user:password@host/name`.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// What to log: error, warn, info, debug or trace.
    #[arg(long, value_name = "LEVEL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

impl Config {
    /// Reads the settings from all places.
    pub(crate) fn load(flags: &Flags) -> Result<Self, StartError> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file(flags) {
            if !file.exists() {
                let message = format!("the settings file {} does not exist.", file.display());
                return Err(StartError::Config(message));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let database_url = Env::raw().only(&["DATABASE_URL"]).map(|_| "database".into());
        figment
            .merge(database_url)
            .merge(Env::prefixed(PREFIX).ignore(&["config", "skip_playground"]))
            .merge(Serialized::defaults(flags))
            .extract::<Self>()
            .map_err(|error| StartError::Config(explain(&error)))?
            .check()
    }

    fn check(self) -> Result<Self, StartError> {
        let durations = [
            ("request_timeout_seconds", self.request_timeout_seconds),
            ("pool_acquire_timeout_seconds", self.pool_acquire_timeout_seconds),
            ("statement_timeout_seconds", self.statement_timeout_seconds),
            ("lock_timeout_seconds", self.lock_timeout_seconds),
        ];
        for (name, seconds) in durations {
            if !(0.001..=86_400.0).contains(&seconds) {
                let message = format!("{name} must be from 0.001 to 86400 seconds, not {seconds}.");
                return Err(StartError::Config(message));
            }
        }
        if !(1..=1_000).contains(&self.pool_max_connections) {
            let message =
                format!("pool_max_connections must be from 1 to 1000, not {}.", self.pool_max_connections);
            return Err(StartError::Config(message));
        }
        Ok(self)
    }

    /// How long a request may take.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.request_timeout_seconds)
    }

    /// How connections are kept.
    pub(crate) fn pool(&self) -> Pool {
        Pool {
            max_connections: self.pool_max_connections,
            acquire_timeout: Duration::from_secs_f64(self.pool_acquire_timeout_seconds),
            statement_timeout: Duration::from_secs_f64(self.statement_timeout_seconds),
            lock_timeout: Duration::from_secs_f64(self.lock_timeout_seconds),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        let read = Figment::from(Toml::string(DEFAULTS)).extract();
        read.unwrap_or_else(|error| panic!("config.default.toml is damaged: {error}"))
    }
}

/// The folders of the program in the user's home.
pub(crate) fn folders() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "stackfit")
}

/// The file named by flag or environment, or the one in the user's configuration folder if it is there.
fn file(flags: &Flags) -> Option<PathBuf> {
    let named = flags.config.clone().or_else(|| std::env::var_os("STACKFIT_CONFIG").map(PathBuf::from));
    named.or_else(|| {
        let usual = folders()?.config_dir().join("config.toml");
        usual.exists().then_some(usual)
    })
}

/// What is wrong with the settings, where it stands, and what is allowed.
fn explain(error: &figment::Error) -> String {
    let place = error.metadata.as_ref().map_or_else(String::new, |metadata| match &metadata.source {
        Some(figment::Source::Code(_)) => " on the command line".to_owned(),
        Some(source) => format!(" in {source}"),
        None => format!(" in the {}", metadata.name),
    });
    match &error.kind {
        Kind::UnknownField(name, known) => {
            let hint = nearest(name, known.iter().copied())
                .map(|known| format!(" Did you mean `{known}`?"))
                .unwrap_or_default();
            format!("there is no setting `{name}`{place}.{hint} The settings are: {}.", known.join(", "))
        }
        kind => {
            let path = error.path.join(".");
            if path.is_empty() {
                return format!("the settings{place} cannot be read: {kind}");
            }
            format!("the setting `{path}`{place} is wrong: {kind}. config.default.toml says what is allowed.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        let figment = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text));
        figment.extract().map_err(|error| explain(&error))
    }

    #[test]
    fn the_defaults_are_complete() {
        let config = Config::default();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8000");
        assert_eq!(config.database, None);
        assert!(config.check().is_ok());
    }

    #[test]
    fn an_unknown_setting_is_answered_with_the_nearest() {
        let error = read("lisen = \"127.0.0.1:1\"").unwrap_err();
        assert!(error.contains("no setting `lisen`") && error.contains("Did you mean `listen`?"), "{error}");
    }

    #[test]
    fn a_wrong_value_names_its_setting() {
        let error = read("listen = \"here\"").unwrap_err();
        assert!(error.contains("`listen`"), "{error}");
        let error = read("playground = 3").unwrap_err();
        assert!(error.contains("`playground`"), "{error}");
    }

    #[test]
    fn a_senseless_duration_is_refused() {
        let config = read("request_timeout_seconds = 0").unwrap();
        assert!(config.check().unwrap_err().to_string().contains("request_timeout_seconds"));
    }
}
