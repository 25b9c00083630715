//! Typed access to a section of a TOML file that collects problems instead of stopping at the first.

use std::time::Duration;

/// One section, and where its problems go.
pub(super) struct Section<'a> {
    table: &'a toml::Table,
    place: String,
    problems: &'a mut Vec<String>,
}

impl<'a> Section<'a> {
    /// A section that may have the keys `known`; `place` goes before every problem.
    pub(super) fn new(table: &'a toml::Table, place: String, known: &[&str], problems: &'a mut Vec<String>) -> Self {
        let mut section = Self { table, place, problems };
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            section.problem(format!("unknown key '{key}'; the known ones are {}", known.join(", ")));
        }
        section
    }

    pub(super) fn problem(&mut self, sentence: String) {
        self.problems.push(format!("{}{sentence}", self.place));
    }

    /// Whether the key is absent, as opposed to being there with a value of the wrong kind.
    pub(super) fn lacks(&self, key: &str) -> bool {
        !self.table.contains_key(key)
    }

    /// `given` wins over the file.
    pub(super) fn text(&mut self, key: &str, given: Option<String>) -> Option<String> {
        let Some(value) = self.table.get(key) else { return given };
        let value = value.as_str().map(str::to_owned);
        if value.is_none() {
            self.problem(format!("{key} is no text; put it in quotes"));
        }
        given.or(value)
    }

    /// `given` wins over the file.
    pub(super) fn integer(&mut self, key: &str, given: Option<u64>) -> Option<u64> {
        let Some(value) = self.table.get(key) else { return given };
        let value = value.as_integer().and_then(|value| u64::try_from(value).ok());
        if value.is_none() {
            self.problem(format!("{key} is no whole number from 0; write it without quotes"));
        }
        given.or(value)
    }

    pub(super) fn milliseconds(&mut self, key: &str, given: Option<u64>, default: u64, max: u64) -> Duration {
        let value = self.integer(key, given).unwrap_or(default);
        if value > max {
            self.problem(format!("{key} is {value}; set it to at most {max} (milliseconds)"));
        }
        Duration::from_millis(value)
    }
}
