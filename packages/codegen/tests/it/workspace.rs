//! What holds of the sources of this workspace, beyond what their own builds check.

use std::collections::BTreeMap;
use std::path::Path;

use hexmarch_codegen::{generate, Sources};

fn reducers(name: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(name).join("src");
    generate::access_list(&Sources::read(&root).unwrap())
        .into_iter()
        .collect()
}

/// A module is linked from `base` and its own sources: a name in both is a linker's error without a place.
#[test]
fn no_reducer_of_base_is_in_a_module_too() {
    let base = reducers("base");
    assert!(
        !base.is_empty(),
        "packages/base/src has reducers; is it still where this test looks?"
    );
    for module in ["game", "global_module"] {
        let both: Vec<String> = reducers(module)
            .into_keys()
            .filter(|name| base.contains_key(name))
            .collect();
        assert!(
            both.is_empty(),
            "rename in packages/{module}/src, packages/base has these reducers: {both:?}"
        );
    }
}
