//! Copies that are outlines, each typeface learnt from two thirds of its copies: no wrong letter in the others.

use pages::{Alphabet, Line, Opened, OutlineReader, Way};
use skrynka::model::Digest;
use skrynka::reader::Wish;
use skrynka::transcribing::Transcriber;
use skrynka_fixtures::copies::{Make, Sample, Typeface};

use super::compare::{UNKNOWN, is_exact, looks};
use super::oracle::wrong_on_page;
use super::{has_ocr, nothing, of_make, read, say, transcriber};
use crate::reader::alone;

/// Copies of a typeface that OCR looks at: with two a letter that it alone proposes is not trusted yet.
const BY_OCR: usize = 4;

/// Which copies teach and which are read: two of three of each document.
fn parted(typeface: Typeface) -> (Vec<Sample>, Vec<Sample>) {
    let all = of_make(Make::Outlines).filter(|plan| plan.request.look.typeface == typeface);
    let (read, taught): (Vec<_>, Vec<_>) = all.enumerate().partition(|(at, _)| at % 3 == 2);
    let draw = |plans: Vec<(usize, skrynka_fixtures::copies::Plan)>| {
        plans.iter().map(|(_, plan)| plan.draw()).collect()
    };
    (draw(taught), draw(read))
}

/// What copies teach: some with OCR beside, then all twice, as copies that are read again later.
async fn learnt(by: &Transcriber, copies: &[Sample], ocr: bool) -> Alphabet {
    let mut alphabet = nothing();
    let step = copies.len() / BY_OCR;
    let seen = copies.iter().step_by(step).filter(|_| ocr).map(|copy| (copy, None));
    let again = copies.iter().chain(copies).map(|copy| (copy, Some(Way::Outlines)));
    for (copy, way) in seen.chain(again) {
        let transcript = read(by, copy, way, &alphabet).await;
        if let Some(lesson) = transcript.lesson {
            lesson.teach(&mut alphabet, &Digest::of(&copy.pdf));
        }
    }
    alphabet
}

/// The lines of a copy by an alphabet, and how many letters they have and how many are not known.
pub(super) fn lines_by(opened: &Opened, alphabet: &Alphabet) -> (Vec<Line>, usize, usize) {
    let reader = OutlineReader::new(&opened.shapes, alphabet);
    let lines: Vec<Line> = opened.pages.iter().flat_map(|page| reader.lines(page)).collect();
    let signs = || lines.iter().flat_map(|line| &line.words).flat_map(|word| word.text.chars());
    let (all, unknown) = (signs().count(), signs().filter(|c| *c == UNKNOWN).count());
    (lines, all, unknown)
}

/// Fields that say something else than the copy: whole ones must be exact, by their look where the product doubts it.
fn wrong_values(sample: &Sample, reading: &skrynka::model::Reading) -> (usize, Vec<String>) {
    let (mut exact, mut wrong) = (0, Vec::new());
    for field in &reading.fields {
        let Some(expected) = sample.value(&field.name) else {
            wrong.push(format!("{} «{}» is not there", field.name, field.value));
            continue;
        };
        let value = field.value.split(" (").next().unwrap_or_default();
        if is_exact(sample, field) {
            exact += 1;
        } else if !field.value.contains(UNKNOWN)
            && (field.sure_percent == 100 || looks(expected) != looks(value))
        {
            wrong.push(format!("{} «{expected}» is read as «{}»", field.name, field.value));
        }
    }
    (exact, wrong)
}

async fn learns_and_reads(typeface: Typeface, ocr: bool) {
    let _alone = alone().await;
    let by = transcriber(2, true);
    let ocr = ocr && has_ocr(&by).await;
    let (taught, others) = parted(typeface);
    assert_eq!((taught.len(), others.len()), (16, 8));
    let alphabet = learnt(&by, &taught, ocr).await;
    let (mut letters, mut unread, mut fields, mut exact) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for sample in &others {
        let wish = Wish { pages_max: 10, words: true, ..Wish::default() };
        let opened = by.reader().open(sample.pdf.clone(), wish).await.unwrap();
        let (lines, all, unknown) = lines_by(&opened, &alphabet);
        let of_page = wrong_on_page(&lines, &sample.letters);
        let reading = read(&by, sample, Some(Way::Outlines), &alphabet).await.reading;
        let (right, of_fields) = wrong_values(sample, &reading);
        letters += all;
        unread += unknown;
        fields += sample.expected.len();
        exact += right;
        wrong.extend(of_page.into_iter().chain(of_fields).map(|what| format!("{}: {what}", sample.name)));
    }
    say(&format!(
        "outlines, {} learnt from {} copies{}: {} shapes, {} copies read, {unread} of {letters} letters unread, {exact} of \
         {fields} fields exact, {} things wrong",
        typeface.name(),
        taught.len(),
        if ocr { "" } else { " without OCR" },
        alphabet.entries().len(),
        others.len(),
        wrong.len(),
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Labels, titles and the file's time begin; OCR reads what stands in neither.
    let parts = if ocr { 15 } else { 8 };
    assert!(unread * parts < letters, "{unread} of {letters}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn noto_sans_is_learnt_and_no_letter_is_wrong() {
    learns_and_reads(Typeface::NotoSans, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dejavu_serif_is_learnt_and_no_letter_is_wrong() {
    learns_and_reads(Typeface::DejaVuSerif, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dejavu_sans_condensed_is_learnt_and_no_letter_is_wrong() {
    learns_and_reads(Typeface::DejaVuSansCondensed, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_typeface_is_learnt_without_ocr_by_what_stands_on_every_copy() {
    for typeface in Typeface::ALL {
        learns_and_reads(typeface, false).await;
    }
}

#[tokio::test]
async fn the_shipped_alphabet_reads_no_wrong_letter_of_typefaces_that_it_does_not_have() {
    let _alone = alone().await;
    let by = transcriber(2, false);
    let alphabet = Alphabet::shipped();
    let (mut letters, mut unread) = (0, 0);
    for plan in of_make(Make::Outlines).step_by(4) {
        let sample = plan.draw();
        let wish = Wish { pages_max: 10, words: true, ..Wish::default() };
        let opened = by.reader().open(sample.pdf.clone(), wish).await.unwrap();
        let (lines, all, unknown) = lines_by(&opened, &alphabet);
        let wrong = wrong_on_page(&lines, &sample.letters);
        assert!(wrong.is_empty(), "{}: {}", sample.name, wrong.join("\n"));
        letters += all;
        unread += unknown;
    }
    say(&format!(
        "outlines of unknown typefaces by the shipped alphabet: {unread} of {letters} letters unread"
    ));
}
