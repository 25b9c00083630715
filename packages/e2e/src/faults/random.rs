//! Numbers that follow from a seed.

/// SplitMix64: small, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of one actor: independent of those of every other, whatever those do.
    pub fn new(seed: u64, actor: u64) -> Self {
        let mut random = Self(seed);
        let start = random.draw() ^ actor.wrapping_mul(0xd134_2543_de82_ef95);
        Self(start)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let count = high.saturating_sub(low).saturating_add(1).max(1);
        low.saturating_add(self.draw() % count)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, share: u64) -> bool {
        self.draw() % 100 < share
    }

    /// One of several.
    pub fn choose<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let place = self.between(0, (from.len() as u64).saturating_sub(1));
        from.get(usize::try_from(place).ok()?).copied()
    }
}
