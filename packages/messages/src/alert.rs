//! What players are told without having asked.

use hexmarch_macros::{sats_type, table};

/// What a notice is about.
#[sats_type]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum AlertType {
    /// A character is there for the first time.
    Welcome,
    /// A level is reached.
    LevelUp,
    /// An achievement is earned.
    Achievement,
    /// A recipe comes to mind.
    RecipeDiscovered,
    /// Something is learned.
    KnowledgeAcquired,
    /// The backpack is full.
    InventoryFull,
    /// The tool is about to break.
    ToolWorn,
    /// The tool is broken.
    ToolBroken,
    /// The stomach is empty.
    Starving,
    /// The weather does harm.
    Environment,
    /// One has died.
    Death,
    /// The next region is not there.
    BorderClosed,
    /// Another region.
    RegionEntered,
    /// Another country.
    BiomeEntered,
    /// Night falls.
    Nightfall,
    /// Day breaks.
    Daybreak,
    /// Things wait to be collected.
    HeldItems,
    /// The server is about to restart.
    Restart,
    /// Content has changed.
    ContentChanged,
    /// A moderator has acted.
    Sanction,
}

/// A notice.
#[table(region, global, name = alert_desc, public)]
#[static_data_staging_table]
pub struct AlertDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// What it is about.
    #[distinct]
    pub alert_type: AlertType,
    /// English headline.
    #[localized]
    pub header: String,
    /// English text. `{ $name }` and the like stand for what is filled in.
    #[localized]
    pub body: String,
    /// Seconds that it stays, 0 until it is closed.
    #[range(0.0..=3_600.0)]
    pub duration: f32,
    /// Whether the seconds are shown.
    pub show_timer: bool,
}
