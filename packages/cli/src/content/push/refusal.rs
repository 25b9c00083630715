//! What a database says no to, as sentences that say what to do.

use std::fmt;

use hexmarch_host::SocketError;

/// What to do when somebody else pushes.
const ONLY_ADMINS: &str =
    "only admins push content, and the token's identity is none here; name the operator's token with \
                           --token-file, or have an admin run 'hexmarch admin role IDENTITY admin'";
/// Most arguments of an error that are shown; the database bounds them too.
const SHOWN: usize = 12;

/// Why a step of a push into one database did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{database}: {cause}")]
pub struct PushError {
    /// Which one.
    pub database: String,
    /// Why.
    pub cause: Cause,
}

/// See [`PushError`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The module said no; nothing that is live has changed.
    #[error("{0}")]
    Refused(Refusal),
    /// The module ran out of fuel in this reducer; nothing that is live has changed.
    #[error("out of fuel in {0}; push less at once, or raise the host's limit")]
    OutOfFuel(String),
    /// The connection failed. What was under way may have taken effect.
    #[error("{0}{hint}", hint = hint(.0))]
    Connection(SocketError),
    /// The database lacks what a push needs.
    #[error("its module does not know this kind of push ({0}); publish the current one first")]
    OtherModule(String),
    /// Something cannot be sent or read.
    #[error("{0}")]
    Other(String),
}

/// What to do about a connection that failed.
fn hint(error: &SocketError) -> String {
    match error {
        SocketError::RefusedByModule { .. } | SocketError::NotAllowed { .. } => format!("; {ONLY_ADMINS}"),
        SocketError::NoSuchDatabase { .. } => "; publish it first".to_owned(),
        _ => "; once its host answers, the same command goes on".to_owned(),
    }
}

impl PushError {
    /// Whether the module refused with this key.
    pub fn is_refusal(&self, key: &str) -> bool {
        matches!(&self.cause, Cause::Refused(refusal) if refusal.is(key))
    }
}

/// What several databases said, those that said the same together.
pub fn together(errors: &[PushError]) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for error in errors {
        let text = error.cause.to_string();
        match groups.iter_mut().find(|(known, _)| *known == text) {
            Some((_, databases)) => databases.push(&error.database),
            None => groups.push((text, vec![&error.database])),
        }
    }
    let group = |(text, databases): &(String, Vec<&str>)| format!("{}: {text}", databases.join(", "));
    groups.iter().map(group).collect::<Vec<_>>().join("\n")
}

/// An error of a module: a key with arguments. Displayed as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    key: String,
    arguments: Vec<String>,
}

impl Refusal {
    /// Reads `key|argument|argument`.
    pub fn parse(text: &str) -> Self {
        let mut parts = text.split('|').map(str::to_owned);
        Self {
            key: parts.next().unwrap_or_default(),
            arguments: parts.collect(),
        }
    }

    /// Whether this is the key of the error.
    pub fn is(&self, key: &str) -> bool {
        self.key == key
    }

    /// Which live rows hold content that would be gone, of such a refusal.
    pub fn in_use(&self) -> String {
        self.held().counted(
            "key that would be gone is held by live rows",
            "keys that would be gone are held by live rows",
        )
    }

    /// `item_desc 1101 12` as `item_desc 1101 (12 rows)`.
    fn held(&self) -> Self {
        let shown = |argument: &String| match argument.rsplit_once(' ') {
            Some((row, "1")) => format!("{row} (1 row)"),
            Some((row, rows)) => format!("{row} ({rows} rows)"),
            None => argument.clone(),
        };
        Self {
            key: self.key.clone(),
            arguments: self.arguments.iter().map(shown).collect(),
        }
    }

    /// `3 mistakes: a; b; ...`, of arguments that are a number and examples.
    fn counted(&self, one: &str, many: &str) -> String {
        let (count, examples) = match self.arguments.split_first() {
            Some((count, examples)) => (count.as_str(), examples),
            None => ("some", self.arguments.as_slice()),
        };
        let what = if count == "1" { one } else { many };
        let all = count.parse() == Ok(examples.len()) && examples.len() <= SHOWN;
        let shown: Vec<&str> = examples.iter().take(SHOWN).map(String::as_str).collect();
        let more = if all || shown.is_empty() { "" } else { "; ..." };
        format!("{count} {what}: {}{more}", shown.join("; "))
    }

    fn first(&self) -> &str {
        self.arguments.first().map_or("?", String::as_str)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.key.as_str() {
            "static_data.push_in_progress" => format!(
                "another push is under way ({} s until it counts as given up); let it end, then push again",
                self.first()
            ),
            "static_data.empty" => format!(
                "no rows for {}; every content table needs some, so add them to its file",
                self.arguments.join(", ")
            ),
            "static_data.invalid" => format!(
                "it finds {}; 'hexmarch content check' shows where they are; if it finds none, publish the current \
                 module first",
                self.counted("mistake", "mistakes")
            ),
            "static_data.in_use" => format!(
                "{}; keep that content, or name what takes its place in content_successor_desc and push with \
                 --removed replace",
                self.in_use()
            ),
            "static_data.no_successor" => format!(
                "{}; keep that content, or add a row for each to content_successor_desc",
                self.held().counted(
                    "key that would be gone is held by live rows and has no successor",
                    "keys that would be gone are held by live rows and have no successor"
                )
            ),
            "static_data.staged_twice" => format!(
                "two different rows {} are staged; push again, which begins anew",
                self.arguments.join(" ")
            ),
            "static_data.not_unique" => format!(
                "row {} has a value that must be unique and that another row has; 'hexmarch content check' shows both",
                self.arguments.join(" ")
            ),
            "static_data.push_superseded" => {
                "another push has taken over, since this one was silent for too long; let it \
                                              end, then push again"
                    .to_owned()
            }
            "static_data.push_broken_off" => {
                "nothing of this push is staged any more; push again, which goes on or begins anew".to_owned()
            }
            "access.role" | "access.too_many_calls" => ONLY_ADMINS.to_owned(),
            _ if self.arguments.is_empty() => self.key.clone(),
            _ => format!("{} ({})", self.key, self.arguments.join(", ")),
        };
        formatter.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(text: &str) -> String {
        Refusal::parse(text).to_string()
    }

    #[test]
    fn databases_that_say_the_same_are_named_together() {
        let error = |database: &str, key: &str| PushError {
            database: database.into(),
            cause: Cause::Refused(Refusal::parse(key)),
        };
        let errors = [error("a", "x"), error("b", "y|1"), error("c", "x")];
        assert_eq!(together(&errors), "a, c: x\nb: y (1)");
    }

    #[test]
    fn errors_are_sentences() {
        assert!(sentence("static_data.push_in_progress|42").contains("(42 s until"));
        assert!(sentence("static_data.empty|a|b").starts_with("no rows for a, b; "));
        let invalid = sentence("static_data.invalid|2|x 1: bad|y 2: worse");
        assert!(
            invalid.starts_with("it finds 2 mistakes: x 1: bad; y 2: worse; '"),
            "{invalid}"
        );
        let many = sentence("static_data.invalid|9|x 1: bad");
        assert!(many.starts_with("it finds 9 mistakes: x 1: bad; ...; '"), "{many}");
        let in_use = sentence("static_data.in_use|1|item_desc 1101 12");
        let expected = "1 key that would be gone is held by live rows: item_desc 1101 (12 rows); keep";
        assert!(in_use.starts_with(expected), "{in_use}");
        let none = sentence("static_data.no_successor|2|item_desc 1101 1|biome_desc 3 2");
        let expected =
            "2 keys that would be gone are held by live rows and have no successor: item_desc 1101 (1 row); \
                        biome_desc 3 (2 rows); keep";
        assert!(none.starts_with(expected), "{none}");
        assert!(sentence("access.role|Admin").contains("--token-file"));
        assert_eq!(sentence("something.else"), "something.else");
        assert_eq!(sentence("something.else|1|2"), "something.else (1, 2)");
    }
}
