//! Warmth and wet, and the country that follows from them.

use crate::noise::{Field, Point};

/// Where a kind of country is at home.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BiomeRule {
    /// Its number.
    pub biome: u8,
    /// Degrees.
    pub temperature: f64,
    /// 0 for dry to 1 for wet.
    pub humidity: f64,
    /// From this height on.
    pub min_elevation: i16,
    /// Up to this height.
    pub max_elevation: i16,
    /// How much it wants the ground, 1 for most.
    pub weight: f64,
}

/// The weather of a world.
#[derive(Debug)]
pub struct Climate {
    warmth: Field,
    wetness: Field,
    edges: Field,
    rules: Vec<BiomeRule>,
}

impl Climate {
    /// Of a seed.
    pub fn new(seed: u64, rules: Vec<BiomeRule>) -> Self {
        Self {
            warmth: Field::smooth(seed, 31, 420.0, 3),
            wetness: Field::smooth(seed, 32, 330.0, 3),
            edges: Field::smooth(seed, 33, 34.0, 3),
            rules,
        }
    }

    /// Degrees at a height.
    pub fn temperature(&self, point: Point, elevation: f64) -> f64 {
        12.0 + 34.0 * self.warmth.at(point) - 0.09 * elevation.max(0.0)
    }

    /// 0 for dry to 1 for wet.
    pub fn humidity(&self, point: Point) -> f64 {
        (0.5 + 0.85 * self.wetness.at(point)).clamp(0.0, 1.0)
    }

    /// The country at a place: the one whose weather is most like it, among those of its height.
    pub fn biome(&self, point: Point, elevation: i16) -> u8 {
        let blur = self.edges.at(point);
        let height = f64::from(elevation);
        let temperature = self.temperature(point, height) + 4.0 * blur;
        let humidity = self.humidity(point) - 0.1 * blur;
        let mut best = (f64::MAX, 0);
        for rule in &self.rules {
            // Land stays land, and water water.
            let blurred = height + 3.0 * blur;
            let level = if elevation > 0 {
                blurred.max(1.0)
            } else {
                blurred.min(0.0)
            };
            if level < f64::from(rule.min_elevation) || level > f64::from(rule.max_elevation) {
                continue;
            }
            let (warm, wet) = (
                (temperature - rule.temperature) / 20.0,
                (humidity - rule.humidity) / 0.5,
            );
            let unlike = (warm * warm + wet * wet) / rule.weight;
            if unlike < best.0 {
                best = (unlike, rule.biome);
            }
        }
        best.1
    }
}
