//! Columns with an index that takes each value once.

use std::collections::HashMap;

use hexmarch_messages::resource::ResourceGrowthRecipeDesc;
use hexmarch_messages::static_data::StaticRow;
use hexmarch_messages::tool::ToolDesc;

use super::{Findings, Game};

pub(super) fn look(game: &Game, findings: &mut Findings<'_>) {
    let tools = game.tools.rows.iter().map(|tool| tool.item_id);
    once::<ToolDesc>("item_id", tools, findings);
    let growths = game.growths.rows.iter().map(|growth| growth.resource_id);
    once::<ResourceGrowthRecipeDesc>("resource_id", growths, findings);
}

fn once<R: StaticRow>(column: &str, values: impl Iterator<Item = i32>, findings: &mut Findings<'_>) {
    let mut first: HashMap<i32, usize> = HashMap::new();
    for (row, value) in values.enumerate() {
        match first.get(&value) {
            Some(earlier) => {
                let text = format!(
                    "{column} {value} is that of {} too; give each row its own",
                    findings.line(R::TABLE, *earlier)
                );
                findings.at::<R>(row, column, text);
            }
            None => {
                first.insert(value, row);
            }
        }
    }
}
