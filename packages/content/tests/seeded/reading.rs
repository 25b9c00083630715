//! Rows that cannot be read.

use super::*;

/// 16 mistakes for which rows cannot be read; then content as a whole is not looked at, and they stand alone.
#[test]
fn what_cannot_be_read_is_reported_where_it_is() {
    Field::of(seeds).check();
}

fn seeds() -> Vec<Seed> {
    let renamed = "\"tga\" is no column; remove or rename it: did you mean tag";
    vec![
        // What a column holds.
        seed(
            ITEM,
            BRANCH,
            Set(&["volume"], "1.5"),
            "1.5",
            "floating point `1.5`; write a whole number",
        ),
        seed(
            ITEM,
            LOG,
            Set(&["tier"], "\"one\""),
            "\"one\"",
            "\"tier\": invalid type: string \"one\"",
        ),
        seed(
            ITEM,
            BREAD,
            Set(&["name"], "null"),
            "null",
            "\"name\": invalid type: null; write text",
        ),
        seed(
            ITEM,
            HATCHET,
            Set(&["volume"], "99999999999"),
            "99999999999",
            "\"volume\": invalid value",
        ),
        seed(
            ITEM,
            PICK,
            Set(&["rarity"], "{\"Comon\": []}"),
            "\"Comon\"",
            "unknown variant `Comon`",
        ),
        seed(
            ITEM,
            KNIFE,
            Set(&["compendium_entry"], "1"),
            "1}",
            "write true or false",
        ),
        seed(
            ITEM,
            COIN,
            Set(&["item_list_id"], "5"),
            "5, \"compendium",
            "\"item_list_id\": invalid type",
        ),
        seed(
            "traveler_trade_order_desc.json",
            "\"offer_items\": [{",
            Replace("\"quantity\": ", "\"quantity\": -"),
            "-",
            "\"offer_items\": invalid value: integer",
        ),
        // Which columns there are.
        far(
            ITEM,
            NEEDLE,
            Replace("\"tag\"", "\"tga\""),
            vec![
                at(ITEM, NEEDLE, "\"tga\"", renamed),
                at(ITEM, NEEDLE, "", "has no \"tag\"; add it: text"),
            ],
        ),
        seed(
            ITEM,
            FEATHER,
            Replace("\"compendium", "\"tag\": 7, \"compendium"),
            "\"tag\": 7",
            "\"tag\" appears twice",
        ),
        seed(
            "water_desc.json",
            "{\"id\": 1,",
            Replace("\"drinkable\": false, ", ""),
            "",
            "has no \"drinkable\"; add it: true or false",
        ),
        far(
            "weapon_type_desc.json",
            "{\"id\": 1,",
            After("  5,"),
            vec![at("weapon_type_desc.json", "  5,", "", "write a row as")],
        ),
        // What a file is.
        seed(
            "day_parameters_desc.json",
            "\"id\"",
            Set(&["id"], ""),
            ", \"daytime",
            "write a JSON list of rows",
        ),
        seed(
            "itme_desc.json",
            "",
            Whole(Some(b"[]")),
            "",
            "'itme_desc' is no content table; remove the file, or rename",
        ),
        seed("chat_rule_desc.json", "", Whole(None), "", "the file is missing"),
        seed(
            "teleport_item_desc.json",
            "",
            Whole(Some(b"\xE4")),
            "",
            "the byte 0xE4 is not UTF-8",
        ),
    ]
}
