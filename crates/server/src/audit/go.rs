//! Go: `go.mod`.

use std::str::FromStr;

use gomod_parser::GoMod;

use super::manifest::{Dependency, Problem, Reading};

/// What `go.mod` asks for.
pub(super) fn module(text: &str) -> Reading {
    let parsed = GoMod::from_str(text).map_err(|error| {
        let place =
            error.split("line ").nth(1).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect());
        let line = place.and_then(|digits: String| digits.parse().ok());
        Problem { line, message: format!("it cannot be read: {error}") }
    })?;
    let modules = parsed.require.iter().map(|required| &required.module);
    let modules = modules.map(|module| {
        Dependency::package("golang", &module.module_path.to_lowercase(), Some(&module.version))
    });
    let version = parsed.go.as_deref().and_then(|version| version.split_whitespace().next());
    Ok(modules.chain(version.map(|version| Dependency::runtime("go", version))).collect())
}
