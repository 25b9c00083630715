//! What must hold of content, told row by row: the annotations on the columns, as calls of a visitor.
//!
//! A column that is wrong is reported by the row itself; what needs other rows (a reference, a second value, a text in
//! another language) is told to the visitor, who knows them. The check of files and the check inside of the modules are two
//! visitors of the same facts.

use std::fmt::{self, Debug, Display};

use crate::knowledge::KnowledgeEntry;

/// A place in a row. Displays as `possibilities[2].items[0].item_id`, and as nothing for the row itself.
#[derive(Clone, Copy, Debug)]
pub enum At<'a> {
    /// The row.
    Row,
    /// A column, or a field of a type within; of an enum, the variant.
    Field(&'a At<'a>, &'static str),
    /// An element of a list.
    Index(&'a At<'a>, usize),
}

impl Display for At<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row => Ok(()),
            Self::Field(Self::Row, name) => formatter.write_str(name),
            Self::Field(outer, name) => write!(formatter, "{outer}.{name}"),
            Self::Index(outer, index) => write!(formatter, "{outer}[{index}]"),
        }
    }
}

/// The key of a content row. Displays as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key<'a> {
    /// A number.
    Number(i64),
    /// A text.
    Text(&'a str),
}

impl Display for Key<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => Display::fmt(number, formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// What names a content row: a number or text, or an entry that is about one.
pub trait AsKey {
    /// The key.
    fn as_key(&self) -> Key<'_>;
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl AsKey for $number {
            fn as_key(&self) -> Key<'_> {
                Key::Number(i64::from(*self))
            }
        })*
    };
}

numbers!(u8, u16, u32, i8, i16, i32, i64);

impl AsKey for String {
    fn as_key(&self) -> Key<'_> {
        Key::Text(self)
    }
}

impl AsKey for KnowledgeEntry {
    fn as_key(&self) -> Key<'_> {
        self.id.as_key()
    }
}

/// Told what holds of a value, and what does not.
pub trait FactVisitor {
    /// There is to be a row of `table` with this key.
    fn reference(&mut self, at: &At<'_>, table: &'static str, key: Key<'_>);
    /// A number is not from `low` to `high`, both included.
    fn out_of_range(&mut self, at: &At<'_>, value: &dyn Display, low: &dyn Display, high: &dyn Display);
    /// A text of so many characters, or a list of so many elements, is not from `low` to `high` long, both included.
    fn wrong_length(&mut self, at: &At<'_>, length: usize, low: usize, high: usize);
    /// A text that players read: not empty, and there in every language.
    fn localized(&mut self, at: &At<'_>, text: &str);
    /// No other row of the table is to have this value.
    fn distinct(&mut self, at: &At<'_>, value: &dyn Debug);
}

/// A type whose annotations say what must hold of its values.
pub trait Facts {
    /// Tells the visitor, in the order of columns.
    fn facts(&self, at: &At<'_>, visitor: &mut dyn FactVisitor);
}

/// Tells of a number that is outside; one that is none, as floats have them, is.
pub fn check_range<T: PartialOrd + Display>(at: &At<'_>, visitor: &mut dyn FactVisitor, value: &T, low: T, high: T) {
    let range = low..=high;
    if !range.contains(value) {
        visitor.out_of_range(at, value, range.start(), range.end());
    }
}

/// Tells of a length that is outside.
pub fn check_length(at: &At<'_>, visitor: &mut dyn FactVisitor, length: usize, low: usize, high: usize) {
    if !(low..=high).contains(&length) {
        visitor.wrong_length(at, length, low, high);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::ItemStack;
    use crate::knowledge::{KnowledgeItemState, KnowledgeState};
    use crate::loot::{ItemListDesc, ItemListPossibility};
    use crate::player::{CharacterStatDesc, CharacterStatType};

    /// One line a call.
    #[derive(Default)]
    struct Told(Vec<String>);

    impl FactVisitor for Told {
        fn reference(&mut self, at: &At<'_>, table: &'static str, key: Key<'_>) {
            self.0.push(format!("{at} -> {table} {key}"));
        }
        fn out_of_range(&mut self, at: &At<'_>, value: &dyn Display, low: &dyn Display, high: &dyn Display) {
            self.0.push(format!("{at}: {value} is not {low} to {high}"));
        }
        fn wrong_length(&mut self, at: &At<'_>, length: usize, low: usize, high: usize) {
            self.0.push(format!("{at}: length {length} is not {low} to {high}"));
        }
        fn localized(&mut self, at: &At<'_>, text: &str) {
            self.0.push(format!("{at}: text {text}"));
        }
        fn distinct(&mut self, at: &At<'_>, value: &dyn Debug) {
            self.0.push(format!("{at}: only {value:?}"));
        }
    }

    #[track_caller]
    fn check(row: &impl Facts, expected: &[&str]) {
        let mut told = Told::default();
        row.facts(&At::Row, &mut told);
        assert_eq!(told.0, expected);
    }

    fn stack(item_id: i32, quantity: u32) -> ItemStack {
        ItemStack { item_id, quantity }
    }

    #[test]
    fn places_within_a_row() {
        let possibility = |probability, items, item_lists| ItemListPossibility {
            probability,
            items,
            item_lists,
        };
        let list = ItemListDesc {
            id: 0,
            name: "é".repeat(61),
            possibilities: vec![
                possibility(0.5, vec![], vec![]),
                possibility(1.5, vec![stack(1, 1), stack(2, 0)], vec![7, 8]),
                possibility(f32::NAN, vec![], vec![]),
            ],
        };
        check(
            &list,
            &[
                "id: 0 is not 1 to 2147483647",
                "name: length 61 is not 1 to 60",
                "possibilities[1].probability: 1.5 is not 0.000001 to 1",
                "possibilities[1].items[0].item_id -> item_desc 1",
                "possibilities[1].items[1].item_id -> item_desc 2",
                "possibilities[1].items[1].quantity: 0 is not 1 to 1000000",
                "possibilities[1].item_lists[0] -> item_list_desc 7",
                "possibilities[1].item_lists[1] -> item_list_desc 8",
                "possibilities[2].probability: NaN is not 0.000001 to 1",
            ],
        );
    }

    #[test]
    fn texts_values_and_numbers_that_are_none() {
        let stat = CharacterStatDesc {
            id: 1,
            stat_type: CharacterStatType::Armor,
            name: String::new(),
            description: "Takes the edge off.".into(),
            value: f32::INFINITY,
            min_value: 0.0,
            max_value: 1.0,
        };
        let unbounded = format!("value: inf is not {} to {}", f32::MIN, f32::MAX);
        check(
            &stat,
            &[
                "stat_type: only Armor",
                "name: text ",
                "description: text Takes the edge off.",
                &unbounded,
            ],
        );
    }

    #[test]
    fn live_rows_tell_what_they_hold() {
        let known = KnowledgeItemState {
            entity_id: 1,
            entries: vec![KnowledgeEntry {
                id: 7,
                state: KnowledgeState::Acquired,
            }],
        };
        check(&known, &["entries[0] -> item_desc 7"]);
    }
}
