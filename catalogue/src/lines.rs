//! On which line of a file something stands.

use std::{collections::HashMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::Spanned;

/// The lines of a file, by the path of what stands there: `facts[3].citations[0].source`.
pub(crate) struct Lines(HashMap<String, u64>);

impl Lines {
    /// Reads the lines of a text. A text that is no YAML has none.
    pub(crate) fn of(text: &str) -> Self {
        let mut lines = HashMap::new();
        if let Ok(node) = serde_saphyr::from_str::<Node>(text) {
            note(&mut lines, "", &node);
        }
        Self(lines)
    }

    /// The line of a path, or of the nearest thing around it that has one.
    pub(crate) fn line(&self, path: &str) -> Option<u64> {
        let mut path = path;
        loop {
            if let Some(line) = self.0.get(path) {
                return Some(*line);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }
}

fn note(lines: &mut HashMap<String, u64>, path: &str, node: &Node) {
    match node {
        Node::Scalar => {}
        Node::List(items) => {
            for (at, item) in items.iter().enumerate() {
                let path = format!("{path}[{at}]");
                note(lines, &path, &item.value);
                lines.insert(path, item.referenced.line());
            }
        }
        Node::Map(entries) => {
            for (key, value) in entries {
                let name = &key.value;
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                note(lines, &path, &value.value);
                lines.insert(path, key.referenced.line());
            }
        }
    }
}

/// Any YAML, with the places of keys and items.
enum Node {
    Scalar,
    List(Vec<Spanned<Node>>),
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

macro_rules! scalars {
    ($($name:ident: $type:ty),+) => { $(
        fn $name<E>(self, _: $type) -> Result<Node, E> {
            Ok(Node::Scalar)
        }
    )+ };
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any YAML")
    }

    scalars!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Node::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_item_has_its_line() {
        let text =
            "slug: koa\nfacts:\n- code: K1\n  citations:\n  - source: a\n  - source: b\n    locator: L1\n";
        let lines = Lines::of(text);
        assert_eq!(lines.line("slug"), Some(1));
        assert_eq!(lines.line("facts[0]"), Some(3));
        assert_eq!(lines.line("facts[0].citations[1].locator"), Some(7));
        assert_eq!(lines.line("facts[0].citations[1].source"), Some(6));
        assert_eq!(
            lines.line("facts[0].statement"),
            Some(3),
            "what is missing is told where its fact begins"
        );
        assert_eq!(Lines::of(": : :").line("slug"), None);
    }
}
