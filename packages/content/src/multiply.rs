//! Content several times over, for measuring: rows are copied with keys of their own, and copies refer to copies.
//!
//! A table whose keys have no room for copies (a range, an enum that is to be distinct, parameters of which there is one
//! row) stays as it is, and copies refer to its rows. Texts are the same in every copy, and so are names.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Display};
use std::path::Path;

use anyhow::{bail, Context as _};
use hexmarch_messages::static_data::{visit_static_tables, At, FactVisitor, Facts, Key, StaticRow, StaticTableVisitor};
use serde_json::Value;

use crate::check::{message_id, order, Report, TEXTS};
use crate::json::{steps, Step};
use crate::types::TableType;
use crate::{Content, Row, Table};

/// Tables whose rows the modules know by name, that are about other rows without a reference, or of which there is one of
/// each.
const SINGLE: [&str; 4] = [
    "agent_desc",
    "climb_requirement_desc",
    "content_successor_desc",
    "movement_parameters_desc",
];
/// Nothing of a copy stands on flat ground: what fits there is limited.
const FLAT_DENSITY: (&str, &str) = ("resource_desc", "flat_density_permille");

/// Content `times` times over. What cannot be copied is there once; with `times` 0 or 1, everything is.
pub fn multiply(content: &Content, times: u32) -> Content {
    let mut plan = Plan {
        content,
        times,
        tables: HashMap::new(),
    };
    visit_static_tables(&mut plan);
    let shifts = plan.shifts();
    let mut copier = Copier {
        content,
        times,
        shifts: &shifts,
        copied: Content::default(),
    };
    visit_static_tables(&mut copier);
    copier.copied
}

/// Writes the content of a directory, `times` times over, into another, which must not exist: rows and texts.
///
/// # Errors
/// When the content has mistakes, or a file cannot be written.
pub fn multiply_files(from: &Path, times: u32, to: &Path) -> anyhow::Result<()> {
    let Report { content, mistakes, .. } = crate::report(from)?;
    if let Some(mistake) = mistakes.iter().find(|mistake| !mistake.is_warning) {
        bail!("{mistake}; only content without mistakes is multiplied");
    }
    std::fs::create_dir(to).with_context(|| format!("cannot make {}", to.display()))?;
    let copied = multiply(&content, times);
    let mut writer = Writer {
        content: &copied,
        to,
        result: Ok(()),
    };
    visit_static_tables(&mut writer);
    writer.result?;
    copy_texts(&content, &copied, times, &from.join(TEXTS), &to.join(TEXTS))
}

/// What a row says of where it refers to.
#[derive(Default)]
struct Looker {
    /// Path, table.
    references: Vec<(String, &'static str)>,
    /// Paths of what is to be distinct.
    distinct: Vec<String>,
    /// Paths of what is outside of its bounds.
    outside: Vec<String>,
}

impl Looker {
    fn of(row: &dyn Facts) -> Self {
        let mut looker = Self::default();
        row.facts(&At::Row, &mut looker);
        looker
    }

    fn target(&self, path: &str) -> Option<&'static str> {
        let (_, table) = self.references.iter().find(|(other, _)| other == path)?;
        Some(table)
    }
}

impl FactVisitor for Looker {
    fn reference(&mut self, at: &At<'_>, table: &'static str, _: Key<'_>) {
        self.references.push((at.to_string(), table));
    }
    fn out_of_range(&mut self, at: &At<'_>, _: &dyn Display, _: &dyn Display, _: &dyn Display) {
        self.outside.push(at.to_string());
    }
    fn wrong_length(&mut self, at: &At<'_>, _: usize, _: usize, _: usize) {
        self.outside.push(at.to_string());
    }
    fn localized(&mut self, _: &At<'_>, _: &str) {}
    fn distinct(&mut self, at: &At<'_>, _: &dyn Debug) {
        self.distinct.push(at.to_string());
    }
}

/// How the keys of a table move from copy to copy.
#[derive(Debug, Clone, Copy)]
enum Shift {
    /// By so much.
    Number(i64),
    /// By what is appended.
    Text,
}

impl Shift {
    fn apply(self, copy: u32, value: &mut Value) {
        match self {
            Self::Number(step) => {
                if let Some(number) = value.as_i64() {
                    *value = number.saturating_add(step.saturating_mul(copy.into())).into();
                }
            }
            Self::Text => {
                if let Some(text) = value.as_str() {
                    *value = format!("{text}x{copy}").into();
                }
            }
        }
    }
}

/// What is known of a table before it is decided.
struct Known {
    /// `None` when there is no room for copies.
    shift: Option<Shift>,
    /// Tables whose rows it must follow: its key, or what is distinct in it, is one of theirs.
    follows: Vec<&'static str>,
    /// Whether its key is that of the first of these.
    key_is_theirs: bool,
}

struct Plan<'a> {
    content: &'a Content,
    times: u32,
    tables: HashMap<&'static str, Known>,
}

impl StaticTableVisitor for Plan<'_> {
    fn visit<R: StaticRow>(&mut self) {
        let rows: Vec<R> = self.content.rows();
        let number = |row: &R| match row.typed_key() {
            Key::Number(number) => Some(number),
            Key::Text(_) => None,
        };
        let numbers: Vec<i64> = rows.iter().filter_map(number).collect();
        self.decide(&TableType::of::<R>(), &numbers);
    }
}

impl Plan<'_> {
    /// What is known of a table whose keys, if they are numbers, are these.
    fn decide(&mut self, table: &TableType, numbers: &[i64]) {
        let mut known = Known {
            shift: None,
            follows: Vec::new(),
            key_is_theirs: false,
        };
        let rows = self.content.table(table.table).map_or(&[][..], |table| &table.rows);
        let last = rows.iter().max_by_key(|row| (row.key.len(), &row.key));
        let last = last.filter(|_| !SINGLE.contains(&table.table));
        if let Some((last, facts)) = last.and_then(|last| Some((last, Looker::of(&*table.facts(last)?)))) {
            let shift = if numbers.is_empty() {
                Shift::Text
            } else {
                Shift::Number(step(numbers))
            };
            let mut fits = true;
            if let Some(theirs) = facts.target(table.key) {
                known.follows.push(theirs);
                known.key_is_theirs = true;
            } else {
                let highest = self.times.saturating_sub(1);
                fits = numbers.iter().max().is_none_or(|key| !overflows(*key, shift, highest));
                let moved = copy_of(table, last, |path, value| {
                    if path == table.key {
                        shift.apply(highest, value);
                    }
                });
                let outside = moved.map(|(_, moved)| Looker::of(&*moved).outside);
                fits &= outside.is_some_and(|outside| !outside.iter().any(|path| path == table.key));
            }
            for path in &facts.distinct {
                match facts.target(path) {
                    Some(table) => known.follows.push(table),
                    None => fits = false,
                }
            }
            known.shift = fits.then_some(shift);
        }
        self.tables.insert(table.table, known);
    }
}

/// A power of ten beyond all keys, so that the number of the copy can be read in a key.
fn step(keys: &[i64]) -> i64 {
    let (least, most) = (
        keys.iter().min().copied().unwrap_or(0),
        keys.iter().max().copied().unwrap_or(0),
    );
    let span = most.saturating_sub(least).max(most);
    let mut step: i64 = 10;
    while step <= span {
        step = step.saturating_mul(10);
    }
    step
}

fn overflows(key: i64, shift: Shift, copy: u32) -> bool {
    match shift {
        Shift::Number(step) => key.saturating_add(step.saturating_mul(copy.into())) > i64::from(i32::MAX),
        Shift::Text => false,
    }
}

impl Plan<'_> {
    /// How the keys of each table that is copied move. A table that follows one which is not copied is not copied either.
    fn shifts(mut self) -> HashMap<&'static str, Shift> {
        loop {
            let stays = |known: &Known, tables: &HashMap<&'static str, Known>| {
                let mut follows = known.follows.iter();
                follows.any(|table| tables.get(table).is_none_or(|other| other.shift.is_none()))
            };
            let tables = &self.tables;
            let found = tables
                .iter()
                .find(|(_, known)| known.shift.is_some() && stays(known, tables));
            let Some(name) = found.map(|(name, _)| *name) else {
                break;
            };
            self.tables.entry(name).and_modify(|known| known.shift = None);
        }
        let mut shifts = HashMap::new();
        for (name, known) in &self.tables {
            let mut shift = known.shift;
            let mut here = known;
            // Keys that are another table's move as that table's do.
            while let (true, Some(theirs)) = (here.key_is_theirs, here.follows.first()) {
                let Some(next) = self.tables.get(theirs) else { break };
                shift = shift.and(next.shift);
                here = next;
            }
            shifts.extend(shift.map(|shift| (*name, shift)));
        }
        shifts
    }
}

/// A row as `change` makes it, which is told the path of every number and text.
fn copy_of(table: &TableType, row: &Row, change: impl Fn(&str, &mut Value)) -> Option<(Row, Box<dyn Facts>)> {
    let mut value = table.row_type.json(&row.bsatn)?;
    let looker = Looker::of(&*table.facts(row)?);
    let paths = looker.references.iter().map(|(path, _)| path.as_str());
    let others = [table.key, FLAT_DENSITY.1]
        .into_iter()
        .filter(|path| looker.target(path).is_none());
    for path in paths.chain(others) {
        if let Some(part) = part_of(&mut value, path) {
            change(path, part);
        }
    }
    table.encode(&table.row_type.read_value(value).ok()?).ok()
}

/// The part of a value that a path leads to; what an option holds counts as the option.
fn part_of<'a>(value: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    let is_option = |value: &Value| {
        let fields = value.as_object();
        fields.is_some_and(|fields| fields.len() == 1 && fields.contains_key("some"))
    };
    let mut here = value;
    for step in steps(path) {
        here = match step {
            Step::Field(name) => here.get_mut(name)?,
            Step::Index(index) => here.get_mut(index)?,
        };
        if is_option(here) {
            here = here.get_mut("some")?;
        }
    }
    Some(here)
}

struct Copier<'a> {
    content: &'a Content,
    times: u32,
    shifts: &'a HashMap<&'static str, Shift>,
    copied: Content,
}

impl StaticTableVisitor for Copier<'_> {
    fn visit<R: StaticRow>(&mut self) {
        self.copy_table(&TableType::of::<R>());
    }
}

impl Copier<'_> {
    fn copy_table(&mut self, kind: &TableType) {
        let Some(table) = self.content.table(kind.table) else {
            return;
        };
        let mut rows = table.rows.clone();
        if self.shifts.contains_key(kind.table) {
            for copy in 1..self.times.max(1) {
                rows.extend(table.rows.iter().filter_map(|row| self.copy(kind, row, copy)));
            }
            rows.sort_by(|a, b| order(&a.key).cmp(&order(&b.key)));
        }
        self.copied.tables.push(Table { rows, ..table.clone() });
    }

    fn copy(&self, table: &TableType, row: &Row, copy: u32) -> Option<Row> {
        let targets: HashMap<String, &'static str> = Looker::of(&*table.facts(row)?).references.into_iter().collect();
        let (copied, _) = copy_of(table, row, |path, value| {
            let target = targets.get(path).copied();
            let moves = target.or((path == table.key).then_some(table.table));
            if let Some(shift) = moves.and_then(|table| self.shifts.get(table)) {
                shift.apply(copy, value);
            } else if moves.is_none() && (table.table, path) == FLAT_DENSITY {
                *value = 0.into();
            }
        })?;
        Some(copied)
    }
}

struct Writer<'a> {
    content: &'a Content,
    to: &'a Path,
    result: anyhow::Result<()>,
}

impl StaticTableVisitor for Writer<'_> {
    fn visit<R: StaticRow>(&mut self) {
        if self.result.is_ok() {
            self.result = self.write(&TableType::of::<R>());
        }
    }
}

impl Writer<'_> {
    fn write(&self, kind: &TableType) -> anyhow::Result<()> {
        let table = self.content.table(kind.table);
        let rows = table.map_or(&[][..], |table| &table.rows).iter();
        let lines: Vec<String> = rows.filter_map(|row| kind.row_type.text(&row.bsatn)).collect();
        let text = format!("[\n  {}\n]\n", lines.join(",\n  "));
        let file = self.to.join(format!("{}.json", kind.table));
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

/// Messages of copies are those of the originals under the names of the copies.
fn copy_texts(content: &Content, copied: &Content, times: u32, from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, many) in content.tables.iter().zip(&copied.tables) {
        let is_copied = many.rows.len() > table.rows.len();
        let keys: Vec<&str> = many.rows.iter().map(|row| row.key.as_str()).collect();
        for (index, row) in table.rows.iter().enumerate() {
            // Copies of a table follow each other as wholes, unless its keys are texts, which have no messages now.
            let copies = (1..times as usize).filter(|_| is_copied).filter_map(|copy| {
                let at = copy.saturating_mul(table.rows.len()).saturating_add(index);
                Some(message_id(table.name, keys.get(at)?))
            });
            names.insert(message_id(table.name, &row.key), copies.collect());
        }
    }
    let read = |path: &Path| std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()));
    std::fs::create_dir(to).with_context(|| format!("cannot make {}", to.display()))?;
    for language in read(from)? {
        let folder = language?.path();
        let Some(name) = folder.file_name().filter(|_| folder.is_dir()) else {
            continue;
        };
        let target = to.join(name);
        std::fs::create_dir(&target).with_context(|| format!("cannot make {}", target.display()))?;
        for file in read(&folder)? {
            let file = file?.path();
            let Some(name) = file.file_name() else { continue };
            let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let target = target.join(name);
            std::fs::write(&target, copied_messages(&text, times, &names))
                .with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}

fn copied_messages(text: &str, times: u32, names: &BTreeMap<String, Vec<String>>) -> String {
    let mut copied = text.to_owned();
    for copy in 0..times.saturating_sub(1) as usize {
        // Lines of a message that is not copied are left out with it.
        let mut keep = false;
        for line in text.lines() {
            if line.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                let id = line.split([' ', '=']).next().unwrap_or_default();
                let name = names.get(id).and_then(|copies| copies.get(copy));
                keep = name.is_some();
                if let Some(name) = name {
                    copied.push_str(name);
                    copied.push_str(line.get(id.len()..).unwrap_or_default());
                    copied.push('\n');
                }
            } else if keep && line.starts_with([' ', '}']) {
                copied.push_str(line);
                copied.push('\n');
            }
        }
    }
    copied
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report;
    use std::path::PathBuf;

    fn static_data() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static_data")
    }

    #[test]
    fn copies_are_content_without_mistakes() {
        let directory = tempfile::tempdir().unwrap();
        let to = directory.path().join("thrice");
        multiply_files(&static_data(), 3, &to).unwrap();
        let (one, three) = (report(&static_data()).unwrap(), report(&to).unwrap());
        let shown: Vec<String> = three.mistakes.iter().map(ToString::to_string).collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
        let rows = |report: &Report, table: &str| {
            let mut tables = report.content.tables.iter();
            tables.find(|other| other.name == table).unwrap().rows.len()
        };
        for table in [
            "item_desc",
            "crafting_recipe_desc",
            "tool_desc",
            "food_desc",
            "chat_word_desc",
        ] {
            assert_eq!(rows(&three, table), 3 * rows(&one, table), "{table}");
        }
        // Without room for copies: parameters, and what a range or an enum bounds.
        for table in [
            "day_parameters_desc",
            "skill_level_desc",
            "character_stat_desc",
            "agent_desc",
        ] {
            assert_eq!(rows(&three, table), rows(&one, table), "{table}");
        }
    }

    #[test]
    fn once_is_the_same() {
        let content = report(&static_data()).unwrap().content;
        assert_eq!(multiply(&content, 1).hash_of(1), content.hash_of(1));
        assert_ne!(multiply(&content, 2).hash_of(1), content.hash_of(1));
    }
}
