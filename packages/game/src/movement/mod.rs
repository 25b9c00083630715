//! Where things that move are.
//!
//! Invariants: a stored segment was checked, or was set by the server; a refused move changes nothing but the count of
//! strikes; nobody stands on ground that does not exist.

use hexmarch_base::clock;
use hexmarch_messages::movement::{mobile_entity_state, MobileEntityState};
use hexmarch_messages::transfer::WorldPosition;
use hexmarch_sim_core::{ChunkCoordinates, OffsetCoordinatesFloat, Segment, Track};
use spacetimedb::{ReducerContext, Table};

/// The track that a row stores.
pub fn track(row: &MobileEntityState) -> Track {
    Track {
        segment: Segment {
            origin: OffsetCoordinatesFloat::new(row.location_x, row.location_z, row.dimension),
            destination: OffsetCoordinatesFloat::new(row.destination_x, row.destination_z, row.dimension),
            start_ms: row.timestamp,
            duration_ms: row.duration_ms,
            running: !row.is_walking,
        },
        lead_us: row.lead_us,
    }
}

/// The row that stores a track; `None` where no chunk can be.
pub fn row(entity_id: u64, track: &Track) -> Option<MobileEntityState> {
    let segment = &track.segment;
    Some(MobileEntityState {
        entity_id,
        chunk_index: ChunkCoordinates::from(segment.destination).index()?,
        timestamp: segment.start_ms,
        duration_ms: segment.duration_ms,
        location_x: segment.origin.x,
        location_z: segment.origin.z,
        destination_x: segment.destination.x,
        destination_z: segment.destination.z,
        dimension: segment.destination.dimension,
        lead_us: track.lead_us,
        is_walking: !segment.running,
    })
}

/// A row for somebody whom the server puts somewhere.
pub fn placed(entity_id: u64, position: OffsetCoordinatesFloat, timestamp_ms: u64) -> Option<MobileEntityState> {
    row(entity_id, &Track::placed(position, timestamp_ms))
}

/// Inserts or replaces the segment of an entity.
pub fn store(ctx: &ReducerContext, row: MobileEntityState) {
    if ctx.db.mobile_entity_state().entity_id().find(row.entity_id).is_some() {
        ctx.db.mobile_entity_state().entity_id().update(row);
    } else {
        ctx.db.mobile_entity_state().insert(row);
    }
}

/// Stops an entity where it is now.
pub fn stand_still(ctx: &ReducerContext, entity_id: u64) {
    let Some(stored) = ctx.db.mobile_entity_state().entity_id().find(entity_id) else {
        return;
    };
    let segment = track(&stored).segment;
    let position = segment.position_at(clock::now_ms(ctx));
    if let Some(row) = placed(entity_id, position, segment.start_ms) {
        ctx.db.mobile_entity_state().entity_id().update(row);
    }
}

/// A position as messages carry it.
pub fn to_message(position: OffsetCoordinatesFloat) -> WorldPosition {
    WorldPosition {
        x: position.x,
        z: position.z,
        dimension: position.dimension,
    }
}

/// A position as rules take it.
pub fn from_message(position: WorldPosition) -> OffsetCoordinatesFloat {
    OffsetCoordinatesFloat::new(position.x, position.z, position.dimension)
}
