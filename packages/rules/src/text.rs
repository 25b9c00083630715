//! Free text from clients and operators: broadcasts, titles, messages.

use thiserror::Error;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("text.empty")]
    Empty,
    /// The text has too many characters; the argument is the limit.
    #[error("text.too_long|{max_chars}")]
    TooLong {
        /// Most characters.
        max_chars: usize,
    },
    /// The text has a character that shows nothing and changes what is shown.
    #[error("text.control_character")]
    ControlCharacter,
}

/// The text without white space at its ends, if it has 1 to `max_chars` characters and none that are invisible.
///
/// Refused are control characters (line breaks and tabs too), line and paragraph separators, and the marks that turn
/// the direction of writing.
///
/// # Errors
/// Any [`TextError`].
pub fn check_text(text: &str, max_chars: usize) -> Result<&str, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().nth(max_chars).is_some() {
        return Err(TextError::TooLong { max_chars });
    }
    if text.chars().any(is_control) {
        return Err(TextError::ControlCharacter);
    }
    Ok(text)
}

fn is_control(character: char) -> bool {
    let separator = matches!(character, '\u{2028}' | '\u{2029}');
    let direction =
        matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    character.is_control() || separator || direction || character == '\u{FEFF}'
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        assert_eq!(
            check_text(text, 8).map_err(|error| error.to_string()),
            expected.map_err(str::to_owned),
            "{text:?}"
        );
    }

    #[test]
    fn texts() {
        check("hello", Ok("hello"));
        check("  hello \n", Ok("hello"));
        check("äöüßéñ 8", Ok("äöüßéñ 8"));
        check("", Err("text.empty"));
        check(" \t\r\n", Err("text.empty"));
        check("12345678", Ok("12345678"));
        check("123456789", Err("text.too_long|8"));
        for bad in [
            "a\nb",
            "a\tb",
            "a\0b",
            "a\u{7f}b",
            "a\u{85}b",
            "a\u{2028}b",
            "a\u{202E}b",
            "a\u{2067}b",
            "a\u{FEFF}b",
        ] {
            check(bad, Err("text.control_character"));
        }
        // Joined emoji are one picture of several characters.
        check("👩\u{200D}🌾", Ok("👩\u{200D}🌾"));
    }

    proptest! {
        #[test]
        fn what_passes_is_bounded_and_stable(text in "\\PC{0,12}|.{0,12}", max in 0..12_usize) {
            if let Ok(checked) = check_text(&text, max) {
                prop_assert!((1..=max).contains(&checked.chars().count()));
                prop_assert!(!checked.chars().any(char::is_control));
                prop_assert_eq!(check_text(checked, max), Ok(checked));
            }
        }
    }
}
