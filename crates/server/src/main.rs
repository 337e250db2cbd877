//! The program `stackfit`.

use std::process::ExitCode;

use clap::Parser;
use stackfit_server::command::Command;

fn main() -> ExitCode {
    Command::parse().run()
}
