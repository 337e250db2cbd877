//! Writes what is to be executed as the executor reads it.
//!
//! Places are written as bytes of the document in the column, with line 0: lines are counted only when an error
//! tells of them.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Positioned, ServerError, Value as ConstValue,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, InlineFragment, OperationDefinition, OperationType,
        Selection, SelectionSet, TypeCondition,
    },
};
use stackfit_guard::{Document, Kind, Plan};

/// The document that asks for what a plan says.
pub(crate) fn document(plan: &Plan) -> ExecutableDocument {
    let ty = match plan.kind {
        // An event is executed like a query.
        Kind::Query | Kind::Subscription => OperationType::Query,
        Kind::Mutation => OperationType::Mutation,
    };
    let operation = OperationDefinition {
        ty,
        variable_definitions: Vec::new(),
        directives: Vec::new(),
        selection_set: selection_set(&plan.selections, 0),
    };
    ExecutableDocument { operations: DocumentOperations::Single(at(operation, 0)), fragments: HashMap::new() }
}

fn at<T>(node: T, offset: usize) -> Positioned<T> {
    Positioned::new(node, Pos { line: 0, column: offset })
}

/// Makes lines and columns of the places of errors.
pub(crate) fn tell_places(errors: &mut [ServerError], document: &Document) {
    let written = |place: &&Pos| place.line == 0;
    let offsets = errors.iter().flat_map(|error| &error.locations).filter(written).map(|place| place.column);
    let places = document.positions(offsets);
    for place in errors.iter_mut().flat_map(|error| &mut error.locations) {
        if let Some(told) = places.get(&place.column).filter(|_| place.line == 0) {
            *place = Pos { line: told.line, column: told.column };
        }
    }
}

fn selection_set(selections: &[stackfit_guard::Selection], offset: usize) -> Positioned<SelectionSet> {
    let items = selections.iter().map(|selection| selection_of(selection, offset)).collect();
    at(SelectionSet { items }, offset)
}

fn selection_of(selection: &stackfit_guard::Selection, offset: usize) -> Positioned<Selection> {
    match selection {
        stackfit_guard::Selection::Field(field) => at(Selection::Field(self::field(field)), field.offset),
        stackfit_guard::Selection::On { type_name, selections } => {
            let condition = TypeCondition { on: at(Name::new(type_name), offset) };
            let fragment = InlineFragment {
                type_condition: Some(at(condition, offset)),
                directives: Vec::new(),
                selection_set: selection_set(selections, offset),
            };
            at(Selection::InlineFragment(at(fragment, offset)), offset)
        }
    }
}

fn field(field: &stackfit_guard::Field) -> Positioned<Field> {
    let offset = field.offset;
    let arguments = field.arguments.iter().map(|(name, value)| {
        // JSON is always a value; a number that is too large for one was refused.
        let value = ConstValue::from_json(value.clone()).unwrap_or_default();
        (at(Name::new(name), offset), at(value.into_value(), offset))
    });
    let renamed = field.key != field.name;
    let asked = Field {
        alias: renamed.then(|| at(Name::new(&field.key), offset)),
        name: at(Name::new(&field.name), offset),
        arguments: arguments.collect(),
        directives: Vec::new(),
        selection_set: selection_set(&field.selections, offset),
    };
    at(asked, offset)
}
