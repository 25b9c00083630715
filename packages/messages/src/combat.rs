//! What is done in a fight, and to whom.

use hexmarch_macros::{sats_type, table};

use crate::buff::BuffEffect;
use crate::skill::LevelRequirement;

/// Something that is done in a fight.
#[table(region, name = combat_action_desc, public)]
#[static_data_staging_table]
pub struct CombatActionDesc {
    /// Key.
    #[primary_key]
    #[range(1..=i32::MAX)]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English description.
    #[localized]
    pub description: String,
    /// Whether players do it; else it is for enemies.
    pub learned_by_player: bool,
    /// What it asks of a player.
    pub level_requirement: Option<LevelRequirement>,
    /// With one of these; empty for any.
    #[references(weapon_type_desc)]
    pub weapon_type_requirements: Vec<i32>,
    /// Small tiles at most when it begins.
    #[range(0.0..=100.0)]
    pub range: f32,
    /// Small tiles at most when it lands.
    #[range(0.0..=200.0)]
    pub max_range: f32,
    /// Seconds from the beginning to the blow.
    #[range(0.0..=30.0)]
    pub lead_in_time: f32,
    /// Whether one may walk in that time.
    pub can_move_during_lead_in: bool,
    /// Seconds until it can be done again.
    #[range(0.0..=3_600.0)]
    pub cooldown: f32,
    /// Seconds until anything can be done again.
    #[range(0.0..=60.0)]
    pub global_cooldown: f32,
    /// Factor on the strength of who does it.
    #[range(0.0..=20.0)]
    pub strength_multiplier: f32,
    /// Factor on the accuracy of who does it.
    #[range(0.0..=20.0)]
    pub accuracy_multiplier: f32,
    /// Stamina that it takes.
    #[range(0.0..=1_000.0)]
    pub stamina_use: f32,
    /// Durability that it takes of the weapon.
    #[range(0..=1_000)]
    pub weapon_durability_lost: i32,
    /// Small tiles a second of what flies, 0 when nothing does.
    #[range(0.0..=200.0)]
    pub projectile_speed: f32,
    /// What it does to who does it.
    pub self_buffs: Vec<BuffEffect>,
    /// What it does to whom it hits.
    pub target_buffs: Vec<BuffEffect>,
    /// Threat of the deed itself.
    #[range(0.0..=100_000.0)]
    pub base_threat: f32,
    /// Threat of each point of damage.
    #[range(0.0..=100.0)]
    pub threat_per_damage: f32,
    /// Whether it is done to oneself.
    pub is_self_targeting: bool,
    /// Whether it draws the target onto oneself.
    pub is_taunt_action: bool,
}

/// What is attacked.
#[sats_type]
#[derive(Copy, Eq)]
pub enum TargetCategory {
    /// Players.
    Player,
    /// What eats others.
    Predator,
    /// What is eaten.
    Prey,
    /// What was people once.
    Hollow,
    /// What is stone, or fire, or water.
    Elemental,
    /// Traders and other folk.
    Folk,
    /// Buildings.
    Building,
}

/// How much somebody wants to attack something.
#[sats_type]
pub struct TargetWeight {
    /// What.
    pub category: TargetCategory,
    /// How much.
    #[range(0.0..=100.0)]
    pub weight: f32,
}

/// Who attacks whom.
#[table(region, name = targeting_matrix_desc, public)]
#[static_data_staging_table]
pub struct TargetingMatrixDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
    /// What it is itself.
    pub category: TargetCategory,
    /// What it attacks; nothing when empty.
    pub categories_attacked: Vec<TargetWeight>,
}
