//! Filters of the API as filters of the domain.

use async_graphql::InputObject;
use stackfit_domain::{
    Result,
    filter::{Filter, TextTest, texts},
    text,
};

/// A filter taken apart.
pub(crate) struct Parts<F: Combined> {
    pub(crate) and: Option<Vec<F>>,
    pub(crate) or: Option<Vec<F>>,
    pub(crate) not: Option<Box<F>>,
    pub(crate) tests: Vec<F::Test>,
}

/// A filter of the API: tests, and filters combined with and, or and not.
pub(crate) trait Combined: Sized {
    type Test;

    /// Takes it apart and checks the values that its tests list.
    fn into_parts(self) -> Result<Parts<Self>>;
}

/// The filter of the domain; everything passes when none is given.
pub(crate) fn read<F: Combined>(filter: Option<F>) -> Result<Filter<F::Test>> {
    filter.map_or_else(|| Ok(Filter::everything()), convert)?.bounded()
}

fn convert<F: Combined>(filter: F) -> Result<Filter<F::Test>> {
    let Parts { and, or, not, tests } = filter.into_parts()?;
    let mut all: Vec<Filter<F::Test>> = tests.into_iter().map(Filter::Test).collect();
    if let Some(parts) = and {
        all.push(Filter::All(parts.into_iter().map(convert).collect::<Result<_>>()?));
    }
    if let Some(parts) = or {
        all.push(Filter::Any(parts.into_iter().map(convert).collect::<Result<_>>()?));
    }
    if let Some(part) = not {
        all.push(Filter::Not(Box::new(convert(*part)?)));
    }
    Ok(Filter::All(all))
}

/// A test of a text, whatever its case. All fields that are given must hold together.
#[derive(InputObject, Clone)]
pub struct StringFilter {
    /// It equals this, whatever its case.
    equals: Option<String>,
    /// It equals one of these.
    #[graphql(name = "in")]
    one_of: Option<Vec<String>>,
    /// It contains this.
    contains: Option<String>,
    /// It begins with this.
    starts_with: Option<String>,
}

impl StringFilter {
    /// The tests of the domain.
    pub(crate) fn tests(self, field: &str) -> Result<Vec<TextTest>> {
        let Self { equals, one_of, contains, starts_with } = self;
        let mut tests = Vec::new();
        tests.extend(equals.map(|value| texts(field, vec![value])).transpose()?.map(TextTest::In));
        tests.extend(one_of.map(|list| texts(field, list)).transpose()?.map(TextTest::In));
        tests.extend(contains.map(|part| text::line(field, &part)).transpose()?.map(TextTest::Contains));
        tests.extend(starts_with.map(|part| text::line(field, &part)).transpose()?.map(TextTest::StartsWith));
        Ok(tests)
    }
}
