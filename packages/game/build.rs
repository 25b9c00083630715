//! Generates the `mod` tree of features, the dispatch of messages, the agents' list and the staging reducers.

use std::path::Path;

use hexmarch_codegen::{generate, Home, Sources};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=../messages/src");
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("src");
    let messages = Sources::read(Path::new("../messages/src"))?;
    let text = generate::module(Home::Region, &messages, &Sources::read(Path::new("src"))?, &root)?;
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("module.rs"), text)?;
    Ok(())
}
