//! Messages between databases.
//!
//! The relay reads `id`, `to` and `durable` off the front of an [`InterModuleMessage`] and forwards the rest as it
//! is, so these columns stay first and in this order.

use hexmarch_macros::{sats_type, table};
use spacetimedb_lib::Timestamp;

use crate::account::{PlayerCreateMsg, PlayerNameSetMsg, ReplaceIdentityMsg, UserUpdateRegionMsg};
use crate::broadcast::AdminBroadcastMsg;
use crate::grant::GiveItemsMsg;
use crate::inventory::ItemStack;
use crate::session::{PlayerSkipQueueMsg, SignPlayerOutMsg};
use crate::shared::{TableCopyMsg, TableCopyRequestMsg, TableUpdateMsg};
use crate::transfer::TransferPlayerMsg;

/// Index of the global database as sender or destination; regions are 1 and up.
pub const GLOBAL_MODULE: u8 = 0;

/// The outbox: a message stays until its destination's answer was handled here.
#[table(region, global, name = inter_module_message)]
pub struct InterModuleMessage {
    /// Rises strictly for each database, across crashes: `max(last + 1, microseconds of the clock)`.
    #[primary_key]
    pub id: u64,
    /// Destination: 0 is the global database, else a region's index.
    pub to: u8,
    /// Whether the message carries value: then the relay moves it only once it is on disk.
    pub durable: bool,
    /// What it says.
    pub contents: MessageContents,
}

/// The inbox: how far each sender's messages took effect here.
#[table(region, global, name = inter_module_message_counter)]
pub struct InterModuleMessageCounter {
    /// The sender.
    #[primary_key]
    pub module_id: u8,
    /// Id of its last message that was handled or recorded as failed.
    pub last_processed_message_id: u64,
}

/// Messages whose handler refused, so that a repeated delivery is answered the same.
#[table(region, global, name = inter_module_message_errors, index(name = message, btree(columns = [sender_module_id, message_id])))]
pub struct InterModuleMessageError {
    /// Key.
    #[primary_key]
    #[auto_inc]
    pub entry_id: u64,
    /// The sender.
    pub sender_module_id: u8,
    /// The sender's message id.
    pub message_id: u64,
    /// The handler's error key.
    pub error: String,
    /// When it was recorded.
    pub timestamp: Timestamp,
}

/// A message that its destination refused for good and that nothing here makes good: kept until an operator sends it
/// again or discards it.
#[table(region, global, name = inter_module_dead_letter)]
pub struct InterModuleDeadLetter {
    /// The id that it was sent with.
    #[primary_key]
    pub message_id: u64,
    /// Where it went.
    pub to: u8,
    /// Why it was refused.
    pub error: String,
    /// When that was known here.
    pub timestamp: Timestamp,
    /// What it says.
    pub contents: MessageContents,
}

/// What a message holds of a player's: taken from them when it was sent, spent when its destination took it, given back
/// when not, wherever they are by then. Belongs to the message, or to the dead letter that it became.
#[table(region, global, name = inter_module_escrow)]
#[delete(never)]
#[transfer(never)]
pub struct InterModuleEscrow {
    /// The message.
    #[primary_key]
    pub message_id: u64,
    /// Whose it is.
    #[index(btree)]
    pub owner_entity_id: u64,
    /// What.
    pub items: Vec<ItemStack>,
}

/// While the row is there, relays deliver nothing from here to that database.
#[table(region, global, name = inter_module_stream_pause)]
pub struct InterModuleStreamPause {
    /// The destination.
    #[primary_key]
    pub to: u8,
}

/// The last message id given out by this database. One row, key 0.
#[table(region, global, name = inter_module_message_clock)]
pub struct InterModuleMessageClock {
    /// Always 0.
    #[primary_key]
    pub version: i32,
    /// The last id.
    pub last_id: u64,
}

/// What became of a message at its destination.
#[sats_type]
pub enum MessageOutcome {
    /// It took effect.
    Done,
    /// It was refused, with this error key, and changed nothing there.
    Failed(String),
}

/// What became of one message, as the relay reports it to the sender.
#[sats_type]
pub struct MessageResult {
    /// The message.
    pub id: u64,
    /// What became of it.
    pub outcome: MessageOutcome,
}

/// Every message, with the databases that handle it.
#[sats_type]
pub enum MessageContents {
    /// Changes of shared tables.
    #[to(region, global)]
    TableUpdate(TableUpdateMsg),
    /// Part of a full copy of the sender's shared tables.
    #[to(region, global)]
    TableCopy(TableCopyMsg),
    /// Send a full copy of the shared tables that the sender follows.
    #[to(region, global)]
    TableCopyRequest(TableCopyRequestMsg),
    /// Create a player's character in a region.
    #[to(region)]
    PlayerCreateRequest(PlayerCreateMsg),
    /// A player, with everything they carry, moves to the destination.
    #[to(region)]
    TransferPlayerRequest(TransferPlayerMsg),
    /// A player is now in the sender's region.
    #[to(global)]
    UserUpdateRegionRequest(UserUpdateRegionMsg),
    /// A player's name changed.
    #[to(region)]
    OnPlayerNameSetRequest(PlayerNameSetMsg),
    /// End a player's session.
    #[to(region)]
    SignPlayerOut(SignPlayerOutMsg),
    /// Text for everyone.
    #[to(region)]
    AdminBroadcastMessage(AdminBroadcastMsg),
    /// Let a player in past the queue.
    #[to(region)]
    PlayerSkipQueue(PlayerSkipQueueMsg),
    /// An account moves to another identity.
    #[to(region)]
    ReplaceIdentity(ReplaceIdentityMsg),
    /// Give a player items, wherever they are.
    #[to(region, global)]
    GiveItems(GiveItemsMsg),
}
