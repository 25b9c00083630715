//! The home page, the page of search results, and the game at a glance.

use maud::{html, Markup};

use super::icon::Glyph;
use super::kind::Kind;
use super::lists::List;
use super::scribe::Scribe;
use super::shell::Page;
use crate::atlas::Thing;
use crate::graph;

/// Where the game at a glance is.
const OVERVIEW: &str = "item/overview.html";
/// Tiers that the home page shows.
const TIERS: std::ops::RangeInclusive<i32> = 1..=6;
/// Things of a tier that the home page names.
const MAX_SAMPLES: usize = 4;

impl Scribe<'_> {
    /// Where readers begin.
    pub fn home(&self) -> Page {
        let body = html! {
            div class="cover" {
                h1 { (self.word("book-title")) }
                p class="lead" { (self.word("home-lead")) }
                p { (self.word("home-how")) }
            }
            section class="doors" aria-label=(self.word("contents")) {
                @for list in List::all() { (self.door(list)) }
                a class="door" href=(format!("{}{OVERVIEW}", self.root)) {
                    (Glyph::of_list("overview").draw(None))
                    span { b { (self.word("overview-title")) } small { (self.word("overview-short")) } }
                }
            }
            section id="ages" {
                h2 { (self.word("ages")) }
                div class="ages" { @for tier in TIERS { (self.age(tier)) } }
            }
        };
        Page {
            path: "index.html".to_owned(),
            title: self.word("book-title"),
            crumbs: Vec::new(),
            body,
        }
    }

    fn door(&self, list: List) -> Markup {
        let count = list.ids(self.atlas).len();
        html! {
            @if count > 0 {
                a class="door" href=(format!("{}{}", self.root, list.path())) {
                    (list.glyph().draw(None))
                    span { b { (self.word(list.word())) } small { (self.number(count as f64)) } }
                }
            }
        }
    }

    /// A tier, and the tools that begin it.
    fn age(&self, tier: i32) -> Markup {
        let atlas = self.atlas;
        let tools = atlas.tools.values().filter(|tool| {
            let is_made = self.plan.recipe_of_choice(atlas, Thing::Item(tool.item_id)).is_some();
            tool.level == tier && is_made && Kind::Item.is_shown(atlas, tool.item_id)
        });
        let tools: Vec<i32> = tools.map(|tool| tool.item_id).take(MAX_SAMPLES).collect();
        html! {
            @if !tools.is_empty() {
                div class=(format!("age t{tier}")) {
                    h3 { (self.language.tier(tier)) }
                    (self.links(Kind::Item, tools))
                    p { a href=(format!("{}{}?tier={tier}", self.root, List::All(Kind::Item).path())) { (self.word("all-of-tier")) } }
                }
            }
        }
    }

    /// Where a search goes that was sent off: everything that fits.
    pub fn search_page(&self) -> Page {
        let body = html! {
            h1 { (self.word("search")) }
            div id="results" data-none=(self.word("search-none")) {}
            noscript { p { (self.word("search-needs-script")) } }
        };
        Page {
            path: "search.html".to_owned(),
            title: self.word("search"),
            crumbs: Vec::new(),
            body,
        }
    }

    /// What is made of what.
    pub fn overview(&self) -> Page {
        let source = graph::Source {
            atlas: self.atlas,
            plan: self.plan,
            language: self.language,
        };
        let figure = graph::overview(source);
        let body = html! {
            h1 { (self.word("overview-title")) }
            p class="lead" { (self.word("overview-note")) }
            div class="canvas" tabindex="0" { (graph::svg_inline(&figure)) }
        };
        Page {
            path: OVERVIEW.to_owned(),
            title: self.word("overview-title"),
            crumbs: vec![(self.word(Kind::Item.word()), List::All(Kind::Item).path())],
            body,
        }
    }
}
