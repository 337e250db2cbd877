//! Rules of validation that the library leaves out: the name of an input field stands once, a variable fits every
//! place where it is used, within lists and objects too, a value of a scalar of the schema is one, and of a `@oneOf`
//! input object exactly one field is given.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::{Argument, Directive, InputValueDefinition, Type, Value, VariableDefinition},
    executable::{Operation, Selection, SelectionSet},
    parser::SourceSpan,
    schema::{ExtendedType, InputObjectType},
};

use crate::{arguments::literal, schema::is_one_of, types::Types};

/// What is wrong, and where.
pub(crate) type Mistake = (String, Option<SourceSpan>);

/// The mistakes of a document, at most as many as asked for.
pub(crate) fn check(types: &Types, document: &ExecutableDocument, most: usize) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for operation in document.operations.iter() {
        let mut rules =
            Rules { types, document, operation, seen: HashSet::new(), mistakes: &mut mistakes, most };
        rules.directives(&operation.directives);
        for variable in &operation.variables {
            rules.directives(&variable.directives);
            if let Some(default) = &variable.default_value {
                rules.unique_fields(default);
                rules.value_fits(default, &Place::of_type(&variable.ty));
            }
        }
        rules.selections(&operation.selection_set);
        if mistakes.len() >= most {
            break;
        }
    }
    mistakes
}

struct Rules<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    operation: &'a Operation,
    /// The fragments that were walked for this operation.
    seen: HashSet<&'a Name>,
    mistakes: &'a mut Vec<Mistake>,
    most: usize,
}

/// A place where a value stands.
struct Place<'a> {
    ty: &'a Type,
    has_default: bool,
    /// The `@oneOf` input object of which it is a field.
    one_of: Option<&'a InputObjectType>,
}

impl<'a> Place<'a> {
    fn of_type(ty: &'a Type) -> Self {
        Self { ty, has_default: false, one_of: None }
    }

    fn of(definition: &'a InputValueDefinition) -> Self {
        Self { has_default: definition.default_value.is_some(), ..Self::of_type(&definition.ty) }
    }
}

impl<'a> Rules<'a> {
    fn tell(&mut self, message: String, place: Option<SourceSpan>) {
        if self.mistakes.len() < self.most {
            self.mistakes.push((message, place));
        }
    }

    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments, &field.definition.arguments);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.fragment_name) else { continue };
                    if self.seen.insert(&fragment.name) {
                        self.directives(&fragment.directives);
                        self.selections(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a [Node<Directive>]) {
        for directive in directives {
            if let Some(definition) = self.types.schema.directive_definitions.get(&directive.name) {
                self.arguments(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn arguments(&mut self, given: &'a [Node<Argument>], definitions: &'a [Node<InputValueDefinition>]) {
        for argument in given {
            self.unique_fields(&argument.value);
            if let Some(definition) = definitions.iter().find(|known| known.name == argument.name) {
                self.value_fits(&argument.value, &Place::of(definition));
            }
        }
    }

    fn unique_fields(&mut self, value: &'a Node<Value>) {
        match &**value {
            Value::List(items) => {
                for item in items {
                    self.unique_fields(item);
                }
            }
            Value::Object(fields) => {
                let mut seen = HashSet::new();
                for (name, value) in fields {
                    if !seen.insert(name) {
                        self.tell(
                            format!("There can be only one input field named \"{name}\"."),
                            name.location(),
                        );
                    }
                    self.unique_fields(value);
                }
            }
            _ => {}
        }
    }

    fn value_fits(&mut self, value: &'a Node<Value>, place: &Place<'a>) {
        match &**value {
            Value::Variable(name) => self.variable_fits(name, value.location(), place),
            // A scalar of the schema may be a list itself.
            Value::List(_) if !place.ty.is_list() => self.scalar_fits(value, place),
            Value::List(items) => {
                let place = Place::of_type(place.ty.item_type());
                for item in items {
                    self.value_fits(item, &place);
                }
            }
            Value::Object(fields) => {
                let ty = self.types.schema.types.get(place.ty.inner_named_type());
                let Some(ExtendedType::InputObject(input)) = ty else {
                    return self.scalar_fits(value, place);
                };
                let one_of = is_one_of(input).then_some(&**input);
                if one_of.is_some() {
                    self.exactly_one(input, fields, value.location());
                }
                for (name, value) in fields {
                    if let Some(definition) = input.fields.get(name) {
                        self.value_fits(value, &Place { one_of, ..Place::of(definition) });
                    }
                }
            }
            _ => self.scalar_fits(value, place),
        }
    }

    fn variable_fits(&mut self, name: &Name, at: Option<SourceSpan>, place: &Place<'a>) {
        let declared = self.operation.variables.iter().find(|variable| variable.name == *name);
        let Some(variable) = declared else { return };
        if !fits(variable, place) {
            let message = format!(
                "Variable \"${name}\" of type \"{}\" used in position expecting type \"{}\".",
                variable.ty, place.ty
            );
            self.tell(message, at);
        }
        if let Some(input) = place.one_of.filter(|_| !variable.ty.is_non_null()) {
            let message = format!(
                "Variable \"${name}\" is of type \"{}\" but must be non-nullable to be used for OneOf Input Object \"{}\".",
                variable.ty, input.name
            );
            self.tell(message, at);
        }
    }

    fn exactly_one(
        &mut self,
        input: &InputObjectType,
        fields: &[(Name, Node<Value>)],
        at: Option<SourceSpan>,
    ) {
        // A name that stands twice is told of by itself.
        match fields {
            [(name, value), others @ ..] if others.iter().all(|(other, _)| other == name) => {
                if value.is_null() {
                    self.tell(format!("Field \"{}.{name}\" must be non-null.", input.name), at);
                }
            }
            _ => {
                let message = format!("OneOf Input Object \"{}\" must specify exactly one key.", input.name);
                self.tell(message, at);
            }
        }
    }

    fn scalar_fits(&mut self, value: &'a Node<Value>, place: &Place<'a>) {
        let name = place.ty.inner_named_type();
        let custom =
            matches!(self.types.schema.types.get(name), Some(ExtendedType::Scalar(ty)) if !ty.is_built_in());
        if !custom || value.is_null() {
            return;
        }
        // The name of an enumeration's value is no value of a scalar, though it is a text as JSON.
        let json = if value.as_enum().is_some() { serde_json::Value::Null } else { literal(value) };
        if let Some(why) = (self.types.check_scalar)(name, &json) {
            self.tell(format!("Expected value of type \"{name}\": {why}."), value.location());
        }
    }
}

/// Whether a variable may be used in a place: the rule that the specification calls `IsVariableUsageAllowed`.
fn fits(variable: &VariableDefinition, place: &Place<'_>) -> bool {
    if !place.ty.is_non_null() || variable.ty.is_non_null() {
        return variable.ty.is_assignable_to(place.ty);
    }
    let default = variable.default_value.as_ref().is_some_and(|value| !value.is_null());
    (default || place.has_default) && variable.ty.is_assignable_to(&place.ty.clone().nullable())
}
