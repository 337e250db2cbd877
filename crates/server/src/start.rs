//! What can go wrong before the server is ready, told so that one knows what to do.

use std::{net::SocketAddr, path::PathBuf};

use thiserror::Error;

/// Why the program did not start.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    #[error("{0}")]
    Config(String),
    #[error(
        "cannot find the user's data folder, because no home folder is set. Name a database: --database sqlite:///path/to/file.db"
    )]
    NoDataFolder,
    #[error(
        "cannot make the folder {folder} for the database: {source}. Choose a folder that can be written: --database sqlite:///path/to/file.db"
    )]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error(
        "cannot write the database file {file}: {source}. Make it writable, or choose another: --database sqlite:///path/to/file.db"
    )]
    File { file: PathBuf, source: std::io::Error },
    #[error(
        "cannot reach the database {database}: {detail}. See that it runs, that the address is right and that the user may connect; the setting is --database, STACKFIT_DATABASE or DATABASE_URL"
    )]
    Unreachable { database: String, detail: String },
    #[error("cannot use the database {database}: {detail}")]
    Database { database: String, detail: String },
    #[error(
        "cannot listen on {address}: {source}. Stop the program that has the port, or choose another: --listen 127.0.0.1:{other}"
    )]
    Listen { address: SocketAddr, source: std::io::Error, other: u16 },
    #[error("cannot use {place}: {message}")]
    Manifest { place: String, message: String },
    #[error("cannot use {path}: {source}")]
    Files { path: PathBuf, source: std::io::Error },
    #[error("{folder} is not empty. Choose an empty folder, or say --overwrite where the command has it")]
    NotEmpty { folder: PathBuf },
    #[error("{count}; {consequence}\n{lines}")]
    Mistakes { lines: String, count: String, consequence: &'static str },
    #[error(
        "the schema breaks documents that were valid with {path}: breaking changes: {breaking}. Keep what was there and deprecate it, or release a new version"
    )]
    Breaking { path: PathBuf, breaking: usize },
    #[error("nothing was imported: {0}")]
    Refused(String),
    #[error("something went wrong inside the program: {0}")]
    Internal(String),
    #[error("the server stopped: {0}")]
    Served(std::io::Error),
}

impl StartError {
    /// A fault of the program.
    #[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
    pub(crate) fn internal(error: stackfit_domain::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
