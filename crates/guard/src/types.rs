//! The types of a schema, with what is asked of them again and again.

use std::collections::HashMap;

use apollo_compiler::{
    Name, Schema,
    ast::FieldDefinition,
    collections::{IndexMap, IndexSet},
    schema::{Component, ComponentName, ExtendedType},
    validation::Valid,
};
use fixedbitset::FixedBitSet;
use serde_json::Value;

use crate::schema::parse_schema;

/// Tells why a value is none of a scalar of the schema; nothing when it is one. Only the executor knows.
pub type ScalarCheck = fn(scalar: &str, value: &Value) -> Option<String>;

/// The types of a schema.
#[derive(Debug)]
pub struct Types {
    pub(crate) check_scalar: ScalarCheck,
    pub(crate) schema: Valid<Schema>,
    /// What the schema is as a part of a larger one, for the field `_service` at the root.
    pub(crate) subgraph: Option<String>,
    /// All object types; their places are the bits of sets.
    pub(crate) objects: Vec<Name>,
    possible: HashMap<Name, FixedBitSet>,
}

/// The fields of a type that has some: an object or an interface.
pub(crate) fn fields(ty: &ExtendedType) -> Option<&IndexMap<Name, Component<FieldDefinition>>> {
    match ty {
        ExtendedType::Object(ty) => Some(&ty.fields),
        ExtendedType::Interface(ty) => Some(&ty.fields),
        _ => None,
    }
}

/// The interfaces of a type that can have some: an object or an interface.
pub(crate) fn interfaces(ty: &ExtendedType) -> Option<&IndexSet<ComponentName>> {
    match ty {
        ExtendedType::Object(ty) => Some(&ty.implements_interfaces),
        ExtendedType::Interface(ty) => Some(&ty.implements_interfaces),
        _ => None,
    }
}

impl Types {
    /// Reads a schema in the schema definition language.
    ///
    /// # Errors
    /// What is wrong with the schema.
    pub fn parse(sdl: &str, check_scalar: ScalarCheck) -> Result<Self, String> {
        let schema = parse_schema(sdl, "schema.graphql")?;
        let implementers = schema.implementers_map();
        let objects: Vec<Name> =
            schema.types.iter().filter(|(_, ty)| ty.is_object()).map(|(name, _)| name.clone()).collect();
        let places: HashMap<&Name, usize> =
            objects.iter().enumerate().map(|(place, name)| (name, place)).collect();
        let set = |names: &mut dyn Iterator<Item = &Name>| {
            let mut set = FixedBitSet::with_capacity(objects.len());
            set.extend(names.filter_map(|name| places.get(name).copied()));
            set
        };
        let possible = schema
            .types
            .iter()
            .map(|(name, ty)| {
                let possible = match ty {
                    ExtendedType::Object(_) => set(&mut std::iter::once(name)),
                    ExtendedType::Union(union) => set(&mut union.members.iter().map(|member| &member.name)),
                    _ => set(&mut implementers.get(name).iter().flat_map(|all| all.objects.iter())),
                };
                (name.clone(), possible)
            })
            .collect();
        Ok(Self { check_scalar, schema, subgraph: None, objects, possible })
    }

    /// Tells gateways what the schema is as a part of a larger one: `_service` is answered like other questions for the
    /// schema, by this text.
    #[must_use]
    pub fn with_subgraph(mut self, sdl: String) -> Self {
        self.subgraph = Some(sdl);
        self
    }

    pub(crate) fn is_union(&self, name: &str) -> bool {
        self.schema.types.get(name).is_some_and(ExtendedType::is_union)
    }

    pub(crate) fn is_object(&self, name: &str) -> bool {
        self.schema.types.get(name).is_some_and(ExtendedType::is_object)
    }

    /// The object types that a value of a composite type can have; none for other types.
    pub(crate) fn possible(&self, name: &Name) -> FixedBitSet {
        self.possible.get(name).cloned().unwrap_or_default()
    }
}
