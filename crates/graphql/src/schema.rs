//! The schema, and how a request is executed against it.

use std::{
    borrow::Cow,
    num::NonZeroUsize,
    sync::{Arc, LazyLock},
};

use async_graphql::{
    ContextSelectionSet, EmptyMutation, EmptySubscription, MergedObject, OutputType, Positioned, Request,
    SDLExportOptions, ServerResult, ValidationMode, Value, parser::types::Field, registry::Registry,
};
use futures_util::{
    FutureExt, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use serde_json::Map;
use stackfit_domain::Error;
use stackfit_guard::{Document, Guard, Kind, Options, Plan, Types};
use stackfit_persistence::Reader;
use tokio::sync::Semaphore;

use crate::{
    baas_provider::BaasProviderQuery,
    capability::CapabilityQuery,
    case_study::CaseStudyQuery,
    catalogue::CatalogueQuery,
    change::ChangeQuery,
    checklist::ChecklistQuery,
    comparison::ComparisonQuery,
    cost::CostQuery,
    error::codes,
    executable,
    fact::{Fact, FactQuery},
    federation::{self, FederationQuery, subgraph_sdl},
    fit_rule::FitRuleQuery,
    framework::FrameworkQuery,
    loader::Loader,
    market::MarketQuery,
    migration_path::MigrationPathQuery,
    node::{Node, NodeQuery},
    organization::OrganizationQuery,
    outcome_rate::OutcomeRateQuery,
    recommendation::RecommendationQuery,
    response::Response,
    scalar,
    search::SearchQuery,
    selection_criterion::SelectionCriterionQuery,
    source::SourceQuery,
    stack_audit::StackAuditQuery,
    subscription::{self, Event, Live, Root, Subscription},
    technology::{Technology, TechnologyQuery},
    term::TermQuery,
};

/// How deep the executor may recurse. The guard bounds documents well below; each field may stand in a condition.
const MAX_RECURSION: usize = 100;

/// What can be asked of the catalogue.
#[derive(MergedObject, Default)]
struct Query(
    NodeQuery,
    FrameworkQuery,
    BaasProviderQuery,
    TechnologyQuery,
    CaseStudyQuery,
    OutcomeRateQuery,
    OrganizationQuery,
    FactQuery,
    SourceQuery,
    MarketQuery,
    SelectionCriterionQuery,
    TermQuery,
    FitRuleQuery,
    ChecklistQuery,
    CapabilityQuery,
    CostQuery,
    MigrationPathQuery,
    StackAuditQuery,
    ChangeQuery,
    SearchQuery,
    CatalogueQuery,
    RecommendationQuery,
    ComparisonQuery,
    FederationQuery,
);

type Executor = async_graphql::Schema<Query, EmptyMutation, Root>;

/// The schema of Stackfit: the executor and the guard before it. It holds no state but the documents that were
/// read, and how many operations are executed: what a request needs comes with it.
#[derive(Clone)]
pub struct Schema {
    executor: Executor,
    /// Executes the events of subscriptions.
    events: subscription::Executor,
    guard: Guard,
    room: Room,
}

/// Room for what is executed. What is under way takes far more memory than what waits, or than its answer. Events
/// have a room of their own: a change that many subscribe to must not hold up those who ask.
#[derive(Clone)]
struct Room {
    operations: Arc<Semaphore>,
    events: Arc<Semaphore>,
}

impl Room {
    fn new(most: NonZeroUsize) -> Self {
        let room = || Arc::new(Semaphore::new(most.get().min(Semaphore::MAX_PERMITS)));
        Self { operations: room(), events: room() }
    }
}

/// The answers of a subscription, one for each event. The last one was not executed when something ended it.
pub type Events = BoxStream<'static, Response>;

/// A request that was let through: it can be executed.
#[derive(Debug)]
pub struct Prepared {
    document: Arc<Document>,
    plan: Plan,
}

impl Prepared {
    /// The kind of its operation.
    pub fn kind(&self) -> Kind {
        self.plan.kind
    }

    /// What it may cost at most.
    pub fn cost(&self) -> u64 {
        self.plan.cost
    }

    /// About how much memory it takes, in bytes.
    pub fn weight(&self) -> usize {
        self.document.weight() + self.plan.weight()
    }
}

impl Schema {
    /// The schema with a guard that is set so. It executes at most so many operations at once, and as many events.
    pub fn new(options: Options, most: NonZeroUsize) -> Self {
        /// They are the same for every schema, and take a moment to read.
        static TYPES: LazyLock<Arc<Types>> = LazyLock::new(|| match Types::parse(&sdl(), scalar::check) {
            Ok(types) => Arc::new(types.with_subgraph(subgraph_sdl().to_owned())),
            Err(error) => unreachable!("the schema does not fit itself: {error}"),
        });
        let guard = Guard::new(Arc::clone(&TYPES), options);
        Self { executor: executor(), events: events(), guard, room: Room::new(most) }
    }

    /// How the guard is set.
    pub fn options(&self) -> &Options {
        self.guard.options()
    }

    /// Reads a document.
    ///
    /// # Errors
    /// The answer that tells what is wrong with it.
    pub fn document(&self, text: &str) -> Result<Arc<Document>, Response> {
        self.guard.document(text).map_err(Response::problems)
    }

    /// The kind of the operation that a request means, as far as its text alone tells.
    pub fn kind(&self, text: &str, operation_name: Option<&str>) -> Option<Kind> {
        self.guard.kind(text, operation_name)
    }

    /// Prepares an operation of a document for execution.
    ///
    /// # Errors
    /// The answer that tells what is wrong with its name or its variables.
    pub fn prepare(
        &self,
        document: Arc<Document>,
        operation_name: Option<&str>,
        variables: &Map<String, serde_json::Value>,
    ) -> Result<Prepared, Response> {
        match self.guard.plan(&document, operation_name, variables) {
            Ok(plan) => Ok(Prepared { document, plan }),
            Err(problems) => Err(Response::problems(problems)),
        }
    }

    /// Executes what was prepared. `request_id` is what a client is told when something goes wrong inside.
    ///
    /// The future is boxed here: its type nests as deep as the schema, and nobody else should have to lay it out.
    pub fn execute<'a>(
        &'a self,
        prepared: Prepared,
        reader: Reader,
        request_id: &'a str,
    ) -> BoxFuture<'a, Response> {
        async move {
            let Prepared { document, plan } = prepared;
            if plan.selections.is_empty() {
                let nothing =
                    async_graphql::Response::new(Value::Object(async_graphql::indexmap::IndexMap::new()));
                return Response::executed(plan.keys, &document, nothing, request_id);
            }
            if let Err(error) = federation::check(&plan) {
                return Response::refused(error, request_id);
            }
            let _room = self.room.operations.acquire().await;
            let mut request = Request::new("");
            request.set_parsed_query(executable::document(&plan));
            let loader = Loader::new(reader);
            match loader.drive(self.executor.execute(request.data(loader.clone()))).await {
                Ok(response) => Response::executed(plan.keys, &document, response, request_id),
                Err(error) => Response::refused(error, request_id),
            }
        }
        .boxed()
    }
}

impl Schema {
    /// Subscribes to what was prepared. `request_id` is what a client is told when something goes wrong inside.
    ///
    /// # Errors
    /// The answer that tells why it cannot be subscribed to.
    pub fn subscribe(
        &self,
        prepared: Prepared,
        live: Live,
        request_id: String,
    ) -> BoxFuture<'static, Result<Events, Response>> {
        let schema = self.clone();
        async move {
            let events = match subscription::events(&prepared.plan, &live).await {
                Ok(events) => events,
                Err(error) => return Err(Response::refused(error, &request_id)),
            };
            let answering = Answering { schema, prepared, live, request_id };
            let answers = stream::unfold(Some((events, answering)), async |state| {
                let (mut events, answering) = state?;
                let answer = match events.next().await? {
                    Ok(event) => answering.answer(&event).await,
                    Err(error) => Response::refused(error, &answering.request_id),
                };
                let goes_on = answer.is_executed();
                Some((answer, goes_on.then_some((events, answering))))
            });
            Ok(answers.boxed())
        }
        .boxed()
    }
}

/// How often it may take too long before the subscription ends.
const MAX_LATE: u32 = 3;

/// Answers the events of one subscription.
struct Answering {
    schema: Schema,
    prepared: Prepared,
    live: Live,
    request_id: String,
}

impl Answering {
    /// Answers an event. While the database does not answer, the event waits: it would be lost otherwise.
    async fn answer(&self, event: &Event) -> Response {
        let mut late = 0;
        loop {
            let response = self.try_to(event.clone()).await;
            let codes: Vec<String> = response.codes().collect();
            let said = |code: &str| codes.iter().any(|one| one == code);
            late += u32::from(said(codes::TIMEOUT));
            let waits = said(codes::UNAVAILABLE) || (said(codes::TIMEOUT) && late < MAX_LATE);
            if !waits {
                return response;
            }
            tokio::time::sleep(subscription::PAUSE).await;
        }
    }

    async fn try_to(&self, event: Event) -> Response {
        let _room = self.schema.room.events.acquire().await;
        let Prepared { document, plan } = &self.prepared;
        let mut request = Request::new("");
        request.set_parsed_query(executable::document(plan));
        let loader = Loader::new(self.live.reader());
        let request = event.put(request.data(loader.clone()));
        let executed = loader.drive(self.schema.events.execute(request));
        match tokio::time::timeout(self.live.timeout, executed).await {
            Ok(Ok(response)) => Response::executed(plan.keys.clone(), document, response, &self.request_id),
            Ok(Err(error)) => Response::refused(error, &self.request_id),
            Err(_) => {
                Response::refused(Error::Timeout("an event took too long".to_owned()), &self.request_id)
            }
        }
    }
}

fn executor() -> Executor {
    async_graphql::Schema::build(Query::default(), EmptyMutation, Root)
        .register_output_type::<InterfacesThatAreNodes>()
        .validation_mode(ValidationMode::Fast)
        .limit_recursive_depth(MAX_RECURSION)
        .finish()
}

fn events() -> subscription::Executor {
    async_graphql::Schema::build(Subscription::default(), EmptyMutation, EmptySubscription)
        .validation_mode(ValidationMode::Fast)
        .limit_recursive_depth(MAX_RECURSION)
        .finish()
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
    executor().sdl_with_options(SDLExportOptions::new())
}
