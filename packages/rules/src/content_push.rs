//! Who may stage content, and what becomes of what is staged already: one push at a time, and no rows of two.

use std::time::Duration;

use thiserror::Error;

/// A push that stages nothing for so long has lost its place, though its connection be open.
pub const MAX_SILENCE: Duration = Duration::from_secs(60);
/// Longest name of content, in bytes.
pub const MAX_HASH_BYTES: usize = 128;

/// The push under way, as the caller finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// Whether it is of the caller's own connection.
    pub is_own: bool,
    /// Whether its connection is open.
    pub is_connected: bool,
    /// How long ago it last did something.
    pub silence: Duration,
    /// What it calls its content; empty when rows are staged one call at a time.
    pub content_hash: &'a str,
}

/// What the caller's push does with what is staged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staged {
    /// It goes on from there.
    Kept,
    /// It begins with nothing.
    Cleared,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PushError {
    /// Another push is alive; the argument is for how many seconds it may be silent before it loses its place.
    #[error("static_data.push_in_progress|{seconds}")]
    InProgress {
        /// At least 1.
        seconds: u64,
    },
    /// Another push took over while this one was silent: begin again.
    #[error("static_data.push_superseded")]
    Superseded,
    /// What is staged is of a push that broke off: begin it again, or clear it.
    #[error("static_data.push_broken_off")]
    BrokenOff,
    /// The name of the content is too long; the argument is the limit.
    #[error("static_data.hash_too_long|{MAX_HASH_BYTES}")]
    HashTooLong,
}

impl Found<'_> {
    fn refuse_if_alive(&self) -> Result<(), PushError> {
        let left = MAX_SILENCE.saturating_sub(self.silence);
        if self.is_own || !self.is_connected || left.is_zero() {
            return Ok(());
        }
        Err(PushError::InProgress {
            seconds: left.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX),
        })
    }
}

/// A push begins, or goes on after its connection broke.
///
/// # Errors
/// [`PushError::InProgress`], [`PushError::HashTooLong`].
pub fn begin(found: Option<Found<'_>>, content_hash: &str) -> Result<Staged, PushError> {
    if content_hash.len() > MAX_HASH_BYTES {
        return Err(PushError::HashTooLong);
    }
    let Some(found) = found else {
        return Ok(Staged::Cleared);
    };
    found.refuse_if_alive()?;
    if !content_hash.is_empty() && found.content_hash == content_hash {
        Ok(Staged::Kept)
    } else {
        Ok(Staged::Cleared)
    }
}

/// Rows come. `None` when the push goes on as it is, else it begins here, without a name.
///
/// # Errors
/// [`PushError::Superseded`], [`PushError::InProgress`].
pub fn stage(found: Option<Found<'_>>, is_superseded: bool) -> Result<Option<Staged>, PushError> {
    if is_superseded {
        return Err(PushError::Superseded);
    }
    let Some(found) = found else {
        return Ok(Some(Staged::Cleared));
    };
    found.refuse_if_alive()?;
    Ok(match found {
        Found { is_own: true, .. } => None,
        // One call at a time, each with a connection of its own.
        Found { content_hash: "", .. } => Some(Staged::Kept),
        _ => Some(Staged::Cleared),
    })
}

/// What is staged is to become live.
///
/// # Errors
/// [`PushError::Superseded`], [`PushError::InProgress`], [`PushError::BrokenOff`].
pub fn commit(found: Option<Found<'_>>, is_superseded: bool) -> Result<(), PushError> {
    if is_superseded {
        return Err(PushError::Superseded);
    }
    let Some(found) = found else {
        return Ok(());
    };
    found.refuse_if_alive()?;
    if found.is_own || found.content_hash.is_empty() {
        Ok(())
    } else {
        Err(PushError::BrokenOff)
    }
}

/// What is staged is to be forgotten.
///
/// # Errors
/// [`PushError::InProgress`].
pub fn clear(found: Option<Found<'_>>) -> Result<(), PushError> {
    found.map_or(Ok(()), |found| found.refuse_if_alive())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Found<'static> = Found {
        is_own: true,
        is_connected: true,
        silence: Duration::from_secs(59),
        content_hash: "a",
    };
    const OTHER: Found<'static> = Found { is_own: false, ..OWN };
    const CLOSED: Found<'static> = Found {
        is_connected: false,
        silence: Duration::ZERO,
        ..OTHER
    };
    const SILENT: Found<'static> = Found {
        silence: MAX_SILENCE,
        ..OTHER
    };
    const NAMELESS: Found<'static> = Found {
        content_hash: "",
        ..CLOSED
    };
    const IN_PROGRESS: PushError = PushError::InProgress { seconds: 1 };

    #[test]
    fn beginning() {
        let check = |found, hash, expected| assert_eq!(begin(found, hash), expected, "{found:?} {hash}");
        check(None, "a", Ok(Staged::Cleared));
        check(Some(OWN), "a", Ok(Staged::Kept));
        check(Some(OWN), "b", Ok(Staged::Cleared));
        check(Some(OTHER), "a", Err(IN_PROGRESS));
        check(Some(CLOSED), "a", Ok(Staged::Kept));
        check(Some(CLOSED), "b", Ok(Staged::Cleared));
        check(Some(SILENT), "a", Ok(Staged::Kept));
        check(Some(NAMELESS), "", Ok(Staged::Cleared));
        check(None, &"a".repeat(MAX_HASH_BYTES + 1), Err(PushError::HashTooLong));
    }

    #[test]
    fn staging() {
        let check = |found, expected| assert_eq!(stage(found, false), expected, "{found:?}");
        check(None, Ok(Some(Staged::Cleared)));
        check(Some(OWN), Ok(None));
        check(
            Some(Found {
                silence: MAX_SILENCE * 2,
                ..OWN
            }),
            Ok(None),
        );
        check(Some(OTHER), Err(IN_PROGRESS));
        check(Some(CLOSED), Ok(Some(Staged::Cleared)));
        check(Some(SILENT), Ok(Some(Staged::Cleared)));
        check(Some(NAMELESS), Ok(Some(Staged::Kept)));
        assert_eq!(stage(None, true), Err(PushError::Superseded));
    }

    #[test]
    fn committing_and_clearing() {
        let check = |found, expected| assert_eq!(commit(found, false), expected, "{found:?}");
        check(None, Ok(()));
        check(Some(OWN), Ok(()));
        check(Some(OTHER), Err(IN_PROGRESS));
        check(Some(CLOSED), Err(PushError::BrokenOff));
        check(Some(SILENT), Err(PushError::BrokenOff));
        check(Some(NAMELESS), Ok(()));
        assert_eq!(commit(Some(NAMELESS), true), Err(PushError::Superseded));
        assert_eq!(clear(Some(OTHER)), Err(IN_PROGRESS));
        assert_eq!(clear(Some(CLOSED)), Ok(()));
        assert_eq!(clear(None), Ok(()));
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds() {
        let after = |millis| {
            begin(
                Some(Found {
                    silence: Duration::from_millis(millis),
                    ..OTHER
                }),
                "a",
            )
        };
        assert_eq!(after(0), Err(PushError::InProgress { seconds: 60 }));
        assert_eq!(after(58_999), Err(PushError::InProgress { seconds: 2 }));
        assert_eq!(after(59_999), Err(IN_PROGRESS));
        assert_eq!(after(60_000), Ok(Staged::Kept));
    }
}
