//! Ruby: `Gemfile.lock`. No kept crate reads it.

use stackfit_domain::text::excerpt;

use super::manifest::{Dependency, Problem, Reading};

/// What `Gemfile.lock` installs. Sections begin at the margin; gems stand four spaces in, what they need six.
pub(super) fn lock(text: &str) -> Reading {
    let mut found = Vec::new();
    let mut section = "";
    let mut has_gems = false;
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim_end();
        let entry = line.trim_start_matches(' ');
        match line.len() - entry.len() {
            _ if entry.is_empty() => {}
            0 => {
                let is_title = entry.chars().all(|c| c.is_ascii_uppercase() || c == ' ');
                if !is_title {
                    let message = format!("`{}` begins no section such as GEM", excerpt(entry));
                    return Err(Problem::at(number, message));
                }
                section = entry;
                has_gems |= matches!(section, "GEM" | "GIT" | "PATH");
            }
            4 if matches!(section, "GEM" | "GIT") => found.extend(gem(entry)),
            _ if section == "RUBY VERSION" => found.extend(ruby(entry)),
            _ => {}
        }
    }
    if !has_gems {
        return Err(Problem { line: None, message: "it has no section GEM, GIT or PATH".to_owned() });
    }
    Ok(found)
}

/// `nokogiri (1.18.9-x86_64-linux-gnu)`: what follows a hyphen is the platform.
fn gem(entry: &str) -> Option<Dependency> {
    let (name, version) = entry.strip_suffix(')')?.split_once(" (")?;
    let version = version.split('-').next()?;
    Some(Dependency::package("gem", name, Some(version)))
}

/// `ruby 3.3.4p94`: what follows a p is the patch.
fn ruby(entry: &str) -> Option<Dependency> {
    let version = entry.strip_prefix("ruby ")?.split([' ', 'p']).next()?;
    Some(Dependency::runtime("ruby", version))
}
