//! The plans of a provider, as the price facts that count tell them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use num_traits::Zero;
use rust_decimal::Decimal;

use super::{
    exact::{Exact, exact},
    reading::{self, Outcome, Reading, decide},
    usage::{Load, Usage},
};
use crate::{
    fact::{Fact, FactDetail, FactKind},
    price::{Plan, UsageMeter},
    verdict::Verdict,
};

/// A plan with its meters.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    /// The facts that tell of the plan, the one that decides on its price first.
    pub(super) facts: Vec<usize>,
    pub(super) verdict: Verdict,
    /// What it costs before anything is metered.
    pub(super) base: Option<Decimal>,
    /// The least that a fact says it costs.
    pub(super) lowest_base: Option<Decimal>,
    pub(super) meters: BTreeMap<UsageMeter, Vec<Reading>>,
}

/// Which facts do not count, and which do with a proviso, by place.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) refuted: Vec<usize>,
    pub(super) not_valid: Vec<usize>,
    pub(super) other_region: Vec<usize>,
    pub(super) other_currency: Vec<usize>,
    pub(super) in_region: Vec<usize>,
    pub(super) in_gib: Vec<usize>,
}

impl Notes {
    fn keep(&mut self, test: impl Fn(usize) -> bool) {
        let Self { refuted, not_valid, other_region, other_currency, in_region, in_gib } = self;
        for places in [refuted, not_valid, other_region, other_currency, in_region, in_gib] {
            places.retain(|at| test(*at));
        }
    }
}

/// Whether a fact bears on what is asked: it tells of a plan, or of a meter of the usage.
fn is_asked(fact: &Fact, usage: &Usage) -> bool {
    match &fact.detail {
        FactDetail::Meter(meter) => usage.loads().iter().any(|(asked, _)| *asked == meter.meter),
        _ => true,
    }
}

/// Whether a price of one region is asked for by naming another text: the name of the region, or its code or name
/// alone where the source writes both, as in `us-central1 (Iowa)`.
fn is_region(told: &str, asked: &str) -> bool {
    let same = |part: &str| part.trim().to_lowercase() == asked.trim().to_lowercase();
    let parts = told.split_once('(').map(|(code, rest)| (code, rest.trim_end().trim_end_matches(')')));
    same(told) || parts.is_some_and(|(code, name)| same(code) || same(name))
}

/// What the facts that count say of plans, in the order of the facts, and what was left out.
pub(super) fn read(facts: &[Fact], usage: &Usage, as_of: NaiveDate) -> (Vec<Offer>, Notes) {
    let mut notes = Notes::default();
    let counts: Vec<usize> =
        (0..facts.len()).filter(|at| counts(&facts[*at], *at, usage, as_of, &mut notes)).collect();
    let mut offers: Vec<(&str, Offer)> = Vec::new();
    for at in &counts {
        let FactDetail::Plan(plan) = &facts[*at].detail else { continue };
        add_plan(&mut offers, plan, *at, &facts[*at], usage, &mut notes);
    }
    for at in counts {
        let FactDetail::Meter(meter) = &facts[at].detail else { continue };
        let Some((_, offer)) = offers.iter_mut().find(|(name, _)| *name == meter.plan) else { continue };
        let other = |price: Decimal| !price.is_zero() && meter.currency.as_ref() != Some(&usage.currency);
        notes.other_currency.extend(meter.price.is_some_and(other).then_some(at));
        notes.in_gib.extend(reading::in_gib(meter).then_some(at));
        let reading = Reading::new(at, facts[at].verdict, meter, &usage.currency);
        offer.meters.entry(meter.meter).or_default().push(reading);
    }
    notes.keep(|at| is_asked(&facts[at], usage));
    let mut offers: Vec<Offer> = offers.into_iter().map(|(_, offer)| offer).collect();
    offers.iter_mut().flat_map(|offer| offer.meters.values_mut()).for_each(|list| reading::complete(list));
    (offers, notes)
}

fn counts(fact: &Fact, at: usize, usage: &Usage, as_of: NaiveDate, notes: &mut Notes) -> bool {
    let region = match &fact.detail {
        FactDetail::Plan(plan) if fact.kind == FactKind::Price => plan.region.as_deref(),
        FactDetail::Meter(meter) if fact.kind == FactKind::Price => meter.region.as_deref(),
        _ => return false,
    };
    let held = fact.valid_from.is_none_or(|from| from <= as_of) && fact.valid_to.is_none_or(|to| as_of <= to);
    let asked = usage.region.as_deref();
    if fact.verdict.refutes() {
        notes.refuted.push(at);
    } else if !held {
        notes.not_valid.push(at);
    } else if region.zip(asked).is_some_and(|(region, asked)| !is_region(region, asked)) {
        notes.other_region.push(at);
    } else {
        notes.in_region.extend(region.map(|_| at));
        return true;
    }
    false
}

fn add_plan<'a>(
    offers: &mut Vec<(&'a str, Offer)>,
    plan: &'a Plan,
    at: usize,
    fact: &Fact,
    usage: &Usage,
    notes: &mut Notes,
) {
    let other = |price: &Decimal| !price.is_zero() && plan.currency.as_ref() != Some(&usage.currency);
    notes.other_currency.extend(plan.monthly_price.as_ref().is_some_and(other).then_some(at));
    let base = plan.monthly_price.filter(|price| !other(price));
    let Some((_, offer)) = offers.iter_mut().find(|(name, _)| *name == plan.name) else {
        let facts = vec![at];
        let meters = BTreeMap::new();
        let offer = Offer { facts, verdict: fact.verdict, base, lowest_base: base, meters };
        offers.push((&plan.name, offer));
        return;
    };
    offer.lowest_base = offer.lowest_base.into_iter().chain(base).min();
    if base > offer.base {
        (offer.base, offer.verdict) = (base, fact.verdict);
        offer.facts.insert(0, at);
    } else {
        offer.facts.push(at);
    }
}

impl Offer {
    /// The reading that decides on a meter, with what comes of it.
    pub(super) fn outcome(&self, meter: UsageMeter, amount: &Exact) -> Option<(&Reading, Outcome)> {
        decide(self.meters.get(&meter)?, amount)
    }

    /// What it costs with so many users. Nothing when it stops, or a price is not known.
    pub(super) fn total(&self, loads: &[(UsageMeter, Load)], users: u32) -> Option<Exact> {
        let mut total = exact(self.base?);
        for (meter, load) in loads {
            let amount = load.at(users);
            match self.outcome(*meter, &amount) {
                Some((_, Outcome::Included)) => {}
                Some((_, Outcome::Billed { total: line, .. })) => total += line,
                None if amount.is_zero() => {}
                Some((_, Outcome::Over | Outcome::NoPrice)) | None => return None,
            }
        }
        Some(total)
    }

    /// The numbers of users from which on a meter is judged otherwise than before.
    pub(super) fn turns(&self, loads: &[(UsageMeter, Load)]) -> Vec<u32> {
        let mut turns = Vec::new();
        for (meter, load) in loads {
            let Some(readings) = self.meters.get(meter) else {
                turns.extend(load.first_above(&Exact::zero()));
                continue;
            };
            turns.extend(reading::turns(readings).iter().filter_map(|amount| load.first_above(amount)));
        }
        turns
    }

    /// Whether nothing is billed beyond what is included, or the customer can have it so. Nothing when no source says,
    /// or nothing is asked for.
    pub(super) fn is_capped(&self, loads: &[(UsageMeter, Load)]) -> Option<bool> {
        let readings = loads.iter().map(|(meter, _)| self.meters.get(meter));
        let judged: Vec<Option<bool>> = readings
            .map(|readings| {
                let each: Vec<_> = readings?.iter().map(Reading::is_capped).collect();
                if each.contains(&Some(false)) { Some(false) } else { each.into_iter().min().flatten() }
            })
            .collect();
        if judged.contains(&Some(false)) { Some(false) } else { judged.into_iter().min().flatten() }
    }
}
