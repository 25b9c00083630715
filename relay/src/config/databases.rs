//! The `[[database]]` sections.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use hexmarch_host::{HostUrl, Token};

use super::lines::Lines;
use super::read::Section;
use super::{expiry, Database};

const KEYS: &[&str] = &["index", "name", "token_file", "url"];

/// What a database takes that names none of its own.
pub(super) struct Defaults<'a> {
    pub(super) directory: &'a Path,
    pub(super) url: Option<String>,
    pub(super) token_file: Option<PathBuf>,
}

/// All sections that are fine, by index; what is wrong with the others goes into `problems`.
pub(super) fn databases(
    table: &toml::Table,
    lines: &Lines,
    defaults: &Defaults<'_>,
    problems: &mut Vec<String>,
) -> Vec<Database> {
    let sections = match table.get("database") {
        Some(toml::Value::Array(sections)) => sections.as_slice(),
        None => &[],
        Some(_) => {
            let place = lines.top("database");
            problems.push(format!(
                "{place}database is no list of sections; write each as [[database]]"
            ));
            return Vec::new();
        }
    };
    let mut found: Vec<Database> = Vec::new();
    let mut indices = Vec::new();
    for (position, section) in sections.iter().enumerate() {
        let Some(section) = section.as_table() else {
            let (place, number) = (lines.database(position, ""), position.saturating_add(1));
            problems.push(format!(
                "{place}[[database]] number {number}: it is no section; write its keys below [[database]]"
            ));
            continue;
        };
        let mut section = Section::new(section, lines, Some(position), KEYS, problems);
        let index = section.integer("index", None);
        match index.map(u8::try_from) {
            None if section.lacks("index") => {
                section.problem("index", "index is missing; 0 is the global database".to_owned())
            }
            Some(Err(_)) => section.problem("index", "index is above 255; it must fit a byte".to_owned()),
            _ => {}
        }
        let index = index.and_then(|index| u8::try_from(index).ok());
        if index.is_some_and(|index| indices.contains(&index)) {
            let index = index.unwrap_or_default();
            let sentence = format!("index {index} is taken by another database; every one needs its own");
            section.problem("index", sentence);
        }
        indices.extend(index);
        let (name, url, token) = (
            name(&mut section),
            url(&mut section, defaults),
            token(&mut section, defaults),
        );
        let same = |other: &Database| name.as_ref() == Some(&other.name) && url.as_ref() == Some(&other.url);
        if let Some(other) = found.iter().find(|other| same(other)) {
            let sentence = format!(
                "'{}' is also database {}; remove one of the two",
                other.name, other.index
            );
            section.problem("name", sentence);
        }
        if let (Some(index), Some(name), Some(url), Some((token, token_file))) = (index, name, url, token) {
            found.push(Database {
                index,
                name,
                url,
                token,
                token_file,
            });
        }
    }
    if !indices.contains(&0) {
        let place = lines.file();
        problems.push(format!(
            "{place}there is no global database; add a [[database]] with index = 0"
        ));
    }
    found.sort_by_key(|database| database.index);
    found
}

fn name(section: &mut Section<'_>) -> Option<String> {
    let name = section.text("name", None);
    let fits = |name: &str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !name.is_empty() && name.chars().all(allowed)
    };
    match &name {
        None if section.lacks("name") => section.problem(
            "name",
            "name is missing; it is what the database was published as".to_owned(),
        ),
        Some(name) if !fits(name) => {
            let sentence = format!("name is '{name}'; a database's has only lower case letters, digits and dashes");
            section.problem("name", sentence);
        }
        _ => {}
    }
    name.filter(|name| fits(name))
}

fn url(section: &mut Section<'_>, defaults: &Defaults<'_>) -> Option<HostUrl> {
    let Some(text) = section.text("url", None).or_else(|| defaults.url.clone()) else {
        if section.lacks("url") {
            let sentence = "url is missing; set it here, at the top of the file, or with --url";
            section.problem("url", sentence.to_owned());
        }
        return None;
    };
    match text.parse() {
        Ok(url) => Some(url),
        Err(error) => {
            section.problem("url", format!("url: {error}"));
            None
        }
    }
}

fn token(section: &mut Section<'_>, defaults: &Defaults<'_>) -> Option<(Token, PathBuf)> {
    let own = section
        .text("token_file", None)
        .map(|file| defaults.directory.join(file));
    let Some(file) = own.or_else(|| defaults.token_file.clone()) else {
        if section.lacks("token_file") {
            let sentence = "token_file is missing; set it here, at the top of the file, or with --token-file";
            section.problem("token_file", sentence.to_owned());
        }
        return None;
    };
    let token = match Token::read_from(&file) {
        Ok(token) => token,
        Err(error) => {
            let sentence = format!("token_file: {error}; it must hold the token of the database's owner");
            section.problem("token_file", sentence);
            return None;
        }
    };
    if let Some(end) = expiry::end(&token).filter(|end| *end <= SystemTime::now()) {
        let sentence = format!(
            "token_file: the token in {} expired on {}; put a new one of the database's owner there",
            file.display(),
            humantime::format_rfc3339_seconds(end)
        );
        section.problem("token_file", sentence);
        return None;
    }
    Some((token, file))
}
