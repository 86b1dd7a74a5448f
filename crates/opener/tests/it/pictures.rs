//! Pictures: where they are drawn, and their pixels anew.

use opener::{Wish, open};
use pages::{Oddity, Png};

use crate::draft::Draft;
use crate::{WORDS, opened, pdfs};

/// Red, green / blue, white.
const FOUR: &[u8] = &[255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
const FOUR_ENTRIES: &str =
    "/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceRGB";

/// The pixels of a PNG as red, green, blue.
pub(crate) fn rgb(png: &Png) -> Vec<[u8; 3]> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(&png.bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    assert_eq!((info.width, info.height), (png.width_px, png.height_px));
    match info.color_type {
        png::ColorType::Rgb => data.as_chunks::<3>().0.to_vec(),
        png::ColorType::Grayscale => data.iter().map(|grey| [*grey; 3]).collect(),
        other => panic!("{other:?}"),
    }
}

/// The one picture of a page's content, drawn as object 6.
#[track_caller]
fn picture(content: &str, entries: &str, data: &[u8]) -> (pages::Rect, Vec<[u8; 3]>) {
    let draft = Draft::new(content).resources("/XObject << /X 6 0 R >>").stream(entries, data);
    let opened = opened(&draft.bytes());
    let [picture] = &opened.pages[0].pictures[..] else { panic!("{:?}", opened.pages[0].pictures) };
    (picture.at, rgb(picture.png.as_ref().unwrap()))
}

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const WHITE: [u8; 3] = [255; 3];
const BLACK: [u8; 3] = [0; 3];

#[test]
fn a_picture_is_upright_as_it_is_shown_and_not_larger_than_its_pixels() {
    let (at, pixels) = picture("q 40 0 0 40 20 10 cm /X Do Q", FOUR_ENTRIES, FOUR);
    assert_eq!((at.left, at.top, at.right, at.bottom), (20.0, 50.0, 60.0, 90.0));
    assert_eq!(pixels, [RED, GREEN, BLUE, WHITE]);
    let (_, flipped) = picture("q 40 0 0 -40 20 50 cm /X Do Q", FOUR_ENTRIES, FOUR);
    assert_eq!(flipped, [BLUE, WHITE, RED, GREEN]);
    // A quarter to the left: what was right is up.
    let (_, turned) = picture("q 0 40 -40 0 60 10 cm /X Do Q", FOUR_ENTRIES, FOUR);
    assert_eq!(turned, [GREEN, WHITE, RED, BLUE]);
}

#[test]
fn a_picture_is_cut_to_what_is_seen_of_it() {
    let (at, pixels) = picture("20 30 40 20 re W n q 40 0 0 40 20 10 cm /X Do Q", FOUR_ENTRIES, FOUR);
    assert_eq!((at.top, at.bottom), (50.0, 70.0));
    assert_eq!(pixels, [RED, GREEN]);
    let corners = "25 10 m 55 10 l 60 15 l 60 45 l 55 50 l 25 50 l 20 45 l 20 15 l h W n";
    let (at, pixels) = picture(&format!("{corners} q 40 0 0 40 20 10 cm /X Do Q"), FOUR_ENTRIES, FOUR);
    assert_eq!((at.left, at.bottom), (20.0, 90.0));
    assert_eq!(pixels, [RED, GREEN, BLUE, WHITE]);
}

#[test]
fn grey_indexed_and_masked_pictures_have_their_colours() {
    let entries = "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace";
    let content = "q 40 0 0 20 20 10 cm /X Do Q";
    let (_, grey) = picture(content, &format!("{entries} /DeviceGray"), &[0, 128]);
    assert_eq!(grey, [BLACK, [128; 3]]);
    let (_, indexed) =
        picture(content, &format!("{entries} [/Indexed /DeviceRGB 1 <FF00000000FF>]"), &[1, 0]);
    assert_eq!(indexed, [BLUE, RED]);
    let mask =
        "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray";
    let draft = Draft::new(content)
        .resources("/XObject << /X 6 0 R >>")
        .stream(&format!("{entries} /DeviceRGB /SMask 7 0 R"), &[255, 0, 0, 255, 0, 0])
        .stream(mask, &[255, 0]);
    let opened = opened(&draft.bytes());
    assert_eq!(rgb(opened.pages[0].pictures[0].png.as_ref().unwrap()), [RED, WHITE]);
}

#[test]
fn stencils_inline_pictures_and_pictures_in_forms_are_found() {
    let stencil = "/Type /XObject /Subtype /Image /ImageMask true /Width 2 /Height 1 /BitsPerComponent 1";
    let (_, pixels) = picture("1 0 0 rg q 40 0 0 20 20 10 cm /X Do Q", stencil, &[0b0100_0000]);
    assert_eq!(pixels, [RED, WHITE]);
    let inline = b"q 40 0 0 20 20 10 cm BI /W 2 /H 1 /BPC 8 /CS /G ID \x00\xff\nEI Q";
    let mut draft = Draft::new("");
    draft.content = inline.to_vec();
    let of_inline = opened(&draft.bytes());
    assert_eq!(rgb(of_inline.pages[0].pictures[0].png.as_ref().unwrap()), [BLACK, WHITE]);
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 50 50] /Resources << /XObject << /Y 7 0 R >> >>";
    let draft = Draft::new("q 1 0 0 1 30 0 cm /X Do Q")
        .resources("/XObject << /X 6 0 R >>")
        .stream(form, b"q 40 0 0 40 0 10 cm /Y Do Q")
        .stream(FOUR_ENTRIES, FOUR);
    let of_form = opened(&draft.bytes());
    assert_eq!(of_form.pages[0].pictures[0].at.left, 30.0);
}

#[test]
fn eight_pictures_are_told_of_the_larger_ones_in_drawing_order() {
    let content: String =
        (0..12).map(|at| format!("q {0} 0 0 {0} {1} 10 cm /X Do Q ", 9 + at, at * 10)).collect();
    let draft = Draft::new(&content).resources("/XObject << /X 6 0 R >>").stream(FOUR_ENTRIES, FOUR);
    let found = opened(&draft.bytes());
    let lefts: Vec<f32> = found.pages[0].pictures.iter().map(|picture| picture.at.left).collect();
    assert_eq!(lefts, [40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0, 110.0]);
    let only_places = open(&draft.bytes(), &Wish { pictures_px: None, ..WORDS }).unwrap();
    assert!(only_places.pages[0].pictures.iter().all(|picture| picture.png.is_none()));
}

#[test]
fn a_picture_is_made_smaller_than_was_asked_for_at_most() {
    let entries =
        "/Type /XObject /Subtype /Image /Width 100 /Height 50 /BitsPerComponent 8 /ColorSpace /DeviceGray";
    let draft = Draft::new("q 40 0 0 20 20 10 cm /X Do Q")
        .resources("/XObject << /X 6 0 R >>")
        .stream(entries, &[[0; 50], [200; 50]].concat().repeat(50));
    let opened = open(&draft.bytes(), &Wish { pictures_px: Some(10), ..WORDS }).unwrap();
    let png = opened.pages[0].pictures[0].png.as_ref().unwrap();
    assert_eq!((png.width_px, png.height_px), (10, 5));
    let row = [[[0; 3]; 5], [[200; 3]; 5]].concat();
    assert_eq!(rgb(png), row.repeat(5));
}

#[test]
fn a_picture_that_says_it_is_giant_is_neither_decoded_nor_drawn() {
    let entries = "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB";
    let draft =
        Draft::new("q 40 0 0 20 20 10 cm /X Do Q").resources("/XObject << /X 6 0 R >>").stream(entries, &[0]);
    let opened = open(&draft.bytes(), &Wish { thumbnail_px: Some(100), ..WORDS }).unwrap();
    assert_eq!(opened.pages[0].pictures[0].png, None);
    assert_eq!(opened.thumbnail, None);
    assert_eq!(opened.oddities, [Oddity::Damaged]);
}

#[test]
fn a_picture_whose_octets_say_that_it_is_giant_is_neither_decoded_nor_drawn() {
    let mut jpeg_2000 = b"\xff\x4f\xff\x51\0\x2f\0\0".to_vec();
    for side in [100_u32, 16_777_283, 0, 0] {
        jpeg_2000.extend(side.to_be_bytes());
    }
    let jpeg = b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0";
    for (filter, data) in [("JPXDecode", &jpeg_2000[..]), ("DCTDecode", jpeg)] {
        let entries = format!("{FOUR_ENTRIES} /Filter /{filter}");
        let draft = Draft::new("q 40 0 0 40 20 10 cm /X Do Q").resources("/XObject << /X 6 0 R >>");
        let opened =
            open(&draft.stream(&entries, data).bytes(), &Wish { thumbnail_px: Some(40), ..WORDS }).unwrap();
        assert!(opened.oddities.contains(&Oddity::Damaged), "{filter}");
        assert_eq!(opened.thumbnail, None, "{filter}");
    }
}

#[test]
fn the_photo_and_the_signature_of_the_official_sample_are_cut_out() {
    let Some(files) = pdfs("../shared/data/copy") else { return };
    for (_, bytes) in files {
        let opened = open(&bytes, &Wish { pictures_px: Some(400), ..WORDS }).unwrap();
        let pictures = &opened.pages[0].pictures;
        let sizes: Vec<(u32, u32)> = pictures
            .iter()
            .map(|picture| {
                let png = picture.png.as_ref().unwrap();
                (png.width_px, png.height_px)
            })
            .collect();
        assert_eq!(sizes, [(400, 204), (136, 183)]);
        assert_eq!(pictures[1].at.left.round(), 399.0);
    }
}
