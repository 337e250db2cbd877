//! Representations: what a gateway knows of an entity that it asks for.

use async_graphql::{ID, InputValueResult, Scalar, ScalarType, Value};
use stackfit_domain::{
    Error, Result, fact_code::FactCode, id::Id, slug::Slug, subject::Subject, text::excerpt,
};

use super::subgraph::{EntityType, Sort, entity_type};
use crate::id::NodeKey;

/// What a gateway knows of an entity: an object with `__typename`, the fields of a key, and whatever else.
pub(super) struct Representation(Value);

/// What a gateway knows of an entity: an object with `__typename`, the fields of a key, and whatever else.
#[Scalar(name = "_Any")]
impl ScalarType for Representation {
    // What is wrong with one is told of the one, so that the others are answered.
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value))
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

/// What a representation asks for.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) ty: &'static EntityType,
    pub(super) key: NodeKey,
    /// Whether it was asked for by its id, and not only by its name.
    pub(super) by_id: bool,
}

impl Representation {
    /// Reads it; nothing when its keys stand for different things. `field` is where it stands.
    pub(super) fn read(&self, field: &str) -> Result<Option<Wanted>> {
        let wrong = |message: String| Err(Error::invalid(field, message));
        let Value::Object(fields) = &self.0 else {
            return wrong("must be an object with `__typename` and the fields of a key.".to_owned());
        };
        let Some(Value::String(name)) = fields.get("__typename") else {
            return wrong("must have a `__typename`, which is a string.".to_owned());
        };
        let Some(ty) = entity_type(name) else {
            return wrong(format!("`{}` is no type of an entity.", excerpt(name)));
        };
        let given = ty.keys.iter().filter_map(|key| Some((*key, fields.get(*key)?)));
        let mut keys = Vec::new();
        for (name, value) in given.filter(|(_, value)| **value != Value::Null) {
            keys.push((name, key(ty, name, value, &format!("{field}.{name}"))?));
        }
        let Some((first, key)) = keys.first().copied() else {
            return wrong(format!("must have a key of {}: {}.", ty.name, ty.keys.join(" or ")));
        };
        let agree = keys.iter().all(|(_, other)| *other == key);
        Ok(agree.then_some(Wanted { ty, key, by_id: first == "id" }))
    }
}

/// What one key stands for. Ids follow from names, so that nothing needs to be looked up.
fn key(ty: &EntityType, name: &str, value: &Value, field: &str) -> Result<NodeKey> {
    let Value::String(text) = value else {
        return Err(Error::invalid(field, "must be a string."));
    };
    match (name, ty.sort) {
        ("slug", Sort::Subject(kind)) => {
            let slug = Slug::parse(text).map_err(|error| error.named(field))?;
            Ok(NodeKey::subject(kind, Subject::new(kind, slug).id()))
        }
        ("code", Sort::Fact) => {
            let code = FactCode::parse(text).map_err(|error| error.named(field))?;
            Ok(NodeKey::Fact(Id::named(code.as_str())))
        }
        _ => {
            let key = NodeKey::decode(field, &ID(text.clone()))?;
            let fits = match (key, ty.sort) {
                (NodeKey::Subject(subject), Sort::Subject(kind)) => subject.kind == kind,
                (NodeKey::Fact(_), Sort::Fact) | (NodeKey::Change(_), Sort::Change) => true,
                _ => false,
            };
            if fits {
                Ok(key)
            } else {
                Err(Error::invalid(field, format!("is the id of a thing of another type than {}.", ty.name)))
            }
        }
    }
}
