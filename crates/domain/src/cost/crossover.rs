//! Crossovers: the numbers of users at which one provider becomes dearer than another.

use std::{cmp::Ordering, collections::BTreeSet};

use num_traits::Zero;
use rust_decimal::Decimal;

use super::{
    bill::Bill,
    exact::{Exact, decimal, first_above, first_from},
    usage::MAX_USERS,
};

/// A number of users from which on another of two bills is the smaller one. With one user less it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossover {
    /// The first number of users with which it is so.
    pub users: u32,
    /// How the first bill compared with the second when they last differed; equal when they never did.
    pub before: Ordering,
    /// How it compares from here on; never equal.
    pub after: Ordering,
    /// The first bill with these users.
    pub first: Decimal,
    /// The second bill with these users.
    pub second: Decimal,
}

/// The numbers of users at which one of two bills becomes the smaller one, as far as both are known.
pub fn crossovers(first: &Bill, second: &Bill) -> Vec<Crossover> {
    let mut turns: BTreeSet<u32> =
        first.pieces.iter().chain(&second.pieces).map(|piece| piece.from).collect();
    turns.extend(meetings(first, second, &turns));
    let mut found = Vec::new();
    let mut last: Option<Ordering> = None;
    for users in turns {
        let (Some((_, one)), Some((_, other))) = (first.at(users), second.at(users)) else { break };
        let after = one.cmp(&other);
        let flips = after != Ordering::Equal && last.is_some_and(|before| before != after);
        if let Some(before) = last.filter(|_| flips) {
            let (first, second) = (decimal(&one), decimal(&other));
            found.push(Crossover { users, before, after, first, second });
        }
        if after != Ordering::Equal || last.is_none() {
            last = Some(after);
        }
    }
    found
}

/// The numbers of users within pieces at which the straight lines of two bills meet, and those after.
fn meetings(first: &Bill, second: &Bill, turns: &BTreeSet<u32>) -> Vec<u32> {
    let turns: Vec<u32> = turns.iter().copied().collect();
    let mut meetings = Vec::new();
    for (at, from) in turns.iter().enumerate() {
        let last = turns.get(at + 1).map_or(MAX_USERS, |next| next - 1);
        let difference = |users| Some(first.at(users)?.1 - second.at(users)?.1);
        let (Some(start), Some(next)) = (difference(*from), difference(last.min(from + 1))) else { break };
        let slope: Exact = next - &start;
        if slope.is_zero() {
            continue;
        }
        let meet = -start / slope;
        let within = [first_from(&meet, last - from), first_above(&meet, last - from)];
        meetings.extend(within.into_iter().flatten().map(|after| from + after));
    }
    meetings
}
