//! Small pictures, drawn from a few strokes each: a hexagon in the colour of the tier, and a sign of what it is.

use maud::{html, Markup};

use super::kind::Kind;
use crate::atlas::Atlas;

/// The hexagon, 48 by 48.
const HEXAGON: &str = "M24 2.5 42.6 13.2v21.6L24 45.5 5.4 34.8V13.2z";

/// A sign: strokes in a square of 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph(&'static str);

macro_rules! glyphs {
    ($($name:ident = $path:literal;)*) => {
        $(const $name: Glyph = Glyph($path);)*
    };
}

glyphs! {
    ITEM = "M5 8l7-4 7 4v8l-7 4-7-4zM5 8l7 4 7-4M12 12v8";
    WOOD = "M4 9h13a3 3 0 1 1 0 6H4zM17 9a3 3 0 0 0 0 6M7 12h5";
    STONE = "M4 17l2-7 5-4 6 2 3 6-3 4H6zM11 6l1 6 5 2M12 12l-5 5";
    FIBRE = "M12 21V9M12 13c-4 0-6-3-6-7 4 0 6 3 6 7zM12 11c0-4 2-7 6-8 0 5-2 8-6 8M8 21h8";
    SEED = "M12 20c-4-2-6-5-6-9 0-3 3-7 6-8 3 1 6 5 6 8 0 4-2 7-6 9zM12 8v7";
    FLAME = "M12 3c1 4 5 6 5 11a5 5 0 0 1-10 0c0-3 2-4 2-7 2 1 3 2 3 4 1-2 1-5 0-8z";
    ORE = "M5 14l4-8 6-2 4 6-2 8-8 2zM9 6l3 5 7-1M12 11l-3 9M12 11l5 7";
    BAR = "M3 17l3-6h12l3 6zM7 11l2-5h6l2 5";
    CLOTH = "M5 5h11l3 3v11H8l-3-3zM8 19V8H19M8 8L5 5M11 12h5M11 15h5";
    HIDE = "M7 4l2 3h6l2-3 3 3-2 4 1 6-4 1-1 3h-4l-1-3-4-1 1-6-2-4z";
    FISH = "M3 12c3-5 10-6 14-1l4-3v8l-4-3c-4 5-11 4-14-1zM8 11v.5M13 9c1 2 1 4 0 6";
    MEAT = "M8 16c-4-4-1-11 5-11 5 0 7 4 5 8-2 5-7 6-10 3zM8 16l-3 3M5 19l-1-2M5 19l2 1M14 9v.5";
    DROP = "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11zM9 15a3 3 0 0 0 3 3";
    POT = "M8 4h8M9 4v3c-3 2-5 4-5 8 0 3 2 5 4 6h8c2-1 4-3 4-6 0-4-2-6-5-8V4M6 13h12";
    SCROLL = "M7 4h11v13a3 3 0 0 1-3 3H6a2 2 0 0 1-2-2v-1h9v1a2 2 0 0 0 2 2M7 4v13M10 8h5M10 12h5";
    COIN = "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8l3.5 2v4L12 16l-3.5-2v-4z";
    STAR = "M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z";
    TOOTH = "M7 4c3 2 7 2 10 0 2 5 0 8-1 11s-1 5-2 6c-2-1-1-6-2-6s0 5-2 6c-1-1-1-3-2-6S5 9 7 4z";
    AXE = "M6 20L15 7M11 5c4-3 8-1 9 4-3-1-5 0-6 3z";
    PICK = "M6 20L15 8M6 5c6-2 12 2 14 9-3-5-8-8-14-9z";
    HAMMER = "M5 20l9-11M10 6l4-3 6 5-3 4z";
    SAW = "M4 7h4v5H4zM8 8l12 3-1 4-11-3M9 15l1 1.5 1-1 1 1.5 1-1 1 1.5 1-1 1 1.5 1-1";
    NEEDLE = "M5 19L17 7a2 2 0 1 1 2-2L7 17M5 19l2-2M17 7c2 4 1 8-3 10";
    KNIFE = "M4 20l5-5M8 14l9-10c3 4 1 8-6 13z";
    SICKLE = "M9 20l-2-5c8 2 11-3 9-11 6 6 4 15-9 14";
    ROD = "M5 20L17 4v9a2 2 0 1 1-3-1.5M7 14l3 2";
    CHISEL = "M5 19l8-8M11 9l4 4 5-5-4-4zM5 19l-1 1";
    QUILL = "M5 20C8 10 13 5 20 4c-1 7-5 11-11 12M5 20l4-4M10 15l5-6";
    HOE = "M6 20L16 6M12 5c3-2 6-1 8 2l-5 2z";
    SWORD = "M5 19l3-3M6 13l5 5M8 15L18 4l2 0v2L9 16";
    BOW = "M6 4c9 1 13 5 14 14M6 4l14 14M5 19L15 9M5 19v-4M5 19h4M15 9l-3 0M15 9v3";
    SPEAR = "M4 20L16 8M14 6l6-2-2 6-3 1-2-2z";
    CLUB = "M5 20l6-8c-1-4 2-8 6-8 3 0 4 3 3 6-1 3-4 4-7 3z";
    SHIELD = "M12 3l7 2v6c0 5-3 8-7 10-4-2-7-5-7-10V5zM12 3v18M5 10h14";
    TUNIC = "M8 4l4 2 4-2 5 4-3 3-1-1v10H7V10l-1 1-3-3z";
    BELT = "M3 9h18v6H3zM9 7h6v10H9zM12 10v4";
    CLOAK = "M9 4h6l4 16c-5 2-9 2-14 0zM9 4c1 3 5 3 6 0M12 7v14";
    NECKLACE = "M5 4c0 7 3 11 7 11s7-4 7-11M12 15l3 3-3 3-3-3z";
    BREAD = "M4 13c-2-5 2-8 8-8s10 3 8 8v6H4zM8 9l2 3M12 8l2 3M16 9l1 2";
    STEW = "M3 11h18c0 5-3 9-9 9s-9-4-9-9zM8 8c-1-2 1-3 0-5M12 8c-1-2 1-3 0-5M16 8c-1-2 1-3 0-5";
    CUP = "M6 5h10v10a4 4 0 0 1-4 4h-2a4 4 0 0 1-4-4zM16 8h2a2 2 0 0 1 0 6h-2M6 9h10";
    BERRY = "M8 12a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM16 11a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM8 12c0-4 2-7 6-8M16 11c0-3-1-5-2-7";
    BAG = "M8 8c-4 3-5 7-4 10 1 2 3 2 8 2s7 0 8-2c1-3 0-7-4-10zM8 8l-1-4h10l-1 4M8 8h8";
    TREE = "M12 21v-7M12 14c-5 0-7-3-6-6 0-3 3-5 6-5s6 2 6 5c1 3-1 6-6 6zM9 21h6M12 11l3-3";
    HOUSE = "M4 11l8-7 8 7M6 10v10h12V10M10 20v-6h4v6";
    PAW = "M8 4c1 6 0 11-2 16M13 4c1 6 0 11-2 16M18 4c1 6 0 11-2 16";
    PERSON = "M12 4a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM5 20c0-5 3-7 7-7s7 2 7 7z";
    HILLS = "M2 19l6-9 4 5 4-7 6 11zM17 5v.5";
    WATER = "M3 8c3-3 6 3 9 0s6 3 9 0M3 13c3-3 6 3 9 0s6 3 9 0M3 18c3-3 6 3 9 0s6 3 9 0";
    PLACE = "M12 21c-4-5-6-8-6-11a6 6 0 1 1 12 0c0 3-2 6-6 11zM12 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4z";
    CHEST = "M4 10c0-4 3-5 8-5s8 1 8 5v9H4zM4 12h16M10 11h4v4h-4z";
    ROAD = "M8 3l4 2v5l-4 2-4-2V5zM16 3l4 2v5l-4 2-4-2M8 12l4 2v5l-4 2-4-2v-5M16 12l4 2v5l-4 2-4-2v-5";
    SKILL = "M5 20h3v-5H5zM10.5 20h3V11h-3zM16 20h3V6h-3z";
    STRIKE = "M4 4l6 6M20 4L9 15M4 20l5-5M14 14l6 6M7 13l4 4";
    SPARK = "M12 3v5M12 16v5M3 12h5M16 12h5M6 6l3 3M15 15l3 3M18 6l-3 3M9 15l-3 3";
    EYE = "M2 12c5-7 15-7 20 0-5 7-15 7-20 0zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z";
    MEDAL = "M12 11a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM9 12L5 3h5l2 5 2-5h5l-4 9";
    SKULL = "M12 3c5 0 8 3 8 8 0 3-2 4-3 5v4H7v-4c-1-1-3-2-3-5 0-5 3-8 8-8zM9 10v2M15 10v2M12 14v2M10 20v-2M14 20v-2";
    FEATHER = "M5 20C6 11 11 5 20 4c0 9-6 14-13 14M5 20l9-9M9 16h5M12 12h5";
    LANTERN = "M9 6h6l2 3v9H7V9zM10 6c0-4 4-4 4 0M12 10v5M7 21h10v-3H7z";
}

/// By a word within the tag of a row; the first that fits.
const BY_TAG: [(&str, Glyph); 58] = [
    ("leather wear", TUNIC),
    ("metal wear", TUNIC),
    ("cloth wear", TUNIC),
    ("wear", TUNIC),
    ("writing", SCROLL),
    ("paper", SCROLL),
    ("map", SCROLL),
    ("spear", SPEAR),
    ("bow", BOW),
    ("club", CLUB),
    ("knife", KNIFE),
    ("blade", SWORD),
    ("sling", BOW),
    ("staff", SPEAR),
    ("shield", SHIELD),
    ("cloak", CLOAK),
    ("belt", BELT),
    ("necklace", NECKLACE),
    ("satchel", BAG),
    ("bundle", BAG),
    ("bread", BREAD),
    ("stew", STEW),
    ("fish dish", STEW),
    ("meat dish", STEW),
    ("drink", CUP),
    ("sweet", BERRY),
    ("wood", WOOD),
    ("trunk", WOOD),
    ("bark", WOOD),
    ("log", WOOD),
    ("stone", STONE),
    ("boulder", STONE),
    ("ore", ORE),
    ("metal", BAR),
    ("fibre", FIBRE),
    ("bale", FIBRE),
    ("seed", SEED),
    ("fuel", FLAME),
    ("cloth", CLOTH),
    ("hide", HIDE),
    ("leather", HIDE),
    ("carcass", MEAT),
    ("meat", MEAT),
    ("fish", FISH),
    ("ink", DROP),
    ("resin", DROP),
    ("fat", DROP),
    ("clay", POT),
    ("pot", POT),
    ("glass", POT),
    ("coin", COIN),
    ("trophy", TOOTH),
    ("bone", TOOTH),
    ("travel", FEATHER),
    ("utility", LANTERN),
    ("food", BERRY),
    ("hollow", SKULL),
    ("elemental", FLAME),
];

/// By the number of a tool's type.
const BY_TOOL: [(i32, Glyph); 13] = [
    (1, AXE),
    (2, PICK),
    (3, CHISEL),
    (4, ROD),
    (5, HOE),
    (6, SAW),
    (7, HAMMER),
    (8, NEEDLE),
    (9, POT),
    (10, SICKLE),
    (11, KNIFE),
    (12, CHISEL),
    (13, QUILL),
];

impl Glyph {
    /// The sign of things with this tag.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.to_lowercase();
        let known = BY_TAG.iter().find(|(word, _)| tag.contains(word));
        known.map(|(_, glyph)| *glyph)
    }

    /// The sign of an item: of what it is for, else of its tag.
    pub fn of_item(atlas: &Atlas, id: i32) -> Self {
        let tool = atlas.tools.get(&id);
        let tool = tool.and_then(|tool| BY_TOOL.iter().find(|(kind, _)| *kind == tool.tool_type));
        if let Some((_, glyph)) = tool {
            return *glyph;
        }
        let tag = atlas.items.get(&id).map_or("", |item| item.tag.as_str());
        Self::of_tag(tag).unwrap_or(if tag == "Curio" { STAR } else { ITEM })
    }

    /// The sign of a list.
    pub fn of_list(slug: &str) -> Self {
        match slug {
            "materials" => ORE,
            "tools" => HAMMER,
            "weapons" => SWORD,
            "equipment" => TUNIC,
            "food" => STEW,
            "writings" => SCROLL,
            "recipes" => STRIKE,
            "overview" => ROAD,
            _ => ITEM,
        }
    }

    /// The sign of a kind.
    pub fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Item => ITEM,
            Kind::Cargo => BAG,
            Kind::Resource => TREE,
            Kind::Building => HOUSE,
            Kind::Enemy => PAW,
            Kind::Person => PERSON,
            Kind::Biome => HILLS,
            Kind::Water => WATER,
            Kind::Site => PLACE,
            Kind::Chest => CHEST,
            Kind::Paving => ROAD,
            Kind::Skill => SKILL,
            Kind::Action => STRIKE,
            Kind::Buff => SPARK,
            Kind::Knowledge => EYE,
            Kind::Achievement => MEDAL,
        }
    }

    /// The sign in its hexagon. It says nothing that the name beside it does not.
    pub fn draw(self, tier: Option<i32>) -> Markup {
        let tier = tier.unwrap_or(0);
        html! {
            svg class=(format!("hex t{tier}")) viewBox="0 0 48 48" aria-hidden="true" focusable="false" {
                path class="hex-face" d=(HEXAGON) {}
                path class="hex-sign" transform="translate(8.4 8.4) scale(1.3)" d=(self.0) {}
            }
        }
    }
}
