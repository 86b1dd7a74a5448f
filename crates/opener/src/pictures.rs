//! Pictures that a page draws → where they are, and their pixels anew, upright and on white paper.

mod decoding;
mod headers;
mod sampling;

use hayro::hayro_interpret::Image;
use hayro::hayro_syntax::object::{Dict, Stream};
use hayro::kurbo::{Affine, Rect};
use pages::{Picture, Png};
use tiny_skia::Pixmap;

use self::headers::encoded_pixels;
use self::sampling::{blend, sample};
use crate::geometry::rect;
use crate::ground::Ink;
use crate::limits::{
    IMAGE_PIXELS_MAX, IMAGES_PIXELS_MAX, PICTURE_PX_MAX, PICTURE_SIDE_PT_MIN, PICTURES_DECODED_MAX,
    PICTURES_MAX,
};
use crate::png_file::Pixels;

pub(crate) use self::decoding::Decoded;

/// Gathers the pictures of one page.
pub(crate) struct Pictures {
    /// The longest side of what is cut out; none where only places are wanted.
    longest_px: Option<u32>,
    found: Vec<Found>,
    decoded: usize,
    pixels: u64,
    /// Whether a picture has more pixels than are looked at: such a page is not drawn.
    pub(crate) is_too_much: bool,
    /// Whether a picture could not be decoded.
    pub(crate) is_damaged: bool,
}

struct Found {
    area: f64,
    picture: Picture,
}

impl Pictures {
    pub(crate) fn new(longest_px: Option<u32>) -> Self {
        let longest_px = longest_px.map(|px| px.clamp(1, PICTURE_PX_MAX));
        Self { longest_px, found: Vec::new(), decoded: 0, pixels: 0, is_too_much: false, is_damaged: false }
    }

    /// The longest side of what is cut out of one; none where nothing is.
    pub(crate) fn longest_px(&self) -> Option<u32> {
        self.longest_px
    }

    /// A picture is drawn, and so much of the page is seen.
    pub(crate) fn add(&mut self, picture: &Decoded<'_, '_, '_>, transform: Affine, seen: Rect) {
        let image = picture.image();
        let declared = declared_pixels(image);
        self.pixels = self.pixels.saturating_add(declared);
        let is_fair = declared <= IMAGE_PIXELS_MAX && self.pixels <= IMAGES_PIXELS_MAX;
        self.is_too_much |= !is_fair;
        let whole = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let within = transform.transform_rect_bbox(whole).intersect(seen);
        if within.width() < PICTURE_SIDE_PT_MIN || within.height() < PICTURE_SIDE_PT_MIN {
            return;
        }
        let area = within.area();
        let smallest = self
            .found
            .iter()
            .map(|found| found.area)
            .enumerate()
            .min_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((at, least)) = smallest.filter(|_| self.found.len() >= PICTURES_MAX) {
            if area <= least {
                return;
            }
            self.found.remove(at);
        }
        let png = if is_fair { self.cut_out(picture, transform, within) } else { None };
        self.found.push(Found { area, picture: Picture { at: rect(within), png } });
    }

    /// The pictures, in drawing order.
    pub(crate) fn into_vec(self) -> Vec<Picture> {
        self.found.into_iter().map(|found| found.picture).collect()
    }

    fn cut_out(&mut self, picture: &Decoded<'_, '_, '_>, transform: Affine, within: Rect) -> Option<Png> {
        let longest_px = self.longest_px?;
        if self.decoded >= PICTURES_DECODED_MAX {
            return None;
        }
        self.decoded += 1;
        // A stencil that shows a pattern is cut out in black.
        let source = picture.source(Some([0; 3]));
        let pixels = source.and_then(|source| sample(&source, transform, within, longest_px));
        self.is_damaged |= pixels.is_none();
        pixels.as_ref().and_then(Pixels::png)
    }
}

/// Paints a picture over a canvas, inside of a box of it. Says whether it could be decoded and has one colour a pixel.
pub(crate) fn paint_over(
    canvas: &mut Pixmap,
    picture: &Decoded<'_, '_, '_>,
    transform: Affine,
    seen: Rect,
) -> bool {
    picture.source(None).is_some_and(|source| blend(canvas, &source, transform, seen))
}

/// Pixels that a picture and its masks say they have: in the document, or in what is encoded where that is more.
fn declared_pixels(image: &Image<'_, '_>) -> u64 {
    let (encoded, masks) = match image {
        Image::Raster(raster) => (encoded_pixels(raster.stream()), masks_pixels(raster.stream().dict())),
        Image::Stencil(stencil) => (encoded_pixels(stencil.stream()), 0),
    };
    let said = u64::from(image.width()) * u64::from(image.height());
    said.max(encoded.unwrap_or(0)).saturating_add(masks)
}

fn masks_pixels(dict: &Dict<'_>) -> u64 {
    let pixels = |key: &str| {
        let mask = dict.get::<Stream<'_>>(key)?;
        let side = |key: &str| mask.dict().get::<u32>(key).map(u64::from);
        Some((side("Width")? * side("Height")?).max(encoded_pixels(&mask).unwrap_or(0)))
    };
    pixels("SMask").or_else(|| pixels("Mask")).unwrap_or(0)
}

/// Whether something under a picture can be seen through it.
pub(crate) fn hides_what_is_under(image: &Image<'_, '_>, ink: Ink) -> bool {
    match image {
        Image::Raster(raster) => {
            let dict = raster.stream().dict();
            ink.is_opaque() && !["SMask", "Mask", "SMaskInData"].iter().any(|key| dict.contains_key(key))
        }
        Image::Stencil(_) => false,
    }
}
