//! Thumbnails, previews and rasters.

use opener::{Wish, open};
use pages::Oddity;

use crate::draft::Draft;
use crate::pdfs;
use crate::pictures::rgb;

const NOTHING: Wish = Wish {
    pages_max: 3,
    words: false,
    thumbnail_px: None,
    preview_px: None,
    pictures_px: None,
    raster_dpi: None,
};
const THUMBNAIL_OCTETS_MAX: usize = 60 * 1024;

#[test]
fn a_thumbnail_shows_the_first_page_in_its_colours() {
    let draft = Draft::new("1 0 0 rg 0 50 100 50 re f");
    let opened = open(&draft.bytes(), &Wish { thumbnail_px: Some(20), ..NOTHING }).unwrap();
    let png = opened.thumbnail.unwrap();
    assert_eq!((png.width_px, png.height_px), (20, 10));
    let pixels = rgb(&png);
    assert_eq!(pixels[0], [255, 0, 0]);
    assert_eq!(pixels[19], [255, 255, 255]);
    assert_eq!(pixels[199], [255, 255, 255]);
    assert!(opened.previews.is_empty() && opened.rasters.is_empty() && opened.pages[0].glyphs.is_empty());
}

#[test]
fn drawings_are_rotated_and_cropped_as_the_page() {
    let draft = Draft::new("1 0 0 rg 20 10 40 40 re f")
        .page("/MediaBox [0 0 200 100] /CropBox [20 10 180 90] /Rotate 90");
    let opened = open(&draft.bytes(), &Wish { preview_px: Some(8), ..NOTHING }).unwrap();
    let png = &opened.previews[0];
    assert_eq!((png.width_px, png.height_px), (8, 16));
    // The lower left corner of the paper is the upper left one of what is shown.
    assert_eq!(rgb(png)[0], [255, 0, 0]);
    assert_eq!(rgb(png)[7], [255, 255, 255]);
    assert_eq!(rgb(png)[8 * 15], [255, 255, 255]);
}

#[test]
fn a_raster_is_grey_and_says_its_scale() {
    let opened =
        open(&Draft::new("0.5 g 0 0 100 100 re f").bytes(), &Wish { raster_dpi: Some(144), ..NOTHING })
            .unwrap();
    let raster = &opened.rasters[0];
    assert_eq!((raster.page, raster.scale, raster.png.width_px, raster.png.height_px), (1, 2.0, 400, 200));
    let pixels = rgb(&raster.png);
    assert!(pixels[0][0].abs_diff(128) <= 1);
    assert_eq!(pixels[399], [255; 3]);
}

#[test]
fn a_preview_and_a_raster_are_made_of_each_page_and_one_thumbnail() {
    let mut draft = Draft::new("").pages("/Type /Pages /Kids [3 0 R 3 0 R 6 0 R] /Count 3");
    draft = draft.object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 50 50] >>");
    let wish = Wish { preview_px: Some(10), raster_dpi: Some(72), thumbnail_px: Some(10), ..NOTHING };
    let opened = open(&draft.bytes(), &wish).unwrap();
    assert_eq!(opened.previews.len(), 2);
    let pages: Vec<(u32, u32)> =
        opened.rasters.iter().map(|raster| (raster.page, raster.png.width_px)).collect();
    assert_eq!(pages, [(1, 200), (2, 50)]);
    assert!(opened.thumbnail.is_some());
}

#[test]
fn a_giant_page_and_a_giant_wish_are_drawn_small() {
    let giant = Draft::new("0 0 1000000 1000000 re f").page("/MediaBox [0 0 1000000 1000000]").bytes();
    let wish = Wish {
        preview_px: Some(u32::MAX),
        raster_dpi: Some(u32::MAX),
        thumbnail_px: Some(u32::MAX),
        ..NOTHING
    };
    for bytes in [giant, Draft::new("").page("/MediaBox [0 0 14400 3]").bytes(), Draft::new("").bytes()] {
        let opened = open(&bytes, &wish).unwrap();
        let pngs = opened.previews.iter().chain(opened.rasters.iter().map(|raster| &raster.png));
        for png in pngs.clone() {
            assert!(
                u64::from(png.width_px) * u64::from(png.height_px) <= 16_100_000,
                "{}x{}",
                png.width_px,
                png.height_px
            );
        }
        assert_eq!(pngs.count(), 2);
        let thumbnail = opened.thumbnail.unwrap();
        assert!(thumbnail.bytes.len() <= THUMBNAIL_OCTETS_MAX);
    }
}

#[test]
fn a_page_box_that_nobody_can_see_is_said_and_opened() {
    for entries in [
        "/MediaBox [0 0 1000000 1000000]",
        "/MediaBox [0 0 0 0]",
        "/MediaBox [10 10 10 500]",
        "/MediaBox [0 0 100000000000000000000 -100000000000000000000]",
        "/MediaBox [0 0 0.001 500]",
        "/MediaBox [0 0 200 100] /CropBox [500 500 600 600]",
        "",
    ] {
        let wish = Wish { words: true, thumbnail_px: Some(50), raster_dpi: Some(200), ..NOTHING };
        let opened =
            open(&Draft::new("BT /F1 10 Tf 50 40 Td (Mit) Tj ET").page(entries).bytes(), &wish).unwrap();
        assert!(opened.oddities.contains(&Oddity::PageBox), "{entries}: {:?}", opened.oddities);
        let page = &opened.pages[0];
        assert!(
            (3.0..=14_400.0).contains(&page.width_pt) && (3.0..=14_400.0).contains(&page.height_pt),
            "{entries}"
        );
        assert!(opened.thumbnail.is_some(), "{entries}");
    }
}

#[test]
fn a_thumbnail_of_noise_fits_into_its_octets() {
    // A linear congruential generator: noise that no compression makes smaller.
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(600 * 600 * 3)
    .collect();
    let entries =
        "/Type /XObject /Subtype /Image /Width 600 /Height 600 /BitsPerComponent 8 /ColorSpace /DeviceRGB";
    let draft = Draft::new("q 600 0 0 600 0 0 cm /X Do Q").page("/MediaBox [0 0 600 600]");
    let bytes = draft.resources("/XObject << /X 6 0 R >>").stream(entries, &noise).bytes();
    for (width, shown) in [(100, 100), (180, 180), (240, 240), (600, 300), (5_000, 316)] {
        let opened = open(&bytes, &Wish { thumbnail_px: Some(width), ..NOTHING }).unwrap();
        let png = opened.thumbnail.unwrap();
        assert!(png.bytes.len() <= THUMBNAIL_OCTETS_MAX, "{width}: {}", png.bytes.len());
        assert_eq!(png.width_px, shown, "{width}");
    }
}

#[test]
fn thumbnails_of_copies_are_in_colour_or_grey_and_fit() {
    for path in ["fixtures/copies/outlines", "fixtures/copies/text-layer", "../shared/data/copy"] {
        for (name, bytes) in pdfs(path).into_iter().flatten() {
            let opened = open(&bytes, &Wish { thumbnail_px: Some(240), ..NOTHING }).unwrap();
            let png = opened.thumbnail.unwrap();
            assert_eq!((png.width_px, png.height_px), (240, 340), "{name}");
            assert!(png.bytes.len() <= THUMBNAIL_OCTETS_MAX, "{name}: {}", png.bytes.len());
            let dark = rgb(&png).iter().filter(|pixel| pixel[0] < 128).count();
            assert!((300..20_000).contains(&dark), "{name}: {dark} dark pixels");
        }
    }
}
