//! What is checked of a document before it reaches the library, in time linear in its length.
//!
//! The library's parser recurses with every bracket, and its validation walks fragments once for every place that
//! spreads them: a few hundred bytes could exhaust the stack, a kilobyte the processor. So brackets are counted
//! before parsing, and fragments are expanded by number, each once, before validation. This module knows nothing
//! of what our schema means.

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};
use stackfit_domain::{Error, Result};

/// How deep brackets may nest. The deepest field that is allowed, with its arguments, nests half as deep.
const MAX_BRACKETS: usize = 64;
/// The most fragments of a document.
const MAX_FRAGMENTS: usize = 100;
/// The most operations of a document.
const MAX_OPERATIONS: usize = 50;
/// The most fields of a document when its fragments are expanded.
const MAX_FIELDS: u64 = 10_000;
/// How deep selections may nest when fragments are expanded. The executor allows less.
const MAX_NESTING: usize = 64;

fn refuse<T>(what: &str, found: impl std::fmt::Display, allowed: impl std::fmt::Display) -> Result<T> {
    Err(Error::Costly(format!("The document {what}: {found}; allowed are {allowed}.")))
}

/// Refuses a text whose brackets nest too deep for a parser that recurses.
pub(crate) fn check_text(text: &str) -> Result<()> {
    let mut depth = 0usize;
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                if depth > MAX_BRACKETS {
                    return refuse(
                        "nests brackets too deep",
                        format!("more than {MAX_BRACKETS}"),
                        MAX_BRACKETS,
                    );
                }
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'#' => rest = after_line(rest),
            b'"' => rest = after_string(rest),
            _ => {}
        }
    }
    Ok(())
}

fn after_line(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    end.and_then(|end| rest.get(end..)).unwrap_or_default()
}

/// What follows a string whose first quote was just read. A string without an end hides the rest, which the parser
/// then refuses.
fn after_string(rest: &[u8]) -> &[u8] {
    let (mut rest, block) = match rest.strip_prefix(b"\"\"") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    loop {
        rest = match rest {
            [] => return rest,
            [b'\\', b'"', b'"', b'"', tail @ ..] if block => tail,
            [b'"', b'"', b'"', tail @ ..] if block => return tail,
            [b'\\', _, tail @ ..] if !block => tail,
            [b'"' | b'\n' | b'\r', tail @ ..] if !block => return tail,
            [_, tail @ ..] => tail,
        };
    }
}

/// Refuses a document that validation would walk for too long.
pub(crate) fn check_document(document: &ExecutableDocument) -> Result<()> {
    let fragments = document.fragments.len();
    if fragments > MAX_FRAGMENTS {
        return refuse("has too many fragments", fragments, MAX_FRAGMENTS);
    }
    let operations = document.operations.iter().count();
    if operations > MAX_OPERATIONS {
        return refuse("has too many operations", operations, MAX_OPERATIONS);
    }
    let mut expansion = Expansion { document, known: HashMap::new() };
    let mut whole = Size::default();
    for name in document.fragments.keys() {
        whole.add(expansion.fragment(name, 0)?);
    }
    for (_, operation) in document.operations.iter() {
        whole.add(expansion.selections(&operation.node.selection_set.node, 0)?);
    }
    if whole.nesting > MAX_NESTING {
        return too_deep();
    }
    if whole.fields > MAX_FIELDS {
        return refuse("selects too many fields when its fragments are expanded", whole.fields, MAX_FIELDS);
    }
    Ok(())
}

fn too_deep<T>() -> Result<T> {
    refuse("nests selections too deep", format!("more than {MAX_NESTING}"), MAX_NESTING)
}

/// How much a part of a document holds with its fragments expanded.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    fields: u64,
    nesting: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.nesting = self.nesting.max(other.nesting);
    }
}

/// Measures a document with its fragments expanded, each fragment once.
struct Expansion<'a> {
    document: &'a ExecutableDocument,
    /// The size of each fragment; nothing for one that is being measured, which a cycle meets again.
    known: HashMap<&'a Name, Size>,
}

impl<'a> Expansion<'a> {
    /// Measures selections that are met at a depth. The depth bounds the recursion; what is refused does not hang
    /// on where the walk began, because the size knows the nesting below.
    fn selections(&mut self, set: &'a SelectionSet, depth: usize) -> Result<Size> {
        if depth > MAX_NESTING {
            return too_deep();
        }
        let mut size = Size::default();
        for item in &set.items {
            let mut below = match &item.node {
                Selection::Field(field) => self.selections(&field.node.selection_set.node, depth + 1)?,
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, depth + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, depth + 1)?
                }
            };
            below.nesting += 1;
            below.fields = below.fields.saturating_add(u64::from(matches!(item.node, Selection::Field(_))));
            size.add(below);
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &Name, depth: usize) -> Result<Size> {
        if let Some(size) = self.known.get(name) {
            return Ok(*size);
        }
        let document = self.document;
        let Some((name, fragment)) = document.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        self.known.insert(name, Size::default());
        let size = self.selections(&fragment.node.selection_set.node, depth)?;
        self.known.insert(name, size);
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn check(text: &str) -> Result<()> {
        check_text(text)?;
        check_document(&parse_query(text).unwrap())
    }

    fn many(count: u32, one: impl Fn(u32) -> String) -> String {
        (0..count).map(one).collect::<Vec<_>>().join(" ")
    }

    fn told(text: &str) -> String {
        check(text).unwrap_err().to_string()
    }

    #[test]
    fn brackets_are_counted_outside_strings_and_comments() {
        let many = "[".repeat(200);
        assert!(told(&format!("{{ a(b: {many}")).contains("brackets"));
        assert!(told(&format!("{{ a(b: \"\\\"\", c: {many}")).contains("brackets"));
        for fine in [
            format!("{{ a(b: \"{many}\") }}"),
            format!("{{ a(b: \"\\\"{many}\") }}"),
            format!("{{ a(b: \"\"\"{many} \" \\\"\"\" {many}\"\"\") }}"),
            format!("# {many}\n{{ a }}"),
            "{ a(b: [1], c: {d: [2]}) { e { f } } }".to_owned(),
        ] {
            assert_eq!(check_text(&fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn doubled_fragments_are_counted_and_not_walked() {
        let doubled = many(60, |n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1));
        let text = format!("{{ ...f0 }} {doubled} fragment f60 on Query {{ a }}");
        assert!(told(&text).contains("too many fields"), "{}", told(&text));
    }

    #[test]
    fn chains_and_crowds_are_bounded() {
        let chain = many(90, |n| format!("fragment f{n} on Query {{ ...f{} }}", n + 1));
        assert!(told(&format!("{chain} fragment f90 on Query {{ a }} {{ ...f0 }}")).contains("too deep"));
        let crowd = many(101, |n| format!("fragment f{n} on Query {{ a }}"));
        assert!(told(&format!("{crowd} {{ ...f0 }}")).contains("too many fragments"));
        let operations = many(51, |n| format!("query q{n} {{ a }}"));
        assert!(told(&operations).contains("too many operations"));
    }

    #[test]
    fn a_cycle_ends() {
        let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a c }";
        assert_eq!(check(cycle), Ok(()), "validation tells of the cycle");
    }
}
