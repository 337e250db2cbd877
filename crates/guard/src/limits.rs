//! How large a document may be.

use crate::problem::{Code, Problem, Problems};

/// The largest document that is executed. What is counted with fragments counts a fragment at every place that
/// spreads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The bytes of a document.
    pub bytes: usize,
    /// The words, numbers, strings and signs of a document.
    pub tokens: usize,
    /// The bytes of a name or a number.
    pub name: usize,
    /// How deep brackets may nest, of selections, arguments, lists and objects together.
    pub brackets: usize,
    /// How deep fields may nest, with fragments. The introspection of real tools nests 15 deep.
    pub depth: usize,
    /// The fields of a document, with fragments.
    pub fields: usize,
    /// The aliases of an operation, with fragments.
    pub aliases: usize,
    /// The directives of an operation, with fragments.
    pub directives: usize,
    /// The fields at the root of an operation, with fragments.
    pub root_fields: usize,
    /// The times that an operation may ask for the schema or a type of it.
    pub introspections: usize,
    /// The bytes that an operation may be told of the schema.
    pub introspection_bytes: usize,
    /// The fragments of a document.
    pub fragments: usize,
    /// The operations of a document.
    pub operations: usize,
    /// The items of a list among arguments or variables.
    pub list: usize,
    /// The values among the variables of a request.
    pub values: usize,
    /// What an operation may cost: the fields that its answer may hold at most.
    pub cost: u64,
    /// The largest page of a list. A field that is asked for a larger one fails by itself, and costs no more.
    pub page: u32,
    /// The mistakes that are told of one document.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 100_000,
            tokens: 10_000,
            name: 200,
            brackets: 64,
            depth: 20,
            fields: 5_000,
            aliases: 200,
            directives: 100,
            root_fields: 50,
            introspections: 5,
            introspection_bytes: 2_000_000,
            fragments: 100,
            operations: 50,
            list: 1_000,
            values: 10_000,
            cost: 100_000,
            page: 100,
            problems: 20,
        }
    }
}

/// Refuses what is over its limit, telling both.
pub(crate) fn within(code: Code, what: &str, found: u64, allowed: u64) -> Result<(), Problems> {
    if found <= allowed {
        return Ok(());
    }
    Err(refusal(code, what, &found.to_string(), allowed))
}

/// Refuses what is over its limit and was not counted to its end.
pub(crate) fn over(code: Code, what: &str, allowed: usize) -> Problems {
    refusal(code, what, &format!("more than {allowed}"), allowed as u64)
}

fn refusal(code: Code, what: &str, found: &str, allowed: u64) -> Problems {
    vec![Problem::new(code, format!("{what}: {found}; allowed are {allowed}."))]
}
