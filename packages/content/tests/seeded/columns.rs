//! Rows that can be read and do not hold by themselves, and texts.

use super::*;

#[test]
fn what_does_not_hold_is_reported_where_it_is() {
    COLUMNS.check();
}

pub static COLUMNS: Field = Field::of(seeds);

fn seeds() -> Vec<Seed> {
    let (german, errors) = ("i18n/de/item_desc.ftl", "i18n/de/errors.ftl");
    let day = "day_parameters_desc.json";
    vec![
        // Columns: references, ranges, lengths, texts, what is distinct, keys.
        seed(
            "building_spawn_desc.json",
            "\"traveler_type\": {\"some\"",
            Set(&["direction"], "6"),
            "6, \"spawn_type",
            "direction is 6; write a number from 0 to 5",
        ),
        seed(
            "enemy_ai_params_desc.json",
            "{\"id\"",
            Set(&["biome"], "240"),
            "240",
            "biome_desc has no row 240; its nearest",
        ),
        seed(
            "biome_desc.json",
            "{\"biome_type\": 2,",
            Set(&["map_color"], "16777216"),
            "16777216",
            "from 0 to 16777215",
        ),
        seed(
            ITEM,
            FEATHER,
            Set(&["tag"], "\"\""),
            "\"\"",
            "tag is 0 long; make it 1 to 40 long",
        ),
        seed(
            "npc_desc.json",
            "{\"npc_type\": 1,",
            Set(&["greeting"], "\" \""),
            "\" \"",
            "greeting is empty; write the English",
        ),
        seed(
            "water_desc.json",
            "{\"id\": 2,",
            Set(&["water_type"], "{\"Sea\": []}"),
            "{\"Sea\"",
            "water_type Sea is that of line",
        ),
        seed(
            "chat_word_desc.json",
            "\"rule_id\"",
            Set(&["rule_id"], "77"),
            "77",
            "rule_id: chat_rule_desc has no row 77; its nearest are",
        ),
        far(
            day,
            "\"id\": 0",
            Set(&["id"], "1"),
            vec![
                at(day, "\"id\": 1", "1,", "id is 1; write a number from 0 to 0"),
                at(day, "\"id\": 1", "1,", "parameters are one row with id 0"),
                at(day, "", "", "there is no row with id 0"),
            ],
        ),
        // Texts.
        far(
            german,
            "item_desc-1101 =",
            After("    .nmae = Zweig"),
            vec![at(
                german,
                ".nmae",
                "nmae",
                ".nmae is no text of item_desc; remove or rename it: did you mean name",
            )],
        ),
        far(
            errors,
            "access-too_many_calls",
            After("access-scheduler = Noch einmal."),
            vec![at(
                errors,
                "access-scheduler = Noch einmal.",
                "",
                "access-scheduler is on line",
            )],
        ),
        far(
            errors,
            "access-too_many_calls",
            After("access-broken 5"),
            vec![at(
                errors,
                "access-broken 5",
                "5",
                "Expected a token starting with \"=\"; correct the message",
            )],
        ),
        far(
            german,
            "item_desc-1001 =",
            Replace("item_desc-1001", "item_desc-424242"),
            vec![
                at(
                    german,
                    "item_desc-424242",
                    "",
                    "item_desc-424242 belongs to no row of item_desc.json; remove it",
                ),
                at(
                    ITEM,
                    COIN,
                    "\"Hatchling Coin\"",
                    "no text in 'de'; add to i18n/de/item_desc.ftl: item_desc-1001 =",
                ),
            ],
        ),
        far(
            "i18n/de/npc_desc.ftl",
            ".greeting",
            Remove,
            vec![at(
                "npc_desc.json",
                "{\"npc_type\": 1,",
                "\" \"",
                "no text in 'de'; add to npc_desc-1 of",
            )],
        ),
        seed(
            "i18n/de/alert_desc.ftl",
            "{ $",
            Replace("{ $", "{ $un"),
            "body",
            "this fills in { $un",
        ),
        seed(
            "i18n/de/skill_desc.ftl",
            ".name",
            Replace(".name = ", ".name = { -ort } "),
            "ort }",
            "no file of this language has -ort",
        ),
        far(
            errors,
            "access-not_signed_in",
            Remove,
            vec![at(
                "i18n/en/errors.ftl",
                "access-not_signed_in",
                "",
                "no text in 'de'; add to i18n/de/errors.ftl",
            )],
        ),
        seed(
            errors,
            "access-role",
            Replace("{ $a0 }", "{ $a7 }"),
            "access-role",
            "this fills in { $a7 }",
        ),
        far(
            errors,
            "access-not_configured",
            After("nobody-asked = Nein."),
            vec![at(
                errors,
                "nobody-asked",
                "",
                "nobody-asked is not in i18n/en/errors.ftl",
            )],
        ),
    ]
}
