//! What is to rise, what is drawn, what stands on tiles, and what there is once.

use super::*;

pub static BOUNDS: Field = Field::of(seeds);

#[test]
fn what_is_out_of_bounds_is_reported_where_it_is() {
    BOUNDS.check();
}

fn seeds() -> Vec<Seed> {
    let (levels, climbs, growths) = (
        "skill_level_desc.json",
        "climb_requirement_desc.json",
        "resource_growth_recipe_desc.json",
    );
    let (lists, chests, movement) = (
        "item_list_desc.json",
        "loot_chest_desc.json",
        "movement_parameters_desc.json",
    );
    vec![
        // What rises.
        seed(
            "character_stat_desc.json",
            "{\"id\": 1,",
            Set(&["value"], "2000.0"),
            "2000.0",
            "value is 2000, which is not from min_value 1 to max_value 1000",
        ),
        seed(
            levels,
            "{\"level\": 1,",
            Set(&["experience"], "1"),
            "1}",
            "level 1 takes 1 points, and everyone begins with none",
        ),
        far(
            levels,
            "{\"level\": 41,",
            Remove,
            vec![at(
                levels,
                "{\"level\": 42,",
                "42",
                "level 42 follows 40; add those between",
            )],
        ),
        seed(
            levels,
            "{\"level\": 60,",
            Set(&["experience"], "1"),
            "1}",
            "level 60 takes 1 points, no more than level 59",
        ),
        far(
            levels,
            "{\"level\": 20,",
            Set(&["experience"], "4300"),
            vec![at(
                levels,
                "{\"level\": 21,",
                "4741",
                "the step to level 21 is 441 points, less than the one before with 541",
            )],
        ),
        seed(
            climbs,
            "{\"id\": 6,",
            Set(&["min_elevation"], "3"),
            "3,",
            "the step 3 is in row 5 too, which goes to 3",
        ),
        // What grows.
        seed(
            growths,
            "{\"id\": 1,",
            Set(&["grown_resource_id"], "17"),
            "17}",
            "resource 17 grows into itself; name another",
        ),
        // What is drawn.
        seed(
            lists,
            "{\"id\": 10111,",
            Set(
                &["possibilities"],
                "[{\"probability\": 1.0, \"items\": [], \"item_lists\": []}]",
            ),
            "{\"probability",
            "the list never yields anything; add items",
        ),
        seed(
            lists,
            "{\"id\": 20001,",
            Set(
                &["possibilities"],
                "[{\"probability\": 1.0, \"items\": [{\"item_id\": 1001, \"quantity\": 1}], \"item_lists\": [20001]}]",
            ),
            "[{\"prob",
            "the list draws from itself: 20001 -> 20001",
        ),
        far(
            chests,
            "{\"id\": 1,",
            Set(&["loot_tables"], "[11, 12]"),
            vec![
                at(
                    chests,
                    "{\"id\": 1,",
                    "[11",
                    "chest rarity 1 may draw loot rarity 3, and none of these tables",
                ),
                at(
                    "loot_table_desc.json",
                    "{\"id\": 13,",
                    "13",
                    "'Hidden, tier 1' is in no chest",
                ),
            ],
        ),
        seed(
            chests,
            "{\"id\": 2,",
            Set(&["loot_tables"], "[21, 22, 23, 24, 35]"),
            "35",
            "chest rarity 2 never draws loot rarity 5, that of table 35",
        ),
        // What there is once.
        seed(
            movement,
            "{\"id\": 0,",
            Set(
                &["water_speed"],
                "[{\"min_depth\": 4, \"speed\": 3500}, {\"min_depth\": 4, \"speed\": 2200}]",
            ),
            "4, \"speed\": 2200",
            "depths must rise; sort the list by min_depth",
        ),
        seed(
            movement,
            "{\"id\": 0,",
            Replace("\"speed\": 6500", "\"speed\": 0"),
            "0}, {\"surface\": {\"Swamp",
            "nobody gets anywhere at speed 0",
        ),
        seed(
            "tool_desc.json",
            "{\"id\": 2,",
            Set(&["item_id"], "1601"),
            "1601",
            "item_id 1601 is that of tool_desc.json:2 too; give each row its own",
        ),
        seed(
            growths,
            "{\"id\": 3,",
            Set(&["resource_id"], "18"),
            "18",
            "resource_id 18 is that of resource_growth_recipe_desc.json:3 too",
        ),
        // What stands on tiles.
        seed(
            "resource_clump_desc.json",
            "{\"id\": 1,",
            Replace("\"x\": -2, \"z\": 15", "\"x\": 0, \"z\": 0"),
            "{\"resource_id\": 1, \"x\": 0, \"z\": 0, \"direction\": 5",
            "two members stand on one tile",
        ),
        seed(
            "resource_desc.json",
            "{\"id\": 1,",
            Replace(
                "\"Walkable\": []}}]",
                "\"Walkable\": []}}, {\"x\": 0, \"z\": 0, \"footprint_type\": {\"Hitbox\": []}}]",
            ),
            "{\"x\": 0, \"z\": 0, \"footprint_type\": {\"Hitbox",
            "the tile 0,0 is in the footprint twice",
        ),
    ]
}
