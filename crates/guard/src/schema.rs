//! Reads schemas, with what the specification of September 2025 has and the library has not: input objects of which
//! exactly one field is given.

use std::path::Path;

use apollo_compiler::{
    Schema,
    ast::{DirectiveDefinition, DirectiveList, DirectiveLocation, FieldDefinition, Type},
    name,
    schema::{Component, ExtendedType, InputObjectType},
    validation::Valid,
};

/// Reads a schema in the schema definition language. The path is what errors call it.
///
/// # Errors
/// What is wrong with the schema.
pub fn parse_schema(text: &str, path: impl AsRef<Path>) -> Result<Valid<Schema>, String> {
    let mut schema = Schema::parse(text, path).map_err(|error| error.errors.to_string())?;
    know_one_of(&mut schema);
    let schema = schema.validate().map_err(|error| error.errors.to_string())?;
    let mistakes: Vec<String> = schema
        .types
        .values()
        .filter_map(ExtendedType::as_input_object)
        .filter(|input| is_one_of(input))
        .flat_map(unfit_fields)
        .collect();
    if mistakes.is_empty() { Ok(schema) } else { Err(mistakes.join("\n")) }
}

/// Whether exactly one field of an input object must be given.
pub fn is_one_of(input: &InputObjectType) -> bool {
    input.directives.has("oneOf")
}

fn know_one_of(schema: &mut Schema) {
    let name = name!("oneOf");
    let directive = DirectiveDefinition {
        description: Some(
            "Exactly one field of the input object must be given, and it must not be null.".into(),
        ),
        name: name.clone(),
        arguments: Vec::new(),
        repeatable: false,
        locations: vec![DirectiveLocation::InputObject],
    };
    schema.directive_definitions.entry(name).or_insert_with(|| directive.into());
    if let Some(ExtendedType::Object(ty)) = schema.types.get_mut("__Type") {
        let field = FieldDefinition {
            description: Some(
                "Whether exactly one field must be given; null for what is no input object.".into(),
            ),
            name: name!("isOneOf"),
            arguments: Vec::new(),
            ty: Type::Named(name!("Boolean")),
            directives: DirectiveList::default(),
        };
        ty.make_mut().fields.insert(name!("isOneOf"), Component::new(field));
    }
}

/// What is wrong with fields that cannot be left out, or are there when they are: then others are never alone.
fn unfit_fields(input: &InputObjectType) -> impl Iterator<Item = String> {
    input.fields.values().filter_map(|field| {
        let place = format!("{}.{}", input.name, field.name);
        if field.ty.is_non_null() {
            return Some(format!("OneOf input field {place} must be nullable."));
        }
        let default = field.default_value.as_ref();
        default.map(|_| format!("OneOf input field {place} cannot have a default value."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(input: &str) -> Option<String> {
        parse_schema(&format!("type Query {{ a(b: I): Int }} {input}"), "test").err()
    }

    #[test]
    fn a_schema_may_declare_the_directive_or_not() {
        assert_eq!(told("input I @oneOf { a: Int b: [Int!] }"), None);
        assert_eq!(told("directive @oneOf on INPUT_OBJECT input I @oneOf { a: Int }"), None);
        assert!(told("input I @noneOf { a: Int }").unwrap().contains("noneOf"));
        assert!(told("input I { a: Int } type O @oneOf { a: Int }").unwrap().contains("oneOf"));
    }

    #[test]
    fn no_field_of_one_of_many_is_required_or_has_a_default() {
        let found = told("input I @oneOf { a: Int! b: Int = 1 c: Int }").unwrap();
        assert_eq!(
            found,
            "OneOf input field I.a must be nullable.\nOneOf input field I.b cannot have a default value."
        );
        assert_eq!(told("input I { a: Int! b: Int = 1 }"), None);
    }
}
