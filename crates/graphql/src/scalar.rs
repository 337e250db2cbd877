//! Scalars.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, Utc};

/// Defines how a scalar is written and read.
macro_rules! text_scalar {
    ($(#[$meta:meta])* $name:ident as $graphql:literal ($inner:ty), $write:expr, $read:expr, $form:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl $name {
            /// Why a value cannot be read; nothing when it can.
            fn refusal(value: Value) -> Option<&'static str> {
                Self::parse(value).err().map(|_| $form)
            }
        }

        $(#[$meta])*
        #[Scalar(name = $graphql)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                let read: fn(&str) -> Option<$inner> = $read;
                match &value {
                    Value::String(text) => read(text).map(Self).ok_or_else(|| InputValueError::custom($form)),
                    _ => Err(InputValueError::custom($form)),
                }
            }

            fn to_value(&self) -> Value {
                let write: fn(&$inner) -> String = $write;
                Value::String(write(&self.0))
            }
        }
    };
}

text_scalar! {
    /// A calendar date, `YYYY-MM-DD`.
    Date as "Date" (NaiveDate),
    |date| date.format("%Y-%m-%d").to_string(),
    |text| {
        // The library takes spaces and signs too.
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        (date.format("%Y-%m-%d").to_string() == text).then_some(date)
    },
    "a Date is a string like \"2026-11-23\""
}

text_scalar! {
    /// A point in time, RFC 3339 in UTC: `2026-11-23T08:00:00.000000Z`.
    DateTime as "DateTime" (chrono::DateTime<Utc>),
    |time| time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
    |text| chrono::DateTime::parse_from_rfc3339(text).ok().map(|time| time.with_timezone(&Utc)),
    "a DateTime is a string like \"2026-11-23T08:00:00Z\""
}

text_scalar! {
    /// An exact decimal number, as a string: `"23.6"`.
    Decimal as "Decimal" (rust_decimal::Decimal),
    |number| number.normalize().to_string(),
    |text| rust_decimal::Decimal::from_str_exact(text).ok().filter(|_| !text.contains('_')),
    "a Decimal is a string that holds a number, like \"23.6\""
}

text_scalar! {
    /// An address of the web, http or https.
    Url as "URL" (url::Url),
    |address| address.to_string(),
    |text| stackfit_domain::source::web_address("url", text).ok(),
    "a URL is a string like \"https://www.djangoproject.com/\""
}

/// Why a value is none of a scalar of ours; nothing when it is one.
pub(crate) fn check(scalar: &str, value: &serde_json::Value) -> Option<String> {
    let value = Value::from_json(value.clone()).unwrap_or_default();
    let why = match scalar {
        "Date" => Date::refusal(value),
        "DateTime" => DateTime::refusal(value),
        "Decimal" => Decimal::refusal(value),
        "URL" => Url::refusal(value),
        _ => None,
    };
    why.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_strictly() {
        let read = |text: &str| Date::parse(Value::String(text.to_owned()));
        assert_eq!(read("2026-11-23").unwrap().to_value(), Value::String("2026-11-23".to_owned()));
        for wrong in
            ["2026-1-23", "2026- 1-01", "+999-01-01", "2026-02-30", "today", "2026-11-23T00:00:00Z", ""]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(Date::parse(Value::from(20_261_123)).is_err());
    }
}
