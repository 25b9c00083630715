//! Where things that move are, as segments: from here to there, in this time.

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::ScheduleAt;

/// The segment that an entity walks. Positions in thousandths of a small tile.
#[table(region, name = mobile_entity_state, public)]
#[delete]
#[transfer(player)]
pub struct MobileEntityState {
    /// Who.
    #[primary_key]
    pub entity_id: u64,
    /// Chunk of the destination: what clients subscribe by.
    #[index(btree)]
    pub chunk_index: u64,
    /// When the segment began, by the walker's clock as accepted: milliseconds since 1970.
    pub timestamp: u64,
    /// Milliseconds that it takes.
    pub duration_ms: u32,
    /// Where it began.
    pub location_x: i32,
    /// Where it began.
    pub location_z: i32,
    /// Where it ends.
    pub destination_x: i32,
    /// Where it ends.
    pub destination_z: i32,
    /// 1 is the overworld.
    pub dimension: u32,
    /// Microseconds by which the moves so far run ahead of what the walker's speed allows.
    pub lead_us: u32,
    /// Walking, else running.
    pub is_walking: bool,
}

/// Moves that were a little off, lately: milliseconds since 1970, oldest first.
#[table(region, name = move_validation_strike_counter_state)]
#[delete]
#[transfer(player)]
pub struct MoveValidationStrikeCounterState {
    /// The player.
    #[primary_key]
    pub entity_id: u64,
    /// When.
    pub validation_failure_timestamps: Vec<u64>,
}

/// A player's move was not taken: go back to the stored segment.
#[table(region, name = player_move_refused_event)]
#[event_table]
pub struct PlayerMoveRefusedEvent {
    /// Key.
    #[primary_key]
    #[auto_inc]
    pub scheduled_id: u64,
    /// Now.
    pub scheduled_at: ScheduleAt,
    /// Whose.
    pub player_entity_id: u64,
    /// Error key.
    pub reason: String,
}

/// Walk from here to there. Coordinates in small tiles.
#[sats_type]
pub struct PlayerMoveRequest {
    /// The client's clock at the start of the segment, milliseconds since 1970.
    pub timestamp: u64,
    /// Start.
    pub origin_x: f32,
    /// Start.
    pub origin_z: f32,
    /// End.
    pub destination_x: f32,
    /// End.
    pub destination_z: f32,
    /// 1 is the overworld.
    pub dimension: u32,
    /// Seconds that the segment takes.
    pub duration: f32,
    /// Running, else walking.
    pub running: bool,
}

/// What one walks on, in the order of the numbers in `TerrainChunkState::cells`.
#[sats_type]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum SurfaceType {
    /// Bare ground.
    Ground,
    /// Paths and paving.
    Paved,
    /// Mud and bog.
    Swamp,
}

/// How fast one walks on a surface.
#[sats_type]
pub struct MovementSpeed {
    /// On what.
    pub surface: SurfaceType,
    /// Thousandths of a small tile a second.
    pub speed: u32,
}

/// How fast one gets on in water.
#[sats_type]
pub struct WaterSpeed {
    /// From this depth on, in elevation units.
    pub min_depth: u16,
    /// Thousandths of a small tile a second.
    pub speed: u32,
}

/// What the server tolerates, and where the border gives way.
#[table(region, name = movement_parameters_desc, public)]
#[static_data_staging_table]
pub struct MovementParametersDesc {
    /// Always 0.
    #[primary_key]
    pub id: i32,
    /// One entry a surface.
    pub default_speed: Vec<MovementSpeed>,
    /// In water, the deepest that is reached counts.
    pub water_speed: Vec<WaterSpeed>,
    /// Running in thousandths of walking.
    pub running_permille: u32,
    /// Strikes within the window before moves are refused.
    pub strike_limit: u32,
    /// Milliseconds that a strike counts.
    pub strike_window_ms: u64,
    /// How far past the border one changes region, in thousandths of a small tile.
    pub border_hysteresis: u32,
}

/// How a kind of creature gets about.
#[table(region, name = pathfinding_desc)]
#[static_data_staging_table]
pub struct PathfindingDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What designers call it.
    #[length(1..=60)]
    pub name: String,
    /// Whether it walks on land.
    pub can_walk_on_land: bool,
    /// Whether it swims.
    pub can_swim: bool,
    /// Least depth of water that it enters, in elevation units.
    #[range(0..=1_000)]
    pub min_water_depth: i32,
    /// Greatest depth of water that it enters, in elevation units.
    #[range(0..=1_000)]
    pub max_water_depth: i32,
    /// Highest step up between two large tiles, in elevation units.
    #[range(0..=100)]
    pub max_climb_up: i32,
    /// Deepest step down between two large tiles, in elevation units.
    #[range(0..=100)]
    pub max_climb_down: i32,
    /// Whether it keeps away from lights.
    pub avoid_light: bool,
}

/// What a step between two large tiles asks of a walker.
#[table(region, name = climb_requirement_desc, public)]
#[static_data_staging_table]
pub struct ClimbRequirementDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// From this step up, in elevation units; negative is down.
    #[range(-1_000..=1_000)]
    pub min_elevation: i16,
    /// To this step up.
    #[range(-1_000..=1_000)]
    pub max_elevation: i16,
    /// Stamina that it takes.
    #[range(0..=1_000)]
    pub stamina_cost: i32,
    /// Least `ClimbProficiency` of the walker.
    #[range(0.0..=100.0)]
    pub min_climb_proficiency: f32,
}
