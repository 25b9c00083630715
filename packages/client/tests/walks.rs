//! Walks over generated worlds, by a client that sees only what is around it, checked as the server checks them.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use hexmarch_client::bindings::region::{MovementParametersDesc, MovementSpeed, SurfaceType, WaterSpeed};
use hexmarch_client::{
    Crossing, Journey, Order, Pace, SeenGround, Sight, Step, Walker, GROUND_RADIUS, MARGIN_MILLI, MAX_TILES,
    PLAIN_STAT_PERMILLE,
};
use hexmarch_sim_core::chunk::MILLI_PER_CHUNK;
use hexmarch_sim_core::{
    check_move, ChunkCoordinates, Ground, MoveLimits, MoveRequest, OffsetCoordinatesFloat, OffsetCoordinatesLarge,
    RegionLayout, SpeedTable, Track,
};
use hexmarch_world_gen::{BiomeRule, Cell, World};

/// Segments that a walk may have.
const MAX_SEGMENTS: usize = 2_000;
const HYSTERESIS_MILLI: u32 = 3_000;

/// The chunks of a world, made when they are first asked for.
struct Land {
    world: World,
    chunks: RefCell<HashMap<u64, Vec<u8>>>,
}

impl Land {
    fn new(seed: u64) -> Self {
        let biome = |biome, min_elevation, max_elevation| BiomeRule {
            biome,
            temperature: 13.0,
            humidity: 0.5,
            min_elevation,
            max_elevation,
            weight: 1.0,
        };
        Self {
            world: World::new(seed, vec![biome(1, 1, 1_000), biome(6, -1_000, 0)]),
            chunks: RefCell::default(),
        }
    }

    /// As the server stores it; every third tile is paved, every fifth swamp.
    fn cells(&self, index: u64) -> Vec<u8> {
        let mut chunks = self.chunks.borrow_mut();
        let make = || {
            let chunk = self.world.chunk(ChunkCoordinates::from_index(index).unwrap());
            let bytes = |(number, cell): (usize, &Cell)| {
                let [elevation_low, elevation_high] = cell.elevation.to_le_bytes();
                let [water_low, water_high] = cell.water_level.to_le_bytes();
                let surface = if number % 3 == 0 {
                    1
                } else {
                    u8::from(number % 5 == 0) * 2
                };
                [
                    elevation_low,
                    elevation_high,
                    water_low,
                    water_high,
                    cell.biome,
                    surface,
                ]
            };
            chunk.cells.iter().enumerate().flat_map(bytes).collect()
        };
        chunks.entry(index).or_insert_with(make).clone()
    }

    /// What the database of a region has stored.
    fn stored(&self, layout: RegionLayout, region: u8) -> impl Fn(u64) -> Option<Vec<u8>> + '_ {
        move |index| {
            let chunk = ChunkCoordinates::from_index(index)?;
            let is_own = layout.region_at(middle_of(chunk.x, chunk.z)) == Some(region);
            is_own.then(|| self.cells(index))
        }
    }

    /// The middle of the nearest dry tile to a point, looked for to the north east.
    fn dry_near(&self, point: OffsetCoordinatesFloat) -> Option<OffsetCoordinatesFloat> {
        let first = OffsetCoordinatesLarge::from(point);
        let mut tiles = (0..40).map(|step| OffsetCoordinatesLarge::new(first.x + step, first.z + step, 1));
        let everything = SeenGround::new(|index| Some(self.cells(index)), None);
        let dry = |tile: &OffsetCoordinatesLarge| everything.cell(*tile).is_some_and(|cell| cell.depth() == 0);
        tiles.find(dry)?.center()
    }
}

fn rules() -> MovementParametersDesc {
    let speed = |surface, speed| MovementSpeed { surface, speed };
    let water = |min_depth, speed| WaterSpeed { min_depth, speed };
    MovementParametersDesc {
        id: 0,
        default_speed: vec![
            speed(SurfaceType::Ground, 5_000),
            speed(SurfaceType::Paved, 6_500),
            speed(SurfaceType::Swamp, 2_500),
        ],
        water_speed: vec![water(1, 3_500), water(4, 2_200)],
        running_permille: 1_600,
        strike_limit: 5,
        strike_window_ms: 10_000,
        border_hysteresis: HYSTERESIS_MILLI,
    }
}

/// The same rules as the server has them.
fn table() -> SpeedTable {
    let water = |min_depth, milli_per_second| hexmarch_sim_core::WaterSpeed {
        min_depth,
        milli_per_second,
    };
    SpeedTable {
        surfaces: vec![5_000, 6_500, 2_500],
        other_surfaces: 0,
        water: vec![water(1, 3_500), water(4, 2_200)],
        running_permille: 1_600,
    }
}

/// A client, and what the server keeps of it.
struct Client<'a> {
    land: &'a Land,
    layout: RegionLayout,
    region: u8,
    sight: Sight,
    seen: BTreeSet<u64>,
    track: Track,
    now_ms: u64,
    walked_milli: u64,
    deepest: u16,
}

impl<'a> Client<'a> {
    fn new(land: &'a Land, layout: RegionLayout, at: OffsetCoordinatesFloat) -> Self {
        let mut client = Self {
            land,
            layout,
            region: layout.region_at(at).unwrap(),
            sight: Sight::new(GROUND_RADIUS, MARGIN_MILLI),
            seen: BTreeSet::new(),
            track: Track::placed(at, 0),
            now_ms: 10_000,
            walked_milli: 0,
            deepest: 0,
        };
        client.look();
        client
    }

    fn at(&self) -> OffsetCoordinatesFloat {
        self.track.segment.destination
    }

    fn look(&mut self) {
        let mut orders = self.sight.observe(self.at());
        while let Some(order) = orders.pop() {
            match order {
                Order::Watch(chunk) => {
                    self.seen.insert(chunk);
                    orders.extend(self.sight.came(chunk));
                }
                Order::Drop(chunk) => {
                    self.seen.remove(&chunk);
                }
            }
        }
    }

    fn known(&self) -> SeenGround<impl Fn(u64) -> Option<Vec<u8>> + '_> {
        let cells = |index: u64| self.seen.contains(&index).then(|| self.land.cells(index));
        let own = self.land.stored(self.layout, self.region);
        SeenGround::new(
            move |index| own(index).and_then(|_| cells(index)),
            Some((self.layout, self.region)),
        )
    }

    /// Walks towards a goal until there, or until no way leads nearer, or the region changes. Returns whether it got there.
    fn go(&mut self, goal: OffsetCoordinatesFloat) -> bool {
        let (mut journey, region, rules) = (Journey::new(goal), self.region, rules());
        let pace = Pace::new(Some(&rules), PLAIN_STAT_PERMILLE);
        for _ in 0..MAX_SEGMENTS {
            let next = journey.next(&Walker {
                at: self.at(),
                pace: &pace,
                ground: &self.known(),
            });
            let Some(step) = next.filter(|_| self.region == region) else {
                return self.at() == journey.goal();
            };
            self.walk(&step);
        }
        panic!("no end of the walk to {goal:?}");
    }

    fn reachable(&self) -> Vec<OffsetCoordinatesFloat> {
        let rules = rules();
        let walker = Walker {
            at: self.at(),
            pace: &Pace::new(Some(&rules), PLAIN_STAT_PERMILLE),
            ground: &self.known(),
        };
        walker.reachable(MAX_TILES)
    }

    /// What the server does with a segment.
    fn walk(&mut self, step: &Step) {
        let request = step.request(self.now_ms);
        let request = MoveRequest::from_client(
            request.timestamp,
            (request.origin_x, request.origin_z),
            (request.destination_x, request.destination_z),
            request.dimension,
            request.duration,
            request.running,
        );
        let (request, table) = (request.unwrap(), table());
        assert_eq!(request.destination, step.destination, "rounded once, and not again");
        let ground = SeenGround::new(
            self.land.stored(self.layout, self.region),
            Some((self.layout, self.region)),
        );
        let (limits, speed) = (MoveLimits::default(), table.with_stat(PLAIN_STAT_PERMILLE));
        let checked = check_move(&self.track, &request, self.now_ms, &limits, &speed, &ground);
        self.track = checked.unwrap_or_else(|rejection| panic!("{rejection}: {step:?}"));
        assert_eq!(self.track.lead_us, 0, "an honest pace: {step:?}");
        self.now_ms += u64::from(step.duration_ms);
        self.walked_milli += step.origin.distance_milli(step.destination).unwrap();
        let depth = ground.cell(self.at().into()).unwrap().depth();
        self.deepest = self.deepest.max(depth);
        if let Some(region) = self.layout.crossing(self.region, self.at(), HYSTERESIS_MILLI) {
            self.region = region;
            self.sight = Sight::new(GROUND_RADIUS, MARGIN_MILLI);
            self.seen.clear();
        }
        self.look();
    }
}

fn middle_of(x: i32, z: i32) -> OffsetCoordinatesFloat {
    OffsetCoordinatesFloat::overworld(x * MILLI_PER_CHUNK + 48_000, z * MILLI_PER_CHUNK + 48_000)
}

#[test]
fn between_far_places() {
    // Far from the corner of the world, where requests have no thousandths.
    let layout = RegionLayout::new(1, 1, 900, 900).unwrap();
    let (mut there, mut tried, mut walked, mut deepest) = (0, 0, 0, 0);
    for seed in 1..=4 {
        let land = Land::new(seed);
        for (from, to) in [((300, 300), (304, 302)), ((640, 420), (637, 424)), ((20, 30), (22, 35))] {
            let (from, to) = (middle_of(from.0, from.1), middle_of(to.0, to.1));
            let Some((from, to)) = land.dry_near(from).zip(land.dry_near(to)) else {
                continue;
            };
            let mut client = Client::new(&land, layout, from);
            tried += 1;
            there += u32::from(client.go(to));
            walked += client.walked_milli / 1_000;
            deepest = deepest.max(client.deepest);
        }
    }
    println!("{there} of {tried} arrived, {walked} tiles walked, at most {deepest} deep");
    assert!(tried >= 5 && there * 2 >= tried, "{there} of {tried} arrived");
    assert!(deepest < MoveLimits::default().swim_depth, "{deepest} deep");
}

#[test]
fn into_the_next_region() {
    let layout = RegionLayout::new(4, 2, 6, 6).unwrap();
    let (mut crossed, mut tried) = (0, 0);
    for seed in [2, 5, 8, 11] {
        let land = Land::new(seed);
        for (region, neighbour, start) in [(1, 2, (2, 2)), (2, 4, (9, 3)), (4, 3, (8, 8)), (3, 1, (1, 9))] {
            let Some(start) = land.dry_near(middle_of(start.0, start.1)) else {
                continue;
            };
            let mut client = Client::new(&land, layout, start);
            let crossing = Crossing {
                layout,
                region,
                neighbour,
                hysteresis_milli: HYSTERESIS_MILLI,
            };
            tried += 1;
            while let Some(stage) = crossing.stage(client.at(), &client.reachable()) {
                let is_there = client.go(stage);
                if client.region != region {
                    break;
                }
                assert!(is_there, "seed {seed}: what can be reached is reached, {stage:?}");
            }
            if client.region == neighbour {
                crossed += 1;
                // From there one gets on.
                assert!(
                    !client.reachable().is_empty(),
                    "seed {seed}: stuck at {:?}",
                    client.at()
                );
            }
        }
    }
    println!("{crossed} of {tried} crossed");
    assert!(tried >= 8 && crossed * 2 >= tried, "{crossed} of {tried} crossed");
}
