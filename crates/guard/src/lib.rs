//! What is checked and prepared of a GraphQL document before anything executes it.
//!
//! A document goes through here once: its text is measured ([`text`](mod@text)), parsed and measured again with its
//! fragments ([`measure`]), validated by the rules of the specification, and kept for the next request that brings
//! the same text. A request then chooses an operation and brings variables: they are coerced, its cost is
//! estimated, and what is to be executed is written down plainly ([`Plan`]): no variables, no named fragments, no
//! directives, no response key twice.
//!
//! Every step takes time and memory in proportion to the text and the limits, whatever the text is. This crate
//! knows a schema's types, and nothing of what they mean.

mod arguments;
mod collect;
mod cost;
mod document;
mod guard;
mod introspection;
mod limits;
mod measure;
mod plan;
mod position;
mod problem;
mod rules;
mod schema;
mod suggestion;
mod text;
mod types;
mod variables;

pub use document::Document;
pub use guard::{Guard, Options};
pub use limits::Limits;
pub use plan::{Field, Key, Kind, Plan, Selection};
pub use position::Position;
pub use problem::{Code, Problem, Problems};
pub use schema::{is_one_of, parse_schema};
pub use types::{ScalarCheck, Types};
