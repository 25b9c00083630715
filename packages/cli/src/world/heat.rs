//! Where there is much to gather.

use super::canvas::{mix, Canvas, Rgb};
use super::land::{large_tile, Land};
use super::map::{Frame, MARGIN};

/// Large tiles along a side of the squares that are counted.
const SQUARE: usize = 4;
/// Squares on each side over which a count is spread.
const SPREAD: usize = 3;
/// The part of the most from which it shows.
const LEAST: f32 = 0.04;
/// How often it is.
const PASSES: usize = 3;

/// Little to much.
pub(super) const COLORS: [Rgb; 5] = [
    [0xF6, 0xE8, 0xA6],
    [0xF3, 0xB2, 0x4A],
    [0xE2, 0x6A, 0x2C],
    [0xA8, 0x1F, 0x3F],
    [0x4A, 0x0C, 0x4E],
];

/// Draws how dense things lie.
pub(super) fn draw(canvas: &mut Canvas, frame: &Frame, land: &Land) {
    let field = Field::new(land);
    for y in 0..frame.height {
        for x in 0..frame.width {
            let tile = Frame::tile(frame.point(f64::from(x) + 0.5, f64::from(y) + 0.5));
            let part = field.at(land, tile.x, tile.z);
            if part > LEAST {
                let strength = ((part - LEAST) * 4.0).min(1.0);
                canvas.blend(x + MARGIN, y + MARGIN, color(part), 0.82 * strength);
            }
        }
    }
}

/// The colour of a part of the most that there is, 0 to 1.
pub(super) fn color(part: f32) -> Rgb {
    let steps = COLORS.len().saturating_sub(1) as f32;
    let place = part.clamp(0.0, 1.0) * steps;
    let at = |index: usize| COLORS.get(index).or(COLORS.last()).copied().unwrap_or_default();
    mix(at(place as usize), at(place as usize + 1), place.fract())
}

struct Field {
    width: usize,
    height: usize,
    counts: Vec<f32>,
    most: f32,
}

impl Field {
    fn new(land: &Land) -> Self {
        let (columns, rows) = land.size();
        let (width, height) = (columns.div_ceil(SQUARE), rows.div_ceil(SQUARE));
        let mut field = Self {
            width,
            height,
            counts: vec![0.0; width * height],
            most: 1.0,
        };
        for thing in &land.things {
            let at = large_tile(thing.x, thing.z).and_then(|tile| field.index(land, tile.x, tile.z));
            if let Some(count) = at.and_then(|at| field.counts.get_mut(at)) {
                *count += 1.0;
            }
        }
        for _ in 0..PASSES {
            field.spread(1, width);
            field.spread(width, height);
        }
        let mut sorted: Vec<f32> = field.counts.iter().copied().filter(|count| *count > 0.0).collect();
        sorted.sort_by(f32::total_cmp);
        // Single heaps are not to drown the rest.
        field.most = sorted.get(sorted.len() * 99 / 100).copied().unwrap_or(1.0);
        field
    }

    /// Spreads counts along rows or columns: `step` to the next of a line, `length` of them in it.
    fn spread(&mut self, step: usize, length: usize) {
        let before = self.counts.clone();
        let all = (2 * SPREAD + 1) as f32;
        for (index, count) in self.counts.iter_mut().enumerate() {
            let place = index / step % length;
            let near = place.saturating_sub(SPREAD)..=(place + SPREAD).min(length.saturating_sub(1));
            let at = |other: usize| {
                before
                    .get(index + other * step - place * step)
                    .copied()
                    .unwrap_or_default()
            };
            *count = near.map(at).sum::<f32>() / all;
        }
    }

    fn index(&self, land: &Land, x: i32, z: i32) -> Option<usize> {
        let (first_x, first_z) = land.first_tile();
        let column = usize::try_from(x - first_x).ok()? / SQUARE;
        let row = usize::try_from(z - first_z).ok()? / SQUARE;
        (column < self.width && row < self.height).then_some(row * self.width + column)
    }

    fn at(&self, land: &Land, x: i32, z: i32) -> f32 {
        let index = self.index(land, x, z);
        let count = index
            .and_then(|index| self.counts.get(index))
            .copied()
            .unwrap_or_default();
        (count / self.most).clamp(0.0, 1.0)
    }
}
