//! Prices: plans of a service and the meters by which it bills.

use async_graphql::Context;
use stackfit_domain::{
    fact::FactKind,
    id::Id,
    price::{HardLimit, Meter, MeterPeriod, Plan, UsageMeter},
    subject::Subject,
};

use crate::{
    coded::Coded,
    error::FieldResult,
    fact,
    fact_fields::{fact_object, of_type},
    scalar::Decimal,
};

fact_object! {
    /// A plan of a service that customers choose.
    PricePlan { plan: Plan } fields {
        /// Its name.
        async fn name(&self) -> &str {
            &self.plan.name
        }

        /// What it costs a month before anything is metered, in `currency`, exact. Null when no source at hand says.
        async fn monthly_price(&self) -> Option<Decimal> {
            self.plan.monthly_price.map(Decimal)
        }

        /// The currency of the price, as ISO 4217 names it. Null when there is no price.
        async fn currency(&self) -> Option<&str> {
            self.plan.currency.as_ref().map(stackfit_domain::price::Currency::as_str)
        }

        /// The region for which the price holds. Null when the source names none.
        async fn region(&self) -> Option<&str> {
            self.plan.region.as_deref()
        }

        /// What it includes and what more costs, meter by meter, at most 100. Where sources disagree, a meter is there
        /// several times.
        async fn prices(&self, ctx: &Context<'_>) -> FieldResult<Vec<Price>> {
            let mut prices: Vec<Price> = of_type(fact::of_kind(ctx, self.fact.subject.id, FactKind::Price).await?);
            prices.retain(|price| price.meter.plan == self.plan.name);
            Ok(prices)
        }
    }
}

fact_object! {
    /// What a plan includes of one meter, and what more of it costs.
    Price { meter: Meter } fields {
        /// The name of the plan.
        async fn plan(&self) -> &str {
            &self.meter.plan
        }

        /// What is counted.
        async fn meter(&self) -> Coded<UsageMeter> {
            self.meter.meter.into()
        }

        /// The unit in which the provider counts it.
        async fn unit(&self) -> &str {
            &self.meter.unit
        }

        /// How much is included in each period, exact. Null when it is unlimited or no source at hand says.
        async fn included(&self) -> Option<Decimal> {
            self.meter.included.map(Decimal)
        }

        /// Whether it is not limited at all.
        async fn is_unlimited(&self) -> bool {
            self.meter.unlimited
        }

        /// For which time the included amount is counted.
        async fn period(&self) -> Coded<MeterPeriod> {
            self.meter.period.into()
        }

        /// What `per` units beyond cost, in `currency`, exact. Null when no source at hand says, which is not 0.
        async fn price(&self) -> Option<Decimal> {
            self.meter.price.map(Decimal)
        }

        /// How many units the price is for. Null when there is no price.
        async fn per(&self) -> Option<Decimal> {
            self.meter.per.map(Decimal)
        }

        /// The currency of the price, as ISO 4217 names it. Null when there is no price.
        async fn currency(&self) -> Option<&str> {
            self.meter.currency.as_ref().map(stackfit_domain::price::Currency::as_str)
        }

        /// The region for which the price holds. Null when the source names none.
        async fn region(&self) -> Option<&str> {
            self.meter.region.as_deref()
        }

        /// Whether the service stops at what is included. Null when no source at hand says.
        async fn hard_limit(&self) -> Option<Coded<HardLimit>> {
            self.meter.hard_limit.map(Into::into)
        }
    }
}

/// The plans of a service, by code.
pub(crate) async fn plans(ctx: &Context<'_>, service: Id<Subject>) -> FieldResult<Vec<PricePlan>> {
    Ok(of_type(fact::of_kind(ctx, service, FactKind::Price).await?))
}
