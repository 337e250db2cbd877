//! Facts: the interface that all of them have, and how they are found.

#![expect(
    clippy::duplicated_attributes,
    reason = "fields of an interface are told in attributes, and many have the same type"
)]

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Interface, Object};
use futures_util::FutureExt;
use stackfit_domain::{
    fact::{Fact as DomainFact, FactDetail, FactKind},
    fact_code::FactCode,
    filter::{FactTest, Filter, texts, values},
    freshness::Freshness,
    page::Window,
    selection_criterion::Criterion,
    technology::Platform,
    verdict::Verdict,
};
use stackfit_persistence::fact::{FactCountOf, FactsOf, FactsOfKind, FactsParent};

use crate::{
    citation::{Citation, Erratum},
    coded::{Coded, codes},
    connection::{Connection, window},
    context::loader,
    error::{FieldResult, Nullable, at, nullable},
    fact_types::{
        Adoption, Attribute, CapabilitySupport, FitRule, Listing, MarketFigure, Metric, Outcome, Statement,
        Trait,
    },
    filter::Combined,
    lock_in::LockInEvidence,
    migration_path::MigrationPath,
    price::{Price, PricePlan},
    relation::Relation,
    release_cycle::ReleaseCycle,
    scalar::Date,
    subject::FactSubject,
};
use stackfit_domain::fit_rule::UseCase;
use stackfit_domain::partial_date::DatePrecision;

/// What the catalogue asserts: a statement about a subject, with the places that it rests on, a verdict on
/// whether it is so, and how old the observation is. Every answer of this API is computed from facts.
#[derive(Interface, Clone)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Global id."),
    field(
        name = "code",
        ty = "String",
        desc = "Stable human name, such as `F88` for the founding article's 88th claim."
    ),
    field(name = "kind", ty = "Coded<FactKind>", desc = "What kind of thing it says."),
    field(
        name = "title",
        ty = "Option<String>",
        desc = "Short headline. Null when the statement is short enough by itself."
    ),
    field(name = "statement", ty = "String", desc = "What the sources say, in the catalogue's own words."),
    field(name = "verdict", ty = "Coded<Verdict>", desc = "Whether it is so."),
    field(
        name = "verdict_reason",
        ty = "Option<String>",
        desc = "Why the verdict is what it is. Null when the verdict explains itself."
    ),
    field(
        name = "confidence",
        ty = "f64",
        desc = "How far it may be relied upon, from 0 to 1: verdict weight × (1 − ∏(1 − trust of each distinct supporting source)) × freshness weight."
    ),
    field(
        name = "freshness",
        ty = "Coded<Freshness>",
        desc = "How old the observation is today, measured by how fast facts of its kind change."
    ),
    field(
        name = "criterion",
        ty = "Option<Coded<Criterion>>",
        desc = "The criterion of selection that it bears on. Null when it bears on none in particular."
    ),
    field(
        name = "use_case",
        ty = "Option<Coded<UseCase>>",
        desc = "The use case that it bears on. Null when it bears on none in particular."
    ),
    field(
        name = "observed_on",
        ty = "Option<Date>",
        desc = "When it was observed: the last day of what is known, so that its age is never overstated. Null when nobody knows."
    ),
    field(
        name = "observed_precision",
        ty = "Option<Coded<DatePrecision>>",
        desc = "How exactly `observedOn` is known. Null when it is not known at all."
    ),
    field(
        name = "valid_from",
        ty = "Option<Date>",
        desc = "The first day on which it held. Null when it has always held or nobody knows."
    ),
    field(
        name = "valid_to",
        ty = "Option<Date>",
        desc = "The last day on which it held. Null when it still holds or nobody knows."
    ),
    field(
        name = "subject",
        ty = "Nullable<FactSubject>",
        desc = "What it is about. Null only when that cannot be loaded."
    ),
    field(name = "citations", ty = "Vec<Citation>", desc = "The places that it rests on. Never empty."),
    field(
        name = "errata",
        ty = "Vec<Erratum>",
        desc = "What the sources wrote wrong, and what is right. Empty when nothing is known to be wrong."
    ),
    field(
        name = "contradicted_by",
        ty = "Vec<Fact>",
        desc = "The facts that say the opposite, by code, at most 100. They name this one in turn."
    ),
    field(
        name = "confirms",
        ty = "Vec<Fact>",
        desc = "The facts that it says again on better ground, by code, at most 100."
    ),
    field(
        name = "confirmed_by",
        ty = "Vec<Fact>",
        desc = "The facts that say the same on better ground, by code, at most 100."
    ),
    field(
        name = "refines",
        ty = "Vec<Fact>",
        desc = "The facts that it makes more precise, by code, at most 100."
    ),
    field(
        name = "refined_by",
        ty = "Vec<Fact>",
        desc = "The facts that make it more precise, by code, at most 100."
    ),
    field(
        name = "relations",
        ty = "Vec<Relation>",
        desc = "The typed links between things that it asserts."
    ),
    field(
        name = "platforms",
        ty = "Vec<Coded<Platform>>",
        desc = "The platforms on which it says its subject runs. Empty when it says nothing of platforms."
    )
)]
pub enum Fact {
    /// Plain.
    Statement(Statement),
    /// Pro, con or benefit.
    Trait(Trait),
    /// Named property.
    Attribute(Attribute),
    /// Support of a capability.
    CapabilitySupport(CapabilitySupport),
    /// Use by an organisation.
    Adoption(Adoption),
    /// Fit rule.
    FitRule(FitRule),
    /// Measured figure.
    Metric(Metric),
    /// How a project went.
    Outcome(Outcome),
    /// Market figure.
    MarketFigure(MarketFigure),
    /// Ordered list.
    Listing(Listing),
    /// Line of releases.
    ReleaseCycle(ReleaseCycle),
    /// Plan of a service.
    PricePlan(PricePlan),
    /// Meter of a plan.
    Price(Price),
    /// What makes leaving hard or easy.
    LockInEvidence(LockInEvidence),
    /// Way to another technology.
    MigrationPath(MigrationPath),
}

impl From<DomainFact> for Fact {
    fn from(fact: DomainFact) -> Self {
        let detail = fact.detail.clone();
        let fact = Arc::new(fact);
        match detail {
            FactDetail::Statement => Self::Statement(Statement { fact }),
            FactDetail::Trait => Self::Trait(Trait { fact }),
            FactDetail::Listing => Self::Listing(Listing { fact }),
            FactDetail::Release(cycle) => Self::ReleaseCycle(ReleaseCycle { fact, cycle }),
            FactDetail::Plan(plan) => Self::PricePlan(PricePlan { fact, plan }),
            FactDetail::Meter(meter) => Self::Price(Price { fact, meter }),
            FactDetail::LockIn { dimension, effect } => {
                Self::LockInEvidence(LockInEvidence { fact, dimension, effect })
            }
            FactDetail::Migration { scope, tool, automated, by_hand } => {
                Self::MigrationPath(MigrationPath { fact, scope, tool, automated, by_hand })
            }
            FactDetail::Attribute { name, value } => Self::Attribute(Attribute { fact, name, value }),
            FactDetail::Capability { capability, level } => {
                Self::CapabilitySupport(CapabilitySupport { fact, capability, level })
            }
            FactDetail::Adoption { organization } => Self::Adoption(Adoption { fact, organization }),
            FactDetail::FitRule { strength, team_language, minimum_skill } => {
                Self::FitRule(FitRule { fact, strength, team_language, minimum_skill })
            }
            FactDetail::Metric { key, value, unit, conditions } => {
                Self::Metric(Metric { fact, key, value, unit, conditions })
            }
            FactDetail::Outcome { metric, direction, percent, months } => {
                Self::Outcome(Outcome { fact, metric, direction, percent, months })
            }
            FactDetail::Market { segment, measure, year, to_year, amount_usd, percent, forecast } => {
                Self::MarketFigure(MarketFigure {
                    fact,
                    segment,
                    measure,
                    year,
                    to_year,
                    amount_usd,
                    percent,
                    forecast,
                })
            }
        }
    }
}

/// Which facts. All fields that are given must hold together.
#[derive(InputObject, Clone)]
pub struct FactFilter {
    /// All of these hold.
    and: Option<Vec<FactFilter>>,
    /// At least one of these holds. An empty list lets nothing through.
    or: Option<Vec<FactFilter>>,
    /// This does not hold.
    not: Option<Box<FactFilter>>,
    /// It is of one of these kinds.
    kind: Option<Vec<Coded<FactKind>>>,
    /// It has one of these verdicts.
    verdict: Option<Vec<Coded<Verdict>>>,
    /// It has one of these freshnesses today.
    freshness: Option<Vec<Coded<Freshness>>>,
    /// It is about one of these things of any kind, by slug.
    subject: Option<Vec<String>>,
    /// It cites one of these sources, by slug.
    source: Option<Vec<String>>,
    /// It bears on one of these criteria.
    criterion: Option<Vec<Coded<Criterion>>>,
    /// It bears on one of these use cases.
    use_case: Option<Vec<Coded<UseCase>>>,
    /// It was observed on this day or later. A fact of an unknown day does not pass.
    observed_from: Option<Date>,
    /// It was observed on this day or earlier: of a period, the last day counts. A fact of an unknown day does not
    /// pass.
    observed_to: Option<Date>,
    /// It held on this day, as far as `validFrom` and `validTo` say.
    valid_on: Option<Date>,
    /// Whether a source wrote something wrong in it.
    has_errata: Option<bool>,
    /// Whether other facts say the opposite.
    is_contradicted: Option<bool>,
}

impl Combined for FactFilter {
    type Test = FactTest;

    fn into_parts(self) -> stackfit_domain::Result<crate::filter::Parts<Self>> {
        let Self {
            and,
            or,
            not,
            kind,
            verdict,
            freshness,
            subject,
            source,
            criterion,
            use_case,
            observed_from,
            observed_to,
            valid_on,
            has_errata,
            is_contradicted,
        } = self;
        let mut tests = Vec::new();
        tests.extend(kind.map(|list| values("filter.kind", codes(list))).transpose()?.map(FactTest::Kind));
        tests.extend(
            verdict.map(|list| values("filter.verdict", codes(list))).transpose()?.map(FactTest::Verdict),
        );
        tests.extend(
            freshness
                .map(|list| values("filter.freshness", codes(list)))
                .transpose()?
                .map(FactTest::Freshness),
        );
        tests.extend(subject.map(|list| texts("filter.subject", list)).transpose()?.map(FactTest::Subject));
        tests.extend(source.map(|list| texts("filter.source", list)).transpose()?.map(FactTest::Source));
        tests.extend(
            criterion
                .map(|list| values("filter.criterion", codes(list)))
                .transpose()?
                .map(FactTest::Criterion),
        );
        tests.extend(
            use_case.map(|list| values("filter.useCase", codes(list))).transpose()?.map(FactTest::UseCase),
        );
        tests.extend(observed_from.map(|day| FactTest::ObservedFrom(day.0)));
        tests.extend(observed_to.map(|day| FactTest::ObservedTo(day.0)));
        tests.extend(valid_on.map(|day| FactTest::ValidOn(day.0)));
        tests.extend(has_errata.map(FactTest::HasErrata));
        tests.extend(is_contradicted.map(FactTest::IsContradicted));
        Ok(crate::filter::Parts { and, or, not, tests })
    }
}

/// A page of the facts that belong to something.
pub(crate) async fn page_of(
    ctx: &Context<'_>,
    parent: FactsParent,
    filter: Option<FactFilter>,
    window: Window,
) -> FieldResult<Connection<Fact>> {
    let filter = crate::filter::read(filter).map_err(at(ctx))?;
    loader(ctx).reader().check_fact_window(&window).map_err(at(ctx))?;
    let key = FactsOf { parent, filter: filter.clone(), window };
    let page = loader(ctx).load(key).await.map_err(at(ctx))?;
    let page = page.unwrap_or_else(stackfit_domain::page::Page::empty);
    Ok(Connection::new(page, Fact::from, move |loader| {
        let key = FactCountOf { parent, filter: filter.clone() };
        async move { loader.load_or_default(key).await }.boxed()
    }))
}

/// The facts of one kind about a subject.
pub(crate) async fn of_kind(
    ctx: &Context<'_>,
    subject: stackfit_domain::id::Id<stackfit_domain::subject::Subject>,
    kind: FactKind,
) -> FieldResult<Vec<DomainFact>> {
    loader(ctx).load_or_default(FactsOfKind { subject, kind }).await.map_err(at(ctx))
}

/// Lookups and lists of facts.
#[derive(Default)]
pub(crate) struct FactQuery;

#[Object]
impl FactQuery {
    /// A fact by its code. Null when there is none.
    async fn fact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code, as in `F88`.")] code: String,
    ) -> Nullable<Fact> {
        let code = match FactCode::parse(&code) {
            Ok(code) => code,
            Err(error) => return Some(Err(at(ctx)(error))),
        };
        nullable(loader(ctx).direct().fact(code.as_str()).await, Fact::from)
    }

    /// Facts by code, `F9` before `F10`.
    async fn facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which facts; all when left out.")] filter: Option<FactFilter>,
        #[graphql(
            desc = "How many from the start, at most 100; 20 when neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Begin after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> FieldResult<Connection<Fact>> {
        let window = window(ctx, first, after, last, before)?;
        let filter: Filter<FactTest> = crate::filter::read(filter).map_err(at(ctx))?;
        let page = loader(ctx).direct().facts(&filter, &window).await.map_err(at(ctx))?;
        Ok(Connection::new(page, Fact::from, move |loader| {
            let filter = filter.clone();
            async move { loader.direct().count_facts(&filter).await }.boxed()
        }))
    }
}
