//! Markets: how large they are and how they grow, according to whom.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{Error, Result, code::codes};

codes! {
    /// What a market figure measures.
    MarketMeasure as "market measure" {
        /// The size in a year, in US dollars.
        Size,
        /// The compound annual growth rate over a period, in per cent a year.
        GrowthRate,
    }
}

impl MarketMeasure {
    /// Checks that a figure has what its measure needs and nothing else.
    pub fn validate(
        self,
        year: i32,
        to_year: Option<i32>,
        amount_usd: Option<Decimal>,
        percent: Option<Decimal>,
    ) -> Result<()> {
        let (complete, message) = match self {
            Self::Size => (
                to_year.is_none() && percent.is_none() && amount_usd.is_some_and(|usd| usd > Decimal::ZERO),
                "a SIZE has one year and a positive amountUsd.",
            ),
            Self::GrowthRate => (
                to_year.is_some_and(|to_year| to_year > year) && amount_usd.is_none() && percent.is_some(),
                "a GROWTH_RATE has a year, a later toYear and a percent.",
            ),
        };
        if complete { Ok(()) } else { Err(Error::invalid("market", message)) }
    }
}

/// The size of a market in a year, as one source has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarketSize {
    /// The year.
    pub year: i32,
    /// The size in US dollars.
    pub amount_usd: Decimal,
}

/// The compound annual growth rate that two sizes imply, in per cent a year:
/// `((to ÷ from)^(1 ÷ years) − 1) × 100`. Nothing when the years are not in order.
pub fn implied_growth_percent(from: MarketSize, to: MarketSize) -> Option<f64> {
    let years = f64::from(to.year - from.year);
    let (start, end) = (from.amount_usd.to_f64()?, to.amount_usd.to_f64()?);
    if years <= 0.0 || start <= 0.0 || end <= 0.0 {
        return None;
    }
    Some(((end / start).powf(1.0 / years) - 1.0) * 100.0)
}

/// Whether a stated growth rate agrees with an implied one: the implied rate, rounded to the decimals with
/// which the rate was stated, equals it. 23.6 agrees with 23.63 and not with 23.66.
pub fn agrees(stated_percent: Decimal, implied_percent: f64) -> bool {
    let stated = stated_percent.normalize();
    let decimals = 10f64.powi(i32::try_from(stated.scale()).unwrap_or(0));
    let rounded = (implied_percent * decimals).round() / decimals;
    stated.to_f64().is_some_and(|stated| (stated - rounded).abs() < 0.5 / decimals / 1_000.0)
}

/// The middle of several figures; of an even number, the mean of the two in the middle.
pub fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => None,
        n if n % 2 == 1 => figures.get(middle).copied(),
        _ => Some(f64::midpoint(*figures.get(middle - 1)?, *figures.get(middle)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn size(year: i32, amount: i64) -> MarketSize {
        MarketSize { year, amount_usd: Decimal::new(amount, 0) }
    }

    #[test]
    fn the_founding_articles_figures_agree() {
        let implied = implied_growth_percent(size(2022, 5_700_000_000), size(2030, 31_100_000_000)).unwrap();
        assert!((implied - 23.63).abs() < 0.005, "{implied}");
        assert!(agrees(Decimal::new(236, 1), implied));
        assert!(!agrees(Decimal::new(237, 1), implied));
        assert!(agrees(Decimal::new(24, 0), implied));
    }

    #[test]
    fn years_must_be_in_order() {
        assert_eq!(implied_growth_percent(size(2030, 1), size(2022, 2)), None);
        assert_eq!(implied_growth_percent(size(2022, 1), size(2022, 2)), None);
    }

    #[test]
    fn a_figure_has_what_its_measure_needs() {
        let some = Some(Decimal::ONE);
        assert!(MarketMeasure::Size.validate(2022, None, some, None).is_ok());
        assert!(MarketMeasure::Size.validate(2022, Some(2030), some, None).is_err());
        assert!(MarketMeasure::GrowthRate.validate(2022, Some(2030), None, some).is_ok());
        assert!(MarketMeasure::GrowthRate.validate(2030, Some(2022), None, some).is_err());
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    proptest! {
        #[test]
        fn growing_at_the_implied_rate_arrives(from in 1i64..1_000_000, to in 1i64..1_000_000, years in 1..30i32) {
            let rate = implied_growth_percent(size(2000, from), size(2000 + years, to)).unwrap();
            let arrived = Decimal::new(from, 0).to_f64().unwrap() * (1.0 + rate / 100.0).powi(years);
            let to = Decimal::new(to, 0).to_f64().unwrap();
            prop_assert!((arrived / to - 1.0).abs() < 1e-6);
        }
    }
}
