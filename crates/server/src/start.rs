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
    #[error("the catalogue in the program is damaged:\n{0}")]
    Catalogue(String),
    #[error(
        "cannot listen on {address}: {source}. Stop the program that has the port, or choose another: --listen 127.0.0.1:{other}"
    )]
    Listen { address: SocketAddr, source: std::io::Error, other: u16 },
    #[error("the server stopped: {0}")]
    Served(std::io::Error),
}
