//! `hexmarch`. See the library.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    ExitCode::from(hexmarch_cli::run(hexmarch_cli::Cli::parse()))
}
