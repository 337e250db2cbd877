//! What is an entity, and the text of the schema that a federation is composed of.
//!
//! Both follow from the schema: each type that is a node is an entity, with those of its fields as keys that name a
//! thing. Nothing is registered.

use std::{collections::HashMap, sync::LazyLock};

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Argument, Directive, Value},
    name,
    schema::{Component, ExtendedType},
};
use stackfit_domain::{code::Code, subject::SubjectKind};
use strum::VariantArray;

use crate::schema::sdl;

/// The oldest version of the specification that has keys of interfaces.
const VERSION: &str = "https://specs.apollo.dev/federation/v2.3";
/// The fields that name a thing, each alone.
const KEYS: [&str; 3] = ["id", "slug", "code"];
/// Types that other subgraphs have, too, and that mean the same there.
const SHAREABLE: [&str; 1] = ["PageInfo"];
/// What only gateways ask for. They add it themselves.
const OF_GATEWAYS: [&str; 5] = ["_Any", "_Entity", "_Service", "_entities", "_service"];

/// A type that gateways ask for by a key: an object, or an interface of some.
#[derive(Debug)]
pub(super) struct EntityType {
    pub(super) name: Name,
    pub(super) sort: Sort,
    /// The fields that are keys.
    pub(super) keys: Vec<&'static str>,
    /// The object types that it can be.
    objects: Vec<Name>,
}

/// What the ids and names of a type stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Subject(SubjectKind),
    Fact,
    Change,
}

impl EntityType {
    /// Whether a thing of an object type is one of this.
    pub(super) fn can_be(&self, object: &str) -> bool {
        self.objects.iter().any(|name| name == object)
    }
}

struct Subgraph {
    sdl: String,
    types: HashMap<Name, EntityType>,
}

static SUBGRAPH: LazyLock<Subgraph> = LazyLock::new(|| match Schema::parse(sdl(), "schema.graphql") {
    Ok(schema) => {
        let types = entity_types(&schema);
        Subgraph { sdl: annotated(schema, &types).to_string(), types }
    }
    Err(error) => unreachable!("the schema cannot be read: {}", error.errors),
});

/// The schema as a subgraph of a federation, in the schema definition language.
pub fn subgraph_sdl() -> &'static str {
    &SUBGRAPH.sdl
}

/// The type of entities that has a name.
pub(super) fn entity_type(name: &str) -> Option<&'static EntityType> {
    SUBGRAPH.types.get(name)
}

fn entity_types(schema: &Schema) -> HashMap<Name, EntityType> {
    let implementers = schema.implementers_map();
    let objects = |name: &Name| match implementers.get(name) {
        Some(all) => all.objects.iter().cloned().collect(),
        None => vec![name.clone()],
    };
    let of = |(name, ty): (&Name, &ExtendedType)| {
        let keys = KEYS.into_iter().filter(|key| schema.type_field(name, key).is_ok()).collect();
        let sort = sort(name, ty)?;
        Some((name.clone(), EntityType { name: name.clone(), sort, keys, objects: objects(name) }))
    };
    schema.types.iter().filter_map(of).collect()
}

/// What a type stands for; nothing when it is no entity. All nodes together are none: other subgraphs have nodes, too.
fn sort(name: &Name, ty: &ExtendedType) -> Option<Sort> {
    let interfaces = match ty {
        ExtendedType::Object(ty) => &ty.implements_interfaces,
        ExtendedType::Interface(ty) => &ty.implements_interfaces,
        _ => return None,
    };
    let is = |wanted: &str| name == wanted || interfaces.iter().any(|one| one.name == wanted);
    if !interfaces.iter().any(|one| one.name == "Node") {
        return None;
    }
    if is("Fact") {
        Some(Sort::Fact)
    } else if is("Change") {
        Some(Sort::Change)
    } else if is("Technology") {
        Some(Sort::Subject(SubjectKind::Technology))
    } else {
        let is_its = |kind: &&SubjectKind| kind.code().replace('_', "").eq_ignore_ascii_case(name);
        SubjectKind::VARIANTS.iter().find(is_its).map(|kind| Sort::Subject(*kind))
    }
}

/// The schema with what gateways must know of it, and without what they add themselves.
fn annotated(mut schema: Schema, types: &HashMap<Name, EntityType>) -> Schema {
    schema.types.retain(|name, _| !OF_GATEWAYS.contains(&name.as_str()));
    // They are part of the language.
    schema.directive_definitions.retain(|name, _| !["skip", "include"].contains(&name.as_str()));
    for (name, ty) in &mut schema.types {
        let keys = types.get(name).into_iter().flat_map(|ty| &ty.keys);
        let mut added: Vec<Directive> =
            keys.map(|key| directive(name!("key"), name!("fields"), (*key).into())).collect();
        if SHAREABLE.contains(&name.as_str()) {
            added.push(Directive::new(name!("shareable")));
        }
        let added = added.into_iter().map(Component::new);
        match ty {
            ExtendedType::Object(ty) => {
                let ty = ty.make_mut();
                ty.directives.0.extend(added);
                ty.fields.retain(|name, _| !OF_GATEWAYS.contains(&name.as_str()));
            }
            ExtendedType::Interface(ty) => ty.make_mut().directives.0.extend(added),
            _ => {}
        }
    }
    let imports = ["@key", "@shareable"].map(|name| Node::new(name.into()));
    let mut link = directive(name!("link"), name!("url"), VERSION.into());
    link.arguments.push(argument(name!("import"), Value::List(imports.into())));
    schema.schema_definition.make_mut().directives.0.push(Component::new(link));
    schema
}

fn directive(name: Name, of: Name, value: Value) -> Directive {
    Directive { name, arguments: vec![argument(of, value)] }
}

fn argument(name: Name, value: Value) -> Node<Argument> {
    Node::new(Argument { name, value: Node::new(value) })
}
