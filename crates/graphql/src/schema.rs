//! The schema, and how a request is executed against it.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, EmptyMutation, EmptySubscription, MergedObject, OutputType, Positioned, Request,
    Response, SDLExportOptions, ServerResult, Value,
    parser::{parse_query, types::Field},
    registry::Registry,
};
use futures_util::{FutureExt, future::BoxFuture};
use stackfit_persistence::Reader;

use crate::{
    baas_provider::BaasProviderQuery,
    case_study::CaseStudyQuery,
    catalogue::CatalogueQuery,
    change::ChangeQuery,
    checklist::ChecklistQuery,
    error::{complete, not_parsed, refused},
    fact::{Fact, FactQuery},
    fit_rule::FitRuleQuery,
    framework::FrameworkQuery,
    guard,
    loader::Loader,
    market::MarketQuery,
    node::{Node, NodeQuery},
    organization::OrganizationQuery,
    selection_criterion::SelectionCriterionQuery,
    source::SourceQuery,
    technology::{Technology, TechnologyQuery},
    term::TermQuery,
};

/// How deep a document may nest. Introspection by real tools nests 15 deep.
const MAX_DEPTH: usize = 20;

/// What can be asked of the catalogue.
#[derive(MergedObject, Default)]
struct Query(
    NodeQuery,
    FrameworkQuery,
    BaasProviderQuery,
    TechnologyQuery,
    CaseStudyQuery,
    OrganizationQuery,
    FactQuery,
    SourceQuery,
    MarketQuery,
    SelectionCriterionQuery,
    TermQuery,
    FitRuleQuery,
    ChecklistQuery,
    ChangeQuery,
    CatalogueQuery,
);

/// The schema of Stackfit. It holds no state: what a request needs comes with it.
#[derive(Clone)]
pub struct Schema(async_graphql::Schema<Query, EmptyMutation, EmptySubscription>);

impl Default for Schema {
    fn default() -> Self {
        let schema = async_graphql::Schema::build(Query::default(), EmptyMutation, EmptySubscription)
            .register_output_type::<InterfacesThatAreNodes>()
            .limit_depth(MAX_DEPTH)
            .finish();
        Self(schema)
    }
}

/// Registers that the interfaces whose types are all nodes are nodes themselves: the library derives this for
/// objects only. The type is in no schema.
struct InterfacesThatAreNodes;

impl OutputType for InterfacesThatAreNodes {
    fn type_name() -> Cow<'static, str> {
        Node::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        for interface in [Fact::type_name(), Technology::type_name()] {
            registry.add_implements(&interface, &Node::type_name());
        }
        Node::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

/// The schema in the schema definition language.
pub fn sdl() -> String {
    Schema::default().0.sdl_with_options(SDLExportOptions::new())
}

/// Executes a request. `request_id` is what a client is told when something goes wrong inside.
///
/// The future is boxed here: its type nests as deep as the schema, and nobody else should have to lay it out.
pub fn execute<'a>(
    schema: &'a Schema,
    reader: Reader,
    request: Request,
    request_id: &'a str,
) -> BoxFuture<'a, Response> {
    async move {
        let mut request = request;
        if let Err(error) = guard::check_text(&request.query) {
            return refused(error);
        }
        let document = match parse_query(&request.query) {
            Ok(document) => document,
            Err(error) => return not_parsed(&error),
        };
        if let Err(error) = guard::check_document(&document) {
            return refused(error);
        }
        request.set_parsed_query(document);
        let loader = Loader::new(reader);
        match loader.drive(schema.0.execute(request.data(loader.clone()))).await {
            Ok(response) => complete(response, request_id),
            Err(error) => refused(error),
        }
    }
    .boxed()
}
