//! What was altered: the fields of a thing or a fact that differ, named and written as the API has them.

mod entity;
mod fact;
#[cfg(test)]
mod tests;

use super::FieldChange;
use crate::{
    catalogue::{Entity, Names},
    fact::{Fact, NewFact},
    id::Id,
    subject::Subject,
    text,
};

/// The longest value in characters; what is longer is cut and ends with `…`. Statements and explanations are whole; long
/// lists, errata above all, are not worth keeping twice with each change.
pub const MAX_VALUE: usize = text::MAX_PARAGRAPH;

/// Whatever a change alters.
#[derive(Debug, Clone, PartialEq)]
pub enum Thing {
    /// A thing with its other names.
    Entity(Box<Entity>, Vec<String>),
    /// A fact with all that belongs to it.
    Fact(Box<NewFact>),
}

/// What a value names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// A thing, by its slug.
    Subject(Id<Subject>),
    /// A fact, by its code.
    Fact(Id<Fact>),
}

/// A field with its value, if it has one.
type Field = (&'static str, Option<String>);
/// Tells what something is called.
type Name<'a> = &'a mut dyn FnMut(Reference) -> String;

impl Thing {
    /// What its values name.
    pub fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        self.fields(&mut |reference| {
            found.push(reference);
            String::new()
        });
        found
    }

    /// Its fields in a fixed order.
    fn fields(&self, name: Name) -> Vec<Field> {
        match self {
            Self::Entity(entity, aliases) => {
                let mut fields = entity::fields(entity, name);
                fields.push(("aliases", lines(aliases.iter().cloned())));
                fields
            }
            Self::Fact(new) => fact::fields(new, name),
        }
    }
}

/// The fields that differ, in a fixed order, by the names of what they refer to. None when both say the same.
pub fn altered(before: &Thing, after: &Thing, names: &Names) -> Vec<FieldChange> {
    let mut name = |reference| match reference {
        Reference::Subject(id) => names.slug(id).map_or_else(|_| id.uuid().to_string(), str::to_owned),
        Reference::Fact(id) => names.code(id).map_or_else(|_| id.uuid().to_string(), str::to_owned),
    };
    let (before, after) = (before.fields(&mut name), after.fields(&mut name));
    // A fact whose sort of detail is another has other fields before and after.
    let added = after.iter().filter(|(field, _)| before.iter().all(|(other, _)| other != field));
    let fields = before.iter().chain(added).map(|(field, _)| *field);
    fields.filter_map(|field| difference(field, value(&before, field), value(&after, field))).collect()
}

fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| *field == name).and_then(|(_, value)| value.as_deref())
}

fn difference(field: &str, before: Option<&str>, after: Option<&str>) -> Option<FieldChange> {
    (before != after).then(|| FieldChange {
        field: field.to_owned(),
        before: before.map(cut),
        after: after.map(cut),
    })
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// A field that always has a value.
fn field(name: &'static str, value: &impl ToString) -> Field {
    (name, Some(value.to_string()))
}

/// A field that may have no value.
fn optional(name: &'static str, value: Option<impl ToString>) -> Field {
    (name, value.map(|value| value.to_string()))
}

/// A text between quotation marks, on one line.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n");
    format!("\"{escaped}\"")
}

/// A list, one line for each.
fn lines(list: impl Iterator<Item = String>) -> Option<String> {
    let lines: Vec<String> = list.collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
