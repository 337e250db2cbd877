//! Settings: flags over environment over file over defaults. `config.default.toml` documents them and holds the
//! defaults; every key is checked.

use std::{
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use directories::ProjectDirs;
use figment::{
    Figment,
    error::Kind,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use stackfit_domain::code::nearest;
use stackfit_graphql::{Limits, Options};
use stackfit_persistence::Pool;

use crate::{
    graphql::{CsrfPrevention, TrustedMode},
    start::StartError,
};

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
    /// Whether the schema is told to those who ask.
    pub introspection: bool,
    /// The largest request that is read.
    pub max_request_bytes: usize,
    /// How long a client may take for the headers of a request.
    pub header_timeout_seconds: f64,
    /// How long a request may take.
    pub request_timeout_seconds: f64,
    /// The most operations that are executed at once, and the most events of subscriptions beside them.
    pub max_executions: NonZeroUsize,
    /// How long a client may leave what it is sent lying.
    pub write_timeout_seconds: f64,
    /// How often those who subscribe are sent a sign of life.
    pub keep_alive_seconds: f64,
    /// How long a WebSocket may take to begin.
    pub websocket_init_timeout_seconds: f64,
    /// The most streams at once.
    pub max_streams: usize,
    /// The most operations at once on one WebSocket.
    pub max_operations_per_websocket: usize,
    /// How many messages of one WebSocket are read in a second.
    pub websocket_messages_per_second: NonZeroU32,
    /// The most connections that answer queries.
    pub pool_max_connections: u32,
    /// How long a request waits for a connection.
    pub pool_acquire_timeout_seconds: f64,
    /// How long one statement may run.
    pub statement_timeout_seconds: f64,
    /// How long a statement waits for a lock.
    pub lock_timeout_seconds: f64,
    /// The most requests in one body; 0 when a body must be one request.
    pub max_batch: usize,
    /// Whether answers are compressed for clients that take it.
    pub compression: bool,
    /// Which requests must show that a browser would have asked first.
    pub csrf_prevention: CsrfPrevention,
    /// The origins whose pages may read answers.
    pub cors_origins: Vec<String>,
    /// How long caches may keep the answer to a GET without asking.
    pub cache_max_age_seconds: u64,
    /// The weight of the documents that are kept for automatic persisted queries; 0 when none are.
    pub persisted_queries_bytes: u64,
    /// What is done with documents that are not trusted.
    pub trusted_documents: TrustedMode,
    /// The manifest of trusted documents.
    pub trusted_documents_file: Option<PathBuf>,
    /// About how much memory documents may take that are kept parsed.
    pub document_cache_bytes: u64,
    /// The largest document, in bytes.
    pub max_document_bytes: usize,
    /// The most words and signs of a document.
    pub max_document_tokens: usize,
    /// How deep fields may nest.
    pub max_depth: usize,
    /// The most aliases of an operation.
    pub max_aliases: usize,
    /// The most directives of an operation.
    pub max_directives: usize,
    /// The most fields at the root of an operation.
    pub max_root_fields: usize,
    /// What an operation may cost.
    pub max_cost: u64,
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
            ("header_timeout_seconds", self.header_timeout_seconds),
            ("write_timeout_seconds", self.write_timeout_seconds),
            ("keep_alive_seconds", self.keep_alive_seconds),
            ("websocket_init_timeout_seconds", self.websocket_init_timeout_seconds),
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
        self.check_origins()?;
        Ok(self)
    }

    fn check_origins(&self) -> Result<(), StartError> {
        let wrong = self.cors_origins.iter().find(|origin| {
            let exact =
                url::Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == **origin);
            *origin != "*" && !exact
        });
        wrong.map_or(Ok(()), |origin| {
            let message = format!(
                "cors_origins: `{origin}` is no origin. Allowed are \"*\" and origins such as \"https://app.example.com\", without a path."
            );
            Err(StartError::Config(message))
        })
    }

    /// How documents are guarded against.
    pub(crate) fn guard(&self) -> Options {
        let limits = Limits {
            bytes: self.max_document_bytes,
            tokens: self.max_document_tokens,
            depth: self.max_depth,
            aliases: self.max_aliases,
            directives: self.max_directives,
            root_fields: self.max_root_fields,
            cost: self.max_cost,
            ..Limits::default()
        };
        Options { limits, introspection: self.introspection, cached_bytes: self.document_cache_bytes }
    }

    /// How long a client may take for the headers of a request.
    pub(crate) fn header_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.header_timeout_seconds)
    }

    /// How long a request may take.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.request_timeout_seconds)
    }

    /// How long a client may leave what it is sent lying.
    pub(crate) fn write_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.write_timeout_seconds)
    }

    /// How often those who subscribe are sent a sign of life.
    pub(crate) fn keep_alive(&self) -> Duration {
        Duration::from_secs_f64(self.keep_alive_seconds)
    }

    /// How long a WebSocket may take to begin.
    pub(crate) fn websocket_init_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.websocket_init_timeout_seconds)
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
    fn the_limits_of_documents_are_those_of_the_guard() {
        assert_eq!(Config::default().guard(), Options::default());
    }

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port() {
        for (origin, fine) in [
            ("*", true),
            ("https://app.example.com", true),
            ("http://localhost:3000", true),
            ("https://app.example.com/", false),
            ("app.example.com", false),
            ("https://APP.example.com", false),
        ] {
            let config = Config { cors_origins: vec![origin.to_owned()], ..Config::default() };
            assert_eq!(config.check().is_ok(), fine, "{origin}");
        }
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
