//! What must hold of any page: the letters of the shipped alphabet at any size, damaged shapes, pages that are no pages.

use crate::testing::{Seeded, Sheet, scaled};
use crate::twins::look;
use crate::{
    Alphabet, CopyId, Entry, Evidence, Line, Mark, OutlineReader, Page, Proposal, Rect, Segment, Shape,
    ShapeAt, Sign, Stance, Standing, TrustRule, UNKNOWN, align_known_text, lines_of_outlines, lines_of_text,
    rows_of_marks,
};

fn at(random: &mut Seeded, length: usize) -> usize {
    usize::try_from(random.next() % u64::try_from(length).unwrap()).unwrap()
}

/// The letters of the shipped alphabet, each once.
fn letters(alphabet: &Alphabet) -> Vec<(char, &Entry)> {
    let mut letters: Vec<(char, &Entry)> = Vec::new();
    for entry in alphabet.entries() {
        if let Standing::Known(Sign::Letter(letter)) = alphabet.standing(entry)
            && !letters.iter().any(|(other, _)| *other == letter)
        {
            letters.push((letter, entry));
        }
    }
    letters
}

/// A shape with each number moved a little, and rounded to 1/64.
fn rounded(shape: &Shape, by: f32, random: &mut Seeded, shake: f32) -> Shape {
    let mut shape = scaled(shape, by);
    let mut round = |point: &mut [f32; 2]| {
        for value in point {
            *value = ((*value + random.between(-shake, shake)) * 64.0).round() / 64.0;
        }
    };
    for contour in &mut shape.contours {
        round(&mut contour.start);
        for segment in &mut contour.segments {
            match segment {
                Segment::Line(to) => round(to),
                Segment::Curve(a, b, to) => [a, b, to].into_iter().for_each(&mut round),
            }
        }
    }
    shape
}

/// Sets letters in a line as their typeface would, and returns what they are.
fn set(
    letters: &[(char, &Entry)],
    cap_pt: f32,
    random: &mut Seeded,
    shake: f32,
) -> (Vec<char>, Page, Vec<Shape>) {
    let (mut written, mut page, mut shapes) = (Vec::new(), Page::default(), Vec::new());
    let mut left = 50.0;
    for place in 0..12_u32 {
        // A line begins with a tall letter: it is by the first ones that commas and hyphens find their row.
        let likely =
            if place == 0 { letters.iter().position(|(letter, _)| letter.is_uppercase()) } else { None };
        let (letter, entry) = letters[likely.unwrap_or_else(|| at(random, letters.len()))];
        let by = cap_pt / entry.stance.cap_pt;
        let bottom = ((400.0 + entry.stance.drop_pt * by) * 64.0).round() / 64.0;
        let top = bottom - entry.shape.height_pt * by;
        let right = left + entry.shape.width_pt * by;
        shapes.push(rounded(&entry.shape, by, random, shake));
        page.marks.push(Mark { shape: ShapeAt(place), at: Rect { left, top, right, bottom }, fill: 0 });
        written.push(letter);
        left = right + 0.1 * cap_pt;
    }
    (written, page, shapes)
}

fn joined(lines: &[Line]) -> Vec<char> {
    let words = lines.iter().flat_map(|line| &line.words);
    words.flat_map(|word| word.text.chars().map(look).collect::<Vec<_>>()).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "it measures")]
fn letters_at_any_size_are_read_as_themselves_or_not_at_all() {
    let alphabet = Alphabet::shipped();
    let letters = letters(&alphabet);
    assert!(letters.len() > 60);
    let mut random = Seeded(7);
    for shake in [0.0, 1.0 / 128.0, 1.0 / 32.0] {
        let (mut all, mut unread) = (0, 0);
        for _ in 0..1_500 {
            let cap_pt = random.between(2.5, 40.0);
            let (written, page, shapes) = set(&letters, cap_pt, &mut random, shake);
            let read = joined(&lines_of_outlines(&page, &shapes, &alphabet));
            // Two apostrophes side by side are a quotation mark.
            if written.windows(2).any(|pair| pair == ['\'', '\'']) {
                continue;
            }
            assert_eq!(read.len(), written.len(), "{cap_pt} {written:?} {read:?}");
            for (written, read) in written.iter().zip(read) {
                assert!(read == look(*written) || read == UNKNOWN, "{cap_pt}: {written} as {read}");
                all += 1;
                unread += usize::from(read == UNKNOWN);
            }
        }
        eprintln!("letters of 2.5 to 40 pt, shaken by up to {shake:.4} pt: {unread} of {all} □");
        // Letters thrown together have rows that no page has: a sixteenth of them may be left out.
        assert!(shake > 0.0 || unread * 16 < all, "{unread} of {all}");
    }
}

#[test]
fn letters_of_which_the_twin_in_size_is_not_known_are_not_read_as_it() {
    let shipped = Alphabet::shipped();
    let letters = letters(&shipped);
    let mut random = Seeded(8);
    for _ in 0..300 {
        // An alphabet that knows some of the letters, at random.
        let some: String = shipped
            .export()
            .lines()
            .filter(|_| !random.next().is_multiple_of(3))
            .fold(String::new(), |all, line| all + line + "\n");
        let alphabet = Alphabet::import(&some, TrustRule::default()).unwrap();
        let cap_pt = random.between(4.0, 30.0);
        let (written, page, shapes) = set(&letters, cap_pt, &mut random, 0.0);
        let read = joined(&lines_of_outlines(&page, &shapes, &alphabet));
        if read.len() == written.len() {
            for (written, read) in written.iter().zip(read) {
                assert!(read == look(*written) || read == UNKNOWN, "{cap_pt}: {written} as {read}");
            }
        }
    }
}

#[test]
fn damaged_shapes_are_read_as_themselves_or_not_at_all() {
    let alphabet = Alphabet::shipped();
    let letters = letters(&alphabet);
    let mut random = Seeded(9);
    for _ in 0..1_500 {
        let (written, mut page, mut shapes) = set(&letters, 7.5, &mut random, 0.0);
        for _ in 0..4 {
            let shape = at(&mut random, shapes.len());
            damage(&mut shapes[shape], &mut random);
        }
        let read = joined(&lines_of_outlines(&page, &shapes, &alphabet));
        if read.len() == written.len() {
            for (written, read) in written.iter().zip(read) {
                assert!(read == look(*written) || read == UNKNOWN, "{written} as {read}");
            }
        }
        // Places that are none, shapes that are not there.
        let mark = at(&mut random, page.marks.len());
        page.marks[mark].at.left = [f32::NAN, f32::INFINITY, -1e30, 1e30][at(&mut random, 4)];
        let mark = at(&mut random, page.marks.len());
        page.marks[mark].shape = ShapeAt(u32::MAX);
        let read = joined(&lines_of_outlines(&page, &shapes, &alphabet));
        assert!(read.len() <= written.len());
        let reader = OutlineReader::new(&shapes, &alphabet);
        for row in rows_of_marks(&page) {
            let proposals = align_known_text(&page, &row, &reader, "Дата народження", &Evidence::FileName);
            Alphabet::new(TrustRule::default()).learn(Some(CopyId([0; 8])), &shapes, &proposals);
        }
    }
}

fn damage(shape: &mut Shape, random: &mut Seeded) {
    let contour = at(random, shape.contours.len());
    if shape.contours[contour].segments.is_empty() {
        return;
    }
    let segment = at(random, shape.contours[contour].segments.len());
    let wild = [f32::NAN, f32::INFINITY, 1e30, -1e30, 0.0, 3.0][at(random, 6)];
    match random.next() % 5 {
        0 => drop(shape.contours[contour].segments.remove(segment)),
        1 => shape.contours[contour].start = [wild, wild],
        2 => shape.contours[contour].segments[segment] = Segment::Line([wild, 1.0]),
        3 => shape.contours[contour].segments[segment] = Segment::Curve([wild, 0.0], [0.0, wild], [1.0, 1.0]),
        _ => shape.contours[contour].segments.clear(),
    }
}

#[test]
fn empty_pages_have_no_lines() {
    let alphabet = Alphabet::shipped();
    assert!(lines_of_outlines(&Page::default(), &[], &alphabet).is_empty());
    assert!(lines_of_text(&Page::default()).is_empty());
    assert!(rows_of_marks(&Page::default()).is_empty());
}

#[test]
fn of_a_million_marks_only_so_many_are_looked_at() {
    let alphabet = Alphabet::shipped();
    let mut random = Seeded(10);
    let sheet = Sheet::default().write(0.0, 10.0, 10.0, "абвгд");
    for is_one_heap in [false, true] {
        let mut page = Page { number: 1, ..Page::default() };
        for place in 0..1_000_000_u32 {
            let (left, top) = if is_one_heap {
                (5.0, 5.0)
            } else {
                (random.between(0.0, 595.0), random.between(0.0, 842.0))
            };
            let at = Rect {
                left,
                top,
                right: left + random.between(0.1, 30.0),
                bottom: top + random.between(0.1, 30.0),
            };
            page.marks.push(Mark { shape: ShapeAt(place % 5), at, fill: 0 });
        }
        let lines = lines_of_outlines(&page, &sheet.shapes, &alphabet);
        let letters: usize = joined(&lines).len();
        assert!((1..=crate::PIECES_MAX).contains(&letters), "{letters}");
    }
}

#[test]
fn an_alphabet_takes_only_so_many_entries() {
    let mut alphabet = Alphabet::new(TrustRule::default());
    let mut random = Seeded(11);
    let shapes: Vec<Shape> = (0..crate::ENTRIES_MAX + 50).map(|_| random_shape(&mut random)).collect();
    let proposals: Vec<Proposal> = (0..)
        .zip(&shapes)
        .map(|(place, _)| Proposal {
            shape: ShapeAt(place),
            stance: Stance { cap_pt: 7.0, drop_pt: 0.0 },
            sign: Sign::Letter('а'),
            evidence: Evidence::Ocr,
        })
        .collect();
    alphabet.learn(Some(CopyId([1; 8])), &shapes, &proposals);
    assert_eq!(alphabet.entries().len(), crate::ENTRIES_MAX);
}

/// A polygon of many kinds of structure: a comparison of all with all would take too long.
fn random_shape(random: &mut Seeded) -> Shape {
    let kinds = random.next();
    let mut point = || [random.between(0.0, 7.0), random.between(0.0, 7.0)];
    let start = point();
    let segments = (0..16)
        .map(|bit| match kinds >> bit & 1 {
            0 => Segment::Line(point()),
            _ => Segment::Curve(point(), point(), point()),
        })
        .collect();
    Shape { width_pt: 7.0, height_pt: 7.0, contours: vec![crate::Contour { start, segments }] }
}
