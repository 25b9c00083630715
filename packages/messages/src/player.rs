//! A player's character in a region. Every row here travels.

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::{Identity, Timestamp};

/// How rows of a player are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlayerKey {
    /// The character.
    pub entity_id: u64,
    /// Its owner.
    pub identity: Identity,
}

/// Whose character this is. Its presence means: the player is in this region, and in no other.
#[table(region, name = user_state, public)]
#[delete]
#[transfer(player)]
pub struct UserState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// Its owner.
    #[unique]
    pub identity: Identity,
    /// Whether a slot is kept for them: `sign_in` will pass.
    pub can_sign_in: bool,
}

/// A character's life.
#[table(region, name = player_state, public)]
#[delete]
#[transfer(player)]
pub struct PlayerState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// Whether they are in the world.
    pub signed_in: bool,
    /// When they last signed in, seconds since 1970.
    pub sign_in_timestamp: i64,
    /// Seconds signed in over all sessions that ended.
    pub time_played: u64,
    /// How often they changed region.
    pub region_changes: u32,
}

/// A character's name, copied from the global database.
#[table(region, name = player_username, public)]
#[delete]
#[transfer(player)]
pub struct PlayerUsername {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// As written by the player.
    pub username: String,
}

/// Hit points.
#[table(region, name = health_state, public)]
#[delete]
#[transfer(player)]
pub struct HealthState {
    /// The character or creature.
    #[primary_key]
    pub entity_id: u64,
    /// Points; dead at 0.
    pub health: f32,
    /// When it last sank.
    pub last_health_decrease_timestamp: Timestamp,
}

/// Breath for work.
#[table(region, name = stamina_state, public)]
#[delete]
#[transfer(player)]
pub struct StaminaState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// Points.
    pub stamina: f32,
    /// When it last sank.
    pub last_stamina_decrease_timestamp: Timestamp,
}

/// What a stat counts.
#[sats_type]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum CharacterStatType {
    /// Most hit points.
    MaxHealth,
    /// Most stamina.
    MaxStamina,
    /// Factor on walking speed.
    MovementMultiplier,
    /// Pockets in the backpack.
    BackpackPockets,
    /// Health points a second, out of danger.
    HealthRegen,
    /// Stamina points a second, out of danger.
    StaminaRegen,
    /// Most of what hunger takes from.
    MaxSatiation,
    /// Factor on how fast one gets hungry.
    HungerMultiplier,
    /// Takes the edge off blows.
    Armor,
    /// Finds the gap.
    Accuracy,
    /// Is not where the blow lands.
    Evasion,
    /// Adds to the blow.
    Strength,
    /// Factor on the waiting times of combat actions.
    CooldownMultiplier,
    /// Factor on gathering.
    GatheringSpeed,
    /// Factor on crafting.
    CraftingSpeed,
    /// Factor on what is learned.
    ExperienceMultiplier,
    /// Levels of warmth against cold.
    ColdResistance,
    /// Levels of shade against heat.
    HeatResistance,
    /// Levels of cover against wet.
    WetResistance,
    /// Levels of lungs against foul air.
    FumeResistance,
    /// How steep a wall one climbs.
    ClimbProficiency,
    /// Factor on speed in water.
    SwimMultiplier,
    /// Most of what teleportation takes from.
    MaxTeleportationEnergy,
    /// Tiles by which enemies notice one later.
    Stealth,
}

/// A stat of a character.
#[sats_type]
pub struct CharacterStat {
    /// Which.
    pub stat_type: CharacterStatType,
    /// Its value, gear and buffs included.
    pub value: f32,
}

/// All stats of a character.
#[table(region, name = character_stats_state, public)]
#[delete]
#[transfer(player)]
pub struct CharacterStatsState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// One entry a stat.
    pub values: Vec<CharacterStat>,
}

/// What gear, food or ground does to a stat.
#[sats_type]
pub struct StatEntry {
    /// Which.
    pub stat_type: CharacterStatType,
    /// By how much.
    #[range(-100_000.0..=100_000.0)]
    pub value: f32,
    /// Whether `value` is a part of the stat, 0.1 for a tenth more, and not an amount to add.
    pub is_pct: bool,
}

/// What a new character starts from.
#[table(region, name = character_stat_desc, public)]
#[static_data_staging_table]
pub struct CharacterStatDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// Which stat.
    #[distinct]
    pub stat_type: CharacterStatType,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// At the start.
    pub value: f32,
    /// Never below.
    pub min_value: f32,
    /// Never above.
    pub max_value: f32,
}

/// Points in a skill.
#[sats_type]
pub struct ExperienceStack {
    /// The skill.
    #[references(skill_desc)]
    pub skill_id: i32,
    /// Points.
    pub quantity: u64,
}

/// What a character has learned.
#[table(region, name = experience_state, public)]
#[delete]
#[transfer(player)]
pub struct ExperienceState {
    /// The character.
    #[primary_key]
    pub entity_id: u64,
    /// One entry a skill.
    pub experience_stacks: Vec<ExperienceStack>,
}
