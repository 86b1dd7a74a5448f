use pages::{Glyph, Mark, Oddity, Picture, Raster, ShapeAt};

use super::*;

const WISH: Wish = Wish {
    pages_max: 2,
    words: true,
    thumbnail_px: Some(10),
    preview_px: Some(10),
    pictures_px: Some(10),
    raster_dpi: Some(200),
};

fn png(width_px: u32, height_px: u32) -> Png {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width_px, height_px);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels = vec![7; usize::try_from(width_px * height_px).unwrap()];
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    Png { width_px, height_px, bytes }
}

fn good() -> Opened {
    let at = Rect { left: 1.0, top: 2.0, right: 3.0, bottom: 4.0 };
    let glyph = Glyph { text: "ж".to_owned(), at, baseline_pt: 3.0, size_pt: 12.0, is_visible: true };
    let contour = Contour {
        start: [0.0, 1.0],
        segments: vec![Segment::Line([1.0, 1.0]), Segment::Curve([0.0; 2], [1.0; 2], [2.0; 2])],
    };
    Opened {
        pages_total: 5,
        pages: vec![Page {
            number: 1,
            width_pt: 595.0,
            height_pt: 842.0,
            glyphs: vec![glyph],
            marks: vec![Mark { shape: ShapeAt(0), at, fill: 0 }],
            pictures: vec![Picture { at, png: Some(png(10, 4)) }, Picture { at, png: None }],
        }],
        shapes: vec![Shape { width_pt: 1.0, height_pt: 1.0, contours: vec![contour] }],
        oddities: vec![Oddity::Encrypted, Oddity::Form],
        thumbnail: Some(png(10, 14)),
        previews: vec![png(9, 20)],
        rasters: vec![Raster { page: 1, scale: 2.5, png: png(20, 30) }],
    }
}

#[track_caller]
fn refused(spoil: impl FnOnce(&mut Opened), why: &str) {
    let mut opened = good();
    spoil(&mut opened);
    assert_eq!(answer(&opened, &WISH), Err(why));
}

#[test]
fn what_was_wished_passes() {
    assert_eq!(answer(&good(), &WISH), Ok(()));
    assert_eq!(answer(&Opened::default(), &Wish::default()), Ok(()));
}

#[test]
fn numbers_that_are_none_are_refused_wherever_they_stand() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e10] {
        refused(|o| o.pages[0].width_pt = wrong, "a page without a size");
        refused(|o| o.pages[0].glyphs[0].at.left = wrong, "a character nowhere");
        refused(|o| o.pages[0].glyphs[0].baseline_pt = wrong, "a character nowhere");
        refused(|o| o.pages[0].glyphs[0].size_pt = wrong, "a character nowhere");
        refused(|o| o.pages[0].marks[0].at.bottom = wrong, "a mark nowhere");
        refused(|o| o.pages[0].pictures[1].at.top = wrong, "a picture nowhere");
        refused(|o| o.shapes[0].height_pt = wrong, "a shape that cannot be drawn");
        refused(|o| o.shapes[0].contours[0].start[1] = wrong, "a shape that cannot be drawn");
        let curve = Segment::Curve([0.0; 2], [0.0, wrong], [0.0; 2]);
        refused(|o| o.shapes[0].contours[0].segments[0] = curve, "a shape that cannot be drawn");
    }
    refused(|o| o.pages[0].height_pt = 0.0, "a page without a size");
    refused(|o| o.rasters[0].scale = f32::NAN, "a raster without a scale");
}

#[test]
fn indices_and_counts_are_held_to_what_there_is() {
    refused(|o| o.pages[0].marks[0].shape = ShapeAt(1), "a mark without a shape");
    refused(|o| o.pages[0].number = 6, "a page that is not there");
    refused(|o| o.pages[0].number = 0, "a page that is not there");
    refused(|o| o.pages.push(o.pages[0].clone()), "pages in disorder");
    refused(|o| o.pages = vec![o.pages[0].clone(); 3], "more pages than wished");
    refused(|o| o.pages_total = 0, "more pages than wished");
    refused(|o| o.pages_total = u32::MAX, "more pages than any document has");
    refused(|o| o.oddities = vec![Oddity::Form; 2], "oddities twice or in disorder");
    refused(|o| o.previews.push(png(1, 1)), "more previews than pages");
    refused(|o| o.rasters.push(o.rasters[0].clone()), "more rasters than pages");
    refused(|o| o.rasters[0].page = 2, "a raster of no page");
    refused(|o| o.pages[0].glyphs[0].text = "ж".repeat(400), "a character as long as a page");
}

#[test]
fn what_nobody_wished_is_refused() {
    let unwished = |wish: Wish, why| assert_eq!(answer(&good(), &wish), Err(why));
    unwished(Wish { words: false, ..WISH }, "words that nobody wished");
    unwished(Wish { thumbnail_px: None, ..WISH }, "a picture that nobody wished");
    unwished(Wish { preview_px: None, ..WISH }, "a picture that nobody wished");
    unwished(Wish { pictures_px: None, ..WISH }, "a picture that nobody wished");
    unwished(Wish { raster_dpi: None, ..WISH }, "a raster that nobody wished");
    unwished(Wish { thumbnail_px: Some(9), ..WISH }, "a picture larger than wished");
}

#[test]
fn a_picture_is_the_png_that_it_says_with_nothing_but_pixels() {
    let not_it = "a picture that is not the PNG that it says it is";
    refused(|o| o.previews[0].width_px = 8, not_it);
    refused(|o| o.previews[0].bytes.push(0), not_it);
    refused(|o| o.previews[0].bytes.truncate(40), not_it);
    refused(|o| o.previews[0].bytes = b"<svg/>".to_vec(), not_it);
    refused(|o| o.previews[0].height_px = PNG_SIDE_PX_MAX + 1, "a picture larger than wished");
    refused(|o| o.previews[0].height_px = 0, "a picture with too many pixels");
    refused(
        |o| (o.rasters[0].png.width_px, o.rasters[0].png.height_px) = (9_000, 9_000),
        "a picture with too many pixels",
    );
    // A text chunk, as a whole one, right before the end.
    let text = b"\0\0\0\x01tEXtx\0\0\0\0";
    refused(
        |o| {
            let at = o.previews[0].bytes.len() - 12;
            o.previews[0].bytes.splice(at..at, *text);
        },
        not_it,
    );
}
