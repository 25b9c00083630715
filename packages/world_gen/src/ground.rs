//! What rules want of the ground.

/// What ground a rule wants; all of it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// In these countries; empty for all.
    pub biomes: Vec<u8>,
    /// From this height on.
    pub min_elevation: i16,
    /// Up to this height.
    pub max_elevation: i16,
    /// Highest step to a neighbouring tile.
    pub max_slope: u16,
    /// At least so deep under water.
    pub min_water_depth: u16,
    /// At most so deep under water, 0 for dry land.
    pub max_water_depth: u16,
    /// Water within so many tiles, 0 when that does not matter.
    pub water_within: u16,
}

impl Ground {
    /// Any dry land.
    pub fn any_land() -> Self {
        Self {
            biomes: Vec::new(),
            min_elevation: i16::MIN,
            max_elevation: i16::MAX,
            max_slope: u16::MAX,
            min_water_depth: 0,
            max_water_depth: 0,
            water_within: 0,
        }
    }
}
