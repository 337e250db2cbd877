//! Dates that may be known to the year or the month only.

use std::{fmt, str::FromStr};

use chrono::{Days, Months, NaiveDate};

use crate::{Error, Result, code::codes};

codes! {
    /// How exactly a date is known.
    DatePrecision as "date precision" {
        /// To the day.
        Day,
        /// To the month: the date is the month's last day.
        Month,
        /// To the year: the date is 31 December.
        Year,
    }
}

/// A date with the precision to which it is known. Of a period, the last day stands for it: a thing said
/// "in 2023" was said on 2023-12-31 at the latest, so its age is never overstated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    last_day: NaiveDate,
    precision: DatePrecision,
}

impl PartialDate {
    /// A date that is known to the given precision; of a month or year, any day of it will do.
    pub fn new(day: NaiveDate, precision: DatePrecision) -> Self {
        let last_day = match precision {
            DatePrecision::Day => day,
            DatePrecision::Month => last_of_month(day),
            DatePrecision::Year => last_of_month(with_month(day, 12)),
        };
        Self { last_day, precision }
    }

    /// Reads a date that must be known to the day.
    pub fn parse_day(field: &str, text: &str) -> Result<NaiveDate> {
        let date: Self = text.parse().map_err(|error: Error| error.named(field))?;
        if date.precision == DatePrecision::Day {
            return Ok(date.last_day);
        }
        Err(Error::invalid(field, "must name the day, as in 2023-05-31."))
    }

    /// The last day of what is known.
    pub fn last_day(self) -> NaiveDate {
        self.last_day
    }

    /// How exactly the date is known.
    pub fn precision(self) -> DatePrecision {
        self.precision
    }
}

fn with_month(day: NaiveDate, month: u32) -> NaiveDate {
    chrono::Datelike::with_day(&day, 1)
        .and_then(|first| chrono::Datelike::with_month(&first, month))
        .unwrap_or(day)
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    chrono::Datelike::with_day(&day, 1)
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .and_then(|next| next.checked_sub_days(Days::new(1)))
        .unwrap_or(day)
}

impl FromStr for PartialDate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (padded, precision) = match text.len() {
            4 => (format!("{text}-01-01"), DatePrecision::Year),
            7 => (format!("{text}-01"), DatePrecision::Month),
            _ => (text.to_owned(), DatePrecision::Day),
        };
        NaiveDate::parse_from_str(&padded, "%Y-%m-%d")
            .ok()
            .filter(|_| matches!(text.len(), 4 | 7 | 10))
            .map(|day| Self::new(day, precision))
            .ok_or_else(|| {
                let message = format!("`{text}` is not a date: 2023, 2023-05 or 2023-05-31.");
                Error::invalid("date", message)
            })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.precision {
            DatePrecision::Day => "%Y-%m-%d",
            DatePrecision::Month => "%Y-%m",
            DatePrecision::Year => "%Y",
        };
        write!(formatter, "{}", self.last_day.format(format))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stands_for_its_last_day() {
        let day = |text: &str| text.parse::<PartialDate>().unwrap().last_day().to_string();
        assert_eq!(day("2023"), "2023-12-31");
        assert_eq!(day("2024-02"), "2024-02-29");
        assert_eq!(day("2023-12"), "2023-12-31");
        assert_eq!(day("2023-05-07"), "2023-05-07");
    }

    #[test]
    fn refuses_what_is_not_a_date() {
        for text in ["", "23", "2023-13", "2023-02-30", "2023-2-3", "yesterday", "2023-05-07T00:00"] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_it_shows(year in 1900..2100i32, month in 1..=12u32, day in 1..=28u32, precision in 0..3usize) {
            let precision = [DatePrecision::Day, DatePrecision::Month, DatePrecision::Year][precision];
            let date = PartialDate::new(NaiveDate::from_ymd_opt(year, month, day).unwrap(), precision);
            prop_assert_eq!(date.to_string().parse::<PartialDate>().unwrap(), date);
        }
    }
}
