//! What a child says of a document → whether it is what was wished, and within reason.
//!
//! A document may have taken over its child: nothing is believed. Numbers are finite, indices point somewhere, counts are
//! as wished, and a picture is a PNG of the size that it says, with nothing in it but pixels.

use pages::{Contour, Opened, Page, Png, Rect, Segment, Shape};

use super::Wish;

/// The largest side of a page, points: what the child cuts to, and a little.
const SIDE_PT_MAX: f32 = 14_401.0;

/// Places may be outside the page; so far outside is none.
const PLACE_PT_MAX: f32 = 1e9;

/// What one character code may stand for, octets in UTF-8: 512 in UTF-16 (ISO 32000-1 §9.10.3).
const GLYPH_TEXT_BYTES_MAX: usize = 768;

/// A side of a picture, pixels: what the child cuts to.
const PNG_SIDE_PX_MAX: u32 = 20_000;

/// Pixels of a picture: A4 in 600 dots an inch. Nobody who unpacks it gets more.
const PNG_PIXELS_MAX: u64 = 40_000_000;

/// How many pages a document may say that it has.
const PAGES_TOTAL_MAX: u32 = 10_000_000;

/// Whether the answer is one to this wish.
///
/// # Errors
/// What is wrong with it, in words without anything of the document.
pub(super) fn answer(opened: &Opened, wish: &Wish) -> Result<(), &'static str> {
    let pages = u32::try_from(opened.pages.len()).unwrap_or(u32::MAX);
    that(pages <= wish.pages_max && pages <= opened.pages_total, "more pages than wished")?;
    that(opened.pages_total <= PAGES_TOTAL_MAX, "more pages than any document has")?;
    that(opened.oddities.is_sorted_by(|a, b| a < b), "oddities twice or in disorder")?;
    that(opened.pages.is_sorted_by(|a, b| a.number < b.number), "pages in disorder")?;
    for page in &opened.pages {
        that((1..=opened.pages_total).contains(&page.number), "a page that is not there")?;
        a_page(page, opened.shapes.len(), wish)?;
    }
    opened.shapes.iter().try_for_each(a_shape)?;
    pictures(opened, wish)
}

fn pictures(opened: &Opened, wish: &Wish) -> Result<(), &'static str> {
    if let Some(thumbnail) = &opened.thumbnail {
        a_png(thumbnail, wish.thumbnail_px)?;
    }
    that(opened.previews.len() <= opened.pages.len(), "more previews than pages")?;
    opened.previews.iter().try_for_each(|preview| a_png(preview, wish.preview_px))?;
    that(opened.rasters.len() <= opened.pages.len(), "more rasters than pages")?;
    for raster in &opened.rasters {
        that(wish.raster_dpi.is_some(), "a raster that nobody wished")?;
        that(opened.pages.iter().any(|page| page.number == raster.page), "a raster of no page")?;
        that(raster.scale.is_finite() && raster.scale > 0.0, "a raster without a scale")?;
        a_png(&raster.png, Some(PNG_SIDE_PX_MAX))?;
    }
    Ok(())
}

fn a_page(page: &Page, shapes: usize, wish: &Wish) -> Result<(), &'static str> {
    let side = |side: f32| side > 0.0 && side <= SIDE_PT_MAX;
    that(side(page.width_pt) && side(page.height_pt), "a page without a size")?;
    that(wish.words || (page.glyphs.is_empty() && page.marks.is_empty()), "words that nobody wished")?;
    for glyph in &page.glyphs {
        that(glyph.text.len() <= GLYPH_TEXT_BYTES_MAX, "a character as long as a page")?;
        that(
            is_place(&glyph.at) && is_near(glyph.baseline_pt) && is_near(glyph.size_pt),
            "a character nowhere",
        )?;
    }
    for mark in &page.marks {
        let shape = usize::try_from(mark.shape.0).unwrap_or(usize::MAX);
        that(shape < shapes, "a mark without a shape")?;
        that(is_place(&mark.at), "a mark nowhere")?;
    }
    for picture in &page.pictures {
        that(is_place(&picture.at), "a picture nowhere")?;
        if let Some(png) = &picture.png {
            a_png(png, wish.pictures_px)?;
        }
    }
    Ok(())
}

fn a_shape(shape: &Shape) -> Result<(), &'static str> {
    let contours = shape.contours.iter().all(is_contour);
    that(is_near(shape.width_pt) && is_near(shape.height_pt) && contours, "a shape that cannot be drawn")
}

fn is_contour(contour: &Contour) -> bool {
    let point = |[x, y]: [f32; 2]| is_near(x) && is_near(y);
    let segment = |segment: &Segment| match *segment {
        Segment::Line(end) => point(end),
        Segment::Curve(first, second, end) => point(first) && point(second) && point(end),
    };
    point(contour.start) && contour.segments.iter().all(segment)
}

fn is_place(at: &Rect) -> bool {
    [at.left, at.top, at.right, at.bottom].into_iter().all(is_near)
}

/// Neither NaN nor infinite nor far away.
fn is_near(length_pt: f32) -> bool {
    length_pt.abs() <= PLACE_PT_MAX
}

/// A PNG as our own writer makes it (PNG, third edition, §5): its size as said and not wider than wished, and no chunk
/// that says anything but pixels.
fn a_png(png: &Png, width_px_max: Option<u32>) -> Result<(), &'static str> {
    let wished = width_px_max.ok_or("a picture that nobody wished")?;
    let pixels = u64::from(png.width_px) * u64::from(png.height_px);
    that(
        png.width_px <= wished.min(PNG_SIDE_PX_MAX) && png.height_px <= PNG_SIDE_PX_MAX,
        "a picture larger than wished",
    )?;
    that((1..=PNG_PIXELS_MAX).contains(&pixels), "a picture with too many pixels")?;
    chunks(png).ok_or("a picture that is not the PNG that it says it is")
}

/// IHDR with the sizes, then chunks that colour, one after another to the last octet, which is IEND's.
fn chunks(png: &Png) -> Option<()> {
    let mut rest = png.bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let mut is_first = true;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let (_crc, after) = after.split_first_chunk::<4>()?;
        match kind {
            b"IHDR" if is_first => {
                let (width, data) = data.split_first_chunk::<4>()?;
                let (height, _) = data.split_first_chunk::<4>()?;
                let said = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
                (said == (png.width_px, png.height_px)).then_some(())?;
            }
            b"PLTE" | b"tRNS" | b"IDAT" | b"pHYs" | b"sRGB" | b"gAMA" | b"cHRM" if !is_first => {}
            b"IEND" if !is_first => return (data.is_empty() && after.is_empty()).then_some(()),
            _ => return None,
        }
        (is_first, rest) = (false, after);
    }
}

fn that(holds: bool, otherwise: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(otherwise) }
}

#[cfg(test)]
mod tests;
