//! Filled paths: which contours are one letter, which letters have one shape.

use std::collections::BTreeMap;

use pages::{Opened, Segment};

use crate::draft::Draft;
use crate::{opened, pdfs};

/// The marks of a page's content.
#[track_caller]
fn marks(content: &str) -> Opened {
    opened(&Draft::new(content).bytes())
}

/// How many contours the letters of one fill have, in drawing order.
#[track_caller]
fn letters(path: &str) -> Vec<usize> {
    let opened = marks(&format!("{path} f"));
    let shapes = opened.pages[0].marks.iter().map(|mark| &opened.shapes[mark.shape.0 as usize]);
    shapes.map(|shape| shape.contours.len()).collect()
}

/// A box of a path.
fn block(x: f64, y: f64, width: f64, height: f64) -> String {
    format!("{x} {y} {width} {height} re ")
}

/// A ring: a box and a hole in it that runs the other way.
fn ring(x: f64, y: f64, width: f64, height: f64) -> String {
    let (left, low, right, high) = (x + 1.0, y + 1.0, x + width - 1.0, y + height - 1.0);
    let hole = format!("{left} {low} m {left} {high} l {right} {high} l {right} {low} l h ");
    block(x, y, width, height) + &hole
}

/// A `Т`: eight corners, 8 wide, 10 high.
fn tee(x: f64, y: f64) -> String {
    let point = |dx: f64, dy: f64| format!("{} {} ", x + dx, y + dy);
    let corners = [(5.0, 0.0), (5.0, 9.0), (8.0, 9.0), (8.0, 10.0), (0.0, 10.0), (0.0, 9.0), (3.0, 9.0)];
    let mut path = point(3.0, 0.0) + "m ";
    for (dx, dy) in corners {
        path += &(point(dx, dy) + "l ");
    }
    path + "h "
}

#[test]
fn holes_dots_and_bars_belong_to_their_letters() {
    for (letter, path, contours) in [
        ("о", ring(20.0, 20.0, 6.0, 6.0), 2),
        ("8", block(20.0, 20.0, 6.0, 10.0) + &block(22.0, 22.0, 2.0, 2.0) + &block(22.0, 26.0, 2.0, 2.0), 3),
        ("і", block(20.0, 20.0, 1.5, 6.0) + &block(20.0, 27.5, 1.5, 1.5), 2),
        ("і, its dot first", block(20.0, 27.5, 1.5, 1.5) + &block(20.0, 20.0, 1.5, 6.0), 2),
        ("й", tee(20.0, 20.0) + &block(22.0, 31.0, 4.0, 1.0), 2),
        (":", block(20.0, 20.0, 1.0, 1.0) + &block(20.0, 24.5, 1.0, 1.0), 2),
        ("=", block(20.0, 22.0, 6.0, 0.8) + &block(20.0, 24.5, 6.0, 0.8), 2),
        ("ї", block(22.0, 20.0, 1.5, 6.0) + &block(20.4, 27.5, 1.5, 1.5) + &block(23.6, 27.5, 1.5, 1.5), 3),
        (
            "ї, its dots first",
            block(20.4, 27.5, 1.5, 1.5) + &block(23.6, 27.5, 1.5, 1.5) + &block(22.0, 20.0, 1.5, 6.0),
            3,
        ),
        ("ё", ring(20.0, 20.0, 6.0, 6.0) + &block(20.8, 27.5, 1.5, 1.5) + &block(23.7, 27.5, 1.5, 1.5), 4),
        ("Ø", ring(20.0, 20.0, 8.0, 8.0) + "19 19.5 m 20 19 l 29 28.5 l 28 29 l h ", 3),
        (
            "%",
            ring(20.0, 26.0, 4.0, 4.0) + "23 20 m 24 20 l 27 30 l 26 30 l h " + &ring(26.0, 20.0, 4.0, 4.0),
            5,
        ),
        (
            "%, its rings first",
            ring(20.0, 26.0, 4.0, 4.0) + &ring(26.0, 20.0, 4.0, 4.0) + "23 20 m 24 20 l 27 30 l 26 30 l h ",
            5,
        ),
        ("№", block(20.0, 20.0, 7.0, 10.0) + &ring(28.0, 24.0, 4.0, 6.0) + &block(28.0, 21.5, 4.0, 1.0), 4),
        (
            "№, its bar first",
            block(20.0, 20.0, 7.0, 10.0) + &block(28.0, 21.5, 4.0, 1.0) + &ring(28.0, 24.0, 4.0, 6.0),
            4,
        ),
    ] {
        assert_eq!(letters(&path), [contours], "{letter}");
        // The same between neighbours, and between two of itself.
        let among = tee(8.0, 20.0) + &path + &tee(34.0, 20.0);
        assert_eq!(letters(&among), [1, contours, 1], "{letter} among others");
    }
}

#[test]
fn neighbours_stay_apart_however_their_boxes_overlap() {
    for (what, path, contours) in [
        ("Та", tee(20.0, 20.0) + &ring(26.5, 20.0, 5.0, 5.0), vec![1, 2]),
        ("Т.", tee(20.0, 20.0) + &block(26.0, 20.0, 1.0, 1.0), vec![1, 1]),
        ("Т,", tee(20.0, 20.0) + &block(26.0, 18.5, 1.0, 2.5), vec![1, 1]),
        ("оо", ring(20.0, 20.0, 6.0, 6.0) + &ring(27.0, 20.0, 6.0, 6.0), vec![2, 2]),
        ("ий", tee(20.0, 20.0) + &tee(29.0, 20.0) + &block(31.0, 31.0, 4.0, 1.0), vec![1, 2]),
        ("..", block(20.0, 20.0, 1.0, 1.0) + &block(22.0, 20.0, 1.0, 1.0), vec![1, 1]),
        ("«Т", block(18.0, 22.0, 1.0, 3.0) + &tee(20.0, 20.0), vec![1, 1]),
        (
            "о—о",
            ring(20.0, 20.0, 6.0, 6.0) + &block(27.0, 23.0, 10.0, 0.8) + &ring(38.0, 20.0, 6.0, 6.0),
            vec![2, 1, 2],
        ),
        ("underlined", tee(20.0, 20.0) + &tee(29.0, 20.0) + &block(20.0, 18.0, 17.0, 0.9), vec![1, 1, 1]),
        (
            "a column of figures",
            block(20.0, 60.0, 2.0, 8.0) + &tee(17.0, 47.0) + &tee(17.0, 34.0),
            vec![1, 1, 1],
        ),
        ("two lines of text", tee(20.0, 40.0) + &tee(20.0, 24.0), vec![1, 1]),
        ("touching", tee(20.0, 20.0) + "27.9 20 m 36 20 l 36 30 l 27.9 30 l 27.9 29.6 l h ", vec![1, 1]),
    ] {
        assert_eq!(letters(&path), contours, "{what}");
    }
}

#[test]
fn what_is_no_letter_is_no_mark() {
    for (what, content) in [
        ("a rule", "58 50 100 1 re f"),
        ("a thin short rule", "58 50 30 0.5 re f"),
        ("a background", "0 0 200 100 re f"),
        ("a frame drawn by its lines", "20 20 60 30 re S"),
        ("a stroked letter", "1 w 20 20 m 25 30 l 30 20 l S"),
        ("white on paper", "1 g 20 20 6 6 re f"),
        ("off the page", "500 20 6 6 re f"),
        ("clipped away", "0 0 10 10 re W n 20 20 6 6 re f"),
        ("painted over", "20 20 6 6 re f 1 g 10 10 40 40 re f"),
        ("a speck", "20 20 0.1 0.1 re f"),
        ("of no height", "20 20 m 30 20 l 25 20 l f"),
    ] {
        let opened = marks(content);
        assert!(opened.pages[0].marks.is_empty(), "{what}: {:?}", opened.pages[0].marks);
    }
    // Guilloche: one contour of a thousand pieces.
    let wave = (0..1_000).map(|at| format!("{} {} l ", 20.0 + f64::from(at) / 20.0, 20 + at % 2 * 3));
    assert!(marks(&format!("20 18 m {} f", wave.collect::<String>())).pages[0].marks.is_empty());
}

#[test]
fn a_white_letter_on_a_dark_ground_is_a_mark() {
    let opened = marks(&format!("0.2 g 10 10 100 60 re f 1 g {} f", tee(20.0, 20.0)));
    assert_eq!(opened.pages[0].marks.len(), 1);
}

#[test]
fn a_mark_has_its_place_and_a_shape_without_it() {
    let opened = marks(&format!("{} f {} f", tee(20.0, 30.0), tee(60.5, 10.25)));
    let [one, other] = &opened.pages[0].marks[..] else { panic!("two") };
    assert_eq!((one.at.left, one.at.top, one.at.right, one.at.bottom), (20.0, 60.0, 28.0, 70.0));
    assert_eq!((other.at.left, other.at.bottom), (60.5, 89.75));
    assert_eq!((one.shape, other.shape), (pages::ShapeAt(0), pages::ShapeAt(0)));
    assert_eq!((one.fill, other.fill), (0, 1));
    let shape = &opened.shapes[0];
    assert_eq!((shape.width_pt, shape.height_pt), (8.0, 10.0));
    assert_eq!(shape.contours[0].start, [3.0, 10.0]);
    assert_eq!(shape.contours[0].segments.len(), 8);
    assert_eq!(shape.contours[0].segments[7], Segment::Line([3.0, 10.0]));
}

#[test]
fn rounding_makes_no_other_shape_and_another_size_does() {
    let rounded = marks(&format!("{} f {} f", tee(20.0, 30.0), tee(60.007, 10.003)));
    assert_eq!(rounded.shapes.len(), 1);
    let scaled = marks(&format!("{} f q 1.05 0 0 1.05 0 0 cm {} f Q", tee(20.0, 30.0), tee(60.0, 10.0)));
    assert_eq!(scaled.shapes.len(), 2);
    let mirrored = marks(&format!("{} f q 1 0 0 -1 0 60 cm {} f Q", tee(20.0, 30.0), tee(60.0, 10.0)));
    assert_eq!(mirrored.shapes.len(), 2);
}

#[test]
fn a_box_has_one_shape_however_it_is_drawn() {
    let drawn = [
        "20 20 2 8 re f",
        "30 20 m 32 20 l 32 28 l 30 28 l h f",
        "42 28 m 40 28 l 40 20 l 42 20 l f",
        "50 20 2 8 re 60 20 2 8 re f",
        "70 20 m 70 28 l 72 28 l 72 20 l 70 20 l h 80 20 2 8 re f",
    ];
    let opened = marks(&drawn.join(" "));
    assert_eq!(opened.pages[0].marks.len(), 7);
    assert_eq!(opened.shapes.len(), 1);
}

#[test]
fn a_curve_has_its_own_box_not_that_of_its_control_points() {
    let opened = marks("20 20 m 20 40 40 40 40 20 c f");
    let at = opened.pages[0].marks[0].at;
    assert_eq!((at.left, at.right, at.bottom), (20.0, 40.0, 80.0));
    assert!((at.top - 65.0).abs() < 0.01, "{at:?}");
}

#[test]
fn too_much_is_cut_and_said() {
    let many: String =
        (0..21_000).map(|at| format!("{} {} 2 3 re f ", at % 60 * 3, at / 60 % 30 * 3)).collect();
    let opened = marks(&many);
    assert_eq!(opened.pages[0].marks.len(), 20_000);
    assert_eq!(opened.shapes.len(), 1);
    assert!(opened.oddities.contains(&pages::Oddity::Damaged));
}

#[test]
fn outlines_of_each_sample_have_as_many_letters_as_its_text() {
    let (Some(outlines), Some(texts)) =
        (pdfs("fixtures/copies/outlines"), pdfs("fixtures/copies/text-layer"))
    else {
        return;
    };
    assert_eq!(outlines.len(), 8);
    for ((name, drawn), (_, written)) in outlines.into_iter().zip(texts) {
        let (drawn, written) = (opened(&drawn), opened(&written));
        let text: Vec<&pages::Glyph> =
            written.pages[0].glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty()).collect();
        let marks = &drawn.pages[0].marks;
        assert_eq!(marks.len(), text.len(), "{name}");
        // The same lines in the same order: each shape stands for one letter in one size, but for twins.
        let mut letters: BTreeMap<u32, Vec<(&str, i32)>> = BTreeMap::new();
        for (mark, glyph) in marks.iter().zip(text) {
            let known = letters.entry(mark.shape.0).or_default();
            #[expect(clippy::cast_possible_truncation, reason = "sizes are small whole numbers")]
            let letter = (glyph.text.as_str(), glyph.size_pt.round() as i32);
            if !known.contains(&letter) {
                known.push(letter);
            }
        }
        for known in letters.values() {
            assert!(known.len() == 1 || known.iter().all(|(letter, _)| is_twin(letter)), "{name}: {known:?}");
        }
    }
}

/// Letters that look alike in Latin and Cyrillic, and signs that are drawn alike.
fn is_twin(letter: &str) -> bool {
    "АAВBЕEІIКKМMНHОOРPСCТTХXаaеeіiоoрpсcуyхxЇÏїïʼ'’-.".contains(letter)
}

#[test]
fn the_official_sample_has_its_letters_and_each_letter_of_a_label_one_shape() {
    let Some(files) = pdfs("../shared/data/copy") else { return };
    for (name, bytes) in files {
        let opened = opened(&bytes);
        let page = &opened.pages[0];
        assert_eq!((page.width_pt, page.height_pt), (595.0, 842.0), "{name}");
        // `№`, which the typeface lacks, is the one character of the text layer.
        let text: Vec<&str> = page.glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
        assert_eq!(text, ["№"]);
        assert!(page.glyphs[0].is_visible);
        // The emblems are drawn first. 583 letters in 117 shapes, and the trident after the title in two.
        let fills: Vec<u32> = page.marks.iter().map(|mark| mark.fill).collect();
        let is_line = |fill: &u32| fills.iter().filter(|other| *other == fill).count() > 40;
        let first_of_text = fills.iter().position(is_line).unwrap();
        let marks = &page.marks[first_of_text..];
        assert_eq!(marks.len(), 585);
        let mut shapes: Vec<u32> = marks.iter().map(|mark| mark.shape.0).collect();
        shapes.sort_unstable();
        shapes.dedup();
        assert_eq!(shapes.len(), 119);
        // The three lines that every copy has.
        let line = |fill: u32| marks.iter().filter(move |mark| mark.fill == fill);
        let mut letters = BTreeMap::new();
        for (at, label) in ["Запитнацифровікопіїдокументіввід", "Ініціаторзапиту:", "Ідентифікаторзапиту:DR-"]
            .iter()
            .enumerate()
        {
            for (letter, mark) in label.chars().zip(line(marks[0].fill + u32::try_from(at).unwrap())) {
                assert_eq!(*letters.entry(letter).or_insert(mark.shape), mark.shape, "{letter}");
            }
        }
        assert_eq!(page.pictures.len(), 2, "the photo and the signature");
        assert!(opened.oddities.is_empty(), "{:?}", opened.oddities);
    }
}
