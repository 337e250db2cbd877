//! Types and rules of Stackfit.
//!
//! Everything the catalogue asserts is a [`Fact`](fact::Fact): a statement with citations, a verdict and an
//! observation date. Confidence, freshness and coverage are pure functions of facts, with the clock passed in.
//! This crate knows nothing of databases, GraphQL, HTTP or async.

pub mod assessment;
pub mod capability;
pub mod case_study;
pub mod catalogue;
pub mod change;
pub mod checklist;
pub mod citation;
pub mod clock;
pub mod code;
pub mod comparison;
pub mod confidence;
pub mod cost;
pub mod coverage;
pub mod dossier;
pub mod error;
pub mod evidence_grade;
pub mod facet;
pub mod fact;
pub mod fact_code;
pub mod filter;
pub mod fit_rule;
pub mod freshness;
pub mod hosting;
pub mod id;
pub mod lock_in;
pub mod market;
pub mod metric;
pub mod migration_path;
pub mod organization;
pub mod origin;
pub mod outcome_rate;
pub mod package;
pub mod page;
pub mod partial_date;
pub mod price;
pub mod projection;
pub mod recommendation;
pub mod relation;
pub mod release_cycle;
pub mod search;
pub mod selection_criterion;
pub mod slug;
pub mod source;
pub mod stack_audit;
pub mod subject;
pub mod support_calendar;
pub mod support_health;
pub mod technology;
pub mod technology_name;
pub mod term;
pub mod text;
pub mod verdict;
pub mod version;

pub use error::{Error, Result};
