//! Numbers without rounding: a bill is a sum of products and quotients, and where two bills cross must be exact.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};
use rust_decimal::{Decimal, prelude::FromPrimitive};

/// A number without rounding.
pub(super) type Exact = BigRational;

/// How many decimals a number keeps when it is told.
const PLACES: u32 = 10;

/// The same number, exact.
pub(super) fn exact(number: Decimal) -> Exact {
    Exact::new(number.mantissa().into(), BigInt::from(10).pow(number.scale()))
}

/// A whole number.
pub(super) fn whole(number: u32) -> Exact {
    Exact::from_integer(number.into())
}

/// The number as it is told: to ten decimals, and never more than the largest number that can be told.
pub(super) fn decimal(number: &Exact) -> Decimal {
    let scaled = (number * Exact::from_integer(BigInt::from(10).pow(PLACES))).round().to_integer();
    let told = scaled.to_i128().and_then(|scaled| Decimal::try_from_i128_with_scale(scaled, PLACES).ok());
    let largest = if number.is_negative() { Decimal::MIN } else { Decimal::MAX };
    told.or_else(|| number.to_integer().to_i128().and_then(Decimal::from_i128)).unwrap_or(largest).normalize()
}

/// The first whole number of users that is more than a number; none when it lies beyond `most`.
pub(super) fn first_above(number: &Exact, most: u32) -> Option<u32> {
    number.floor().to_integer().to_i128()?.checked_add(1)?.try_into().ok().filter(|users| *users <= most)
}

/// The first whole number of users that is not less than a number; none when it lies beyond `most`.
pub(super) fn first_from(number: &Exact, most: u32) -> Option<u32> {
    number.ceil().to_integer().to_u32().filter(|users| *users <= most)
}
