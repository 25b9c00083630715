//! Players who walk to and fro until they are told to stop.

use anyhow::{ensure, Context, Result};
use hexmarch_client::Player;
use hexmarch_e2e::world::World;
use hexmarch_sim_core::OffsetCoordinatesFloat;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How far they walk, in thousandths of a small tile.
const RANGE_MILLI: i32 = 3_000;

/// Some players. Dropped, they end.
pub struct Players {
    /// Their regions and characters.
    pub characters: Vec<(u8, u64)>,
    tasks: JoinSet<Result<u64>>,
    stop: watch::Sender<bool>,
    steps: watch::Sender<u64>,
}

impl Players {
    /// They enter, and begin to walk.
    pub async fn enter(world: &World, names: &[&str]) -> Result<Self> {
        let (stop, steps) = (watch::Sender::new(false), watch::Sender::new(0));
        let (mut characters, mut tasks) = (Vec::new(), JoinSet::new());
        for name in names {
            let player = world.player(name).await?;
            characters.push((player.region_index(), player.entity_id()));
            tasks.spawn(walk(player, stop.subscribe(), steps.clone()));
        }
        Ok(Self {
            characters,
            tasks,
            stop,
            steps,
        })
    }

    /// Waits until they have walked so many more segments.
    ///
    /// # Errors
    /// When they do not.
    pub async fn walked(&mut self, count: u64) -> Result<()> {
        let until = *self.steps.borrow() + count;
        let mut steps = self.steps.subscribe();
        tokio::select! {
            reached = steps.wait_for(|steps| *steps >= until) => Ok(reached.map(drop)?),
            ended = self.tasks.join_next() => match ended.context("there are no players")?? {
                Ok(_) => Err(anyhow::anyhow!("a player stopped")),
                Err(error) => Err(error.context("a call of a player failed")),
            },
        }
    }

    /// They leave. Returns how many segments they walked, all accepted.
    ///
    /// # Errors
    /// The first call that failed.
    pub async fn leave(mut self) -> Result<u64> {
        self.stop.send_replace(true);
        let mut all = 0;
        while let Some(walked) = self.tasks.join_next().await {
            all += walked?.context("a call of a player failed")?;
        }
        ensure!(all > 0, "nobody walked");
        Ok(all)
    }
}

async fn walk(mut player: Player, stop: watch::Receiver<bool>, steps: watch::Sender<u64>) -> Result<u64> {
    let home = player.position().context("the player is nowhere")?;
    let far = OffsetCoordinatesFloat::new(home.x + RANGE_MILLI, home.z, home.dimension);
    let (mut target, mut walked, region) = (far, 0, player.region_index());
    while !*stop.borrow() {
        if player.step(target).await? {
            target = if target == far { home } else { far };
        }
        ensure!(player.region_index() == region, "the player left region {region}");
        ensure!(player.region().is_signed_in(), "the player was signed out");
        walked += 1;
        steps.send_modify(|steps| *steps += 1);
    }
    player.leave().await;
    Ok(walked)
}
