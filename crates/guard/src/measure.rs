//! How large a parsed document is when its fragments stand where they are spread.
//!
//! A fragment is measured once and counted at every spread, so that the time is in proportion to the text even when
//! the expansion is not.

use std::collections::HashMap;

use indexmap::IndexMap;

use apollo_compiler::{
    Name, Node,
    ast::{Definition, Directive, Document, FragmentDefinition, OperationDefinition, Selection, Value},
};

use crate::{
    limits::{Limits, within},
    problem::{Code, Problems},
};

/// Refuses a document that is too large.
pub(crate) fn check(document: &Document, limits: &Limits) -> Result<(), Problems> {
    let mut fragments = IndexMap::new();
    let mut operations = Vec::new();
    for definition in &document.definitions {
        match definition {
            Definition::FragmentDefinition(fragment) => {
                fragments.insert(&fragment.name, fragment);
            }
            Definition::OperationDefinition(operation) => operations.push(operation),
            // The rules of validation refuse it.
            _ => {}
        }
    }
    within(
        Code::MaxFragments,
        "The document has too many fragments",
        fragments.len() as u64,
        limits.fragments as u64,
    )?;
    within(
        Code::MaxOperations,
        "The document has too many operations",
        operations.len() as u64,
        limits.operations as u64,
    )?;
    let mut measure = Measure { limits, fragments, known: HashMap::new() };
    let mut whole = 0u64;
    let names: Vec<&Name> = measure.fragments.keys().copied().collect();
    for name in names {
        whole = whole.saturating_add(measure.fragment(name, 0)?.fields);
    }
    for operation in operations {
        let size = measure.operation(operation)?;
        size.check(limits)?;
        whole = whole.saturating_add(size.fields);
    }
    within(
        Code::MaxFields,
        "The document selects too many fields, with its fragments",
        whole,
        limits.fields as u64,
    )
}

/// How much a part of a document holds with its fragments.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    fields: u64,
    /// The fields that stand directly in it, not in other fields.
    direct: u64,
    aliases: u64,
    directives: u64,
    depth: usize,
    /// How deep fields, fragments and spreads nest together.
    nesting: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.direct = self.direct.saturating_add(other.direct);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting);
    }

    fn check(&self, limits: &Limits) -> Result<(), Problems> {
        within(
            Code::MaxDepth,
            "The fields of an operation nest too deep",
            self.depth as u64,
            limits.depth as u64,
        )?;
        for (code, what, found, allowed) in [
            (
                Code::MaxRootFields,
                "An operation has too many fields at its root",
                self.direct,
                limits.root_fields,
            ),
            (Code::MaxAliases, "An operation has too many aliases", self.aliases, limits.aliases),
            (Code::MaxDirectives, "An operation has too many directives", self.directives, limits.directives),
            (
                Code::MaxFields,
                "An operation selects too many fields, with its fragments",
                self.fields,
                limits.fields,
            ),
        ] {
            within(code, what, found, allowed as u64)?;
        }
        Ok(())
    }
}

struct Measure<'a> {
    limits: &'a Limits,
    fragments: IndexMap<&'a Name, &'a Node<FragmentDefinition>>,
    /// The size of each fragment; nothing for one that is being measured, which a cycle meets again.
    known: HashMap<&'a Name, Size>,
}

impl<'a> Measure<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Size, Problems> {
        let mut size = self.selections(&operation.selection_set, 0)?;
        size.directives += self.directives(&operation.directives)?;
        for variable in &operation.variables {
            size.directives += self.directives(&variable.directives)?;
            if let Some(default) = &variable.default_value {
                self.value(default)?;
            }
        }
        Ok(size)
    }

    /// Measures selections that are met below some fields and fragments, whose number bounds the recursion.
    fn selections(&mut self, selections: &'a [Selection], above: usize) -> Result<Size, Problems> {
        self.nests(above)?;
        let mut size = Size::default();
        for selection in selections {
            size.add(self.selection(selection, above + 1)?);
        }
        Ok(size)
    }

    fn selection(&mut self, selection: &'a Selection, above: usize) -> Result<Size, Problems> {
        let (mut size, directives) = match selection {
            Selection::Field(field) => {
                for argument in &field.arguments {
                    self.value(&argument.value)?;
                }
                let below = self.selections(&field.selection_set, above)?;
                let size = Size {
                    fields: below.fields.saturating_add(1),
                    direct: 1,
                    aliases: below.aliases.saturating_add(u64::from(field.alias.is_some())),
                    directives: below.directives,
                    depth: below.depth + 1,
                    nesting: below.nesting,
                };
                (size, &field.directives)
            }
            Selection::InlineFragment(fragment) => {
                (self.selections(&fragment.selection_set, above)?, &fragment.directives)
            }
            Selection::FragmentSpread(spread) => {
                (self.fragment(&spread.fragment_name, above)?, &spread.directives)
            }
        };
        size.directives = size.directives.saturating_add(self.directives(directives)?);
        size.nesting += 1;
        self.nests(size.nesting)?;
        Ok(size)
    }

    /// Refuses what nests so deep that walking it would exhaust the stack. Inline fragments and spreads count, though
    /// not in the depth that is told.
    fn nests(&self, found: usize) -> Result<(), Problems> {
        let allowed = self.limits.brackets + self.limits.fragments;
        let what = "The document nests selections and fragments too deep";
        within(Code::MaxDepth, what, found as u64, allowed as u64)
    }

    fn fragment(&mut self, name: &Name, above: usize) -> Result<Size, Problems> {
        if let Some(size) = self.known.get(name) {
            return Ok(*size);
        }
        let Some((name, fragment)) = self.fragments.get_key_value(name).map(|(name, found)| (*name, *found))
        else {
            return Ok(Size::default());
        };
        self.known.insert(name, Size::default());
        let mut size = self.selections(&fragment.selection_set, above)?;
        size.directives = size.directives.saturating_add(self.directives(&fragment.directives)?);
        self.known.insert(name, size);
        Ok(size)
    }

    fn directives(&self, directives: &[Node<Directive>]) -> Result<u64, Problems> {
        for argument in directives.iter().flat_map(|directive| &directive.arguments) {
            self.value(&argument.value)?;
        }
        Ok(directives.len() as u64)
    }

    /// Refuses lists that are too long. How deep values nest is known from their brackets.
    fn value(&self, value: &Value) -> Result<(), Problems> {
        match value {
            Value::List(items) => {
                let found = items.len() as u64;
                within(
                    Code::MaxList,
                    "A list among the arguments is too long",
                    found,
                    self.limits.list as u64,
                )?;
                items.iter().try_for_each(|item| self.value(item))
            }
            Value::Object(fields) => fields.iter().try_for_each(|(_, value)| self.value(value)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<Code> {
        let document = Document::parse(text, "document").unwrap();
        check(&document, &Limits::default()).err().map(|problems| problems[0].code)
    }

    fn many(count: usize, one: impl Fn(usize) -> String) -> String {
        (0..count).map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn doubled_fragments_are_counted_and_not_walked() {
        let doubled = many(60, |n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1));
        let text = format!("{{ ...f0 }} {doubled} fragment f60 on Query {{ a }}");
        assert!(told(&text).is_some());
    }

    #[test]
    fn each_limit_has_its_code() {
        let deep = format!("{}{}", "{ a ".repeat(21), "}".repeat(21));
        assert_eq!(told(&deep), Some(Code::MaxDepth));
        let wide = |count: usize, one: &str| format!("{{ a {{ {} }} }}", one.repeat(count));
        assert_eq!(told(&wide(4_999, "b ")), None);
        assert_eq!(told(&wide(5_000, "b ")), Some(Code::MaxFields));
        assert_eq!(told(&wide(201, "c: b ")), Some(Code::MaxAliases));
        assert_eq!(told(&wide(101, "b @skip(if: false) ")), Some(Code::MaxDirectives));
        assert_eq!(told(&format!("{{ {} }}", "a ".repeat(51))), Some(Code::MaxRootFields));
        assert_eq!(told(&many(51, |n| format!("query q{n} {{ a }}"))), Some(Code::MaxOperations));
        let crowd = many(101, |n| format!("fragment f{n} on Query {{ a }}"));
        assert_eq!(told(&format!("{crowd} {{ ...f0 }}")), Some(Code::MaxFragments));
        assert_eq!(told(&format!("{{ a(b: [{}]) }}", "1 ".repeat(1_001))), Some(Code::MaxList));
    }

    #[test]
    fn what_a_fragment_holds_counts_at_every_spread() {
        let fragment = format!("fragment f on Query {{ {} }}", "c: b ".repeat(70));
        assert_eq!(told(&format!("{{ a {{ ...f ...f }} }} {fragment}")), None);
        assert_eq!(told(&format!("{{ a {{ ...f ...f ...f }} }} {fragment}")), Some(Code::MaxAliases));
    }

    #[test]
    fn a_cycle_ends() {
        assert_eq!(told("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a c }"), None);
    }
}
