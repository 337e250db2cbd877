//! Enumerations of the domain as enumerations of GraphQL: name, values and descriptions are the domain's.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned,
    ServerResult, Value,
    indexmap::IndexMap,
    parser::types::Field,
    registry::{Deprecation, MetaEnumValue, MetaType, MetaTypeId, Registry},
};
use stackfit_domain::code::Code;

/// An enumeration of the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coded<C>(pub C);

impl<C> From<C> for Coded<C> {
    fn from(code: C) -> Self {
        Self(code)
    }
}

/// The domain's values of a list.
pub(crate) fn codes<C>(values: Vec<Coded<C>>) -> Vec<C> {
    values.into_iter().map(|value| value.0).collect()
}

/// A list of the domain's values.
pub(crate) fn coded<C>(values: Vec<C>) -> Vec<Coded<C>> {
    values.into_iter().map(Coded).collect()
}

fn value<C: Code>(code: C) -> MetaEnumValue {
    MetaEnumValue {
        name: code.code().to_owned(),
        description: Some(code.description().to_owned()),
        deprecation: Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    }
}

fn register<C: Code + Send + Sync + 'static>(registry: &mut Registry) -> String {
    registry.create_input_type::<Coded<C>, _>(MetaTypeId::Enum, |_| {
        let values: IndexMap<String, MetaEnumValue> =
            C::VARIANTS.iter().map(|code| (code.code().to_owned(), value(*code))).collect();
        MetaType::Enum {
            name: C::NAME.to_owned(),
            description: Some(C::DESCRIPTION.to_owned()),
            enum_values: values,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: Some(std::any::type_name::<Coded<C>>()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        }
    })
}

impl<C: Code + Send + Sync + 'static> InputType for Coded<C> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(C::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register::<C>(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let text = match &value {
            Value::Enum(name) => name.as_str(),
            Value::String(text) => text.as_str(),
            _ => return Err(InputValueError::expected_type(value)),
        };
        C::parse(text).map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::Enum(Name::new(self.0.code()))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<C: Code + Send + Sync + 'static> OutputType for Coded<C> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(C::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register::<C>(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(Name::new(self.0.code())))
    }
}
