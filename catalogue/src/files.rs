//! Where the files of a catalogue are kept.

use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

use rust_embed::RustEmbed;

/// The files of a catalogue, by their paths relative to its folder: `technologies/django.yaml`.
pub trait Files {
    /// The paths of all files, in order.
    fn paths(&self) -> &[String];

    /// The text of a file.
    fn read(&self, path: &str) -> io::Result<Cow<'static, str>>;
}

#[derive(RustEmbed)]
#[folder = "."]
#[include = "*/*.yaml"]
struct Embedded;

/// The catalogue that is built into the program.
pub struct Bundled {
    paths: Vec<String>,
}

impl Default for Bundled {
    fn default() -> Self {
        let mut paths: Vec<String> = Embedded::iter().map(Cow::into_owned).collect();
        paths.sort();
        Self { paths }
    }
}

impl Files for Bundled {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> io::Result<Cow<'static, str>> {
        let file = Embedded::get(path).ok_or(io::ErrorKind::NotFound)?;
        let text = match file.data {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed),
            Cow::Owned(bytes) => return String::from_utf8(bytes).map(Cow::Owned).map_err(not_text),
        };
        text.map_err(not_text)
    }
}

fn not_text(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// A catalogue in a folder. Files beside the folders of the catalogue are not part of it.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    paths: Vec<String>,
}

impl Directory {
    /// Lists the files of a folder: whatever ends in `.yaml` one folder deep.
    pub fn open(root: &Path) -> io::Result<Self> {
        let mut paths = Vec::new();
        for folder in std::fs::read_dir(root)? {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(folder.path())? {
                let file = file?;
                if let Some(path) = name(&folder.file_name(), &file.file_name()) {
                    paths.push(path);
                }
            }
        }
        paths.sort();
        Ok(Self { root: root.to_owned(), paths })
    }
}

fn name(folder: &std::ffi::OsStr, file: &std::ffi::OsStr) -> Option<String> {
    let (folder, file) = (folder.to_str()?, file.to_str()?);
    let extension = Path::new(file).extension()?.to_ascii_lowercase();
    // What is named a little otherwise is read as well, and refused, rather than passed over.
    let is_data = extension == "yaml" || extension == "yml";
    (is_data && !folder.starts_with('.')).then(|| format!("{folder}/{file}"))
}

impl Files for Directory {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> io::Result<Cow<'static, str>> {
        std::fs::read_to_string(self.root.join(path)).map(Cow::Owned)
    }
}
