//! Cost: what a usage costs with providers.

#![expect(clippy::unused_async, reason = "resolvers are asynchronous, whether or not they wait")]

mod crossover;

use std::sync::Arc;

use async_graphql::{Context, Object};
use chrono::NaiveDate;
use stackfit_domain::{
    Error, Result,
    cost::{Cliff, CostCliffKind, CostLineStatus, Estimate, Line, PlanEstimate, Usage, cliffs, estimate},
    fact::{Fact as DomainFact, FactKind},
    freshness::Freshness,
    id::Id,
    price::UsageMeter,
    subject::Subject,
};
use stackfit_persistence::{batch::MAX_LIST, fact::FactsOfKind};

pub(crate) use crossover::CostQuery;

use crate::{
    coded::{Coded, coded},
    context::{day, loader},
    error::{FieldResult, Nullable, at, to_client},
    fact::Fact,
    price::{Price, PricePlan},
    scalar::{Date, Decimal},
    usage::UsageInput,
};

/// The facts that an answer is computed from; the answer names them by their places.
type Facts = Arc<Vec<DomainFact>>;

/// The facts at some places, as the one type that they have.
fn typed<T: TryFrom<Fact>>(facts: &[DomainFact], place: usize) -> FieldResult<T> {
    let fact = facts.get(place).cloned().and_then(|fact| T::try_from(Fact::from(fact)).ok());
    fact.ok_or_else(|| to_client(Error::internal("a fact is of another type than its place says")))
}

fn count(users: u32) -> FieldResult<i32> {
    i32::try_from(users).map_err(|error| to_client(Error::internal(error)))
}

/// What a usage costs with a provider in a month, computed from its price facts that no verdict refutes and that hold on
/// the day. There is no number where no price is known.
pub struct CostEstimate {
    facts: Facts,
    usage: Usage,
    as_of: NaiveDate,
    estimate: Estimate,
}

impl CostEstimate {
    fn cost(&self, plan: &PlanEstimate) -> PlanCost {
        PlanCost { facts: Arc::clone(&self.facts), plan: plan.clone() }
    }
}

/// What a usage costs with a provider in a month, computed from its price facts that no verdict refutes and that hold on
/// the day. There is no number where no price is known.
#[Object]
impl CostEstimate {
    /// The plan to choose: the cheapest that bears the usage with a complete price; failing that, the one that bears it
    /// as far as is known with the fewest prices missing. Of equals, one that stops comes before one that bills on. Null
    /// when every plan stops before it bears the usage.
    async fn plan(&self) -> FieldResult<Option<PricePlan>> {
        self.estimate.chosen().map(|plan| typed(&self.facts, plan.plan)).transpose()
    }

    /// What the plan costs in a month, in `currency`. Null when a price is not known, and when there is no plan.
    async fn monthly(&self) -> Option<Decimal> {
        self.estimate.monthly().map(Decimal)
    }

    /// What is known of it: the base fee and all lines that have a number. The bill is at least this. Null when there is
    /// no plan.
    async fn at_least(&self) -> Option<Decimal> {
        self.estimate.chosen().map(|plan| Decimal(plan.known))
    }

    /// Whether every price that the usage needs is known, so that `monthly` is there.
    async fn is_complete(&self) -> bool {
        self.estimate.monthly().is_some()
    }

    /// The currency of all amounts, as ISO 4217 names it.
    async fn currency(&self) -> &str {
        self.usage.currency.as_str()
    }

    /// The plan's lines, meter by meter. With the plan's base fee they add up to `atLeast`. Empty when there is no plan.
    async fn lines(&self) -> Vec<CostLine> {
        self.estimate.chosen().map(|plan| self.cost(plan).lines()).unwrap_or_default()
    }

    /// Every plan, the chosen one first: those that bear the usage with a complete price, the cheapest first; those that
    /// bear it as far as is known, with the fewest prices missing first; those that stop.
    async fn plans(&self) -> Vec<PlanCost> {
        self.estimate.plans.iter().map(|plan| self.cost(plan)).collect()
    }

    /// Whether some plan without a base fee bears the usage and bills nothing. Null when the facts do not tell.
    async fn fits_free_tier(&self) -> Option<bool> {
        self.estimate.fits_free_tier
    }

    /// Whether nothing is billed beyond what the plan includes of the meters asked for, because it stops or can be set
    /// to. Null when no source says, and when there is no plan.
    async fn has_spend_cap(&self) -> Option<bool> {
        self.estimate.chosen().and_then(|plan| plan.has_spend_cap)
    }

    /// How much of `atLeast` rests on facts whose verdict is not CONFIRMED. Null when there is no plan.
    async fn unconfirmed_amount(&self) -> Option<Decimal> {
        self.estimate.chosen().map(|plan| Decimal(plan.unconfirmed))
    }

    /// The share of `atLeast` that rests on facts whose verdict is not CONFIRMED, from 0 to 1. Null when nothing is
    /// billed: what is included rests on facts all the same, see `lines`.
    async fn unconfirmed_share(&self) -> Option<Decimal> {
        self.estimate.chosen().and_then(PlanEstimate::unconfirmed_share).map(Decimal)
    }

    /// Where the bill of the cheapest plan jumps or begins to grow as the users grow from 0 to 1,000,000,000 and the rest
    /// of the usage with them, by number of users. Computed, not sampled: with one user less it is otherwise. Empty when
    /// `monthlyActiveUsers` is left out.
    async fn cliffs(&self) -> Vec<CostCliff> {
        let cliffs = cliffs(&self.facts, &self.usage, self.as_of).into_iter();
        cliffs.map(|cliff| CostCliff { facts: Arc::clone(&self.facts), cliff }).collect()
    }

    /// What the estimate takes for granted and leaves out, in sentences. Never empty.
    async fn assumptions(&self) -> Vec<String> {
        let mut told = self.estimate.assumptions.clone();
        if u64::try_from(self.facts.len()).is_ok_and(|count| count >= MAX_LIST) {
            told.push(format!("Of the price facts, only the first {MAX_LIST} by code count."));
        }
        told
    }

    /// The stalest freshness, on the day, of the facts that decide. `UNKNOWN` when there is no plan, too.
    async fn freshness(&self) -> Coded<Freshness> {
        self.estimate.chosen().map_or(Freshness::Unknown, |plan| plan.freshness).into()
    }

    /// The day on which the prices must hold.
    async fn as_of(&self) -> Date {
        Date(self.as_of)
    }
}

/// What a usage costs in one plan in a month.
pub struct PlanCost {
    facts: Facts,
    plan: PlanEstimate,
}

impl PlanCost {
    fn lines(&self) -> Vec<CostLine> {
        let line = |line: &Line| CostLine { facts: Arc::clone(&self.facts), line: line.clone() };
        self.plan.lines.iter().map(line).collect()
    }
}

/// What a usage costs in one plan in a month.
#[Object]
impl PlanCost {
    /// The plan; where facts disagree on its price, as the dearest has it.
    async fn plan(&self) -> FieldResult<PricePlan> {
        typed(&self.facts, self.plan.plan)
    }

    /// What it costs. Null when it stops before it bears the usage, or a price is not known.
    async fn monthly(&self) -> Option<Decimal> {
        self.plan.monthly.map(Decimal)
    }

    /// What is known of it: the base fee and all lines that have a number.
    async fn at_least(&self) -> Decimal {
        Decimal(self.plan.known)
    }

    /// The same when, where facts disagree, the cheapest counts and not the dearest.
    async fn lowest(&self) -> Decimal {
        Decimal(self.plan.lowest)
    }

    /// How many prices are missing, that of the plan included.
    async fn missing_prices(&self) -> FieldResult<i32> {
        i32::try_from(self.plan.missing()).map_err(|error| to_client(Error::internal(error)))
    }

    /// Whether it stops before it bears the usage.
    async fn is_exceeded(&self) -> bool {
        self.plan.stops
    }

    /// What it costs before anything is metered. Null when no fact that counts says.
    async fn base_fee(&self) -> Option<Decimal> {
        self.plan.base.map(Decimal)
    }

    /// Meter by meter. With the base fee they add up to `atLeast`.
    #[graphql(name = "lines")]
    async fn each_line(&self) -> Vec<CostLine> {
        self.lines()
    }

    /// Whether nothing is billed beyond what it includes of the meters asked for, because it stops or can be set to.
    /// Null when no source says.
    async fn has_spend_cap(&self) -> Option<bool> {
        self.plan.has_spend_cap
    }

    /// How much of `atLeast` rests on facts whose verdict is not CONFIRMED.
    async fn unconfirmed_amount(&self) -> Decimal {
        Decimal(self.plan.unconfirmed)
    }

    /// The share of `atLeast` that rests on facts whose verdict is not CONFIRMED, from 0 to 1. Null when nothing is
    /// billed.
    async fn unconfirmed_share(&self) -> Option<Decimal> {
        self.plan.unconfirmed_share().map(Decimal)
    }

    /// The stalest freshness, on the day, of the facts that decide.
    async fn freshness(&self) -> Coded<Freshness> {
        self.plan.freshness.into()
    }
}

/// What one meter adds to the bill of a plan. Amounts are those of a month, in the unit in which usage is asked.
pub struct CostLine {
    facts: Facts,
    line: Line,
}

/// What one meter adds to the bill of a plan. Amounts are those of a month, in the unit in which usage is asked.
#[Object]
impl CostLine {
    /// What is counted.
    async fn meter(&self) -> Coded<UsageMeter> {
        self.line.meter.into()
    }

    /// What comes of it.
    async fn status(&self) -> Coded<CostLineStatus> {
        self.line.status.into()
    }

    /// How much is used. Null when the usage says nothing of it.
    async fn used(&self) -> Option<Decimal> {
        self.line.used.map(Decimal)
    }

    /// How much is included. Null when it is unlimited, no source says, or it is not asked for.
    async fn included(&self) -> Option<Decimal> {
        self.line.included.map(Decimal)
    }

    /// Whether it is included without a limit.
    async fn is_unlimited(&self) -> bool {
        self.line.is_unlimited
    }

    /// How much is billed. Null when nothing is.
    async fn billable(&self) -> Option<Decimal> {
        self.line.beyond.map(Decimal)
    }

    /// What `per` of the provider's units cost, in the currency of the estimate. Null when no fact that counts says.
    async fn price(&self) -> Option<Decimal> {
        self.line.price.map(Decimal)
    }

    /// For how many of the provider's units the price is. Null when there is no price.
    async fn per(&self) -> Option<Decimal> {
        self.line.per.map(Decimal)
    }

    /// What it costs, to ten decimals. Null when that is not known or the plan stops.
    async fn total(&self) -> Option<Decimal> {
        self.line.total.map(Decimal)
    }

    /// What it costs by the cheapest of the facts that disagree. Null when `total` is.
    async fn lowest_total(&self) -> Option<Decimal> {
        self.line.lowest_total.map(Decimal)
    }

    /// The first number of users with which usage goes beyond what is included, the rest of the usage growing with
    /// them. Null when it never does up to 1,000,000,000, no source says what is included, or no users are given.
    async fn exceeded_at(&self) -> FieldResult<Option<i32>> {
        self.line.exceeded_at.map(count).transpose()
    }

    /// The fact that decides: one that stops before one that bills, then the dearest. What it leaves open is filled from
    /// the other facts. Null when there is none or the usage says nothing of the meter.
    async fn fact(&self) -> FieldResult<Option<Price>> {
        self.line.fact.map(|place| typed(&self.facts, place)).transpose()
    }

    /// All facts that count for it, by code.
    async fn facts(&self) -> FieldResult<Vec<Price>> {
        self.line.facts.iter().map(|place| typed(&self.facts, *place)).collect()
    }

    /// Whether these facts disagree.
    async fn is_disputed(&self) -> bool {
        self.line.is_disputed
    }
}

/// A number of users at which the bill of the cheapest plan jumps or begins to grow.
pub struct CostCliff {
    facts: Facts,
    cliff: Cliff,
}

/// A number of users at which the bill of the cheapest plan jumps or begins to grow.
#[Object]
impl CostCliff {
    /// What happens.
    async fn kind(&self) -> Coded<CostCliffKind> {
        self.cliff.kind.into()
    }

    /// The first number of users with which it is so: with one user less it is not.
    async fn users(&self) -> FieldResult<i32> {
        count(self.cliff.users)
    }

    /// The meters that cause it. Empty when it is the price of a plan that does.
    async fn meters(&self) -> Vec<Coded<UsageMeter>> {
        coded(self.cliff.meters.clone())
    }

    /// The plan with one user less. Null at the start.
    async fn plan_before(&self) -> FieldResult<Option<PricePlan>> {
        self.cliff.plan_before.map(|place| typed(&self.facts, place)).transpose()
    }

    /// The plan with these users. Null when none is known that bears them with a complete price.
    async fn plan(&self) -> FieldResult<Option<PricePlan>> {
        self.cliff.plan.map(|place| typed(&self.facts, place)).transpose()
    }

    /// The bill of a month with one user less. Null at the start.
    async fn monthly_before(&self) -> Option<Decimal> {
        self.cliff.monthly_before.map(Decimal)
    }

    /// The bill of a month with these users. Null when it is not known.
    async fn monthly(&self) -> Option<Decimal> {
        self.cliff.monthly.map(Decimal)
    }

    /// The facts that it rests on, by code.
    async fn facts(&self) -> Vec<Fact> {
        self.cliff.facts.iter().filter_map(|place| self.facts.get(*place)).cloned().map(Fact::from).collect()
    }
}

/// What a usage costs with a provider. Null when no fact that counts tells of a plan.
pub(crate) async fn cost_estimate(
    ctx: &Context<'_>,
    provider: Id<Subject>,
    usage: UsageInput,
    as_of: Option<Date>,
) -> Nullable<CostEstimate> {
    let as_of = day(ctx, as_of);
    let found = async {
        let usage = usage.read("usage")?;
        let facts = prices(ctx, provider).await?;
        let told = estimate(&facts, &usage, as_of);
        Ok(told.map(|estimate| CostEstimate { facts: Arc::new(facts), usage, as_of, estimate }))
    };
    found.await.map_err(at(ctx)).transpose()
}

async fn prices(ctx: &Context<'_>, provider: Id<Subject>) -> Result<Vec<DomainFact>> {
    loader(ctx).load_or_default(FactsOfKind { subject: provider, kind: FactKind::Price }).await
}
