//! Prices: plans of a service and the meters by which it bills.

use std::fmt;

use rust_decimal::Decimal;

use crate::{Error, Result, code::codes, text};

codes! {
    /// What a service counts in order to limit or to bill it.
    UsageMeter as "usage meter" {
        /// Reads of documents or rows.
        DocumentReads,
        /// Writes of documents or rows.
        DocumentWrites,
        /// Data kept in databases, in gigabytes.
        DatabaseStorageGb,
        /// Data sent out, in gigabytes.
        EgressGb,
        /// Users that are active within a month.
        MonthlyActiveUsers,
        /// Calls of functions.
        FunctionCalls,
        /// Files kept, in gigabytes.
        FileStorageGb,
        /// Messages pushed to devices.
        PushMessages,
        /// Members of the team that builds the application.
        Seats,
        /// Requests of any sort.
        ApiRequests,
    }
}

codes! {
    /// The time for which what is included in a plan is counted.
    MeterPeriod as "meter period" {
        /// A day.
        Day,
        /// A month.
        Month,
    }
}

codes! {
    /// Whether a service stops at what a plan includes.
    HardLimit as "hard limit" {
        /// It stops; nothing is billed beyond.
        Yes,
        /// It goes on and bills.
        No,
        /// The customer chooses.
        Configurable,
    }
}

/// A currency, as ISO 4217 names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Currency(String);

impl Currency {
    /// Reads three capital letters that ISO 4217 gives to a currency.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        if iso_currency::Currency::from_code(text).is_some_and(|currency| currency.code() == text) {
            return Ok(Self(text.to_owned()));
        }
        let shown = text::excerpt(text);
        Err(Error::invalid(field, format!("`{shown}` is no currency of ISO 4217 such as USD.")))
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A plan that customers choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// What it costs a month before anything is metered; absent when no source at hand says.
    pub monthly_price: Option<Decimal>,
    /// The currency of the price.
    pub currency: Option<Currency>,
    /// The region for which the price holds; absent when the source names none.
    pub region: Option<String>,
}

/// What a plan includes of one meter, and what more of it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// The name of the plan.
    pub plan: String,
    /// What is counted.
    pub meter: UsageMeter,
    /// The unit in which the provider counts it.
    pub unit: String,
    /// How much is included in each period; absent when no source at hand says or it is unlimited.
    pub included: Option<Decimal>,
    /// Whether it is not limited at all.
    pub unlimited: bool,
    /// For which time the included amount is counted.
    pub period: MeterPeriod,
    /// What `per` units beyond cost; absent when no source at hand says.
    pub price: Option<Decimal>,
    /// How many units the price is for.
    pub per: Option<Decimal>,
    /// The currency of the price.
    pub currency: Option<Currency>,
    /// The region for which the price holds; absent when the source names none.
    pub region: Option<String>,
    /// Whether the service stops at what is included; absent when no source at hand says.
    pub hard_limit: Option<HardLimit>,
}

fn not_negative(field: &str, number: Option<Decimal>) -> Result<()> {
    match number {
        Some(number) if number.is_sign_negative() && !number.is_zero() => {
            Err(Error::invalid(field, "must not be negative."))
        }
        _ => Ok(()),
    }
}

fn same_presence(field: &str, present: bool, with: &str, other: bool) -> Result<()> {
    if present == other { Ok(()) } else { Err(Error::invalid(field, format!("goes with `{with}`."))) }
}

impl Plan {
    /// Checks that a price has a currency.
    pub fn validate(&self) -> Result<()> {
        text::line("plan.name", &self.name)?;
        text::optional("plan.region", self.region.as_deref(), text::line)?;
        not_negative("plan.monthlyPrice", self.monthly_price)?;
        same_presence("plan.currency", self.currency.is_some(), "monthlyPrice", self.monthly_price.is_some())
    }
}

impl Meter {
    /// Checks that a price has a currency and an amount, and that what is unlimited is not counted.
    pub fn validate(&self) -> Result<()> {
        text::line("meter.plan", &self.plan)?;
        text::line("meter.unit", &self.unit)?;
        text::optional("meter.region", self.region.as_deref(), text::line)?;
        not_negative("meter.included", self.included)?;
        not_negative("meter.price", self.price)?;
        if self.unlimited && self.included.is_some() {
            return Err(Error::invalid("meter.included", "must be left out when the meter is unlimited."));
        }
        if self.per.is_some_and(|per| per <= Decimal::ZERO) {
            return Err(Error::invalid("meter.per", "must be more than 0."));
        }
        same_presence("meter.currency", self.currency.is_some(), "price", self.price.is_some())?;
        same_presence("meter.per", self.per.is_some(), "price", self.price.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter() -> Meter {
        Meter {
            plan: "Pro".to_owned(),
            meter: UsageMeter::EgressGb,
            unit: "GB".to_owned(),
            included: Some(Decimal::from(250)),
            unlimited: false,
            period: MeterPeriod::Month,
            price: Some(Decimal::new(9, 2)),
            per: Some(Decimal::ONE),
            currency: Some(Currency::parse("currency", "USD").unwrap()),
            region: None,
            hard_limit: Some(HardLimit::Configurable),
        }
    }

    #[test]
    fn a_price_has_a_currency_and_an_amount() {
        assert_eq!(meter().validate(), Ok(()));
        assert!(Meter { currency: None, ..meter() }.validate().is_err());
        assert!(Meter { per: None, ..meter() }.validate().is_err());
        assert!(Meter { per: Some(Decimal::ZERO), ..meter() }.validate().is_err());
        assert!(Meter { unlimited: true, ..meter() }.validate().is_err());
        assert!(Meter { price: Some(Decimal::NEGATIVE_ONE), ..meter() }.validate().is_err());
        for unknown in ["usd", "ABC", "US", "EURO", ""] {
            assert!(Currency::parse("currency", unknown).is_err(), "{unknown}");
        }
    }
}
