//! Lists: tables that a click sorts and a letter filters.

use maud::{html, Markup};

use super::icon::Glyph;
use super::kind::Kind;
use super::scribe::Scribe;
use super::shell::Page;
use crate::atlas::Atlas;

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
            // What has no tier, as ruins, comes after what has one.
            rows.sort_by(|a, b| (a.0.is_none(), a).cmp(&(b.0.is_none(), b)));
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
}
