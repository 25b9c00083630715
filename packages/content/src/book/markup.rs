//! Pages as a browser reads them, for tests. Stricter than any: what is no whole and closed element here is a mistake.

/// Elements without an end.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];
/// What stands, after an `&`, for a letter that means something.
const LETTERS: [(&str, &str); 5] = [
    ("lt;", "<"),
    ("gt;", ">"),
    ("quot;", "\""),
    ("#39;", "'"),
    ("amp;", "&"),
];
/// The element whose text is kept.
const HEADING: &str = "h1";

/// An element.
#[derive(Debug, PartialEq)]
pub(super) struct Element<'a> {
    pub(super) name: &'a str,
    attributes: Vec<(&'a str, String)>,
    /// Of headings, with that of elements in it.
    pub(super) text: String,
}

impl Element<'_> {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(other, _)| *other == name)?;
        Some(value)
    }
}

/// The elements of a page, in the order of their beginning.
pub(super) fn elements(page: &str) -> Result<Vec<Element<'_>>, String> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").ok_or("no doctype")?;
    let mut found: Vec<Element<'_>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while let Some((text, tag)) = rest.split_once('<') {
        add_text(text, &open, &mut found)?;
        let Some(end) = tag.strip_prefix('/') else {
            let (element, is_closed, after) = element(tag)?;
            if !is_closed && !VOID.contains(&element.name) {
                open.push(found.len());
            }
            found.push(element);
            rest = after;
            continue;
        };
        let (name, after) = end.split_once('>').ok_or("an end without an end")?;
        let innermost = open.pop().map(|at| found[at].name);
        if innermost != Some(name) {
            return Err(format!("</{name}> ends {innermost:?}"));
        }
        rest = after;
    }
    add_text(rest, &open, &mut found)?;
    match open.last() {
        Some(at) => Err(format!("<{}> has no end", found[*at].name)),
        None => Ok(found),
    }
}

fn add_text(text: &str, open: &[usize], found: &mut [Element<'_>]) -> Result<(), String> {
    let text = plain(text)?;
    for at in open {
        if found[*at].name == HEADING {
            found[*at].text.push_str(&text);
        }
    }
    Ok(())
}

/// An element from after its `<`; whether it is its own end; and what follows.
fn element(tag: &str) -> Result<(Element<'_>, bool, &str), String> {
    let (name, mut rest) = word(tag)?;
    let mut attributes = Vec::new();
    loop {
        let trimmed = rest.trim_start();
        if let Some(after) = trimmed.strip_prefix("/>") {
            return Ok((new(name, attributes), true, after));
        }
        if let Some(after) = trimmed.strip_prefix('>') {
            return Ok((new(name, attributes), false, after));
        }
        if trimmed.len() == rest.len() {
            return Err(format!("<{name} has attributes that touch"));
        }
        let (attribute, after) = word(trimmed)?;
        let (value, after) = match after.strip_prefix("=\"") {
            Some(value) => value.split_once('"').ok_or("a value without an end")?,
            None => ("", after),
        };
        if value.contains(['<', '>']) || attributes.iter().any(|(other, _)| *other == attribute) {
            return Err(format!("<{name} {attribute}=\"{value}\""));
        }
        attributes.push((attribute, plain(value)?));
        rest = after;
    }
}

fn new<'a>(name: &'a str, attributes: Vec<(&'a str, String)>) -> Element<'a> {
    Element {
        name,
        attributes,
        text: String::new(),
    }
}

/// A name of an element or attribute, and what follows.
fn word(text: &str) -> Result<(&str, &str), String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == ':';
    let (word, rest) = text.split_at(text.find(|letter| !allowed(letter)).unwrap_or(text.len()));
    let is_word = word.starts_with(|first: char| first.is_ascii_alphabetic());
    is_word
        .then_some((word, rest))
        .ok_or_else(|| format!("no name: {}", text.chars().take(40).collect::<String>()))
}

/// A text that stands in a page.
fn plain(text: &str) -> Result<String, String> {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter = LETTERS
            .iter()
            .find_map(|(name, letter)| Some((*letter, part.strip_prefix(name)?)));
        let (letter, rest) = letter.ok_or_else(|| format!("&{part} is no letter"))?;
        plain.push_str(letter);
        plain.push_str(rest);
    }
    Ok(plain)
}

#[test]
fn what_is_no_whole_element_is_a_mistake() {
    let page = |body: &str| format!("<!DOCTYPE html><p id=\"a&amp;b\">{body}</p>");
    let good = page("<h1 hidden>a <b>&lt;c</b></h1><img src=\"d\">1 > 0<path d=\"\"/>");
    let found = elements(&good).unwrap();
    let names: Vec<&str> = found.iter().map(|element| element.name).collect();
    assert_eq!(names, ["p", "h1", "b", "img", "path"]);
    assert_eq!(
        (found[0].attribute("id"), found[1].text.as_str()),
        (Some("a&b"), "a <c")
    );
    assert_eq!(
        (found[1].attribute("hidden"), found[1].attribute("id")),
        (Some(""), None)
    );
    for body in [
        "<b>",
        "</b>",
        "<b></p>",
        "< b>",
        "<b",
        "<b c=d></b>",
        "<b c=\"d></b>",
        "<b c=\"<\"></b>",
        "<b c=\"\"d=\"\"></b>",
        "<b c=\"\" c=\"\"></b>",
        "&",
        "&nbsp;",
        "<!-- -->",
    ] {
        assert!(elements(&page(body)).is_err(), "{body}");
    }
    assert!(elements("<p></p>").is_err());
}
