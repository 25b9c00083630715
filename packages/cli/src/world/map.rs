//! A map: the ground, what lies on it, and what explains it.

use clap::ValueEnum;
use hexmarch_sim_core::{OffsetCoordinatesFloat, OffsetCoordinatesLarge, RegionBounds, OVERWORLD};
use hexmarch_world_gen::noise::ROW_HEIGHT;
use hexmarch_world_gen::Point;
use tiny_skia::{PathBuilder, Stroke, StrokeDash};

use super::canvas::{Canvas, Fonts, Rgb};
use super::furniture;
use super::heat;
use super::land::{large_tile, Atlas, Land};
use super::names::{self, Labels};
use super::paint;

/// What paper looks like.
pub(super) const PAPER: Rgb = [0xF4, 0xEF, 0xE3];
/// What ink looks like.
pub(super) const INK: Rgb = [0x2B, 0x26, 0x22];
/// Pixels round the map.
pub(super) const MARGIN: u32 = 14;
/// From this zoom on single things are drawn.
const THINGS_FROM: f64 = 2.5;
/// From this zoom on borders of chunks are drawn.
const CHUNKS_FROM: f64 = 7.0;
const BORDER: Rgb = [0x8E, 0x1F, 0x2B];
const THING: Rgb = [0x2D, 0x3A, 0x1C];

/// What a map is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Layer {
    /// Countries with relief and waters, and their names
    Biomes,
    /// Heights and depths
    Elevation,
    /// How much there is to gather
    Resources,
    /// Where people live and lived
    Sites,
    /// Countries, sites and, from --zoom 2.5 on, every thing to gather
    All,
}

impl Layer {
    pub(super) fn has_sites(self) -> bool {
        matches!(self, Self::Sites | Self::All)
    }

    pub(super) fn has_countries(self) -> bool {
        matches!(self, Self::Biomes | Self::All)
    }
}

/// How a map is drawn.
#[derive(Debug, Clone)]
pub struct Style {
    /// What is drawn.
    pub layer: Layer,
    /// Pixels a large tile.
    pub zoom: f64,
    /// Line at the top of the legend.
    pub title: String,
    /// Lines below it.
    pub about: Vec<String>,
}

/// Where on the picture places are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// Pixels a large tile.
    pub zoom: f64,
    /// Pixels of the map.
    pub width: u32,
    /// Pixels of the map.
    pub height: u32,
    /// The point in the south western corner.
    west: f64,
    south: f64,
}

impl Frame {
    fn new(land: &Land, zoom: f64) -> Self {
        let (columns, rows) = land.size();
        let (first_x, first_z) = land.first_tile();
        let pixels = |length: f64| (length * zoom).round().clamp(0.0, f64::from(u32::MAX)) as u32;
        Self {
            zoom,
            width: pixels(columns as f64),
            height: pixels(rows as f64 * ROW_HEIGHT),
            west: f64::from(first_x) - 0.25,
            south: (f64::from(first_z) - 0.5) * ROW_HEIGHT,
        }
    }

    /// Where a point is on the picture.
    pub fn pixel(&self, point: Point) -> (f32, f32) {
        let x = f64::from(MARGIN) + (point.x - self.west) * self.zoom;
        let y = f64::from(MARGIN) + f64::from(self.height) - (point.z - self.south) * self.zoom;
        (x as f32, y as f32)
    }

    /// The point at a place of the map, in pixels from its north western corner.
    pub fn point(&self, x: f64, y: f64) -> Point {
        Point {
            x: self.west + x / self.zoom,
            z: self.south + (f64::from(self.height) - y) / self.zoom,
        }
    }

    /// The large tile that a point belongs to.
    pub fn tile(point: Point) -> OffsetCoordinatesLarge {
        let milli = |value: f64| (value * 3_000.0).round() as i32;
        let point = OffsetCoordinatesFloat::new(milli(point.x), milli(point.z / ROW_HEIGHT), OVERWORLD);
        point.into()
    }
}

/// Draws a map and returns the PNG file.
///
/// # Errors
/// When it would be too large.
pub fn render(land: &Land, atlas: &Atlas, style: &Style) -> anyhow::Result<Vec<u8>> {
    let fonts = Fonts::new()?;
    let frame = Frame::new(land, style.zoom);
    let legend = furniture::Legend::new(land, atlas, style);
    let width = frame.width.saturating_add(furniture::PANEL + 2 * MARGIN);
    let height = frame.height.max(legend.height()).saturating_add(2 * MARGIN);
    let mut canvas = Canvas::new(width, height, PAPER)?;
    paint::ground(&mut canvas, &frame, (land, atlas), style.layer);
    if style.layer == Layer::Resources {
        heat::draw(&mut canvas, &frame, land);
    }
    if style.layer == Layer::All && style.zoom >= THINGS_FROM {
        things(&mut canvas, &frame, land);
    }
    borders(&mut canvas, &frame, land);
    let mut labels = Labels::new(&frame);
    if style.layer.has_sites() {
        names::reserve_sites(&mut labels, &frame, (land, atlas));
    }
    if style.layer.has_countries() {
        names::countries(&mut canvas, &frame, (land, atlas), &fonts, &mut labels);
    }
    if style.layer.has_sites() {
        names::sites(&mut canvas, &frame, (land, atlas), &fonts, &mut labels);
    }
    names::regions(&mut canvas, &frame, land, &fonts);
    furniture::neatline(&mut canvas, &frame);
    legend.draw(&mut canvas, &frame, &fonts);
    canvas.png()
}

fn things(canvas: &mut Canvas, frame: &Frame, land: &Land) {
    let radius = (0.2 * frame.zoom).clamp(0.8, 5.0) as f32;
    for thing in &land.things {
        if large_tile(thing.x, thing.z).is_none_or(|large| land.cell(large.x, large.z).is_none()) {
            continue;
        }
        let small = Point::of_row(thing.x, thing.z);
        let point = Point {
            x: small.x / 3.0,
            z: small.z / 3.0,
        };
        let (x, y) = frame.pixel(point);
        canvas.fill(PathBuilder::from_circle(x, y, radius + 0.6), PAPER, 0.45);
        canvas.fill(PathBuilder::from_circle(x, y, radius), THING, 0.85);
    }
}

/// Borders of chunks when they are large, and of regions.
fn borders(canvas: &mut Canvas, frame: &Frame, land: &Land) {
    if frame.zoom >= CHUNKS_FROM {
        let thin = Stroke {
            width: 0.8,
            ..Stroke::default()
        };
        for x in land.bounds.min_chunk_x..land.bounds.max_chunk_x {
            for z in land.bounds.min_chunk_z..land.bounds.max_chunk_z {
                let chunk = RegionBounds {
                    min_chunk_x: x,
                    min_chunk_z: z,
                    max_chunk_x: x + 1,
                    max_chunk_z: z + 1,
                };
                canvas.stroke(rectangle(frame, &chunk), INK, 0.28, &thin);
            }
        }
    }
    if land.regions.len() < 2 {
        return;
    }
    let (wide, dashed) = (
        Stroke {
            width: 3.6,
            ..Stroke::default()
        },
        Stroke {
            width: 1.6,
            dash: StrokeDash::new(vec![9.0, 4.0, 2.0, 4.0], 0.0),
            ..Stroke::default()
        },
    );
    for region in &land.regions {
        canvas.stroke(rectangle(frame, region), PAPER, 0.55, &wide);
    }
    for region in &land.regions {
        canvas.stroke(rectangle(frame, region), BORDER, 0.95, &dashed);
    }
}

/// The corners of a block of chunks on the picture, north western and south eastern.
pub(super) fn corners(frame: &Frame, block: &RegionBounds) -> ((f32, f32), (f32, f32)) {
    let corner = |chunk_x: i32, chunk_z: i32| {
        let tile = |chunk: i32| f64::from(chunk) * 32.0;
        frame.pixel(Point {
            x: tile(chunk_x) - 0.25,
            z: (tile(chunk_z) - 0.5) * ROW_HEIGHT,
        })
    };
    (
        corner(block.min_chunk_x, block.max_chunk_z),
        corner(block.max_chunk_x, block.min_chunk_z),
    )
}

fn rectangle(frame: &Frame, block: &RegionBounds) -> Option<tiny_skia::Path> {
    let ((left, top), (right, bottom)) = corners(frame, block);
    Some(PathBuilder::from_rect(tiny_skia::Rect::from_ltrb(
        left, top, right, bottom,
    )?))
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;
    use std::path::Path;

    use hexmarch_sim_core::RegionLayout;

    use super::*;
    use crate::world::{make, Plan};

    fn picture(atlas: &Atlas, threads: usize, layer: Layer, zoom: f64) -> Vec<u8> {
        let plan = Plan {
            seed: 1,
            layout: RegionLayout::new(4, 2, 6, 5).unwrap(),
            region: None,
            threads: NonZero::new(threads),
        };
        let (land, _) = make(&plan, &atlas.world.rules(), |_, _| ()).unwrap();
        let style = Style {
            layer,
            zoom,
            title: "Test".to_owned(),
            about: vec!["seed 1".to_owned()],
        };
        render(&land, atlas, &style).unwrap()
    }

    #[test]
    fn the_same_world_is_the_same_file_however_it_was_made() {
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static_data");
        let (content, mistakes) = hexmarch_content::check(&content).unwrap();
        assert!(mistakes.iter().all(|mistake| mistake.is_warning), "{mistakes:?}");
        let atlas = Atlas::new(&content);
        let mut files = Vec::new();
        for layer in Layer::value_variants() {
            let file = picture(&atlas, 1, *layer, 0.5);
            assert!(
                file == picture(&atlas, 3, *layer, 0.5),
                "{layer:?} is another picture with more threads"
            );
            let mut decoder = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
            let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
            let info = decoder.next_frame(&mut pixels).unwrap();
            // 12 chunks of 32 tiles at half a pixel, a margin on both sides, and the legend.
            assert_eq!(info.width, 192 + 2 * MARGIN + furniture::PANEL);
            files.push(file);
        }
        files.sort();
        files.dedup();
        assert_eq!(
            files.len(),
            Layer::value_variants().len(),
            "two layers are the same picture"
        );
    }
}
