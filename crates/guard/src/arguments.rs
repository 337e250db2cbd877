//! The arguments of a field, with variables filled in.

use apollo_compiler::{Name, Node, ast, executable};
use serde_json::{Map, Value};

/// The variables of a request as they were coerced. A variable that was left out and has no default is not there.
pub(crate) type Variables = Map<String, Value>;

/// The arguments that were given: one whose variable was left out was not.
pub(crate) fn given(field: &executable::Field, variables: &Variables) -> Vec<(String, Value)> {
    let given = field.arguments.iter().filter_map(|argument| {
        let value = filled(&argument.value, variables)?;
        Some((argument.name.to_string(), value))
    });
    given.collect()
}

/// A value with its variables filled in; nothing for a variable that was left out.
fn filled(value: &ast::Value, variables: &Variables) -> Option<Value> {
    Some(match value {
        ast::Value::Variable(name) => variables.get(name.as_str())?.clone(),
        // A variable that was left out is null in a list, and no field in an object.
        ast::Value::List(items) => {
            items.iter().map(|item| filled(item, variables).unwrap_or_default()).collect()
        }
        ast::Value::Object(fields) => fields
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), filled(value, variables)?)))
            .collect(),
        constant => literal(constant),
    })
}

/// A literal as JSON. A variable in it is null; there is none in what is constant.
pub(crate) fn literal(value: &ast::Value) -> Value {
    match value {
        ast::Value::Null | ast::Value::Variable(_) => Value::Null,
        ast::Value::Enum(name) => name.as_str().into(),
        ast::Value::String(text) => text.as_str().into(),
        ast::Value::Boolean(value) => (*value).into(),
        // As a number of JSON, -0 would be a float.
        ast::Value::Int(number) => match number.as_str().parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => number.as_str().parse().map_or(Value::Null, Value::Number),
        },
        ast::Value::Float(number) => number.as_str().parse().map_or(Value::Null, Value::Number),
        ast::Value::List(items) => items.iter().map(|item| literal(item)).collect(),
        ast::Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.to_string(), literal(value))).collect()
        }
    }
}

/// About how many bytes a value takes.
pub(crate) fn bytes(value: &Value) -> usize {
    let inner: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(bytes).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + bytes(value)).sum(),
        _ => 0,
    };
    inner + size_of::<Value>()
}

/// Whether two fields have the same arguments, in whatever order.
pub(crate) fn same(one: &[Node<ast::Argument>], other: &[Node<ast::Argument>]) -> bool {
    let in_other = |argument: &Node<ast::Argument>| {
        let found = other.iter().find(|other| other.name == argument.name);
        found.is_some_and(|other| same_value(&argument.value, &other.value))
    };
    one.len() == other.len() && one.iter().all(in_other)
}

fn same_value(one: &ast::Value, other: &ast::Value) -> bool {
    match (one, other) {
        (ast::Value::List(one), ast::Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_value(one, other))
        }
        (ast::Value::Object(one), ast::Value::Object(other)) => {
            let in_other = |(name, value): &(Name, Node<ast::Value>)| {
                other.iter().any(|(other, found)| other == name && same_value(value, found))
            };
            one.len() == other.len() && one.iter().all(in_other)
        }
        _ => one == other,
    }
}
