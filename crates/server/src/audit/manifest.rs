//! Files that say what is in use: which there are, and how they are read.

use std::{fs::File, io::Read, path::Path};

use packageurl::PackageUrl;
use roxmltree::{Document, ParsingOptions};
use serde::de::DeserializeOwned;

use super::{bundler, cargo, composer, cyclonedx, dotnet, go, maven, npm, python, range::lowest};
use crate::start::StartError;

/// The largest file that is read, in bytes: lock files of large projects have a few million.
const MAX_BYTES: u64 = 20_000_000;
/// The most elements of an XML file.
const MAX_ELEMENTS: u32 = 2_000_000;

/// Something that a file says is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependency {
    /// A package URL without a version, or the slug of a runtime.
    pub(super) name: String,
    /// The version or range, as the file writes it.
    pub(super) wrote: Option<String>,
    /// The version in use: the lowest that a range allows.
    pub(super) version: Option<String>,
    /// Whether it is a language or runtime that the project needs, and no package.
    pub(super) is_runtime: bool,
}

impl Dependency {
    /// A package of a registry. Its path is its namespace and name, parted by slashes.
    pub(super) fn package(ecosystem: &str, path: &str, wrote: Option<&str>) -> Self {
        let (namespace, name) =
            path.rsplit_once('/').map_or((None, path), |(space, name)| (Some(space), name));
        let purl = PackageUrl::new(ecosystem.to_owned(), name.to_owned()).ok().and_then(|mut purl| {
            if let Some(namespace) = namespace {
                purl.with_namespace(namespace.to_owned()).ok()?;
            }
            Some(purl.to_string())
        });
        // What is no name of a package is found nowhere, and counted.
        let name = purl.unwrap_or_else(|| format!("pkg:{ecosystem}/{path}"));
        Self { name, wrote: wrote.map(str::to_owned), version: wrote.and_then(lowest), is_runtime: false }
    }

    /// A language or a runtime, by its slug.
    pub(super) fn runtime(slug: &str, wrote: &str) -> Self {
        let wrote = wrote.trim();
        Self {
            name: slug.to_owned(),
            wrote: Some(wrote.to_owned()),
            version: lowest(wrote),
            is_runtime: true,
        }
    }
}

/// What is wrong with the text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The line, when it is known.
    pub(super) line: Option<usize>,
    /// What is wrong.
    pub(super) message: String,
}

impl Problem {
    pub(super) fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line: Some(line), message: message.into() }
    }
}

/// What the text of a file says is in use.
pub(super) type Reading = Result<Vec<Dependency>, Problem>;

/// A sort of file.
struct Format {
    /// What it is called in messages.
    name: &'static str,
    /// Whether a file of this name, in lower case, is one.
    is_named: fn(&str) -> bool,
    read: fn(&str) -> Reading,
}

/// The sorts of files that are known by their names.
const FORMATS: &[Format] = &[
    Format { name: "package.json", is_named: |name| name == "package.json", read: npm::manifest },
    Format {
        name: "package-lock.json",
        is_named: |name| matches!(name, "package-lock.json" | "npm-shrinkwrap.json"),
        read: npm::lock,
    },
    Format {
        name: "requirements.txt",
        is_named: |name| name.contains("requirements") && name.strip_suffix(".txt").is_some(),
        read: python::requirements,
    },
    Format { name: "pyproject.toml", is_named: |name| name == "pyproject.toml", read: python::project },
    Format {
        name: "Gemfile.lock",
        is_named: |name| name.ends_with("gemfile.lock") || name == "gems.locked",
        read: bundler::lock,
    },
    Format { name: "composer.json", is_named: |name| name == "composer.json", read: composer::manifest },
    Format { name: "composer.lock", is_named: |name| name == "composer.lock", read: composer::lock },
    Format {
        name: "pom.xml",
        is_named: |name| name == "pom.xml" || name.strip_suffix(".pom").is_some(),
        read: maven::project,
    },
    Format {
        name: "*.csproj, *.fsproj, *.vbproj",
        is_named: |name| [".csproj", ".fsproj", ".vbproj"].iter().any(|end| name.ends_with(end)),
        read: dotnet::project,
    },
    Format { name: "go.mod", is_named: |name| name == "go.mod", read: go::module },
    Format { name: "Cargo.toml", is_named: |name| name == "cargo.toml", read: cargo::manifest },
    Format { name: "Cargo.lock", is_named: |name| name == "cargo.lock", read: cargo::lock },
];

/// What a file says is in use.
#[derive(Debug, Clone)]
pub(super) struct Manifest {
    /// Its path, as it was named.
    pub(super) path: String,
    /// Which sort of file it is.
    pub(super) format: &'static str,
    /// What is in use.
    pub(super) dependencies: Vec<Dependency>,
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Manifest, StartError> {
    let text = text(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let (format, reading) = match FORMATS.iter().find(|format| (format.is_named)(&name)) {
        Some(format) => (format.name, (format.read)(&text)),
        None => (cyclonedx::NAME, cyclonedx::read(&text).unwrap_or_else(|| Err(not_understood()))),
    };
    let refused = |Problem { line, message }| {
        let place = line.map_or(String::new(), |line| format!(":{line}"));
        StartError::Manifest { place: format!("{}{place}", path.display()), message: excerpt(&message) }
    };
    let dependencies = reading.map_err(refused)?;
    Ok(Manifest { path: path.display().to_string(), format, dependencies })
}

fn not_understood() -> Problem {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let message = format!(
        "no file of this name is understood, and it holds no software bill of materials. What is understood: {}, and {} under any name",
        names.join(", "),
        cyclonedx::NAME
    );
    Problem { line: None, message }
}

fn text(path: &Path) -> Result<String, StartError> {
    let failed = |source| StartError::Files { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    let refused = |message: String| StartError::Manifest { place: path.display().to_string(), message };
    if bytes.len() as u64 > MAX_BYTES {
        return Err(refused(format!("the file has more than {MAX_BYTES} bytes, the most that is read")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = line_at(error.as_bytes(), error.utf8_error().valid_up_to());
        StartError::Manifest {
            place: format!("{}:{line}", path.display()),
            message: "it is no text in UTF-8".to_owned(),
        }
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// A message that repeats what a file holds may be as long as the file.
fn excerpt(message: &str) -> String {
    const LONGEST: usize = 600;
    let shown = printable(message.trim_end());
    if shown.chars().count() <= LONGEST {
        return shown;
    }
    shown.chars().take(LONGEST).chain(['…']).collect()
}

/// A text of a file as it may be shown: what steers a terminal is left out.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The line on which a byte stands, from 1.
pub(super) fn line_at(text: &[u8], byte: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text[..byte.min(text.len())]).count()
}

/// Reads JSON. How deep it nests is bounded by the parser.
pub(super) fn json<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        Problem::at(error.line(), format!("it cannot be read: {message}"))
    })
}

/// Reads TOML. How deep it nests is bounded by the parser.
pub(super) fn toml<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    toml::from_str(text).map_err(|error| toml_problem(text, &error))
}

pub(super) fn toml_problem(text: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map(|span| line_at(text.as_bytes(), span.start));
    Problem { line, message: format!("it cannot be read: {}", error.message()) }
}

/// Reads XML. A document type, and with it all entities of its own, is refused.
pub(super) fn xml(text: &str) -> Result<Document<'_>, Problem> {
    let options = ParsingOptions { nodes_limit: MAX_ELEMENTS, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let line = usize::try_from(error.pos().row).unwrap_or(1);
        Problem::at(line, format!("it cannot be read: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn packages_become_package_urls() {
        for (ecosystem, path, purl) in [
            ("npm", "@nestjs/core", "pkg:npm/%40nestjs/core"),
            ("npm", "express", "pkg:npm/express"),
            ("golang", "github.com/gin-gonic/gin", "pkg:golang/github.com/gin-gonic/gin"),
            ("npm", "", "pkg:npm/"),
        ] {
            assert_eq!(Dependency::package(ecosystem, path, None).name, purl);
        }
    }

    #[test]
    fn every_format_is_known_by_one_name() {
        for name in [
            "package.json",
            "package-lock.json",
            "requirements.txt",
            "dev-requirements.txt",
            "requirements_dev.txt",
            "pyproject.toml",
            "gemfile.lock",
            "composer.json",
            "composer.lock",
            "pom.xml",
            "shop.csproj",
            "go.mod",
            "cargo.toml",
            "cargo.lock",
        ] {
            assert_eq!(FORMATS.iter().filter(|format| (format.is_named)(name)).count(), 1, "{name}");
        }
        assert!(!FORMATS.iter().any(|format| (format.is_named)("yarn.lock")));
    }

    proptest! {
        #[test]
        fn no_text_is_worse_than_refused(text in "[-a-zA-Z0-9 \\n\"'{}\\[\\]():=<>/.,*^~|!#@$é]{0,200}") {
            for Format { name, read, .. } in FORMATS {
                if let Err(Problem { line: Some(line), .. }) = read(&text) {
                    prop_assert!((1..=text.split('\n').count()).contains(&line), "{}: line {}", name, line);
                }
            }
            let _ = cyclonedx::read(&text);
        }
    }

    #[test]
    fn deep_and_growing_texts_are_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(json::<serde_json::Value>(&deep).is_err());
        assert!(toml::<serde_json::Value>(&format!("a = {deep}")).is_err());
        let laughs = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>";
        assert!(xml(laughs).unwrap_err().message.contains("DTD"));
        let nested = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let _ = xml(&nested);
    }
}
