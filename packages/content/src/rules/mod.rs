//! What makes content a game, beyond references: that things can be had, that what is asked for can be met, that chances
//! sum up, that nobody gets rich by standing still. One rule a file.
//!
//! A rule takes a key that leads nowhere for met: the reference was reported already.

mod curves;
mod deeds;
mod economy;
mod game;
mod growth;
mod interiors;
mod loot;
mod parameters;
mod places;
mod player;
mod shapes;
mod sources;
mod stations;
mod tiers;
mod unique;

pub use game::{Game, Shelf};
pub use player::{Spent, TierTime, TierTimes};
pub use sources::path_to;

use hexmarch_messages::static_data::StaticRow;

use crate::check::{Found, Sheets};
use deeds::Deeds;

/// Where rules put what they find.
pub(crate) struct Findings<'a> {
    sheets: &'a Sheets,
    found: &'a mut Found,
}

impl Findings<'_> {
    /// A mistake in the part of a row that a path leads to.
    fn at<R: StaticRow>(&mut self, row: usize, path: &str, text: impl Into<String>) {
        self.at_row_of(R::TABLE, row, path, text);
    }

    fn at_row_of(&mut self, table: &str, row: usize, path: &str, text: impl Into<String>) {
        if let Some(sheet) = self.sheets.get(table) {
            self.found.at(sheet, row, path, text.into());
        }
    }

    /// A mistake of a table as a whole.
    fn table<R: StaticRow>(&mut self, text: impl Into<String>) {
        if let Some(sheet) = self.sheets.get(R::TABLE) {
            self.found.push(&sheet.file, crate::json::TOP, text.into());
        }
    }

    /// `crafting_recipe_desc.json:12`.
    fn line(&self, table: &str, row: usize) -> String {
        self.sheets.line(table, row)
    }
}

/// Looks at every rule. Answers with how long a player takes to each tier.
pub(crate) fn look(game: &Game, sheets: &Sheets, found: &mut Found) -> TierTimes {
    let findings = &mut Findings { sheets, found };
    unique::look(game, findings);
    parameters::look(game, findings);
    shapes::look(game, findings);
    loot::look(game, findings);
    curves::look(game, findings);
    growth::look(game, findings);
    places::look(game, findings);
    interiors::look(game, findings);
    let deeds = Deeds::of(game);
    stations::look(game, &deeds, findings);
    sources::look(game, &deeds, findings);
    economy::look(game, &deeds, findings);
    player::look(game, &deeds, findings)
}
