//! The GraphQL API. async-graphql lives here.
//!
//! Roots are thin: they check arguments, ask the [`Reader`](stackfit_persistence::Reader) and wrap what it finds.
//! Relations go through the [`loader`], which loads them for all parents at once. This crate knows nothing of
//! databases and HTTP.

#![recursion_limit = "256"]

mod baas_provider;
mod capability;
mod case_study;
mod catalogue;
mod change;
mod checklist;
mod citation;
mod coded;
mod comparison;
mod compatibility;
mod component;
mod connection;
mod context;
mod cost;
mod coverage;
mod error;
mod executable;
mod facet;
mod fact;
mod fact_fields;
mod fact_types;
mod federation;
mod filter;
mod fit_rule;
mod framework;
mod hosting;
mod id;
mod invalid_input;
mod loader;
mod lock_in;
mod market;
mod migration_path;
mod node;
mod order;
mod organization;
mod outcome_rate;
mod package;
mod price;
mod projection;
mod recommendation;
mod relation;
mod release_cycle;
mod response;
mod scalar;
mod schema;
mod search;
mod selection_criterion;
mod source;
mod stack_audit;
mod subject;
mod subscription;
mod support_calendar;
mod support_health;
mod technology;
mod technology_fields;
mod term;
mod usage;

pub use compatibility::{SchemaChange, Weight, changes_since};
pub use error::codes;
pub use federation::subgraph_sdl;
pub use response::{Errors, Response};
pub use schema::{Events, Prepared, Schema, sdl};
pub use stackfit_guard::{Kind, Limits, Options};
pub use subscription::Live;
