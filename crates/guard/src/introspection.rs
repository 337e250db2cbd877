//! What a schema tells of itself.
//!
//! It is answered here, before execution, from the same text that the schema is published with. The time that an answer
//! takes is in proportion to its bytes, which are counted while it is written.

use std::io;

use apollo_compiler::{
    Name, Node,
    ast::{
        DirectiveDefinition, DirectiveList, EnumValueDefinition, FieldDefinition, InputValueDefinition, Type,
    },
    introspection::check_max_depth,
    schema::ExtendedType,
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use crate::{
    document::Document,
    limits::{Limits, over, within},
    plan::{Field, Selection},
    problem::{Code, Problem, Problems},
    types::{Types, fields, interfaces},
};

/// By this field gateways ask for the schema as a text.
const SERVICE: &str = "_service";

/// Whether a field at the root asks for the schema.
pub(crate) fn is_introspection(name: &str) -> bool {
    matches!(name, "__schema" | "__type" | SERVICE)
}

/// Refuses operations that ask for the schema, when it is not told.
pub(crate) fn refuse(document: &Document) -> Result<(), Problems> {
    let executable = &document.executable;
    let asked = executable
        .operations
        .iter()
        .flat_map(|operation| operation.root_fields(executable))
        .find(|field| is_introspection(&field.name));
    asked.map_or(Ok(()), |field| {
        let mut message = "This server does not tell its schema: introspection is switched off.".to_owned();
        if field.name == SERVICE {
            message += " Compose what `stackfit schema print --federation` prints.";
        }
        Err(vec![Problem::new(Code::ValidationFailed, message).at(document.at(field.name.location()))])
    })
}

/// Refuses operations that ask for types of fields of types, again and again: each time multiplies the answer.
pub(crate) fn check(document: &Document) -> Result<(), Problems> {
    for operation in document.executable.operations.iter() {
        check_max_depth(&document.executable, operation).map_err(|error| {
            let message = "The schema is asked for lists within lists, too deep.";
            vec![Problem::new(Code::MaxIntrospection, message).at(document.at(error.location()))]
        })?;
    }
    Ok(())
}

/// Refuses an operation that asks for the schema too often: it is a large answer.
pub(crate) fn count(selections: &[Selection], limits: &Limits) -> Result<(), Problems> {
    let asks = |selection: &&Selection| matches!(selection, Selection::Field(field) if is_introspection(&field.name));
    let found = selections.iter().filter(asks).count();
    let what = "The operation asks for the schema too often";
    within(Code::MaxIntrospection, what, found as u64, limits.introspections as u64)
}

/// What may still be told of the schema.
pub(crate) struct Introspection<'a> {
    types: &'a Types,
    allowed: usize,
    /// The bytes of what was told.
    told: usize,
}

impl<'a> Introspection<'a> {
    pub(crate) fn new(types: &'a Types, limits: &Limits) -> Self {
        Self { types, allowed: limits.introspection_bytes, told: 0 }
    }

    /// The answer to a field at the root that asks for the schema, or for the name of the root's type.
    pub(crate) fn answer(&mut self, root: &str, field: &Field) -> Result<Option<Box<RawValue>>, Problems> {
        let types = self.types;
        let told = match field.name.as_str() {
            "__typename" => Told::Text(root),
            "__schema" => Told::One(Thing::Schema),
            SERVICE => match &types.subgraph {
                Some(sdl) => Told::One(Thing::Subgraph(sdl)),
                None => return Ok(None),
            },
            "__type" => {
                let name = field.arguments.iter().find(|(name, _)| name == "name");
                let name = name.and_then(|(_, name)| name.as_str()).unwrap_or_default();
                types.schema.types.get(name).map_or(Told::Nothing, |ty| Told::One(Thing::Type(ty)))
            }
            _ => return Ok(None),
        };
        let mut text = Bounded { bytes: Vec::new(), left: self.allowed.saturating_sub(self.told) };
        let answer = Answer { types, told, selections: &field.selections };
        let what = "The answer about the schema is too long, in bytes";
        serde_json::to_writer(&mut text, &answer)
            .map_err(|_| over(Code::MaxIntrospection, what, self.allowed))?;
        self.told += text.bytes.len();
        let text = String::from_utf8(text.bytes).unwrap_or_default();
        Ok(RawValue::from_string(text).ok())
    }
}

/// A text that cannot grow without end.
struct Bounded {
    bytes: Vec<u8>,
    left: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(bytes.len()).ok_or(io::ErrorKind::FileTooLarge)?;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Something that a schema consists of.
#[derive(Clone, Copy)]
enum Thing<'a> {
    Schema,
    /// The schema as a part of a larger one, in the schema definition language.
    Subgraph(&'a str),
    Type(&'a ExtendedType),
    /// A list, or what is not null.
    Wrapped(&'a Type),
    /// What a type that is not null is, when it may be null.
    Unwrapped(&'a Type),
    Field(&'a FieldDefinition),
    Input(&'a InputValueDefinition),
    EnumValue(&'a EnumValueDefinition),
    Directive(&'a DirectiveDefinition),
}

/// What is told of a thing.
enum Told<'a> {
    Nothing,
    Text(&'a str),
    Written(String),
    Truth(bool),
    Texts(Vec<&'static str>),
    One(Thing<'a>),
    Many(Vec<Thing<'a>>),
}

/// What is told, with what is asked of it.
struct Answer<'a> {
    types: &'a Types,
    told: Told<'a>,
    selections: &'a [Selection],
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { types, told, selections } = self;
        let one = |thing| Object { types, thing, selections };
        match told {
            Told::Nothing => serializer.serialize_none(),
            Told::Text(text) => serializer.serialize_str(text),
            Told::Written(text) => serializer.serialize_str(text),
            Told::Truth(truth) => serializer.serialize_bool(*truth),
            Told::Texts(texts) => serializer.collect_seq(texts),
            Told::One(thing) => one(*thing).serialize(serializer),
            Told::Many(things) => serializer.collect_seq(things.iter().copied().map(one)),
        }
    }
}

/// A thing, with what is asked of it.
struct Object<'a> {
    types: &'a Types,
    thing: Thing<'a>,
    selections: &'a [Selection],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for selection in self.selections {
            // The types of introspection are all objects: there are no conditions.
            let Selection::Field(field) = selection else { continue };
            let told = self.thing.tell(field, self.types);
            map.serialize_entry(
                &field.key,
                &Answer { types: self.types, told, selections: &field.selections },
            )?;
        }
        map.end()
    }
}

impl<'a> Thing<'a> {
    fn tell(self, field: &Field, types: &'a Types) -> Told<'a> {
        match self {
            Self::Schema => of_schema(field, types),
            Self::Subgraph(sdl) => of_subgraph(sdl, field),
            Self::Type(ty) => of_type(ty, field, types),
            Self::Wrapped(ty) => of_wrapped(ty, field, types),
            Self::Unwrapped(ty) => of_unwrapped(ty, field, types),
            Self::Field(definition) => of_field(definition, field, types),
            Self::Input(definition) => of_input(definition, field, types),
            Self::EnumValue(definition) => of_enum_value(definition, field),
            Self::Directive(definition) => of_directive(definition, field),
        }
    }
}

fn of_schema<'a>(field: &Field, types: &'a Types) -> Told<'a> {
    let schema = &types.schema;
    let root = |name: Option<&str>| {
        name.and_then(|name| schema.types.get(name)).map_or(Told::Nothing, |ty| Told::One(Thing::Type(ty)))
    };
    let definition = &schema.schema_definition;
    match field.name.as_str() {
        "__typename" => Told::Text("__Schema"),
        "description" => optional(definition.description.as_deref()),
        "types" => Told::Many(schema.types.values().map(Thing::Type).collect()),
        "queryType" => root(definition.query.as_ref().map(|name| name.as_str())),
        "mutationType" => root(definition.mutation.as_ref().map(|name| name.as_str())),
        "subscriptionType" => root(definition.subscription.as_ref().map(|name| name.as_str())),
        "directives" => {
            Told::Many(schema.directive_definitions.values().map(|one| Thing::Directive(one)).collect())
        }
        _ => Told::Nothing,
    }
}

fn of_subgraph<'a>(sdl: &'a str, field: &Field) -> Told<'a> {
    match field.name.as_str() {
        "__typename" => Told::Text("_Service"),
        "sdl" => Told::Text(sdl),
        _ => Told::Nothing,
    }
}

fn of_type<'a>(ty: &'a ExtendedType, field: &Field, types: &'a Types) -> Told<'a> {
    let named = |names: Vec<&str>| {
        Told::Many(
            names.into_iter().filter_map(|name| types.schema.types.get(name)).map(Thing::Type).collect(),
        )
    };
    match (field.name.as_str(), ty) {
        ("__typename", _) => Told::Text("__Type"),
        ("kind", ty) => Told::Text(kind(ty)),
        ("name", ty) => Told::Text(ty.name()),
        ("description", ty) => optional(ty.description().map(|text| &**text)),
        ("specifiedByURL", ExtendedType::Scalar(ty)) => {
            let url = ty.directives.get("specifiedBy").and_then(|one| one.specified_argument_by_name("url"));
            optional(url.and_then(|url| url.as_str()))
        }
        ("fields", ty) => fields(ty).map_or(Told::Nothing, |fields| {
            let fields = shown(field, fields.values().map(|one| &***one), |one| &one.directives);
            Told::Many(fields.map(Thing::Field).collect())
        }),
        ("interfaces", ty) => interfaces(ty)
            .map_or(Told::Nothing, |interfaces| named(interfaces.iter().map(|name| name.as_str()).collect())),
        ("possibleTypes", ExtendedType::Union(ty)) => {
            named(ty.members.iter().map(|member| member.name.as_str()).collect())
        }
        ("possibleTypes", ExtendedType::Interface(_)) => {
            let possible = types.possible(ty.name());
            named(possible.ones().filter_map(|place| types.objects.get(place)).map(Name::as_str).collect())
        }
        ("enumValues", ExtendedType::Enum(ty)) => Told::Many(
            shown(field, ty.values.values().map(|one| &***one), |one| &one.directives)
                .map(Thing::EnumValue)
                .collect(),
        ),
        ("inputFields", ExtendedType::InputObject(ty)) => Told::Many(
            shown(field, ty.fields.values().map(|one| &***one), |one| &one.directives)
                .map(Thing::Input)
                .collect(),
        ),
        ("isOneOf", ExtendedType::InputObject(ty)) => Told::Truth(ty.directives.has("oneOf")),
        _ => Told::Nothing,
    }
}

fn kind(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "SCALAR",
        ExtendedType::Object(_) => "OBJECT",
        ExtendedType::Interface(_) => "INTERFACE",
        ExtendedType::Union(_) => "UNION",
        ExtendedType::Enum(_) => "ENUM",
        ExtendedType::InputObject(_) => "INPUT_OBJECT",
    }
}

/// A type where it is used: bare names are types of their own.
fn used<'a>(ty: &'a Type, types: &'a Types) -> Told<'a> {
    match ty {
        Type::Named(name) => {
            types.schema.types.get(name).map_or(Told::Nothing, |ty| Told::One(Thing::Type(ty)))
        }
        _ => Told::One(Thing::Wrapped(ty)),
    }
}

fn of_wrapped<'a>(ty: &'a Type, field: &Field, types: &'a Types) -> Told<'a> {
    match (field.name.as_str(), ty) {
        ("__typename", _) => Told::Text("__Type"),
        ("kind", Type::List(_)) => Told::Text("LIST"),
        ("kind", _) => Told::Text("NON_NULL"),
        ("ofType", Type::List(item)) => used(item, types),
        ("ofType", Type::NonNullNamed(name)) => {
            types.schema.types.get(name).map_or(Told::Nothing, |ty| Told::One(Thing::Type(ty)))
        }
        ("ofType", ty) => Told::One(Thing::Unwrapped(ty)),
        _ => Told::Nothing,
    }
}

/// A list that is not null, without its not being null.
fn of_unwrapped<'a>(ty: &'a Type, field: &Field, types: &'a Types) -> Told<'a> {
    match field.name.as_str() {
        "__typename" => Told::Text("__Type"),
        "kind" => Told::Text("LIST"),
        "ofType" => used(ty.item_type(), types),
        _ => Told::Nothing,
    }
}

fn of_field<'a>(definition: &'a FieldDefinition, field: &Field, types: &'a Types) -> Told<'a> {
    match field.name.as_str() {
        "__typename" => Told::Text("__Field"),
        "name" => Told::Text(&definition.name),
        "description" => optional(definition.description.as_deref()),
        "args" => Told::Many(arguments(field, &definition.arguments)),
        "type" => used(&definition.ty, types),
        name => deprecation(name, &definition.directives),
    }
}

fn of_input<'a>(definition: &'a InputValueDefinition, field: &Field, types: &'a Types) -> Told<'a> {
    match field.name.as_str() {
        "__typename" => Told::Text("__InputValue"),
        "name" => Told::Text(&definition.name),
        "description" => optional(definition.description.as_deref()),
        "type" => used(&definition.ty, types),
        "defaultValue" => {
            let default = definition.default_value.as_ref();
            default.map_or(Told::Nothing, |value| Told::Written(value.to_string()))
        }
        name => deprecation(name, &definition.directives),
    }
}

fn of_enum_value<'a>(definition: &'a EnumValueDefinition, field: &Field) -> Told<'a> {
    match field.name.as_str() {
        "__typename" => Told::Text("__EnumValue"),
        "name" => Told::Text(&definition.value),
        "description" => optional(definition.description.as_deref()),
        name => deprecation(name, &definition.directives),
    }
}

fn of_directive<'a>(definition: &'a DirectiveDefinition, field: &Field) -> Told<'a> {
    match field.name.as_str() {
        "__typename" => Told::Text("__Directive"),
        "name" => Told::Text(&definition.name),
        "description" => optional(definition.description.as_deref()),
        "isRepeatable" => Told::Truth(definition.repeatable),
        "locations" => Told::Texts(definition.locations.iter().map(|location| location.name()).collect()),
        "args" => Told::Many(arguments(field, &definition.arguments)),
        _ => Told::Nothing,
    }
}

fn arguments<'a>(field: &Field, definitions: &'a [Node<InputValueDefinition>]) -> Vec<Thing<'a>> {
    shown(field, definitions.iter().map(|one| &**one), |one| &one.directives).map(Thing::Input).collect()
}

fn optional(text: Option<&str>) -> Told<'_> {
    text.map_or(Told::Nothing, Told::Text)
}

/// The things that are told of: deprecated ones only when they are asked for.
fn shown<'a, T: 'a>(
    field: &Field,
    all: impl Iterator<Item = &'a T>,
    directives: impl Fn(&T) -> &DirectiveList,
) -> impl Iterator<Item = &'a T> {
    let asked = field.arguments.iter().find(|(name, _)| name == "includeDeprecated");
    let deprecated = asked.and_then(|(_, value)| value.as_bool()).unwrap_or_default();
    all.filter(move |one| deprecated || !directives(one).has("deprecated"))
}

fn deprecation<'a>(name: &str, directives: &'a DirectiveList) -> Told<'a> {
    let deprecated = directives.get("deprecated");
    match name {
        "isDeprecated" => Told::Truth(deprecated.is_some()),
        "deprecationReason" => {
            let reason = deprecated.and_then(|one| one.specified_argument_by_name("reason"));
            let given = reason.and_then(|reason| reason.as_str());
            optional(deprecated.map(|_| given.unwrap_or("No longer supported")))
        }
        _ => Told::Nothing,
    }
}
