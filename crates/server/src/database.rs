//! The database that the settings name, or the user's own file.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};
use stackfit_catalogue::Bundled;
use stackfit_domain::{
    Error,
    catalogue::{Part, Register},
    clock::Clock,
};
use stackfit_persistence::{Store, store::Backend};
use url::Url;
use uuid::Uuid;

use crate::{
    clock::SystemClock,
    config::{Config, folders},
    start::StartError,
};

/// What must be encoded in the path of an address.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'?').add(b'#');

/// The address of the database. The folder of an embedded file is made when it is missing.
pub(crate) fn address(config: &Config) -> Result<String, StartError> {
    let address = config.database.clone().map_or_else(usual_file, Ok)?;
    address.parse::<Backend>().map_err(|error| explain(&address, error))?;
    if let Some(file) = file(&address) {
        if file.as_os_str().is_empty() || file.as_os_str() == ":memory:" {
            let detail = "a file must be named, as in sqlite:///path/to/file.db: a database in memory would be lost with its connection.";
            return Err(StartError::Database { database: address, detail: detail.to_owned() });
        }
        prepare(&file)?;
    }
    Ok(address)
}

/// The address of the file in the user's data folder.
fn usual_file() -> Result<String, StartError> {
    let folders = folders().ok_or(StartError::NoDataFolder)?;
    let file = folders.data_dir().join("stackfit.db");
    let path = percent_encode(file.as_os_str().as_encoded_bytes(), NOT_IN_PATHS);
    Ok(format!("sqlite://{path}"))
}

/// The path of an embedded file, without the options behind it.
fn file(address: &str) -> Option<PathBuf> {
    let path = address.strip_prefix("sqlite://")?;
    let path = path.split('?').next().unwrap_or(path);
    Some(PathBuf::from(percent_decode_str(path).decode_utf8_lossy().into_owned()))
}

fn prepare(file: &Path) -> Result<(), StartError> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)
            .map_err(|source| StartError::Folder { folder: folder.to_owned(), source })?;
    }
    let opened = OpenOptions::new().create(true).append(true).open(file);
    opened.map(|_| ()).map_err(|source| StartError::File { file: file.to_owned(), source })
}

/// The address as it may be shown: without its password.
pub(crate) fn shown(address: &str) -> String {
    if file(address).is_some() {
        return address.to_owned();
    }
    let Ok(mut url) = Url::parse(address) else {
        let scheme = address.split_once("://").map_or("", |(scheme, _)| scheme);
        return format!("{scheme}://…");
    };
    if url.password().is_some() {
        // An address with a password has a host, so another can be set.
        let _ = url.set_password(Some("***"));
    }
    let secret =
        |name: &str| name.eq_ignore_ascii_case("password") || name.eq_ignore_ascii_case("sslpassword");
    if url.query_pairs().any(|(name, _)| secret(&name)) {
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(pairs.iter().map(|(name, value)| (name, if secret(name) { "***" } else { value })));
    }
    url.to_string()
}

/// What is wrong with a database, as one who starts the program needs it.
pub(crate) fn explain(address: &str, error: Error) -> StartError {
    let database = shown(address);
    let error = match error {
        Error::Unavailable(detail) => Error::Unavailable(detail.replace(address, &database)),
        Error::Internal(detail) => Error::Internal(detail.replace(address, &database)),
        other => other,
    };
    match error {
        Error::Invalid { message, .. } => StartError::Database { database, detail: message },
        Error::Unavailable(detail) if file(address).is_none() => StartError::Unreachable { database, detail },
        Error::Costly(detail)
        | Error::Unavailable(detail)
        | Error::Timeout(detail)
        | Error::Internal(detail) => StartError::Database { database, detail },
    }
}

/// The catalogue in the program.
fn bundled(today: NaiveDate) -> Result<Vec<Part>, Error> {
    stackfit_catalogue::read_all(Bundled::default(), Register::default(), today).map_err(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        Error::internal(format!("the catalogue in the program is damaged:\n{}", lines.join("\n")))
    })
}

/// Opens the database, brought up to date, and filled with the catalogue of the program when it is empty.
pub(crate) async fn open(config: &Config) -> Result<(String, Store), StartError> {
    open_with(config, bundled).await
}

/// Opens the database, brought up to date: an empty one stays empty.
pub(crate) async fn open_as_it_is(config: &Config) -> Result<(String, Store), StartError> {
    open_with(config, |_| Ok(Vec::new())).await
}

async fn open_with(
    config: &Config,
    catalogue: fn(NaiveDate) -> Result<Vec<Part>, Error>,
) -> Result<(String, Store), StartError> {
    let address = address(config)?;
    let now = SystemClock.now();
    let parts = || catalogue(now.date_naive());
    let store = Store::open(&address, &config.pool(), parts, new_key(), now).await;
    let store = store.map_err(|error| explain(&address, error))?;
    Ok((address, store))
}

#[expect(clippy::disallowed_methods, reason = "this is where a new database gets its secret from")]
fn new_key() -> Uuid {
    Uuid::new_v4()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(shown("postgres://me:secret@host/db"), "postgres://me:***@host/db");
        assert_eq!(shown("sqlite:///srv/x.db"), "sqlite:///srv/x.db");
        for address in ["postgres://me:se/cret@host/db", "postgres://host/db?user=me&password=secret"] {
            assert!(!shown(address).contains("cret"), "{}", shown(address));
        }
    }

    #[test]
    fn only_embedded_databases_have_files() {
        assert_eq!(file("sqlite:///srv/x.db?mode=rwc"), Some(PathBuf::from("/srv/x.db")));
        assert_eq!(file("sqlite:///srv/my%20file.db"), Some(PathBuf::from("/srv/my file.db")));
        assert_eq!(file("postgres://h/d"), None);
    }
}
