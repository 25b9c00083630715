//! Content into files, in the form that they have in `static_data`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{bail, Context as _};
use serde_json::value::RawValue;

use super::text::{order, Reader};
use super::{Row, Table};

/// The text of a table's file: one row a line, sorted by key.
///
/// # Errors
/// When a row is none of that table.
pub fn text(table: &Table) -> anyhow::Result<String> {
    let reader = Reader::of(table.name).with_context(|| format!("{} is no content table", table.name))?;
    let mut rows: Vec<&Row> = table.rows.iter().collect();
    rows.sort_by(|a, b| order(&a.key).cmp(&order(&b.key)));
    let line = |row: &&Row| {
        let text = reader.text(&row.bsatn);
        text.with_context(|| format!("{} {} cannot be read", table.name, row.key))
    };
    let lines = rows.iter().map(line).collect::<anyhow::Result<Vec<String>>>()?;
    if lines.is_empty() {
        return Ok("[]\n".to_owned());
    }
    Ok(format!("[\n  {}\n]\n", lines.join(",\n  ")))
}

/// Writes each table as `<table>.json`, and returns how many files were written. Those that are the same are left alone,
/// and so is everything else in the directory.
///
/// # Errors
/// When a file in the way is no content, before anything is written; when the system cannot write.
pub fn write(directory: &Path, tables: &[&Table]) -> anyhow::Result<usize> {
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for table in tables {
        let path = directory.join(format!("{}.json", table.name));
        let text = text(table)?;
        match existing(&path)? {
            Some(old) if old == text => {}
            _ => files.push((path, text)),
        }
    }
    let here = || format!("cannot write into {}", directory.display());
    std::fs::create_dir_all(directory).with_context(here)?;
    for (path, text) in &files {
        // Whole or not at all, whatever happens in between.
        let part = path.with_extension("json.part");
        std::fs::write(&part, text)
            .and_then(|()| std::fs::rename(&part, path))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(files.len())
}

/// The text of a content file that is there; `None` when nothing is.
fn existing(path: &Path) -> anyhow::Result<Option<String>> {
    let refuse = |what: &str| {
        format!(
            "{} is {what}, and export overwrites nothing but content; move it away or export elsewhere",
            path.display()
        )
    };
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot look at {}", path.display())),
        Ok(metadata) if !metadata.is_file() => bail!(refuse("no plain file")),
        Ok(_) => {}
    }
    let text = std::fs::read_to_string(path).with_context(|| refuse("no text"))?;
    let rows: Result<Vec<&RawValue>, _> = serde_json::from_str(&text);
    let is_content = rows.is_ok_and(|rows| rows.iter().all(|row| row.get().starts_with('{')));
    if !is_content {
        bail!(refuse("no list of rows"));
    }
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexmarch_messages::agent::AgentDesc;

    fn table(names: &[&str]) -> Table {
        let row = |name: &&str| Row {
            key: (*name).to_owned(),
            bsatn: spacetimedb_sats::bsatn::to_vec(&AgentDesc {
                name: (*name).to_owned(),
                every_millis: 5,
            })
            .unwrap(),
        };
        Table {
            name: "agent_desc",
            in_region: true,
            in_global: true,
            rows: names.iter().map(row).collect(),
        }
    }

    #[test]
    fn a_file_has_one_row_a_line_in_the_order_of_keys() {
        assert_eq!(
            text(&table(&["b", "a"])).unwrap(),
            "[\n  {\"name\": \"a\", \"every_millis\": 5},\n  {\"name\": \"b\", \"every_millis\": 5}\n]\n"
        );
        assert_eq!(text(&table(&[])).unwrap(), "[]\n");
    }

    #[test]
    fn the_files_of_the_checkout_are_in_that_form() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static_data");
        let (content, _) = hexmarch_content::check(&directory).unwrap();
        assert!(content.row_count() > 0);
        for table in &content.tables {
            let file = std::fs::read_to_string(directory.join(format!("{}.json", table.name))).unwrap();
            assert!(
                text(table).unwrap() == file,
                "{}.json: 'hexmarch content format' writes it otherwise",
                table.name
            );
        }
    }

    #[test]
    fn overwrites_content_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (table(&["a"]), table(&["b"]));
        assert_eq!(write(folder.path(), &[&old]).unwrap(), 1);
        assert_eq!(write(folder.path(), &[&old]).unwrap(), 0);
        assert_eq!(write(folder.path(), &[&new]).unwrap(), 1);
        let path = folder.path().join("agent_desc.json");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text(&new).unwrap());
        for other in ["{\"name\": 1}", "[1]", "notes"] {
            std::fs::write(&path, other).unwrap();
            let error = write(folder.path(), &[&new]).unwrap_err().to_string();
            assert!(error.contains("agent_desc.json is no list of rows"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), other);
        }
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("elsewhere", &path).unwrap();
        assert!(write(folder.path(), &[&new]).is_err());
        assert!(!folder.path().join("elsewhere").exists());
    }
}
