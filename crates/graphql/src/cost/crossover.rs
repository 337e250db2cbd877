//! From how many users on one provider is dearer than another.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use chrono::NaiveDate;
use futures_util::future::try_join_all;
use stackfit_domain::{
    Error, Result,
    cost::{Bill, Crossover, crossovers},
    filter,
    subject::Record,
    technology::Technology as DomainTechnology,
};

use super::prices;
use crate::{
    baas_provider::{BaasProvider, by_slugs},
    context::day,
    error::{FieldResult, at},
    scalar::{Date, Decimal},
    usage::UsageInput,
};

/// How the bills of providers compare as the number of users grows.
#[derive(SimpleObject)]
pub struct CostComparison {
    /// How far the bill of each provider is known, in the order asked for.
    bills: Vec<CostKnowledge>,
    /// The numbers of users at which one of two providers becomes dearer than the other, by number of users.
    crossovers: Vec<CostCrossover>,
}

/// How far the bill of a provider is known.
#[derive(SimpleObject)]
pub struct CostKnowledge {
    /// The provider.
    provider: BaasProvider,
    /// The most users, up to 1,000,000,000, for which a plan bears the usage with a complete price. Null when there is
    /// no complete price at all: such a provider is compared with none.
    known_up_to: Option<i32>,
}

/// A number of users at which one of two providers becomes dearer than the other.
#[derive(SimpleObject)]
pub struct CostCrossover {
    /// The first number of users with which it is so: with one user less it is not.
    users: i32,
    /// Which was cheaper before. Null when both cost the same from the start.
    cheaper_before: Option<BaasProvider>,
    /// Which is cheaper from here on.
    cheaper: BaasProvider,
    /// Which is dearer from here on.
    dearer: BaasProvider,
    /// What the cheaper one costs in a month with these users.
    monthly_of_cheaper: Decimal,
    /// What the dearer one costs in a month with these users.
    monthly_of_dearer: Decimal,
}

/// The most providers whose bills are compared.
const MAX_COMPARED: usize = 10;

async fn compare(
    ctx: &Context<'_>,
    slugs: Vec<String>,
    usage: UsageInput,
    as_of: NaiveDate,
) -> Result<CostComparison> {
    let slugs = filter::values("slugs", slugs)?;
    if !(2..=MAX_COMPARED).contains(&slugs.len()) {
        let message = format!("must name from 2 to {MAX_COMPARED} providers, not {}.", slugs.len());
        return Err(Error::invalid("slugs", message));
    }
    let usage = usage.read("usage")?;
    if usage.monthly_active_users.is_none_or(|users| users == 0) {
        let message = "must be at least 1: the rest of the usage is spread over them, and grows with them.";
        return Err(Error::invalid("usage.monthlyActiveUsers", message));
    }
    let providers = by_slugs(ctx, slugs).await?;
    let facts = try_join_all(providers.iter().map(|provider| prices(ctx, provider.id))).await?;
    let bills: Vec<Option<Bill>> = facts.iter().map(|facts| Bill::new(facts, &usage, as_of)).collect();
    let knowledge = |(provider, bill): (&Record<DomainTechnology>, &Option<Bill>)| {
        let known_up_to = bill.as_ref().and_then(Bill::known_up_to).map(i32::try_from);
        let known_up_to = known_up_to.transpose().map_err(Error::internal)?;
        Ok(CostKnowledge { provider: Arc::new(provider.clone()).into(), known_up_to })
    };
    let known: Result<Vec<CostKnowledge>> = providers.iter().zip(&bills).map(knowledge).collect();
    let mut found = Vec::new();
    for (at, (first, bill)) in providers.iter().zip(&bills).enumerate() {
        for (second, other) in providers.iter().zip(&bills).skip(at + 1) {
            let (Some(bill), Some(other)) = (bill, other) else { continue };
            for crossover in crossovers(bill, other) {
                found.push(told(&crossover, first, second)?);
            }
        }
    }
    found.sort_by_key(|crossover| crossover.users);
    Ok(CostComparison { bills: known?, crossovers: found })
}

fn told(
    crossover: &Crossover,
    first: &Record<DomainTechnology>,
    second: &Record<DomainTechnology>,
) -> Result<CostCrossover> {
    let provider = |record: &Record<DomainTechnology>| BaasProvider::from(Arc::new(record.clone()));
    let Crossover { users, before, after, first: of_first, second: of_second } = crossover;
    let sides = [(first, *of_first), (second, *of_second)];
    let [cheaper, dearer] = if after.is_lt() { sides } else { [sides[1], sides[0]] };
    Ok(CostCrossover {
        users: i32::try_from(*users).map_err(Error::internal)?,
        cheaper_before: before.is_ne().then(|| provider(dearer.0)),
        cheaper: provider(cheaper.0),
        dearer: provider(dearer.0),
        monthly_of_cheaper: Decimal(cheaper.1),
        monthly_of_dearer: Decimal(dearer.1),
    })
}

/// Comparisons of cost.
#[derive(Default)]
pub(crate) struct CostQuery;

#[Object]
impl CostQuery {
    /// The numbers of users at which one Backend as a Service becomes dearer than another, for the same usage of each
    /// user. Each has its cheapest plan for each number of users. Computed, not sampled, up to 1,000,000,000 users, and
    /// only as far as complete prices are known.
    async fn cost_crossovers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The providers by slug, from 2 to 10.")] slugs: Vec<String>,
        #[graphql(
            desc = "How much is used. What is given for all users together is spread over `monthlyActiveUsers`, at least 1, and grows with the users."
        )]
        usage: UsageInput,
        #[graphql(desc = "The day on which the prices must hold; today when left out.")] as_of: Option<Date>,
    ) -> FieldResult<CostComparison> {
        let as_of = day(ctx, as_of);
        compare(ctx, slugs, usage, as_of).await.map_err(at(ctx))
    }
}
