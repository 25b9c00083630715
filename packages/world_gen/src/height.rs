//! Sea, land and mountains, before water has worked on them.

use hexmarch_sim_core::chunk::LARGE_PER_CHUNK;
use hexmarch_sim_core::RegionBounds;

use crate::noise::{smooth_step, Field, Point, ROW_HEIGHT};

/// Nowhere is deeper.
pub const DEEPEST: f64 = -60.0;

/// The heights of a world.
#[derive(Debug)]
pub struct Heights {
    continents: Field,
    bend_x: Field,
    bend_z: Field,
    uplift: Field,
    ridges: Field,
    hills: Field,
    ripples: Field,
    wind_x: Field,
    wind_z: Field,
    /// The one island that there is; continents without.
    island: Option<Island>,
}

/// Land around a place, and sea around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Island {
    /// Its middle.
    pub middle: Point,
    /// About how far its coast is from there.
    pub radius: f64,
}

impl Island {
    /// In the middle of a region, with sea to all its borders.
    pub fn of_region(bounds: &RegionBounds) -> Self {
        let tile = |chunk: i32| chunk.saturating_mul(LARGE_PER_CHUNK);
        let low = Point::of_row(tile(bounds.min_chunk_x), tile(bounds.min_chunk_z));
        let high = Point::of_row(tile(bounds.max_chunk_x), tile(bounds.max_chunk_z));
        Self {
            middle: Point {
                x: 0.5 * (low.x + high.x),
                z: 0.5 * (low.z + high.z),
            },
            radius: 0.36 * (high.x - low.x).min(high.z - low.z),
        }
    }
}

impl Heights {
    /// The same with one island instead of continents.
    pub fn with_island(mut self, island: Island) -> Self {
        self.island = Some(island);
        self
    }

    /// Of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            continents: Field::smooth(seed, 1, 620.0, 4),
            bend_x: Field::smooth(seed, 2, 260.0, 2),
            bend_z: Field::smooth(seed, 3, 260.0, 2),
            uplift: Field::smooth(seed, 4, 540.0, 2),
            ridges: Field::ridged(seed, 5, 210.0, 3),
            hills: Field::smooth(seed, 6, 74.0, 3),
            ripples: Field::smooth(seed, 7, 15.0, 2),
            wind_x: Field::smooth(seed, 8, 30.0, 2),
            wind_z: Field::smooth(seed, 9, 30.0, 2),
            island: None,
        }
    }

    /// The lie of the land without hills: what water follows.
    pub fn coarse(&self, point: Point) -> f64 {
        let bent = Point {
            x: point.x + 46.0 * self.bend_x.at(point),
            z: point.z + 46.0 * self.bend_z.at(point),
        };
        let inland = match self.island {
            None => self.continents.at(bent) + 0.16,
            Some(Island { middle, radius }) => {
                let off = middle.distance_squared(point).sqrt() / radius;
                0.4 * (1.0 - off) + 0.12 * self.ridges.at(bent)
            }
        };
        if inland <= 0.0 {
            return (-2.0 + 150.0 * inland).max(DEEPEST);
        }
        let ridge = 0.5 + 0.5 * self.ridges.at(bent);
        let lifted = smooth_step(0.02, 0.42, self.uplift.at(point)) * smooth_step(0.02, 0.26, inland);
        2.0 + 44.0 * inland + 40.0 * inland * inland + lifted * ridge * ridge * 150.0
    }

    /// Where a place would be if rivers ran straight.
    pub fn winding(&self, point: Point) -> Point {
        Point {
            x: point.x + 4.2 * self.wind_x.at(point),
            z: point.z + 4.2 * self.wind_z.at(point),
        }
    }

    /// How far apart [`Heights::winding`] takes a place, which it takes to `wound`, and places a tile off, at most.
    pub fn stretch(&self, point: Point, wound: Point) -> f64 {
        let squares = [(1.0, 0.0), (0.5, ROW_HEIGHT), (-0.5, ROW_HEIGHT)].map(|(x, z)| {
            let other = Point {
                x: point.x + x,
                z: point.z + z,
            };
            self.winding(other).distance_squared(wound)
        });
        squares.into_iter().fold(0.0, f64::max).sqrt()
    }

    /// About the place that [`Heights::winding`] takes to a point.
    pub fn unwound(&self, point: Point) -> Point {
        let mut place = point;
        for _ in 0..3 {
            let wound = self.winding(place);
            place = Point {
                x: place.x + point.x - wound.x,
                z: place.z + point.z - wound.z,
            };
        }
        place
    }

    /// What hills add to [`Heights::coarse`], which they follow: flat at the coast, rough on high ground.
    pub fn relief(&self, point: Point, coarse: f64) -> f64 {
        let rough = smooth_step(1.0, 30.0, coarse) * (0.7 + 0.6 * smooth_step(50.0, 140.0, coarse));
        rough * (7.0 * self.hills.at(point) + 1.2 * self.ripples.at(point))
    }
}
