//! The one rounding rule: the nearest centre, on a border the one further north, then further east.

/// Column and row of the tile that a point belongs to. `unit` is the width of a tile, a multiple of 2; all in one unit.
///
/// Centres of a row are `unit` apart, rows likewise; odd rows stand `unit / 2` further east. The metric is
/// `4 d^2 = 4 dx^2 + 3 dz^2`.
pub(crate) fn nearest(x: i32, z: i32, unit: i32) -> (i32, i32) {
    let (wide_x, wide_z, wide_unit) = (i64::from(x), i64::from(z), i64::from(unit));
    let below = wide_z.div_euclid(wide_unit);
    let candidate = |row: i64| {
        let shift = row.rem_euclid(2) * (wide_unit / 2);
        let column = (wide_x - shift + wide_unit / 2).div_euclid(wide_unit);
        let (dx, dz) = (wide_x - shift - column * wide_unit, wide_z - row * wide_unit);
        (4 * dx * dx + 3 * dz * dz, column, row)
    };
    let (lower, upper) = (candidate(below), candidate(below + 1));
    let (_, column, row) = if upper.0 <= lower.0 { upper } else { lower };
    // Tiles are at least as wide as their units, so what fits as units fits as tiles; one row more than the last may not.
    let narrow = |value: i64| i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX });
    (narrow(column), narrow(row))
}
