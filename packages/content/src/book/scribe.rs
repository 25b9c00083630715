//! What all pages are written with: names that lead to pages, quantities, times, requirements.

use hexmarch_messages::buff::BuffEffect;
use hexmarch_messages::crafting::BuildingRequirement;
use hexmarch_messages::player::StatEntry;
use hexmarch_messages::skill::{ExperienceStackF32, LevelRequirement};
use hexmarch_messages::tool::ToolRequirement;
use maud::{html, Markup};

use super::kind::Kind;
use crate::atlas::{Atlas, Language, Plan, Thing, Whereabouts, Yield};
use crate::graph;

/// Writes pages in one language.
#[derive(Debug, Clone, Copy)]
pub struct Scribe<'a> {
    /// What there is.
    pub atlas: &'a Atlas,
    /// How it is had.
    pub plan: &'a Plan,
    /// In which language.
    pub language: &'a Language,
    /// All languages of the book.
    pub languages: &'a [Language],
    /// From the page to the folder of the language.
    pub root: &'static str,
}

/// What work asks for.
#[derive(Debug, Default)]
pub struct Asks<'a> {
    /// Where.
    pub station: Option<&'a BuildingRequirement>,
    /// With what.
    pub tools: &'a [ToolRequirement],
    /// By whom.
    pub levels: &'a [LevelRequirement],
    /// What they know.
    pub knowledge: &'a [i32],
    /// Whether the absence of a station and of tools is worth a word.
    pub says_nothing_needed: bool,
}

impl Scribe<'_> {
    /// A word of the book.
    pub fn word(&self, id: &str) -> String {
        self.language.word(id)
    }

    /// A text of the book with something filled in.
    pub fn fill(&self, id: &str, arguments: &[&str]) -> String {
        self.language.fill(id, arguments)
    }

    /// The word for a value of an enum: `prefix-value`; the value itself when there is none.
    pub fn value(&self, prefix: &str, value: &impl std::fmt::Debug) -> String {
        let value = format!("{value:?}");
        let id = format!("{prefix}-{}", value.to_lowercase());
        self.language.known_word(&id).map_or(value, str::to_owned)
    }

    /// Where the page of a row is.
    pub fn href(&self, kind: Kind, id: i32) -> Option<String> {
        let is_shown = kind.is_shown(self.atlas, id);
        is_shown.then(|| format!("{}{}/{id}.html", self.root, kind.folder()))
    }

    /// A row by its name, with its picture, leading to its page if it has one.
    pub fn link(&self, kind: Kind, id: i32) -> Markup {
        let name = kind.name(self.atlas, self.language, id);
        let icon = kind.glyph(self.atlas, id).draw(kind.tier(self.atlas, id));
        html! {
            @match self.href(kind, id) {
                Some(href) => a class="ref" href=(href) { (icon) span { (name) } },
                None => span class="ref" { (icon) span { (name) } },
            }
        }
    }

    /// Rows as a list of links.
    pub fn links(&self, kind: Kind, ids: impl IntoIterator<Item = i32>) -> Markup {
        html! { ul class="refs" { @for id in ids { li { (self.link(kind, id)) } } } }
    }

    /// Where the page of a thing is.
    pub fn thing_href(&self, thing: Thing) -> Option<String> {
        let (kind, id) = page_of(thing);
        self.href(kind, id)
    }

    /// A thing by its name.
    pub fn thing(&self, thing: Thing) -> Markup {
        let (kind, id) = page_of(thing);
        self.link(kind, id)
    }

    /// So many of a thing.
    pub fn stack(&self, (thing, quantity): (Thing, u64)) -> Markup {
        html! { span class="stack" { b { (self.number(quantity as f64)) "×" } " " (self.thing(thing)) } }
    }

    /// Things and how many of each.
    pub fn stacks(&self, stacks: &[(Thing, u32)]) -> Markup {
        html! {
            ul class="refs" {
                @for (thing, quantity) in stacks { li { (self.stack((*thing, u64::from(*quantity)))) } }
            }
        }
    }

    /// A number as people write it, at most two places.
    pub fn number(&self, value: f64) -> String {
        let text = format!("{value:.2}");
        let text = match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.'),
            false => &text,
        };
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            let left = digits.len().saturating_sub(index);
            if index > 0 && left % 3 == 0 && digits.len() > 4 {
                grouped.push('\u{202f}');
            }
            grouped.push(digit);
        }
        let point = if places.is_empty() {
            String::new()
        } else {
            format!("{}{places}", self.word("decimal-point"))
        };
        format!("{sign}{grouped}{point}")
    }

    /// A chance in per cent.
    pub fn percent(&self, chance: f64) -> String {
        let percent = chance * 100.0;
        let shown = if percent >= 10.0 { percent.round() } else { percent };
        match shown < 0.01 {
            true => format!("< {} %", self.number(0.01)),
            false => format!("{} %", self.number(shown)),
        }
    }

    /// How many, and how likely.
    pub fn yields(&self, yields: Yield) -> String {
        let quantity = match yields.least == yields.most {
            true => format!("{}×", yields.least),
            false => format!("{}–{}×", yields.least, yields.most),
        };
        match yields.chance >= 0.999 {
            true => quantity,
            false => format!("{quantity} · {}", self.percent(yields.chance)),
        }
    }

    /// Seconds as people say them.
    pub fn seconds(&self, seconds: f64) -> String {
        let (unit, size) = match seconds {
            seconds if seconds < 90.0 => ("unit-seconds", 1.0),
            seconds if seconds < 5_400.0 => ("unit-minutes", 60.0),
            seconds if seconds < 129_600.0 => ("unit-hours", 3_600.0),
            _ => ("unit-days", 86_400.0),
        };
        let value = seconds / size;
        let value = if value >= 10.0 {
            value.round()
        } else {
            (value * 10.0).round() / 10.0
        };
        self.fill(unit, &[&self.number(value)])
    }

    /// A mark in the colour of a tier.
    pub fn tier(&self, tier: i32) -> Markup {
        html! { span class=(format!("tier t{tier}")) { (self.language.tier(tier)) } }
    }

    /// What work asks for, as a row of marks.
    pub fn asks(&self, asks: &Asks<'_>) -> Markup {
        let Self { atlas, language, .. } = *self;
        html! {
            ul class="asks" {
                @if let Some(station) = asks.station {
                    @let name = language.station(atlas, station.building_type, station.tier);
                    @let building = atlas.stations(station.building_type, station.tier).into_iter().next();
                    li { span class="what" { (self.word("at")) } " " (self.named(Kind::Building, building, &name)) }
                } @else if asks.says_nothing_needed {
                    li { span class="what" { (self.word("at")) } " " (self.word("anywhere")) }
                }
                @for tool in asks.tools {
                    @let name = language.tool(atlas, tool.tool_type, tool.level);
                    @let item = atlas.tools_for(tool.tool_type, tool.level, tool.power).into_iter().next();
                    li { span class="what" { (self.word("with")) } " " (self.named(Kind::Item, item, &name)) }
                }
                @if asks.tools.is_empty() && asks.says_nothing_needed {
                    li { span class="what" { (self.word("with")) } " " (self.word("bare-hands")) }
                }
                @for level in asks.levels { li { (self.level(level)) } }
                @for id in asks.knowledge {
                    li { span class="what" { (self.word("knowing")) } " " (self.link(Kind::Knowledge, *id)) }
                }
            }
        }
    }

    /// Words that lead to a page if there is one.
    fn named(&self, kind: Kind, id: Option<i32>, words: &str) -> Markup {
        let href = id.and_then(|id| self.href(kind, id));
        let icon = id.map(|id| kind.glyph(self.atlas, id).draw(kind.tier(self.atlas, id)));
        html! {
            @match href {
                Some(href) => a class="ref" href=(href) { @if let Some(icon) = icon { (icon) } span { (words) } },
                None => span class="ref" { span { (words) } },
            }
        }
    }

    /// A skill and the level of it that is asked for.
    pub fn level(&self, level: &LevelRequirement) -> Markup {
        html! { (self.link(Kind::Skill, level.skill_id)) " " (level.level) }
    }

    /// What is learned by all of the work.
    pub fn experience(&self, experience: &[ExperienceStackF32], times: i32) -> Markup {
        html! {
            @for (index, stack) in experience.iter().enumerate() {
                @if index > 0 { ", " }
                (self.number((f64::from(stack.quantity) * f64::from(times)).round())) " "
                (self.link(Kind::Skill, stack.skill_id))
            }
        }
    }

    /// What gear, food or ground does.
    pub fn stats(&self, stats: &[StatEntry]) -> Markup {
        html! {
            ul class="stats" {
                @for entry in stats {
                    @let row = self.atlas.stats.values().find(|row| row.stat_type == entry.stat_type);
                    @let name = match row {
                        Some(row) => self.language.stat_row(self.atlas, row.id),
                        None => format!("{:?}", entry.stat_type),
                    };
                    @let value = f64::from(entry.value);
                    @let shown = if entry.is_pct { self.percent(value.abs()) } else { self.number(value.abs()) };
                    li { b { (if value < 0.0 { "−" } else { "+" }) (shown) } " " (name) }
                }
            }
        }
    }

    /// Buffs that something gives.
    pub fn buffs(&self, buffs: &[BuffEffect]) -> Markup {
        html! {
            ul class="refs" {
                @for effect in buffs {
                    @let own = self.atlas.buffs.get(&effect.buff_id).map_or(0, |buff| buff.duration);
                    @let seconds = effect.duration.unwrap_or(own);
                    li {
                        (self.link(Kind::Buff, effect.buff_id))
                        @if seconds > 0 { " " span class="faint" { (self.seconds(f64::from(seconds))) } }
                    }
                }
            }
        }
    }

    /// Where something is met: countries, buildings and the places that they belong to.
    pub fn whereabouts(&self, found: &Whereabouts) -> Markup {
        let sites = found
            .buildings
            .iter()
            .flat_map(|building| self.atlas.sites_of(*building));
        let sites: std::collections::BTreeSet<i32> = sites.collect();
        html! {
            ul class="refs" {
                @if found.everywhere { li { (self.word("everywhere")) } }
                @for biome in &found.biomes { li { (self.link(Kind::Biome, *biome)) } }
                @for site in sites { li { (self.link(Kind::Site, site)) } }
                @for building in &found.buildings { li { (self.link(Kind::Building, *building)) } }
            }
        }
    }

    /// What a thing takes, as a picture.
    pub fn graph(&self, thing: Thing) -> Markup {
        let source = graph::Source {
            atlas: self.atlas,
            plan: self.plan,
            language: self.language,
        };
        let links = |thing: Thing| self.thing_href(thing);
        let figure = graph::of_thing(source, thing, &links);
        html! { div class="canvas" tabindex="0" { (graph::svg_inline(&figure)) } }
    }

    /// A section of a page, left out when it is empty.
    pub fn section(&self, id: &'static str, word: &str, is_there: bool, body: impl FnOnce() -> Markup) -> Section {
        Section {
            id,
            heading: self.word(word),
            body: is_there.then(body),
        }
    }
}

/// A part of a page with a heading.
#[derive(Debug)]
pub struct Section {
    /// Where links lead.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// What it says; nothing leaves it out.
    pub body: Option<Markup>,
}

/// A list of facts: what, and how it is. What has no value is left out.
pub fn facts(facts: Vec<(String, Option<Markup>)>) -> Markup {
    let facts: Vec<(String, Markup)> = facts
        .into_iter()
        .filter_map(|(what, value)| Some((what, value?)))
        .collect();
    html! {
        @if !facts.is_empty() {
            dl class="facts" { @for (what, value) in facts { div { dt { (what) } dd { (value) } } } }
        }
    }
}

/// The page of a thing.
pub fn page_of(thing: Thing) -> (Kind, i32) {
    match thing {
        Thing::Item(id) => (Kind::Item, id),
        Thing::Cargo(id) => (Kind::Cargo, id),
    }
}
