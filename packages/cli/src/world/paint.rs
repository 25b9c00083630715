//! The ground of a map.

use hexmarch_world_gen::noise::ROW_HEIGHT;
use hexmarch_world_gen::{Cell, Point};

use super::canvas::{from_number, mix, shaded, Canvas, Rgb};
use super::land::{Atlas, Land};
use super::map::{Frame, Layer, MARGIN, PAPER};

/// Sea at the coast.
const SHALLOW: Rgb = [0x9C, 0xCB, 0xD3];
/// Sea at its deepest.
const DEEP: Rgb = [0x23, 0x45, 0x6B];
/// Steps of colour between the two.
const DEPTH_STEPS: f32 = 7.0;
/// Rivers and lakes.
pub(super) const FRESH: Rgb = [0x3F, 0x84, 0xB8];
/// What the sunny side of a slope turns to.
const SUN: Rgb = [0xFF, 0xFB, 0xEC];
/// Country that content has no colour for.
const NO_COLOR: Rgb = [0xD0, 0x30, 0xD0];
/// Ground that nobody made.
const UNKNOWN: Rgb = [0xE2, 0xDB, 0xCB];
/// How much a step in height counts against a step over ground.
const STEEPNESS: f64 = 0.2;
/// Up to this zoom light changes from tile to tile without steps.
const SMOOTH_UP_TO: f64 = 4.0;
/// Most looks at the ground on each side of a pixel.
const MAX_LOOKS: u32 = 6;

/// Heights and their colours on the elevation map.
pub(super) const HEIGHTS: [(i16, Rgb); 7] = [
    (0, [0x7F, 0xA8, 0x72]),
    (15, [0xA9, 0xC0, 0x7C]),
    (35, [0xDA, 0xD2, 0x93]),
    (65, [0xCF, 0xA9, 0x6B]),
    (100, [0xA8, 0x7A, 0x57]),
    (150, [0x86, 0x6B, 0x63]),
    (200, [0xF3, 0xF1, 0xEE]),
];

/// Draws the ground, pixel by pixel.
pub(super) fn ground(canvas: &mut Canvas, frame: &Frame, (land, atlas): (&Land, &Atlas), layer: Layer) {
    let ground = Ground { land, atlas, layer };
    // Below a pixel a tile it takes more looks to see all that is in a pixel; above, two against ragged edges.
    let looks = ((1.0 / frame.zoom).ceil() as u32 + 1).clamp(2, MAX_LOOKS);
    for y in 0..frame.height {
        for x in 0..frame.width {
            let color = ground.pixel(frame, (x, y), looks);
            canvas.set(x + MARGIN, y + MARGIN, color);
        }
    }
}

struct Ground<'a> {
    land: &'a Land,
    atlas: &'a Atlas,
    layer: Layer,
}

impl Ground<'_> {
    fn pixel(&self, frame: &Frame, (x, y): (u32, u32), looks: u32) -> Rgb {
        let mut sum = [0.0_f32; 3];
        let mut weights = 0.0;
        for look in 0..looks * looks {
            let part = |step: u32| (f64::from(step) + 0.5) / f64::from(looks);
            let point = frame.point(f64::from(x) + part(look % looks), f64::from(y) + part(look / looks));
            let (color, weight) = self.look(frame, point);
            for (sum, color) in sum.iter_mut().zip(color) {
                *sum += f32::from(color) * weight;
            }
            weights += weight;
        }
        sum.map(|sum| (sum / weights).round() as u8)
    }

    /// The colour at a point, and how much it counts among others of its pixel.
    fn look(&self, frame: &Frame, point: Point) -> (Rgb, f32) {
        let tile = Frame::tile(point);
        let Some(cell) = self.land.cell(tile.x, tile.z) else {
            return (UNKNOWN, 1.0);
        };
        let is_fresh = cell.depth() > 0 && cell.water_level > 0;
        let color = self.color(cell, (tile.x, tile.z));
        let light = if cell.depth() > 0 {
            1.0
        } else if frame.zoom <= SMOOTH_UP_TO {
            self.smooth_light(point)
        } else {
            self.light(tile.x, tile.z)
        };
        // Rivers are thin, and yet one wants to see them from afar.
        let weight = if is_fresh && frame.zoom < 1.0 { 2.0 } else { 1.0 };
        (lit(color, light), weight)
    }

    fn color(&self, cell: Cell, (x, z): (i32, i32)) -> Rgb {
        let color = if cell.depth() > 0 {
            water(cell)
        } else if self.layer == Layer::Elevation {
            height(cell.elevation)
        } else {
            let row = self.atlas.biomes.get(&cell.biome);
            let color = row.map_or(NO_COLOR, |row| from_number(row.map_color));
            // High ground is a little paler.
            mix(
                color,
                [0xFF, 0xFF, 0xFF],
                (f32::from(cell.elevation) / 700.0).clamp(0.0, 0.25),
            )
        };
        let color = if cell.depth() == 0 && self.is_coast(x, z) {
            shaded(color, 0.72)
        } else {
            color
        };
        match self.layer {
            Layer::Resources if cell.depth() > 0 => mix(color, PAPER, 0.5),
            Layer::Resources => mix(grey(color), PAPER, 0.5),
            Layer::Sites => mix(color, PAPER, 0.55),
            Layer::Biomes | Layer::Elevation | Layer::All => color,
        }
    }

    fn is_coast(&self, x: i32, z: i32) -> bool {
        let shift = z.rem_euclid(2);
        let around = [
            (x + 1, z),
            (x - 1, z),
            (x + shift, z + 1),
            (x + shift - 1, z + 1),
            (x + shift, z - 1),
            (x + shift - 1, z - 1),
        ];
        let is_sea = |(x, z): (i32, i32)| {
            self.land
                .cell(x, z)
                .is_some_and(|cell| cell.depth() > 0 && cell.water_level <= 0)
        };
        around.into_iter().any(is_sea)
    }

    /// How much light falls on a tile from the north west, 1 on level ground.
    fn light(&self, x: i32, z: i32) -> f32 {
        let own = self.surface(x, z).unwrap_or_default();
        let at = |x: i32, z: i32| self.surface(x, z).unwrap_or(own);
        let east = STEEPNESS * (at(x + 1, z) - at(x - 1, z)) / 2.0;
        let north = STEEPNESS * (at(x, z + 1) - at(x, z - 1)) / (2.0 * ROW_HEIGHT);
        // The sun stands 40 degrees high.
        let (flat, high) = (0.54, 0.64);
        let length = (east * east + north * north + 1.0).sqrt();
        let light = (flat * east - flat * north + high) / length / high;
        light.clamp(0.6, 1.4) as f32
    }

    fn surface(&self, x: i32, z: i32) -> Option<f64> {
        let cell = self.land.cell(x, z)?;
        let level = if cell.depth() > 0 {
            cell.water_level
        } else {
            cell.elevation
        };
        Some(f64::from(level))
    }

    /// As [`Ground::light`], without steps between tiles.
    fn smooth_light(&self, point: Point) -> f32 {
        let row = point.z / ROW_HEIGHT;
        let below = row.floor();
        let in_row = |row: f64| {
            let row = row as i32;
            let shift = if row.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
            let column = point.x - shift;
            let west = column.floor();
            let (a, b) = (self.light(west as i32, row), self.light(west as i32 + 1, row));
            a + (b - a) * (column - west) as f32
        };
        let (a, b) = (in_row(below), in_row(below + 1.0));
        a + (b - a) * (row - below) as f32
    }
}

/// A colour in shade or in the sun, without losing what it is.
fn lit(color: Rgb, light: f32) -> Rgb {
    if light > 1.0 {
        mix(color, SUN, 0.7 * (light - 1.0))
    } else {
        shaded(color, light)
    }
}

/// The colour of water.
fn water(cell: Cell) -> Rgb {
    if cell.water_level > 0 {
        return FRESH;
    }
    depth(cell.depth())
}

/// The colour of the sea, in steps as charts have it.
pub(super) fn depth(depth: u16) -> Rgb {
    let part = (f32::from(depth) / 60.0).clamp(0.0, 1.0).sqrt();
    mix(SHALLOW, DEEP, (part * DEPTH_STEPS).floor() / DEPTH_STEPS)
}

/// The colour of a height on the elevation map.
pub(super) fn height(elevation: i16) -> Rgb {
    let mut below = HEIGHTS.first().copied().unwrap_or_default();
    for above in HEIGHTS {
        if elevation < above.0 {
            let part = f32::from(elevation - below.0) / f32::from((above.0 - below.0).max(1));
            return mix(below.1, above.1, part);
        }
        below = above;
    }
    below.1
}

fn grey(color: Rgb) -> Rgb {
    let [red, green, blue] = color.map(f32::from);
    let light = (0.3 * red + 0.59 * green + 0.11 * blue).round() as u8;
    mix(color, [light; 3], 0.85)
}
