//! The secret that says who we are to a host.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A token longer than this is not one; a host's own are about 400 bytes, those of an identity provider up to a few KiB.
const MAX_TOKEN_BYTES: u64 = 64 * 1024;

/// A bearer token of a SpacetimeDB host. Its text never shows in `Debug`; ask for it with [`Token::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The text cannot be a token.
    #[error("a token is one line of visible ASCII without spaces, and this text is not")]
    Malformed,
    /// The file holds something else.
    #[error("{} holds no token: it needs one line of visible ASCII without spaces", path.display())]
    MalformedFile {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be read.
    #[error("cannot read the token file {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file could not be written.
    #[error("cannot write the token file {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Token {
    /// Takes `text` as a token; blanks around it are dropped.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] when it could not travel in an HTTP header.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        let fits = !text.is_empty() && text.len() as u64 <= MAX_TOKEN_BYTES;
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TokenError::Malformed)
        }
    }

    /// The secret itself, for a header or a file. Never log it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Reads the token that `path` holds.
    ///
    /// # Errors
    /// [`TokenError::Read`] when the file cannot be read, [`TokenError::MalformedFile`] when it holds something else.
    pub fn read_from(path: &Path) -> Result<Self, TokenError> {
        let read = |source| TokenError::Read {
            path: path.to_owned(),
            source,
        };
        let malformed = || TokenError::MalformedFile { path: path.to_owned() };
        if std::fs::metadata(path).map_err(read)?.len() > MAX_TOKEN_BYTES {
            return Err(malformed());
        }
        let bytes = std::fs::read(path).map_err(read)?;
        let text = String::from_utf8(bytes).map_err(|_| malformed())?;
        Self::new(&text).map_err(|_| malformed())
    }

    /// Writes the token to `path`, readable by its owner alone (mode 0600), replacing what was there in one step.
    ///
    /// # Errors
    /// [`TokenError::Write`] with what the system said; the old file is then still whole.
    pub fn write_to(&self, path: &Path) -> Result<(), TokenError> {
        let write = |source| TokenError::Write {
            path: path.to_owned(),
            source,
        };
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.new", std::process::id()));
        let fresh = path.with_file_name(name);
        let written = self.write_private(&fresh).and_then(|()| std::fs::rename(&fresh, path));
        if written.is_err() {
            // Best effort: the error worth reporting is the first one.
            let _ = std::fs::remove_file(&fresh);
        }
        written.map_err(write)
    }

    fn write_private(&self, path: &Path) -> std::io::Result<()> {
        // Removed first, since the mode counts only for a file that this call creates.
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(self.0.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_through_a_private_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token");
        std::fs::write(&path, "old").unwrap();
        let token = Token::new(" abc.def \n").unwrap();
        token.write_to(&path).unwrap();
        assert_eq!(Token::read_from(&path).unwrap(), token);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn is_masked_and_checked() {
        assert_eq!(format!("{:?}", Token::new("secret").unwrap()), "Token(***)");
        for text in ["", "  ", "two words", "new\nline", "ünicode"] {
            assert!(matches!(Token::new(text), Err(TokenError::Malformed)), "{text:?}");
        }
    }

    #[test]
    fn names_the_file_that_is_missing() {
        let error = Token::read_from(Path::new("/nonexistent/token"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("cannot read the token file /nonexistent/token"),
            "{error}"
        );
    }
}
