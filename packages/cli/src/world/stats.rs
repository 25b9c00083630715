//! What a world is, in figures.

use std::collections::BTreeMap;

use hexmarch_messages::placement::SiteType;
use serde::Serialize;

use super::land::{Atlas, Land};
use super::make::{chunks_of, Times};
use crate::output::Table;

/// The size of region that `sites_per_region` counts for, in chunks.
const FULL_REGION_CHUNKS: u64 = 3_600;

/// What a world is.
#[derive(Debug, Serialize)]
pub struct Stats {
    /// What it follows from.
    pub seed: u64,
    /// Chunks of 32 x 32 large tiles.
    pub chunks: u64,
    /// Large tiles that are dry, in thousandths.
    pub land_permille: u64,
    /// Large tiles under rivers and lakes, in thousandths.
    pub fresh_water_permille: u64,
    /// Countries on dry land, the largest first.
    pub countries: Vec<Country>,
    /// Kinds of things that content strews, by key.
    pub things: Vec<Kind>,
    /// Kinds of sites, by key.
    pub sites: Vec<Kind>,
    /// Threads that made it.
    pub threads: usize,
    /// Seconds for the places of sites.
    pub sites_seconds: f64,
    /// Seconds for all else.
    pub chunks_seconds: f64,
    /// Chunks a second, of the time for both.
    pub chunks_per_second: f64,
}

/// A country's part of the land.
#[derive(Debug, Serialize)]
pub struct Country {
    /// `biome_type`.
    pub biome: u8,
    /// English name.
    pub name: String,
    /// Of the dry land, in thousandths.
    pub permille: u64,
}

/// How many there are of a kind.
#[derive(Debug, Serialize)]
pub struct Kind {
    /// Key of `resource_desc` or `site_desc`.
    pub id: i32,
    /// English name.
    pub name: String,
    /// How many there are.
    pub count: u64,
    /// How many content wants of sites in a region of this size, rounded; nothing for things.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<u64>,
}

impl Stats {
    /// Counts.
    pub fn new(seed: u64, land: &Land, atlas: &Atlas, times: &Times) -> Self {
        let chunks: u64 = land.regions.iter().map(chunks_of).sum();
        let (mut all, mut dry, mut fresh) = (0_u64, 0_u64, 0_u64);
        let mut countries: BTreeMap<u8, u64> = BTreeMap::new();
        for cell in land.cells() {
            all += 1;
            if cell.depth() == 0 {
                dry += 1;
                *countries.entry(cell.biome).or_default() += 1;
            } else if cell.water_level > 0 {
                fresh += 1;
            }
        }
        let permille = |part: u64, of: u64| (1_000 * part + of / 2).checked_div(of).unwrap_or_default();
        let mut countries: Vec<Country> = countries
            .into_iter()
            .map(|(biome, tiles)| Country {
                biome,
                name: atlas.biome_name(biome),
                permille: permille(tiles, dry),
            })
            .collect();
        countries.sort_by_key(|country| (std::cmp::Reverse(country.permille), country.biome));
        let seconds = times.sites.as_secs_f64() + times.chunks.as_secs_f64();
        Self {
            seed,
            chunks,
            land_permille: permille(dry, all),
            fresh_water_permille: permille(fresh, all),
            countries,
            things: things(land, atlas),
            sites: sites(land, atlas, chunks),
            threads: times.threads,
            sites_seconds: times.sites.as_secs_f64(),
            chunks_seconds: times.chunks.as_secs_f64(),
            chunks_per_second: if seconds > 0.0 { chunks as f64 / seconds } else { 0.0 },
        }
    }

    /// As text, without a line end after the last line.
    pub fn describe(&self) -> String {
        let percent = |permille: u64| format!("{}.{} %", permille / 10, permille % 10);
        let total = |kinds: &[Kind]| kinds.iter().map(|kind| kind.count).sum::<u64>();
        let missing = |kinds: &[Kind]| {
            let names: Vec<&str> = kinds
                .iter()
                .filter(|kind| kind.count == 0)
                .map(|kind| kind.name.as_str())
                .collect();
            if names.is_empty() {
                String::new()
            } else {
                format!("; none of {}", names.join(", "))
            }
        };
        let mut lines = vec![
            format!(
                "seed {}, {} chunks: {} land, {} rivers and lakes",
                self.seed,
                self.chunks,
                percent(self.land_permille),
                percent(self.fresh_water_permille)
            ),
            String::new(),
        ];
        let mut countries = Table::new(&["country", "of the land"]);
        for country in &self.countries {
            countries.row([country.name.clone(), percent(country.permille)]);
        }
        lines.push(countries.render());
        lines.push(String::new());
        let mut sites = Table::new(&["site", "there are", "wanted"]);
        for kind in &self.sites {
            let wanted = kind.wanted.map(|wanted| wanted.to_string()).unwrap_or_default();
            sites.row([kind.name.clone(), kind.count.to_string(), wanted]);
        }
        lines.push(sites.render());
        lines.push(String::new());
        let mut things = Table::new(&["thing", "there are"]);
        for kind in &self.things {
            things.row([kind.name.clone(), kind.count.to_string()]);
        }
        lines.push(things.render());
        lines.push(String::new());
        lines.push(format!("{} sites{}", total(&self.sites), missing(&self.sites)));
        lines.push(format!("{} things{}", total(&self.things), missing(&self.things)));
        lines.push(format!(
            "{:.1} s for sites and {:.1} s for chunks on {} threads: {:.0} chunks/s",
            self.sites_seconds, self.chunks_seconds, self.threads, self.chunks_per_second
        ));
        lines.join("\n")
    }
}

/// Every kind that rules strew, also those of which there is none.
fn things(land: &Land, atlas: &Atlas) -> Vec<Kind> {
    let rules = atlas.world.rules();
    let members = rules.scatter.iter().flat_map(|rule| &rule.members);
    let mut counts: BTreeMap<i32, u64> = members.map(|member| (member.resource_id, 0)).collect();
    for thing in &land.things {
        *counts.entry(thing.resource_id).or_default() += 1;
    }
    let name = |id: i32| {
        atlas
            .resources
            .get(&id)
            .map_or_else(|| id.to_string(), |row| row.name.clone())
    };
    let kind = |(id, count): (i32, u64)| Kind {
        id,
        name: name(id),
        count,
        wanted: None,
    };
    counts.into_iter().map(kind).collect()
}

fn sites(land: &Land, atlas: &Atlas, chunks: u64) -> Vec<Kind> {
    let mut counts: BTreeMap<i32, u64> = BTreeMap::new();
    for site in &land.sites {
        *counts.entry(site.id).or_default() += 1;
    }
    let kind = |row: &hexmarch_messages::placement::SiteDesc| {
        let share = u64::from(row.sites_per_region) * chunks;
        let wanted = (share + FULL_REGION_CHUNKS / 2) / FULL_REGION_CHUNKS;
        let at_least = u64::from(matches!(row.site_type, SiteType::Settlement));
        Kind {
            id: row.id,
            name: row.name.clone(),
            count: counts.get(&row.id).copied().unwrap_or_default(),
            wanted: Some(wanted.max(at_least)),
        }
    };
    atlas.sites.values().map(kind).collect()
}
