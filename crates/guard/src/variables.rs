//! The values of variables, coerced to the types that the operation declares.

use apollo_compiler::{
    Name,
    ast::Type,
    executable::Operation,
    schema::{ExtendedType, InputObjectType},
};
use serde_json::{Map, Value};

use crate::{
    arguments::{Variables, literal},
    limits::{Limits, over, within},
    problem::{Code, Problem, Problems},
    schema::is_one_of,
    suggestion::{did_you_mean, list},
    types::Types,
};

/// How deep the values of variables may nest.
const MAX_NESTING: usize = 32;

/// The variables of an operation from the values that came with a request. A value that no variable has a name for
/// is left out, as the specification has it.
pub(crate) fn coerce(
    types: &Types,
    operation: &Operation,
    values: &Map<String, Value>,
    limits: &Limits,
    hints: bool,
) -> Result<Variables, Problems> {
    let mut size = Size::default();
    for value in values.values() {
        measure(value, limits, 0, &mut size)?;
    }
    let mut coercion = Coercion { types, hints, problems: Vec::new(), most: limits.problems };
    let mut variables = Variables::new();
    for definition in &operation.variables {
        let name = definition.name.as_str();
        let path = Path { name, parent: None };
        match (values.get(name), &definition.default_value) {
            (Some(value), _) => {
                variables.insert(name.to_owned(), coercion.value(&definition.ty, value, &path));
            }
            (None, Some(default)) => {
                variables.insert(name.to_owned(), coercion.value(&definition.ty, &literal(default), &path));
            }
            (None, None) if definition.ty.is_non_null() => {
                coercion.tell(&path, format!("a value of type {} is required.", definition.ty));
            }
            (None, None) => {}
        }
    }
    if coercion.problems.is_empty() { Ok(variables) } else { Err(coercion.problems) }
}

/// What the values of variables hold together.
#[derive(Default)]
struct Size {
    values: usize,
    bytes: usize,
}

/// Refuses values that are too many or too long, lists that are too long, and what nests too deep.
fn measure(value: &Value, limits: &Limits, depth: usize, size: &mut Size) -> Result<(), Problems> {
    size.values += 1;
    if size.values > limits.values {
        return Err(over(Code::MaxList, "The variables hold too many values", limits.values));
    }
    size.bytes += value.as_str().map_or(0, str::len);
    if size.bytes > limits.bytes {
        return Err(over(
            Code::MaxCharacters,
            "The texts of the variables are too long, in bytes",
            limits.bytes,
        ));
    }
    if depth > MAX_NESTING {
        return Err(over(Code::MaxDepth, "The variables nest too deep", MAX_NESTING));
    }
    match value {
        Value::Array(items) => {
            let found = items.len() as u64;
            within(Code::MaxList, "A list among the variables is too long", found, limits.list as u64)?;
            items.iter().try_for_each(|item| measure(item, limits, depth + 1, size))
        }
        Value::Object(fields) => {
            fields.values().try_for_each(|field| measure(field, limits, depth + 1, size))
        }
        _ => Ok(()),
    }
}

/// Where a value stands among the variables.
struct Path<'a> {
    name: &'a str,
    parent: Option<&'a Path<'a>>,
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.parent {
            Some(parent) => write!(formatter, "{parent}.{}", self.name),
            None => write!(formatter, "${}", self.name),
        }
    }
}

struct Coercion<'a> {
    types: &'a Types,
    /// Whether names of the schema may be told.
    hints: bool,
    problems: Problems,
    most: usize,
}

impl Coercion<'_> {
    fn tell(&mut self, path: &Path<'_>, message: impl std::fmt::Display) {
        if self.problems.len() < self.most {
            self.problems.push(Problem::new(Code::BadUserInput, format!("{path}: {message}")));
        }
    }

    fn value(&mut self, ty: &Type, value: &Value, path: &Path<'_>) -> Value {
        if value.is_null() {
            if ty.is_non_null() {
                self.tell(path, format!("it must be of type {ty}, not null."));
            }
            return Value::Null;
        }
        match (ty, value) {
            (Type::Named(name) | Type::NonNullNamed(name), value) => self.named(name, value, path),
            (Type::List(item) | Type::NonNullList(item), Value::Array(values)) => {
                let one = |(index, value): (usize, &Value)| {
                    let name = index.to_string();
                    self.value(item, value, &Path { name: &name, parent: Some(path) })
                };
                values.iter().enumerate().map(one).collect()
            }
            // One value stands for a list of it.
            (Type::List(item) | Type::NonNullList(item), value) => {
                Value::Array(vec![self.value(item, value, path)])
            }
        }
    }

    fn named(&mut self, name: &str, value: &Value, path: &Path<'_>) -> Value {
        match self.types.schema.types.get(name) {
            Some(ExtendedType::InputObject(input)) => self.object(input, value, path),
            Some(ExtendedType::Enum(allowed)) => {
                let known = value.as_str().is_some_and(|text| allowed.values.contains_key(text));
                if !known && self.problems.len() < self.most {
                    let names = || list(allowed.values.keys().map(Name::as_str));
                    let hint = if self.hints { format!(" Allowed are {}.", names()) } else { String::new() };
                    self.tell(path, format!("{} is no {name}.{hint}", shown(value)));
                }
                value.clone()
            }
            Some(ExtendedType::Scalar(scalar)) if !scalar.is_built_in() => {
                if let Some(why) = (self.types.check_scalar)(name, value) {
                    self.tell(path, format!("{} is no {name}: {why}.", shown(value)));
                }
                value.clone()
            }
            _ => scalar(name, value).unwrap_or_else(|| {
                self.tell(path, format!("{} is no {name}.", shown(value)));
                Value::Null
            }),
        }
    }

    fn object(&mut self, input: &InputObjectType, value: &Value, path: &Path<'_>) -> Value {
        let Value::Object(fields) = value else {
            self.tell(path, format!("{} is no {}: an object is expected.", shown(value), input.name));
            return Value::Null;
        };
        for unknown in fields.keys().filter(|name| !input.fields.contains_key(name.as_str())) {
            // What is near is sought only for what is told.
            if self.problems.len() >= self.most {
                break;
            }
            let known = input.fields.keys().map(Name::as_str);
            let hint = if self.hints { did_you_mean(unknown, known) } else { String::new() };
            let unknown = shown(&unknown.as_str().into());
            self.tell(path, format!("{} has no field {unknown}.{hint}", input.name));
        }
        let mut coerced = Map::new();
        for (name, definition) in &input.fields {
            let path = Path { name, parent: Some(path) };
            match (fields.get(name.as_str()), &definition.default_value) {
                (Some(value), _) => {
                    coerced.insert(name.to_string(), self.value(&definition.ty, value, &path));
                }
                (None, None) if definition.ty.is_non_null() => {
                    self.tell(&path, format!("a value of type {} is required.", definition.ty));
                }
                // The executor knows the default.
                (None, _) => {}
            }
        }
        if is_one_of(input) {
            self.exactly_one(input, fields, path);
        }
        Value::Object(coerced)
    }

    /// Sees that of a `@oneOf` input object one field is given, and not null. What is no field of it does not count.
    fn exactly_one(&mut self, input: &InputObjectType, fields: &Map<String, Value>, path: &Path<'_>) {
        let mut given = fields.iter().filter(|(name, _)| input.fields.contains_key(name.as_str()));
        match (given.next(), given.count()) {
            (Some((name, Value::Null)), 0) => {
                let path = Path { name, parent: Some(path) };
                self.tell(&path, format!("it must not be null, as the only field of {}.", input.name));
            }
            (Some(_), 0) => {}
            (first, others) => {
                let found = usize::from(first.is_some()) + others;
                let allowed = list(input.fields.keys().map(Name::as_str));
                let hint = if self.hints { format!(" Allowed are {allowed}.") } else { String::new() };
                self.tell(path, format!("{} takes exactly one field, not {found}.{hint}", input.name));
            }
        }
    }
}

/// A scalar of the language, coerced; nothing when it does not fit.
fn scalar(name: &str, value: &Value) -> Option<Value> {
    match name {
        "Int" => {
            // In JSON, 1.0 is a way to write 1.
            let whole = value.as_i64().or_else(|| {
                let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
                let in_range = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
                #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
                in_range.then_some(number as i64)
            })?;
            i32::try_from(whole).ok().map(Value::from)
        }
        "Float" => value.is_number().then(|| value.clone()),
        "String" => value.is_string().then(|| value.clone()),
        "Boolean" => value.is_boolean().then(|| value.clone()),
        "ID" => match value {
            Value::String(_) => Some(value.clone()),
            Value::Number(number) => {
                let whole = number.as_f64().is_some_and(|number| number.fract() == 0.0);
                whole.then(|| number.to_string().into())
            }
            _ => None,
        },
        _ => None,
    }
}

/// A value for people, never long.
fn shown(value: &Value) -> String {
    const MOST: usize = 60;
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        value => {
            let text = value.to_string();
            match text.char_indices().nth(MOST) {
                Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
                None => text,
            }
        }
    }
}
