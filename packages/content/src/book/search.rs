//! The index that the search box looks in: a script that a page loads, since a page opened from a file may load nothing
//! else.

use serde::Serialize;

use super::kind::Kind;
use super::scribe::Scribe;

/// A page that may be found.
#[derive(Serialize)]
struct Entry(String, &'static str, i32, i32, String);

impl Scribe<'_> {
    /// All pages of rows: name, folder, key, tier, and what kind of thing it is.
    pub fn search_index(&self) -> String {
        let mut entries = Vec::new();
        for kind in Kind::ALL {
            let word = self.word(kind.word());
            for id in kind.ids(self.atlas) {
                let name = kind.name(self.atlas, self.language, id);
                let tag = kind.tag(self.atlas, id).map(|tag| self.language.tag(tag));
                let hint = tag.map_or_else(|| word.clone(), |tag| format!("{word} · {tag}"));
                let tier = kind.tier(self.atlas, id).unwrap_or(0);
                entries.push(Entry(name, kind.folder(), id, tier, hint));
            }
        }
        // Texts and numbers always become JSON.
        let json = serde_json::to_string(&entries).unwrap_or_else(|_| "[]".to_owned());
        format!("window.bookIndex={json};\n")
    }
}
