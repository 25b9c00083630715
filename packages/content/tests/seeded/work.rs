//! What cannot be had or made.

use super::*;

pub static WORK: Field = Field::of(seeds);

#[test]
fn what_nobody_can_do_is_reported_where_it_is() {
    WORK.check();
}

fn seeds() -> Vec<Seed> {
    let (recipes, cargo, skills, levels) = (
        "crafting_recipe_desc.json",
        "cargo_desc.json",
        "skill_desc.json",
        "skill_level_desc.json",
    );
    let untold = "no text in 'de'";
    vec![
        seed(
            recipes,
            "{\"id\": 10011,",
            Set(&["level_requirements"], "[{\"skill_id\": 7, \"level\": 16}]"),
            "16",
            "it asks for level 16 of 'Carpentry'",
        ),
        seed(
            recipes,
            "{\"id\": 10012,",
            Set(
                &["tool_requirements"],
                "[{\"tool_type\": 6, \"level\": 3, \"power\": 0}]",
            ),
            "3, \"power",
            "it asks for a tool of tier 3, and is work of tier 2",
        ),
        seed(
            recipes,
            "{\"id\": 10013,",
            Set(
                &["tool_requirements"],
                "[{\"tool_type\": 6, \"level\": 1, \"power\": 999}]",
            ),
            "6, \"level",
            "no 'Saw' is of level 1 and power 999",
        ),
        far(
            skills,
            "{\"id\": 12,",
            Set(&["max_level"], "60"),
            vec![at(
                recipes,
                "\"skill_id\": 12, \"level\": 75",
                "75}",
                "ends at level 60; ask for less",
            )],
        ),
        far(
            recipes,
            "{\"id\": 11112,",
            Set(&["crafted_item_stacks"], "[]"),
            vec![
                at(
                    recipes,
                    "{\"id\": 11112,",
                    "[], \"crafted_cargo",
                    "the recipe makes nothing",
                ),
                at(
                    ITEM,
                    "{\"id\": 3112,",
                    "3112",
                    "nothing yields 'Bog-iron Knife' (item 3112): it begins in no backpack",
                ),
            ],
        ),
        far(
            recipes,
            "{\"id\": 11092,",
            Set(&["consumed_item_stacks"], "[]"),
            vec![
                at(
                    recipes,
                    "{\"id\": 11092,",
                    "[], \"consumed_cargo",
                    "the recipe makes something of nothing",
                ),
                at(
                    recipes,
                    "{\"id\": 11092,",
                    "",
                    "this round makes more of what it uses up",
                ),
            ],
        ),
        seed(
            recipes,
            "{\"id\": 11102,",
            Set(&["consumed_item_stacks"], "[{\"item_id\": 2113, \"quantity\": 1}]"),
            "",
            "is of tier 2, and making it needs",
        ),
        far(
            cargo,
            "{\"id\": 1,",
            Twin("{\"id\": 9999,"),
            vec![
                at(
                    cargo,
                    "{\"id\": 9999,",
                    "9999,",
                    "nothing yields 'Birch Trunk' (cargo 9999): no resource",
                ),
                at(cargo, "{\"id\": 9999,", "\"Birch", untold),
            ],
        ),
        far(
            skills,
            "{\"id\": 1,",
            Twin("{\"id\": 9999,"),
            vec![
                at(skills, "{\"id\": 9999,", "9999,", "no work teaches 'Foraging'"),
                at(skills, "{\"id\": 9999,", "\"Forag", untold),
            ],
        ),
        far(
            levels,
            "{\"level\": 1,",
            Replace(
                "{\"level\": 1, \"experience\": 0}",
                "{\"level\": 0, \"experience\": 0},\n  {\"level\": 1, \"experience\": 0}",
            ),
            vec![
                at(levels, "{\"level\": 0,", "0", "level is 0; write a number from 1"),
                at(
                    levels,
                    "{\"level\": 0,",
                    "0",
                    "the first level is 0; add the rows from 1 on",
                ),
                at(
                    levels,
                    "{\"level\": 1,",
                    "0}",
                    "level 1 takes 0 points, no more than level 0",
                ),
            ],
        ),
    ]
}
