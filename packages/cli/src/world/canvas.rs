//! Pixels, shapes and text, and the PNG file that they become.

use std::borrow::Cow;

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _};
use anyhow::Context as _;
use tiny_skia::{Color, FillRule, Paint, Path, Pixmap, PremultipliedColorU8, Stroke, Transform};

/// Largest picture, in pixels on a side.
pub const MAX_SIDE: u32 = 12_000;

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// A picture that is being drawn. Drawing outside of it does nothing.
#[derive(Debug)]
pub struct Canvas {
    pixmap: Pixmap,
}

/// The letters of a picture: DejaVu, whose licence allows to carry it along.
#[derive(Debug)]
pub struct Fonts {
    plain: FontRef<'static>,
    bold: FontRef<'static>,
    italic: FontRef<'static>,
}

/// Which letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// For most.
    Plain,
    /// For headings.
    Bold,
    /// For countries.
    Italic,
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub struct Pen<'a> {
    /// The letters.
    pub fonts: &'a Fonts,
    /// Which of them.
    pub face: Face,
    /// Pixels from the lowest to the highest.
    pub size: f32,
    /// Their colour.
    pub color: Rgb,
    /// Pixels more between two.
    pub spacing: f32,
}

impl Fonts {
    /// # Errors
    /// Never, unless this tool is broken.
    pub fn new() -> anyhow::Result<Self> {
        let font = |bytes: &'static [u8]| FontRef::try_from_slice(bytes).context("the tool's own font cannot be read");
        Ok(Self {
            plain: font(dejavu::sans_condensed::regular())?,
            bold: font(dejavu::sans_condensed::bold())?,
            italic: font(dejavu::serif::italic())?,
        })
    }

    fn face(&self, face: Face) -> &FontRef<'static> {
        match face {
            Face::Plain => &self.plain,
            Face::Bold => &self.bold,
            Face::Italic => &self.italic,
        }
    }
}

impl<'a> Pen<'a> {
    /// A pen for plain dark letters.
    pub fn new(fonts: &'a Fonts, face: Face, size: f32, color: Rgb) -> Self {
        Self {
            fonts,
            face,
            size,
            color,
            spacing: 0.0,
        }
    }

    /// How wide a text becomes, in pixels.
    pub fn width(&self, text: &str) -> f32 {
        let font = self.fonts.face(self.face).as_scaled(PxScale::from(self.size));
        let advances = text
            .chars()
            .map(|letter| font.h_advance(font.glyph_id(letter)) + self.spacing);
        advances.sum::<f32>() - self.spacing
    }
}

impl Canvas {
    /// A picture of one colour.
    ///
    /// # Errors
    /// When it would be larger than [`MAX_SIDE`] on a side, or empty.
    pub fn new(width: u32, height: u32, color: Rgb) -> anyhow::Result<Self> {
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(crate::outcome::usage(format!(
                "the picture would be {width} x {height} pixels, more than {MAX_SIDE} on a side; choose a smaller --zoom or fewer chunks"
            )));
        }
        let mut pixmap = Pixmap::new(width, height).context("the picture would be empty; choose a larger --zoom")?;
        pixmap.fill(solid(color));
        Ok(Self { pixmap })
    }

    /// Pixels on each side.
    pub fn size(&self) -> (u32, u32) {
        (self.pixmap.width(), self.pixmap.height())
    }

    /// Sets a pixel.
    pub fn set(&mut self, x: u32, y: u32, [red, green, blue]: Rgb) {
        let color = PremultipliedColorU8::from_rgba(red, green, blue, u8::MAX);
        let index = self.index(x, y);
        if let (Some(index), Some(color)) = (index, color) {
            if let Some(pixel) = self.pixmap.pixels_mut().get_mut(index) {
                *pixel = color;
            }
        }
    }

    /// Lays a colour over a pixel; `part` is 0 for nothing to 1 for all.
    pub fn blend(&mut self, x: u32, y: u32, color: Rgb, part: f32) {
        let under = self
            .index(x, y)
            .and_then(|index| self.pixmap.pixels().get(index).copied());
        if let Some(under) = under {
            self.set(x, y, mix([under.red(), under.green(), under.blue()], color, part));
        }
    }

    fn index(&self, x: u32, y: u32) -> Option<usize> {
        let (width, height) = self.size();
        if x >= width || y >= height {
            return None;
        }
        usize::try_from(u64::from(y) * u64::from(width) + u64::from(x)).ok()
    }

    /// Fills a shape.
    pub fn fill(&mut self, path: Option<Path>, color: Rgb, part: f32) {
        if let Some(path) = path {
            self.pixmap.fill_path(
                &path,
                &paint(color, part),
                FillRule::Winding,
                Transform::identity(),
                None,
            );
        }
    }

    /// Draws the outline of a shape.
    pub fn stroke(&mut self, path: Option<Path>, color: Rgb, part: f32, stroke: &Stroke) {
        if let Some(path) = path {
            self.pixmap
                .stroke_path(&path, &paint(color, part), stroke, Transform::identity(), None);
        }
    }

    /// Writes a text whose first letter begins at `x` and whose letters stand on `y`.
    pub fn text(&mut self, pen: &Pen<'_>, (x, y): (f32, f32), text: &str) {
        let font = pen.fonts.face(pen.face);
        let scaled = font.as_scaled(PxScale::from(pen.size));
        let mut at = x;
        for letter in text.chars() {
            let id = scaled.glyph_id(letter);
            let glyph = id.with_scale_and_position(pen.size, ab_glyph::point(at, y));
            at += scaled.h_advance(id) + pen.spacing;
            let Some(outline) = font.outline_glyph(glyph) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            outline.draw(|column, row, part| {
                let (x, y) = (corner.x + column as f32, corner.y + row as f32);
                if x >= 0.0 && y >= 0.0 {
                    self.blend(x as u32, y as u32, pen.color, part);
                }
            });
        }
    }

    /// As [`Canvas::text`], with a rim of another colour that sets it off from what is below.
    pub fn text_with_rim(&mut self, pen: &Pen<'_>, rim: Rgb, (x, y): (f32, f32), text: &str) {
        let around = Pen { color: rim, ..*pen };
        let steps = [
            (-1.0, 0.0),
            (1.0, 0.0),
            (0.0, -1.0),
            (0.0, 1.0),
            (-0.8, -0.8),
            (0.8, -0.8),
            (-0.8, 0.8),
            (0.8, 0.8),
        ];
        for (dx, dy) in steps {
            self.text(&around, (x + 1.2 * dx, y + 1.2 * dy), text);
        }
        self.text(pen, (x, y), text);
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn png(&self) -> anyhow::Result<Vec<u8>> {
        let (width, height) = self.size();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        let pixels: Vec<u8> = self
            .pixmap
            .pixels()
            .iter()
            .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
            .collect();
        let mut writer = encoder.write_header().context("cannot pack the picture")?;
        writer.write_image_data(&pixels).context("cannot pack the picture")?;
        writer.finish().context("cannot pack the picture")?;
        Ok(bytes)
    }
}

fn solid([red, green, blue]: Rgb) -> Color {
    Color::from_rgba8(red, green, blue, u8::MAX)
}

fn paint([red, green, blue]: Rgb, part: f32) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, (255.0 * part.clamp(0.0, 1.0)) as u8);
    paint.anti_alias = true;
    paint
}

/// A colour between two.
pub fn mix(from: Rgb, to: Rgb, part: f32) -> Rgb {
    let part = part.clamp(0.0, 1.0);
    let between = |(from, to): (u8, u8)| (f32::from(from) + (f32::from(to) - f32::from(from)) * part).round() as u8;
    let [red, green, blue] = [0, 1, 2].map(|at| (from.get(at).copied().unwrap_or(0), to.get(at).copied().unwrap_or(0)));
    [between(red), between(green), between(blue)]
}

/// A colour lighter or darker.
pub fn shaded(color: Rgb, by: f32) -> Rgb {
    color.map(|part| (f32::from(part) * by).round().clamp(0.0, 255.0) as u8)
}

/// A colour as content writes it, `0xRRGGBB`.
pub fn from_number(number: u32) -> Rgb {
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

/// A number with thin spaces between thousands.
pub fn thousands(number: u64) -> Cow<'static, str> {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text.into()
}
