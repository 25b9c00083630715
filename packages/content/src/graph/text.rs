//! How wide text is. Fonts differ from reader to reader, so it is taken for as wide as the widest usual ones make it.

/// Width of a line in hundredths of its font size.
fn hundredths(text: &str) -> usize {
    let of = |character: char| match character {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' => 33,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '[' | ']' | '-' | '·' | '’' => 42,
        'm' | 'M' | 'w' | '—' | '…' => 98,
        'W' | '@' | '%' => 104,
        'A'..='Z' | 'Ä' | 'Ö' | 'Ü' | '+' | '×' | '=' | '→' => 79,
        // What is wider than Latin.
        '\u{1100}'.. => 110,
        _ => 65,
    };
    text.chars().map(of).sum()
}

/// Width of a line in pixels, rounded up.
pub fn width(text: &str, font_size: i32) -> i32 {
    let pixels = hundredths(text)
        .saturating_mul(usize::try_from(font_size).unwrap_or(0))
        .div_ceil(100);
    i32::try_from(pixels).unwrap_or(i32::MAX)
}

/// Breaks a text into lines that are no wider than `limit` pixels, between words where it can.
pub fn wrap(text: &str, font_size: i32, limit: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if width(&longer, font_size) <= limit {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            let mut longer = line.clone();
            longer.push(character);
            if !line.is_empty() && width(&longer, font_size) > limit {
                lines.push(std::mem::replace(&mut line, character.to_string()));
            } else {
                line = longer;
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_too_wide_and_nothing_is_lost() {
        for text in [
            "",
            "a",
            "Ring Oak Plank",
            "Donaudampfschifffahrtsgesellschaftskapitän ist lang",
        ] {
            let lines = wrap(text, 13, 90);
            assert!(lines.iter().all(|line| width(line, 13) <= 90), "{lines:?}");
            let kept: String = lines.concat().split_whitespace().collect();
            assert_eq!(kept, text.split_whitespace().collect::<String>());
        }
        assert_eq!(wrap("one two", 13, 1000), ["one two"]);
    }
}
