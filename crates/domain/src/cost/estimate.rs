//! The estimate: each plan line by line, and the one to choose.

use chrono::NaiveDate;
use num_traits::Zero;
use rust_decimal::Decimal;

use super::{
    assumptions::assumptions,
    exact::{Exact, decimal},
    offer::{self, Offer},
    reading::{Outcome, Reading, decide},
    usage::{Load, Usage},
};
use crate::{
    code::codes,
    fact::Fact,
    freshness::{Freshness, freshness},
    partial_date::PartialDate,
    price::UsageMeter,
    verdict::Verdict,
};

codes! {
    /// What comes of the usage of one meter in a plan.
    CostLineStatus as "cost line status" {
        /// The plan includes it.
        Included,
        /// What goes beyond the plan is billed.
        Billed,
        /// The plan stops here: it does not bear the usage.
        OverHardLimit,
        /// It goes beyond what is known to be included, and no price is known. There is no number, and the total is
        /// incomplete.
        NoPrice,
        /// Only CONFIRMED facts were asked for, and none settles it.
        LeftOut,
        /// The usage that was asked about says nothing of it.
        NotAsked,
    }
}

/// What one meter adds to the bill of a plan. Amounts are those of a month, in the unit in which usage is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is counted.
    pub meter: UsageMeter,
    /// What comes of it.
    pub status: CostLineStatus,
    /// How much is used; absent when it was not asked about.
    pub used: Option<Decimal>,
    /// How much is included; absent when it is unlimited or no source says.
    pub included: Option<Decimal>,
    /// Whether it is not limited at all.
    pub is_unlimited: bool,
    /// How much is billed; absent when nothing is.
    pub beyond: Option<Decimal>,
    /// What `per` units of the provider cost; absent when no source says.
    pub price: Option<Decimal>,
    /// For how many units of the provider the price is.
    pub per: Option<Decimal>,
    /// What it costs; absent when that is not known.
    pub total: Option<Decimal>,
    /// What it costs by the cheapest of the facts that disagree.
    pub lowest_total: Option<Decimal>,
    /// The first number of users with which usage goes beyond what is included; absent when it never does.
    pub exceeded_at: Option<u32>,
    /// The fact that decides, by its place.
    pub fact: Option<usize>,
    /// All facts that count for it, by their places.
    pub facts: Vec<usize>,
    /// Whether these facts disagree.
    pub is_disputed: bool,
}

/// What the usage costs in one plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanEstimate {
    /// The fact that tells of the plan, by its place.
    pub plan: usize,
    /// What it costs before anything is metered; absent when that is not known or does not count.
    pub base: Option<Decimal>,
    /// Meter by meter.
    pub lines: Vec<Line>,
    /// What is known to be billed: the base and all lines that have a number.
    pub known: Decimal,
    /// The same by the cheapest of the facts that disagree.
    pub lowest: Decimal,
    /// The bill of a month; absent when the plan stops or a price is not known.
    pub monthly: Option<Decimal>,
    /// Whether the plan stops before it bears the usage.
    pub stops: bool,
    /// How much of what is known rests on facts that are not CONFIRMED.
    pub unconfirmed: Decimal,
    /// Whether nothing is billed beyond what is included, or the customer can have it so.
    pub has_spend_cap: Option<bool>,
    /// The stalest freshness of the facts that decide.
    pub freshness: Freshness,
}

impl PlanEstimate {
    /// The share of what is known that rests on facts that are not CONFIRMED; absent when nothing is billed.
    pub fn unconfirmed_share(&self) -> Option<Decimal> {
        (!self.known.is_zero()).then(|| (self.unconfirmed / self.known).round_dp(4).normalize())
    }

    /// How many prices are missing from the total.
    pub fn missing(&self) -> usize {
        let without = |line: &&Line| matches!(line.status, CostLineStatus::NoPrice | CostLineStatus::LeftOut);
        self.lines.iter().filter(without).count() + usize::from(self.base.is_none())
    }
}

/// What a usage costs with a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Every plan: first those that bear the usage with a complete price, the cheapest first, then those that bear it
    /// as far as is known, with the fewest prices missing first, then those that stop.
    pub plans: Vec<PlanEstimate>,
    /// Whether some plan without a base fee bears the usage and bills nothing. Absent when that is not known.
    pub fits_free_tier: Option<bool>,
    /// What the estimate takes for granted, in sentences.
    pub assumptions: Vec<String>,
}

impl Estimate {
    /// The plan to choose: the cheapest that bears the usage with a complete price; failing that, the one with the
    /// fewest prices missing. Nothing when all stop.
    pub fn chosen(&self) -> Option<&PlanEstimate> {
        self.plans.first().filter(|plan| !plan.stops)
    }

    /// The bill of a month in the chosen plan; absent when it is not known.
    pub fn monthly(&self) -> Option<Decimal> {
        self.chosen()?.monthly
    }
}

/// What a usage costs with the provider that some price facts are about. Nothing when none of them that counts tells of
/// a plan.
pub fn estimate(facts: &[Fact], usage: &Usage, as_of: NaiveDate) -> Option<Estimate> {
    let (offers, notes) = offer::read(facts, usage, as_of);
    let loads = usage.loads();
    let asked = Asked { facts, usage, loads: &loads, as_of };
    let mut ranked: Vec<(&Offer, PlanEstimate)> =
        offers.iter().map(|offer| (offer, asked.plan(offer, false))).collect();
    ranked.sort_by_cached_key(|(offer, plan)| {
        let total = offer.total(&loads, usage.users());
        (plan.stops, plan.missing(), total, plan.known, caution(plan.has_spend_cap), plan.plan)
    });
    let only = usage.only_confirmed;
    let plans: Vec<PlanEstimate> =
        ranked.into_iter().map(|(offer, plan)| if only { asked.plan(offer, true) } else { plan }).collect();
    if plans.is_empty() {
        return None;
    }
    let assumptions = assumptions(facts, usage, as_of, &notes, &plans);
    Some(Estimate { fits_free_tier: fits_free_tier(&plans, only), plans, assumptions })
}

/// Of plans that cost the same, one that stops is chosen before one that may bill.
pub(super) fn caution(is_capped: Option<bool>) -> u8 {
    match is_capped {
        Some(true) => 0,
        None => 1,
        Some(false) => 2,
    }
}

fn fits_free_tier(plans: &[PlanEstimate], only_confirmed: bool) -> Option<bool> {
    if plans.iter().any(|plan| plan.monthly.is_some_and(|monthly| monthly.is_zero())) {
        return Some(true);
    }
    // A plan whose price nobody tells is none that is known to be free; one whose price was left out may be.
    let has_no_fee = |plan: &PlanEstimate| plan.base.map_or(only_confirmed, |base| base.is_zero());
    let may_be_free =
        |plan: &PlanEstimate| has_no_fee(plan) && !plan.stops && plan.missing() > 0 && plan.known.is_zero();
    if plans.iter().any(may_be_free) { None } else { Some(false) }
}

struct Asked<'a> {
    facts: &'a [Fact],
    usage: &'a Usage,
    loads: &'a [(UsageMeter, Load)],
    as_of: NaiveDate,
}

impl Asked<'_> {
    fn plan(&self, offer: &Offer, only_confirmed: bool) -> PlanEstimate {
        let base_counts = !only_confirmed || offer.verdict == Verdict::Confirmed;
        let base = offer.base.filter(|_| base_counts);
        let lines = self.lines(offer, only_confirmed);
        let sum = |number: fn(&Line) -> Option<Decimal>| {
            lines.iter().filter_map(number).fold(Decimal::ZERO, Decimal::saturating_add)
        };
        let known = base.unwrap_or_default().saturating_add(sum(|line| line.total));
        let lowest_base = offer.lowest_base.filter(|_| base_counts).unwrap_or_default();
        let unconfirmed = |fact: usize| self.facts[fact].verdict != Verdict::Confirmed;
        let doubtful = lines.iter().filter(|line| line.fact.is_some_and(unconfirmed));
        let doubtful_base = base.filter(|_| unconfirmed(offer.facts[0])).unwrap_or_default();
        let mut plan = PlanEstimate {
            plan: offer.facts[0],
            base,
            known,
            lowest: lowest_base.saturating_add(sum(|line| line.lowest_total)),
            monthly: None,
            stops: lines.iter().any(|line| line.status == CostLineStatus::OverHardLimit),
            unconfirmed: doubtful.filter_map(|line| line.total).fold(doubtful_base, Decimal::saturating_add),
            has_spend_cap: offer.is_capped(self.loads),
            freshness: self.freshness(offer, &lines),
            lines,
        };
        plan.monthly = (!plan.stops && plan.missing() == 0).then_some(known);
        plan
    }

    fn freshness(&self, offer: &Offer, lines: &[Line]) -> Freshness {
        let facts = lines.iter().filter_map(|line| line.fact).chain([offer.facts[0]]);
        let of = |at: usize| {
            let observed = self.facts[at].observed_on.map(PartialDate::last_day);
            freshness(self.facts[at].kind, observed, self.as_of)
        };
        facts.map(of).max().unwrap_or(Freshness::Unknown)
    }

    fn lines(&self, offer: &Offer, only_confirmed: bool) -> Vec<Line> {
        let mut meters: Vec<UsageMeter> = self.loads.iter().map(|(meter, _)| *meter).collect();
        meters.extend(offer.meters.keys());
        meters.sort_unstable();
        meters.dedup();
        meters.into_iter().map(|meter| self.line(offer, meter, only_confirmed)).collect()
    }

    fn line(&self, offer: &Offer, meter: UsageMeter, only_confirmed: bool) -> Line {
        let readings = offer.meters.get(&meter).map_or(&[][..], Vec::as_slice);
        let load = self.loads.iter().find(|(asked, _)| *asked == meter).map(|(_, load)| load);
        let used = load.map(|load| load.at(self.usage.users()));
        let mut line = blank(meter, readings);
        let Some((load, used)) = load.zip(used) else { return line };
        line.used = Some(decimal(&used));
        let confirmed = |reading: &&Reading| !only_confirmed || reading.verdict == Verdict::Confirmed;
        let decided = decide(readings.iter().filter(confirmed), &used);
        let left_out = only_confirmed && !readings.is_empty();
        match decided {
            Some((_, Outcome::NoPrice)) | None if left_out => line.status = CostLineStatus::LeftOut,
            None if used.is_zero() => settle(&mut line, &Outcome::Included),
            None => line.status = CostLineStatus::NoPrice,
            Some((reading, outcome)) => {
                tell(&mut line, reading);
                settle(&mut line, &outcome);
                line.lowest_total = line.total.and_then(|_| lowest(readings.iter().filter(confirmed), &used));
                let ends = readings.iter().filter_map(|reading| load.first_above(reading.included()?));
                line.exceeded_at = ends.min().filter(|_| self.usage.grows());
            }
        }
        line
    }
}

fn blank(meter: UsageMeter, readings: &[Reading]) -> Line {
    let terms = |reading: &Reading| (reading.allowance.clone(), reading.rate.clone(), reading.hard_limit);
    Line {
        meter,
        status: CostLineStatus::NotAsked,
        used: None,
        included: None,
        is_unlimited: false,
        beyond: None,
        price: None,
        per: None,
        total: None,
        lowest_total: None,
        exceeded_at: None,
        fact: None,
        facts: readings.iter().map(|reading| reading.fact).collect(),
        is_disputed: readings.windows(2).any(|pair| terms(&pair[0]) != terms(&pair[1])),
    }
}

fn tell(line: &mut Line, reading: &Reading) {
    line.fact = Some(reading.fact);
    line.included = reading.included().map(decimal);
    line.is_unlimited = reading.is_unlimited();
    (line.price, line.per) = reading.rate.as_ref().map(|rate| (rate.price, rate.per)).unzip();
}

fn settle(line: &mut Line, outcome: &Outcome) {
    (line.status, line.total) = match outcome {
        Outcome::Included => (CostLineStatus::Included, Some(Decimal::ZERO)),
        Outcome::Billed { beyond, total } => {
            line.beyond = Some(decimal(beyond));
            (CostLineStatus::Billed, Some(decimal(total)))
        }
        Outcome::Over => (CostLineStatus::OverHardLimit, None),
        Outcome::NoPrice => (CostLineStatus::NoPrice, None),
    };
}

fn lowest<'a>(readings: impl Iterator<Item = &'a Reading>, used: &Exact) -> Option<Decimal> {
    let known = readings.filter_map(|reading| match reading.outcome(used) {
        Outcome::Included => Some(Exact::zero()),
        Outcome::Billed { total, .. } => Some(total),
        Outcome::Over | Outcome::NoPrice => None,
    });
    known.min().map(|total| decimal(&total))
}
