//! Rounds that make something of nothing, and the hours of a player.

use super::*;

pub static ROUND: Field = Field::of(round);
pub static SOON: Field = Field::of(soon);
pub static LATE: Field = Field::of(late);
pub static NEVER: Field = Field::of(never);

const RECIPES: &str = "crafting_recipe_desc.json";
const TOOLS: &str = "tool_desc.json";

#[test]
fn what_makes_more_of_itself_is_reported() {
    ROUND.check();
}

#[test]
fn what_a_player_has_too_soon_is_reported() {
    SOON.check();
}

#[test]
fn what_a_player_has_too_late_is_reported() {
    LATE.check();
}

#[test]
fn what_a_player_never_has_is_reported() {
    NEVER.check();
}

fn round() -> Vec<Seed> {
    vec![seed(
        RECIPES,
        "{\"id\": 10011,",
        Set(&["crafted_item_stacks"], "[{\"item_id\": 2001, \"quantity\": 3}]"),
        "",
        "this round makes more of what it uses up",
    )]
}

/// A chisel of tier 2 that is whittled.
fn soon() -> Vec<Seed> {
    let chisel = "{\"id\": 11032,";
    vec![
        far(RECIPES, chisel, Set(&["level_requirements"], "[]"), vec![]),
        far(RECIPES, chisel, Set(&["tool_requirements"], "[]"), vec![]),
        far(RECIPES, chisel, Set(&["discovery_triggers"], "[1101]"), vec![]),
        far(
            RECIPES,
            chisel,
            Set(&["building_requirement"], "{\"none\": []}"),
            vec![],
        ),
        far(
            RECIPES,
            chisel,
            Set(&["consumed_item_stacks"], "[{\"item_id\": 1101, \"quantity\": 1}]"),
            vec![at(
                TOOLS,
                "\"level\": 2,",
                "2, \"power",
                "a player has a tool of tier 2 after",
            )],
        ),
    ]
}

/// Smiths of tier 1 learn next to nothing.
fn late() -> Vec<Seed> {
    let reports = vec![at(
        TOOLS,
        "\"level\": 4,",
        "4, \"power",
        "a player has no tool of tier 4 before",
    )];
    let learns = "{\"skill_id\": 8, \"quantity\": 0.8}";
    vec![far(
        RECIPES,
        "",
        Everywhere(learns, "{\"skill_id\": 8, \"quantity\": 0.02}"),
        reports,
    )]
}

/// Tools of tier 2 take a lantern, which is made from such a tool. It can be bought, but who follows the recipes makes
/// what can be made.
fn never() -> Vec<Seed> {
    let iron = "\"consumed_item_stacks\": [{\"item_id\": 2112,";
    let lantern = "\"consumed_item_stacks\": [{\"item_id\": 1702, \"quantity\": 1}, {\"item_id\": 2112,";
    let knife = "[{\"item_id\": 3112, \"quantity\": 1}]";
    vec![
        far(
            RECIPES,
            "{\"id\": 11518,",
            Set(&["consumed_item_stacks"], knife),
            vec![],
        ),
        far(
            RECIPES,
            "",
            Everywhere(iron, lantern),
            vec![at(
                TOOLS,
                "\"level\": 2,",
                "2, \"power",
                "a player who follows the recipes never has a tool of tier 2",
            )],
        ),
    ]
}
