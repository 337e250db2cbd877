//! End-to-end tests: the real server on SQLite and on Postgres. One binary, so that it is linked once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod altered;
mod audit;
mod audit_command;
mod baas;
mod cases;
mod catalogue;
mod choosing;
mod commands;
mod errors;
mod federation;
mod filters;
mod hostile;
mod http;
mod import;
mod layers;
mod live;
mod migrations;
mod nodes;
mod operations;
mod outcomes;
mod paging;
mod persisted;
mod questions;
mod schema;
mod search;
mod several;
mod transport;
mod websocket;
