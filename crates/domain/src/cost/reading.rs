//! What a price fact says of one meter: how much is included, what more costs, and whether it stops.

use num_traits::Zero;
use rust_decimal::Decimal;

use super::{
    exact::{Exact, exact, whole},
    usage::DAYS_OF_MONTH,
};
use crate::{
    price::{Currency, HardLimit, Meter, MeterPeriod, UsageMeter},
    verdict::Verdict,
};

/// How much of a meter is included in a month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Allowance {
    /// So much.
    Of(Exact),
    /// All of it.
    Unlimited,
}

/// A price as its source tells it, and for one of the units in which usage is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rate {
    pub(super) each: Exact,
    pub(super) price: Decimal,
    pub(super) per: Decimal,
}

/// What one fact says of a meter of a plan.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// The place of the fact.
    pub(super) fact: usize,
    pub(super) verdict: Verdict,
    /// Absent when the source does not say.
    pub(super) allowance: Option<Allowance>,
    /// Absent when the source does not say, or says it in another currency.
    pub(super) rate: Option<Rate>,
    /// Absent when the source does not say.
    pub(super) hard_limit: Option<HardLimit>,
}

/// What a reading makes of an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Included,
    Billed { beyond: Exact, total: Exact },
    Over,
    NoPrice,
}

/// Whether the provider counts in GiB. Usage is asked in GB.
pub(super) fn in_gib(meter: &Meter) -> bool {
    meter.unit.starts_with("GiB")
}

/// Whether what is counted is there all the time, rather than used up: it is the same on each day of a month.
fn is_level(meter: UsageMeter) -> bool {
    use UsageMeter as U;
    match meter {
        U::DatabaseStorageGb | U::FileStorageGb | U::MonthlyActiveUsers | U::Seats => true,
        U::DocumentReads
        | U::DocumentWrites
        | U::EgressGb
        | U::FunctionCalls
        | U::PushMessages
        | U::ApiRequests => false,
    }
}

impl Reading {
    pub(super) fn new(fact: usize, verdict: Verdict, meter: &Meter, currency: &Currency) -> Self {
        let unit =
            if in_gib(meter) { Exact::new((1_i64 << 30).into(), 1_000_000_000_i64.into()) } else { whole(1) };
        let days = match meter.period {
            MeterPeriod::Day if !is_level(meter.meter) => whole(DAYS_OF_MONTH),
            MeterPeriod::Day | MeterPeriod::Month => whole(1),
        };
        let rate = rate(meter, currency, &unit);
        let free = rate.as_ref().is_some_and(|rate| rate.each.is_zero());
        let billed = rate.is_some() && !free;
        let allowance = if free || (meter.unlimited && !billed) {
            Some(Allowance::Unlimited)
        } else {
            meter.included.map(|included| Allowance::Of(exact(included) * unit * days))
        };
        Self { fact, verdict, allowance, rate, hard_limit: meter.hard_limit }
    }

    /// What is included, when that is a number.
    pub(super) fn included(&self) -> Option<&Exact> {
        match &self.allowance {
            Some(Allowance::Of(amount)) => Some(amount),
            Some(Allowance::Unlimited) | None => None,
        }
    }

    pub(super) fn is_unlimited(&self) -> bool {
        self.allowance == Some(Allowance::Unlimited)
    }

    /// From which amount on it bills; nothing when it never does.
    pub(super) fn bills_beyond(&self) -> Option<Exact> {
        match &self.allowance {
            Some(Allowance::Unlimited) => None,
            Some(Allowance::Of(amount)) => Some(amount.clone()),
            None => Some(Exact::zero()),
        }
    }

    /// Whether it stops at what is included, and does not bill what goes beyond.
    fn stops(&self) -> bool {
        self.hard_limit == Some(HardLimit::Yes) && self.allowance.is_some()
    }

    pub(super) fn outcome(&self, amount: &Exact) -> Outcome {
        let Some(free) = self.bills_beyond().filter(|free| amount > free) else {
            return Outcome::Included;
        };
        match &self.rate {
            _ if self.stops() => Outcome::Over,
            Some(rate) if rate.each.is_zero() => Outcome::Included,
            Some(rate) => {
                let beyond = amount - free;
                let total = &beyond * &rate.each;
                Outcome::Billed { beyond, total }
            }
            None => Outcome::NoPrice,
        }
    }

    /// Whether nothing is billed beyond what is included, or the customer can have it so. Nothing when no source says.
    pub(super) fn is_capped(&self) -> Option<bool> {
        match (self.is_unlimited(), self.hard_limit) {
            (true, _) | (false, Some(HardLimit::Yes | HardLimit::Configurable)) => Some(true),
            (false, Some(HardLimit::No)) if self.rate.is_some() => Some(false),
            (false, Some(HardLimit::No) | None) => None,
        }
    }
}

/// A price counts in its own currency, and no exchange rate is made up; 0 is 0 in any.
fn rate(meter: &Meter, currency: &Currency, unit: &Exact) -> Option<Rate> {
    let (price, per) = (meter.price?, meter.per?);
    let counts = price.is_zero() || meter.currency.as_ref() == Some(currency);
    counts.then(|| Rate { each: exact(price) / (exact(per) * unit), price, per })
}

/// Fills what a reading leaves open with the dearest of what other readings of the meter say.
pub(super) fn complete(readings: &mut [Reading]) {
    let allowance = readings.iter().filter_map(|reading| reading.allowance.clone()).min();
    let rates = readings.iter().filter_map(|reading| reading.rate.clone());
    let rate = rates.reduce(|one, other| if other.each > one.each { other } else { one });
    let said = |limit| readings.iter().any(|reading| reading.hard_limit == Some(limit));
    let hard_limit =
        [HardLimit::Yes, HardLimit::No, HardLimit::Configurable].into_iter().find(|limit| said(*limit));
    for reading in readings {
        reading.allowance = reading.allowance.take().or_else(|| allowance.clone());
        reading.rate = reading.rate.take().or_else(|| rate.clone());
        reading.hard_limit = reading.hard_limit.or(hard_limit);
    }
}

/// The reading that decides on an amount: one that stops before one that bills, the dearest of those that bill, and any
/// that knows before one that does not. Of equals, the one with the best verdict, then the first.
pub(super) fn decide<'a>(
    readings: impl IntoIterator<Item = &'a Reading>,
    amount: &Exact,
) -> Option<(&'a Reading, Outcome)> {
    let zero = Exact::zero();
    let key = |outcome: &'_ Outcome| match outcome {
        Outcome::NoPrice => 0,
        Outcome::Included | Outcome::Billed { .. } => 1,
        Outcome::Over => 2,
    };
    let total = |outcome: &Outcome| match outcome {
        Outcome::Billed { total, .. } => total.clone(),
        Outcome::Included | Outcome::Over | Outcome::NoPrice => zero.clone(),
    };
    let told = readings.into_iter().map(|reading| (reading, reading.outcome(amount)));
    told.reduce(|best, next| {
        let order = key(&next.1).cmp(&key(&best.1)).then_with(|| total(&next.1).cmp(&total(&best.1)));
        let order = order.then(next.0.verdict.weight().total_cmp(&best.0.verdict.weight()));
        if order.is_gt() { next } else { best }
    })
}

/// The amounts beyond which the readings of a meter together are judged otherwise than before, or cost more for each
/// further unit.
pub(super) fn turns(readings: &[Reading]) -> Vec<Exact> {
    let billing = |reading: &&Reading| !reading.stops() && reading.rate.is_some();
    let ends = readings.iter().filter(|reading| !billing(reading)).filter_map(Reading::bills_beyond);
    let mut turns: Vec<Exact> = ends.collect();
    let lines = readings.iter().filter(billing).filter_map(|reading| {
        let each = &reading.rate.as_ref()?.each;
        Some((reading.bills_beyond()?, each))
    });
    let lines: Vec<(Exact, &Exact)> = lines.collect();
    // The dearest of several straight lines grows ever steeper: each line is met once, and then left for a steeper one.
    let (zero, mut free) = (Exact::zero(), &Exact::zero());
    let mut each = &zero;
    loop {
        let steeper = lines.iter().filter(|(_, other)| *other > each).map(|(other_free, other)| {
            let meet = (other_free * *other - free * each) / (*other - each);
            (meet, *other, other_free)
        });
        // Of those that are met at the same amount, only the steepest is of use.
        let next = steeper.min_by(|one, other| one.0.cmp(&other.0).then_with(|| other.1.cmp(one.1)));
        let Some((meet, next_each, next_free)) = next else { return turns };
        turns.push(meet);
        (each, free) = (next_each, next_free);
    }
}
