//! Copies in three typefaces that nobody shipped: an alphabet learns from some of them and reads the others.
//!
//! What a copy says is known from the same copy with a text layer.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]
#![expect(clippy::print_stderr, reason = "a test that measures says what")]

use std::collections::BTreeMap;

use opener::{Wish, open};
use pages::{
    Alphabet, CopyId, Evidence, Line, OcrWord, Opened, OutlineReader, TrustRule, UNKNOWN, align_known_start,
    align_known_text, align_ocr, lines_of_outlines, lines_of_text, rows_of_marks,
};
use skrynka_fixtures::copies::{Make, Typeface, plans};

/// A copy by its outlines, and what its text layer says.
struct Copy {
    document: String,
    outlines: Opened,
    lines: Vec<Line>,
}

/// The copies of a typeface that are drawn as outlines.
fn copies(typeface: Typeface) -> Vec<Copy> {
    let wish = Wish { pages_max: 1, words: true, ..Wish::default() };
    let opened = |pdf: &[u8]| open(pdf, &wish).unwrap();
    plans()
        .into_iter()
        .filter(|plan| plan.request.look.typeface == typeface && plan.request.make == Make::Outlines)
        .map(|mut plan| {
            let outlines = opened(&plan.draw().pdf);
            plan.request.make = Make::TextLayer;
            let text = opened(&plan.draw().pdf);
            let document = plan.request.document.code().to_owned();
            Copy { document, outlines, lines: lines_of_text(&text.pages[0]) }
        })
        .collect()
}

fn text(line: &Line) -> String {
    line.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The texts that stand on several copies of a document: its title, labels and notices.
fn labels(copies: &[Copy]) -> BTreeMap<String, Vec<String>> {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for copy in copies {
        for line in &copy.lines {
            *seen.entry((copy.document.clone(), text(line))).or_default() += 1;
        }
    }
    let mut labels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((document, text), count) in seen {
        if count > 1 {
            labels.entry(document).or_default().push(text);
        }
    }
    labels
}

/// What a program that misreads a letter in twenty-five would say of the page: also the same letter always alike.
fn misread(copy: &Copy, seed: u64) -> Vec<OcrWord> {
    let mut state = seed;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let always = [('І', 'l'), ('О', '0'), ('З', '3'), ('б', '6'), ('ґ', 'г'), ('Ї', 'І'), ('є', 'е')];
    let mut words = Vec::new();
    for (line, read) in (0..).zip(&copy.lines) {
        for word in &read.words {
            let letter = |letter: char, random: &mut dyn FnMut() -> u64| match random() % 25 {
                0 => ['о', 'н', 'п', 'в', '1', '8', 'С', 'e'][usize::try_from(random() % 8).unwrap()],
                1..=9 => always.iter().find(|(from, _)| *from == letter).map_or(letter, |(_, to)| *to),
                _ => letter,
            };
            let text = word.text.chars().map(|of| letter(of, &mut random)).collect();
            words.push(OcrWord { text, at: word.at, confidence: 0.9, line });
        }
    }
    words
}

/// Learns from one copy.
fn teach(alphabet: &mut Alphabet, number: u8, copy: &Copy, labels: &[String], ocr: &[OcrWord]) {
    let page = &copy.outlines.pages[0];
    let evidence = Evidence::Label { document: copy.document.clone() };
    let rows = rows_of_marks(page);
    let reader = OutlineReader::new(&copy.outlines.shapes, alphabet);
    let mut found = Vec::new();
    for row in &rows {
        for label in labels {
            found.extend(align_known_text(page, row, &reader, label, &evidence));
        }
        for start in ["Ініціатор запиту:", "Ідентифікатор запиту:", "Request initiator:", "Request ID:"]
        {
            found.extend(align_known_start(page, row, &reader, start, &evidence));
        }
    }
    // The time in the file's name stands on the page after a text that is known.
    for line in copy
        .lines
        .iter()
        .map(text)
        .filter(|line| line.starts_with("Запит на ") || line.starts_with("The digital"))
    {
        for row in &rows {
            found.extend(align_known_text(page, row, &reader, &line, &Evidence::FileName));
        }
    }
    found.extend(align_ocr(page, &rows, &reader, ocr));
    alphabet.learn(Some(CopyId([number; 8])), &copy.outlines.shapes, &found);
}

/// How the letters of a text were read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
struct Score {
    wrong: usize,
    unread: usize,
    letters: usize,
}

impl Score {
    fn plus(self, other: Self) -> Self {
        Self {
            wrong: self.wrong + other.wrong,
            unread: self.unread + other.unread,
            letters: self.letters + other.letters,
        }
    }
}

/// A letter with its twin of the other script as one.
fn folded(letter: char) -> char {
    const LATIN: &str = "ABCEHIKMOPTXaceiopxy";
    const CYRILLIC: &str = "АВСЕНІКМОРТХасеіорху";
    LATIN.chars().zip(CYRILLIC.chars()).find(|(latin, _)| *latin == letter).map_or(letter, |(_, twin)| twin)
}

/// Signs that are several marks: each may have been read as one □ to three.
fn takes_several(letter: char) -> bool {
    matches!(letter, '№' | '«' | '»' | '"')
}

/// The best way to lay what was read over what stands there; none where the lengths do not fit.
fn score(truth: &[char], read: &[char]) -> Option<Score> {
    let mut row: Vec<Option<Score>> = vec![None; read.len() + 1];
    row[0] = Some(Score::default());
    for letter in truth {
        let mut next: Vec<Option<Score>> = vec![None; read.len() + 1];
        let marks = if takes_several(*letter) { 3 } else { 1 };
        for from in 0..read.len() {
            let Some(before) = row[from] else { continue };
            for taken in 1..=marks.min(read.len() - from) {
                let here = &read[from..from + taken];
                let unread = usize::from(here.contains(&UNKNOWN));
                // A part of such a sign may be a letter by itself: the N of №.
                let is_right = here == [*letter] || unread == 1 && (taken > 1 || here == [UNKNOWN]);
                let one = Score { wrong: usize::from(!is_right), unread, letters: 1 };
                let sum = before.plus(one);
                let best = &mut next[from + taken];
                *best = Some(best.map_or(sum, |other| other.min(sum)));
            }
        }
        row = next;
    }
    row[read.len()]
}

/// Compares what was read of a copy with what it says; prints what is wrong.
fn compare(copy: &Copy, alphabet: &Alphabet) -> Score {
    let page = &copy.outlines.pages[0];
    let read = lines_of_outlines(page, &copy.outlines.shapes, alphabet);
    let letters = |line: &Line| text(line).chars().filter(|letter| *letter != ' ').collect::<Vec<char>>();
    let mut sum = Score::default();
    for line in &copy.lines {
        let is_there = |other: &&Line| {
            let middle = f32::midpoint(other.at.left, other.at.right);
            let height = f32::midpoint(other.at.top, other.at.bottom);
            (line.at.left..line.at.right).contains(&middle) && (line.at.top..line.at.bottom).contains(&height)
        };
        let here: Vec<&Line> = read.iter().filter(is_there).collect();
        let found: Vec<char> = here.iter().flat_map(|line| letters(line)).collect();
        let truth: Vec<char> = letters(line)
            .into_iter()
            .map(|letter| if matches!(letter, '’' | 'ʼ') { '\'' } else { letter })
            .collect();
        let Some(score) = score(&truth, &found) else {
            // Letters that touch are one mark, and one □; the others stand there in their order.
            let mut rest = truth.iter();
            let known = || found.iter().filter(|letter| **letter != UNKNOWN);
            let wrong =
                known().filter(|letter| !rest.any(|truth| folded(*truth) == folded(**letter))).count();
            if wrong > 0 {
                eprintln!("wrong: {} / {}", text(line), found.iter().collect::<String>());
            }
            sum = sum.plus(Score { wrong, unread: truth.len() - known().count(), letters: truth.len() });
            continue;
        };
        // Where a word says that it may be Latin or Cyrillic, its letters are right in either.
        let is_sure = here.iter().flat_map(|line| &line.words).all(|word| word.confidence > 0.5);
        let fold = |letters: &[char]| letters.iter().map(|letter| folded(*letter)).collect::<Vec<char>>();
        let score = if is_sure { Some(score) } else { self::score(&fold(&truth), &fold(&found)) }.unwrap();
        if score.wrong > 0 {
            eprintln!("wrong: {} / {}", text(line), found.iter().collect::<String>());
        }
        sum = sum.plus(score);
    }
    sum
}

#[test]
fn other_typefaces_are_learnt_from_some_copies_and_no_letter_of_the_others_is_wrong() {
    for typeface in Typeface::ALL {
        let copies = copies(typeface);
        let labels = labels(&copies);
        for has_ocr in [false, true] {
            let mut alphabet = Alphabet::new(TrustRule::default());
            let (mut taught, mut others) = (Score::default(), Score::default());
            let of_copy = |number: usize| u8::try_from(number).unwrap();
            for (number, copy) in copies.iter().enumerate().filter(|(number, _)| number % 3 != 0) {
                let ocr = if has_ocr { misread(copy, u64::from(of_copy(number))) } else { Vec::new() };
                teach(&mut alphabet, of_copy(number), copy, &labels[&copy.document], &ocr);
            }
            for (number, copy) in copies.iter().enumerate() {
                let score = compare(copy, &alphabet);
                let sum = if number % 3 == 0 { &mut others } else { &mut taught };
                *sum = sum.plus(score);
            }
            let (name, with) = (typeface.name(), if has_ocr { "labels and misread OCR" } else { "labels" });
            eprintln!(
                "{name}, {with}: other copies {others:?}, teaching ones {taught:?}, {} entries",
                alphabet.entries().len()
            );
            assert_eq!((others.wrong, taught.wrong), (0, 0));
            assert!(others.unread * 2 < others.letters, "{others:?}");
        }
    }
}
