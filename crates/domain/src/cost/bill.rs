//! Bills as functions of the number of users: straight pieces, exact at every whole number.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use num_traits::Zero;

use super::{
    estimate::caution,
    exact::{Exact, first_above, first_from, whole},
    offer::{self, Offer},
    usage::{Load, MAX_USERS, Usage},
};
use crate::{fact::Fact, price::UsageMeter, verdict::Verdict};

/// The cheapest bill of a provider, for every number of users up to [`MAX_USERS`]. The rest of the usage grows with
/// the users.
#[derive(Debug)]
pub struct Bill {
    pub(super) offers: Vec<Offer>,
    pub(super) loads: Vec<(UsageMeter, Load)>,
    pub(super) pieces: Vec<Piece>,
}

/// From some number of users to the next piece, the bill is a straight line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) from: u32,
    pub(super) line: Option<Straight>,
}

/// What a plan costs from the first number of users of a piece on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Straight {
    /// The place of the plan among the offers.
    pub(super) offer: usize,
    pub(super) at: Exact,
    pub(super) slope: Exact,
}

impl Straight {
    pub(super) fn after(&self, users: u32) -> Exact {
        &self.at + &self.slope * whole(users)
    }
}

impl Bill {
    /// The bill that price facts of a provider make of a usage. When only CONFIRMED facts are asked for, others do not
    /// count at all. Nothing when no plan counts.
    pub fn new(facts: &[Fact], usage: &Usage, as_of: NaiveDate) -> Option<Self> {
        let (mut offers, _) = offer::read(facts, usage, as_of);
        if usage.only_confirmed {
            offers.retain(|offer| offer.verdict == Verdict::Confirmed);
            for readings in offers.iter_mut().flat_map(|offer| offer.meters.values_mut()) {
                readings.retain(|reading| reading.verdict == Verdict::Confirmed);
            }
            for offer in &mut offers {
                offer.meters.retain(|_, readings| !readings.is_empty());
            }
        }
        let loads = usage.loads();
        let pieces = pieces(&offers, &loads);
        (!offers.is_empty()).then_some(Self { offers, loads, pieces })
    }

    /// The most users for which the bill is known; nothing when it is not known for any.
    pub fn known_up_to(&self) -> Option<u32> {
        match self.pieces.iter().position(|piece| piece.line.is_none()) {
            Some(0) => None,
            Some(at) => Some(self.pieces[at].from - 1),
            None => Some(MAX_USERS),
        }
    }

    /// The cheapest plan with so many users, as its piece tells it.
    pub(super) fn at(&self, users: u32) -> Option<(usize, Exact)> {
        let at = self.pieces.partition_point(|piece| piece.from <= users).checked_sub(1)?;
        let Piece { from, line } = &self.pieces[at];
        line.as_ref().map(|line| (line.offer, line.after(users - from)))
    }
}

fn pieces(offers: &[Offer], loads: &[(UsageMeter, Load)]) -> Vec<Piece> {
    let mut starts: BTreeSet<u32> = offers.iter().flat_map(|offer| offer.turns(loads)).collect();
    starts.insert(0);
    let starts: Vec<u32> = starts.into_iter().collect();
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, from) in starts.iter().enumerate() {
        let last = starts.get(at + 1).map_or(MAX_USERS, |next| next - 1);
        pieces.extend(cheapest(&lines(offers, loads, *from, last), *from, last));
    }
    pieces
}

/// A plan between two turns, and how ready it is to bill beyond what is included.
struct Candidate {
    line: Straight,
    caution: u8,
}

fn lines(offers: &[Offer], loads: &[(UsageMeter, Load)], from: u32, last: u32) -> Vec<Candidate> {
    let line = |(offer, plan): (usize, &Offer)| {
        let at = plan.total(loads, from)?;
        let slope = if from < last { plan.total(loads, from + 1)? - &at } else { Exact::zero() };
        let caution = caution(plan.is_capped(loads));
        Some(Candidate { line: Straight { offer, at, slope }, caution })
    };
    offers.iter().enumerate().filter_map(line).collect()
}

/// The cheapest of some straight lines, piece by piece.
fn cheapest(candidates: &[Candidate], from: u32, last: u32) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut users = from;
    loop {
        let key = |candidate: &Candidate| {
            let Candidate { line, caution } = candidate;
            (line.after(users - from), *caution, line.offer)
        };
        let Some(best) = candidates.iter().min_by_key(|candidate| key(candidate)) else {
            return vec![Piece { from, line: None }];
        };
        let at = best.line.after(users - from);
        let line = Straight { offer: best.line.offer, at, slope: best.line.slope.clone() };
        pieces.push(Piece { from: users, line: Some(line) });
        let next = candidates.iter().filter_map(|other| beats(other, best, from, last)).min();
        match next {
            Some(next) => users = next,
            None => return pieces,
        }
    }
}

/// From which number of users on one line is chosen before another that is chosen now. Lines begin at `from`.
fn beats(one: &Candidate, now: &Candidate, from: u32, last: u32) -> Option<u32> {
    let slope = &now.line.slope - &one.line.slope;
    if slope <= Exact::zero() {
        return None;
    }
    let meet = (&one.line.at - &now.line.at) / slope;
    let wins_ties = (one.caution, one.line.offer) < (now.caution, now.line.offer);
    let after = if wins_ties { first_from(&meet, last - from) } else { first_above(&meet, last - from) };
    after.map(|after| from + after)
}
