//! The clock of the program: the one place that asks the machine for the time.

use chrono::{DateTime, SubsecRound, Utc};
use stackfit_domain::clock::Clock;

/// The time of the machine, in the microseconds that both databases keep.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is passed in everywhere else")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}
