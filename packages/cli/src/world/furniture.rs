//! What explains a map: legend, scale, where north is.

use std::collections::BTreeMap;

use tiny_skia::{PathBuilder, Rect, Stroke};

use super::canvas::{from_number, thousands, Canvas, Face, Fonts, Pen, Rgb};
use super::heat;
use super::land::{Atlas, Land};
use super::map::{Frame, Layer, Style, INK, MARGIN};
use super::paint;
use super::symbols;

/// Pixels that the legend takes beside the map.
pub(super) const PANEL: u32 = 212;
/// Pixels between lines.
const LINE: f32 = 18.0;
/// Longest scale bar, in pixels.
const SCALE: f64 = 150.0;
/// Large tiles that a scale bar may show.
const LENGTHS: [u32; 12] = [4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192];

/// What the legend shows.
pub(super) struct Legend {
    layer: Layer,
    title: String,
    about: Vec<String>,
    /// Colour, name and share.
    countries: Vec<(Rgb, String, String)>,
    /// How many there are of each kind of [`symbols::KINDS`].
    sites: Vec<u64>,
    things: u64,
}

impl Legend {
    pub(super) fn new(land: &Land, atlas: &Atlas, style: &Style) -> Self {
        let mut tiles: BTreeMap<u8, u64> = BTreeMap::new();
        let (mut sea, mut fresh) = (0_u64, 0_u64);
        for cell in land.cells() {
            if cell.depth() == 0 {
                *tiles.entry(cell.biome).or_default() += 1;
            } else if cell.water_level > 0 {
                fresh += 1;
            } else {
                sea += 1;
            }
        }
        let all = sea + fresh + tiles.values().sum::<u64>();
        let mut tiles: Vec<(u8, u64)> = tiles.into_iter().collect();
        tiles.sort_by_key(|(biome, count)| (std::cmp::Reverse(*count), *biome));
        let color = |biome: u8| {
            atlas
                .biomes
                .get(&biome)
                .map_or([0; 3], |row| from_number(row.map_color))
        };
        let mut countries: Vec<_> = tiles
            .into_iter()
            .map(|(biome, count)| (color(biome), atlas.biome_name(biome), percent(count, all)))
            .collect();
        countries.push((paint::FRESH, "Rivers and lakes".to_owned(), percent(fresh, all)));
        countries.push((paint::depth(12), "Sea".to_owned(), percent(sea, all)));
        let count = |kind| {
            land.sites
                .iter()
                .filter(|site| atlas.site_type(site.id) == kind)
                .count() as u64
        };
        Self {
            layer: style.layer,
            title: style.title.clone(),
            about: style.about.clone(),
            countries,
            sites: symbols::KINDS.iter().map(|(kind, _)| count(*kind)).collect(),
            things: land.things.len() as u64,
        }
    }

    fn shows_countries(&self) -> bool {
        !matches!(self.layer, Layer::Elevation | Layer::Resources)
    }

    /// Pixels from top to bottom.
    pub(super) fn height(&self) -> u32 {
        let mut lines = self.about.len() + 5;
        if self.shows_countries() {
            lines += self.countries.len() + 2;
        }
        if self.layer == Layer::Elevation {
            lines += paint::HEIGHTS.len() + 6;
        }
        if self.layer.has_sites() {
            lines += self.sites.len() + 2;
        }
        if matches!(self.layer, Layer::Resources | Layer::All) {
            lines += 4;
        }
        (lines as f32 * LINE) as u32 + 40
    }

    /// Draws it to the right of the map.
    pub(super) fn draw(&self, canvas: &mut Canvas, frame: &Frame, fonts: &Fonts) {
        let left = (frame.width + 2 * MARGIN) as f32;
        let mut lines = Lines {
            canvas,
            fonts,
            left,
            y: MARGIN as f32 + 16.0,
        };
        lines.write(Face::Bold, 21.0, &self.title);
        lines.y += LINE * 1.1;
        for line in &self.about {
            lines.write(Face::Plain, 12.0, line);
            lines.y += LINE * 0.85;
        }
        if self.shows_countries() {
            lines.heading("Countries");
            for (color, name, share) in &self.countries {
                lines.swatch(*color, name, share);
            }
        }
        if self.layer == Layer::Elevation {
            self.heights(&mut lines);
        }
        if self.layer.has_sites() {
            lines.heading("Sites");
            for ((kind, name), count) in symbols::KINDS.iter().zip(&self.sites) {
                let (x, y) = (lines.left + 9.0, lines.y - 5.0);
                symbols::draw(lines.canvas, *kind, (x, y), symbols::size(*kind, 1.0));
                lines.entry(name, &thousands(*count));
            }
        }
        if self.layer == Layer::Resources {
            lines.heading("To gather");
            lines.ramp();
            lines.entry("Things", &thousands(self.things));
        } else if self.layer == Layer::All {
            lines.y += LINE * 0.4;
            lines.entry("Things to gather", &thousands(self.things));
        }
        scale(&mut lines, frame);
    }

    fn heights(&self, lines: &mut Lines<'_, '_>) {
        lines.heading("Heights");
        for (height, color) in paint::HEIGHTS.iter().rev() {
            lines.swatch(*color, &format!("from {height}"), "");
        }
        lines.heading("Depths");
        for depth in [2_u16, 10, 25, 50] {
            lines.swatch(paint::depth(depth), &format!("{depth}"), "");
        }
    }
}

/// Lines of text under each other.
struct Lines<'a, 'f> {
    canvas: &'a mut Canvas,
    fonts: &'f Fonts,
    left: f32,
    y: f32,
}

impl Lines<'_, '_> {
    fn write(&mut self, face: Face, size: f32, text: &str) {
        let pen = Pen::new(self.fonts, face, size, INK);
        self.canvas.text(&pen, (self.left, self.y), text);
    }

    fn heading(&mut self, text: &str) {
        self.y += LINE * 0.6;
        self.write(Face::Bold, 14.0, text);
        self.y += LINE;
    }

    /// A name after room for a drawing, and a figure at the right.
    fn entry(&mut self, name: &str, figure: &str) {
        let pen = Pen::new(self.fonts, Face::Plain, 13.0, INK);
        self.canvas.text(&pen, (self.left + 26.0, self.y), name);
        let right = self.left + PANEL as f32 - MARGIN as f32;
        let width = pen.width(figure);
        self.canvas.text(&pen, (right - width, self.y), figure);
        self.y += LINE;
    }

    fn swatch(&mut self, color: Rgb, name: &str, figure: &str) {
        let rect = Rect::from_xywh(self.left, self.y - 10.5, 18.0, 12.0).map(PathBuilder::from_rect);
        self.canvas.fill(rect.clone(), color, 1.0);
        let line = Stroke {
            width: 0.7,
            ..Stroke::default()
        };
        self.canvas.stroke(rect, INK, 0.7, &line);
        self.entry(name, figure);
    }

    /// Colours from little to much.
    fn ramp(&mut self) {
        const STEPS: u8 = 30;
        for step in 0..STEPS {
            let x = self.left + 6.0 * f32::from(step);
            let rect = Rect::from_xywh(x, self.y - 10.0, 6.0, 12.0).map(PathBuilder::from_rect);
            self.canvas
                .fill(rect, heat::color(f32::from(step) / f32::from(STEPS)), 1.0);
        }
        self.y += LINE;
        let pen = Pen::new(self.fonts, Face::Plain, 12.0, INK);
        self.canvas.text(&pen, (self.left, self.y), "little");
        let width = pen.width("much");
        self.canvas.text(&pen, (self.left + 180.0 - width, self.y), "much");
        self.y += LINE;
    }
}

/// A scale bar and an arrow to the north.
fn scale(lines: &mut Lines<'_, '_>, frame: &Frame) {
    let fits = |tiles: &&u32| f64::from(**tiles) * frame.zoom <= SCALE;
    let tiles = LENGTHS.iter().rev().find(fits).copied().unwrap_or(1);
    let length = (f64::from(tiles) * frame.zoom) as f32;
    lines.y += LINE * 2.0;
    let (left, y) = (lines.left, lines.y);
    for part in 0..4_u8 {
        let width = length / 4.0;
        let rect = Rect::from_xywh(left + width * f32::from(part), y - 6.0, width, 6.0).map(PathBuilder::from_rect);
        if part % 2 == 0 {
            lines.canvas.fill(rect.clone(), INK, 1.0);
        }
        let line = Stroke {
            width: 1.0,
            ..Stroke::default()
        };
        lines.canvas.stroke(rect, INK, 1.0, &line);
    }
    symbols::north(
        lines.canvas,
        (left + PANEL as f32 - MARGIN as f32 - 14.0, y + 8.0),
        34.0,
    );
    let pen = Pen::new(lines.fonts, Face::Bold, 12.0, INK);
    lines
        .canvas
        .text(&pen, (left + PANEL as f32 - MARGIN as f32 - 18.0, y + 20.0), "N");
    lines.y += 14.0;
    let chunks = if tiles >= 32 {
        format!(" = {} chunks", tiles / 32)
    } else {
        String::new()
    };
    let chunks = if tiles == 32 { " = 1 chunk".to_owned() } else { chunks };
    lines.write(
        Face::Plain,
        12.0,
        &format!("{} large tiles{chunks}", thousands(u64::from(tiles))),
    );
}

/// The line round the map.
pub(super) fn neatline(canvas: &mut Canvas, frame: &Frame) {
    let (left, side) = (MARGIN as f32, 0.5);
    let rect = Rect::from_xywh(
        left - side,
        left - side,
        frame.width as f32 + 2.0 * side,
        frame.height as f32 + 2.0 * side,
    );
    let line = Stroke {
        width: 1.2,
        ..Stroke::default()
    };
    canvas.stroke(rect.map(PathBuilder::from_rect), INK, 1.0, &line);
}

fn percent(part: u64, all: u64) -> String {
    let permille = (1_000 * part + all / 2).checked_div(all).unwrap_or_default();
    format!("{}.{} %", permille / 10, permille % 10)
}
