//! Which of several configurations a database takes.
//!
//! An operator sends the same list to every database: names of environments, and for each the content of its JSON
//! file, `{ "agents_enabled": true }` with optional limits; the file may repeat the name as `"env"`. The database picks the one of its own
//! environment.

use serde::Deserialize;
use thiserror::Error;

/// The environments there are.
pub const ENVIRONMENTS: [&str; 6] = ["dev", "local", "production", "qa", "staging", "testing"];
/// Most configurations in one load.
pub const MAX_ENTRIES: usize = 16;
/// Longest content of one configuration, in bytes.
pub const MAX_CONTENT_BYTES: usize = 16 * 1024;

/// What a database runs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// One of [`ENVIRONMENTS`].
    pub env: String,
    /// Whether agents run.
    pub agents_enabled: bool,
    /// Whether only identities that a login service vouched for may play.
    pub require_authentication: bool,
    /// Calls a second that an identity may make in the long run.
    pub calls_per_second: u32,
    /// Calls that it may make at once.
    pub call_burst: u32,
}

/// Why no configuration is taken. These reach operators, not players.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// There is no entry.
    #[error("config.empty")]
    Empty,
    /// There are more than [`MAX_ENTRIES`] entries; the argument is the limit.
    #[error("config.too_many|{MAX_ENTRIES}")]
    TooMany,
    /// There are not as many names as contents.
    #[error("config.length_mismatch|{names}|{contents}")]
    LengthMismatch {
        /// How many names were given.
        names: usize,
        /// How many contents were given.
        contents: usize,
    },
    /// A content is longer than [`MAX_CONTENT_BYTES`]; the arguments are its environment and the limit.
    #[error("config.too_large|{environment}|{MAX_CONTENT_BYTES}")]
    TooLarge {
        /// The environment.
        environment: String,
    },
    /// A name is none of [`ENVIRONMENTS`]; the argument is its place in the list, from 0.
    #[error("config.unknown_environment|{index}")]
    UnknownEnvironment {
        /// The place of the name in the list, from 0.
        index: usize,
    },
    /// Two entries have the same name.
    #[error("config.duplicate_environment|{environment}")]
    Duplicate {
        /// The environment.
        environment: String,
    },
    /// The database has no environment yet, and several entries leave open which one it is.
    #[error("config.ambiguous|{entries}")]
    Ambiguous {
        /// How many entries were given.
        entries: usize,
    },
    /// None of several entries is for the database's environment.
    #[error("config.environment_missing|{environment}")]
    Missing {
        /// The database's environment.
        environment: String,
    },
    /// The content says that it is for another environment than its name does.
    #[error("config.environment_mismatch|{environment}")]
    EnvironmentMismatch {
        /// The environment by name.
        environment: String,
    },
    /// The content is no configuration; the arguments are environment, line, column (from 1) and reason.
    #[error("config.malformed|{environment}|{line}|{column}|{reason}")]
    Malformed {
        /// The environment.
        environment: String,
        /// Line in the content, from 1.
        line: usize,
        /// Column in the line, from 1.
        column: usize,
        /// What the parser says.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default)]
    env: Option<String>,
    agents_enabled: bool,
    #[serde(default = "closed")]
    require_authentication: bool,
    #[serde(default = "default_calls_per_second")]
    calls_per_second: u32,
    #[serde(default = "default_call_burst")]
    call_burst: u32,
}

/// Unless the operator opens it, a world is closed to identities that nobody vouched for.
fn closed() -> bool {
    true
}

fn default_calls_per_second() -> u32 {
    50
}

fn default_call_burst() -> u32 {
    200
}

/// Picks and parses the configuration of a database whose environment is `current_env`.
///
/// A database without an environment takes the only entry. Later it takes the entry with its environment's name; a
/// single entry of another name changes the environment, for then the operator has said so. Contents of other
/// environments are not parsed.
///
/// # Errors
/// Any [`ConfigError`]; nothing is taken then.
pub fn select(current_env: Option<&str>, names: &[String], contents: &[String]) -> Result<Config, ConfigError> {
    if names.len() != contents.len() {
        return Err(ConfigError::LengthMismatch {
            names: names.len(),
            contents: contents.len(),
        });
    }
    if names.len() > MAX_ENTRIES {
        return Err(ConfigError::TooMany);
    }
    check_entries(names, contents)?;
    let own = current_env.and_then(|env| names.iter().zip(contents).find(|(name, _)| *name == env));
    match (own, names, contents, current_env) {
        (Some((name, content)), ..) => parse(name, content),
        (None, [name], [content], _) => parse(name, content),
        (None, [], ..) => Err(ConfigError::Empty),
        (None, _, _, Some(env)) => Err(ConfigError::Missing {
            environment: env.to_owned(),
        }),
        (None, _, _, None) => Err(ConfigError::Ambiguous { entries: names.len() }),
    }
}

fn check_entries(names: &[String], contents: &[String]) -> Result<(), ConfigError> {
    for (index, (name, content)) in names.iter().zip(contents).enumerate() {
        if !ENVIRONMENTS.contains(&name.as_str()) {
            return Err(ConfigError::UnknownEnvironment { index });
        }
        if names.iter().take(index).any(|other| other == name) {
            return Err(ConfigError::Duplicate {
                environment: name.clone(),
            });
        }
        if content.len() > MAX_CONTENT_BYTES {
            return Err(ConfigError::TooLarge {
                environment: name.clone(),
            });
        }
    }
    Ok(())
}

fn parse(environment: &str, content: &str) -> Result<Config, ConfigError> {
    let malformed = |line, column, reason| ConfigError::Malformed {
        environment: environment.to_owned(),
        line,
        column,
        reason,
    };
    let parsed: Content =
        serde_json::from_str(content).map_err(|error| malformed(error.line(), error.column(), error.to_string()))?;
    // The parser would take a list of the fields' values too.
    if !content.trim_start().starts_with('{') {
        return Err(malformed(1, 1, "expected an object".to_owned()));
    }
    if parsed.env.is_some_and(|env| env != environment) {
        return Err(ConfigError::EnvironmentMismatch {
            environment: environment.to_owned(),
        });
    }
    Ok(Config {
        env: environment.to_owned(),
        agents_enabled: parsed.agents_enabled,
        require_authentication: parsed.require_authentication,
        calls_per_second: parsed.calls_per_second,
        call_burst: parsed.call_burst,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ON: &str = r#"{ "agents_enabled": true }"#;
    const OFF: &str = r#"{ "agents_enabled": false }"#;

    #[track_caller]
    fn check(current: Option<&str>, entries: &[(&str, &str)], expected: Result<(&str, bool), &str>) {
        let names: Vec<_> = entries.iter().map(|entry| entry.0.to_owned()).collect();
        let contents: Vec<_> = entries.iter().map(|entry| entry.1.to_owned()).collect();
        let result = select(current, &names, &contents)
            .map(|config| (config.env, config.agents_enabled))
            .map_err(|error| error.to_string());
        assert_eq!(
            result,
            expected
                .map(|(env, agents)| (env.to_owned(), agents))
                .map_err(str::to_owned)
        );
    }

    #[test]
    fn selection() {
        check(None, &[("qa", ON)], Ok(("qa", true)));
        check(None, &[("qa", ON), ("dev", OFF)], Err("config.ambiguous|2"));
        check(Some("dev"), &[("qa", ON), ("dev", OFF)], Ok(("dev", false)));
        check(Some("dev"), &[("qa", ON)], Ok(("qa", true)));
        check(
            Some("local"),
            &[("qa", ON), ("dev", OFF)],
            Err("config.environment_missing|local"),
        );
        check(Some("dev"), &[], Err("config.empty"));
        check(None, &[], Err("config.empty"));
        check(
            None,
            &[("qa", r#"{ "env": "qa", "agents_enabled": true }"#)],
            Ok(("qa", true)),
        );
        let other = r#"{ "env": "dev", "agents_enabled": true }"#;
        check(None, &[("qa", other)], Err("config.environment_mismatch|qa"));
        // What is not for this database may be broken.
        check(Some("dev"), &[("qa", "?"), ("dev", ON)], Ok(("dev", true)));
    }

    #[test]
    fn refusals() {
        check(None, &[("Dev", ON)], Err("config.unknown_environment|0"));
        check(
            Some("dev"),
            &[("dev", ON), ("prod", ON)],
            Err("config.unknown_environment|1"),
        );
        check(
            Some("dev"),
            &[("dev", ON), ("dev", ON)],
            Err("config.duplicate_environment|dev"),
        );
        check(
            None,
            &[("dev", &" ".repeat(MAX_CONTENT_BYTES + 1))],
            Err("config.too_large|dev|16384"),
        );
        check(None, &[("dev", ON); 17], Err("config.too_many|16"));
        let names = ["dev".to_owned()];
        let mismatch = ConfigError::LengthMismatch { names: 1, contents: 0 };
        assert_eq!(select(None, &names, &[]), Err(mismatch));
    }

    #[test]
    fn malformed_content_is_located() {
        let misspelt = "{\n  \"agent_enabled\": true\n}";
        check(
            None,
            &[("dev", misspelt)],
            Err("config.malformed|dev|2|17|\
                unknown field `agent_enabled`, expected one of `env`, `agents_enabled`, `require_authentication`, \
                 `calls_per_second`, `call_burst` at line 2 column 17"),
        );
        check(
            None,
            &[("dev", "{}")],
            Err("config.malformed|dev|1|2|missing field `agents_enabled` at line 1 column 2"),
        );
        let twice = r#"{"agents_enabled": true, "agents_enabled": false}"#;
        let reason = "config.malformed|dev|1|41|duplicate field `agents_enabled` at line 1 column 41";
        check(None, &[("dev", twice)], Err(reason));
        for broken in [
            "",
            "{",
            "null",
            r#"["dev", true]"#,
            r#"{"agents_enabled": 1}"#,
            r#"{"agents_enabled": true} x"#,
        ] {
            let result = select(None, &["dev".to_owned()], &[broken.to_owned()]);
            assert!(
                matches!(result, Err(ConfigError::Malformed { line: 1, .. })),
                "{broken}: {result:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_taken_configuration_was_sent(
            current in prop::option::of(prop::sample::select(ENVIRONMENTS.to_vec())),
            entries in prop::collection::vec((prop::sample::select(ENVIRONMENTS.to_vec()), any::<bool>()), 0..8),
        ) {
            let names: Vec<_> = entries.iter().map(|entry| entry.0.to_owned()).collect();
            let contents: Vec<_> = entries.iter().map(|entry| if entry.1 { ON } else { OFF }.to_owned()).collect();
            if let Ok(config) = select(current, &names, &contents) {
                prop_assert!(entries.contains(&(config.env.as_str(), config.agents_enabled)));
                prop_assert!(entries.len() == 1 || current == Some(config.env.as_str()));
            }
        }

        #[test]
        fn no_content_panics(content in ".{0,64}") {
            let _ = select(None, &["dev".to_owned()], &[content]);
        }
    }
}
