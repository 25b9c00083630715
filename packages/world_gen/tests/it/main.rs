//! What every world keeps, over many seeds.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod pinned;
mod placement;
mod rivers;
mod seams;
mod stand;

use hexmarch_sim_core::ChunkCoordinates;
use hexmarch_world_gen::{BiomeRule, World};

/// Countries like those of the game.
pub fn rules() -> Vec<BiomeRule> {
    let table = [
        (1, 13.0, 0.45, 1, 70, 1.0),
        (2, 8.0, 0.55, 1, 80, 1.0),
        (3, 14.0, 0.85, 1, 22, 1.0),
        (4, 16.0, 0.25, 30, 200, 1.0),
        (5, 24.0, 0.2, 14, 200, 1.0),
        (6, 12.0, 0.5, -1000, 0, 1.0),
        (7, 17.0, 0.4, 10, 90, 0.8),
        (8, 11.0, 0.8, 8, 110, 1.0),
        (9, 15.0, 0.6, 1, 5, 2.5),
        (10, 5.0, 0.85, 1, 60, 1.0),
        (11, -4.0, 0.5, 20, 1000, 1.2),
        (12, 28.0, 0.1, 1, 120, 1.0),
        (13, 22.0, 0.8, 1, 40, 0.8),
    ];
    let rule = |(biome, temperature, humidity, min_elevation, max_elevation, weight)| BiomeRule {
        biome,
        temperature,
        humidity,
        min_elevation,
        max_elevation,
        weight,
    };
    table.into_iter().map(rule).collect()
}

/// Without sites.
pub fn world(seed: u64) -> World {
    World::new(seed, rules())
}

/// Of the open world.
pub fn chunk(x: i32, z: i32) -> ChunkCoordinates {
    ChunkCoordinates { x, z, dimension: 1 }
}
