//! .NET: project files of `MSBuild`.

use roxmltree::Node;

use super::manifest::{Dependency, Problem, Reading, xml};

/// What a project file asks for.
pub(super) fn project(text: &str) -> Reading {
    let document = xml(text)?;
    if document.root_element().tag_name().name() != "Project" {
        return Err(Problem::at(1, "its root element is not `Project`"));
    }
    let mut found = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        match node.tag_name().name() {
            "TargetFramework" | "TargetFrameworks" => {
                let frameworks = node.text().unwrap_or_default().split(';');
                found.extend(frameworks.filter_map(|moniker| framework(moniker.trim())));
            }
            "TargetFrameworkVersion" => {
                found.extend(node.text().map(|text| Dependency::runtime("dotnet-framework", text)));
            }
            "PackageReference" => found.extend(package(node)),
            _ => {}
        }
    }
    Ok(found)
}

fn package(node: Node<'_, '_>) -> Option<Dependency> {
    let version = node.attribute("Version").or_else(|| {
        node.children().find(|child| child.tag_name().name() == "Version").and_then(|child| child.text())
    });
    Some(Dependency::package("nuget", node.attribute("Include")?, version.map(str::trim)))
}

/// `net8.0` and `netcoreapp3.1` are .NET, `net48` is .NET Framework 4.8; `netstandard2.0` is no runtime.
fn framework(moniker: &str) -> Option<Dependency> {
    let moniker = moniker.split('-').next()?;
    let version = moniker.strip_prefix("netcoreapp").or_else(|| moniker.strip_prefix("net"))?;
    if version.contains('.') {
        return version
            .starts_with(|c: char| c.is_ascii_digit())
            .then(|| Dependency::runtime("dotnet", version));
    }
    let digits: Vec<String> = version.chars().filter(char::is_ascii_digit).map(String::from).collect();
    (!digits.is_empty() && digits.len() == version.len())
        .then(|| Dependency::runtime("dotnet-framework", &digits.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monikers_name_runtimes() {
        for (moniker, runtime) in [
            ("net8.0", Some(("dotnet", "8.0"))),
            ("net8.0-windows10.0.19041", Some(("dotnet", "8.0"))),
            ("netcoreapp3.1", Some(("dotnet", "3.1"))),
            ("net472", Some(("dotnet-framework", "4.7.2"))),
            ("netstandard2.0", None),
            ("$(Frameworks)", None),
            ("", None),
        ] {
            let found = framework(moniker).map(|found| (found.name, found.version.unwrap()));
            assert_eq!(
                found,
                runtime.map(|(name, version)| (name.to_owned(), version.to_owned())),
                "{moniker}"
            );
        }
    }
}
