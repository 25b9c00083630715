//! Names on a map, none over another.

use std::collections::{BTreeMap, VecDeque};

use hexmarch_messages::placement::SiteType;
use hexmarch_world_gen::{Point, Site};

use super::canvas::{mix, Canvas, Face, Fonts, Pen};
use super::land::{Atlas, Land};
use super::map::{corners, Frame, INK, MARGIN, PAPER};
use super::symbols;

/// Large tiles along a side of the squares of which countries are made up here.
const SQUARE: usize = 8;
/// Fewest squares of a country with a name.
const LEAST_SQUARES: usize = 10;
/// Smallest and largest letters of a country's name.
const LETTERS: (f32, f32) = (11.0, 26.0);

/// A rectangle of pixels: left, top, right, bottom.
type Rect = (f32, f32, f32, f32);

/// Where on the picture something is written already.
#[derive(Debug)]
pub(super) struct Labels {
    taken: Vec<Rect>,
    map: Rect,
}

impl Labels {
    pub(super) fn new(frame: &Frame) -> Self {
        let (left, top) = (MARGIN as f32, MARGIN as f32);
        Self {
            taken: Vec::new(),
            map: (left, top, left + frame.width as f32, top + frame.height as f32),
        }
    }

    fn take(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    fn is_free(&self, rect: Rect) -> bool {
        let (left, top, right, bottom) = rect;
        let inside = left >= self.map.0 && top >= self.map.1 && right <= self.map.2 && bottom <= self.map.3;
        let apart = |other: &Rect| right <= other.0 || left >= other.2 || bottom <= other.1 || top >= other.3;
        inside && self.taken.iter().all(apart)
    }
}

/// Sites with their kind, the most important first.
fn ranked<'a>(land: &'a Land, atlas: &Atlas) -> Vec<(SiteType, &'a Site)> {
    let mut sites: Vec<_> = land.sites.iter().map(|site| (atlas.site_type(site.id), site)).collect();
    sites.sort_by_key(|(kind, site)| (symbols::rank(*kind), site.tile, site.id));
    sites
}

/// Keeps the places of drawings free of names.
pub(super) fn reserve_sites(labels: &mut Labels, frame: &Frame, (land, atlas): (&Land, &Atlas)) {
    for (kind, site) in ranked(land, atlas) {
        let ((x, y), size) = (frame.pixel(Point::of(site.tile)), symbols::size(kind, frame.zoom));
        labels.take((x - size, y - size, x + size, y + size));
    }
}

/// Draws all sites, and the names for which there is room.
pub(super) fn sites(
    canvas: &mut Canvas,
    frame: &Frame,
    (land, atlas): (&Land, &Atlas),
    fonts: &Fonts,
    labels: &mut Labels,
) {
    let ranked = ranked(land, atlas);
    for (kind, site) in ranked.iter().rev() {
        symbols::draw(
            canvas,
            *kind,
            frame.pixel(Point::of(site.tile)),
            symbols::size(*kind, frame.zoom),
        );
    }
    for (kind, site) in ranked {
        let Some(name) = atlas.sites.get(&site.id).map(|row| row.name.as_str()) else {
            continue;
        };
        let is_town = kind == SiteType::Settlement;
        if !is_town && frame.zoom < if kind == SiteType::Waystone { 0.6 } else { 0.9 } {
            continue;
        }
        let face = if is_town { Face::Bold } else { Face::Plain };
        let letters = if is_town { 13.0 } else { 10.5 };
        let pen = Pen::new(fonts, face, letters, INK);
        let ((x, y), size) = (frame.pixel(Point::of(site.tile)), symbols::size(kind, frame.zoom));
        let (width, gap) = (pen.width(name), size + 3.0);
        let places = [
            (x + gap, y + 0.3 * letters),
            (x - gap - width, y + 0.3 * letters),
            (x - width / 2.0, y + gap + 0.7 * letters),
            (x - width / 2.0, y - gap),
        ];
        let rect = |(x, y): (f32, f32)| (x - 1.0, y - 0.8 * letters, x + width + 1.0, y + 0.25 * letters);
        if let Some(place) = places.into_iter().find(|place| labels.is_free(rect(*place))) {
            labels.take(rect(place));
            canvas.text_with_rim(&pen, PAPER, place, name);
        }
    }
}

/// Numbers of regions, where there are several.
pub(super) fn regions(canvas: &mut Canvas, frame: &Frame, land: &Land, fonts: &Fonts) {
    if land.regions.len() < 2 {
        return;
    }
    let pen = Pen::new(fonts, Face::Bold, 15.0, [0x8E, 0x1F, 0x2B]);
    for (number, region) in (1..).zip(&land.regions) {
        let ((left, top), _) = corners(frame, region);
        canvas.text_with_rim(&pen, PAPER, (left + 7.0, top + 18.0), &format!("Region {number}"));
    }
}

/// Writes the names of countries where they are widest.
pub(super) fn countries(
    canvas: &mut Canvas,
    frame: &Frame,
    (land, atlas): (&Land, &Atlas),
    fonts: &Fonts,
    labels: &mut Labels,
) {
    let mut patches = Patches::new(land).all();
    patches.sort_by_key(|patch| (std::cmp::Reverse(patch.squares), patch.middle));
    let square = SQUARE as f64;
    for patch in patches {
        let name = atlas.biome_name(patch.biome).to_uppercase();
        let (first_x, first_z) = land.first_tile();
        let middle = |place: usize, first: i32| f64::from(first) + (place as f64 + 0.5) * square;
        let tile = (middle(patch.middle.0, first_x), middle(patch.middle.1, first_z));
        let (x, y) = frame.pixel(Point {
            x: tile.0,
            z: tile.1 * hexmarch_world_gen::noise::ROW_HEIGHT,
        });
        let room = (patch.room as f64 * 2.0 * square * frame.zoom) as f32;
        let size = (room / 6.5).clamp(LETTERS.0, LETTERS.1);
        let color = if patch.is_water {
            [0xE8, 0xF1, 0xF4]
        } else {
            mix(INK, [0x50, 0x48, 0x3C], 0.5)
        };
        let pen = Pen {
            spacing: size * 0.16,
            ..Pen::new(fonts, Face::Italic, size, color)
        };
        let width = pen.width(&name);
        if width > room * 1.5 {
            continue;
        }
        let shifts = [0.0, -1.4, 1.4, -2.8, 2.8];
        let rect = |y: f32| (x - width / 2.0, y - 0.6 * size, x + width / 2.0, y + 0.35 * size);
        let free = shifts
            .into_iter()
            .map(|shift| y + shift * size)
            .find(|y| labels.is_free(rect(*y)));
        let Some(y) = free else { continue };
        labels.take(rect(y));
        let place = (x - width / 2.0, y + 0.3 * size);
        if patch.is_water {
            canvas.text(&pen, place, &name);
        } else {
            canvas.text_with_rim(&pen, PAPER, place, &name);
        }
    }
}

/// A connected country.
struct Patch {
    biome: u8,
    is_water: bool,
    squares: usize,
    /// The square that is furthest from other countries.
    middle: (usize, usize),
    /// How far that is, in squares.
    room: usize,
}

/// What there is most of in each square: a country, and whether it is sea.
struct Patches {
    width: usize,
    height: usize,
    squares: Vec<Option<(u8, bool)>>,
}

impl Patches {
    fn new(land: &Land) -> Self {
        let (columns, rows) = land.size();
        let (width, height) = (columns / SQUARE, rows / SQUARE);
        let (first_x, first_z) = land.first_tile();
        let most = |index: usize| {
            let tile =
                |first: i32, square: usize, step: usize| first + i32::try_from(square * SQUARE + step).unwrap_or(0);
            let mut counts: BTreeMap<(u8, bool), usize> = BTreeMap::new();
            // Every other tile of every other row says as much.
            for (x, z) in (0..SQUARE)
                .step_by(2)
                .flat_map(|z| (0..SQUARE).step_by(2).map(move |x| (x, z)))
            {
                let cell = land.cell(tile(first_x, index % width, x), tile(first_z, index / width, z));
                if let Some(cell) = cell {
                    let is_sea = cell.depth() > 0 && cell.water_level <= 0;
                    *counts.entry((cell.biome, is_sea)).or_default() += 1;
                }
            }
            counts.into_iter().max_by_key(|(_, count)| *count).map(|(kind, _)| kind)
        };
        Self {
            width,
            height,
            squares: (0..width * height).map(most).collect(),
        }
    }

    fn around(&self, index: usize) -> [Option<usize>; 4] {
        let (x, z) = (index % self.width, index / self.width);
        [
            (x > 0).then(|| index - 1),
            (x + 1 < self.width).then(|| index + 1),
            (z > 0).then(|| index - self.width),
            (z + 1 < self.height).then(|| index + self.width),
        ]
    }

    fn kind(&self, index: usize) -> Option<(u8, bool)> {
        self.squares.get(index).copied().flatten()
    }

    /// Steps from each square to the next other country or the edge.
    fn rooms(&self) -> Vec<usize> {
        let mut rooms = vec![usize::MAX; self.squares.len()];
        let mut queue = VecDeque::new();
        for (index, room) in rooms.iter_mut().enumerate() {
            let is_same = |other: &Option<usize>| other.is_some_and(|other| self.kind(other) == self.kind(index));
            if !self.around(index).iter().all(is_same) {
                *room = 0;
                queue.push_back(index);
            }
        }
        while let Some(index) = queue.pop_front() {
            let next = rooms.get(index).copied().unwrap_or_default() + 1;
            for other in self.around(index).into_iter().flatten() {
                if let Some(room) = rooms.get_mut(other).filter(|room| **room > next) {
                    *room = next;
                    queue.push_back(other);
                }
            }
        }
        rooms
    }

    fn all(&self) -> Vec<Patch> {
        let rooms = self.rooms();
        let mut seen = vec![false; self.squares.len()];
        let mut patches = Vec::new();
        for start in 0..self.squares.len() {
            let Some((biome, is_water)) = self.kind(start) else {
                continue;
            };
            if std::mem::replace(seen.get_mut(start).unwrap_or(&mut true), true) {
                continue;
            }
            let (mut queue, mut squares, mut best) = (vec![start], 0, (0, start));
            while let Some(index) = queue.pop() {
                squares += 1;
                let room = rooms.get(index).copied().unwrap_or_default();
                if room > best.0 || (room == best.0 && index < best.1) {
                    best = (room, index);
                }
                for other in self.around(index).into_iter().flatten() {
                    let is_new = self.kind(other) == Some((biome, is_water));
                    if is_new && !std::mem::replace(seen.get_mut(other).unwrap_or(&mut true), true) {
                        queue.push(other);
                    }
                }
            }
            if squares >= LEAST_SQUARES {
                patches.push(Patch {
                    biome,
                    is_water,
                    squares,
                    middle: (best.1 % self.width, best.1 / self.width),
                    room: best.0 + 1,
                });
            }
        }
        patches
    }
}
