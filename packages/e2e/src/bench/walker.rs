//! A player who walks at a run, to and fro, and sends far more segments than a client would: each goes on a little way
//! further on the one before, and all are legal.

use std::time::Duration;

use anyhow::{Context, Result};
use hexmarch_client::bindings::region::MovementParametersDesc;
use hexmarch_client::{now_ms, step_towards, Player};
use hexmarch_sim_core::{OffsetCoordinatesFloat, Segment};
use spacetimedb_sats::bsatn;

use super::measure::Calls;

/// How far the walker is when it sends the next segment, in thousandths of a small tile.
const STRIDE_MILLI: i32 = 1;
/// How long a stride takes, in microseconds: longer than at the speed of a demo player, who keeps below the limit.
const STRIDE_US: u64 = 200;
/// How far the walker goes from where it began, in thousandths of a small tile.
const RANGE_MILLI: i32 = 8_000;
/// The walker's clock is never further behind, in milliseconds; the module takes 8,000.
const MAX_BEHIND_MS: u64 = 6_000;
/// The walker's clock is never further ahead, in milliseconds; the module takes 1,000.
const MAX_AHEAD_MS: u64 = 500;

/// The walker. Its clock runs by a stride's time a call, so that a thousand calls in a tenth of a second are still a
/// walk at a legal speed: it may, being behind to begin with.
pub struct Walker {
    home: OffsetCoordinatesFloat,
    position: OffsetCoordinatesFloat,
    heading: i32,
    clock_us: u64,
    rules: MovementParametersDesc,
}

impl Walker {
    /// From where a player stands.
    pub fn new(player: &mut Player) -> Result<Self> {
        let rules = player.region().movement_parameters().context("no rules of walking")?;
        let Segment {
            destination, start_ms, ..
        } = player.region().place().context("the player stands nowhere")?;
        Ok(Self {
            home: destination,
            position: destination,
            heading: 1,
            clock_us: start_ms * 1000,
            rules,
        })
    }

    /// Where the walker is.
    pub fn position(&self) -> OffsetCoordinatesFloat {
        self.position
    }

    /// A position as far away that a walk towards it is a whole segment.
    fn ahead(&self) -> OffsetCoordinatesFloat {
        OffsetCoordinatesFloat::new(
            self.position.x + self.heading * 2 * RANGE_MILLI,
            self.position.z,
            self.position.dimension,
        )
    }
}

impl Calls for Walker {
    fn reducer(&self) -> &'static str {
        "player_move"
    }

    fn next(&mut self) -> Vec<u8> {
        if (self.position.x + self.heading * STRIDE_MILLI).abs_diff(self.home.x) > RANGE_MILLI.unsigned_abs() {
            self.heading = -self.heading;
        }
        self.position.x += self.heading * STRIDE_MILLI;
        self.clock_us = (self.clock_us + STRIDE_US).max(now_ms().saturating_sub(MAX_BEHIND_MS) * 1000);
        let request = step_towards(self.position, self.ahead(), Some(&self.rules)).request(self.clock_us / 1000);
        // Writing to memory does not fail.
        bsatn::to_vec(&request).unwrap_or_default()
    }

    async fn ready(&mut self, count: u32) {
        let last_ms = (self.clock_us + STRIDE_US * u64::from(count)) / 1000;
        let wait_ms = last_ms.saturating_sub(now_ms() + MAX_AHEAD_MS);
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
}
