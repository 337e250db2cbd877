//! Documents that the server was given: a manifest in Apollo's format, which is read again when it changes.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use serde::Deserialize;
use stackfit_graphql::Schema;

/// What is done with documents that are not in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// They are executed, and there need not be a manifest.
    Off,
    /// They are executed, and the log tells of them.
    Log,
    /// They are refused.
    Enforce,
}

/// The manifest that counts now.
#[derive(Debug, Clone)]
pub(crate) struct Trusted(Arc<RwLock<Arc<Documents>>>);

/// The documents of a manifest.
#[derive(Debug)]
pub(super) struct Documents {
    pub(super) mode: Mode,
    by_id: HashMap<String, Arc<str>>,
    texts: HashSet<Arc<str>>,
}

/// Apollo's manifest of persisted queries.
#[derive(Debug, Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    operations: Vec<Operation>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    id: String,
    name: String,
    body: String,
}

impl Trusted {
    /// Reads the manifest.
    ///
    /// # Errors
    /// Why it cannot be used, for the person who starts the server.
    pub(crate) fn read(mode: Mode, file: Option<&Path>, schema: &Schema) -> Result<Self, String> {
        let documents = match (mode, file) {
            (Mode::Off, _) => Documents { mode, by_id: HashMap::new(), texts: HashSet::new() },
            (_, None) => {
                return Err(
                    "trusted_documents_file must name the manifest, because trusted_documents is on."
                        .to_owned(),
                );
            }
            (_, Some(file)) => Documents::read(mode, file, schema)?,
        };
        Ok(Self(Arc::new(RwLock::new(Arc::new(documents)))))
    }

    pub(super) fn current(&self) -> Arc<Documents> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, documents: Documents) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(documents);
    }
}

impl Documents {
    fn read(mode: Mode, file: &Path, schema: &Schema) -> Result<Self, String> {
        let shown = file.display();
        let text = fs::read_to_string(file).map_err(|error| format!("cannot read {shown}: {error}."))?;
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|error| format!("{shown} is no manifest: {error}."))?;
        if manifest.format != "apollo-persisted-query-manifest" || manifest.version != 1 {
            return Err(format!("{shown} must have the format apollo-persisted-query-manifest, version 1."));
        }
        let mut documents = Self { mode, by_id: HashMap::new(), texts: HashSet::new() };
        for operation in manifest.operations {
            documents.add(operation, schema).map_err(|problem| format!("{shown}: {problem}"))?;
        }
        Ok(documents)
    }

    fn add(&mut self, operation: Operation, schema: &Schema) -> Result<(), String> {
        let Operation { id, name, body } = operation;
        if schema.document(&body).is_err() {
            // The manifest may be newer or older than the server: the others must work.
            tracing::warn!(id, name, "a trusted document does not fit the schema");
        }
        let text: Arc<str> = body.into();
        self.texts.insert(Arc::clone(&text));
        if self.by_id.insert(id.clone(), text).is_some() {
            return Err(format!("two operations have the id {id}."));
        }
        Ok(())
    }

    pub(super) fn by_id(&self, id: &str) -> Option<Arc<str>> {
        self.by_id.get(id).cloned()
    }

    pub(super) fn knows(&self, text: &str) -> bool {
        self.texts.contains(text)
    }

    /// Tells the log of a document that is not in the manifest.
    pub(super) fn report(&self, text: &str) {
        if self.mode == Mode::Log && !self.knows(text) {
            let start: String = text.chars().take(200).collect();
            tracing::info!(document = start, "a document that is not trusted");
        }
    }
}

/// Reads the manifest again whenever its file changes. A file that cannot be used changes nothing.
pub(crate) async fn watch(trusted: Trusted, file: PathBuf, schema: Schema, pause: Duration) {
    // What was there at the start may have changed since: the first look reads it again.
    let mut seen = None;
    loop {
        tokio::time::sleep(pause).await;
        let (trusted, file, schema) = (trusted.clone(), file.clone(), schema.clone());
        let look = tokio::task::spawn_blocking(move || look(&trusted, &file, &schema, seen));
        seen = look.await.unwrap_or(seen);
    }
}

/// Reads the manifest if its file is not as it was seen, and tells how it is now.
fn look(trusted: &Trusted, file: &Path, schema: &Schema, seen: Option<State>) -> Option<State> {
    let now = state(file);
    if now == seen {
        return now;
    }
    match Documents::read(trusted.current().mode, file, schema) {
        Ok(documents) => {
            tracing::info!(documents = documents.by_id.len(), "read the trusted documents");
            trusted.replace(documents);
        }
        Err(problem) => tracing::error!(problem, "the trusted documents stay as they were"),
    }
    now
}

/// What changes when a file is written or replaced: its time and its length.
type State = (SystemTime, u64);

fn state(file: &Path) -> Option<State> {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
