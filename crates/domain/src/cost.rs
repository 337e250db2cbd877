//! Cost: what a usage costs with a provider, computed from its price facts and from nothing else.
//!
//! - **Usage** becomes an amount of a month for each meter: what one user reads in a day × users × 30. A month has 30
//!   days, all alike, so that what a plan includes for a day counts 30 times.
//! - **Facts** that count are those that no verdict refutes, that hold on the day, and whose region is the one asked
//!   for or not named. A price in another currency does not count; 0 is 0 in any.
//! - **A line** is one meter of one plan. Where facts disagree on it, what one leaves open is filled from the others
//!   (the smallest allowance, the dearest price); then one that stops decides, else the dearest. Any that knows decides
//!   before one that does not. Without a price there is no number, and the bill is incomplete.
//! - **The plan to choose** is the cheapest that bears the usage with a complete price. Of equals, one that stops comes
//!   before one that bills on, then the first.
//! - **Only CONFIRMED** leaves out the lines that no CONFIRMED fact settles, of the plan that is chosen with all facts:
//!   so it never raises what is known to be billed.
//!
//! Everything is computed in rational numbers and told as decimals, so that the numbers of users at which a bill turns
//! are exact.

mod assumptions;
mod bill;
mod cliff;
mod crossover;
mod estimate;
mod exact;
mod offer;
mod reading;
mod usage;

#[cfg(test)]
mod tests;

pub use bill::Bill;
pub use cliff::{Cliff, CostCliffKind, cliffs};
pub use crossover::{Crossover, crossovers};
pub use estimate::{CostLineStatus, Estimate, Line, PlanEstimate, estimate};
pub use usage::{DAYS_OF_MONTH, MAX_PER_USER, MAX_USERS, Usage};
