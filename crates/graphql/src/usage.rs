//! Usage: how much an application uses of what services meter.

use async_graphql::InputObject;
use stackfit_domain::{
    Error, Result,
    cost::{MAX_USERS, Usage},
    price::Currency,
};

use crate::scalar::Decimal;

/// How much an application uses in a month. What is left out is not asked for.
#[derive(InputObject, Clone)]
pub struct UsageInput {
    /// Users that are active within a month, from 0 to 1,000,000,000. Needed where something is counted for each user.
    pub(crate) monthly_active_users: Option<i32>,
    /// Documents or rows that one user reads in a day, from 0 to 1,000,000.
    pub(crate) reads_per_user_per_day: Option<Decimal>,
    /// Documents or rows that one user writes in a day, from 0 to 1,000,000.
    pub(crate) writes_per_user_per_day: Option<Decimal>,
    /// Data that all users together keep in databases, in gigabytes.
    pub(crate) storage_gb: Option<Decimal>,
    /// Data sent out to all users together in a month, in gigabytes.
    pub(crate) egress_gb: Option<Decimal>,
    /// Files that all users together keep, in gigabytes.
    pub(crate) file_storage_gb: Option<Decimal>,
    /// Calls of functions in a month, by all users together.
    pub(crate) function_calls: Option<Decimal>,
    /// Messages pushed to devices in a month, to all users together.
    pub(crate) push_messages: Option<Decimal>,
    /// The region, by the name or the code that the provider gives it, whatever its case. Prices of other regions do not
    /// count then. When left out, those of all regions count, and of each meter the dearest.
    pub(crate) region: Option<String>,
    /// The currency, as ISO 4217 names it. Prices in another do not count: no exchange rate is made up.
    #[graphql(default_with = "Some(\"USD\".to_owned())")]
    pub(crate) currency: Option<String>,
    /// Whether only facts with the verdict CONFIRMED count.
    #[graphql(default_with = "Some(false)")]
    pub(crate) only_confirmed: Option<bool>,
}

impl UsageInput {
    /// The usage of the domain, checked; what is wrong is told under the name of the argument.
    pub(crate) fn read(self, argument: &str) -> Result<Usage> {
        self.convert().and_then(Usage::validate).map_err(|error| error.within(argument))
    }

    fn convert(self) -> Result<Usage> {
        let Self {
            monthly_active_users,
            reads_per_user_per_day,
            writes_per_user_per_day,
            storage_gb,
            egress_gb,
            file_storage_gb,
            function_calls,
            push_messages,
            region,
            currency,
            only_confirmed,
        } = self;
        let users = |users: i32| {
            u32::try_from(users)
                .map_err(|_| Error::invalid("monthlyActiveUsers", format!("must be from 0 to {MAX_USERS}.")))
        };
        let exact = |number: Option<Decimal>| number.map(|number| number.0);
        Ok(Usage {
            monthly_active_users: monthly_active_users.map(users).transpose()?,
            reads_per_user_per_day: exact(reads_per_user_per_day),
            writes_per_user_per_day: exact(writes_per_user_per_day),
            storage_gb: exact(storage_gb),
            egress_gb: exact(egress_gb),
            file_storage_gb: exact(file_storage_gb),
            function_calls: exact(function_calls),
            push_messages: exact(push_messages),
            region,
            currency: Currency::parse("currency", currency.as_deref().unwrap_or("USD"))?,
            only_confirmed: only_confirmed.unwrap_or(false),
        })
    }
}
