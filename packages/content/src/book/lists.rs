//! Lists: tables that a click sorts and a letter filters.

use maud::{html, Markup};

use super::icon::Glyph;
use super::kind::Kind;
use super::scribe::Scribe;
use super::shell::Page;
use crate::atlas::{stacks, Atlas, Thing};

/// A list of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Everything of a kind.
    All(Kind),
    /// Items that are neither tools nor worn nor eaten nor read.
    Materials,
    /// Tools.
    Tools,
    /// Weapons.
    Weapons,
    /// What is worn.
    Equipment,
    /// What is eaten and drunk.
    Food,
    /// What is read.
    Writings,
    /// Recipes.
    Recipes,
}

/// A cell of a table: what it shows, and what it is sorted by.
struct Cell {
    shown: Markup,
    key: String,
}

impl List {
    /// Lists of some of the items.
    pub const OF_ITEMS: [Self; 6] = [
        Self::Materials,
        Self::Tools,
        Self::Weapons,
        Self::Equipment,
        Self::Food,
        Self::Writings,
    ];

    /// All lists, in the order of the home page.
    pub fn all() -> Vec<Self> {
        let mut lists = vec![Self::All(Kind::Item)];
        lists.extend(Self::OF_ITEMS);
        lists.push(Self::Recipes);
        lists.extend(Kind::ALL.into_iter().skip(1).map(Self::All));
        lists
    }

    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::All(kind) => kind.word(),
            Self::Materials => "kind-materials",
            Self::Tools => "kind-tools",
            Self::Weapons => "kind-weapons",
            Self::Equipment => "kind-equipment",
            Self::Food => "kind-food",
            Self::Writings => "kind-writings",
            Self::Recipes => "kind-recipes",
        }
    }

    /// Where its page is.
    pub fn path(self) -> String {
        match self {
            Self::All(kind) => format!("{}/index.html", kind.folder()),
            list => format!("item/{}.html", list.slug()),
        }
    }

    /// Its picture.
    pub fn glyph(self) -> Glyph {
        match self {
            Self::All(kind) => Glyph::of_kind(kind),
            list => Glyph::of_list(list.slug()),
        }
    }

    fn slug(self) -> &'static str {
        match self {
            Self::All(_) => "index",
            Self::Materials => "materials",
            Self::Tools => "tools",
            Self::Weapons => "weapons",
            Self::Equipment => "equipment",
            Self::Food => "food",
            Self::Writings => "writings",
            Self::Recipes => "recipes",
        }
    }

    /// The list of some of the items that an item is in.
    pub fn of_item(atlas: &Atlas, id: i32) -> Option<Self> {
        Self::OF_ITEMS.into_iter().find(|list| list.holds(atlas, id))
    }

    fn holds(self, atlas: &Atlas, item: i32) -> bool {
        let is_plain = !atlas.tools.contains_key(&item)
            && !atlas.weapons.contains_key(&item)
            && !atlas.equipment.contains_key(&item)
            && !atlas.foods.contains_key(&item)
            && !atlas.scrolls.contains_key(&item);
        match self {
            Self::Materials => is_plain,
            Self::Tools => atlas.tools.contains_key(&item),
            Self::Weapons => atlas.weapons.contains_key(&item),
            Self::Equipment => atlas.equipment.contains_key(&item),
            Self::Food => atlas.foods.contains_key(&item),
            Self::Writings => atlas.scrolls.contains_key(&item),
            Self::All(_) | Self::Recipes => false,
        }
    }

    /// The rows that it lists.
    pub fn ids(self, atlas: &Atlas) -> Vec<i32> {
        match self {
            Self::All(kind) => kind.ids(atlas),
            Self::Recipes => atlas.recipes.keys().copied().collect(),
            list => Kind::Item
                .ids(atlas)
                .into_iter()
                .filter(|id| list.holds(atlas, *id))
                .collect(),
        }
    }
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            shown: html! { (text) },
            key: text.to_lowercase(),
        }
    }

    fn number(shown: String, value: f64) -> Self {
        Self {
            shown: html! { (shown) },
            key: format!("{value}"),
        }
    }

    fn empty() -> Self {
        Self::text("")
    }
}

impl Scribe<'_> {
    /// The page of a list.
    pub fn list(&self, list: List) -> Page {
        let mut rows: Vec<(Option<i32>, String, i32)> = Vec::new();
        for id in list.ids(self.atlas) {
            let (tier, name) = match list {
                List::Recipes => self.recipe_key(id),
                List::All(kind) => (kind.tier(self.atlas, id), kind.name(self.atlas, self.language, id)),
                _ => (
                    Kind::Item.tier(self.atlas, id),
                    Kind::Item.name(self.atlas, self.language, id),
                ),
            };
            rows.push((tier, name, id));
        }
        if !matches!(list, List::All(Kind::Skill | Kind::Biome)) {
            rows.sort();
        }
        let columns = self.columns(list);
        let title = self.word(list.word());
        let crumbs = match list {
            List::All(_) => Vec::new(),
            _ => vec![(self.word(Kind::Item.word()), List::All(Kind::Item).path())],
        };
        let tiers: std::collections::BTreeSet<i32> = rows.iter().filter_map(|(tier, _, _)| *tier).collect();
        let body = html! {
            div class="masthead" {
                div class="emblem" { (list.glyph().draw(None)) }
                div { h1 { (title) } p class="lead" { (self.word(&format!("{}-about", list.word()))) } }
            }
            (self.shelves(list))
            div class="sieve" {
                label { (self.word("filter")) " " input type="search" id="filter" autocomplete="off"; }
                @if tiers.len() > 1 {
                    div class="tiers" role="group" aria-label=(self.word("tier")) {
                        @for tier in tiers {
                            button type="button" class=(format!("tier t{tier}")) data-tier=(tier) aria-pressed="false"
                                title=(self.language.tier(tier)) { (tier) }
                        }
                    }
                }
                p class="faint" aria-live="polite" { span id="count" { (rows.len()) } " / " (rows.len()) }
            }
            div class="scroll" {
                table class="sortable" {
                    thead { tr {
                        @for word in columns {
                            th aria-sort="none" { button type="button" { (self.word(word)) } }
                        }
                    } }
                    tbody {
                        @for (tier, name, id) in &rows {
                            tr data-tier=[tier.as_ref()] {
                                td data-key=(name.to_lowercase()) { (self.entry(list, *id)) }
                                @for cell in self.cells(list, *id) { td data-key=(cell.key) { (cell.shown) } }
                            }
                        }
                    }
                }
            }
        };
        Page {
            path: list.path(),
            title,
            crumbs,
            body,
        }
    }

    fn recipe_key(&self, id: i32) -> (Option<i32>, String) {
        let row = self.atlas.recipes.get(&id);
        let made = row.and_then(Scribe::first_made);
        (
            made.map(|thing| self.atlas.tier(thing)),
            row.map(|row| self.recipe_name(row)).unwrap_or_default(),
        )
    }

    fn entry(&self, list: List, id: i32) -> Markup {
        match list {
            List::Recipes => self.recipe_link(id),
            List::All(kind) => self.link(kind, id),
            _ => self.link(Kind::Item, id),
        }
    }

    /// The lists of some of the items, beside each other.
    fn shelves(&self, list: List) -> Markup {
        let is_of_items = matches!(list, List::All(Kind::Item) | List::Recipes) || List::OF_ITEMS.contains(&list);
        html! {
            @if is_of_items {
                nav class="jumps" aria-label=(self.word("kind-items")) {
                    @for other in [List::All(Kind::Item)].into_iter().chain(List::OF_ITEMS).chain([List::Recipes]) {
                        a href=(format!("{}{}", self.root, other.path())) aria-current=[(other == list).then_some("page")] {
                            (self.word(other.word()))
                        }
                    }
                }
            }
        }
    }

    fn columns(&self, list: List) -> Vec<&'static str> {
        let own: &[&str] = match list {
            List::All(Kind::Item) | List::Materials => &["tier", "what", "rarity", "made-at"],
            List::Tools => &["tier", "what", "power", "skill", "made-at"],
            List::Weapons => &["tier", "what", "damage", "made-at"],
            List::Equipment => &["tier", "what", "worn-on", "gives", "made-at"],
            List::Food => &["tier", "what", "satiation", "does", "made-at"],
            List::Writings => &["what", "teaches-that"],
            List::Recipes => &["tier", "made-at", "skill", "takes"],
            List::All(Kind::Cargo) => &["tier", "what", "rarity"],
            List::All(Kind::Resource) => &["tier", "what", "with", "yields"],
            List::All(Kind::Building) => &["serves-as", "takes"],
            List::All(Kind::Enemy) => &["tier", "what", "health", "damage", "where-found"],
            List::All(Kind::Person) => &["trades", "where-found"],
            List::All(Kind::Biome) => &["hazard", "temperature"],
            List::All(Kind::Site) => &["what", "where-found"],
            List::All(Kind::Skill) => &["what", "master"],
            List::All(Kind::Action) => &["done-by", "again-in"],
            List::All(Kind::Buff) => &["does", "lasts"],
            List::All(Kind::Achievement) => &["points", "about"],
            List::All(Kind::Knowledge | Kind::Water | Kind::Chest | Kind::Paving) => &["about"],
        };
        let mut columns = vec!["name"];
        columns.extend(own);
        columns
    }

    fn cells(&self, list: List, id: i32) -> Vec<Cell> {
        match list {
            List::All(kind @ (Kind::Item | Kind::Cargo)) => self.thing_cells(kind, id),
            List::Recipes => self.recipe_cells(id),
            List::All(kind) => self.kind_cells(kind, id),
            _ => self.item_cells(list, id),
        }
    }

    fn tier_cell(&self, tier: Option<i32>) -> Cell {
        match tier {
            Some(tier) => Cell {
                shown: html! { span class=(format!("tier t{tier}")) { (tier) } },
                key: tier.to_string(),
            },
            None => Cell::empty(),
        }
    }

    fn tag_cell(&self, kind: Kind, id: i32) -> Cell {
        Cell::text(
            kind.tag(self.atlas, id)
                .map(|tag| self.language.tag(tag))
                .unwrap_or_default(),
        )
    }

    fn made_at_cell(&self, id: i32) -> Cell {
        let recipe = self.plan.recipe_of_choice(self.atlas, Thing::Item(id));
        let row = recipe.and_then(|recipe| self.atlas.recipes.get(&recipe));
        Cell::text(row.map(|row| self.station_name(row)).unwrap_or_else(|| "–".to_owned()))
    }

    fn thing_cells(&self, kind: Kind, id: i32) -> Vec<Cell> {
        let rarity = match kind {
            Kind::Item => self.atlas.items.get(&id).map(|row| self.value("rarity", &row.rarity)),
            _ => self.atlas.cargo.get(&id).map(|row| self.value("rarity", &row.rarity)),
        };
        let mut cells = vec![
            self.tier_cell(kind.tier(self.atlas, id)),
            self.tag_cell(kind, id),
            Cell::text(rarity.unwrap_or_default()),
        ];
        if kind == Kind::Item {
            cells.push(self.made_at_cell(id));
        }
        cells
    }

    fn item_cells(&self, list: List, id: i32) -> Vec<Cell> {
        let atlas = self.atlas;
        let tier = self.tier_cell(Kind::Item.tier(atlas, id));
        let number = |value: i32| Cell::number(self.number(f64::from(value)), f64::from(value));
        match list {
            List::Tools => {
                let tool = atlas.tools.get(&id);
                let kind = tool.and_then(|tool| atlas.tool_types.get(&tool.tool_type));
                vec![
                    tier,
                    Cell::text(
                        kind.map(|kind| self.language.tool_type(atlas, kind.id))
                            .unwrap_or_default(),
                    ),
                    tool.map_or_else(Cell::empty, |tool| number(tool.power)),
                    Cell::text(
                        kind.map(|kind| self.language.skill(atlas, kind.skill_id))
                            .unwrap_or_default(),
                    ),
                    self.made_at_cell(id),
                ]
            }
            List::Weapons => {
                let weapon = atlas.weapons.get(&id);
                let damage = weapon.map(|weapon| {
                    Cell::number(
                        format!("{}–{}", weapon.min_damage, weapon.max_damage),
                        f64::from(weapon.max_damage),
                    )
                });
                let kind = weapon.map(|weapon| self.language.weapon_type(atlas, weapon.weapon_type));
                vec![
                    tier,
                    Cell::text(kind.unwrap_or_default()),
                    damage.unwrap_or_else(Cell::empty),
                    self.made_at_cell(id),
                ]
            }
            List::Equipment => {
                let worn = atlas.equipment.get(&id);
                let slots = worn.map_or(&[][..], |worn| worn.slots.as_slice());
                let slots: Vec<String> = slots.iter().map(|slot| self.value("slot", slot)).collect();
                let gives = worn.map_or(&[][..], |worn| worn.stats.as_slice());
                let gives = Cell {
                    shown: self.stats(gives),
                    key: gives.len().to_string(),
                };
                vec![
                    tier,
                    self.tag_cell(Kind::Item, id),
                    Cell::text(slots.join(", ")),
                    gives,
                    self.made_at_cell(id),
                ]
            }
            List::Food => {
                let food = atlas.foods.get(&id);
                let hunger = food.map_or(0.0, |food| f64::from(food.hunger));
                let buffs = food.map_or(&[][..], |food| food.buffs.as_slice());
                let does = Cell {
                    shown: self.buffs(buffs),
                    key: buffs.len().to_string(),
                };
                vec![
                    tier,
                    self.tag_cell(Kind::Item, id),
                    Cell::number(self.number(hunger), hunger),
                    does,
                    self.made_at_cell(id),
                ]
            }
            List::Writings => {
                let scroll = atlas.scrolls.get(&id);
                let kind = scroll.map(|scroll| self.language.scroll_type(atlas, scroll.scroll_type));
                let taught = scroll.map(|scroll| Cell {
                    shown: self.link(Kind::Knowledge, scroll.secondary_knowledge_id),
                    key: self
                        .language
                        .knowledge(atlas, scroll.secondary_knowledge_id)
                        .to_lowercase(),
                });
                vec![Cell::text(kind.unwrap_or_default()), taught.unwrap_or_else(Cell::empty)]
            }
            _ => self.thing_cells(Kind::Item, id),
        }
    }

    fn recipe_cells(&self, id: i32) -> Vec<Cell> {
        let Some(row) = self.atlas.recipes.get(&id) else {
            return Vec::new();
        };
        let level = row.level_requirements.first();
        let skill = level.map_or_else(Cell::empty, |level| Cell {
            shown: self.level(level),
            key: format!("{:03} {}", level.level, self.language.skill(self.atlas, level.skill_id)),
        });
        let takes = Cell {
            shown: self.stacks(&Atlas::inputs(row)),
            key: Atlas::inputs(row).len().to_string(),
        };
        let tier = Scribe::first_made(row).map(|thing| self.atlas.tier(thing));
        vec![self.tier_cell(tier), Cell::text(self.station_name(row)), skill, takes]
    }

    fn kind_cells(&self, kind: Kind, id: i32) -> Vec<Cell> {
        let (atlas, language) = (self.atlas, self.language);
        let found = |found: crate::atlas::Whereabouts| {
            let names = found.biomes.iter().map(|biome| language.biome(atlas, *biome));
            let names: Vec<String> = names.collect();
            let is_elsewhere = names.is_empty() && !found.buildings.is_empty();
            if is_elsewhere {
                let sites = found.buildings.iter().flat_map(|building| atlas.sites_of(*building));
                let sites: std::collections::BTreeSet<i32> = sites.collect();
                let sites: Vec<String> = sites.into_iter().map(|site| language.site(atlas, site)).collect();
                return Cell::text(sites.join(", "));
            }
            Cell::text(names.join(", "))
        };
        match kind {
            Kind::Resource => self.resource_cells(id),
            Kind::Building => {
                let functions = atlas.buildings.get(&id).map_or(&[][..], |row| row.functions.as_slice());
                let names = functions
                    .iter()
                    .map(|function| language.station(atlas, function.function_type, function.level));
                let build = atlas
                    .constructions
                    .values()
                    .find(|row| row.building_description_id == id);
                let takes = build
                    .map(|row| stacks(&row.consumed_item_stacks, &row.consumed_cargo_stacks))
                    .unwrap_or_default();
                let takes = Cell {
                    shown: self.stacks(&takes),
                    key: takes.len().to_string(),
                };
                vec![Cell::text(names.collect::<Vec<_>>().join(", ")), takes]
            }
            Kind::Enemy => {
                let Some(row) = atlas.enemies.get(&id) else {
                    return Vec::new();
                };
                vec![
                    self.tier_cell(Some(row.tier)),
                    self.tag_cell(kind, id),
                    Cell::number(self.number(f64::from(row.max_health)), f64::from(row.max_health)),
                    Cell::number(
                        format!("{}–{}", row.min_damage, row.max_damage),
                        f64::from(row.max_damage),
                    ),
                    found(atlas.enemy_whereabouts(id)),
                ]
            }
            Kind::Person => {
                let count = atlas.trades.values().filter(|row| row.traveler == id).count();
                vec![
                    Cell::number(count.to_string(), count as f64),
                    found(atlas.npc_whereabouts(id)),
                ]
            }
            Kind::Biome => {
                let hazard = atlas.biomes.get(&id).map(|row| self.value("hazard", &row.hazard_level));
                let climate = atlas.climates.get(&id);
                let temperature = climate.map(|row| {
                    let words = self.fill(
                        "day-and-night",
                        &[&row.day_temperature.to_string(), &row.night_temperature.to_string()],
                    );
                    Cell::number(words, f64::from(row.day_temperature))
                });
                vec![
                    Cell::text(hazard.unwrap_or_default()),
                    temperature.unwrap_or_else(Cell::empty),
                ]
            }
            Kind::Site => {
                let row = atlas.sites.get(&id);
                let biomes = row.map_or(&[][..], |row| row.ground.biomes.as_slice());
                let biomes: Vec<String> = biomes.iter().map(|biome| language.biome(atlas, *biome)).collect();
                vec![
                    Cell::text(row.map(|row| self.value("site", &row.site_type)).unwrap_or_default()),
                    Cell::text(biomes.join(", ")),
                ]
            }
            Kind::Skill => {
                let row = atlas.skills.get(&id);
                let title = row.map(|row| language.text("skill_desc", id, "title", &row.title));
                vec![
                    Cell::text(
                        row.map(|row| self.value("skill", &row.skill_category))
                            .unwrap_or_default(),
                    ),
                    Cell::text(title.unwrap_or_default()),
                ]
            }
            Kind::Action => {
                let row = atlas.actions.get(&id);
                let by = row.map(|row| {
                    self.word(if row.learned_by_player {
                        "by-players"
                    } else {
                        "by-enemies"
                    })
                });
                let again = row.map(|row| Cell::number(self.seconds(f64::from(row.cooldown)), f64::from(row.cooldown)));
                vec![Cell::text(by.unwrap_or_default()), again.unwrap_or_else(Cell::empty)]
            }
            Kind::Buff => {
                let Some(row) = atlas.buffs.get(&id) else {
                    return Vec::new();
                };
                let lasts = match row.duration {
                    0 => self.word("as-long-as-cause"),
                    seconds => self.seconds(f64::from(seconds)),
                };
                let does = Cell {
                    shown: self.stats(&row.stats),
                    key: row.stats.len().to_string(),
                };
                vec![does, Cell::number(lasts, f64::from(row.duration))]
            }
            Kind::Achievement => {
                let points = atlas.achievements.get(&id).map_or(0, |row| row.points_reward);
                vec![
                    Cell::number(points.to_string(), f64::from(points)),
                    Cell::text(kind.description(atlas, language, id)),
                ]
            }
            _ => vec![Cell::text(kind.description(atlas, language, id))],
        }
    }

    fn resource_cells(&self, id: i32) -> Vec<Cell> {
        let (atlas, language) = (self.atlas, self.language);
        let rows: Vec<_> = atlas.extractions.values().filter(|row| row.resource_id == id).collect();
        let tools = rows.iter().flat_map(|row| &row.tool_requirements);
        let tools: std::collections::BTreeSet<String> = tools
            .map(|tool| language.tool(atlas, tool.tool_type, tool.level))
            .collect();
        let items = rows.iter().flat_map(|row| {
            row.extracted_item_stacks
                .iter()
                .map(|stack| Thing::Item(stack.item_stack.item_id))
        });
        let cargo = rows.iter().filter_map(|row| row.cargo_id.map(Thing::Cargo));
        let yields: std::collections::BTreeSet<String> =
            items.chain(cargo).map(|thing| language.thing(atlas, thing)).collect();
        vec![
            self.tier_cell(Kind::Resource.tier(atlas, id)),
            self.tag_cell(Kind::Resource, id),
            Cell::text(tools.into_iter().collect::<Vec<_>>().join(", ")),
            Cell::text(yields.into_iter().collect::<Vec<_>>().join(", ")),
        ]
    }
}
