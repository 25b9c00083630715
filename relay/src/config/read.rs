//! Typed access to a section of a TOML file that collects problems instead of stopping at the first.

use std::time::Duration;

use super::lines::Lines;

/// One section, and where its problems go.
pub(super) struct Section<'a> {
    table: &'a toml::Table,
    lines: &'a Lines,
    /// Which `[[database]]`; none outside of all.
    position: Option<usize>,
    problems: &'a mut Vec<String>,
}

impl<'a> Section<'a> {
    /// A section that may have the keys `known`: the `[[database]]` at `position`, or what is outside of all.
    pub(super) fn new(
        table: &'a toml::Table,
        lines: &'a Lines,
        position: Option<usize>,
        known: &[&str],
        problems: &'a mut Vec<String>,
    ) -> Self {
        let mut section = Self {
            table,
            lines,
            position,
            problems,
        };
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            section.problem(
                key,
                format!("unknown key '{key}'; the known ones are {}", known.join(", ")),
            );
        }
        section
    }

    /// Something is wrong with a key of the file, or it is missing.
    pub(super) fn problem(&mut self, key: &str, sentence: String) {
        self.problems.push(match self.position {
            None => format!("{}{sentence}", self.lines.top(key)),
            Some(position) => {
                let number = position.saturating_add(1);
                let place = self.lines.database(position, key);
                format!("{place}[[database]] number {number}: {sentence}")
            }
        });
    }

    /// Something is wrong with a value, which the file has not if it was `given`.
    pub(super) fn problem_of(&mut self, key: &str, given: bool, sentence: String) {
        if given {
            let flag = key.replace('_', "-");
            let variable = key.to_uppercase();
            self.problems
                .push(format!("--{flag} or HEXMARCH_RELAY_{variable}: {sentence}"));
        } else {
            self.problem(key, sentence);
        }
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
            self.problem(key, format!("{key} is no text; put it in quotes"));
        }
        given.or(value)
    }

    /// `given` wins over the file.
    pub(super) fn integer(&mut self, key: &str, given: Option<u64>) -> Option<u64> {
        let Some(value) = self.table.get(key) else { return given };
        let value = value.as_integer().and_then(|value| u64::try_from(value).ok());
        if value.is_none() {
            self.problem(key, format!("{key} is no whole number from 0; write it without quotes"));
        }
        given.or(value)
    }

    pub(super) fn milliseconds(&mut self, key: &str, given: Option<u64>, default: u64, max: u64) -> Duration {
        let value = self.integer(key, given).unwrap_or(default);
        if value > max {
            let sentence = format!("{key} is {value}; set it to at most {max} (milliseconds)");
            self.problem_of(key, given.is_some(), sentence);
        }
        Duration::from_millis(value)
    }
}
