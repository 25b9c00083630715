//! Walking.

use hexmarch_base::access::SignedInPlayer;
use hexmarch_base::{clock, Failure};
use hexmarch_macros::reducer;
use hexmarch_messages::movement::{
    mobile_entity_state, move_validation_strike_counter_state, movement_parameters_desc, player_move_refused_event,
    MobileEntityState, MoveValidationStrikeCounterState, MovementParametersDesc, PlayerMoveRefusedEvent,
    PlayerMoveRequest,
};
use hexmarch_messages::player::{character_stats_state, health_state, CharacterStatType};
use hexmarch_rules::movement::{strikes, StrikeVerdict};
use hexmarch_sim_core::{check_move, MoveLimits, MoveRejection, MoveRequest, Severity, SpeedTable, Track, WaterSpeed};
use spacetimedb::{ReducerContext, Table};

use crate::terrain::ground::WorldGround;
use crate::{region, session, transfer};

/// Factor of somebody without the stat, in thousandths.
const PLAIN_STAT_PERMILLE: u32 = 1000;
/// Highest factor that a stat can give, in thousandths.
const MAX_STAT_PERMILLE: f32 = 10_000.0;

/// Walks from here to there: one straight segment, checked. A move that is a little off is tolerated a few times; then
/// the player is set back, told by `player_move_refused_event`.
///
/// # Errors
/// `position.*`, `move.*`: the move is impossible and changes nothing; `transfer.*` when it leads into a region that
/// takes nobody.
#[reducer]
#[access(Player)]
#[feature_gate("movement")]
pub fn player_move(ctx: &ReducerContext, player: SignedInPlayer, request: PlayerMoveRequest) -> Result<(), Failure> {
    let entity_id = player.entity_id;
    let request = parse(&request)?;
    let stored = ctx.db.mobile_entity_state().entity_id().find(entity_id);
    let stored = stored.ok_or_else(|| Failure::new("move.no_position"))?;
    let alive = ctx
        .db
        .health_state()
        .entity_id()
        .find(entity_id)
        .is_some_and(|row| row.health > 0.0);
    if !alive {
        return Err(Failure::new("move.dead"));
    }
    let parameters = ctx.db.movement_parameters_desc().id().find(0);
    let parameters = parameters.ok_or_else(|| Failure::new("move.no_content"))?;

    let previous = super::track(&stored);
    match check(ctx, entity_id, &previous, &request, &parameters) {
        Ok(track) => apply(ctx, &player, &track, &parameters),
        Err(rejection) if rejection.severity() == Severity::Strike => match strike(ctx, entity_id, &parameters) {
            StrikeVerdict::Tolerate(_) => apply(ctx, &player, &request.tolerated(), &parameters),
            StrikeVerdict::RubberBand(_) => {
                refuse(ctx, stored, &rejection);
                Ok(())
            }
        },
        Err(rejection) => Err(rejection.into()),
    }
}

fn parse(request: &PlayerMoveRequest) -> Result<MoveRequest, MoveRejection> {
    MoveRequest::from_client(
        request.timestamp,
        (request.origin_x, request.origin_z),
        (request.destination_x, request.destination_z),
        request.dimension,
        request.duration,
        request.running,
    )
}

fn check(
    ctx: &ReducerContext,
    entity_id: u64,
    previous: &Track,
    request: &MoveRequest,
    parameters: &MovementParametersDesc,
) -> Result<Track, MoveRejection> {
    let table = speed_table(parameters);
    let speed = table.with_stat(speed_stat_permille(ctx, entity_id));
    let ground = WorldGround::new(ctx);
    check_move(
        previous,
        request,
        clock::now_ms(ctx),
        &MoveLimits::default(),
        &speed,
        &ground,
    )
}

fn speed_table(parameters: &MovementParametersDesc) -> SpeedTable {
    let mut surfaces = Vec::with_capacity(parameters.default_speed.len());
    for entry in &parameters.default_speed {
        let index = entry.surface as usize;
        if surfaces.len() <= index {
            surfaces.resize(index + 1, 0);
        }
        if let Some(speed) = surfaces.get_mut(index) {
            *speed = entry.speed;
        }
    }
    SpeedTable {
        surfaces,
        other_surfaces: 0,
        water: parameters
            .water_speed
            .iter()
            .map(|entry| WaterSpeed {
                min_depth: entry.min_depth,
                milli_per_second: entry.speed,
            })
            .collect(),
        running_permille: parameters.running_permille,
    }
}

fn speed_stat_permille(ctx: &ReducerContext, entity_id: u64) -> u32 {
    let stats = ctx.db.character_stats_state().entity_id().find(entity_id);
    let factor = stats.as_ref().and_then(|row| {
        row.values
            .iter()
            .find(|stat| stat.stat_type == CharacterStatType::MovementMultiplier)
            .map(|stat| stat.value)
    });
    factor.map_or(PLAIN_STAT_PERMILLE, |factor| {
        (factor * 1000.0).clamp(0.0, MAX_STAT_PERMILLE) as u32
    })
}

/// Stores the segment; past the border, the player changes region instead.
fn apply(
    ctx: &ReducerContext,
    player: &SignedInPlayer,
    track: &Track,
    parameters: &MovementParametersDesc,
) -> Result<(), Failure> {
    let destination = track.segment.destination;
    if let Some(neighbour) = region::crossing(ctx, destination, parameters.border_hysteresis) {
        return transfer::across_border(ctx, player, neighbour, destination);
    }
    let row = super::row(player.entity_id, track).ok_or(MoveRejection::NoGround)?;
    ctx.db.mobile_entity_state().entity_id().update(row);
    session::touch(ctx, player.entity_id);
    Ok(())
}

/// Counts a strike, whatever follows from it.
fn strike(ctx: &ReducerContext, entity_id: u64, parameters: &MovementParametersDesc) -> StrikeVerdict {
    let counters = ctx.db.move_validation_strike_counter_state();
    let stored = counters.entity_id().find(entity_id);
    let previous = stored
        .as_ref()
        .map(|row| row.validation_failure_timestamps.as_slice())
        .unwrap_or_default();
    let limit = usize::try_from(parameters.strike_limit).unwrap_or(usize::MAX);
    let verdict = strikes(previous, clock::now_ms(ctx), parameters.strike_window_ms, limit);
    let (StrikeVerdict::Tolerate(kept) | StrikeVerdict::RubberBand(kept)) = &verdict;
    let row = MoveValidationStrikeCounterState {
        entity_id,
        validation_failure_timestamps: kept.clone(),
    };
    if stored.is_some() {
        counters.entity_id().update(row);
    } else {
        counters.insert(row);
    }
    verdict
}

/// Tells the client to go back; the stored segment stays.
fn refuse(ctx: &ReducerContext, stored: MobileEntityState, rejection: &MoveRejection) {
    ctx.db.player_move_refused_event().insert(PlayerMoveRefusedEvent {
        scheduled_id: 0,
        scheduled_at: ctx.timestamp.into(),
        player_entity_id: stored.entity_id,
        reason: rejection.to_string(),
    });
}
