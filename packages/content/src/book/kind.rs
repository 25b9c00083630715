//! What has a page.

use std::collections::BTreeMap;

use super::icon::Glyph;
use crate::atlas::{Atlas, Language, Thing};

/// Kinds of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Items.
    Item,
    /// Cargo.
    Cargo,
    /// What is gathered from.
    Resource,
    /// What stands in the world.
    Building,
    /// What fights back.
    Enemy,
    /// People.
    Person,
    /// Kinds of country.
    Biome,
    /// Kinds of water.
    Water,
    /// Places.
    Site,
    /// Chests.
    Chest,
    /// Roads.
    Paving,
    /// Skills.
    Skill,
    /// What is done in a fight.
    Action,
    /// What is done to one for a while.
    Buff,
    /// What there is to know.
    Knowledge,
    /// What one may be proud of.
    Achievement,
}

impl Kind {
    /// All of them, as the book lists them.
    pub const ALL: [Self; 16] = [
        Self::Item,
        Self::Cargo,
        Self::Resource,
        Self::Building,
        Self::Enemy,
        Self::Person,
        Self::Biome,
        Self::Water,
        Self::Site,
        Self::Chest,
        Self::Paving,
        Self::Skill,
        Self::Action,
        Self::Buff,
        Self::Knowledge,
        Self::Achievement,
    ];

    /// The folder of its pages.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Cargo => "cargo",
            Self::Resource => "resource",
            Self::Building => "building",
            Self::Enemy => "enemy",
            Self::Person => "person",
            Self::Biome => "biome",
            Self::Water => "water",
            Self::Site => "site",
            Self::Chest => "chest",
            Self::Paving => "paving",
            Self::Skill => "skill",
            Self::Action => "action",
            Self::Buff => "effect",
            Self::Knowledge => "knowledge",
            Self::Achievement => "achievement",
        }
    }

    /// The word for many of them.
    pub fn word(self) -> &'static str {
        match self {
            Self::Item => "kind-items",
            Self::Cargo => "kind-cargo",
            Self::Resource => "kind-resources",
            Self::Building => "kind-buildings",
            Self::Enemy => "kind-enemies",
            Self::Person => "kind-people",
            Self::Biome => "kind-biomes",
            Self::Water => "kind-waters",
            Self::Site => "kind-sites",
            Self::Chest => "kind-chests",
            Self::Paving => "kind-pavings",
            Self::Skill => "kind-skills",
            Self::Action => "kind-actions",
            Self::Buff => "kind-effects",
            Self::Knowledge => "kind-knowledge",
            Self::Achievement => "kind-achievements",
        }
    }

    /// The content table of its rows.
    pub fn table(self) -> &'static str {
        match self {
            Self::Item => "item_desc",
            Self::Cargo => "cargo_desc",
            Self::Resource => "resource_desc",
            Self::Building => "building_desc",
            Self::Enemy => "enemy_desc",
            Self::Person => "npc_desc",
            Self::Biome => "biome_desc",
            Self::Water => "water_desc",
            Self::Site => "site_desc",
            Self::Chest => "loot_chest_desc",
            Self::Paving => "paving_tile_desc",
            Self::Skill => "skill_desc",
            Self::Action => "combat_action_desc",
            Self::Buff => "buff_desc",
            Self::Knowledge => "secondary_knowledge_desc",
            Self::Achievement => "achievement_desc",
        }
    }

    /// The keys of what has a page, in order: what content does not hide.
    pub fn ids(self, atlas: &Atlas) -> Vec<i32> {
        fn keys<R>(rows: &BTreeMap<i32, R>) -> Vec<i32> {
            rows.keys().copied().collect()
        }
        fn shown<R>(rows: &BTreeMap<i32, R>, is_shown: impl Fn(&R) -> bool) -> Vec<i32> {
            rows.iter()
                .filter(|(_, row)| is_shown(row))
                .map(|(id, _)| *id)
                .collect()
        }
        match self {
            Self::Item => shown(&atlas.items, |row| row.compendium_entry),
            Self::Resource => shown(&atlas.resources, |row| row.compendium_entry),
            Self::Building => shown(&atlas.buildings, |row| row.show_in_compendium),
            Self::Cargo => keys(&atlas.cargo),
            Self::Enemy => keys(&atlas.enemies),
            Self::Person => keys(&atlas.npcs),
            Self::Biome => keys(&atlas.biomes),
            Self::Water => keys(&atlas.waters),
            Self::Site => keys(&atlas.sites),
            Self::Chest => keys(&atlas.chests),
            Self::Paving => keys(&atlas.pavings),
            Self::Skill => keys(&atlas.skills),
            Self::Action => keys(&atlas.actions),
            Self::Buff => keys(&atlas.buffs),
            Self::Knowledge => keys(&atlas.knowledge),
            Self::Achievement => keys(&atlas.achievements),
        }
    }

    /// Whether this row has a page.
    pub fn is_shown(self, atlas: &Atlas, id: i32) -> bool {
        match self {
            Self::Item => atlas.items.get(&id).is_some_and(|row| row.compendium_entry),
            Self::Resource => atlas.resources.get(&id).is_some_and(|row| row.compendium_entry),
            Self::Building => atlas.buildings.get(&id).is_some_and(|row| row.show_in_compendium),
            Self::Cargo => atlas.cargo.contains_key(&id),
            Self::Enemy => atlas.enemies.contains_key(&id),
            Self::Person => atlas.npcs.contains_key(&id),
            Self::Biome => atlas.biomes.contains_key(&id),
            Self::Water => atlas.waters.contains_key(&id),
            Self::Site => atlas.sites.contains_key(&id),
            Self::Chest => atlas.chests.contains_key(&id),
            Self::Paving => atlas.pavings.contains_key(&id),
            Self::Skill => atlas.skills.contains_key(&id),
            Self::Action => atlas.actions.contains_key(&id),
            Self::Buff => atlas.buffs.contains_key(&id),
            Self::Knowledge => atlas.knowledge.contains_key(&id),
            Self::Achievement => atlas.achievements.contains_key(&id),
        }
    }

    /// What a row is called.
    pub fn name(self, atlas: &Atlas, language: &Language, id: i32) -> String {
        match self {
            Self::Item => language.thing(atlas, Thing::Item(id)),
            Self::Cargo => language.thing(atlas, Thing::Cargo(id)),
            Self::Resource => language.resource(atlas, id),
            Self::Building => language.building(atlas, id),
            Self::Enemy => language.enemy(atlas, id),
            Self::Person => language.npc(atlas, id),
            Self::Biome => language.biome(atlas, id),
            Self::Water => language.water(atlas, id),
            Self::Site => language.site(atlas, id),
            Self::Chest => language.chest(atlas, id),
            Self::Paving => language.paving(atlas, id),
            Self::Skill => language.skill(atlas, id),
            Self::Action => language.action(atlas, id),
            Self::Buff => language.buff(atlas, id),
            Self::Knowledge => language.knowledge(atlas, id),
            Self::Achievement => language.achievement(atlas, id),
        }
    }

    /// What is said of a row; nothing of some kinds.
    pub fn description<'a>(self, atlas: &'a Atlas, language: &'a Language, id: i32) -> &'a str {
        let english = match self {
            Self::Item => atlas.items.get(&id).map(|row| &row.description),
            Self::Cargo => atlas.cargo.get(&id).map(|row| &row.description),
            Self::Resource => atlas.resources.get(&id).map(|row| &row.description),
            Self::Building => atlas.buildings.get(&id).map(|row| &row.description),
            Self::Enemy => atlas.enemies.get(&id).map(|row| &row.description),
            Self::Person => atlas.npcs.get(&id).map(|row| &row.description),
            Self::Biome => atlas.biomes.get(&id).map(|row| &row.description),
            Self::Water => atlas.waters.get(&id).map(|row| &row.description),
            Self::Paving => atlas.pavings.get(&id).map(|row| &row.description),
            Self::Skill => atlas.skills.get(&id).map(|row| &row.description),
            Self::Action => atlas.actions.get(&id).map(|row| &row.description),
            Self::Buff => atlas.buffs.get(&id).map(|row| &row.description),
            Self::Knowledge => atlas.knowledge.get(&id).map(|row| &row.description),
            Self::Achievement => atlas.achievements.get(&id).map(|row| &row.description),
            Self::Site | Self::Chest => None,
        };
        let english = english.map_or("", String::as_str);
        language.text(self.table(), id, "description", english)
    }

    /// Tier of a row, if it has one.
    pub fn tier(self, atlas: &Atlas, id: i32) -> Option<i32> {
        match self {
            Self::Item => atlas.items.get(&id).map(|row| row.tier),
            Self::Cargo => atlas.cargo.get(&id).map(|row| row.tier),
            Self::Resource => atlas.resources.get(&id).map(|row| row.tier),
            Self::Enemy => atlas.enemies.get(&id).map(|row| row.tier),
            Self::Paving => atlas.pavings.get(&id).map(|row| row.tier),
            Self::Building => {
                let row = atlas.buildings.get(&id).filter(|row| !row.is_ruins)?;
                row.functions.iter().map(|function| function.level).max()
            }
            _ => None,
        }
    }

    /// What kind of thing within the kind, as content tags it.
    pub fn tag(self, atlas: &Atlas, id: i32) -> Option<&str> {
        match self {
            Self::Item => atlas.items.get(&id).map(|row| row.tag.as_str()),
            Self::Cargo => atlas.cargo.get(&id).map(|row| row.tag.as_str()),
            Self::Resource => atlas.resources.get(&id).map(|row| row.tag.as_str()),
            Self::Enemy => atlas.enemies.get(&id).map(|row| row.tag.as_str()),
            _ => None,
        }
    }

    /// The picture of a row.
    pub fn glyph(self, atlas: &Atlas, id: i32) -> Glyph {
        match self {
            Self::Item => Glyph::of_item(atlas, id),
            Self::Cargo | Self::Resource | Self::Enemy => self
                .tag(atlas, id)
                .and_then(Glyph::of_tag)
                .unwrap_or_else(|| Glyph::of_kind(self)),
            _ => Glyph::of_kind(self),
        }
    }
}
