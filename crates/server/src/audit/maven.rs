//! Java: `pom.xml`.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::manifest::{Dependency, Problem, Reading, xml};

/// How often a property may lead to another.
const MAX_STEPS: usize = 10;

/// What `pom.xml` asks for. Other files, those of parents, are not read.
pub(super) fn project(text: &str) -> Reading {
    let document = xml(text)?;
    let project = document.root_element();
    if project.tag_name().name() != "project" {
        return Err(Problem::at(1, "its root element is not `project`"));
    }
    let properties = properties(project);
    let mut artifacts: Vec<Artifact> =
        child(project, "parent").into_iter().map(|node| Artifact::of(node, &properties)).collect();
    let managed = child(project, "dependencyManagement");
    for section in [managed, Some(project)].into_iter().flatten() {
        for dependencies in section.children().filter(|node| node.has_tag_name_of("dependencies")) {
            let entries = dependencies.children().filter(|node| node.has_tag_name_of("dependency"));
            artifacts.extend(entries.map(|node| Artifact::of(node, &properties)));
        }
    }
    let mut found: Vec<Dependency> =
        artifacts.iter().map(|artifact| artifact.dependency(&artifacts)).collect();
    let java = ["java.version", "maven.compiler.release", "maven.compiler.target", "maven.compiler.source"];
    let java = java.iter().find_map(|name| properties.get(*name)).map(|value| filled(value, &properties));
    // Before version 9, Java 8 was written as 1.8.
    found.extend(
        java.map(|version| Dependency::runtime("java", version.strip_prefix("1.").unwrap_or(&version))),
    );
    Ok(found)
}

trait Named {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    /// Whatever its namespace: files are written with and without.
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.has_tag_name_of(name))
}

fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name)?.text().map(str::trim)
}

fn properties(project: Node<'_, '_>) -> BTreeMap<String, String> {
    let own = child(project, "properties").into_iter().flat_map(|node| node.children());
    let own = own
        .filter(Node::is_element)
        .filter_map(|node| Some((node.tag_name().name().to_owned(), node.text()?.trim().to_owned())));
    let version = text(project, "version").map(|version| ("project.version".to_owned(), version.to_owned()));
    own.chain(version).collect()
}

/// Puts properties in the place of `${name}`; one that is not known stays.
fn filled(text: &str, properties: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for _ in 0..MAX_STEPS {
        let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let Some(value) = name.and_then(|name| properties.get(name)) else { break };
        text.clone_from(value);
    }
    text
}

struct Artifact {
    group: String,
    name: String,
    version: Option<String>,
}

impl Artifact {
    fn of(node: Node<'_, '_>, properties: &BTreeMap<String, String>) -> Self {
        let part = |name: &str| text(node, name).map(|text| filled(text, properties));
        Self {
            group: part("groupId").unwrap_or_default(),
            name: part("artifactId").unwrap_or_default(),
            version: part("version"),
        }
    }

    /// What names no version has that of the group: a parent or a bill of materials manages it.
    fn dependency(&self, all: &[Self]) -> Dependency {
        let of_group = || all.iter().find(|other| other.group == self.group && other.version.is_some());
        let version = self.version.as_deref().or_else(|| of_group()?.version.as_deref());
        Dependency::package("maven", &format!("{}/{}", self.group, self.name), version)
    }
}
