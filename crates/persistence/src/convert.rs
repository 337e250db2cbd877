//! Between the columns of both databases and the types of the domain.

use chrono::NaiveDate;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use stackfit_domain::{
    Error, Result,
    code::Code,
    partial_date::{DatePrecision, PartialDate},
    slug::Slug,
};

const MICROS: i64 = 1_000_000;

/// Reads a stored code. A wrong one is a fault of the database, not of the reader.
pub(crate) fn code<C: Code>(text: &str) -> Result<C> {
    C::parse(text).map_err(Error::internal)
}

/// Reads a stored code that may be absent.
pub(crate) fn code_opt<C: Code>(text: Option<&str>) -> Result<Option<C>> {
    text.map(code).transpose()
}

/// Stores a code that may be absent.
pub(crate) fn text_opt<C: Code>(value: Option<C>) -> Option<String> {
    value.map(|value| value.code().to_owned())
}

/// Reads a stored slug.
pub(crate) fn slug(text: &str) -> Result<Slug> {
    Slug::parse(text).map_err(Error::internal)
}

/// Stores an exact number as whole millionths: both databases compare and index them exactly.
pub(crate) fn to_micros(field: &str, value: Decimal) -> Result<i64> {
    let micros = value.checked_mul(Decimal::from(MICROS)).filter(Decimal::is_integer);
    micros.and_then(|micros| micros.to_i64()).ok_or_else(|| {
        Error::invalid(
            field,
            format!("{value} has more than six decimals or more than twelve digits before them."),
        )
    })
}

/// Reads a number that was stored as whole millionths.
pub(crate) fn from_micros(micros: i64) -> Decimal {
    Decimal::new(micros, 6).normalize()
}

/// Reads a date with its precision.
pub(crate) fn partial_date(day: Option<NaiveDate>, precision: Option<&str>) -> Result<Option<PartialDate>> {
    let Some(day) = day else { return Ok(None) };
    let precision = code_opt(precision)?.unwrap_or(DatePrecision::Day);
    Ok(Some(PartialDate::new(day, precision)))
}

/// Needs what a row must have.
pub(crate) fn required<T>(value: Option<T>, column: &str) -> Result<T> {
    value.ok_or_else(|| Error::internal(format!("a row lacks its {column}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_exactly() {
        for text in ["0", "23.6", "5700000000", "31100000000", "0.000001", "-1.5"] {
            let value: Decimal = text.parse().unwrap();
            assert_eq!(from_micros(to_micros("value", value).unwrap()), value, "{text}");
        }
        assert!(to_micros("value", "0.0000001".parse().unwrap()).is_err());
        assert!(to_micros("value", Decimal::MAX).is_err());
    }
}
