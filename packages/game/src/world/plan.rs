//! What slices of the making of a world have in common: kept in memory from one to the next, and made anew from rows
//! when it is not there.

use std::cell::RefCell;

use hexmarch_base::Failure;
use hexmarch_messages::world::{
    site_state, world_content_state, PlacedSite, SiteState, WorldContent, WorldDefinitionState, WorldGenerationState,
    WorldMode,
};
use hexmarch_sim_core::{HexDirection, OffsetCoordinatesLarge, RegionBounds, OVERWORLD};
use hexmarch_world_gen::sites::SiteCursor;
use hexmarch_world_gen::{Maker, Site, SiteSearch, World, WorldRules};
use spacetimedb::sats::bsatn;
use spacetimedb::{ReducerContext, Table, Timestamp};

/// Of which world, with how many sites.
type Stamp = (Timestamp, u64);

thread_local! {
    static SEARCH: RefCell<Option<(Stamp, World, SiteSearch)>> = const { RefCell::new(None) };
    static MAKER: RefCell<Option<(Stamp, Maker)>> = const { RefCell::new(None) };
}

/// What the world is made by.
fn rules(ctx: &ReducerContext) -> Result<WorldRules, Failure> {
    let kept = ctx.db.world_content_state().id().find(0);
    let bytes = kept.map(|kept| kept.content).unwrap_or_default();
    let content: Result<WorldContent, _> = bsatn::from_slice(&bytes);
    content
        .map(|content| content.rules())
        .map_err(|error| Failure::new(format!("world.broken_definition|{error}")))
}

/// The world before it has sites.
fn world(definition: &WorldDefinitionState, rules: &WorldRules, bounds: &RegionBounds) -> World {
    let world = World::new(definition.seed, rules.biomes.clone());
    match definition.mode {
        WorldMode::Island => world.with_island_in(bounds),
        WorldMode::Flat | WorldMode::Generated | WorldMode::Uploaded => world,
    }
}

/// Sites that the search has found in a slice, and where it stands.
pub struct Found {
    /// Those of this slice.
    pub sites: Vec<PlacedSite>,
    /// Where the next slice begins.
    pub cursor: SiteCursor,
    /// Kinds of sites that are done, and all.
    pub progress: (u32, u32),
    /// Whether there are no more.
    pub is_finished: bool,
}

/// Goes on with the search for sites.
pub fn search(
    ctx: &ReducerContext,
    definition: &WorldDefinitionState,
    generation: &WorldGenerationState,
    bounds: &RegionBounds,
    budget: usize,
) -> Result<Found, Failure> {
    let cursor = SiteCursor {
        rule: generation.site_rule,
        offer: generation.site_offer,
        placed: generation.sites_of_rule,
    };
    let stamp = (definition.began_at, ctx.db.site_state().count());
    SEARCH.with_borrow_mut(|kept| {
        let fits = |(of, _, search): &(Stamp, World, SiteSearch)| *of == stamp && search.cursor() == cursor;
        let (_, world, mut search) = match kept.take().filter(fits) {
            Some(kept) => kept,
            None => {
                let rules = rules(ctx)?;
                let chosen = sites(ctx, &rules)?;
                let search = SiteSearch::resume(definition.seed, bounds, &rules.sites, &chosen, cursor);
                (stamp, world(definition, &rules, bounds), search)
            }
        };
        let before = search.chosen().len();
        let is_finished = search.step(&world, budget);
        let found: Vec<PlacedSite> = search.chosen().skip(before).map(placed).collect();
        let (done, all) = search.progress();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let result = Found {
            cursor: search.cursor(),
            progress: (count(done), count(all)),
            is_finished,
            sites: found,
        };
        // Right as long as the slice is committed: otherwise the cursor or the count of sites is another.
        let stamp = (stamp.0, stamp.1.saturating_add(result.sites.len() as u64));
        if !is_finished {
            *kept = Some((stamp, world, search));
        }
        Ok(result)
    })
}

/// Calls `with` with the maker of this world's chunks.
pub fn with_maker<T>(
    ctx: &ReducerContext,
    definition: &WorldDefinitionState,
    with: impl FnOnce(&Maker) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let stamp = (definition.began_at, ctx.db.site_state().count());
    MAKER.with_borrow_mut(|kept| {
        let maker = match kept.take().filter(|(of, _)| *of == stamp) {
            Some((_, maker)) => maker,
            None => {
                let rules = rules(ctx)?;
                let sites = sites(ctx, &rules)?;
                let (_, bounds) = super::bounds(ctx)?;
                let world = world(definition, &rules, &bounds);
                Maker::new(world, definition.seed, rules, sites)
            }
        };
        let (_, maker) = kept.insert((stamp, maker));
        with(maker)
    })
}

/// Forgets what is kept: the world is made.
pub fn forget() {
    SEARCH.with_borrow_mut(|kept| *kept = None);
    MAKER.with_borrow_mut(|kept| *kept = None);
}

/// The sites that are there, as the generator takes them.
fn sites(ctx: &ReducerContext, rules: &WorldRules) -> Result<Vec<Site>, Failure> {
    let rows = ctx.db.site_state().iter();
    let mut sites = rows.map(|row| site(&row, rules)).collect::<Result<Vec<Site>, _>>()?;
    sites.sort_by_key(|site| (site.tile, site.id));
    Ok(sites)
}

/// A site as the generator takes it.
pub fn site(row: &SiteState, rules: &WorldRules) -> Result<Site, Failure> {
    let rule = rules.sites.iter().find(|rule| rule.id == row.site_id);
    let rule = rule.ok_or_else(|| Failure::new(format!("world.no_such_site|{}", row.site_id)))?;
    Ok(Site::new(
        rule,
        OffsetCoordinatesLarge::new(row.x, row.z, OVERWORLD),
        HexDirection::from_index(row.direction_index),
        row.elevation,
    ))
}

fn placed(site: &Site) -> PlacedSite {
    PlacedSite {
        site_id: site.id,
        x: site.tile.x,
        z: site.tile.z,
        elevation: site.level,
        direction_index: i32::from(site.direction.index()),
    }
}
