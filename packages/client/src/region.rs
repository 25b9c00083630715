//! A connection to one region.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use hexmarch_sim_core::{OffsetCoordinatesFloat, RegionLayout, Segment};
use spacetimedb_sdk::{DbContext, Identity, Table, TableWithPrimaryKey};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::call::{self, Answers, CallError};
use crate::ground::SeenGround;
use crate::once::once;
use crate::walk::{Pace, PLAIN_STAT_PERMILLE};
use crate::watch::{SightCounts, Watch};
use hexmarch_bindings::region::{
    player_collect_held_items, player_move, player_queue_leave, sign_in, sign_out, CharacterStatType,
    CharacterStatsStateTableAccess, DbConnection, InventoryState, InventoryStateTableAccess, KnowledgeEntry,
    KnowledgeItemStateTableAccess, MobileEntityState, MobileEntityStateTableAccess, MovementParametersDesc,
    MovementParametersDescTableAccess, PlayerMoveRefusedEventTableAccess, PlayerMoveRequest,
    PlayerQueueStateTableAccess, PlayerRegionTransferEvent, PlayerRegionTransferEventTableAccess,
    SignedInPlayerStateTableAccess, TerrainChunkStateTableAccess, UserState, UserStateTableAccess, WorldRegionState,
    WorldRegionStateTableAccess,
};

/// Events kept until they are looked at.
const EVENT_CAPACITY: usize = 256;
/// Highest factor that a stat can give, in thousandths.
const MAX_STAT_PERMILLE: f32 = 10_000.0;

/// What happens to a player without their doing.
#[derive(Clone, Debug)]
pub enum RegionEvent {
    /// The character left for another region: connect there.
    Transfer(PlayerRegionTransferEvent),
    /// A move was refused: the stored segment counts.
    MoveRefused(String),
    /// The session ended here, or began.
    Session {
        /// Whether the player is in the world.
        signed_in: bool,
    },
    /// A slot is kept: `sign_in` will pass.
    MaySignIn,
    /// The connection ended.
    Disconnected,
}

/// A connection to a region, as one identity.
pub struct Region {
    connection: Arc<DbConnection>,
    answers: Answers,
    events: mpsc::Receiver<RegionEvent>,
    identity: Identity,
    entity_id: u64,
    watch: Watch,
}

impl Region {
    /// Connects and subscribes to what concerns the player, and to what is around them wherever they go from then on.
    ///
    /// # Errors
    /// When the host cannot be reached, or the region does not let the identity in: the player is not (yet) there.
    pub async fn connect(url: &str, database: &str, token: &str, entity_id: u64) -> Result<Self> {
        let (greeted, greeting) = once();
        let (refused, ended) = (greeted.clone(), greeted.clone());
        let (event_sender, events) = mpsc::channel(EVENT_CAPACITY);
        let disconnected = event_sender.clone();
        let builder = DbConnection::builder()
            .with_uri(url)
            .with_module_name(database)
            .with_token(Some(token.to_string()))
            // What others call, and with which arguments, is not sent: only the rows that change.
            .with_light_mode(true)
            .on_connect(move |_, identity, _| greeted.with(Ok(identity)))
            .on_connect_error(move |_, error| refused.with(Err(error.to_string())))
            .on_disconnect(move |_, error| {
                let text = error.map_or_else(|| "closed".to_string(), |error| error.to_string());
                ended.with(Err(text));
                let _ = disconnected.try_send(RegionEvent::Disconnected);
            });
        let connection = Arc::new(
            builder
                .build()
                .with_context(|| format!("connecting to {database} at {url}"))?,
        );
        let runner = connection.clone();
        tokio::spawn(async move { runner.run_async().await });
        let identity = greeting.wait(&format!("the connection to {database} at {url}")).await?;
        let (sender, answers) = call::channel(identity);
        let (by_move, by_in, by_out) = (sender.clone(), sender.clone(), sender.clone());
        let (by_leave, by_collect) = (sender.clone(), sender);
        connection
            .reducers
            .on_player_move(move |ctx, _| by_move.report("player_move", &ctx.event));
        connection
            .reducers
            .on_sign_in(move |ctx| by_in.report("sign_in", &ctx.event));
        connection
            .reducers
            .on_sign_out(move |ctx| by_out.report("sign_out", &ctx.event));
        connection
            .reducers
            .on_player_queue_leave(move |ctx| by_leave.report("player_queue_leave", &ctx.event));
        connection
            .reducers
            .on_player_collect_held_items(move |ctx| by_collect.report("player_collect_held_items", &ctx.event));
        let region = Self {
            watch: Watch::new(&connection),
            connection,
            answers,
            events,
            identity,
            entity_id,
        };
        region.watch_own(event_sender).await?;
        region.look_around().await?;
        Ok(region)
    }

    /// Subscribes to the chunks around the player, whom the sight then follows by itself.
    async fn look_around(&self) -> Result<()> {
        let (movers, own) = (self.connection.db.mobile_entity_state(), self.entity_id);
        let goes_to = move |watch: &Watch, row: &MobileEntityState| {
            if row.entity_id == own {
                watch.observe(segment(row).destination);
            }
        };
        let watch = self.watch.clone();
        movers.on_insert(move |_, row| goes_to(&watch, row));
        let watch = self.watch.clone();
        movers.on_update(move |_, _, row| goes_to(&watch, row));
        match self.place() {
            Some(place) => {
                self.watch.observe(place.destination);
                self.watch.complete().await
            }
            None => Ok(()),
        }
    }

    async fn watch_own(&self, events: mpsc::Sender<RegionEvent>) -> Result<()> {
        let (db, own) = (&self.connection.db, self.entity_id);
        let send = move |events: &mpsc::Sender<RegionEvent>, event| {
            let _ = events.try_send(event);
        };
        let sender = events.clone();
        db.player_region_transfer_event()
            .on_insert(move |_, row| send(&sender, RegionEvent::Transfer(row.clone())));
        let sender = events.clone();
        db.player_move_refused_event()
            .on_insert(move |_, row| send(&sender, RegionEvent::MoveRefused(row.reason.clone())));
        let sender = events.clone();
        db.signed_in_player_state()
            .on_insert(move |_, _| send(&sender, RegionEvent::Session { signed_in: true }));
        let sender = events.clone();
        db.signed_in_player_state()
            .on_delete(move |_, _| send(&sender, RegionEvent::Session { signed_in: false }));
        let sender = events;
        db.user_state().on_update(move |_, _, row| {
            if row.can_sign_in {
                send(&sender, RegionEvent::MaySignIn);
            }
        });
        let identity = self.identity;
        self.subscribe([
            format!("SELECT * FROM user_state WHERE identity = 0x{identity}"),
            format!("SELECT * FROM player_region_transfer_event WHERE identity = 0x{identity}"),
            format!("SELECT * FROM player_move_refused_event WHERE player_entity_id = {own}"),
            format!("SELECT * FROM signed_in_player_state WHERE entity_id = {own}"),
            format!("SELECT * FROM player_queue_state WHERE entity_id = {own}"),
            format!("SELECT * FROM mobile_entity_state WHERE entity_id = {own}"),
            format!("SELECT * FROM character_stats_state WHERE entity_id = {own}"),
            format!("SELECT * FROM inventory_state WHERE player_owner_entity_id = {own}"),
            format!("SELECT * FROM held_items_state WHERE entity_id = {own}"),
            format!("SELECT * FROM knowledge_item_state WHERE entity_id = {own}"),
            "SELECT * FROM world_region_state".to_string(),
            "SELECT * FROM movement_parameters_desc".to_string(),
        ])
        .await
    }

    async fn subscribe<const N: usize>(&self, queries: [String; N]) -> Result<()> {
        let (applied, answer) = once();
        let failed = applied.clone();
        self.connection
            .subscription_builder()
            .on_applied(move |_| applied.with(Ok(())))
            .on_error(move |_, error| failed.with(Err(error.to_string())))
            .subscribe(queries);
        answer.wait("the subscription").await
    }

    /// The generated connection, for tables and reducers that this type does not wrap.
    pub fn raw(&self) -> &DbConnection {
        &self.connection
    }

    /// Whose connection this is.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Whether the connection still stands.
    pub fn is_active(&self) -> bool {
        self.connection.is_active()
    }

    /// The player's row: present when the character is in this region.
    pub fn user(&self) -> Option<UserState> {
        self.connection.db.user_state().iter().next()
    }

    /// Whether the player is in the world.
    pub fn is_signed_in(&self) -> bool {
        self.connection.db.signed_in_player_state().iter().next().is_some()
    }

    /// Whether the player waits for a slot.
    pub fn is_waiting(&self) -> bool {
        self.connection.db.player_queue_state().iter().next().is_some()
    }

    /// The player's stored segment.
    pub fn place(&self) -> Option<Segment> {
        let row = self
            .connection
            .db
            .mobile_entity_state()
            .entity_id()
            .find(&self.entity_id)?;
        Some(segment(&row))
    }

    /// What is subscribed to of the world around the player, and how often that changed.
    pub fn sight(&self) -> SightCounts {
        self.watch.counts()
    }

    /// The ground that is in sight, and what the server assumes past the border. Chunks are read when they are first asked for.
    pub fn ground(&self) -> SeenGround<impl Fn(u64) -> Option<Vec<u8>> + '_> {
        let chunks = self.connection.db.terrain_chunk_state();
        let cells = move |index: u64| chunks.chunk_index().find(&index).map(|row| row.cells);
        let own = self.connection.db.world_region_state().iter().next();
        SeenGround::new(cells, own.and_then(|own| Some((self.layout()?, own.region_index))))
    }

    /// How fast the player is on what.
    pub fn pace(&self) -> Pace {
        let stats = self
            .connection
            .db
            .character_stats_state()
            .entity_id()
            .find(&self.entity_id);
        let stats = stats.map(|row| row.values).unwrap_or_default();
        let factor = stats
            .iter()
            .find(|stat| stat.stat_type == CharacterStatType::MovementMultiplier)
            .map(|stat| (stat.value * 1000.0).clamp(0.0, MAX_STAT_PERMILLE) as u32);
        Pace::new(
            self.movement_parameters().as_ref(),
            factor.unwrap_or(PLAIN_STAT_PERMILLE),
        )
    }

    /// What the player carries.
    pub fn inventories(&self) -> Vec<InventoryState> {
        self.connection.db.inventory_state().iter().collect()
    }

    /// Which items the player has come across or had, sorted by id.
    pub fn known_items(&self) -> Vec<KnowledgeEntry> {
        let row = self.connection.db.knowledge_item_state().iter().next();
        row.map(|row| row.entries).unwrap_or_default()
    }

    /// How the regions of the world lie.
    pub fn layout(&self) -> Option<RegionLayout> {
        let row: WorldRegionState = self.connection.db.world_region_state().iter().next()?;
        RegionLayout::new(
            row.region_count,
            row.region_count_sqrt,
            row.region_width_chunks,
            row.region_height_chunks,
        )
        .ok()
    }

    /// The rules of walking.
    pub fn movement_parameters(&self) -> Option<MovementParametersDesc> {
        self.connection.db.movement_parameters_desc().iter().next()
    }

    /// The next event; `None` when nothing happens within `limit`.
    pub async fn event(&mut self, limit: Duration) -> Option<RegionEvent> {
        timeout(limit, self.events.recv()).await.unwrap_or(None)
    }

    /// Enters the world, or the queue.
    ///
    /// # Errors
    /// The module's refusal.
    pub async fn sign_in(&mut self) -> Result<(), CallError> {
        self.answers.clear();
        self.connection
            .reducers
            .sign_in()
            .map_err(|_| CallError::Disconnected)?;
        self.answers.of("sign_in").await
    }

    /// Leaves the world.
    ///
    /// # Errors
    /// The module's refusal.
    pub async fn sign_out(&mut self) -> Result<(), CallError> {
        self.answers.clear();
        self.connection
            .reducers
            .sign_out()
            .map_err(|_| CallError::Disconnected)?;
        self.answers.of("sign_out").await
    }

    /// Gives up waiting.
    ///
    /// # Errors
    /// The module's refusal.
    pub async fn leave_queue(&mut self) -> Result<(), CallError> {
        self.answers.clear();
        self.connection
            .reducers
            .player_queue_leave()
            .map_err(|_| CallError::Disconnected)?;
        self.answers.of("player_queue_leave").await
    }

    /// Takes what is held for the player, as much as there is room for.
    ///
    /// # Errors
    /// The module's refusal.
    pub async fn collect_held_items(&mut self) -> Result<(), CallError> {
        self.answers.clear();
        self.connection
            .reducers
            .player_collect_held_items()
            .map_err(|_| CallError::Disconnected)?;
        self.answers.of("player_collect_held_items").await
    }

    /// Walks a segment.
    ///
    /// # Errors
    /// The module's refusal.
    pub async fn walk(&mut self, request: PlayerMoveRequest) -> Result<(), CallError> {
        self.answers.clear();
        self.connection
            .reducers
            .player_move(request)
            .map_err(|_| CallError::Disconnected)?;
        self.answers.of("player_move").await
    }

    /// Ends the connection and waits until it has ended. The SDK gives all connections of a process one id, so a
    /// second one to the same database must not begin before the first has ended.
    pub async fn close(&mut self) {
        if !self.connection.is_active() {
            return;
        }
        let _ = self.connection.disconnect();
        while let Some(event) = self.event(Duration::from_secs(2)).await {
            if matches!(event, RegionEvent::Disconnected) {
                break;
            }
        }
    }
}

fn segment(row: &MobileEntityState) -> Segment {
    Segment {
        origin: OffsetCoordinatesFloat::new(row.location_x, row.location_z, row.dimension),
        destination: OffsetCoordinatesFloat::new(row.destination_x, row.destination_z, row.dimension),
        start_ms: row.timestamp,
        duration_ms: row.duration_ms,
        running: !row.is_walking,
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        let _ = self.connection.disconnect();
    }
}
