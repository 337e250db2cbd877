//! The server of Stackfit: configuration, HTTP, telemetry and commands.
//!
//! [`app::router`] is the whole server but for its socket: tests run it in their own process.

pub mod app;
mod audit;
mod catalogue;
pub mod clock;
pub mod command;
pub mod config;
mod database;
pub mod graphql;
mod playground;
mod schema_check;
pub mod serve;
mod start;
mod streams;
mod write_timeout;
