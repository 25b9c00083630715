//! What only content as a whole gets wrong.

use super::*;

#[test]
fn what_does_not_fit_together_is_reported_where_it_is() {
    WHOLE.check();
}

pub static WHOLE: Field = Field::of(seeds);

fn seeds() -> Vec<Seed> {
    let (levels, recipes) = ("skill_level_desc.json", "crafting_recipe_desc.json");
    vec![
        far(
            ITEM,
            "[",
            After(GHOST),
            vec![
                at(ITEM, "\"Ghost\"", "1000", "nothing yields 'Ghost' (item 1000)"),
                at(ITEM, "\"Ghost\"", "\"Ghost\"", "no text in 'de'"),
            ],
        ),
        far(
            "secondary_knowledge_desc.json",
            "[",
            After("  {\"id\": -7, \"name\": \"Nothing\", \"description\": \"Nobody knows.\"},"),
            vec![
                at(
                    "secondary_knowledge_desc.json",
                    "-7",
                    "-7",
                    "no scroll teaches 'Nothing' (knowledge -7)",
                ),
                at("secondary_knowledge_desc.json", "-7", "\"Nothing\"", "no text in 'de'"),
            ],
        ),
        far(
            "traveler_trade_order_desc.json",
            "[",
            After(CHANGER),
            vec![at(
                "traveler_trade_order_desc.json",
                "{\"id\": 0,",
                "",
                "100 coins become 200 without leaving the market",
            )],
        ),
        seed(
            "achievement_desc.json",
            "{\"id\": 1,",
            Set(&["requisites"], "[1]"),
            "",
            "this waits for itself: 'Over the Pass'",
        ),
        seed(
            "chest_rarity_desc.json",
            "{\"id\": 1,",
            Set(&["loot_rarities", "probability"], "0.5"),
            "[{\"loot_rarity",
            "the probabilities sum to 0.8000; make them sum to 1",
        ),
        seed(
            "item_list_desc.json",
            "\"item_lists\": [2",
            Set(&["probability"], "0.9"),
            "[{\"prob",
            "the probabilities sum to",
        ),
        seed(
            levels,
            "{\"level\": 90,",
            Set(&["experience"], "3"),
            "3}",
            "level 90 takes 3 points, no more than level 89",
        ),
        seed(
            "resource_growth_recipe_desc.json",
            "{\"id\": 1,",
            Set(&["min_time"], "99999.5"),
            "99999.5",
            "min_time is 99999.5 and max_time",
        ),
        seed(
            "weapon_desc.json",
            "{\"item_id\": 4011,",
            Set(&["min_damage"], "999"),
            "999",
            "make min_damage the lower",
        ),
        far(
            "climate_desc.json",
            "{\"biome_type\": 1,",
            Remove,
            vec![at(
                "biome_desc.json",
                "{\"biome_type\": 1,",
                "1,",
                "'Meadow' has no weather; add a row 1",
            )],
        ),
        seed(
            "building_spawn_desc.json",
            "{\"id\": 1,",
            Set(&["loot_chests"], "[1]"),
            "[1]",
            "a spawn of type Traveler has no loot_chests; empty it",
        ),
        seed(
            "content_successor_desc.json",
            "{\"id\": 1,",
            Set(&["successor_key"], "88"),
            "88",
            "item_desc has no row 88",
        ),
        seed(
            "building_desc.json",
            "{\"id\": 500,",
            Set(
                &["footprint"],
                "[{\"x\": 1, \"z\": 0, \"footprint_type\": {\"Hitbox\": []}}]",
            ),
            "[{\"x\"",
            "the footprint has no tile at 0,0",
        ),
        seed(
            recipes,
            "\"building_requirement\": {\"some\": {\"building_type\": 4,",
            Set(&["building_requirement", "tier"], "9"),
            "4, \"tier\": 9",
            "of tier 9: the best is of tier 6; add a building",
        ),
        seed(
            "interior_shape_desc.json",
            "\"name\": \"bone pantry\"",
            Replace("\"###..###\"", "\"########\""),
            "[\"####",
            "the rows draw no room: floor_plan.divided|",
        ),
        seed(
            "building_portal_desc.json",
            "\"building_id\": 514,",
            Set(&["interior_x"], "0"),
            "0, \"interior_z\"",
            "0,0 of room 101 is wall",
        ),
        seed(
            "building_portal_desc.json",
            "\"building_id\": 542,",
            Set(&["interior_instance_id"], "231"),
            "231",
            "room 231 is not of the network of building 542",
        ),
        far(
            "interior_portal_connections_desc.json",
            "\"building_id\": 541,",
            Remove,
            vec![at(
                "interior_network_desc.json",
                "\"building_id\": 541,",
                "212]",
                "nothing leads into room 212",
            )],
        ),
        seed(
            "interior_network_desc.json",
            "\"building_id\": 540,",
            Set(&["trigger_collapse_time"], "0"),
            "0, \"respawn_time\"",
            "a dungeon falls in and comes back",
        ),
        seed(
            "interior_spawn_desc.json",
            "\"interior_instance_id\": 101,",
            Set(&["loot_chests"], "[1]"),
            "[1]",
            "a spawn of type Building has no loot_chests; empty it",
        ),
        seed(
            "interior_spawn_desc.json",
            "\"interior_instance_id\": 102,",
            Set(&["x"], "0"),
            "0, \"z\": 4",
            "0,4 of room 102 is wall",
        ),
    ]
}

#[test]
fn what_is_wrong_behind_doors_is_reported_where_it_is() {
    DOORS.check();
}

pub static DOORS: Field = Field::of(doors);

fn doors() -> Vec<Seed> {
    let (shapes, rooms) = ("interior_shape_desc.json", "interior_instance_desc.json");
    let (networks, spawns) = ("interior_network_desc.json", "interior_spawn_desc.json");
    vec![
        far(
            shapes,
            "[",
            After("  {\"id\": 0, \"name\": \"nowhere\", \"rows\": [\"###\", \"#.#\", \"###\"]},"),
            vec![at(
                shapes,
                "\"nowhere\"",
                "0",
                "no room has this shape; remove it, or use it",
            )],
        ),
        far(
            rooms,
            "[",
            After(ATTIC),
            vec![
                at(rooms, "\"Attic\"", "100", "'Attic' is in no network; add it to one"),
                at(rooms, "\"Attic\"", "\"Attic\"", "no text in 'de'"),
            ],
        ),
        seed(
            networks,
            "\"building_id\": 516,",
            Set(&["dimension_type"], "{\"Overworld\": []}"),
            "{\"Overworld",
            "the overworld is behind no door",
        ),
        far(
            networks,
            "\"building_id\": 541,",
            Set(&["dimension_type"], "{\"BuildingInterior\": []}"),
            vec![
                at(
                    networks,
                    "\"building_id\": 541,",
                    "2400",
                    "a house does not fall in; make it 0",
                ),
                at(
                    networks,
                    "\"building_id\": 541,",
                    "5400",
                    "a house does not fall in; make it 0",
                ),
            ],
        ),
        seed(
            networks,
            "\"building_id\": 514,",
            Set(&["child_interior_instances"], "[101, 102, 102]"),
            "102]",
            "room 102 is there twice; remove one",
        ),
        far(
            "building_portal_desc.json",
            "\"building_id\": 540,",
            Remove,
            vec![at(
                networks,
                "\"building_id\": 540,",
                "540",
                "nothing leads in; add a row to building_portal_desc.json",
            )],
        ),
        seed(
            spawns,
            "{\"id\": 2,",
            Set(&["x"], "1"),
            "1, \"z\": 6",
            "something else is at 1,6 of room 101; move one of them",
        ),
    ]
}

const ATTIC: &str = concat!(
    "  {\"id\": 100, \"name\": \"Attic\", \"description\": \"Dust.\", ",
    "\"interior_shape_id\": 1, \"tier\": 1, \"biome\": 1},"
);
