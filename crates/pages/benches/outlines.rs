//! How long a page of outlines takes: looking its shapes up in the shipped alphabet, and making lines of words.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench speaks to whoever runs it"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use pages::{
    Alphabet, Entry, Mark, OutlineReader, Page, Rect, Shape, ShapeAt, Sign, Standing, lines_of_outlines,
};

/// Letters of the page, as many as the official sample has.
const MARKS: u32 = 600;
const ROUNDS: u32 = 200;

/// The letters of the alphabet over and over, 30 in a line of two words.
fn page(alphabet: &Alphabet) -> (Page, Vec<Shape>) {
    let is_letter = |entry: &&Entry| matches!(alphabet.standing(entry), Standing::Known(Sign::Letter(_)));
    let letters: Vec<&Entry> = alphabet.entries().iter().filter(is_letter).collect();
    let count = u32::try_from(letters.len()).unwrap();
    let mut page = Page { number: 1, ..Page::default() };
    let mut left = 0.0;
    for place in 0..MARKS {
        if place % 30 == 0 {
            left = 50.0;
        }
        let entry = letters[usize::try_from(place % count).unwrap()];
        let baseline = 50.0 + 20.0 * f32::from(u16::try_from(place / 30).unwrap());
        let by = 7.5 / entry.stance.cap_pt;
        let bottom = baseline + entry.stance.drop_pt * by;
        let at = Rect {
            left,
            top: bottom - entry.shape.height_pt * by,
            right: left + entry.shape.width_pt * by,
            bottom,
        };
        left = at.right + if place % 15 == 14 { 4.0 } else { 0.8 };
        page.marks.push(Mark { shape: ShapeAt(place % count), at, fill: place / 30 });
    }
    (page, letters.iter().map(|entry| entry.shape.clone()).collect())
}

fn median(of: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            of();
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let alphabet = Alphabet::shipped();
    let (page, shapes) = page(&alphabet);
    let lines = lines_of_outlines(&page, &shapes, &alphabet);
    let words: usize = lines.iter().map(|line| line.words.len()).sum();
    println!("{MARKS} marks of {} shapes: {} lines, {words} words", shapes.len(), lines.len());
    let all = median(|| drop(black_box(lines_of_outlines(&page, &shapes, &alphabet))));
    let reader = OutlineReader::new(&shapes, &alphabet);
    let shapes_known = median(|| drop(black_box(reader.lines(&page))));
    println!(
        "shapes and lines {all:?}, lines alone {shapes_known:?}; reading the shipped file {:?}",
        median(|| drop(black_box(Alphabet::shipped())))
    );
}
