//! What an operation may cost: how many fields its answer may hold at most.
//!
//! A field counts one, and what is asked of its value counts as often as the value may be there. A field that takes a
//! page counts ten more, for the question to the store, and the page, whether or not its things are asked for.
//!
//! A list is taken to be as long as the page that is asked for (`first`, `last`), by itself or, for the lists `edges`
//! and `nodes` of a connection, by the field around it; else as the longest list among its arguments; else as such
//! lists usually are. It is an estimate from above for what pages bound, and a guess for the rest; the executor counts
//! what it really loads.
//!
//! What is asked of the schema counts one, because it is not executed: [`introspection`](crate::introspection) bounds
//! the answer itself.

use std::collections::HashMap;

use crate::{
    introspection::is_introspection,
    plan::{Field, Selection},
    types::Types,
};

/// What a question to the store costs, beside what it finds.
const QUESTION: f64 = 10.0;
/// The items of a list where nothing tells.
const USUAL_ITEMS: f64 = 10.0;
/// The items of a page when no size is asked for.
const USUAL_PAGE: f64 = 20.0;

/// The cost of what is asked.
pub(crate) fn cost(selections: &[Selection], types: &Types, largest_page: u32) -> u64 {
    let total = Estimate { types, largest_page: largest_page.into() }.sum(selections, None).ceil();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is not negative, and `as` saturates"
    )]
    let total = total as u64;
    total
}

struct Estimate<'a> {
    types: &'a Types,
    largest_page: f64,
}

impl Estimate<'_> {
    /// What may be asked of one object: it has one type, so that conditions on object types exclude each other.
    fn sum(&self, selections: &[Selection], page: Option<f64>) -> f64 {
        let mut always = 0.0;
        let mut by_type: HashMap<&str, f64> = HashMap::new();
        for selection in selections {
            match selection {
                Selection::Field(field) => always += self.of_field(field, page),
                Selection::On { type_name, selections } => {
                    let cost = self.sum(selections, page);
                    if self.types.is_object(type_name) {
                        *by_type.entry(type_name).or_default() += cost;
                    } else {
                        always += cost;
                    }
                }
            }
        }
        always + by_type.into_values().reduce(f64::max).unwrap_or_default()
    }

    fn of_field(&self, field: &Field, page_around: Option<f64>) -> f64 {
        if is_introspection(&field.name) {
            return 1.0;
        }
        let page = field.shape.paged.then(|| self.page(field));
        let own = 1.0 + page.map_or(0.0, |page| QUESTION + page);
        if !field.shape.list {
            return own + self.sum(&field.selections, page);
        }
        // The lists of a connection, as Relay names them.
        let around = page_around.filter(|_| matches!(field.name.as_str(), "edges" | "nodes"));
        let items = page.or(around).or_else(|| asked(field)).unwrap_or(USUAL_ITEMS);
        own + items * self.sum(&field.selections, None)
    }

    /// The page that a field asks for.
    fn page(&self, field: &Field) -> f64 {
        let sizes = field.arguments.iter().filter(|(name, _)| name == "first" || name == "last");
        let largest = sizes.filter_map(|(_, size)| size.as_f64()).reduce(f64::max);
        largest.unwrap_or(USUAL_PAGE).clamp(0.0, self.largest_page)
    }
}

/// The longest list among the arguments.
fn asked(field: &Field) -> Option<f64> {
    let lengths = field.arguments.iter().filter_map(|(_, value)| value.as_array().map(Vec::len));
    #[expect(clippy::cast_precision_loss, reason = "lists are short")]
    let longest = lengths.max().map(|length| length as f64);
    longest
}
