//! Rules for the texts that people write into the catalogue.

use rust_decimal::Decimal;

use crate::{Error, Result};

/// The longest name or title.
pub const MAX_LINE: usize = 200;
/// The longest statement or explanation.
pub const MAX_PARAGRAPH: usize = 2_000;

/// A name or title: one line, not blank.
pub fn line(field: &str, text: &str) -> Result<String> {
    bounded(field, text, MAX_LINE)
}

/// A statement or an explanation: not blank.
pub fn paragraph(field: &str, text: &str) -> Result<String> {
    bounded(field, text, MAX_PARAGRAPH)
}

/// Checks that a number is exact in both databases: at most six decimals, and twelve digits before them.
pub fn exact(field: &str, number: Decimal) -> Result<Decimal> {
    let number = number.normalize();
    if number.scale() <= 6 && number.trunc().abs() < Decimal::from(1_000_000_000_000_i64) {
        return Ok(number);
    }
    let message = format!("{number} has more than six decimals or more than twelve digits before them.");
    Err(Error::invalid(field, message))
}

/// The beginning of a text, as messages repeat it.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

/// Applies a rule to a text that may be absent.
pub fn optional(
    field: &str,
    text: Option<&str>,
    rule: fn(&str, &str) -> Result<String>,
) -> Result<Option<String>> {
    text.map(|text| rule(field, text)).transpose()
}

fn bounded(field: &str, text: &str, limit: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, "must not be blank."));
    }
    if text.chars().count() > limit {
        return Err(Error::invalid(field, format!("must have at most {limit} characters.")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "must be one line without control characters."));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        for right in ["0", "23.600000", "-1.5", "999999999999.999999"] {
            assert!(exact("value", right.parse().unwrap()).is_ok(), "{right}");
        }
        for wrong in ["0.0000001", "1000000000000", "-1000000000000.5"] {
            assert!(exact("value", wrong.parse().unwrap()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn trims_and_bounds() {
        assert_eq!(line("name", " Django "), Ok("Django".to_owned()));
        assert!(line("name", "  ").is_err());
        assert!(line("name", "a\nb").is_err());
        assert!(line("name", &"x".repeat(MAX_LINE + 1)).is_err());
        assert!(paragraph("statement", &"x".repeat(MAX_PARAGRAPH)).is_ok());
    }
}
