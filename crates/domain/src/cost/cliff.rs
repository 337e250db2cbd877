//! Cliffs: the numbers of users at which a bill jumps or begins to grow.

use chrono::NaiveDate;
use num_traits::Zero;
use rust_decimal::Decimal;

use super::{
    bill::Bill,
    exact::{Exact, decimal},
    offer::Offer,
    reading::Outcome,
    usage::Usage,
};
use crate::{code::codes, fact::Fact, price::UsageMeter};

codes! {
    /// What happens to a bill at a number of users.
    CostCliffKind as "cost cliff kind" {
        /// The plan costs something before anything is metered, from the start.
        BaseFee,
        /// The bill is no longer 0, or the plan that costs nothing stops.
        FreeTierEnds,
        /// Another plan is the cheapest that bears the usage.
        PlanChanges,
        /// A meter begins to bill.
        BillingStarts,
        /// No plan is known any more that bears the usage with a complete price.
        NoPlanKnown,
    }
}

/// A number of users at which the bill of the cheapest plan jumps or begins to grow. With one user less it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cliff {
    /// What happens.
    pub kind: CostCliffKind,
    /// The first number of users with which it is so.
    pub users: u32,
    /// The meters that cause it.
    pub meters: Vec<UsageMeter>,
    /// The plan before, by the place of its fact.
    pub plan_before: Option<usize>,
    /// The plan from here on, by the place of its fact.
    pub plan: Option<usize>,
    /// The bill with one user less.
    pub monthly_before: Option<Decimal>,
    /// The bill with these users.
    pub monthly: Option<Decimal>,
    /// The facts that it rests on, by their places.
    pub facts: Vec<usize>,
}

/// The cliffs of the cheapest plan of a provider as the number of users grows from 0 to
/// [`MAX_USERS`](super::MAX_USERS), the rest of the usage with it. None when no users are given. When only CONFIRMED
/// facts are asked for, others do not count at all.
pub fn cliffs(facts: &[Fact], usage: &Usage, as_of: NaiveDate) -> Vec<Cliff> {
    let Some(bill) = Bill::new(facts, usage, as_of).filter(|_| usage.monthly_active_users.is_some()) else {
        return Vec::new();
    };
    let mut cliffs = Vec::new();
    let start = bill.snapshot(0);
    if start.chosen.as_ref().is_some_and(|(_, monthly)| !monthly.is_zero()) {
        cliffs.push(cliff(CostCliffKind::BaseFee, 0, vec![], None, &start));
    }
    for users in bill.pieces.iter().map(|piece| piece.from).filter(|users| *users > 0) {
        cliffs.extend(between(&bill.snapshot(users - 1), &bill.snapshot(users), users, &bill));
    }
    cliffs
}

/// The cheapest plan at a number of users, and what it bills.
struct Snapshot<'a> {
    chosen: Option<(&'a Offer, Exact)>,
    billed: Vec<(UsageMeter, usize)>,
}

impl Snapshot<'_> {
    fn plan(&self) -> Option<usize> {
        self.chosen.as_ref().map(|(offer, _)| offer.facts[0])
    }

    fn is_free(&self) -> bool {
        self.chosen.as_ref().is_some_and(|(_, monthly)| monthly.is_zero())
    }
}

impl Bill {
    fn snapshot(&self, users: u32) -> Snapshot<'_> {
        let chosen = self.at(users).map(|(at, monthly)| (&self.offers[at], monthly));
        let billed = chosen.as_ref().map(|(offer, _)| {
            let judged = self.judged(offer, users).into_iter();
            judged.filter(|(_, _, outcome)| matches!(outcome, Some(Outcome::Billed { .. })))
        });
        let billed = billed.into_iter().flatten().filter_map(|(meter, fact, _)| Some((meter, fact?)));
        Snapshot { billed: billed.collect(), chosen }
    }

    fn judged(&self, offer: &Offer, users: u32) -> Vec<(UsageMeter, Option<usize>, Option<Outcome>)> {
        let judge = |(meter, load): &(UsageMeter, super::usage::Load)| {
            let decided = offer.outcome(*meter, &load.at(users));
            let (fact, outcome) = decided.map(|(reading, outcome)| (reading.fact, outcome)).unzip();
            (*meter, fact, outcome)
        };
        self.loads.iter().map(judge).collect()
    }

    fn stops(&self, offer: &Offer, users: u32) -> bool {
        self.judged(offer, users).iter().any(|(_, _, outcome)| *outcome == Some(Outcome::Over))
    }

    /// The meters that a plan does not include, with the facts that say so.
    fn exceeded(&self, offer: &Offer, users: u32) -> (Vec<UsageMeter>, Vec<usize>) {
        let judged = self.judged(offer, users).into_iter();
        let exceeded = judged.filter(|(_, _, outcome)| *outcome != Some(Outcome::Included));
        let (meters, facts): (Vec<_>, Vec<_>) = exceeded.map(|(meter, fact, _)| (meter, fact)).unzip();
        (meters, facts.into_iter().flatten().collect())
    }
}

fn cliff(
    kind: CostCliffKind,
    users: u32,
    causes: Vec<(UsageMeter, usize)>,
    before: Option<&Snapshot<'_>>,
    now: &Snapshot<'_>,
) -> Cliff {
    let (meters, mut facts): (Vec<UsageMeter>, Vec<usize>) = causes.into_iter().unzip();
    let monthly = |snapshot: &Snapshot<'_>| snapshot.chosen.as_ref().map(|(_, monthly)| decimal(monthly));
    facts.extend(before.and_then(Snapshot::plan));
    facts.extend(now.plan());
    facts.sort_unstable();
    facts.dedup();
    Cliff {
        kind,
        users,
        meters,
        plan_before: before.and_then(Snapshot::plan),
        plan: now.plan(),
        monthly_before: before.and_then(monthly),
        monthly: monthly(now),
        facts,
    }
}

fn between(before: &Snapshot<'_>, now: &Snapshot<'_>, users: u32, bill: &Bill) -> Vec<Cliff> {
    let Some((offer, _)) = &before.chosen else { return Vec::new() };
    let exceeded = || {
        let (meters, facts) = bill.exceeded(offer, users);
        let mut cliff = cliff(CostCliffKind::FreeTierEnds, users, vec![], Some(before), now);
        cliff.meters = meters;
        cliff.facts.extend(facts);
        cliff.facts.sort_unstable();
        cliff.facts.dedup();
        cliff
    };
    let mut cliffs = Vec::new();
    // When a price is missing, nobody knows whether the bill is still 0.
    let is_over = now.chosen.is_some() || bill.stops(offer, users);
    if before.is_free() && !now.is_free() && is_over {
        cliffs.push(exceeded());
    }
    if now.chosen.is_none() {
        cliffs.push(Cliff { kind: CostCliffKind::NoPlanKnown, ..exceeded() });
    } else if before.plan() != now.plan() {
        let kind = CostCliffKind::PlanChanges;
        // A plan that goes on is left because another is cheaper now, not because of a meter.
        let goes_on = offer.total(&bill.loads, users).is_some();
        cliffs.push(if goes_on {
            cliff(kind, users, vec![], Some(before), now)
        } else {
            Cliff { kind, ..exceeded() }
        });
    }
    let starts = now.billed.iter().filter(|(meter, _)| before.billed.iter().all(|(known, _)| known != meter));
    cliffs.extend(
        starts.map(|billed| cliff(CostCliffKind::BillingStarts, users, vec![*billed], Some(before), now)),
    );
    cliffs
}
