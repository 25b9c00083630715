//! Names of databases: `hexmarch-<branch>-global` and `hexmarch-<branch>-1` to `-N`. A local world's branch is its
//! environment.

use crate::outcome::usage;

/// Longest name of a branch, so that the host takes the database's name.
const MAX_BRANCH: usize = 64;
/// What every database's name begins with.
const PREFIX: &str = "hexmarch";

/// A valid name of a branch: lower case letters, digits and single dashes inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch(String);

impl Branch {
    /// Takes a name, for use by the command line's parser.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(name: &str) -> Result<Self, String> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || name.len() > MAX_BRANCH {
            return Err(format!("a branch name has 1 to {MAX_BRANCH} characters"));
        }
        if !name.bytes().all(allowed) {
            return Err("a branch name has only lower case letters, digits and dashes, like pr-123".to_owned());
        }
        if name.starts_with('-') || name.ends_with('-') || name.contains("--") {
            return Err("a branch name has dashes only one at a time and inside, like pr-123".to_owned());
        }
        Ok(Self(name.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Name of the database with this index, 0 being the global one.
    pub fn database(&self, index: u8) -> String {
        match index {
            0 => format!("{PREFIX}-{}-global", self.0),
            region => format!("{PREFIX}-{}-{region}", self.0),
        }
    }

    /// Indices and names of the global database and `regions` regions.
    pub fn databases(&self, regions: u8) -> Vec<(u8, String)> {
        (0..=regions).map(|index| (index, self.database(index))).collect()
    }

    /// The name of the database that an admin means by `global`, a region's number, or a full name.
    ///
    /// # Errors
    /// For anything else.
    pub fn resolve(&self, text: &str) -> anyhow::Result<String> {
        match text.parse::<u8>() {
            _ if text == "global" => Ok(self.database(0)),
            Ok(0) | Err(_) if !text.starts_with("hexmarch-") => Err(usage(format!(
                "'{text}' names no database; write 'global', a region's number, or a full name like {}",
                self.database(1)
            ))),
            Ok(region) => Ok(self.database(region)),
            Err(_) => Ok(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches() {
        for good in ["pr-123", "master", "a"] {
            assert!(Branch::parse(good).is_ok(), "{good}");
        }
        let long = "a".repeat(65);
        for bad in ["", "PR-1", "a/b", "-a", "a-", "a--b", "ä", long.as_str()] {
            assert!(Branch::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn databases() {
        let branch = Branch::parse("pr-1").unwrap();
        let names: Vec<_> = branch.databases(2).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["hexmarch-pr-1-global", "hexmarch-pr-1-1", "hexmarch-pr-1-2"]);
        assert_eq!(branch.resolve("global").unwrap(), "hexmarch-pr-1-global");
        assert_eq!(branch.resolve("2").unwrap(), "hexmarch-pr-1-2");
        assert_eq!(branch.resolve("hexmarch-qa-1").unwrap(), "hexmarch-qa-1");
        for bad in ["0", "galactic", "256"] {
            assert!(branch.resolve(bad).is_err(), "{bad}");
        }
    }
}
