//! Software bills of materials: `CycloneDX`, in JSON and in XML, of any version. Only the package URLs are read: they
//! stand in the same place in all versions, and crates that read the whole know older ones only.

use std::str::FromStr;

use packageurl::PackageUrl;
use roxmltree::Node;
use serde::Deserialize;

use super::manifest::{Dependency, Reading, json, xml};

pub(super) const NAME: &str = "a CycloneDX SBOM";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    bom_format: Option<String>,
}

#[derive(Deserialize)]
struct Bom {
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Deserialize)]
struct Component {
    purl: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    components: Vec<Component>,
}

/// What a bill of materials lists. Nothing when the text is none.
pub(super) fn read(text: &str) -> Option<Reading> {
    match text.trim_start().chars().next()? {
        '{' => match json::<Kind>(text) {
            Ok(Kind { bom_format: Some(format) }) if format == "CycloneDX" => Some(of_json(text)),
            Ok(_) => None,
            Err(problem) => Some(Err(problem)),
        },
        '<' => match xml(text) {
            Ok(document) => {
                let root = document.root_element().tag_name();
                let is_ours =
                    root.namespace().is_some_and(|space| space.contains("cyclonedx.org/schema/bom"));
                (root.name() == "bom" && is_ours).then(|| Ok(of_xml(document.root_element())))
            }
            Err(problem) => Some(Err(problem)),
        },
        _ => None,
    }
}

fn of_json(text: &str) -> Reading {
    let Bom { components } = json(text)?;
    let mut found = Vec::new();
    gather(components, &mut found);
    Ok(found)
}

/// The parser bounds how deep components nest.
fn gather(components: Vec<Component>, found: &mut Vec<Dependency>) {
    for Component { purl, name, components } in components {
        found.push(component(purl.as_deref(), &name));
        gather(components, found);
    }
}

fn of_xml(root: Node<'_, '_>) -> Vec<Dependency> {
    let listed = root.children().filter(|node| node.tag_name().name() == "components");
    let components =
        listed.flat_map(|node| node.descendants()).filter(|node| node.tag_name().name() == "component");
    components
        .map(|node| {
            let text = |name: &str| {
                node.children().find(|child| child.tag_name().name() == name).and_then(|child| child.text())
            };
            component(text("purl").map(str::trim), text("name").unwrap_or_default())
        })
        .collect()
}

/// A component without a package URL could be anything of its name, and is not looked for.
fn component(purl: Option<&str>, name: &str) -> Dependency {
    let Some(purl) = purl.and_then(|purl| PackageUrl::from_str(purl).ok()) else {
        return Dependency::package("generic", name, None);
    };
    let version = purl.version().map(str::to_owned);
    let path = [purl.namespace(), Some(purl.name())].into_iter().flatten().collect::<Vec<_>>().join("/");
    Dependency::package(purl.ty(), &path, version.as_deref())
}
