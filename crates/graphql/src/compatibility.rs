//! What a change of the schema means for those who use it.
//!
//! The kinds of changes have the names that the reference implementation gives them. It does not compare `@oneOf`: that
//! change has the name that GraphQL Inspector gives it, which takes it for breaking and its opposite for harmless.

use std::{fmt, path::Path};

use apollo_compiler::{
    Name, Node,
    ast::{DirectiveDefinition, FieldDefinition, InputValueDefinition, Type},
    collections::IndexSet,
    schema::{Component, ComponentName, ExtendedType, InputObjectType},
};
use stackfit_guard::{is_one_of, parse_schema};

use crate::schema::sdl;

/// How much a change matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A document that was valid may be so no more, or an answer may have a value of another type, or null where there
    /// was none.
    Breaking,
    /// What was valid stays so, but a client may meet a value that it does not know.
    Dangerous,
}

/// A change that those who use the schema must know of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemaChange {
    /// How much it matters.
    pub weight: Weight,
    /// What kind of change it is: `FIELD_REMOVED`.
    pub kind: &'static str,
    /// Where it is: `Query.framework(slug:)`.
    pub place: String,
}

impl fmt::Display for SchemaChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Breaking => "breaking ",
            Weight::Dangerous => "dangerous",
        };
        write!(formatter, "{weight} {} {}", self.kind, self.place)
    }
}

/// The changes from an older schema to that of the program, the weightiest first.
///
/// # Errors
/// What is wrong with the older schema.
pub fn changes_since(older: &str, path: &Path) -> Result<Vec<SchemaChange>, String> {
    changes((older, path), &sdl())
}

fn changes((older, path): (&str, &Path), newer: &str) -> Result<Vec<SchemaChange>, String> {
    let (older, newer) = (parse_schema(older, path)?, parse_schema(newer, "the schema of the program")?);
    let mut comparison = Comparison::default();
    for (name, old) in older.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        match newer.types.get(name) {
            Some(new) => comparison.types(name, old, new),
            None => comparison.breaking("TYPE_REMOVED", name.as_str()),
        }
    }
    for (name, old) in &older.directive_definitions {
        match newer.directive_definitions.get(name) {
            Some(new) => comparison.directives(old, new),
            None => comparison.breaking("DIRECTIVE_REMOVED", format!("@{name}")),
        }
    }
    comparison.changes.sort();
    Ok(comparison.changes)
}

#[derive(Default)]
struct Comparison {
    changes: Vec<SchemaChange>,
}

/// The kinds of changes to arguments, which directives call otherwise.
struct ArgumentKinds {
    removed: &'static str,
    required: &'static str,
}

const OF_FIELDS: ArgumentKinds = ArgumentKinds { removed: "ARG_REMOVED", required: "REQUIRED_ARG_ADDED" };
const OF_DIRECTIVES: ArgumentKinds =
    ArgumentKinds { removed: "DIRECTIVE_ARG_REMOVED", required: "REQUIRED_DIRECTIVE_ARG_ADDED" };

impl Comparison {
    fn breaking(&mut self, kind: &'static str, place: impl Into<String>) {
        self.changes.push(SchemaChange { weight: Weight::Breaking, kind, place: place.into() });
    }

    fn dangerous(&mut self, kind: &'static str, place: impl Into<String>) {
        self.changes.push(SchemaChange { weight: Weight::Dangerous, kind, place: place.into() });
    }

    fn types(&mut self, name: &Name, old: &ExtendedType, new: &ExtendedType) {
        match (old, new) {
            (ExtendedType::Scalar(_), ExtendedType::Scalar(_)) => {}
            (ExtendedType::Object(old), ExtendedType::Object(new)) => {
                self.interfaces(name, &old.implements_interfaces, &new.implements_interfaces);
                self.fields(name, old.fields.values(), |name| new.fields.get(name));
            }
            (ExtendedType::Interface(old), ExtendedType::Interface(new)) => {
                self.interfaces(name, &old.implements_interfaces, &new.implements_interfaces);
                self.fields(name, old.fields.values(), |name| new.fields.get(name));
            }
            (ExtendedType::Union(old), ExtendedType::Union(new)) => {
                let kinds = ("TYPE_REMOVED_FROM_UNION", "TYPE_ADDED_TO_UNION");
                self.names(name, &old.members, &new.members, kinds);
            }
            (ExtendedType::Enum(old), ExtendedType::Enum(new)) => {
                for value in old.values.keys().filter(|value| !new.values.contains_key(*value)) {
                    self.breaking("VALUE_REMOVED_FROM_ENUM", format!("{name}.{value}"));
                }
                for value in new.values.keys().filter(|value| !old.values.contains_key(*value)) {
                    self.dangerous("VALUE_ADDED_TO_ENUM", format!("{name}.{value}"));
                }
            }
            (ExtendedType::InputObject(old), ExtendedType::InputObject(new)) => self.inputs(name, old, new),
            _ => self.breaking("TYPE_CHANGED_KIND", name.as_str()),
        }
    }

    fn inputs(&mut self, name: &Name, old: &InputObjectType, new: &InputObjectType) {
        if is_one_of(new) && !is_one_of(old) {
            self.breaking("DIRECTIVE_USAGE_INPUT_OBJECT_ADDED", format!("{name} @oneOf"));
        }
        for (field, old) in &old.fields {
            match new.fields.get(field) {
                Some(new) if is_safe_input(&old.ty, &new.ty) && !needs_more(old, new) => {}
                Some(_) => self.breaking("FIELD_CHANGED_KIND", format!("{name}.{field}")),
                None => self.breaking("FIELD_REMOVED", format!("{name}.{field}")),
            }
        }
        for (field, new) in new.fields.iter().filter(|(field, _)| !old.fields.contains_key(*field)) {
            let place = format!("{name}.{field}");
            if new.is_required() {
                self.breaking("REQUIRED_INPUT_FIELD_ADDED", place);
            } else {
                self.dangerous("OPTIONAL_INPUT_FIELD_ADDED", place);
            }
        }
    }

    fn interfaces(&mut self, name: &Name, old: &IndexSet<ComponentName>, new: &IndexSet<ComponentName>) {
        self.names(name, old, new, ("IMPLEMENTED_INTERFACE_REMOVED", "IMPLEMENTED_INTERFACE_ADDED"));
    }

    fn names(
        &mut self,
        ty: &Name,
        old: &IndexSet<ComponentName>,
        new: &IndexSet<ComponentName>,
        (removed, added): (&'static str, &'static str),
    ) {
        for name in old.iter().filter(|name| !new.contains(*name)) {
            self.breaking(removed, format!("{ty} {}", name.name));
        }
        for name in new.iter().filter(|name| !old.contains(*name)) {
            self.dangerous(added, format!("{ty} {}", name.name));
        }
    }

    fn fields<'a>(
        &mut self,
        ty: &Name,
        old: impl Iterator<Item = &'a Component<FieldDefinition>>,
        new: impl Fn(&Name) -> Option<&'a Component<FieldDefinition>>,
    ) {
        for old in old {
            let place = format!("{ty}.{}", old.name);
            match new(&old.name) {
                None => self.breaking("FIELD_REMOVED", place),
                Some(new) => {
                    self.arguments(&place, &old.arguments, &new.arguments, &OF_FIELDS);
                    if !is_safe_output(&old.ty, &new.ty) {
                        self.breaking("FIELD_CHANGED_KIND", place);
                    }
                }
            }
        }
    }

    fn arguments(
        &mut self,
        of: &str,
        old: &[Node<InputValueDefinition>],
        new: &[Node<InputValueDefinition>],
        kinds: &ArgumentKinds,
    ) {
        for old in old {
            let place = format!("{of}({}:)", old.name);
            match new.iter().find(|new| new.name == old.name) {
                None => self.breaking(kinds.removed, place),
                Some(new) if !is_safe_input(&old.ty, &new.ty) || needs_more(old, new) => {
                    self.breaking("ARG_CHANGED_KIND", place);
                }
                Some(new) if old.default_value.is_some() && old.default_value != new.default_value => {
                    self.dangerous("ARG_DEFAULT_VALUE_CHANGE", place);
                }
                Some(_) => {}
            }
        }
        for new in new.iter().filter(|new| !old.iter().any(|old| old.name == new.name)) {
            let place = format!("{of}({}:)", new.name);
            if new.is_required() {
                self.breaking(kinds.required, place);
            } else {
                self.dangerous("OPTIONAL_ARG_ADDED", place);
            }
        }
    }

    fn directives(&mut self, old: &DirectiveDefinition, new: &DirectiveDefinition) {
        let name = format!("@{}", old.name);
        self.arguments(&name, &old.arguments, &new.arguments, &OF_DIRECTIVES);
        if old.repeatable && !new.repeatable {
            self.breaking("DIRECTIVE_REPEATABLE_REMOVED", &name);
        }
        for location in old.locations.iter().filter(|location| !new.locations.contains(location)) {
            self.breaking("DIRECTIVE_LOCATION_REMOVED", format!("{name} on {location}"));
        }
    }
}

/// Whether a client that knows the old type of a field can read values of the new one.
fn is_safe_output(old: &Type, new: &Type) -> bool {
    match (old, new) {
        (Type::Named(old), Type::Named(new) | Type::NonNullNamed(new))
        | (Type::NonNullNamed(old), Type::NonNullNamed(new)) => old == new,
        (Type::List(old), Type::List(new) | Type::NonNullList(new))
        | (Type::NonNullList(old), Type::NonNullList(new)) => is_safe_output(old, new),
        _ => false,
    }
}

/// Whether what could be left out must be given now, because its default is gone.
fn needs_more(old: &InputValueDefinition, new: &InputValueDefinition) -> bool {
    !old.is_required() && new.is_required()
}

/// Whether values of the old type can be given where the new one is expected.
fn is_safe_input(old: &Type, new: &Type) -> bool {
    match (old, new) {
        (Type::Named(old), Type::Named(new))
        | (Type::NonNullNamed(old), Type::Named(new) | Type::NonNullNamed(new)) => old == new,
        (Type::List(old), Type::List(new))
        | (Type::NonNullList(old), Type::List(new) | Type::NonNullList(new)) => is_safe_input(old, new),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "type Query { a(b: Int, c: [Int!]!): A  d: [D!]  u: U }  interface I { x: Int }  type A implements I { x: Int }  enum D { E F }  union U = A | B  type B { y: Int }  input N { m: Int! n: Int! = 1 }  directive @r(a: Int) repeatable on FIELD | QUERY  scalar S  input O { p: Int q: Int }  input P @oneOf { p: Int }";

    fn told(newer: &str) -> Vec<String> {
        changes((OLD, Path::new("old")), newer).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_schema_does_not_differ_from_itself() {
        assert_eq!(told(OLD), Vec::<String>::new());
        assert_eq!(changes_since(&sdl(), Path::new("same")), Ok(Vec::new()));
        assert!(changes_since("type Query { a: Nothing }", Path::new("wrong")).is_err());
    }

    #[test]
    fn each_kind_of_change_is_told() {
        for (from, to, expected) in [
            ("scalar S", "", "breaking  TYPE_REMOVED S"),
            ("scalar S", "enum S { T }", "breaking  TYPE_CHANGED_KIND S"),
            ("  d: [D!]", "", "breaking  FIELD_REMOVED Query.d"),
            ("d: [D!]", "d: [D]", "breaking  FIELD_CHANGED_KIND Query.d"),
            ("b: Int, ", "", "breaking  ARG_REMOVED Query.a(b:)"),
            ("b: Int", "b: Int!", "breaking  ARG_CHANGED_KIND Query.a(b:)"),
            ("b: Int", "b: Int, n: Int!", "breaking  REQUIRED_ARG_ADDED Query.a(n:)"),
            ("b: Int", "b: Int, n: Int", "dangerous OPTIONAL_ARG_ADDED Query.a(n:)"),
            ("{ E F }", "{ E }", "breaking  VALUE_REMOVED_FROM_ENUM D.F"),
            ("{ E F }", "{ E F G }", "dangerous VALUE_ADDED_TO_ENUM D.G"),
            ("A | B", "A", "breaking  TYPE_REMOVED_FROM_UNION U B"),
            ("type A implements I", "type A", "breaking  IMPLEMENTED_INTERFACE_REMOVED A I"),
            ("m: Int!", "m: Int! o: Int!", "breaking  REQUIRED_INPUT_FIELD_ADDED N.o"),
            ("m: Int!", "m: Int! o: Int! = 1", "dangerous OPTIONAL_INPUT_FIELD_ADDED N.o"),
            ("n: Int! = 1", "n: Int!", "breaking  FIELD_CHANGED_KIND N.n"),
            ("m: Int!", "m: Float!", "breaking  FIELD_CHANGED_KIND N.m"),
            ("input O {", "input O @oneOf {", "breaking  DIRECTIVE_USAGE_INPUT_OBJECT_ADDED O @oneOf"),
            (
                "input P @oneOf { p: Int",
                "input P @oneOf { p: Int q: Int",
                "dangerous OPTIONAL_INPUT_FIELD_ADDED P.q",
            ),
            (" repeatable", "", "breaking  DIRECTIVE_REPEATABLE_REMOVED @r"),
            (" | QUERY", "", "breaking  DIRECTIVE_LOCATION_REMOVED @r on QUERY"),
            ("@r(a: Int)", "@r", "breaking  DIRECTIVE_ARG_REMOVED @r(a:)"),
        ] {
            assert_eq!(told(&OLD.replace(from, to)), [expected]);
        }
    }

    #[test]
    fn what_harms_nobody_is_not_told() {
        for (from, to) in [
            ("d: [D!]", "d: [D!]!"),
            ("d: [D!]", "d: [D!] more: Int"),
            ("c: [Int!]!", "c: [Int!]"),
            ("c: [Int!]!", "c: [Int]"),
            ("m: Int!", "m: Int"),
            ("scalar S", "scalar S scalar T"),
            ("input P @oneOf {", "input P {"),
            ("scalar S", "scalar S directive @oneOf on INPUT_OBJECT"),
        ] {
            assert_eq!(told(&OLD.replace(from, to)), Vec::<String>::new(), "{to}");
        }
    }
}
