//! What is taken for granted of the world: how long it takes to find things, to walk and to win.

use std::collections::HashMap;

use hexmarch_messages::movement::MovementParametersDesc;

use super::super::deeds::{Deed, Deeds, Thing, Way};
use super::super::Game;

/// Small tiles along a chunk.
const TILES_PER_CHUNK: f64 = 96.0;
/// Seconds to the next of a kind: never fewer, never more; what is farther is called a journey.
const FIND_SECONDS: (f64, f64) = (3.0, 180.0);
/// Seconds to where other things grow than those that one gathered last.
pub(super) const JOURNEY_SECONDS: f64 = 120.0;
/// Seconds to a traveller and back.
const TRADER_SECONDS: f64 = 420.0;
/// Seconds to a chest that is full again.
const CHEST_SECONDS: f64 = 900.0;
/// Seconds to a building that the world has, once.
const RUIN_SECONDS: f64 = 600.0;
/// Seconds to carry a full backpack home and to come back.
const HAUL_SECONDS: f64 = 180.0;
/// Seconds to carry a piece of cargo home, unhindered.
const CARGO_SECONDS: f64 = 60.0;
/// Volume of a pocket of the backpack.
const POCKET_VOLUME: f64 = 6_000.0;
/// Pockets of a backpack, unless the content says otherwise.
const POCKETS: f64 = 20.0;
/// Damage a second of bare hands.
const FIST_DAMAGE_PER_SECOND: f64 = 4.0;
/// A fight takes so much longer than its blows: misses, steps aside, healing.
const FIGHT_FACTOR: f64 = 2.0;
/// Seconds to fill a kiln, and to empty it.
pub(super) const HANDLING_SECONDS: f64 = 6.0;
/// Stamina points a second at rest, unless the content says otherwise.
const STAMINA_PER_SECOND: f64 = 1.0;
/// Small tiles a second that one runs, unless the content says otherwise.
const TILES_PER_SECOND: f64 = 8.0;
const MILLI: f64 = 1_000.0;
const MINUTES_PER_HOUR: f64 = 60.0;

/// What the rows say of the world, in seconds and points.
pub(super) struct World<'a> {
    game: &'a Game,
    /// Seconds to the next resource of each kind.
    resources: HashMap<i32, f64>,
    /// Seconds to the next enemy of each kind.
    enemies: HashMap<i32, f64>,
    /// Volume that a backpack holds.
    backpack: f64,
    /// Seconds of rest for each point of stamina.
    pub(super) rest: f64,
    /// Points of satiation an hour.
    pub(super) hunger_per_hour: f64,
    /// Progress of a stroke with bare hands.
    pub(super) hand_power: f64,
    /// Progress of a stroke that ten levels add, as a part of the tool's.
    per_ten_levels: f64,
    /// Levels with their points, rising.
    levels: Vec<(i32, f64)>,
    /// What luck makes of a stroke on average.
    luck: f64,
}

impl<'a> World<'a> {
    pub(super) fn of(game: &'a Game) -> Self {
        let running = |row: &MovementParametersDesc| {
            let speed = row.default_speed.first().map(|speed| f64::from(speed.speed) / MILLI)?;
            Some(speed * f64::from(row.running_permille) / MILLI)
        };
        let speed = game
            .movement
            .get(0)
            .and_then(running)
            .unwrap_or(TILES_PER_SECOND)
            .max(0.1);
        // Evenly strewn, the next one is half of the mean distance away.
        let seconds = |per_chunk: f64| {
            let tiles = TILES_PER_CHUNK / per_chunk.max(0.000_1).sqrt() / 2.0;
            (tiles / speed).clamp(FIND_SECONDS.0, FIND_SECONDS.1)
        };
        let mut per_chunk: HashMap<i32, f64> = HashMap::new();
        for scatter in &game.scatter.rows {
            let members = game
                .clumps
                .get(scatter.resource_clump_id)
                .into_iter()
                .flat_map(|clump| &clump.members);
            for member in members {
                *per_chunk.entry(member.resource_id).or_default() += f64::from(scatter.density_permille) / MILLI;
            }
        }
        let mut herds: HashMap<i32, f64> = HashMap::new();
        for params in &game.enemy_params.rows {
            let count = f64::from(params.herds_per_chunk) * f64::from(params.avg_herd_size);
            *herds.entry(params.enemy_type).or_default() += count;
        }
        let stat = |wanted: &str| {
            let mut found = game
                .stats
                .rows
                .iter()
                .filter(|row| format!("{:?}", row.stat_type) == wanted);
            found.next().map(|row| f64::from(row.value))
        };
        let work = game.work.get(0);
        let luck = work.map_or(0.0, |work| {
            f64::from(work.crit_permille) / MILLI * (f64::from(work.crit_multiplier) - 1.0)
        });
        Self {
            game,
            resources: per_chunk.into_iter().map(|(id, count)| (id, seconds(count))).collect(),
            enemies: herds.into_iter().map(|(id, count)| (id, seconds(count))).collect(),
            backpack: stat("BackpackPockets").unwrap_or(POCKETS).max(1.0) * POCKET_VOLUME,
            rest: 1.0 / stat("StaminaRegen").unwrap_or(STAMINA_PER_SECOND).max(0.01),
            hunger_per_hour: game
                .survival
                .get(0)
                .map_or(0.0, |row| f64::from(row.hunger_per_minute) * MINUTES_PER_HOUR),
            hand_power: work.map_or(1.0, |work| f64::from(work.hand_power)),
            per_ten_levels: work.map_or(0.0, |work| f64::from(work.power_per_ten_levels_permille) / MILLI),
            levels: levels(game),
            luck: 1.0 + luck,
        }
    }

    /// Progress of a stroke.
    pub(super) fn stroke(&self, power: f64, level: i32) -> f64 {
        (power * (1.0 + self.per_ten_levels * f64::from(level) / 10.0) * self.luck).max(0.01)
    }

    /// Seconds of walking that doing a deed once takes, of those that one walks for.
    pub(super) fn walk(&self, deeds: &Deeds, deed: &Deed) -> f64 {
        let first =
            |parts: &[super::super::deeds::Part]| parts.first().and_then(|part| deeds.things.get(part.thing)).copied();
        let seconds = match (deed.way, first(&deed.gives)) {
            (Way::Found, Some(Thing::Resource(id))) => self.resources.get(&id).copied().unwrap_or(FIND_SECONDS.1),
            (Way::Found, Some(Thing::Enemy(id))) => self.enemies.get(&id).copied().unwrap_or(FIND_SECONDS.1),
            (Way::Found, Some(Thing::Chest(_))) => CHEST_SECONDS,
            (Way::Found, Some(Thing::Building(_))) => RUIN_SECONDS,
            (Way::Buy, _) => {
                let stock = self
                    .game
                    .trades
                    .rows
                    .get(deed.row)
                    .map_or(1, |trade| trade.starting_stock);
                TRADER_SECONDS / f64::from(stock.max(1))
            }
            _ => 0.0,
        };
        seconds + self.haul(deeds, deed)
    }

    /// Seconds to carry home what is taken from the land.
    fn haul(&self, deeds: &Deeds, deed: &Deed) -> f64 {
        if !matches!(deed.way, Way::Gather | Way::Fight | Way::OpenChest) {
            return 0.0;
        }
        let each = deed.gives.iter().map(|part| match deeds.things.get(part.thing) {
            Some(Thing::Item(id)) => {
                let volume = self.game.items.get(*id).map_or(0, |item| item.volume);
                f64::from(volume) * part.quantity / self.backpack * HAUL_SECONDS
            }
            Some(Thing::Cargo(id)) => {
                let modifier = self
                    .game
                    .cargo
                    .get(*id)
                    .map_or(1.0, |cargo| f64::from(cargo.movement_modifier));
                CARGO_SECONDS / modifier.max(0.05) * part.quantity
            }
            _ => 0.0,
        });
        each.sum()
    }

    /// Seconds of a fight with a weapon.
    pub(super) fn fight(&self, health: f64, weapon: Option<i32>) -> f64 {
        let row = weapon.and_then(|item| self.game.weapons.get(item));
        let damage = row.map(|row| {
            f64::from(row.min_damage.saturating_add(row.max_damage)) / 2.0 / f64::from(row.cooldown).max(0.1)
        });
        health / damage.unwrap_or(0.0).max(FIST_DAMAGE_PER_SECOND) * FIGHT_FACTOR
    }

    /// Seconds until a traveller has new stock, for each time that one trades.
    pub(super) fn restock(&self, deed: &Deed) -> f64 {
        let trade = self.game.trades.rows.get(deed.row).filter(|_| deed.way == Way::Buy);
        trade.map_or(0.0, |trade| {
            f64::from(trade.restock_seconds) / f64::from(trade.starting_stock.max(1))
        })
    }

    /// Points that a level takes.
    pub(super) fn points(&self, level: i32) -> f64 {
        self.game.levels.get(level).map_or(0.0, |row| row.experience as f64)
    }

    /// The level that so many points have.
    pub(super) fn level(&self, points: f64) -> i32 {
        let index = self.levels.partition_point(|(_, experience)| *experience <= points);
        let reached = index.checked_sub(1).and_then(|index| self.levels.get(index));
        reached.map_or(1, |(level, _)| *level)
    }
}

/// Levels with their points, rising: one that takes less than a lower one was reported, and takes as much as that here.
fn levels(game: &Game) -> Vec<(i32, f64)> {
    let rows = game.levels.rows.iter().map(|row| (row.level, row.experience as f64));
    let mut levels: Vec<(i32, f64)> = rows.collect();
    levels.sort_by_key(|(level, _)| *level);
    let mut most: f64 = 0.0;
    for (_, points) in &mut levels {
        most = most.max(*points);
        *points = most;
    }
    levels
}
