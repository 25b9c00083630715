//! Names that players give themselves.
//!
//! An accepted name is readable, written in one script, and cannot be taken for another player's: uniqueness is decided
//! by [`canonical`], which is the same for all names that look alike. Store display and canonical form both, with a
//! unique index on the canonical one.

use thiserror::Error;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;
use unicode_security::{GeneralSecurityProfile, MixedScript};

/// Fewest characters of a name.
pub const MIN_CHARS: usize = 3;
/// Most characters of a name.
pub const MAX_CHARS: usize = 16;
/// Most bytes that are looked at: no accepted name is longer before normalization.
pub const MAX_BYTES: usize = 256;

/// An accepted name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName {
    /// As shown: the name that was asked for, in NFC.
    pub display: String,
    /// As compared: see [`canonical`].
    pub canonical: String,
}

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UserNameError {
    /// The name has too few characters; the argument is the limit.
    #[error("user_name.too_short|{MIN_CHARS}")]
    TooShort,
    /// The name has too many characters; the argument is the limit.
    #[error("user_name.too_long|{MAX_CHARS}")]
    TooLong,
    /// A character is no letter, digit, `_` or `-`, or is not meant for names; the argument is its code point.
    #[error("user_name.character|U+{code_point:04X}")]
    Character {
        /// The character's number.
        code_point: u32,
    },
    /// The name does not start with a letter.
    #[error("user_name.first_letter")]
    FirstLetter,
    /// A `_` or `-` is at the end or beside another.
    #[error("user_name.separator")]
    Separator,
    /// The name mixes scripts.
    #[error("user_name.mixed_scripts")]
    MixedScripts,
    /// The name is not written in Latin letters and looks as if it were.
    #[error("user_name.confusable")]
    Confusable,
    /// The name, or one that looks like it, is reserved.
    #[error("user_name.reserved")]
    Reserved,
    /// The name has a word in it that is not allowed.
    #[error("user_name.profane")]
    Profane,
}

/// Decides which names have words in them that are not allowed.
pub trait WordFilter {
    /// Whether the name, as displayed, is to be refused.
    fn refuses(&self, name: &str) -> bool;
}

impl<F: Fn(&str) -> bool> WordFilter for F {
    fn refuses(&self, name: &str) -> bool {
        self(name)
    }
}

/// The word list of the `rustrict` crate: mostly English, and wise to digits and accents in place of letters.
///
/// Its tables are built at the first call: about 20 ms and 15 MB. A module that never uses it does not contain it.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandardWords;

impl WordFilter for StandardWords {
    fn refuses(&self, name: &str) -> bool {
        use rustrict::{CensorStr, Type};
        // Parts count for themselves, or "Anna-Lee" has a bad word in its middle; unless they are so short that they
        // may be a word spelt out.
        let parts = || name.split(is_separator);
        let spelt_out = parts().any(|part| part.chars().count() < 3);
        let limit = Type::INAPPROPRIATE & Type::MODERATE_OR_HIGHER;
        parts().any(|part| part.is(limit)) || name.is(Type::SEVERE) || (spelt_out && name.is(limit))
    }
}

/// Checks a name that a player asks for.
///
/// `reserved` is asked for canonical forms, with and without separators: keep reserved names as [`canonical`] gives
/// them. Whether the name is taken is for the caller to see, by the canonical form.
///
/// # Errors
/// Any [`UserNameError`], the first that applies.
pub fn validate(
    name: &str,
    reserved: impl Fn(&str) -> bool,
    words: &dyn WordFilter,
) -> Result<UserName, UserNameError> {
    if name.len() > MAX_BYTES {
        return Err(UserNameError::TooLong);
    }
    let display: String = name.nfc().collect();
    match display.chars().count() {
        count if count < MIN_CHARS => return Err(UserNameError::TooShort),
        count if count > MAX_CHARS => return Err(UserNameError::TooLong),
        _ => (),
    }
    check_characters(&display)?;
    if !display.as_str().is_single_script() {
        return Err(UserNameError::MixedScripts);
    }
    if looks_latin_but_is_not(&display) {
        return Err(UserNameError::Confusable);
    }
    let canonical = canonical(&display);
    let joined: String = canonical
        .chars()
        .filter(|character| !is_separator(*character))
        .collect();
    if reserved(&canonical) || reserved(&joined) {
        return Err(UserNameError::Reserved);
    }
    if words.refuses(&display) {
        return Err(UserNameError::Profane);
    }
    Ok(UserName { display, canonical })
}

/// The form by which names are compared: equal for names that differ in case only or look the same.
///
/// Case folding and the confusable skeleton of UTS 39, repeated until nothing changes; at last `i` becomes `l`, since
/// the capital of the one looks like the other. Not for display.
pub fn canonical(name: &str) -> String {
    // A second round settles all but a few characters; the limit only bounds the work.
    const MAX_ROUNDS: usize = 4;
    let mut form = fold_case(name);
    for _ in 0..MAX_ROUNDS {
        let next = fold_case(&skeleton(&form).collect::<String>());
        if next == form {
            break;
        }
        form = next;
    }
    form.replace('i', "l")
}

/// Case folding by way of capitals, which unites more than small letters do: `ß` and `SS`, `ς` and `Σ`.
fn fold_case(name: &str) -> String {
    name.chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_separator(character: char) -> bool {
    matches!(character, '_' | '-')
}

/// Whether a letter may carry this mark: vowel signs and the like, not accents, which NFC has already joined to every
/// letter that has them.
fn is_mark_of_a_script(character: char) -> bool {
    is_combining_mark(character) && !matches!(character, '\u{300}'..='\u{36F}')
}

fn check_characters(display: &str) -> Result<(), UserNameError> {
    for character in display.chars().filter(|character| !is_separator(*character)) {
        let letter = character.is_alphanumeric() && !is_combining_mark(character);
        if !(letter || is_mark_of_a_script(character)) || !character.identifier_allowed() {
            return Err(UserNameError::Character {
                code_point: character.into(),
            });
        }
    }
    let first = display.chars().next();
    if !first.is_some_and(|character| character.is_alphabetic() && !is_combining_mark(character)) {
        return Err(UserNameError::FirstLetter);
    }
    let pairs = display.chars().zip(display.chars().skip(1));
    let bad_pair =
        |(before, after): (char, char)| is_separator(before) && (is_separator(after) || is_combining_mark(after));
    if display.ends_with(is_separator) || pairs.into_iter().any(bad_pair) {
        return Err(UserNameError::Separator);
    }
    Ok(())
}

/// Whether a name without a single ASCII letter reads as ASCII, like `сора` in Cyrillic.
fn looks_latin_but_is_not(display: &str) -> bool {
    !display.chars().any(|character| character.is_ascii_alphabetic())
        && skeleton(display).all(|character| character.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn no_words(_: &str) -> bool {
        false
    }

    #[track_caller]
    fn check(name: &str, expected: Result<&str, &str>) {
        let reserved = ["admin", "support"].map(canonical);
        let words = |name: &str| name.contains("mud");
        let result = validate(name, |name| reserved.iter().any(|other| other == name), &words);
        let result = result.map(|name| name.display).map_err(|error| error.to_string());
        assert_eq!(result, expected.map(str::to_owned).map_err(str::to_owned), "{name:?}");
    }

    #[test]
    fn accepted() {
        for name in [
            "Bob",
            "Anna-Lee",
            "x_y-z",
            "A1234567890123_4",
            "Zoë",
            "Straße",
            "Łukasz",
            "Kadın",
            "Иван",
            "Нина_7",
            "Ελένη",
            "ひなたちゃん",
            "山田太郎",
            "고양이",
            "श्रीमती",
            "สมชาย",
            "שלום",
            "محمد",
        ] {
            check(name, Ok(name));
        }
        check("Zoe\u{308}", Ok("Zoë"));
    }

    #[test]
    fn refused() {
        check("", Err("user_name.too_short|3"));
        check("Bo", Err("user_name.too_short|3"));
        check("e\u{301}\u{65}", Err("user_name.too_short|3"));
        check("A12345678901234_6", Err("user_name.too_long|16"));
        check(&"x".repeat(100_000), Err("user_name.too_long|16"));
        check("Bob Smith", Err("user_name.character|U+0020"));
        check("Bob\u{202E}x", Err("user_name.character|U+202E"));
        check("Bob\u{200D}x", Err("user_name.character|U+200D"));
        check("Bob\n", Err("user_name.character|U+000A"));
        check("en/Bob", Err("user_name.character|U+002F"));
        check("Bob½", Err("user_name.character|U+00BD"));
        check("Ｂｏｂ", Err("user_name.character|U+FF22"));
        check("𝓑ob", Err("user_name.character|U+1D4D1"));
        check("👩x1", Err("user_name.character|U+1F469"));
        check("Bx\u{334}b", Err("user_name.character|U+0334"));
        check("1Bob", Err("user_name.first_letter"));
        check("_Bob", Err("user_name.first_letter"));
        check("\u{93F}कक", Err("user_name.first_letter"));
        check("Bob_", Err("user_name.separator"));
        check("Bo--b", Err("user_name.separator"));
        check("Bo_-b", Err("user_name.separator"));
        check("Bоb", Err("user_name.mixed_scripts"));
        check("Иvan", Err("user_name.mixed_scripts"));
        check("Сора", Err("user_name.confusable"));
        check("ΝΑΝ", Err("user_name.confusable"));
        check("ADMIN", Err("user_name.reserved"));
        check("Adm1n", Err("user_name.reserved"));
        check("ad-min", Err("user_name.reserved"));
        check("SUPP0RT", Err("user_name.reserved"));
        check("mudlark", Err("user_name.profane"));
    }

    #[test]
    fn names_that_look_alike_are_one() {
        for (a, b) in [
            ("Bob", "BOB"),
            ("Bill", "BiIl"),
            ("Bill", "B1ll"),
            ("Ian", "lan"),
            ("Zoe0", "zoeO"),
            ("modern", "rnodern"),
            ("STRASSE", "Straße"),
            ("ΝΙΚΟΣ", "Νικος"),
            ("Kadın", "KADIN"),
            ("Zoë", "zoe\u{308}"),
        ] {
            assert_eq!(canonical(a), canonical(b), "{a} {b}");
        }
        for (a, b) in [("Bob", "Rob"), ("Zoe", "Zoë"), ("Bob", "Bob2"), ("Bob_a", "Boba")] {
            assert_ne!(canonical(a), canonical(b), "{a} {b}");
        }
    }

    #[test]
    fn standard_words() {
        for (name, refused) in [
            ("Bob", false),
            ("Scunthorpe", false),
            ("Anna-Lee", false),
            ("Cassandra", false),
            ("Killer", false),
            ("Essex", false),
            ("Bastard", true),
            ("Sh1thead", true),
            ("a_n_u_s", true),
            ("xX_b1tch_Xx", true),
        ] {
            assert_eq!(StandardWords.refuses(name), refused, "{name}");
        }
    }

    fn any_name() -> impl Strategy<Value = String> {
        prop_oneof![
            "[A-Za-z][A-Za-z0-9_-]{1,16}",
            "[а-яА-Я]{3,8}",
            "[α-ωΑ-Ω]{3,8}",
            "\\PC{3,8}",
            "[IiLl1oO0mrn|ıİſßς]{1,9}",
            ".{0,20}"
        ]
    }

    proptest! {
        #[test]
        fn an_accepted_name_keeps_the_rules(name in any_name()) {
            if let Ok(UserName { display, canonical: form }) = validate(&name, |_| false, &no_words) {
                let count = display.chars().count();
                prop_assert!((MIN_CHARS..=MAX_CHARS).contains(&count));
                prop_assert!(display.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c) || is_separator(c)));
                prop_assert!(!form.is_empty());
                // What was accepted is accepted again, unchanged.
                let again = validate(&display, |_| false, &no_words);
                prop_assert_eq!(again, Ok(UserName { display: display.clone(), canonical: form.clone() }));
                prop_assert_eq!(canonical(&form), form, "the canonical form of a canonical form is itself");
            }
        }

        #[test]
        fn case_never_makes_a_new_name(name in any_name()) {
            prop_assert_eq!(canonical(&name.to_uppercase()), canonical(&name));
            prop_assert_eq!(canonical(&name.to_lowercase()), canonical(&name));
        }

        #[test]
        fn normalization_never_makes_a_new_name(name in any_name()) {
            prop_assert_eq!(canonical(&name.nfd().collect::<String>()), canonical(&name.nfc().collect::<String>()));
        }

        #[test]
        fn no_name_breaks_the_filter(name in any_name()) {
            StandardWords.refuses(&name);
        }
    }
}
