//! How fast a player may be, by what is under their feet.

use super::GroundCell;

/// Speed in water from a depth on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaterSpeed {
    /// The depth from which this speed holds, in elevation units.
    pub min_depth: u16,
    /// Speed in milli tiles per second; 0 lets nobody pass.
    pub milli_per_second: u32,
}

/// The speeds of the open world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeedTable {
    /// Speed by surface number, in milli tiles per second; 0 lets nobody pass.
    pub surfaces: Vec<u32>,
    /// Speed on surfaces that have no entry, in milli tiles per second.
    pub other_surfaces: u32,
    /// Speeds in water, in any order: the deepest entry that is reached counts, in shallower water the surface does.
    pub water: Vec<WaterSpeed>,
    /// How much faster running is, in permille: 1000 is walking speed.
    pub running_permille: u32,
}

impl SpeedTable {
    /// The same speed everywhere, walking or running, in milli tiles per second.
    pub fn uniform(milli_per_second: u32) -> Self {
        Self {
            surfaces: Vec::new(),
            other_surfaces: milli_per_second,
            water: Vec::new(),
            running_permille: 1_000,
        }
    }

    /// The speeds of a player with a speed stat in permille: 1000 is unchanged, 0 cannot move.
    ///
    /// When the stat has just changed, the higher of the two values spares an honest player a strike.
    pub fn with_stat(&self, stat_permille: u32) -> PlayerSpeed<'_> {
        PlayerSpeed {
            table: self,
            stat_permille,
        }
    }

    /// Walking speed on a cell for a player without bonus, in milli tiles per second.
    pub fn on_cell(&self, cell: GroundCell) -> u32 {
        let depth = cell.depth();
        let water = self.water.iter().filter(|water| depth > 0 && water.min_depth <= depth);
        match water.max_by_key(|water| water.min_depth) {
            Some(water) => water.milli_per_second,
            None => self
                .surfaces
                .get(usize::from(cell.surface))
                .copied()
                .unwrap_or(self.other_surfaces),
        }
    }
}

/// The speeds of one player: made by [`SpeedTable::with_stat`].
#[derive(Clone, Copy, Debug)]
pub struct PlayerSpeed<'a> {
    table: &'a SpeedTable,
    stat_permille: u32,
}

impl PlayerSpeed<'_> {
    /// Speed on a cell, in milli tiles per second.
    pub fn on_cell(&self, cell: GroundCell, running: bool) -> u32 {
        let gait = if running { self.table.running_permille } else { 1_000 };
        let speed =
            u128::from(self.table.on_cell(cell)) * u128::from(self.stat_permille) * u128::from(gait) / 1_000_000;
        u32::try_from(speed).unwrap_or(u32::MAX)
    }

    /// Whether nobody passes this cell, whatever their stat.
    pub(super) fn is_blocked(&self, cell: GroundCell) -> bool {
        self.table.on_cell(cell) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> SpeedTable {
        SpeedTable {
            surfaces: vec![4_000, 6_000, 0],
            other_surfaces: 3_000,
            water: vec![
                WaterSpeed {
                    min_depth: 10,
                    milli_per_second: 1_500,
                },
                WaterSpeed {
                    min_depth: 3,
                    milli_per_second: 2_000,
                },
            ],
            running_permille: 1_500,
        }
    }

    #[track_caller]
    fn check(elevation: i16, water_level: i16, surface: u8, stat: u32, running: bool, expected: u32) {
        let cell = GroundCell {
            elevation,
            water_level,
            surface,
        };
        assert_eq!(table().with_stat(stat).on_cell(cell, running), expected, "{cell:?}");
    }

    #[test]
    fn speeds() {
        check(0, 0, 0, 1_000, false, 4_000);
        check(0, 0, 1, 1_000, false, 6_000);
        check(0, 0, 2, 1_000, false, 0);
        check(0, 0, 9, 1_000, false, 3_000);
        check(0, 0, 0, 1_000, true, 6_000);
        check(0, 0, 0, 1_100, true, 6_600);
        check(0, 0, 0, 0, true, 0);
        check(0, 2, 0, 1_000, false, 4_000);
        check(0, 3, 0, 1_000, false, 2_000);
        check(0, 9, 0, 1_000, false, 2_000);
        check(-5, 5, 0, 1_000, false, 1_500);
        check(i16::MIN, i16::MAX, 0, 1_000, false, 1_500);
        check(5, -5, 0, 1_000, false, 4_000);
        check(0, 0, 0, u32::MAX, true, u32::MAX);
    }
}
