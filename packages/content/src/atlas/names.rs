//! What rows are called, in the language of a reader.

use super::{Atlas, Language};

macro_rules! names {
    ($($method:ident: $table:literal in $field:ident, $about:literal;)*) => {
        impl Language {
            $(
                #[doc = concat!("What ", $about, " is called; one that is not there by its number.")]
                pub fn $method(&self, atlas: &Atlas, id: i32) -> String {
                    match atlas.$field.get(&id) {
                        Some(row) => self.text($table, id, "name", &row.name).to_owned(),
                        None => format!("#{id}"),
                    }
                }
            )*
        }
    };
}

names! {
    resource: "resource_desc" in resources, "a resource";
    enemy: "enemy_desc" in enemies, "an enemy";
    npc: "npc_desc" in npcs, "somebody";
    chest: "loot_chest_desc" in chests, "a chest";
    building: "building_desc" in buildings, "a building";
    building_type: "building_type_desc" in building_types, "a kind of building";
    tool_type: "tool_type_desc" in tool_types, "a kind of tool";
    weapon_type: "weapon_type_desc" in weapon_types, "a kind of weapon";
    scroll_type: "knowledge_scroll_type_desc" in scroll_types, "a kind of writing";
    skill: "skill_desc" in skills, "a skill";
    buff: "buff_desc" in buffs, "a buff";
    biome: "biome_desc" in biomes, "a country";
    water: "water_desc" in waters, "a water";
    achievement: "achievement_desc" in achievements, "an achievement";
    knowledge: "secondary_knowledge_desc" in knowledge, "a secret";
    site: "site_desc" in sites, "a place";
    paving: "paving_tile_desc" in pavings, "a paving";
    action: "combat_action_desc" in actions, "an action";
    stat_row: "character_stat_desc" in stats, "a stat";
}

impl Language {
    /// A tier, as "Tier 2 · Fenhand".
    pub fn tier(&self, tier: i32) -> String {
        let number = tier.to_string();
        match self.known_word(&format!("tier-{tier}")) {
            Some(name) => self.fill("tier-name", &[&number, name]),
            None => self.fill("tier-number", &[&number]),
        }
    }

    /// A station that is good enough, as "Smithy, tier 2".
    pub fn station(&self, atlas: &Atlas, building_type: i32, tier: i32) -> String {
        self.fill(
            "of-tier",
            &[&self.building_type(atlas, building_type), &tier.to_string()],
        )
    }

    /// A tool that is good enough, as "Saw, tier 2".
    pub fn tool(&self, atlas: &Atlas, tool_type: i32, tier: i32) -> String {
        self.fill("of-tier", &[&self.tool_type(atlas, tool_type), &tier.to_string()])
    }

    /// What kind of thing, by the tag of its row.
    pub fn tag(&self, tag: &str) -> String {
        let plain = |character: char| match character {
            'A'..='Z' => character.to_ascii_lowercase(),
            'a'..='z' | '0'..='9' => character,
            _ => '-',
        };
        let id: String = tag.chars().map(plain).collect();
        self.known_word(&format!("tag-{id}")).unwrap_or(tag).to_owned()
    }
}
