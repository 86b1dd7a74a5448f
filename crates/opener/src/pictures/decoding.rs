//! A picture that a page draws → its decoded pixels, once for all who want them.

use std::cell::OnceCell;

use hayro::hayro_interpret::{Image, ImageData, LumaData, Paint};

use super::sampling::Source;

/// A picture, decoded when its pixels are wanted first: the photo that is cut out and the thumbnail share them.
pub(crate) struct Decoded<'i, 'a, 'b> {
    image: &'i Image<'a, 'b>,
    /// As fine as whoever wants it finest. Some decoders spare themselves the rest.
    longest_px: Option<u32>,
    pixels: OnceCell<Option<Pixels>>,
}

enum Pixels {
    Raster {
        data: ImageData,
        alpha: Option<LumaData>,
    },
    /// Without a colour where it shows a pattern.
    Stencil {
        mask: LumaData,
        colour: Option<[u8; 3]>,
    },
}

impl<'i, 'a, 'b> Decoded<'i, 'a, 'b> {
    /// A picture that is not decoded yet.
    pub(crate) fn new(image: &'i Image<'a, 'b>, longest_px: Option<u32>) -> Self {
        Self { image, longest_px, pixels: OnceCell::new() }
    }

    /// The picture as the page has it.
    pub(crate) fn image(&self) -> &'i Image<'a, 'b> {
        self.image
    }

    /// Its pixels, a stencil's pattern as one colour. None where they cannot be decoded, or there is a pattern and no
    /// colour for it.
    pub(super) fn source(&self, pattern: Option<[u8; 3]>) -> Option<Source<'_>> {
        let declared = (self.image.width(), self.image.height());
        match self.pixels.get_or_init(|| self.decode()).as_ref()? {
            Pixels::Raster { data, alpha } => Source::raster(data, alpha.as_ref(), declared),
            Pixels::Stencil { mask, colour } => Source::stencil(mask, colour.or(pattern)?, declared),
        }
    }

    fn decode(&self) -> Option<Pixels> {
        let hint = self.longest_px.map(|px| (px, px));
        let mut pixels = None;
        match self.image {
            Image::Raster(raster) => {
                raster.with_rgba(|data, alpha| pixels = Some(Pixels::Raster { data, alpha }), hint);
            }
            Image::Stencil(stencil) => stencil.with_stencil(
                |mask, paint| pixels = Some(Pixels::Stencil { mask, colour: colour(paint) }),
                hint,
            ),
        }
        pixels
    }
}

/// The colour of a stencil. None where it is a pattern.
fn colour(paint: &Paint<'_>) -> Option<[u8; 3]> {
    match paint {
        Paint::Color(color) => {
            let [red, green, blue, _] = color.to_rgba().to_rgba8();
            Some([red, green, blue])
        }
        Paint::Pattern(_) => None,
    }
}
