//! How a command ends, and with which exit code.

use std::fmt;

/// Exit code: done.
pub const OK: u8 = 0;
/// Exit code: it failed, and whatever it began is undone.
pub const FAILED: u8 = 1;
/// Exit code: the command line makes no sense.
pub const USAGE: u8 = 2;
/// Exit code: some of it is done and stays; the text says what.
pub const PARTLY: u8 = 3;

/// An error whose exit code is not [`FAILED`].
#[derive(Debug)]
pub struct Coded {
    /// The exit code.
    pub code: u8,
    text: String,
}

impl fmt::Display for Coded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for Coded {}

/// The command line makes no sense, for a reason that the parser cannot see.
pub fn usage(text: impl Into<String>) -> anyhow::Error {
    Coded {
        code: USAGE,
        text: text.into(),
    }
    .into()
}

/// Some of it is done and stays.
pub fn partly(text: impl Into<String>) -> anyhow::Error {
    Coded {
        code: PARTLY,
        text: text.into(),
    }
    .into()
}

/// The exit code that an error asks for.
pub fn code_of(error: &anyhow::Error) -> u8 {
    error.downcast_ref::<Coded>().map_or(FAILED, |coded| coded.code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn errors_keep_their_code_below_a_context() {
        assert_eq!(code_of(&anyhow::anyhow!("x")), FAILED);
        assert_eq!(code_of(&usage("x")), USAGE);
        let wrapped = Err::<(), _>(partly("x")).context("while").unwrap_err();
        assert_eq!(code_of(&wrapped), PARTLY);
    }
}
