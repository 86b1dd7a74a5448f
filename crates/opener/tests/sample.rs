//! The official sample by outlines: the shipped alphabet is made from it, and reads it; an empty alphabet learns from it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]
#![expect(clippy::print_stderr, reason = "a test that was skipped says so, and one that measures says what")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use opener::{Wish, open};
use pages::{
    Alphabet, CopyId, Evidence, Line, MarkRow, OcrWord, Opened, OutlineReader, Page, Piece, Proposal, Rect,
    Sign, Stance, TrustRule, UNKNOWN, What, align_known_start, align_known_text, align_ocr, apart,
    lines_of_outlines, rows_of_marks, words_of_tsv,
};

/// What a person reads on the sample, a fictional person's: a line for each row of the page.
const ROWS: &[&str] = &[
    "Паспорт громадянина",
    "України",
    "Дія",
    "Надія",
    "Володимирівна",
    "Diia Nadia",
    "002307001",
    "Запит на цифрові копії документів від 02.04.2021-09:48:26",
    "Ініціатор запиту: ІІТ Тестовий",
    "Ідентифікатор запиту: DR-44247719539502",
    "Стать:",
    "Ж",
    "Дата народження:",
    "17.01.1997",
    "Громадянство:",
    "Україна",
    "Орган, що видав:",
    "1263",
    "Дата видачі:",
    "12.09.2018",
    "Дійсний до:",
    "12.09.2028",
    "РНОКПП (ІПН):",
    "1234567001 (Верифіковано у реєстрі Державної",
    "податкової служби за запитом від 02.04.2021.)",
    "Запис № (УНЗР):",
    "19970117-7001",
    "Місце народження:",
    "СМТ. ЮР'ЇВКА ЮР'ЇВСЬКИЙ РАЙОН",
    "ДНІПРОПЕТРОВСЬКА ОБЛАСТЬ УКРАЇНА",
    "Місце реєстрації проживання:",
    "УКРАЇНА СМТ. ЮР'ЇВКА ЮР'ЇВСЬКИЙ РАЙОН",
    "ДНІПРОПЕТРОВСЬКА ОБЛАСТЬ ВУЛ. ЛЕНІНА БУД.",
    "4",
    "Підпис:",
];
/// What every ID-card says, and the title.
const LABELS: &[&str] = &[
    "Паспорт громадянина",
    "України",
    "Стать:",
    "Дата народження:",
    "Громадянство:",
    "Орган, що видав:",
    "Дата видачі:",
    "Дійсний до:",
    "РНОКПП (ІПН):",
    "Запис № (УНЗР):",
    "Місце народження:",
    "Місце реєстрації проживання:",
    "Підпис:",
    "Ініціатор запиту:",
    "Ідентифікатор запиту:",
];
/// Where the title stands between emblems, points.
const TITLE_PT: std::ops::Range<f32> = 180.0..255.0 + 130.0;
/// Where the head of the page ends, points.
const HEAD_BOTTOM_PT: f32 = 90.0;
/// Higher than any letter of the title, points.
const ARMS_HEIGHT_PT: f32 = 15.0;
const AT_ONCE: TrustRule = TrustRule { agreements: 1, copies: 1 };

/// The sample; none, said aloud, where it is absent.
fn sample() -> Option<Opened> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/copy");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let Some(file) = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "pdf")) else {
        eprintln!("skipped: no official sample here");
        return None;
    };
    let wish = Wish { pages_max: 1, words: true, ..Wish::default() };
    Some(open(&std::fs::read(file).unwrap(), &wish).unwrap())
}

fn text(line: &Line) -> String {
    line.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn texts(lines: &[Line]) -> Vec<String> {
    lines.iter().map(text).collect()
}

/// What known texts propose: each for every row that it fits.
fn proposals(page: &Page, reader: &OutlineReader, known: &[&str], evidence: &Evidence) -> Vec<Proposal> {
    let rows = rows_of_marks(page);
    let of_text = |known: &&str| {
        let found: Vec<Proposal> =
            rows.iter().flat_map(|row| align_known_text(page, row, reader, known, evidence)).collect();
        let starts = rows.iter().flat_map(|row| align_known_start(page, row, reader, known, evidence));
        found.into_iter().chain(starts).collect::<Vec<Proposal>>()
    };
    known.iter().flat_map(of_text).collect()
}

/// The rows of the sample's text, and its emblems.
fn rows_and_emblems(page: &Page) -> (Vec<MarkRow>, Vec<Piece>) {
    let (mut rows, mut emblems) = (Vec::new(), Vec::new());
    let all = rows_of_marks(page);
    let in_head = |piece: &Piece| piece.at.bottom < HEAD_BOTTOM_PT;
    let is_emblem = |piece: &Piece| in_head(piece) && !TITLE_PT.contains(&piece.at.left);
    // The arms after the title are as high as a line, and a part of them stands apart.
    let is_high = |piece: &&Piece| piece.at.bottom - piece.at.top > ARMS_HEIGHT_PT;
    let pieces = all.iter().flat_map(|row| &row.pieces);
    let shields: Vec<Rect> = pieces
        .filter(|piece| in_head(piece) && !is_emblem(piece))
        .filter(is_high)
        .map(|piece| piece.at)
        .collect();
    let around = |at: Rect, shield: &Rect| {
        let (x, y) = (f32::midpoint(at.left, at.right), f32::midpoint(at.top, at.bottom));
        (shield.left..=shield.right).contains(&x) && (shield.top - 1.0..=shield.bottom + 1.0).contains(&y)
    };
    let arms = |piece: &Piece| shields.iter().any(|shield| around(piece.at, shield));
    for mut row in all {
        emblems.extend(row.pieces.iter().filter(|piece| is_emblem(piece) || arms(piece)));
        row.pieces.retain(|piece| !is_emblem(piece) && !arms(piece));
        if !row.pieces.is_empty() {
            rows.push(row);
        }
    }
    (rows, emblems)
}

/// The shipped alphabet, made anew: every letter of the sample by what a person reads there, its emblems as drawings.
fn made_from(opened: &Opened) -> Alphabet {
    let page = &opened.pages[0];
    let empty = OutlineReader::new(&opened.shapes, &Alphabet::default());
    let (rows, emblems) = rows_and_emblems(page);
    assert_eq!(rows.len(), ROWS.len());
    let mut proposals = Vec::new();
    let mut before: Option<(&MarkRow, &str)> = None;
    for (row, known) in rows.iter().zip(ROWS) {
        // One letter alone tells no size: it stands beside its label.
        let (row, known) = match before.filter(|_| row.pieces.len() == 1) {
            Some((label, text)) => {
                let pieces = label.pieces.iter().chain(&row.pieces).copied().collect();
                (MarkRow { pieces }, format!("{text}{known}"))
            }
            None => (row.clone(), (*known).to_owned()),
        };
        let found = align_known_text(page, &row, &empty, &known, &Evidence::Shipped);
        // The 4 that ends an address stands below its row, and is known from elsewhere.
        assert!(!found.is_empty() || known.ends_with("БУД.4"), "{known}");
        proposals.extend(found);
        before = rows
            .iter()
            .zip(ROWS)
            .find(|(other, _)| **other == row)
            .map(|(row, text)| (row, *text))
            .or(before);
    }
    // The largest drawing of each letter is the most exact one.
    proposals.sort_by(|a, b| b.stance.cap_pt.total_cmp(&a.stance.cap_pt));
    for piece in emblems {
        let What::Mark(mark) = piece.what else { continue };
        let stance = Stance { cap_pt: piece.at.bottom - piece.at.top, drop_pt: 0.0 };
        let shape = page.marks[mark].shape;
        proposals.push(Proposal { shape, stance, sign: Sign::Drawing, evidence: Evidence::Shipped });
    }
    let mut alphabet = Alphabet::new(TrustRule::default());
    let learned = alphabet.learn(None, &opened.shapes, &proposals);
    assert_eq!((learned.contradicted, learned.dissented), (0, 0));
    alphabet
}

#[test]
#[ignore = "writes a file of the sources: for whoever changes what is shipped"]
fn write_the_shipped_alphabet() {
    let Some(opened) = sample() else { return };
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../pages/src/alphabet/shipped.jsonl");
    std::fs::write(file, made_from(&opened).export()).unwrap();
}

#[test]
fn the_shipped_alphabet_is_what_the_sample_shows() {
    let Some(opened) = sample() else { return };
    assert!(made_from(&opened).export() == Alphabet::shipped().export(), "write it anew: see the test above");
}

#[test]
fn the_shipped_alphabet_reads_every_letter_of_the_sample() {
    let Some(opened) = sample() else { return };
    let lines = lines_of_outlines(&opened.pages[0], &opened.shapes, &Alphabet::shipped());
    assert_eq!(texts(&lines), ROWS);
    for word in lines.iter().flat_map(|line| &line.words) {
        // These words may be Cyrillic or Latin: their neighbours decide.
        let sure = if matches!(word.text.as_str(), "ІІТ" | "СМТ." | "у") { 0.9 } else { 1.0 };
        assert_eq!(word.confidence, sure, "{}", word.text);
    }
}

/// Letters of the page as they are and as they were read: how many, how many are □, and which are wrong.
fn compared(opened: &Opened, alphabet: &Alphabet) -> (usize, usize, Vec<(char, char)>) {
    let lines = lines_of_outlines(&opened.pages[0], &opened.shapes, alphabet);
    // What stands in the head beside the title is emblems.
    let is_text = |line: &&Line| line.at.bottom > HEAD_BOTTOM_PT || TITLE_PT.contains(&line.at.left);
    let read: Vec<char> =
        lines.iter().filter(is_text).flat_map(|line| text(line).chars().collect::<Vec<_>>()).collect();
    let mut read: Vec<char> = read.into_iter().filter(|letter| *letter != ' ').collect();
    let truth: Vec<char> = ROWS.iter().flat_map(|row| row.chars()).filter(|letter| *letter != ' ').collect();
    // The arms after the title.
    let title = ROWS[..2].iter().flat_map(|row| row.chars()).filter(|letter| *letter != ' ').count();
    while read.len() > truth.len() {
        assert_eq!(read.remove(title), UNKNOWN);
    }
    assert_eq!(read.len(), truth.len());
    let unread = read.iter().filter(|letter| **letter == UNKNOWN).count();
    let pairs = truth.iter().copied().zip(read);
    (truth.len(), unread, pairs.filter(|(truth, read)| read != truth && *read != UNKNOWN).collect())
}

/// Learns the sample's labels, the time of its file name, and what OCR says, if it is asked for.
fn teach(alphabet: &mut Alphabet, copy: u8, opened: &Opened, ocr: &[OcrWord]) {
    let page = &opened.pages[0];
    let label = Evidence::Label { document: "internal-passport".to_owned() };
    let time = "Запит на цифрові копії документів від 02.04.2021-09:48:26";
    // Twice: what the first round taught tells the size of rows that have no capital.
    for _ in 0..2 {
        let reader = OutlineReader::new(&opened.shapes, alphabet);
        let mut found = proposals(page, &reader, LABELS, &label);
        found.extend(proposals(page, &reader, &[time], &Evidence::FileName));
        found.extend(align_ocr(page, &rows_of_marks(page), &reader, ocr));
        alphabet.learn(Some(CopyId([copy; 8])), &opened.shapes, &found);
    }
}

/// What Tesseract reads on the sample; none where it or the program that draws the page is not installed.
fn ocr_of_sample() -> Option<Vec<OcrWord>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/copy");
    let file = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "pdf"))?;
    let drawn = Command::new("pdftoppm").args(["-r", "200", "-gray", "-png"]).arg(file).output().ok()?.stdout;
    let mut tesseract = Command::new("tesseract")
        .args(["-", "-", "-l", "ukr+eng", "--dpi", "200", "tsv"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = tesseract.stdin.take()?;
    let writer = std::thread::spawn(move || stdin.write_all(&drawn).is_ok());
    let output = tesseract.wait_with_output().ok()?;
    assert!(writer.join().unwrap());
    words_of_tsv(&String::from_utf8(output.stdout).ok()?, 200.0 / 72.0).ok()
}

#[test]
fn an_empty_alphabet_learns_from_labels_and_the_file_name_and_reads_no_letter_wrongly() {
    let Some(opened) = sample() else { return };
    let mut alphabet = Alphabet::new(AT_ONCE);
    let (letters, unread, wrong) = compared(&opened, &alphabet);
    assert_eq!((unread, wrong.len()), (letters - 1, 0), "№ is text");
    teach(&mut alphabet, 1, &opened, &[]);
    let (letters, unread, wrong) = compared(&opened, &alphabet);
    eprintln!("labels and the file name: {unread} of {letters} letters □, wrong {wrong:?}");
    eprintln!("{:#?}", texts(&lines_of_outlines(&opened.pages[0], &opened.shapes, &alphabet)));
    assert_eq!(wrong, []);
    assert!(unread < letters / 3, "{unread}");
}

#[test]
fn what_ocr_proposes_completes_the_alphabet_and_reads_no_letter_wrongly() {
    let Some(opened) = sample() else { return };
    let Some(words) = ocr_of_sample() else {
        eprintln!("skipped: no pdftoppm or tesseract program");
        return;
    };
    for (rule, copies) in [(AT_ONCE, 1), (TrustRule::default(), 3)] {
        let mut alphabet = Alphabet::new(rule);
        for copy in 0..copies {
            teach(&mut alphabet, copy, &opened, &words);
        }
        let (letters, unread, wrong) = compared(&opened, &alphabet);
        let rows = texts(&lines_of_outlines(&opened.pages[0], &opened.shapes, &alphabet));
        eprintln!("with OCR, {rule:?}: {unread} of {letters} letters □, wrong {wrong:?}");
        eprintln!("{:#?}", rows.iter().filter(|row| row.contains(UNKNOWN)).collect::<Vec<_>>());
        assert_eq!(wrong, []);
    }
    // By OCR alone, as often as the same voices are heard.
    let mut alphabet = Alphabet::new(AT_ONCE);
    let reader = OutlineReader::new(&opened.shapes, &alphabet);
    let page = &opened.pages[0];
    let found = align_ocr(page, &rows_of_marks(page), &reader, &words);
    alphabet.learn(Some(CopyId([1; 8])), &opened.shapes, &found);
    let (letters, unread, wrong) = compared(&opened, &alphabet);
    eprintln!("OCR alone, trusted at once: {unread} of {letters} letters □, wrong {wrong:?}");
    assert_eq!(wrong, []);
}

#[test]
fn same_letters_are_nearer_than_different_ones() {
    let Some(opened) = sample() else { return };
    let page = &opened.pages[0];
    let empty = OutlineReader::new(&opened.shapes, &Alphabet::default());
    let known = proposals(page, &empty, ROWS, &Evidence::Shipped);
    let mut of_shape: Vec<(usize, char)> = Vec::new();
    for proposal in known {
        let Sign::Letter(letter) = proposal.sign else { continue };
        let shape = usize::try_from(proposal.shape.0).unwrap();
        if !of_shape.iter().any(|(other, _)| *other == shape) {
            of_shape.push((shape, letter));
        }
    }
    // Bold letters are other drawings of the same letter: neither same nor different.
    let (mut same, mut different) = ((0.0_f32, ' '), (f32::MAX, ' ', ' '));
    let mut pairs = 0;
    for (place, (one, letter)) in of_shape.iter().enumerate() {
        for (two, other) in of_shape.iter().skip(place + 1) {
            let Some(apart) = apart(&opened.shapes[*one], &opened.shapes[*two]) else { continue };
            let is_one = letter == other
                || [('a', 'а'), ('i', 'і'), ('0', '0')].contains(&(*letter, *other))
                || [('а', 'a'), ('і', 'i')].contains(&(*letter, *other));
            if is_one && apart < 2.0 && apart > same.0 {
                same = (apart, *letter);
            } else if !is_one && apart < different.0 {
                different = (apart, *letter, *other);
            }
            pairs += usize::from(is_one);
        }
    }
    eprintln!(
        "{pairs} pairs of one letter: up to {same:?} of what is allowed; different letters from {different:?}"
    );
    assert!(pairs > 20 && same.0 <= 1.0 && different.0 > 3.0);
}
