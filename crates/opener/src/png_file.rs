//! Pixels → PNG files that hold nothing but them.

use pages::Png;
use png::{BitDepth, ColorType, Compression, Filter};

use crate::limits::THUMBNAIL_OCTETS_MAX;

/// Pixels on white paper: red, green, blue, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
}

impl Pixels {
    /// The file, in grey where there is no colour. None where there are no pixels.
    pub(crate) fn png(&self) -> Option<Png> {
        match self.grey_if_colourless() {
            Some(grey) => self.file(&Form::grey(), &grey, Compression::Fast),
            None => self.file(&Form::colour(), &self.rgb, Compression::Fast),
        }
    }

    /// The file in grey.
    pub(crate) fn grey_png(&self) -> Option<Png> {
        self.file(&Form::grey(), &self.grey(), Compression::Fast)
    }

    /// The file, never larger than a thumbnail may be: with fewer colours, then without, then smaller.
    pub(crate) fn thumbnail(&self) -> Option<Png> {
        let fits = |png: &Png| png.bytes.len() <= THUMBNAIL_OCTETS_MAX;
        if let Some(png) = self.png().filter(fits) {
            return Some(png);
        }
        let (palette, indices) = self.few_colours();
        let form = Form { kind: ColorType::Indexed, depth: BitDepth::Eight, palette: Some(palette) };
        if let Some(png) = self.file(&form, &indices, Compression::Fast).filter(fits) {
            return Some(png);
        }
        let mut smaller = self.clone();
        loop {
            if let Some(png) = smaller.sixteen_greys().filter(fits) {
                return Some(png);
            }
            smaller = smaller.halved()?;
        }
    }

    fn grey_if_colourless(&self) -> Option<Vec<u8>> {
        let is_grey = |pixel: &[u8; 3]| pixel[0] == pixel[1] && pixel[1] == pixel[2];
        let pixels = self.rgb.as_chunks::<3>().0;
        pixels.iter().all(is_grey).then(|| pixels.iter().map(|pixel| pixel[0]).collect())
    }

    fn grey(&self) -> Vec<u8> {
        // ITU-R BT.601, in 256ths.
        let grey = |[red, green, blue]: [u8; 3]| {
            let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
            u8::try_from(sum / 256).unwrap_or(u8::MAX)
        };
        self.rgb.as_chunks::<3>().0.iter().copied().map(grey).collect()
    }

    /// 6 reds × 7 greens × 6 blues, and each pixel's place among them.
    fn few_colours(&self) -> (Vec<u8>, Vec<u8>) {
        let levels = |count: u8| (0..count).map(move |level| u16::from(level) * 255 / u16::from(count - 1));
        let octet = |value: u16| u8::try_from(value).unwrap_or(u8::MAX);
        let mut palette = Vec::with_capacity(252 * 3);
        for red in levels(6) {
            for green in levels(7) {
                palette.extend(levels(6).flat_map(|blue| [octet(red), octet(green), octet(blue)]));
            }
        }
        let level = |value: u8, count: u16| (u16::from(value) * (count - 1) + 127) / 255;
        let index =
            |[red, green, blue]: [u8; 3]| octet((level(red, 6) * 7 + level(green, 7)) * 6 + level(blue, 6));
        (palette, self.rgb.as_chunks::<3>().0.iter().copied().map(index).collect())
    }

    fn sixteen_greys(&self) -> Option<Png> {
        let width = usize::try_from(self.width).ok()?;
        let pair = |pixels: &[u8]| match *pixels {
            [left, right] => (left & 0xf0) | (right >> 4),
            [last] => last & 0xf0,
            _ => 0,
        };
        let packed: Vec<u8> =
            self.grey().chunks(width.max(1)).flat_map(|row| row.chunks(2).map(pair)).collect();
        let form = Form { kind: ColorType::Grayscale, depth: BitDepth::Four, palette: None };
        self.file(&form, &packed, Compression::Balanced)
    }

    /// Half as wide and half as high. None where nothing would be left.
    fn halved(&self) -> Option<Self> {
        let (width, height) = (self.width / 2, self.height / 2);
        let row = usize::try_from(self.width).ok()? * 3;
        let rgb = self.rgb.chunks(row.max(1)).step_by(2).take(usize::try_from(height).ok()?);
        let half = usize::try_from(width).ok()?;
        let rgb = rgb.flat_map(|row| row.chunks(3).step_by(2).take(half).flatten().copied()).collect();
        (width > 0 && height > 0).then_some(Self { width, height, rgb })
    }

    fn file(&self, form: &Form, data: &[u8], compression: Compression) -> Option<Png> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(form.kind);
        encoder.set_depth(form.depth);
        encoder.set_compression(compression);
        if let Some(palette) = &form.palette {
            encoder.set_palette(palette.as_slice());
            encoder.set_filter(Filter::NoFilter);
        }
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(data).ok()?;
        writer.finish().ok()?;
        Some(Png { width_px: self.width, height_px: self.height, bytes })
    }
}

/// How pixels are written.
struct Form {
    kind: ColorType,
    depth: BitDepth,
    palette: Option<Vec<u8>>,
}

impl Form {
    fn grey() -> Self {
        Self { kind: ColorType::Grayscale, depth: BitDepth::Eight, palette: None }
    }

    fn colour() -> Self {
        Self { kind: ColorType::Rgb, depth: BitDepth::Eight, palette: None }
    }
}
