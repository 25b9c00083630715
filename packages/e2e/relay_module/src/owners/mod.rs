//! Players who own items, move from region to region, and give items for requests that may be refused: what they gave then
//! finds them, wherever they are. What a player owns is in their row of `held_items_state`.

#[cfg(feature = "global")]
mod global;
#[cfg(feature = "region")]
mod region;

#[cfg(feature = "global")]
pub use global::{give, reported};
#[cfg(feature = "region")]
pub use region::{arrive, come_back, give};

/// Entity ids of owners are above all tokens.
pub const OWNERS: u64 = 1 << 56;

/// A request in the form of a broadcast: `items|<token>|<item>|<quantity>`.
pub fn request(title: &str) -> Option<(u64, hexmarch_messages::inventory::ItemStack)> {
    let mut parts = title.strip_prefix("items|")?.split('|');
    let token = parts.next()?.parse().ok()?;
    let item_id = parts.next()?.parse().ok()?;
    let quantity = parts.next()?.parse().ok()?;
    Some((token, hexmarch_messages::inventory::ItemStack { item_id, quantity }))
}
