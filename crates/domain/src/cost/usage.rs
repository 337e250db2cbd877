//! Usage: how much an application uses of what services meter.

use num_traits::Zero;
use rust_decimal::Decimal;

use super::exact::{Exact, exact, first_above, whole};
use crate::{
    Error, Result,
    price::{Currency, UsageMeter},
    text,
};

/// The days of a month, as estimates count them.
pub const DAYS_OF_MONTH: u32 = 30;
/// The most users that estimates look at.
pub const MAX_USERS: u32 = 1_000_000_000;
/// The most that one user may read or write in a day.
pub const MAX_PER_USER: u32 = 1_000_000;

/// How much an application uses in a month. What is absent is not asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Users that are active within a month.
    pub monthly_active_users: Option<u32>,
    /// Documents or rows that one user reads in a day.
    pub reads_per_user_per_day: Option<Decimal>,
    /// Documents or rows that one user writes in a day.
    pub writes_per_user_per_day: Option<Decimal>,
    /// Data kept in databases, in gigabytes.
    pub storage_gb: Option<Decimal>,
    /// Data sent out in a month, in gigabytes.
    pub egress_gb: Option<Decimal>,
    /// Files kept, in gigabytes.
    pub file_storage_gb: Option<Decimal>,
    /// Calls of functions in a month.
    pub function_calls: Option<Decimal>,
    /// Messages pushed to devices in a month.
    pub push_messages: Option<Decimal>,
    /// The region for which prices are asked; any when absent.
    pub region: Option<String>,
    /// The currency in which prices are asked.
    pub currency: Currency,
    /// Whether only facts with the verdict CONFIRMED count.
    pub only_confirmed: bool,
}

impl Usage {
    /// No usage at all, with prices in a currency.
    pub fn none(currency: Currency) -> Self {
        Self {
            monthly_active_users: None,
            reads_per_user_per_day: None,
            writes_per_user_per_day: None,
            storage_gb: None,
            egress_gb: None,
            file_storage_gb: None,
            function_calls: None,
            push_messages: None,
            region: None,
            currency,
            only_confirmed: false,
        }
    }

    /// Checks that amounts are neither negative nor absurd, and that there are users where something is counted for
    /// each of them.
    pub fn validate(mut self) -> Result<Self> {
        if self.monthly_active_users.is_some_and(|users| users > MAX_USERS) {
            return Err(Error::invalid("monthlyActiveUsers", format!("must be at most {MAX_USERS}.")));
        }
        for (field, amount) in self.per_user() {
            amount.map(|amount| bounded(field, amount, Decimal::from(MAX_PER_USER))).transpose()?;
            if amount.is_some() && self.monthly_active_users.is_none() {
                let message = format!("must be given with `{field}`, which counts for each of them.");
                return Err(Error::invalid("monthlyActiveUsers", message));
            }
        }
        for (field, amount, _) in self.totals() {
            amount.map(|amount| bounded(field, amount, Decimal::MAX)).transpose()?;
        }
        self.region = text::optional("region", self.region.as_deref(), text::line)?;
        Ok(self)
    }

    fn per_user(&self) -> [(&'static str, Option<Decimal>); 2] {
        [
            ("readsPerUserPerDay", self.reads_per_user_per_day),
            ("writesPerUserPerDay", self.writes_per_user_per_day),
        ]
    }

    fn totals(&self) -> [(&'static str, Option<Decimal>, UsageMeter); 5] {
        [
            ("storageGb", self.storage_gb, UsageMeter::DatabaseStorageGb),
            ("egressGb", self.egress_gb, UsageMeter::EgressGb),
            ("fileStorageGb", self.file_storage_gb, UsageMeter::FileStorageGb),
            ("functionCalls", self.function_calls, UsageMeter::FunctionCalls),
            ("pushMessages", self.push_messages, UsageMeter::PushMessages),
        ]
    }

    /// The amounts that are told for all users together.
    pub(super) fn spreads_totals(&self) -> bool {
        self.grows() && self.totals().iter().any(|(_, amount, _)| amount.is_some())
    }

    /// Whether usage can be thought of as growing with the number of users.
    pub(super) fn grows(&self) -> bool {
        self.monthly_active_users.is_some_and(|users| users > 0)
    }

    /// The users for which the estimate is made.
    pub(super) fn users(&self) -> u32 {
        self.monthly_active_users.unwrap_or(0)
    }

    /// What each meter that is asked for counts in a month.
    pub(super) fn loads(&self) -> Vec<(UsageMeter, Load)> {
        let month = whole(DAYS_OF_MONTH);
        let mut loads = Vec::new();
        for (meter, amount) in [
            (UsageMeter::DocumentReads, self.reads_per_user_per_day),
            (UsageMeter::DocumentWrites, self.writes_per_user_per_day),
        ] {
            loads.extend(amount.map(|amount| (meter, Load::per_user(exact(amount) * &month))));
        }
        for (_, amount, meter) in self.totals() {
            loads.extend(amount.map(|amount| (meter, self.spread(exact(amount)))));
        }
        if self.monthly_active_users.is_some() {
            loads.push((UsageMeter::MonthlyActiveUsers, Load::per_user(whole(1))));
        }
        loads.sort_by_key(|(meter, _)| *meter);
        loads
    }

    fn spread(&self, total: Exact) -> Load {
        if self.grows() {
            Load::per_user(total / whole(self.users()))
        } else {
            Load { fixed: total, per_user: Exact::zero() }
        }
    }
}

fn bounded(field: &str, amount: Decimal, most: Decimal) -> Result<Decimal> {
    if amount.is_sign_negative() && !amount.is_zero() {
        return Err(Error::invalid(field, "must not be negative."));
    }
    if amount > most {
        return Err(Error::invalid(field, format!("must be at most {most}.")));
    }
    text::exact(field, amount)
}

/// How much of a meter is used in a month, by the number of users.
#[derive(Debug, Clone)]
pub(super) struct Load {
    fixed: Exact,
    per_user: Exact,
}

impl Load {
    fn per_user(per_user: Exact) -> Self {
        Self { fixed: Exact::zero(), per_user }
    }

    /// The amount with so many users.
    pub(super) fn at(&self, users: u32) -> Exact {
        &self.fixed + &self.per_user * whole(users)
    }

    /// The first number of users with which it is more than an amount.
    pub(super) fn first_above(&self, amount: &Exact) -> Option<u32> {
        if self.fixed > *amount {
            return Some(0);
        }
        if self.per_user.is_zero() {
            return None;
        }
        first_above(&((amount - &self.fixed) / &self.per_user), MAX_USERS)
    }
}
