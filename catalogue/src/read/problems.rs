//! All that is wrong with a file.

use stackfit_domain::{Error, Result};

/// One thing that is wrong.
pub(super) struct Told {
    /// The path where it is.
    pub(super) path: String,
    /// The line where it is, when that is known better than from the path.
    pub(super) line: Option<u64>,
    pub(super) message: String,
}

/// Collects what is wrong, each with the path where it is.
#[derive(Default)]
pub(super) struct Problems {
    /// The path of the thing that is read, and how it is called in messages.
    within: Option<(String, String)>,
    told: Vec<Told>,
}

impl Problems {
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// A collection for a thing inside the file.
    pub(super) fn within(path: &str, name: &str) -> Self {
        Self { within: Some((path.to_owned(), name.to_owned())), told: Vec::new() }
    }

    pub(super) fn absorb(&mut self, inner: Self) {
        self.told.extend(inner.told);
    }

    /// Notes an error at the path that it names.
    pub(super) fn add(&mut self, error: Error) {
        let (path, message) = match error {
            Error::Invalid { field, message } => (field, message),
            other => (String::new(), other.to_string()),
        };
        let shown = if path.is_empty() { String::new() } else { format!("{path}: ") };
        let (path, message) = match &self.within {
            Some((around, name)) => (join(around, &path), format!("{name}: {shown}{message}")),
            None => (path, format!("{shown}{message}")),
        };
        self.told.push(Told { path, line: None, message });
    }

    /// Notes what is wrong on a line.
    pub(super) fn add_at(&mut self, line: Option<u64>, message: String) {
        self.told.push(Told { path: String::new(), line, message });
    }

    /// The value, or nothing and the error noted at a path.
    pub(super) fn take<T>(&mut self, path: &str, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error.named(path))).ok()
    }

    pub(super) fn into_told(self) -> impl Iterator<Item = Told> {
        self.told.into_iter()
    }
}

fn join(outer: &str, inner: &str) -> String {
    if inner.is_empty() { outer.to_owned() } else { format!("{outer}.{inner}") }
}
