//! Draws the coordinate systems of `hexmarch_sim_core::hex` as SVG files, for docs/coordinates.md:
//! `cargo run -p hexmarch-sim-core --example coordinates -- docs/images`.
//!
//! Every number in the pictures is what the library answers.

// A drawing that fails may say so in whatever way.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use hexmarch_sim_core::chunk::MILLI_PER_LARGE;
use hexmarch_sim_core::{
    ChunkCoordinates, Footprint, HexDirection, LargeHexTile, OffsetCoordinatesFloat, OffsetCoordinatesLarge,
    OffsetCoordinatesSmall, SmallHexTile, MILLI_PER_TILE,
};

/// Half the root of 3: how far rows are apart, in widths of a tile.
const ROW: f64 = 0.866_025_403_784_438_6;
const PAPER: &str = "#fbf8f1";
const INK: &str = "#2b2622";
const GRID: &str = "#b9ae9b";
const LARGE: &str = "#a92f2a";
const BLUE: &str = "#2f5d8c";

fn main() -> std::io::Result<()> {
    let directory = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("docs/images"), PathBuf::from);
    std::fs::create_dir_all(&directory)?;
    let pictures = [
        ("hex-axial-and-offset.svg", axial_and_offset()),
        ("hex-directions.svg", directions()),
        ("hex-small-and-large.svg", small_and_large()),
        ("hex-shapes.svg", shapes()),
        ("hex-chunks.svg", chunks()),
    ];
    for (name, picture) in pictures {
        std::fs::write(Path::new(&directory).join(name), picture)?;
    }
    Ok(())
}

/// A picture in the making. Positions are in pixels from the middle, north up.
struct Svg {
    body: String,
    half: (f64, f64),
}

impl Svg {
    fn new(width: f64, height: f64) -> Self {
        Self {
            body: String::new(),
            half: (width / 2.0, height / 2.0),
        }
    }

    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.half.0 + x, self.half.1 - y)
    }

    /// A hex of a width.
    fn hex(&mut self, middle: (f64, f64), width: f64, style: &str) {
        let (x, y) = self.place(middle);
        let radius = width / (2.0 * ROW);
        let corners = [
            (0.0, -1.0),
            (ROW, -0.5),
            (ROW, 0.5),
            (0.0, 1.0),
            (-ROW, 0.5),
            (-ROW, -0.5),
        ];
        let points = corners.map(|(dx, dy)| format!("{:.1},{:.1}", x + radius * dx, y + radius * dy));
        self.add(&format!("<polygon points=\"{}\" {style}/>", points.join(" ")));
    }

    fn text(&mut self, at: (f64, f64), size: f64, style: &str, text: &str) {
        let (x, y) = self.place(at);
        let y = y + 0.36 * size;
        self.add(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" text-anchor=\"middle\" {style}>{text}</text>"
        ));
    }

    fn arrow(&mut self, from: (f64, f64), to: (f64, f64), color: &str) {
        let ((x1, y1), (x2, y2)) = (self.place(from), self.place(to));
        self.add(&format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{color}\" stroke-width=\"2\" marker-end=\"url(#tip)\"/>"
        ));
    }

    fn dot(&mut self, at: (f64, f64), radius: f64, color: &str) {
        let (x, y) = self.place(at);
        self.add(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{color}\"/>"
        ));
    }

    fn add(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    fn finish(self) -> String {
        let (width, height) = (2.0 * self.half.0, 2.0 * self.half.1);
        let mut text = String::new();
        let _ = writeln!(
            text,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"DejaVu Sans, Verdana, sans-serif\">\n\
             <defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"8\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0 10 5 0 10z\" fill=\"context-stroke\"/></marker></defs>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>"
        );
        text + &self.body + "</svg>\n"
    }
}

/// Where the middle of a small tile is, by what the library says, in widths of a small tile.
fn small(tile: SmallHexTile) -> (f64, f64) {
    point(tile.center().expect("a tile near the origin has a middle"))
}

fn large(tile: LargeHexTile) -> (f64, f64) {
    point(tile.center().expect("a tile near the origin has a middle"))
}

fn point(point: OffsetCoordinatesFloat) -> (f64, f64) {
    let unit = f64::from(MILLI_PER_TILE);
    (f64::from(point.x) / unit, f64::from(point.z) / unit * ROW)
}

fn scaled((x, y): (f64, f64), by: f64, (dx, dy): (f64, f64)) -> (f64, f64) {
    (x * by + dx, y * by + dy)
}

fn fill(color: &str, line: &str, width: f64) -> String {
    format!("fill=\"{color}\" stroke=\"{line}\" stroke-width=\"{width}\"")
}

fn ink(color: &str) -> String {
    format!("fill=\"{color}\"")
}

/// The same tiles by both pairs of numbers.
fn axial_and_offset() -> String {
    let mut svg = Svg::new(760.0, 470.0);
    let width = 92.0;
    for row in -2..=2 {
        for column in -3..=3 {
            let offset = OffsetCoordinatesSmall::new(column, row, 1);
            let axial = offset.to_axial().expect("near the origin");
            let at = scaled(small(axial), width, (-20.0, 12.0));
            let color = match (axial.x, axial.z) {
                (0, 0) => "#f3d9a4",
                (_, 0) => "#f7ead0",
                (0, _) => "#d5e3ef",
                _ => "#ffffff",
            };
            svg.hex(at, width, &fill(color, GRID, 1.2));
            svg.text(
                (at.0, at.1 + 12.0),
                15.0,
                &ink(LARGE),
                &format!("{}, {}", axial.x, axial.z),
            );
            svg.text(
                (at.0, at.1 - 12.0),
                15.0,
                &ink(BLUE),
                &format!("{}, {}", offset.x, offset.z),
            );
        }
    }
    svg.text((-200.0, -218.0), 14.0, &ink(LARGE), "above: axial x, z");
    svg.text((60.0, -218.0), 14.0, &ink(BLUE), "below: column x, row z");
    svg.finish()
}

/// The six ways out of a tile.
fn directions() -> String {
    let mut svg = Svg::new(560.0, 470.0);
    let (width, middle) = (150.0, SmallHexTile::new(0, 0, 1));
    svg.hex((0.0, 0.0), width, &fill("#f3d9a4", GRID, 1.5));
    svg.text((0.0, 0.0), 15.0, &ink(INK), "0, 0");
    for direction in HexDirection::ALL {
        let at = scaled(
            small(middle.neighbour(direction).expect("near the origin")),
            width,
            (0.0, 0.0),
        );
        svg.hex(at, width, &fill("#ffffff", GRID, 1.5));
        let (x, z) = direction.step();
        svg.text(
            (at.0, at.1 + 20.0),
            22.0,
            &format!("{} font-weight=\"bold\"", ink(BLUE)),
            &direction.index().to_string(),
        );
        svg.text((at.0, at.1 - 4.0), 15.0, &ink(INK), &format!("{direction:?}"));
        svg.text((at.0, at.1 - 26.0), 14.0, &ink(LARGE), &format!("{x:+}, {z:+}"));
    }
    for direction in HexDirection::ALL {
        let at = scaled(
            small(middle.neighbour(direction).expect("near the origin")),
            width,
            (0.0, 0.0),
        );
        svg.arrow((at.0 * 0.22, at.1 * 0.22), (at.0 * 0.56, at.1 * 0.56), BLUE);
    }
    svg.finish()
}

/// Seven small tiles whole, six shared.
fn small_and_large() -> String {
    let mut svg = Svg::new(760.0, 560.0);
    let width = 54.0;
    let middle = LargeHexTile::new(0, 0, 1);
    let around: Vec<LargeHexTile> = middle.range(1).collect();
    let tiles: BTreeSet<SmallHexTile> = around
        .iter()
        .flat_map(|tile| tile.inner_tiles().chain(tile.corner_tiles()))
        .collect();
    let color_of = |tile: &SmallHexTile| match tile.large_tile() {
        _ if tile.is_corner() => "#e9c9a0",
        Some(large) if large == middle => "#dfe9d2",
        _ => "#ffffff",
    };
    for tile in &tiles {
        let style = fill(color_of(tile), GRID, 1.0);
        svg.hex(scaled(small(*tile), width, (0.0, 0.0)), width, &style);
    }
    for tile in &around {
        let style = fill("none", LARGE, 2.6);
        svg.hex(scaled(large(*tile), width, (0.0, 0.0)), width * 3.0, &style);
    }
    for tile in &tiles {
        let (x, y) = scaled(small(*tile), width, (0.0, 0.0));
        let is_middle = tile.large_tile().and_then(LargeHexTile::center_tile) == Some(*tile);
        let rim = format!(
            "{} stroke=\"{}\" stroke-width=\"7\" paint-order=\"stroke\"",
            ink(INK),
            color_of(tile)
        );
        let number = format!("{},{}", tile.x, tile.z);
        svg.text((x, if is_middle { y - 11.0 } else { y }), 11.0, &rim, &number);
    }
    for tile in around {
        let (x, y) = scaled(large(tile), width, (0.0, 0.0));
        let style = format!("{} font-weight=\"bold\"", ink(LARGE));
        svg.text((x, y + 8.0), 17.0, &style, &format!("{},{}", tile.x, tile.z));
    }
    svg.finish()
}

/// Ring, range, line and a footprint that turns.
fn shapes() -> String {
    let mut svg = Svg::new(880.0, 520.0);
    let width = 32.0;
    let origin = SmallHexTile::new(0, 0, 1);
    let to = SmallHexTile::new(-2, 3, 1);
    let footprint = Footprint::new([(0, 0), (1, 0), (2, 0), (2, -1)]).expect("four different tiles");
    let ring: Vec<_> = origin.ring(2).collect();
    let range: Vec<_> = origin.range(2).collect();
    let line = SmallHexTile::new(2, -2, 1).line(to).expect("in one dimension");
    let turned = |sixths: i32| {
        footprint
            .tiles(origin, HexDirection::from_index(sixths))
            .expect("near the origin")
    };
    let panels: [(&str, (f64, f64), Vec<SmallHexTile>); 6] = [
        ("ring(2)", (-290.0, 140.0), ring),
        ("range(2)", (0.0, 140.0), range),
        ("2,-2 .line(-2,3)", (290.0, 140.0), line),
        ("footprint, facing 0 (East)", (-290.0, -115.0), turned(0)),
        ("facing 1 (NorthEast)", (0.0, -115.0), turned(1)),
        ("facing 3 (West)", (290.0, -115.0), turned(3)),
    ];
    for (name, at, tiles) in panels {
        for tile in origin.range(3) {
            let color = if tiles.contains(&tile) { "#b8cfe3" } else { "#ffffff" };
            svg.hex(scaled(small(tile), width, at), width, &fill(color, GRID, 1.0));
        }
        svg.dot(at, 4.0, LARGE);
        svg.text((at.0, at.1 - 118.0), 14.0, &ink(INK), name);
    }
    svg.finish()
}

/// Four chunks meet.
fn chunks() -> String {
    let mut svg = Svg::new(760.0, 500.0);
    let width = 78.0;
    let unit = f64::from(MILLI_PER_LARGE) / f64::from(MILLI_PER_TILE);
    let colors = ["#e8efdc", "#dde7f1", "#f5e6cf", "#efdcdc"];
    let middle = (31.75, 31.5);
    for row in 29..=34 {
        for column in 28..=35 {
            let tile = OffsetCoordinatesLarge::new(column, row, 1);
            let chunk = ChunkCoordinates::from(tile);
            let (x, y) = large(tile.to_axial().expect("near the origin"));
            let at = ((x / unit - middle.0) * width, (y / unit - middle.1 * ROW) * width);
            let color = colors[usize::try_from(chunk.z * 2 + chunk.x).expect("four chunks")];
            svg.hex(at, width, &fill(color, GRID, 1.2));
            svg.text((at.0, at.1 + 9.0), 14.0, &ink(BLUE), &format!("{column}, {row}"));
            svg.text(
                (at.0, at.1 - 11.0),
                11.0,
                &ink("#7a7064"),
                &format!("[{}]", tile.index_in_chunk()),
            );
        }
    }
    for (x, y, chunk) in [
        (-245.0, -228.0, (0, 0)),
        (190.0, -228.0, (1, 0)),
        (-245.0, 228.0, (0, 1)),
        (190.0, 228.0, (1, 1)),
    ] {
        let chunk = ChunkCoordinates {
            x: chunk.0,
            z: chunk.1,
            dimension: 1,
        };
        let index = chunk.index().expect("a chunk with an index");
        let text = format!("chunk {}, {}: chunk_index {index}", chunk.x, chunk.z);
        svg.text((x, y), 15.0, &format!("{} font-weight=\"bold\"", ink(INK)), &text);
    }
    svg.finish()
}
