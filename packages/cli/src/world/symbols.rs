//! Little drawings of what stands at a site.

use hexmarch_messages::placement::SiteType;
use tiny_skia::{Path, PathBuilder, Stroke};

use super::canvas::{Canvas, Rgb};
use super::map::{INK, PAPER};

/// All kinds, the most important first, with their names in the plural.
pub(super) const KINDS: [(SiteType, &str); 5] = [
    (SiteType::Settlement, "Settlements"),
    (SiteType::Waystone, "Waystones"),
    (SiteType::Ruin, "Ruins"),
    (SiteType::Shrine, "Shrines"),
    (SiteType::Den, "Dens"),
];

const ROOF: Rgb = [0xA9, 0x2F, 0x2A];
const STONE: Rgb = [0x2F, 0x5D, 0x8C];
const RUIN: Rgb = [0x6E, 0x66, 0x5C];
const SHRINE: Rgb = [0xC0, 0x8A, 0x1E];

/// How important a kind is: 0 for the most.
pub(super) fn rank(kind: SiteType) -> usize {
    KINDS
        .iter()
        .position(|(other, _)| *other == kind)
        .unwrap_or(KINDS.len())
}

/// How large a kind is drawn, half of its height in pixels.
pub(super) fn size(kind: SiteType, zoom: f64) -> f32 {
    let whole = match kind {
        SiteType::Settlement => 7.0,
        SiteType::Waystone => 5.5,
        SiteType::Ruin => 5.0,
        SiteType::Shrine | SiteType::Den => 4.2,
    };
    whole * (0.72 + 0.28 * zoom).clamp(0.72, 1.8) as f32
}

/// Draws a kind with its middle here.
pub(super) fn draw(canvas: &mut Canvas, kind: SiteType, (x, y): (f32, f32), size: f32) {
    let at = |points: &[(f32, f32)]| polygon(points.iter().map(|(dx, dy)| (x + dx * size, y + dy * size)));
    let rim = Stroke {
        width: 2.4,
        ..Stroke::default()
    };
    let line = Stroke {
        width: 0.9,
        ..Stroke::default()
    };
    let mut shape = |points: &[(f32, f32)], color: Rgb| {
        canvas.stroke(at(points), PAPER, 0.9, &rim);
        canvas.fill(at(points), color, 1.0);
        canvas.stroke(at(points), INK, 0.9, &line);
    };
    match kind {
        SiteType::Settlement => {
            let house = [(-0.75, 0.8), (-0.75, -0.1), (0.0, -0.95), (0.75, -0.1), (0.75, 0.8)];
            shape(&house, ROOF);
            canvas.fill(at(&[(-0.2, 0.8), (-0.2, 0.2), (0.2, 0.2), (0.2, 0.8)]), PAPER, 1.0);
        }
        SiteType::Waystone => shape(
            &[
                (-0.45, 0.75),
                (-0.5, -0.45),
                (0.0, -1.0),
                (0.5, -0.45),
                (0.45, 0.75),
                (0.0, 1.0),
            ],
            STONE,
        ),
        SiteType::Ruin => shape(
            &[
                (-0.9, 0.8),
                (-0.9, -0.6),
                (-0.5, -0.9),
                (-0.4, 0.1),
                (0.05, 0.3),
                (0.3, -0.3),
                (0.6, -0.1),
                (0.9, 0.4),
                (0.9, 0.8),
            ],
            RUIN,
        ),
        SiteType::Shrine => {
            let corner = |sixth: u8| {
                let angle = f32::from(sixth) * std::f32::consts::FRAC_PI_3;
                (angle.sin(), angle.cos())
            };
            shape(&[0, 1, 2, 3, 4, 5].map(corner), SHRINE);
            canvas.fill(PathBuilder::from_circle(x, y, size * 0.32), PAPER, 1.0);
        }
        SiteType::Den => {
            shape(&[(-1.0, 0.8), (-0.7, -0.2), (0.0, -0.9), (0.7, -0.2), (1.0, 0.8)], INK);
            canvas.fill(
                PathBuilder::from_circle(x - size * 0.28, y + size * 0.15, size * 0.15),
                PAPER,
                1.0,
            );
            canvas.fill(
                PathBuilder::from_circle(x + size * 0.28, y + size * 0.15, size * 0.15),
                PAPER,
                1.0,
            );
        }
    }
}

/// The arrow that says where north is; `height` pixels, its foot here.
pub(super) fn north(canvas: &mut Canvas, (x, y): (f32, f32), height: f32) {
    let half = |side: f32| polygon([(x, y - height), (x + side * height * 0.28, y), (x, y - height * 0.2)].into_iter());
    let line = Stroke {
        width: 1.0,
        ..Stroke::default()
    };
    canvas.fill(half(-1.0), INK, 1.0);
    for side in [-1.0, 1.0] {
        canvas.stroke(half(side), INK, 1.0, &line);
    }
}

fn polygon(points: impl Iterator<Item = (f32, f32)>) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.enumerate() {
        if index == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    path.close();
    path.finish()
}
