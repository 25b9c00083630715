//! What fights back.

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::ScheduleAt;

use crate::inventory::Rarity;
use crate::loot::ProbabilisticItemStack;
use crate::skill::ExperienceStackF32;

/// A kind of enemy.
#[table(region, name = enemy_desc, public)]
#[static_data_staging_table]
pub struct EnemyDesc {
    /// Key.
    #[primary_key]
    #[range(1..=i32::MAX)]
    pub enemy_type: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// Tier, 1 and up.
    #[range(1..=10)]
    pub tier: i32,
    /// What kind of thing.
    #[length(1..=40)]
    pub tag: String,
    /// How seldom.
    pub rarity: Rarity,
    /// Whether it is game: it flees, and hunting weapons are for it.
    pub huntable: bool,
    /// How it gets about.
    #[references(pathfinding_desc)]
    pub pathfinding_id: i32,
    /// Whom it attacks.
    #[references(targeting_matrix_desc)]
    pub targeting_matrix_id: i32,
    /// What it does in a fight, the first it can.
    #[references(combat_action_desc)]
    #[length(0..=8)]
    pub combat_actions_ids: Vec<i32>,
    /// Thousandths of a small tile a second, at leisure.
    #[range(0..=50_000)]
    pub min_speed: i32,
    /// Thousandths of a small tile a second, in haste.
    #[range(1..=50_000)]
    pub max_speed: i32,
    /// Small tiles.
    #[range(0.1..=20.0)]
    pub radius: f32,
    /// Health points.
    #[range(1..=1_000_000)]
    pub max_health: i32,
    /// Health points a second, out of danger.
    #[range(0.0..=10_000.0)]
    pub health_regen_quantity: f32,
    /// Takes the edge off blows.
    #[range(0..=10_000)]
    pub armor: i32,
    /// Finds the gap.
    #[range(0..=10_000)]
    pub accuracy: i32,
    /// Is not where the blow lands.
    #[range(0..=10_000)]
    pub evasion: i32,
    /// Adds to the blow.
    #[range(0..=10_000)]
    pub strength: i32,
    /// Least damage of a blow.
    #[range(0..=100_000)]
    pub min_damage: i32,
    /// Most damage of a blow.
    #[range(0..=100_000)]
    pub max_damage: i32,
    /// Factor on the waiting times of its actions.
    #[range(0.1..=10.0)]
    pub cooldown_multiplier: f32,
    /// Small tiles at which it notices by day.
    #[range(0..=200)]
    pub daytime_detect_range: i32,
    /// Small tiles at which it attacks by day.
    #[range(0..=200)]
    pub daytime_aggro_range: i32,
    /// Small tiles at which it gives up by day.
    #[range(0..=400)]
    pub daytime_deaggro_range: i32,
    /// Small tiles at which it notices by night.
    #[range(0..=200)]
    pub nighttime_detect_range: i32,
    /// Small tiles at which it attacks by night.
    #[range(0..=200)]
    pub nighttime_aggro_range: i32,
    /// Small tiles at which it gives up by night.
    #[range(0..=400)]
    pub nighttime_deaggro_range: i32,
    /// Part of its health below which it flees, 0 for never.
    #[range(0.0..=1.0)]
    pub deaggro_health_threshold: f32,
    /// What may be gathered from it when it has fallen, each for itself.
    pub extracted_item_stacks: Vec<ProbabilisticItemStack>,
    /// What one learns by each point of damage.
    #[length(1..=4)]
    pub experience_per_damage_dealt: Vec<ExperienceStackF32>,
}

/// How many of an enemy live where.
#[table(region, name = enemy_ai_params_desc)]
#[static_data_staging_table]
pub struct EnemyAiParamsDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The enemy.
    #[index(btree)]
    #[references(enemy_desc)]
    pub enemy_type: i32,
    /// Where.
    #[references(biome_desc)]
    pub biome: i32,
    /// How many keep together.
    #[range(1..=64)]
    pub avg_herd_size: i32,
    /// By how much that differs, as a part of it.
    #[range(0.0..=1.0)]
    pub var_herd_size: f32,
    /// Herds in a chunk.
    #[range(0.0..=8.0)]
    pub herds_per_chunk: f32,
    /// Small tiles that they stray from home.
    #[range(0..=300)]
    pub roaming_distance: i32,
    /// Part of a missing herd that comes back each time.
    #[range(0.0..=1.0)]
    pub spawn_eagerness: f32,
    /// Hour of the day from which they are about, 0 to 24.
    #[range(0.0..=24.0)]
    pub time_of_day_start: f32,
    /// Hour of the day to which they are about; before the start is over midnight.
    #[range(0.0..=24.0)]
    pub time_of_day_end: f32,
    /// Minutes between those times.
    #[range(0.1..=10_080.0)]
    pub spawn_frequency_minutes: f32,
}

/// What an enemy gains when many fight it.
#[table(region, name = enemy_scaling_desc)]
#[static_data_staging_table]
pub struct EnemyScalingDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// The enemy.
    #[index(btree)]
    #[references(enemy_desc)]
    pub enemy_type: i32,
    /// From so many on.
    #[range(2..=100)]
    pub required_players_count: i32,
    /// Added to its armour.
    #[range(0..=10_000)]
    pub armor_bonus: i32,
    /// Added to its strength.
    #[range(0..=10_000)]
    pub strength_bonus: i32,
    /// Added to its accuracy.
    #[range(0..=10_000)]
    pub accuracy_bonus: i32,
    /// Added to its evasion.
    #[range(0..=10_000)]
    pub evasion_bonus: i32,
}

/// What an enemy is at.
#[sats_type]
#[derive(Copy, Eq)]
pub enum EnemyStatus {
    /// Stands about.
    Idle,
    /// Walks about near its home.
    Roaming,
    /// Runs after its target.
    Chasing,
    /// Strikes at its target, or is about to.
    Fighting,
    /// Runs from somebody.
    Fleeing,
    /// Goes home and minds nobody.
    Returning,
}

/// An enemy that is about. Where it is says its `mobile_entity_state`, how it fares its `health_state`.
#[table(region, name = enemy_state, public)]
#[delete]
#[transfer(never)]
pub struct EnemyState {
    /// The enemy.
    #[primary_key]
    pub entity_id: u64,
    /// Those that it keeps with.
    #[index(btree)]
    pub herd_entity_id: u64,
    /// What kind.
    #[references(enemy_desc)]
    pub enemy_type: i32,
    /// What it is at.
    pub status: EnemyStatus,
    /// Which way it faces, 0 to 5.
    pub direction: i32,
    /// Whom it is after, 0 for nobody.
    pub target_entity_id: u64,
}

/// Enemies that live together, whether they are about or not.
#[table(region, name = herd_state)]
#[delete]
#[transfer(never)]
pub struct HerdState {
    /// The herd.
    #[primary_key]
    pub entity_id: u64,
    /// What kind.
    #[references(enemy_desc)]
    pub enemy_type: i32,
    /// How they live; without, they stay near and are about at all hours.
    #[references(enemy_ai_params_desc)]
    pub enemy_ai_params_desc_id: Option<i32>,
    /// What they guard a building by; says when they come back.
    #[references(building_spawn_desc)]
    pub building_spawn_desc_id: Option<i32>,
    /// Chunk of its home.
    #[index(btree)]
    pub chunk_index: u64,
    /// Its home: small tile.
    pub x: i32,
    /// Its home: small tile.
    pub z: i32,
    /// 1 is the overworld.
    pub dimension: u32,
    /// How many they are when none is missing.
    pub wanted: u32,
    /// How many they are.
    pub current_population: u32,
    /// When some of the missing come back, milliseconds since 1970; of no meaning while none is missing.
    pub ready_at_ms: u64,
}

/// A herd with somebody near: its enemies are about.
#[table(region, name = awake_herd_state)]
#[delete]
#[transfer(never)]
pub struct AwakeHerdState {
    /// The herd.
    #[primary_key]
    pub entity_id: u64,
    /// When somebody was near, to within some seconds: milliseconds since 1970.
    #[index(btree)]
    pub seen_ms: u64,
    /// When to look after it: milliseconds since 1970.
    #[index(btree)]
    pub due_ms: u64,
}

/// A blow that is under way.
#[sats_type]
#[derive(Copy, Eq)]
pub struct Blow {
    /// Which of the enemy's actions: its place in their list.
    pub action: u32,
    /// At whom.
    pub target_entity_id: u64,
    /// When it lands, milliseconds since 1970.
    pub lands_ms: u64,
}

/// What an enemy keeps in mind.
#[table(region, name = enemy_mind_state)]
#[delete]
#[transfer(never)]
pub struct EnemyMindState {
    /// The enemy.
    #[primary_key]
    pub entity_id: u64,
    /// When it thinks again, milliseconds since 1970.
    #[index(btree)]
    pub due_ms: u64,
    /// When it regains health, milliseconds since 1970; the greatest number while it is unharmed.
    #[index(btree)]
    pub regen_due_ms: u64,
    /// Who hurt it, 0 for nobody.
    pub provoked_by: u64,
    /// When it forgets that, milliseconds since 1970.
    pub provoked_until_ms: u64,
    /// When each of its actions can be done again, in their order; none for those not done yet.
    pub ready_ms: Vec<u64>,
    /// When any can be done again.
    pub any_ready_ms: u64,
    /// Until when it does not look for a way again, having found none: milliseconds since 1970.
    pub stuck_until_ms: u64,
    /// The blow that it strikes.
    pub blow: Option<Blow>,
}

/// Where the search for players whose surroundings wake up stands. No row while one run sees them all.
#[table(region, name = enemy_regen_cursor)]
pub struct EnemyRegenCursor {
    /// Always 0.
    #[primary_key]
    pub id: u8,
    /// The last character looked at.
    pub after: u64,
}

/// What became of a blow.
#[sats_type]
#[derive(Copy, Eq)]
pub enum EnemyAttackStage {
    /// It begins.
    Begun,
    /// It hits.
    Hit,
    /// Its target is out of its reach.
    Missed,
}

/// An enemy strikes.
#[table(region, name = enemy_attack_event)]
#[event_table]
pub struct EnemyAttackEvent {
    /// Key.
    #[primary_key]
    #[auto_inc]
    pub scheduled_id: u64,
    /// Now.
    pub scheduled_at: ScheduleAt,
    /// What clients subscribe by: the chunk of the enemy.
    #[index(btree)]
    pub chunk_index: u64,
    /// The enemy.
    pub enemy_entity_id: u64,
    /// Whom it strikes.
    #[index(btree)]
    pub target_entity_id: u64,
    /// What it does.
    pub combat_action_id: i32,
    /// How far it is.
    pub stage: EnemyAttackStage,
    /// Milliseconds from the beginning until it lands.
    pub lead_in_ms: u32,
    /// Health points that the target lost.
    pub damage: f32,
}
