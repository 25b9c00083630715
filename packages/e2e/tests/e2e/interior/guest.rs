//! A player by websocket, who goes through doors.

use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use hexmarch_client::now_ms;
use hexmarch_e2e::world::{eventually, World};
use hexmarch_host::{CallOutcome, Connection, Events, NewIdentity};
use hexmarch_messages::movement::PlayerMoveRequest;
use hexmarch_sim_core::{OffsetCoordinatesFloat, OVERWORLD};
use serde_json::{json, Value};
use spacetimedb_sats::bsatn;

use crate::transfer::teleport;

/// Thousandths of a small tile a second: slower than anybody runs on paving or bare ground.
const PACE: u64 = 7_000;

/// Somebody with a character.
pub struct Guest {
    identity: NewIdentity,
    /// Where the character is.
    pub region: u8,
    /// The character.
    pub entity_id: u64,
    session: Option<(Connection, Events)>,
}

/// Rows of numbers.
pub fn numbers(rows: &[Vec<Value>]) -> Vec<Vec<i64>> {
    let row = |row: &Vec<Value>| row.iter().filter_map(Value::as_i64).collect();
    rows.iter().map(row).collect()
}

/// A number of the only row.
pub fn number(rows: &[Vec<Value>], column: usize) -> Result<u64> {
    ensure!(rows.len() == 1, "{} rows: {rows:?}", rows.len());
    rows[0].get(column).and_then(Value::as_u64).context("a number")
}

impl Guest {
    /// Somebody new.
    pub async fn register(world: &World, name: &str) -> Result<Self> {
        let identity = world.operator.new_identity().await?;
        let client = world.operator.with_token(Some(identity.token.clone()));
        let request = json!([{ "username": name }]);
        client.call(&world.database(0), "player_register", &request).await?;
        world.quiet().await?;
        let who = format!(
            "SELECT entity_id FROM user_state WHERE identity = 0x{}",
            identity.identity
        );
        for region in 1..=2 {
            if let Some(row) = world.sql(region, &who).await?.rows.first() {
                return Ok(Self {
                    entity_id: row[0].as_u64().context("an id")?,
                    identity,
                    region,
                    session: None,
                });
            }
        }
        bail!("{name} is in no region")
    }

    /// Enters the world.
    pub async fn sign_in(&mut self, world: &World) -> Result<()> {
        self.session = Some(world.socket(self.region, Some(&self.identity.token)).await?);
        self.call("sign_in", &[]).await
    }

    /// Leaves the world, and the character where it is.
    pub async fn sign_out(&mut self) -> Result<()> {
        self.call("sign_out", &[]).await?;
        if let Some((socket, _)) = self.session.take() {
            socket.close().await;
        }
        Ok(())
    }

    /// Signs out, if they are in the world.
    pub async fn leave(mut self) {
        let _ = self.sign_out().await;
    }

    async fn call(&self, reducer: &str, arguments: &[u8]) -> Result<()> {
        let (socket, _) = self.session.as_ref().context("not connected")?;
        match socket.call(reducer, arguments).await? {
            CallOutcome::Committed => Ok(()),
            CallOutcome::Failed(text) => Err(anyhow::anyhow!(text)),
            CallOutcome::OutOfEnergy => bail!("out of energy"),
        }
    }

    /// Goes through a door.
    pub async fn use_portal(&self, portal: u64) -> Result<()> {
        self.call("player_use_portal", &bsatn::to_vec(&portal)?).await
    }

    /// Walks straight from where the last way ended, and arrives.
    pub async fn walk(&self, world: &World, to: OffsetCoordinatesFloat) -> Result<()> {
        let tiles = |milli: i32| milli as f32 / 1000.0;
        let from = self.place(world).await?;
        let way = from.distance_milli(to).context("no way leads there")?;
        let duration = Duration::from_millis(way * 1000 / PACE);
        let request = PlayerMoveRequest {
            timestamp: now_ms(),
            origin_x: tiles(from.x),
            origin_z: tiles(from.z),
            destination_x: tiles(to.x),
            destination_z: tiles(to.z),
            dimension: to.dimension,
            duration: duration.as_secs_f32(),
            running: true,
        };
        self.call("player_move", &bsatn::to_vec(&request)?).await?;
        tokio::time::sleep(duration).await;
        Ok(())
    }

    /// The end of the stored way.
    pub async fn place(&self, world: &World) -> Result<OffsetCoordinatesFloat> {
        let columns = "destination_x, destination_z, dimension";
        let query = format!(
            "SELECT {columns} FROM mobile_entity_state WHERE entity_id = {}",
            self.entity_id
        );
        let rows = numbers(&world.sql(self.region, &query).await?.rows);
        let row = rows.first().context("no place")?;
        Ok(OffsetCoordinatesFloat::new(
            row[0] as i32,
            row[1] as i32,
            u32::try_from(row[2])?,
        ))
    }

    /// Is put somewhere in the open world.
    pub async fn put(&self, world: &World, to: OffsetCoordinatesFloat) -> Result<()> {
        ensure!(to.dimension == OVERWORLD);
        teleport(world, self.region, &self.identity.identity, to).await?;
        ensure!(self.place(world).await? == to);
        Ok(())
    }

    /// Is sent to the middle of another region.
    pub async fn start_towards(&self, world: &World, region: u8) -> Result<()> {
        let columns = "region_min_chunk_x, region_min_chunk_z, region_width_chunks, region_height_chunks";
        let rows = numbers(
            &world
                .sql(region, &format!("SELECT {columns} FROM world_region_state"))
                .await?
                .rows,
        );
        let milli = |min: i64, chunks: i64| (min * 96_000 + chunks * 48_000) as i32;
        let [x, z, width, height] = rows[0][..] else {
            bail!("{rows:?} is no region");
        };
        let to = OffsetCoordinatesFloat::overworld(milli(x, width), milli(z, height));
        teleport(world, self.region, &self.identity.identity, to).await
    }

    /// Is sent to another region and arrives there, signed out.
    pub async fn move_to_region(&mut self, world: &World, region: u8) -> Result<()> {
        if self.region == region {
            return Ok(());
        }
        self.start_towards(world, region).await?;
        world.quiet().await?;
        let here = format!("SELECT * FROM user_state WHERE entity_id = {}", self.entity_id);
        eventually("the arrival", || async { Ok(world.count(region, &here).await? == 1) }).await?;
        self.region = region;
        self.session = None;
        Ok(())
    }
}

/// Sees to it that a call was refused with this key.
pub fn refused(key: &str, outcome: Result<()>) -> Result<()> {
    let error = outcome
        .err()
        .with_context(|| format!("accepted, not {key}"))?
        .to_string();
    ensure!(error == key, "{error}, not {key}");
    Ok(())
}
