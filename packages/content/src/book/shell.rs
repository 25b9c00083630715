//! What is round every page: head, search, way back, languages, foot.

use maud::{html, Markup, DOCTYPE};

use super::icon::Glyph;
use super::kind::Kind;
use super::scribe::{Scribe, Section};

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Where in the folder of the language, as `item/5.html`.
    pub path: String,
    /// What it is about.
    pub title: String,
    /// The way to it from the home page: words, and where they lead from the folder of the language.
    pub crumbs: Vec<(String, String)>,
    /// What it says.
    pub body: Markup,
}

impl Scribe<'_> {
    /// The page as a file.
    pub fn bind(&self, page: &Page) -> String {
        let title = self.word("book-title");
        let full = if page.title == title {
            title
        } else {
            format!("{} · {title}", page.title)
        };
        let code = self.language.code();
        let root = self.root;
        let assets = format!("{root}../assets/");
        let markup = html! {
            (DOCTYPE)
            html lang=(code) data-root=(root) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="generator" content="hexmarch content book";
                    title { (full) }
                    link rel="stylesheet" href=(format!("{assets}book.css"));
                    script src=(format!("{assets}search-{code}.js")) defer {}
                    script src=(format!("{assets}book.js")) defer {}
                }
                body {
                    a class="skip" href="#content" { (self.word("skip")) }
                    (self.header(page))
                    main id="content" {
                        @if page.path != "index.html" { (self.crumbs(page)) }
                        (page.body)
                    }
                    footer { p { (self.word("footer")) } }
                }
            }
        };
        markup.into_string()
    }

    fn header(&self, page: &Page) -> Markup {
        let root = self.root;
        html! {
            header class="top" {
                a class="brand" href=(format!("{root}index.html")) {
                    (Glyph::of_kind(Kind::Biome).draw(None)) span { (self.word("book-title")) }
                }
                form class="search" role="search" action=(format!("{root}search.html")) {
                    input type="search" name="q" id="q" autocomplete="off" spellcheck="false" role="combobox"
                        aria-expanded="false" aria-controls="hits" aria-autocomplete="list"
                        aria-label=(self.word("search")) placeholder=(self.word("search-hint"));
                    kbd aria-hidden="true" { "/" }
                    div id="hits" role="listbox" aria-label=(self.word("search")) hidden
                        data-none=(self.word("search-none")) {}
                }
                nav class="tongues" aria-label=(self.word("languages")) {
                    @for language in self.languages {
                        @if language.code() == self.language.code() {
                            span aria-current="true" { (language.code()) }
                        } @else {
                            a href=(format!("{root}../{}/{}", language.code(), page.path)) hreflang=(language.code())
                                title=(language.word("language-name")) { (language.code()) }
                        }
                    }
                }
                button id="theme" type="button" aria-label=(self.word("theme")) title=(self.word("theme")) { "◐" }
            }
        }
    }

    fn crumbs(&self, page: &Page) -> Markup {
        html! {
            nav class="crumbs" aria-label=(self.word("way-back")) {
                ol {
                    li { a href=(format!("{}index.html", self.root)) { (self.word("home")) } }
                    @for (words, href) in &page.crumbs {
                        li { a href=(format!("{}{href}", self.root)) { (words) } }
                    }
                    li aria-current="page" { (page.title) }
                }
            }
        }
    }

    /// A page about one row.
    pub fn about(
        &self,
        kind: Kind,
        id: i32,
        crumb: Option<(String, String)>,
        facts: Markup,
        parts: Vec<Section>,
    ) -> Page {
        let Self { atlas, language, .. } = *self;
        let title = kind.name(atlas, language, id);
        let tier = kind.tier(atlas, id);
        let description = kind.description(atlas, language, id);
        let mut crumbs = vec![(self.word(kind.word()), format!("{}/index.html", kind.folder()))];
        crumbs.extend(crumb);
        let parts: Vec<Section> = parts.into_iter().filter(|part| part.body.is_some()).collect();
        let body = html! {
            article class=(tier.map(|tier| format!("entry t{tier}")).unwrap_or_else(|| "entry".to_owned())) {
                div class="masthead" {
                    div class="emblem" { (kind.glyph(atlas, id).draw(tier)) }
                    div {
                        h1 { (title) }
                        p class="marks" {
                            @if let Some(tier) = tier { (self.tier(tier)) }
                            @if let Some(tag) = kind.tag(atlas, id) { span class="mark" { (language.tag(tag)) } }
                            (self.rarity(kind, id))
                        }
                        @if !description.is_empty() { p class="lead" { (description) } }
                    }
                }
                (facts)
                @if parts.len() > 1 {
                    nav class="jumps" aria-label=(self.word("on-this-page")) {
                        @for part in &parts { a href=(format!("#{}", part.id)) { (part.heading) } }
                    }
                }
                @for part in &parts {
                    @if let Some(body) = &part.body {
                        section id=(part.id) { h2 { (part.heading) } (body) }
                    }
                }
            }
        };
        Page {
            path: format!("{}/{id}.html", kind.folder()),
            title,
            crumbs,
            body,
        }
    }

    fn rarity(&self, kind: Kind, id: i32) -> Markup {
        let atlas = self.atlas;
        let rarity = match kind {
            Kind::Item => atlas.items.get(&id).map(|row| &row.rarity),
            Kind::Cargo => atlas.cargo.get(&id).map(|row| &row.rarity),
            Kind::Resource => atlas.resources.get(&id).map(|row| &row.rarity),
            Kind::Enemy => atlas.enemies.get(&id).map(|row| &row.rarity),
            _ => None,
        };
        html! { @if let Some(rarity) = rarity { span class="mark" { (self.value("rarity", rarity)) } } }
    }
}
