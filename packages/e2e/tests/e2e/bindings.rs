//! The client's bindings are those of the modules under test.

use anyhow::{ensure, Result};
use hexmarch_e2e::bindings::{of_wasm, stale, MODULES};
use hexmarch_e2e::programs;
use hexmarch_e2e::world::World;

use crate::tests;

tests!(are_up_to_date);

async fn are_up_to_date(_world: &World) -> Result<()> {
    for module in MODULES {
        let wasm = programs::wasm_dir()?.join(module.wasm).with_extension("wasm");
        let stale = stale(module, &of_wasm(&programs::host()?, &wasm)?)?;
        ensure!(
            stale.is_empty(),
            "stale bindings of {}: {stale:?}; run scripts/bindings",
            module.folder
        );
    }
    Ok(())
}
