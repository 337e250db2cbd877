//! Everything that has a global id.

use async_graphql::{Context, ID, Interface, Object};
use futures_util::future::join_all;
use stackfit_domain::Error;
use stackfit_persistence::{change::ChangeByRevision, fact::FactById};

use crate::{
    baas_provider::BaasProvider,
    case_study::CaseStudy,
    change::Change,
    checklist::Checklist,
    component::Component,
    context::loader,
    error::{FieldError, FieldResult, Nullable, at, nullable, to_client},
    fact::Fact,
    fact_types::{
        Adoption, Attribute, CapabilitySupport, FitRule, Listing, MarketFigure, Metric, Outcome, Statement,
        Trait,
    },
    framework::Framework,
    id::NodeKey,
    lock_in::LockInEvidence,
    migration_path::MigrationPath,
    organization::Organization,
    price::{Price, PricePlan},
    release_cycle::ReleaseCycle,
    selection_criterion::SelectionCriterion,
    source::Source,
    subject::{self, FactSubject},
    term::Term,
};

/// The most ids that one `nodes` takes.
const MAX_IDS: usize = 100;

/// Something with a global id.
#[derive(Interface, Clone)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "Global id: opaque, and the same on every server and in every version."
))]
pub enum Node {
    /// A framework.
    Framework(Framework),
    /// A Backend as a Service.
    BaasProvider(BaasProvider),
    /// Another technology.
    Component(Component),
    /// An organisation.
    Organization(Organization),
    /// A case study.
    CaseStudy(CaseStudy),
    /// A source.
    Source(Source),
    /// A term.
    Term(Term),
    /// A criterion of selection.
    SelectionCriterion(SelectionCriterion),
    /// A checklist.
    Checklist(Checklist),
    /// A change.
    Change(Change),
    /// A plain fact.
    Statement(Statement),
    /// A pro, con or benefit.
    Trait(Trait),
    /// A named property.
    Attribute(Attribute),
    /// Support of a capability.
    CapabilitySupport(CapabilitySupport),
    /// Use by an organisation.
    Adoption(Adoption),
    /// A fit rule.
    FitRule(FitRule),
    /// A measured figure.
    Metric(Metric),
    /// How a project went.
    Outcome(Outcome),
    /// A market figure.
    MarketFigure(MarketFigure),
    /// An ordered list.
    Listing(Listing),
    /// A line of releases.
    ReleaseCycle(ReleaseCycle),
    /// A plan of a service.
    PricePlan(PricePlan),
    /// A meter of a plan.
    Price(Price),
    /// What makes leaving hard or easy.
    LockInEvidence(LockInEvidence),
    /// A way to another technology.
    MigrationPath(MigrationPath),
}

impl From<Fact> for Node {
    fn from(fact: Fact) -> Self {
        match fact {
            Fact::Statement(fact) => Self::Statement(fact),
            Fact::Trait(fact) => Self::Trait(fact),
            Fact::Attribute(fact) => Self::Attribute(fact),
            Fact::CapabilitySupport(fact) => Self::CapabilitySupport(fact),
            Fact::Adoption(fact) => Self::Adoption(fact),
            Fact::FitRule(fact) => Self::FitRule(fact),
            Fact::Metric(fact) => Self::Metric(fact),
            Fact::Outcome(fact) => Self::Outcome(fact),
            Fact::MarketFigure(fact) => Self::MarketFigure(fact),
            Fact::Listing(fact) => Self::Listing(fact),
            Fact::ReleaseCycle(fact) => Self::ReleaseCycle(fact),
            Fact::PricePlan(fact) => Self::PricePlan(fact),
            Fact::Price(fact) => Self::Price(fact),
            Fact::LockInEvidence(fact) => Self::LockInEvidence(fact),
            Fact::MigrationPath(fact) => Self::MigrationPath(fact),
        }
    }
}

impl From<FactSubject> for Node {
    fn from(subject: FactSubject) -> Self {
        match subject {
            FactSubject::Framework(subject) => Self::Framework(subject),
            FactSubject::BaasProvider(subject) => Self::BaasProvider(subject),
            FactSubject::Component(subject) => Self::Component(subject),
            FactSubject::Organization(subject) => Self::Organization(subject),
            FactSubject::CaseStudy(subject) => Self::CaseStudy(subject),
            FactSubject::Source(subject) => Self::Source(subject),
            FactSubject::Term(subject) => Self::Term(subject),
            FactSubject::SelectionCriterion(subject) => Self::SelectionCriterion(subject),
            FactSubject::Checklist(subject) => Self::Checklist(subject),
        }
    }
}

/// Loads whatever a global id stands for.
pub(crate) async fn load(ctx: &Context<'_>, key: NodeKey) -> Nullable<Node> {
    match key {
        NodeKey::Subject(subject) => subject::load(ctx, subject).await.map(|found| found.map(Node::from)),
        NodeKey::Fact(id) => nullable(loader(ctx).load(FactById(id)).await, |fact| Fact::from(fact).into()),
        NodeKey::Change(revision) => {
            let found = loader(ctx).load(ChangeByRevision(revision)).await;
            nullable(found, |change| Node::Change(change.into()))
        }
    }
}

/// Lookups by global id.
#[derive(Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Whatever has this global id. Null when nothing has it.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The global id.")] id: ID) -> Nullable<Node> {
        match NodeKey::decode("id", &id) {
            Ok(key) => load(ctx, key).await,
            Err(error) => Some(Err(at(ctx)(error))),
        }
    }

    /// Whatever has these global ids, in their order, with null where nothing has the id.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids, at most 100.")] ids: Vec<ID>,
    ) -> FieldResult<Vec<Nullable<Node>>> {
        if ids.len() > MAX_IDS {
            let message = format!("holds {} ids; allowed are {MAX_IDS}.", ids.len());
            return Err(at(ctx)(Error::invalid("ids", message)));
        }
        let loads = ids.iter().enumerate().map(|(place, id)| async move {
            match NodeKey::decode(&format!("ids[{place}]"), id) {
                Ok(key) => load(ctx, key).await,
                Err(error) => Some(Err::<Node, FieldError>(to_client(error))),
            }
        });
        Ok(join_all(loads).await)
    }
}
