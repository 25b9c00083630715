//! Files that are none of ours: reported as a whole, without being read to the end, and without harm to the others.

// Helpers of tests are no tests to clippy.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::indexing_slicing)]

use std::fs::{self, File};
use std::path::Path;

use hexmarch_content::{report, MAX_FILE_BYTES};

/// What is reported of a file that `make` puts in the place of `name`, in a directory with nothing else.
#[track_caller]
fn check(name: &str, make: impl Fn(&Path), expected: &str) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    make(&path);
    let found = report(directory.path()).unwrap();
    let ours: Vec<String> = found
        .mistakes
        .iter()
        .filter(|mistake| mistake.file == path)
        .map(ToString::to_string)
        .collect();
    assert_eq!(ours.len(), 1, "{ours:#?}");
    let wanted = format!("{}:{expected}", path.display());
    assert!(ours[0].starts_with(&wanted), "{}\nshould begin with\n{wanted}", ours[0]);
    assert!(found.rules_wait);
}

/// Of this size, and nothing but holes: it takes no room, and reading it would take a while.
fn huge(path: &Path) {
    File::create(path).unwrap().set_len(200_000_000).unwrap();
}

#[test]
fn rows() {
    let file = "item_desc.json";
    let too_large = format!("1:1: the file is larger than {MAX_FILE_BYTES} bytes");
    check(file, huge, &too_large);
    check(file, |path| fs::create_dir(path).unwrap(), "1:1: this is no file");
    check(
        file,
        |path| fs::write(path, b"[\n  {\"name\": \"K\xF6nig\"}\n]").unwrap(),
        "2:14: the byte 0xF6 is not UTF-8",
    );
    check(file, |path| fs::write(path, "").unwrap(), "1:1: EOF while parsing");
    check(file, |path| fs::write(path, "[".repeat(1_000_000)).unwrap(), "1:");
    check(file, |path| fs::write(path, "{}").unwrap(), "1:1: invalid type: map");
}

/// A device never ends; it is not even opened.
#[test]
#[cfg(unix)]
fn devices() {
    let device = |path: &Path| std::os::unix::fs::symlink("/dev/zero", path).unwrap();
    check("item_desc.json", device, "1:1: this is no file");
}

#[test]
fn texts() {
    let file = "i18n/en/errors.ftl";
    let too_large = format!("1:1: the file is larger than {MAX_FILE_BYTES} bytes");
    check(file, huge, &too_large);
    check(
        file,
        |path| fs::write(path, b"a = \xFF\n").unwrap(),
        "1:5: the byte 0xFF",
    );
    // The parser would call itself for each.
    let deep = format!("a = {}\n", "{".repeat(1_000_000));
    check(
        file,
        |path| fs::write(path, &deep).unwrap(),
        "1:37: placeables nest deeper than 32",
    );
    check(file, |path| fs::create_dir(path).unwrap(), "1:1: this is no file");
}
