//! Tables of parameters hold exactly row 0, and their values go together.

use hexmarch_messages::chat::ChatParametersDesc;
use hexmarch_messages::movement::MovementParametersDesc;
use hexmarch_messages::static_data::StaticRow;
use hexmarch_messages::survival::{
    DayParametersDesc, DeathParametersDesc, ResourceParametersDesc, SurvivalParametersDesc, WorkParametersDesc,
};
use hexmarch_messages::teleport::TeleportParametersDesc;

use super::{Findings, Game, Shelf};

pub(super) fn look(game: &Game, findings: &mut Findings<'_>) {
    only_row_0::<ChatParametersDesc>(&game.chat_parameters, findings);
    only_row_0::<DayParametersDesc>(&game.day, findings);
    only_row_0::<DeathParametersDesc>(&game.death, findings);
    only_row_0::<MovementParametersDesc>(&game.movement, findings);
    only_row_0::<ResourceParametersDesc>(&game.regrowth, findings);
    only_row_0::<SurvivalParametersDesc>(&game.survival, findings);
    only_row_0::<TeleportParametersDesc>(&game.teleport, findings);
    only_row_0::<WorkParametersDesc>(&game.work, findings);
    for (row, movement) in game.movement.iter() {
        let mut depths = movement.water_speed.iter().zip(movement.water_speed.iter().skip(1));
        if let Some(index) = depths.position(|(shallow, deep)| shallow.min_depth >= deep.min_depth) {
            let path = format!("water_speed[{}].min_depth", index.saturating_add(1));
            findings.at::<MovementParametersDesc>(row, &path, "depths must rise; sort the list by min_depth");
        }
        for (index, speed) in movement.default_speed.iter().enumerate() {
            if speed.speed == 0 {
                let path = format!("default_speed[{index}].speed");
                findings.at::<MovementParametersDesc>(row, &path, "nobody gets anywhere at speed 0; write more");
            }
        }
    }
}

fn only_row_0<R: StaticRow>(shelf: &Shelf<R>, findings: &mut Findings<'_>) {
    for (row, _) in shelf.iter().filter(|(_, row)| row.key() != "0") {
        let text = format!(
            "parameters are one row with {} 0; move the values there, and remove this row",
            R::KEY
        );
        findings.at::<R>(row, R::KEY, text);
    }
    // An empty file was reported already.
    if !shelf.rows.is_empty() && !shelf.has(0) {
        findings.table::<R>(format!("there is no row with {} 0; the game reads that one", R::KEY));
    }
}
