//! What a wrong name may have meant.

use apollo_compiler::{Name, Schema, schema::ExtendedType};

use crate::types::fields;

/// The most names that are suggested.
const MOST: usize = 3;

/// A sentence that names what is near, with a space before it; empty when nothing is near.
pub(crate) fn did_you_mean<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    // Comparing takes time in proportion to the length.
    if wrong.len() > 100 {
        return String::new();
    }
    let allowed = wrong.len() * 2 / 5 + 1;
    let wrong = wrong.to_lowercase();
    let mut near: Vec<(usize, &str)> = known
        .map(|name| (strsim::osa_distance(&wrong, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    near.sort_unstable();
    if near.is_empty() {
        return String::new();
    }
    format!(" Did you mean {}?", either(near.into_iter().take(MOST).map(|(_, name)| name)))
}

fn either<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Names for people, not too many.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let names: Vec<&str> = names.collect();
    let told = names.get(..MOST.min(names.len())).unwrap_or_default().join(", ");
    if names.len() > MOST { format!("{told} and {} more", names.len() - MOST) } else { told }
}

/// What a wrong name may have meant, read from the names that a message of the library has in backticks.
pub(crate) fn hint(schema: &Schema, message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match *quoted.as_slice() {
        [ty, wrong] if message.contains("does not have a field") => {
            did_you_mean(wrong, field_names(schema, ty))
        }
        [wrong, ty] if message.contains("does not exist on") => did_you_mean(wrong, values(schema, ty)),
        [wrong, place] if message.contains("is not supported by") => {
            did_you_mean(wrong, arguments(schema, place))
        }
        [wrong, ..] if message.contains("cannot find type") || message.starts_with("type condition") => {
            did_you_mean(wrong, schema.types.keys().map(Name::as_str))
        }
        _ => String::new(),
    }
}

fn field_names<'a>(schema: &'a Schema, ty: &str) -> impl Iterator<Item = &'a str> {
    schema.types.get(ty).and_then(fields).into_iter().flat_map(|fields| fields.keys().map(Name::as_str))
}

/// The values of an enumeration, or the fields of an input object.
fn values<'a>(schema: &'a Schema, ty: &str) -> impl Iterator<Item = &'a str> {
    let names: Vec<&str> = match schema.types.get(ty) {
        Some(ExtendedType::Enum(ty)) => ty.values.keys().map(Name::as_str).collect(),
        Some(ExtendedType::InputObject(ty)) => ty.fields.keys().map(Name::as_str).collect(),
        _ => Vec::new(),
    };
    names.into_iter()
}

/// The arguments of a field that is named as `Type.field`.
fn arguments<'a>(schema: &'a Schema, place: &str) -> impl Iterator<Item = &'a str> {
    let definition = place.split_once('.').and_then(|(ty, field)| schema.type_field(ty, field).ok());
    definition.into_iter().flat_map(|field| field.arguments.iter().map(|argument| argument.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_come_nearest_first() {
        let known = ["name", "names", "website", "nome"];
        assert_eq!(did_you_mean("nmae", known.into_iter()), " Did you mean \"name\", \"names\" or \"nome\"?");
        assert_eq!(did_you_mean("websit", known.into_iter()), " Did you mean \"website\"?");
        assert_eq!(did_you_mean("zzzzzz", known.into_iter()), "");
        assert_eq!(did_you_mean(&"n".repeat(10_000), known.into_iter()), "");
    }
}
