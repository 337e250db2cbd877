//! Pages of lists: how many, from where, in which direction.

use crate::{Error, Result};

/// The most that one page holds.
pub const MAX_PAGE: i32 = 100;
/// What a page holds when nobody says.
pub const DEFAULT_PAGE: i32 = 20;

/// From which end of a list a page is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the start, after the cursor.
    Forward,
    /// From the end, before the cursor.
    Backward,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window {
    /// How many.
    pub limit: u32,
    /// From which end.
    pub direction: Direction,
    /// Begins after this cursor.
    pub after: Option<String>,
    /// Ends before this cursor.
    pub before: Option<String>,
}

impl Window {
    /// Reads the arguments that lists take: `first` and `after`, or `last` and `before`.
    pub fn new(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Self> {
        let (field, count, direction) = match (first, last) {
            (Some(_), Some(_)) => {
                return Err(Error::invalid("last", "give `first` or `last`, not both."));
            }
            (_, None) => ("first", first.unwrap_or(DEFAULT_PAGE), Direction::Forward),
            (None, Some(last)) => ("last", last, Direction::Backward),
        };
        Ok(Self { limit: limit(field, count)?, direction, after, before })
    }

    /// The first `limit` of a list.
    pub fn first(limit: u32) -> Self {
        Self { limit, direction: Direction::Forward, after: None, before: None }
    }
}

/// Checks how many are asked for.
pub fn limit(field: &str, count: i32) -> Result<u32> {
    u32::try_from(count)
        .ok()
        .filter(|_| count <= MAX_PAGE)
        .ok_or_else(|| Error::invalid(field, format!("must be from 0 to {MAX_PAGE}, not {count}.")))
}

/// A page of a list, with what is needed to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The things on the page, each with its cursor.
    pub items: Vec<(String, T)>,
    /// Whether there is more before the page.
    pub has_previous: bool,
    /// Whether there is more after the page.
    pub has_next: bool,
}

impl<T> Page<T> {
    /// A page with nothing on it.
    pub fn empty() -> Self {
        Self { items: Vec::new(), has_previous: false, has_next: false }
    }

    /// The same page with other things on it; fails when one of them cannot be converted.
    pub fn try_map<U>(self, convert: impl Fn(T) -> Result<U>) -> Result<Page<U>> {
        let Self { items, has_previous, has_next } = self;
        let items =
            items.into_iter().map(|(cursor, item)| Ok((cursor, convert(item)?))).collect::<Result<_>>()?;
        Ok(Page { items, has_previous, has_next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_what_is_asked_for() {
        assert_eq!(Window::new(None, None, None, None).unwrap().limit, 20);
        assert_eq!(Window::new(Some(100), None, None, None).unwrap().limit, 100);
        assert_eq!(Window::new(None, None, Some(7), None).unwrap().direction, Direction::Backward);
        for (first, last, field) in [
            (Some(101), None, "first"),
            (Some(-1), None, "first"),
            (None, Some(101), "last"),
            (Some(1), Some(1), "last"),
        ] {
            let error = Window::new(first, None, last, None).unwrap_err().to_string();
            assert!(error.starts_with(field), "{error}");
        }
    }
}
