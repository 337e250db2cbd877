//! Python: `requirements.txt` and `pyproject.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use stackfit_domain::text::excerpt;

use super::manifest::{Dependency, Problem, Reading, toml};

/// What `requirements.txt` asks for. Files that it includes are not followed.
pub(super) fn requirements(text: &str) -> Reading {
    let mut found = Vec::new();
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let mut whole = line.to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            whole.push_str(lines.next().map_or("", |(next, _)| next));
        }
        let asked = without_comment(&whole).trim();
        if asked.is_empty() || asked.starts_with('-') || is_address(asked) {
            continue;
        }
        // What follows a requirement belongs to the installer, as in `--hash`.
        let asked = asked.split(" --").next().unwrap_or(asked);
        let wrong =
            || Problem::at(number, format!("`{}` is no requirement such as Django==5.2", excerpt(asked)));
        found.push(requirement(asked).ok_or_else(wrong)?);
    }
    Ok(found)
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.split(" #").next().unwrap_or(line)
}

fn is_address(asked: &str) -> bool {
    asked.starts_with(['.', '/']) || asked.split(' ').next().is_some_and(|first| first.contains("://"))
}

/// `name[extras] versions ; marker`, or `name[extras] @ address ; marker`.
fn requirement(asked: &str) -> Option<Dependency> {
    let asked = asked.split(';').next()?.trim();
    let of_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let (name, rest) = asked.split_at(asked.find(|c| !of_name(c)).unwrap_or(asked.len()));
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim_start(),
        None => rest,
    };
    let versions = rest.trim_start_matches('(').trim_end_matches(')').trim();
    let is_range = versions.is_empty() || versions.starts_with(['=', '<', '>', '~', '!', '@']);
    let versions = Some(versions).filter(|versions| !versions.is_empty() && !versions.starts_with('@'));
    (!name.is_empty() && is_range).then(|| Dependency::package("pypi", &name.to_lowercase(), versions))
}

#[derive(Deserialize)]
struct Manifest {
    project: Option<Project>,
    tool: Option<Tool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Project {
    requires_python: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Tool {
    poetry: Option<Poetry>,
}

#[derive(Deserialize)]
struct Poetry {
    #[serde(default)]
    dependencies: BTreeMap<String, Value>,
}

/// What `pyproject.toml` asks for, of the standard and of Poetry.
pub(super) fn project(text: &str) -> Reading {
    let Manifest { project, tool } = toml(text)?;
    let mut found = Vec::new();
    if let Some(Project { requires_python, dependencies, optional_dependencies }) = project {
        found.extend(requires_python.map(|range| Dependency::runtime("python", &range)));
        let asked = dependencies.into_iter().chain(optional_dependencies.into_values().flatten());
        found.extend(asked.filter_map(|asked| requirement(&asked)));
    }
    for (name, value) in
        tool.and_then(|tool| tool.poetry).map(|poetry| poetry.dependencies).unwrap_or_default()
    {
        let range = value.as_str().or_else(|| value.get("version")?.as_str());
        found.push(match range.filter(|_| name == "python") {
            Some(range) => Dependency::runtime("python", range),
            None => Dependency::package("pypi", &name.to_lowercase(), range),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_read_as_pip_reads_them() {
        let text = "# comment\nDjango[argon2]>=5.2,<6 ; python_version > '3'  # why\n-r other.txt\n\nflask (==3.1.0)\nfastapi==0.115.0 \\\n    --hash=sha256:aa\nrequests\n./local\nwagtail @ https://x/y.whl\n";
        let found: Vec<_> = requirements(text)
            .unwrap()
            .into_iter()
            .map(|dependency| (dependency.name, dependency.version.unwrap_or_default()))
            .collect();
        let expected = [
            ("django", "5.2"),
            ("flask", "3.1.0"),
            ("fastapi", "0.115.0"),
            ("requests", ""),
            ("wagtail", ""),
        ];
        assert_eq!(found, expected.map(|(name, version)| (format!("pkg:pypi/{name}"), version.to_owned())));
        let wrong = requirements("django\n<<<<<<< HEAD\n").unwrap_err();
        assert_eq!(wrong.line, Some(2));
        assert_eq!(requirements("django\n\nthis is prose\n").unwrap_err().line, Some(3));
    }
}
