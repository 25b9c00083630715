//! What may be said.

use hexmarch_macros::{sats_type, table};

/// Limits on what is said.
#[table(region, global, name = chat_parameters_desc, public)]
#[static_data_staging_table]
pub struct ChatParametersDesc {
    /// Always 0.
    #[primary_key]
    #[range(0..=0)]
    pub id: i32,
    /// Most bytes of a message.
    #[range(16..=4_096)]
    pub max_message_bytes: u32,
    /// Messages within the window before one must wait.
    #[range(1..=100)]
    pub messages_per_window: u32,
    /// Milliseconds.
    #[range(1_000..=600_000)]
    pub window_ms: u64,
    /// Seconds that one has played before one may speak to all.
    #[range(0..=86_400)]
    pub min_play_seconds: u64,
}

/// What follows when a rule is broken.
#[sats_type]
#[derive(Copy, Eq)]
pub enum ChatSanction {
    /// A word.
    Warning,
    /// Silence for a while.
    Mute,
    /// No more play for a while.
    Suspension,
    /// No more play.
    Ban,
}

/// A rule of conduct.
#[table(region, global, name = chat_rule_desc, public)]
#[static_data_staging_table]
pub struct ChatRuleDesc {
    /// Key.
    #[primary_key]
    pub id: i32,
    /// English name.
    #[localized]
    pub name: String,
    /// English text.
    #[localized]
    pub description: String,
    /// What follows the first time.
    pub first_sanction: ChatSanction,
    /// What follows the next time.
    pub next_sanction: ChatSanction,
}

/// What is done about a word.
#[sats_type]
#[derive(Copy, Eq)]
pub enum ChatWordAction {
    /// It is shown as stars.
    Mask,
    /// The message is refused.
    Refuse,
}

/// A word that is not said.
#[table(region, global, name = chat_word_desc)]
#[static_data_staging_table]
pub struct ChatWordDesc {
    /// In lower case.
    #[primary_key]
    #[length(2..=40)]
    pub word: String,
    /// What is done about it.
    pub action: ChatWordAction,
    /// Whether it counts within longer words.
    pub within_words: bool,
    /// The rule that it breaks.
    #[references(chat_rule_desc)]
    pub rule_id: i32,
}
