//! What is nowhere, goes round and round, or takes the place of what is still there.

use super::*;

pub static LIVING: Field = Field::of(seeds);

#[test]
fn what_has_no_place_is_reported_where_it_should_stand() {
    LIVING.check();
}

fn seeds() -> Vec<Seed> {
    let (spawns, resources, successors) = (
        "building_spawn_desc.json",
        "resource_desc.json",
        "content_successor_desc.json",
    );
    let (trades, enemies, npcs, chests) = (
        "traveler_trade_order_desc.json",
        "enemy_desc.json",
        "npc_desc.json",
        "loot_chest_desc.json",
    );
    let (clumps, tables, buildings, biomes) = (
        "resource_clump_desc.json",
        "loot_table_desc.json",
        "building_desc.json",
        "biome_desc.json",
    );
    let (growths, extractions) = ("resource_growth_recipe_desc.json", "extraction_recipe_desc.json");
    let no_stat = "MaxTeleportationEnergy has no row in character_stat_desc.json";
    let untold = "no text in 'de'";
    vec![
        seed(
            successors,
            "{\"id\": 1,",
            Set(&["table_name"], "\"itme_desc\""),
            "\"itme",
            "'itme_desc' is no content table; write the name of one",
        ),
        seed(
            successors,
            "{\"id\": 2,",
            Set(&["removed_key"], "1101"),
            "1101",
            "item_desc still has row 1101; remove that row",
        ),
        seed(
            trades,
            "{\"id\": 101,",
            Set(&["offer_items"], "[]"),
            "[]",
            "the traveller gives nothing",
        ),
        far(
            trades,
            "{\"id\": 102,",
            Replace(
                "\"required_items\": [{\"item_id\": 1001, \"quantity\": 9}]",
                "\"required_items\": []",
            ),
            vec![
                at(
                    trades,
                    "{\"id\": 102,",
                    "[], \"required_cargo",
                    "the traveller wants nothing for it",
                ),
                at(trades, "{\"id\": 102,", "", "this round makes more of what it uses up"),
            ],
        ),
        seed(
            spawns,
            "{\"id\": 1,",
            Set(&["traveler_type"], "{\"none\": []}"),
            "{\"none\": []}, \"enemy",
            "a spawn of type Traveler needs traveler_type; fill it in",
        ),
        far(
            "site_desc.json",
            "{\"id\": 1,",
            Everywhere("{\"Settlement\": []}", "{\"Ruin\": []}"),
            vec![at("site_desc.json", "", "", "no site is a Settlement")],
        ),
        far(
            resources,
            "{\"id\": 2,",
            Set(&["flat_density_permille"], "40001"),
            vec![at(resources, "", "", "flat_density_permille of all rows sums to")],
        ),
        // What is nowhere.
        far(
            enemies,
            "{\"enemy_type\": 101,",
            Twin("{\"enemy_type\": 9999,"),
            vec![
                at(
                    enemies,
                    "{\"enemy_type\": 9999,",
                    "9999,",
                    "'Tussock Hare' lives nowhere",
                ),
                at(enemies, "{\"enemy_type\": 9999,", "\"Tuss", untold),
            ],
        ),
        far(
            npcs,
            "{\"npc_type\": 1,",
            Twin("{\"npc_type\": 9999,"),
            vec![
                at(
                    npcs,
                    "{\"npc_type\": 9999,",
                    "9999,",
                    "'Tamsin Reedle' is at no building of a site",
                ),
                at(npcs, "{\"npc_type\": 9999,", "\"Tams", untold),
            ],
        ),
        far(
            chests,
            "{\"id\": 1,",
            Twin("{\"id\": 9999,"),
            vec![
                at(
                    chests,
                    "{\"id\": 9999,",
                    "9999,",
                    "'Wayside Box' is at no building of a site; add it",
                ),
                at(chests, "{\"id\": 9999,", "\"Way", untold),
            ],
        ),
        far(
            clumps,
            "{\"id\": 1,",
            Twin("{\"id\": 9999,"),
            vec![at(
                clumps,
                "{\"id\": 9999,",
                "9999,",
                "'windfall heap, 2 together' is strewn nowhere",
            )],
        ),
        far(
            tables,
            "{\"id\": 11,",
            Twin("{\"id\": 9999,"),
            vec![at(
                tables,
                "{\"id\": 9999,",
                "9999,",
                "'Left behind, tier 1' is in no chest",
            )],
        ),
        far(
            resources,
            "{\"id\": 16,",
            Twin("{\"id\": 9999,"),
            vec![
                at(resources, "{\"id\": 9999,", "9999,", "'Sixgrain' stands nowhere"),
                at(
                    resources,
                    "{\"id\": 9999,",
                    "9999,",
                    "nobody gathers from 'Sixgrain', and it becomes nothing",
                ),
                at(resources, "{\"id\": 9999,", "\"Sixg", untold),
            ],
        ),
        far(
            buildings,
            "{\"id\": 111,",
            Twin("{\"id\": 9999,"),
            vec![
                at(
                    buildings,
                    "{\"id\": 9999,",
                    "9999,",
                    "nobody builds 'Stump Bench', and it is in no site",
                ),
                at(buildings, "{\"id\": 9999,", "\"Stump", untold),
            ],
        ),
        far(
            spawns,
            "{\"id\": 2,",
            Set(&["building_id"], "9999"),
            vec![
                at(
                    spawns,
                    "{\"id\": 2,",
                    "9999,",
                    "building 9999 is in no site, so nothing ever comes with it",
                ),
                at(
                    npcs,
                    "{\"npc_type\": 3,",
                    "3,",
                    "'Marthe Kettelby' is at no building of a site",
                ),
            ],
        ),
        far(
            biomes,
            "{\"biome_type\": 1,",
            Twin("{\"biome_type\": 255,"),
            vec![
                at(biomes, "{\"biome_type\": 255,", "255,", "'Meadow' has no weather"),
                at(biomes, "{\"biome_type\": 255,", "255,", "nothing grows in 'Meadow'"),
                at(biomes, "{\"biome_type\": 255,", "\"Mead", untold),
            ],
        ),
        far(
            "character_stat_desc.json",
            "{\"MaxTeleportationEnergy\"",
            Remove,
            vec![
                at(
                    "equipment_desc.json",
                    "{\"MaxTeleportationEnergy\"",
                    "{\"MaxTel",
                    no_stat,
                ),
                at("buff_desc.json", "{\"MaxTeleportationEnergy\"", "{\"MaxTel", no_stat),
                at(
                    "i18n/de/character_stat_desc.ftl",
                    "character_stat_desc-23",
                    "",
                    "belongs to no row",
                ),
            ],
        ),
        // What goes round.
        seed(
            resources,
            "{\"id\": 3,",
            Set(&["on_destroy_yield_resource_id"], "{\"some\": 3}"),
            "3}, \"despawn",
            "what is used up comes back at once: resource_desc 3 -> 3",
        ),
        seed(
            growths,
            "{\"id\": 1,",
            Set(&["grown_resource_id"], "18"),
            "18",
            "growth goes round and nobody gathers: resource_desc 17 -> 18 -> 17",
        ),
        far(growths, "{\"id\": 2,", Set(&["grown_resource_id"], "17"), vec![]),
        far(extractions, "\"resource_id\": 17,", Set(&["resource_id"], "2"), vec![]),
        far(extractions, "\"resource_id\": 18,", Set(&["resource_id"], "2"), vec![]),
    ]
}
