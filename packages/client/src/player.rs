//! A player who follows their character from region to region.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{bail, Context, Result};
use hexmarch_sim_core::OffsetCoordinatesFloat;
use spacetimedb_sdk::Identity;
use tokio::time::{sleep, Instant};

use crate::account::{Account, Whereabouts};
use crate::call::CallError;
use crate::region::{Region, RegionEvent};
use crate::route::{Journey, Walker};
use crate::token;
use crate::walk::{as_sent, now_ms, Step};

/// How long a new character may take to be created, and one on its way to arrive.
const ARRIVAL_LIMIT: Duration = Duration::from_secs(60);
/// Between two looks for a character that is on its way.
const RETRY_DELAY: Duration = Duration::from_millis(250);
/// A character takes at least so long into another region, as the relay waits for the disk. A region writes an error into its
/// log for everybody whom it does not know.
const SHORTEST_JOURNEY: Duration = Duration::from_millis(1200);
/// One look of so many is for where the global database last knew the character.
const LOOKS: u32 = 4;

/// Where and as whom to play.
#[derive(Clone, Debug)]
pub struct PlayerOptions {
    /// Base URL of the host of the global database.
    pub url: String,
    /// Name of the global database.
    pub global_database: String,
    /// Where the token is kept; without a file the player is a new one.
    pub token_file: PathBuf,
}

/// No way is known that leads there, or nearer to there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWay;

impl std::fmt::Display for NoWay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("no way is known that leads there")
    }
}

impl std::error::Error for NoWay {}

/// A player in the world.
pub struct Player {
    account: Account,
    region: Region,
    place: Whereabouts,
    options: PlayerOptions,
    region_changes: u32,
    journey: Option<Journey>,
}

impl Player {
    /// Connects, registers under one of `names` if there is no account, and signs in.
    ///
    /// # Errors
    /// When a database cannot be reached or refuses; when no name is free.
    pub async fn enter(options: PlayerOptions, names: &[String]) -> Result<Self> {
        let known = token::load(&options.token_file)?;
        let mut account = Account::connect(&options.url, &options.global_database, known).await?;
        token::store(&options.token_file, account.token())?;
        if account.whereabouts().is_none() {
            register(&mut account, names).await?;
        }
        let place = account.created(ARRIVAL_LIMIT).await?;
        let (region, place) = find(&mut account, place).await?;
        let mut player = Self {
            account,
            region,
            place,
            options,
            region_changes: 0,
            journey: None,
        };
        player.sign_in().await?;
        Ok(player)
    }

    /// Whose player this is.
    pub fn identity(&self) -> Identity {
        self.account.identity()
    }

    /// The character.
    pub fn entity_id(&self) -> u64 {
        self.place.entity_id
    }

    /// Index of the region that the player is in.
    pub fn region_index(&self) -> u8 {
        self.place.region
    }

    /// How often the region changed since [`Player::enter`].
    pub fn region_changes(&self) -> u32 {
        self.region_changes
    }

    /// The connection to the region.
    pub fn region(&mut self) -> &mut Region {
        &mut self.region
    }

    /// The connection to the global database.
    pub fn account(&mut self) -> &mut Account {
        &mut self.account
    }

    /// Where the player stands now.
    pub fn position(&self) -> Option<OffsetCoordinatesFloat> {
        self.region.place().map(|segment| segment.position_at(now_ms()))
    }

    /// Signs in, waiting in the queue if there is one.
    ///
    /// # Errors
    /// The module's refusal; when no slot comes free within a minute.
    pub async fn sign_in(&mut self) -> Result<()> {
        let deadline = Instant::now() + ARRIVAL_LIMIT;
        while !self.region.is_signed_in() {
            match self.region.sign_in().await {
                Ok(()) => {}
                Err(error) if error.is("session.already_signed_in") => {}
                Err(error) => return Err(error).context("signing in"),
            }
            while !self.region.is_signed_in() {
                if Instant::now() >= deadline {
                    bail!("no slot came free within {} s", ARRIVAL_LIMIT.as_secs());
                }
                match self.region.event(RETRY_DELAY).await {
                    Some(RegionEvent::MaySignIn) => break,
                    Some(RegionEvent::Disconnected) => bail!("the region closed the connection"),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Walks one segment of a way to `target`, over ground that is in sight, and waits until it is walked. Follows the
    /// character when that led into another region. Returns whether the target was reached.
    ///
    /// # Errors
    /// [`NoWay`]; the module's refusal, as [`CallError`]; or a connection that cannot be had again.
    pub async fn step(&mut self, target: OffsetCoordinatesFloat) -> Result<bool> {
        let place = self.region.place().context("the character has no place")?;
        let started = now_ms().max(place.end_ms());
        let target = as_sent(target);
        if place.destination == target {
            self.follow(Duration::from_millis(started.saturating_sub(now_ms())))
                .await?;
            return Ok(true);
        }
        let Some(step) = self.next_step(place.destination, target) else {
            let (from, text) = (place.destination, |point: OffsetCoordinatesFloat| {
                format!("{}, {}", point.x, point.z)
            });
            return Err(NoWay).with_context(|| format!("walking from {} to {}", text(from), text(target)));
        };
        match self.region.walk(step.request(started)).await {
            Ok(()) => {}
            Err(error) if error.is("access.not_signed_in") => self.sign_in().await?,
            Err(CallError::Disconnected) => self.reconnect().await?,
            Err(error) => return Err(error).context("walking"),
        }
        let walked = Duration::from_millis(u64::from(step.duration_ms) + started.saturating_sub(now_ms()));
        self.follow(walked).await?;
        Ok(self.region.place().is_some_and(|place| place.destination == target))
    }

    fn next_step(&mut self, from: OffsetCoordinatesFloat, target: OffsetCoordinatesFloat) -> Option<Step> {
        let known = self.journey.take().filter(|journey| journey.goal() == target);
        let journey = self.journey.insert(known.unwrap_or_else(|| Journey::new(target)));
        let (pace, ground) = (self.region.pace(), self.region.ground());
        journey.next(&Walker {
            at: from,
            pace: &pace,
            ground: &ground,
        })
    }

    /// The middles of the dry large tiles that the player can get to on foot, of the `max_tiles` nearest, the nearest first.
    pub fn reachable(&self, max_tiles: usize) -> Vec<OffsetCoordinatesFloat> {
        let Some(place) = self.region.place() else {
            return Vec::new();
        };
        let walker = Walker {
            at: place.destination,
            pace: &self.region.pace(),
            ground: &self.region.ground(),
        };
        walker.reachable(max_tiles)
    }

    /// Lets `duration` pass, and follows the character if it changes region meanwhile.
    ///
    /// # Errors
    /// When it cannot be found again.
    pub async fn follow(&mut self, duration: Duration) -> Result<()> {
        let until = Instant::now() + duration;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.region.event(left).await {
                Some(RegionEvent::Transfer(event)) => {
                    let expected = Whereabouts {
                        region: event.region_index,
                        host: event.host,
                        module: event.module,
                        ..self.place.clone()
                    };
                    self.region.close().await;
                    sleep(SHORTEST_JOURNEY).await;
                    return self.rejoin(expected).await;
                }
                Some(RegionEvent::Disconnected) => return self.reconnect().await,
                Some(RegionEvent::Session { signed_in: false }) if self.region.user().is_some() => {
                    self.sign_in().await?;
                }
                Some(_) => {}
                None => return Ok(()),
            }
        }
    }

    /// Finds the character again, wherever it is by now, and signs in there.
    ///
    /// # Errors
    /// When it is nowhere for a minute.
    pub async fn reconnect(&mut self) -> Result<()> {
        self.rejoin(self.place.clone()).await
    }

    /// Finds the character again, looking first where it is expected.
    async fn rejoin(&mut self, expected: Whereabouts) -> Result<()> {
        if !self.account.is_active() {
            let token = self.account.token().to_string();
            self.account = Account::connect(&self.options.url, &self.options.global_database, Some(token)).await?;
        }
        self.region.close().await;
        let (region, place) = find(&mut self.account, expected).await?;
        self.region = region;
        if place.region != self.place.region {
            self.region_changes += 1;
        }
        self.place = place;
        self.sign_in().await
    }

    /// Signs out and ends the connections.
    pub async fn leave(mut self) {
        // On a connection that has ended, as amid a change of region, no answer would come.
        if self.region.is_active() {
            let _ = self.region.sign_out().await;
        }
        self.region.close().await;
    }
}

async fn register(account: &mut Account, names: &[String]) -> Result<()> {
    for name in names {
        match account.register(name).await {
            Ok(()) => {
                // The row may be a moment behind the answer.
                account.changed(RETRY_DELAY).await;
                return Ok(());
            }
            Err(error) if error.is("account.exists") => return Ok(()),
            Err(error) if error.is("user_name.taken") => {}
            Err(error) => return Err(error).context("registering"),
        }
    }
    bail!("none of {} names is free", names.len())
}

/// Connects to the region that the character is in. Looks where it is expected and now and then where the global database
/// last knew it, which is a little behind while the character is on its way.
async fn find(account: &mut Account, expected: Whereabouts) -> Result<(Region, Whereabouts)> {
    let deadline = Instant::now() + ARRIVAL_LIMIT;
    let token = account.token().to_string();
    for attempt in 1_u32.. {
        let reported = account.whereabouts().filter(|_| attempt.is_multiple_of(LOOKS));
        let place = reported.unwrap_or_else(|| expected.clone());
        let failure = match Region::connect(&place.host, &place.module, &token, place.entity_id).await {
            Ok(region) if region.user().is_some() => return Ok((region, place)),
            Ok(_) => anyhow::anyhow!("the character is not in region {}", place.region),
            Err(error) => error,
        };
        if Instant::now() >= deadline {
            return Err(failure.context(format!(
                "the character is in no region for {} s",
                ARRIVAL_LIMIT.as_secs()
            )));
        }
        sleep(RETRY_DELAY).await;
    }
    bail!("the character is in no region")
}
