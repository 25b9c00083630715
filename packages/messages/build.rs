//! Generates the shared table operations, the player bundle, entity deletion and the list of content tables.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src");
    let sources = hexmarch_codegen::Sources::read(Path::new("src"))?;
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(
        Path::new(&out).join("generated.rs"),
        hexmarch_codegen::generate::messages(&sources)?,
    )?;
    Ok(())
}
