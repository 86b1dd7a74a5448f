//! Text layers: places, and whether somebody sees them.

use pages::Oddity;

use crate::draft::Draft;
use crate::{opened, pdfs, seen};

/// The word «Mit» at (50, 40) of a page, 10 pt.
const WORD: &str = "BT /F1 10 Tf 50 40 Td (Mit) Tj ET";

#[track_caller]
fn near(one: f32, other: f32) {
    assert!((one - other).abs() < 0.01, "{one} is not {other}");
}

#[test]
fn a_character_has_its_place_from_the_upper_left_corner() {
    let opened = opened(&Draft::new(WORD).bytes());
    let page = &opened.pages[0];
    assert_eq!((page.width_pt, page.height_pt), (200.0, 100.0));
    assert_eq!(seen(&opened), "Mit");
    let [m, i, t] = &page.glyphs[..] else { panic!("three") };
    near(m.baseline_pt, 60.0);
    near(m.size_pt, 10.0);
    near(m.at.left, 50.0);
    // Widths of Helvetica: M 833, i 222, t 278 thousandths.
    near(m.at.right, 58.33);
    near(i.at.left, 58.33);
    near(t.at.right, 63.33);
    near(m.at.top, 52.0);
    near(m.at.bottom, 62.0);
    assert!(opened.oddities.is_empty(), "{:?}", opened.oddities);
}

#[test]
fn rotated_and_cropped_pages_have_their_places_as_shown() {
    // The page shows (20, 10) to (180, 90) of its paper. The word begins at (50, 40).
    for (rotate, size, left, baseline) in [
        (0, (160.0, 80.0), 30.0, 50.0),
        (180, (160.0, 80.0), 130.0, 30.0),
        (90, (80.0, 160.0), 30.0, 30.0),
        (270, (80.0, 160.0), 50.0, 130.0),
    ] {
        let entries = format!("/MediaBox [0 0 200 100] /CropBox [20 10 180 90] /Rotate {rotate}");
        let opened = opened(&Draft::new(WORD).page(&entries).bytes());
        let page = &opened.pages[0];
        assert_eq!((page.width_pt, page.height_pt), size, "{rotate}");
        assert_eq!(seen(&opened), "Mit");
        let first = &page.glyphs[0];
        near(first.baseline_pt, baseline);
        near(first.size_pt, 10.0);
        let edge = match rotate {
            0 => first.at.left,
            180 => first.at.right,
            // The baseline runs down or up: it is the box's edge at the feet of the letters, less what hangs under it.
            90 => first.at.left + 2.0,
            _ => first.at.right - 2.0,
        };
        near(edge, left);
    }
}

#[test]
fn a_page_box_that_does_not_begin_at_zero_is_taken_off() {
    let opened = opened(&Draft::new(WORD).page("/MediaBox [40 30 240 130]").bytes());
    let first = &opened.pages[0].glyphs[0];
    near(first.at.left, 10.0);
    near(first.baseline_pt, 90.0);
}

#[test]
fn transformations_add_up() {
    let content = "q 2 0 0 2 10 5 cm BT /F1 4 Tf 1.5 0 0 1.5 5 10 Tm (M) Tj ET Q";
    let opened = opened(&Draft::new(content).bytes());
    let first = &opened.pages[0].glyphs[0];
    near(first.size_pt, 12.0);
    near(first.at.left, 20.0);
    near(first.baseline_pt, 75.0);
    near(first.at.right - first.at.left, 0.833 * 12.0);
}

/// A draft whose one word nobody sees.
#[track_caller]
fn hidden(why: &str, draft: &Draft) {
    let opened = opened(&draft.bytes());
    let text: String = opened.pages[0].glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
    assert_eq!(text, "Mit", "{why}");
    assert_eq!(seen(&opened), "", "{why}");
    assert!(opened.oddities.contains(&Oddity::HiddenText), "{why}");
}

#[test]
fn text_that_nobody_sees_is_told_from_text_that_somebody_sees() {
    hidden("render mode 3", &Draft::new(&format!("3 Tr {WORD}")));
    hidden("white on paper", &Draft::new(&format!("1 g {WORD}")));
    hidden("white again", &Draft::new(&format!("1 1 1 rg {WORD}")));
    hidden("black on black", &Draft::new(&format!("40 30 60 40 re f {WORD}")));
    hidden("painted over", &Draft::new(&format!("{WORD} 1 g 40 30 60 40 re f")));
    hidden("clipped away", &Draft::new(&format!("0 0 20 20 re W n {WORD}")));
    hidden("off the page", &Draft::new("BT /F1 10 Tf 500 40 Td (Mit) Tj ET"));
    hidden("tiny", &Draft::new("BT /F1 0.5 Tf 50 40 Td (Mit) Tj ET"));
    let transparent = Draft::new(&format!("/G gs {WORD}")).resources("/ExtGState << /G << /ca 0 >> >>");
    hidden("transparent", &transparent);
    let faint = "/Type /XObject /Subtype /Form /BBox [0 0 200 100] /Group << /S /Transparency >> \
        /Resources << /Font << /F1 5 0 R >> >>";
    let group = Draft::new("/G gs /X Do")
        .resources("/ExtGState << /G << /ca 0 >> >> /XObject << /X 6 0 R >>")
        .stream(faint, WORD.as_bytes());
    hidden("in a transparent group", &group);
}

#[test]
fn text_that_somebody_sees_is_not_hidden() {
    for content in [
        WORD.to_owned(),
        format!("0 g 40 30 60 40 re f 1 g {WORD}"),
        format!("1 g 40 30 60 40 re f 0 g {WORD}"),
        format!("1 g 40 30 60 40 re f 0.5 g {WORD} 1 g 100 50 20 20 re f"),
        format!("40 30 60 40 re W n {WORD}"),
        format!("1 Tr 0 G {WORD}"),
        format!("{WORD} 0 0 20 20 re W n"),
    ] {
        let opened = opened(&Draft::new(&content).bytes());
        assert_eq!(seen(&opened), "Mit", "{content}");
        assert!(!opened.oddities.contains(&Oddity::HiddenText), "{content}");
    }
}

#[test]
fn text_of_a_form_object_stands_where_the_form_is_drawn() {
    let entries = "/Type /XObject /Subtype /Form /BBox [0 0 100 50] /Matrix [1 0 0 1 7 0] \
        /Resources << /Font << /F1 5 0 R >> >>";
    let draft = Draft::new("q 1 0 0 1 20 10 cm /X Do Q")
        .resources("/XObject << /X 6 0 R >>")
        .stream(entries, b"BT /F1 10 Tf 5 5 Td (M) Tj ET");
    let opened = opened(&draft.bytes());
    near(opened.pages[0].glyphs[0].at.left, 32.0);
    near(opened.pages[0].glyphs[0].baseline_pt, 85.0);
}

#[test]
fn a_form_object_that_draws_itself_ends() {
    let entries = "/Type /XObject /Subtype /Form /BBox [0 0 200 100] \
        /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >>";
    let content = format!("{WORD} /X Do");
    let draft = Draft::new("/X Do").resources("/XObject << /X 6 0 R >>").stream(entries, content.as_bytes());
    assert!(seen(&opened(&draft.bytes())).starts_with("Mit"));
}

#[test]
fn a_character_without_a_name_is_an_outline_to_be_read() {
    // A font of drawings whose letters have no names that mean anything: a triangle, and a ring.
    let font = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] \
        /CharProcs << /zz1 7 0 R /zz2 8 0 R >> /FirstChar 1 /LastChar 2 /Widths [600 600] \
        /Encoding << /Differences [1 /zz1 /zz2] >> >>";
    let draft = Draft::new("BT /F2 20 Tf 50 40 Td <010201> Tj ET")
        .fonts("/F2 6 0 R")
        .object(font)
        .stream("", b"600 0 0 0 500 500 d1 0 0 m 500 0 l 250 500 l f")
        .stream("", b"600 0 0 0 500 500 d1 0 0 m 500 0 l 500 500 l 0 500 l h 100 100 m 100 400 l 400 400 l 400 100 l f");
    let opened = opened(&draft.bytes());
    let page = &opened.pages[0];
    assert_eq!(page.glyphs.len(), 3);
    assert!(page.glyphs.iter().all(|glyph| glyph.text.is_empty() && glyph.is_visible));
    let shapes: Vec<u32> = page.marks.iter().map(|mark| mark.shape.0).collect();
    assert_eq!(shapes, [0, 1, 0]);
    near(page.marks[0].at.left, 50.0);
    near(page.marks[1].at.left, 62.0);
    near(page.marks[1].at.bottom, 60.0);
    assert_eq!(opened.shapes[1].contours.len(), 2);
}

#[test]
fn the_text_layer_of_each_sample_is_whole() {
    let Some(files) = pdfs("fixtures/copies/text-layer") else { return };
    assert_eq!(files.len(), 8);
    for (name, bytes) in files {
        let opened = opened(&bytes);
        let text = seen(&opened);
        let request = [
            "Запит на цифрові копії документів від 02.03.2026-12:00:05",
            "The digital document copy requested on 02.03.2026-12:00:05",
        ];
        assert!(request.iter().any(|line| text.contains(line)), "{name}: {text}");
        assert!(opened.oddities.is_empty(), "{name}: {:?}", opened.oddities);
        let page = &opened.pages[0];
        assert!(page.marks.is_empty(), "{name}: {} marks", page.marks.len());
        for glyph in &page.glyphs {
            let on_page =
                glyph.at.left >= 0.0 && glyph.at.right <= page.width_pt && glyph.at.bottom <= page.height_pt;
            assert!(on_page && glyph.size_pt >= 8.0 && glyph.size_pt <= 40.0, "{name}: {glyph:?}");
        }
    }
}
