//! Writes or checks the clients' bindings. See `scripts/bindings --help`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use hexmarch_e2e::bindings::{of_wasm, stale, write, MODULES};

/// Generates packages/bindings from the compiled modules.
#[derive(Parser)]
struct Arguments {
    /// The spacetimedb-standalone executable.
    #[arg(long)]
    host: PathBuf,
    /// Folder of the two wasm files.
    #[arg(long)]
    wasm_dir: PathBuf,
    /// Only say what is stale; exit code 1 if anything is.
    #[arg(long)]
    check: bool,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let mut is_stale = false;
    for module in MODULES {
        let files = of_wasm(
            &arguments.host,
            &arguments.wasm_dir.join(module.wasm).with_extension("wasm"),
        )?;
        for name in stale(module, &files)? {
            eprintln!(
                "{}/{name} {}",
                module.folder,
                if arguments.check { "is stale" } else { "written" }
            );
            is_stale = true;
        }
        if !arguments.check {
            write(module, &files)?;
        }
    }
    if is_stale && arguments.check {
        eprintln!("run scripts/bindings");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
