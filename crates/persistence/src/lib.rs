//! Where the catalogue is stored. `SeaORM` lives here and only here.
//!
//! A [`Store`](store::Store) connects, migrates and imports; a [`Reader`](reader::Reader) answers queries and
//! loads relations in batches: one type for all, with a key type for every relation. Each noun has its rows, its queries and its
//! batch keys in one file, named as in the domain. This crate knows nothing of GraphQL and HTTP.

pub mod alias;
pub mod batch;
pub mod case_study;
pub mod catalogue;
pub mod change;
pub mod checklist;
pub mod citation;
mod convert;
pub mod coverage;
mod cursor;
mod derived;
mod dossier;
mod error;
mod evidence_grade;
mod export;
pub mod facet;
pub mod fact;
mod fact_filter;
pub(crate) mod fact_row;
pub mod feed;
mod filter;
pub mod import;
mod keyset;
pub mod market;
mod migrate;
pub mod organization;
pub mod outcome_rate;
pub mod platform;
pub mod reader;
pub mod relation;
pub mod release_cycle;
pub mod search;
pub mod selection_criterion;
pub mod source;
pub mod stack_audit;
pub mod store;
mod stored;
mod subject;
pub mod technology;
mod technology_filter;
pub mod technology_name;
pub mod term;

pub use feed::Feed;
pub use reader::Reader;
pub use store::{Pool, Store};
