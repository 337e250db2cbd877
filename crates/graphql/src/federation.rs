//! The schema as a subgraph: gateways of a federation ask for its text, and for entities by their keys.
//!
//! Whatever has a global id is an entity: see [`subgraph`].

mod representation;
mod subgraph;

use std::borrow::Cow;

use async_graphql::{
    Context, ContextSelectionSet, Object, OutputType, Positioned, ServerResult, SimpleObject, Value,
    parser::types::Field,
    registry::{MetaType, MetaTypeId, Registry},
};
use futures_util::future::join_all;
use stackfit_domain::{Error, Result};
use stackfit_guard::{Plan, Selection};

use crate::{
    error::{FieldResult, Nullable, at, to_client},
    node::{self, Node},
};
use representation::{Representation, Wanted};

pub use subgraph::subgraph_sdl;

/// The most representations that one `_entities` takes.
const MAX_REPRESENTATIONS: usize = 1_000;
/// The most representations that one request holds, under all names of `_entities` together.
const MAX_IN_REQUEST: usize = 2_000;

/// Refuses a request that holds too many representations, before anything is made of them.
pub(crate) fn check(plan: &Plan) -> Result<()> {
    let lists = plan.selections.iter().flat_map(|selection| match selection {
        Selection::Field(field) if field.name == "_entities" => field.arguments.as_slice(),
        _ => &[],
    });
    let found: usize = lists.filter_map(|(_, list)| list.as_array().map(Vec::len)).sum();
    if found <= MAX_IN_REQUEST {
        return Ok(());
    }
    let message =
        format!("The document holds {found} representations; allowed are {MAX_IN_REQUEST} in one request.");
    Err(Error::Costly(message))
}

/// The schema as a subgraph of a federation.
#[derive(SimpleObject)]
#[graphql(name = "_Service")]
struct Service {
    /// The schema in the schema definition language, with the keys of its entities and without what only gateways ask
    /// for.
    sdl: String,
}

/// An entity, which gateways ask for by a key.
struct Entity(Node);

/// The union of all nodes. It is made of the interface, so that nobody can forget a member.
impl OutputType for Entity {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("_Entity")
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Union, |registry| {
            Node::create_type_info(registry);
            let possible_types = match registry.types.get(&*Node::type_name()) {
                Some(MetaType::Interface { possible_types, .. }) => possible_types.clone(),
                _ => unreachable!("a node is an interface"),
            };
            MetaType::Union {
                name: Self::type_name().into_owned(),
                description: Some(
                    "An entity: whatever has a global id. Gateways ask for it by a key.".to_owned(),
                ),
                possible_types,
                visible: None,
                inaccessible: false,
                tags: Vec::new(),
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
            }
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

/// What gateways ask.
#[derive(Default)]
pub(crate) struct FederationQuery;

#[Object]
impl FederationQuery {
    /// The schema as a subgraph of a federation, for gateways.
    #[graphql(name = "_service")]
    async fn service(&self) -> Service {
        Service { sdl: subgraph_sdl().to_owned() }
    }

    /// The entities that these representations stand for, in their order, for gateways. Null where there is nothing
    /// under the key.
    #[graphql(name = "_entities")]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The representations, at most 1,000: objects with `__typename` and the fields of a key."
        )]
        representations: Vec<Representation>,
    ) -> FieldResult<Vec<Nullable<Entity>>> {
        let found = representations.len();
        if found > MAX_REPRESENTATIONS {
            let message = format!("holds {found} representations; allowed are {MAX_REPRESENTATIONS}.");
            return Err(at(ctx)(Error::invalid("representations", message)));
        }
        let loads = representations.iter().enumerate();
        Ok(join_all(loads.map(|(place, representation)| entity(ctx, place, representation))).await)
    }
}

/// What a representation stands for.
async fn entity(ctx: &Context<'_>, place: usize, representation: &Representation) -> Nullable<Entity> {
    let field = format!("representations[{place}]");
    let Wanted { ty, key, by_id } = match representation.read(&field) {
        Ok(wanted) => wanted?,
        Err(error) => return Some(Err(to_client(error))),
    };
    let node = match node::load(ctx, key).await? {
        Ok(node) => node,
        Err(error) => return Some(Err(error)),
    };
    let found = node.introspection_type_name();
    if ty.can_be(&found) {
        return Some(Ok(Entity(node)));
    }
    // A slug names a thing of one kind; an id says which thing it is.
    let message = format!("is the id of a thing of type {found}, not {}.", ty.name);
    by_id.then(|| Err(to_client(Error::invalid(format!("{field}.id"), message))))
}
