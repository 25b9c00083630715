//! Smooth and rough randomness, the same on every machine.

use fastnoise_lite::{FastNoiseLite, FractalType, NoiseType};
use hexmarch_sim_core::OffsetCoordinatesLarge;

/// How far rows are apart, in widths of a tile: half the root of 3.
pub const ROW_HEIGHT: f64 = 0.866_025_403_784_438_6;

/// A point of the plane, in widths of a large tile on both axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the east.
    pub x: f64,
    /// To the north.
    pub z: f64,
}

impl Point {
    /// The middle of a tile.
    pub fn of(tile: OffsetCoordinatesLarge) -> Self {
        Self::of_row(tile.x, tile.z)
    }

    /// The middle of a place in rows of hexes, of which odd ones stand half a place further east.
    pub fn of_row(column: i32, row: i32) -> Self {
        let shift = if row.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
        Self {
            x: f64::from(column) + shift,
            z: f64::from(row) * ROW_HEIGHT,
        }
    }

    /// The squared distance to another point.
    pub fn distance_squared(self, other: Self) -> f64 {
        let (dx, dz) = (self.x - other.x, self.z - other.z);
        dx * dx + dz * dz
    }
}

/// Smooth noise, about -1 to 1.
pub struct Field(FastNoiseLite);

impl std::fmt::Debug for Field {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Field({})", self.0.seed)
    }
}

impl Field {
    /// Hills of all sizes up to a wavelength.
    pub fn smooth(seed: u64, salt: u64, wavelength: f64, octaves: i32) -> Self {
        Self::new(seed, salt, wavelength, octaves, FractalType::FBm)
    }

    /// Ridges and valleys.
    pub fn ridged(seed: u64, salt: u64, wavelength: f64, octaves: i32) -> Self {
        Self::new(seed, salt, wavelength, octaves, FractalType::Ridged)
    }

    fn new(seed: u64, salt: u64, wavelength: f64, octaves: i32, fractal: FractalType) -> Self {
        let [.., a, b, c, d] = mix(seed ^ mix(salt)).to_le_bytes();
        let mut noise = FastNoiseLite::with_seed(i32::from_le_bytes([a, b, c, d]));
        noise.set_noise_type(Some(NoiseType::OpenSimplex2));
        noise.set_fractal_type(Some(fractal));
        noise.set_fractal_octaves(Some(octaves));
        noise.set_frequency(Some((1.0 / wavelength) as f32));
        Self(noise)
    }

    /// The value at a point.
    pub fn at(&self, point: Point) -> f64 {
        f64::from(self.0.get_noise_2d(point.x, point.z))
    }
}

/// SplitMix64's finalizer: spreads every bit of a number over all bits.
pub fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A number of a place, the same for ever, below 2^53 and so exact as a float.
pub fn place_hash(seed: u64, salt: u64, (x, z): (i32, i32)) -> u64 {
    let place = u64::from(x as u32) << 32 | u64::from(z as u32);
    mix(mix(seed ^ mix(salt)) ^ place) >> 11
}

/// A number of a place from 0 up to 1.
pub fn place_fraction(seed: u64, salt: u64, place: (i32, i32)) -> f64 {
    place_hash(seed, salt, place) as f64 / 9_007_199_254_740_992.0
}

/// 0 below `low`, 1 above `high`, smooth between.
pub fn smooth_step(low: f64, high: f64, value: f64) -> f64 {
    let part = ((value - low) / (high - low)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}
