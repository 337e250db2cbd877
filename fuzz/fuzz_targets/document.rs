//! Gives the guard any text and any variables: `cargo fuzz run document`.
//!
//! The input is a document and, behind a zero byte, variables as JSON. The guard must answer; what it lets through
//! must be a plan, and the same plan when it is asked again.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use stackfit_guard::{Guard, Options, Types};

static GUARD: LazyLock<Guard> = LazyLock::new(|| {
    let types = Types::parse(include_str!("../../schema/schema.graphql"), |_, _| None);
    // Nothing is kept, so that every document is read.
    Guard::new(Arc::new(types.expect("the schema is valid")), Options { cached_bytes: 0, ..Options::default() })
});

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let (document, variables) = text.split_once('\0').unwrap_or((&text, "{}"));
    let variables: Map<String, Value> = serde_json::from_str(variables).unwrap_or_default();
    let Ok(document) = GUARD.document(document) else { return };
    if let Ok(plan) = GUARD.plan(&document, None, &variables) {
        let again = GUARD.plan(&document, None, &variables).expect("it was let through before");
        assert_eq!(plan.selections, again.selections);
        assert_eq!(plan.cost, again.cost);
    }
});
