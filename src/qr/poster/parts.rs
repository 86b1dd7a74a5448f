//! What a poster says → the parts of the page, each by itself.

use super::PosterContent;
use super::layout::CONTENT_WIDTH;
use super::letters::Letters;
use super::paragraphs::{BASELINE, Block, Ink, LINE_HEIGHT, Line, Paragraph, Shape, set};
use crate::qr::read_own_payload;
use crate::texts::{PosterWords, Said, document_name};

/// Sizes of letters where there is room, millimetres.
const SIZE_HEADLINE: f32 = 8.2;
const SIZE_BRANCH: f32 = 6.2;
const SIZE_PURPOSE: f32 = 5.0;
const SIZE_PLAIN: f32 = 3.9;
const SIZE_LIST_TITLE: f32 = 4.8;
const SIZE_DOCUMENT: f32 = 4.2;
const SIZE_TOKEN: f32 = 5.2;
const SIZE_STEP: f32 = 3.9;
const SIZE_FOOTER: f32 = 4.6;
const SIZE_ENGLISH: f32 = 3.0;
/// English under the headline and the purpose.
const SIZE_ENGLISH_LARGE: f32 = 3.8;

/// Space above a paragraph that begins something new, and above one that goes on.
const SPACE_NEW: f32 = 5.0;
const SPACE_ON: f32 = 1.0;
const SPACE_DOCUMENT: f32 = 2.6;

const STEP_GAP: f32 = 5.0;
const DISC_RADIUS: f32 = 4.2;
/// From the left of a disc to the text beside it.
const DISC_INDENT: f32 = 11.0;
/// From the rule over the footer to its letters.
const RULE_GAP: f32 = 5.0;
/// The footer's left column, for the day.
const FOOTER_LEFT: f32 = 72.0;

/// Headline, who, where, what for.
pub(super) fn header(content: &PosterContent, words: &PosterWords) -> Vec<Paragraph> {
    let mut header = vec![
        Paragraph::new(&words.headline.uk, SIZE_HEADLINE).bold().whole().ink(Ink::Accent),
        Paragraph::new(&words.headline.en, SIZE_ENGLISH_LARGE).ink(Ink::Quiet),
        Paragraph::new(&content.branch, SIZE_BRANCH).bold().below(SPACE_NEW),
    ];
    if ukr::words(&content.organisation) != ukr::words(&content.branch) {
        header.push(Paragraph::new(&content.organisation, SIZE_PLAIN).below(SPACE_ON));
    }
    header.push(Paragraph::new(&content.address, SIZE_PLAIN).ink(Ink::Quiet).below(SPACE_ON));
    let purposes: Vec<&str> =
        content.purposes.iter().map(|purpose| purpose.trim()).filter(|p| !p.is_empty()).collect();
    if !purposes.is_empty() {
        let label = both(&words.purpose);
        header.push(Paragraph::new(&label, SIZE_ENGLISH).ink(Ink::Quiet).below(SPACE_NEW));
        header.push(Paragraph::new(&purposes.join(", "), SIZE_PURPOSE));
    }
    header
}

fn both(said: &Said) -> String {
    format!("{} · {}", said.uk, said.en)
}

/// The list of documents, and for an own code the letter as it can be typed by hand.
pub(super) fn documents(content: &PosterContent, words: &PosterWords) -> Vec<Paragraph> {
    let mut list = vec![
        Paragraph::new(&words.documents.uk, SIZE_LIST_TITLE).bold().whole(),
        Paragraph::new(&words.documents.en, SIZE_ENGLISH).ink(Ink::Quiet),
    ];
    for (at, document) in content.documents.iter().enumerate() {
        let name = document_name(document);
        let space = if at == 0 { SPACE_NEW } else { SPACE_DOCUMENT };
        list.push(Paragraph::new(&name.uk, SIZE_DOCUMENT).below(space).bullet());
        if name.en != name.uk {
            list.push(Paragraph::new(&name.en, SIZE_ENGLISH).ink(Ink::Quiet).under_bullet());
        }
    }
    if let (Some(note), true) = (&words.documents_note, content.documents.len() > 1) {
        list.push(Paragraph::new(&note.uk, SIZE_STEP).below(SPACE_NEW));
        list.push(Paragraph::new(&note.en, SIZE_ENGLISH).ink(Ink::Quiet));
    }
    if let (Some(token), Some((mailbox, _))) = (content.token(), read_own_payload(&content.payload)) {
        list.push(Paragraph::new(&both(&words.by_hand), SIZE_ENGLISH).ink(Ink::Quiet).below(2.0 * SPACE_NEW));
        list.push(Paragraph::new(mailbox.as_str(), SIZE_PLAIN).bold().whole());
        list.push(Paragraph::new(&both(&words.subject), SIZE_ENGLISH).ink(Ink::Quiet).below(SPACE_ON));
        list.push(Paragraph::new(&token.to_string(), SIZE_TOKEN).bold().whole());
    }
    list
}

/// What stands beneath the code: what reads it.
pub(super) fn caption(words: &PosterWords) -> Vec<Paragraph> {
    vec![
        Paragraph::new(&words.scan_with.uk, SIZE_PLAIN).bold().whole().ink(Ink::Accent),
        Paragraph::new(&words.scan_with.en, SIZE_ENGLISH).ink(Ink::Quiet),
    ]
}

/// The three steps side by side, each with its number on a disc.
pub(super) fn steps(words: &PosterWords, letters: &Letters) -> Block {
    let mut steps = Block::default();
    let column = (CONTENT_WIDTH - 2.0 * STEP_GAP) / 3.0;
    let mut x = 0.0;
    for (number, said) in (1_u8..).zip(&words.steps) {
        let text = [
            Paragraph::new(&said.uk, SIZE_STEP),
            Paragraph::new(&said.en, SIZE_ENGLISH).ink(Ink::Quiet).below(SPACE_ON),
        ];
        steps.place(set(letters, &text, column - DISC_INDENT, 1.0), x + DISC_INDENT, 0.0);
        steps.shapes.push(Shape::Disc { x: x + DISC_RADIUS, y: DISC_RADIUS, radius: DISC_RADIUS });
        steps.lines.push(Line {
            text: number.to_string(),
            x: x + DISC_RADIUS,
            baseline: DISC_RADIUS + SIZE_FOOTER * (LINE_HEIGHT - BASELINE) * 1.2,
            size: SIZE_FOOTER,
            bold: true,
            ink: Ink::White,
            centred: true,
        });
        x += column + STEP_GAP;
    }
    steps.height = steps.height.max(2.0 * DISC_RADIUS);
    steps
}

/// The day until which the code is valid, and the ban on placing it online.
pub(super) fn footer(words: &PosterWords, letters: &Letters) -> Block {
    let left = [
        Paragraph::new(&words.valid_until.uk, SIZE_FOOTER).bold(),
        Paragraph::new(&words.valid_until.en, SIZE_ENGLISH).ink(Ink::Quiet).below(SPACE_ON),
    ];
    let right = [
        Paragraph::new(&words.not_online.uk, SIZE_FOOTER).bold(),
        Paragraph::new(&words.not_online_reason.uk, SIZE_ENGLISH * 1.1).below(SPACE_ON),
        Paragraph::new(&format!("{}. {}", words.not_online.en, words.not_online_reason.en), SIZE_ENGLISH)
            .ink(Ink::Quiet)
            .below(SPACE_ON),
    ];
    let mut footer = Block::default();
    footer.shapes.push(Shape::Rule { x: 0.0, y: 0.0, width: CONTENT_WIDTH });
    footer.place(set(letters, &left, FOOTER_LEFT - STEP_GAP, 1.0), 0.0, RULE_GAP);
    footer.place(set(letters, &right, CONTENT_WIDTH - FOOTER_LEFT, 1.0), FOOTER_LEFT, RULE_GAP);
    footer
}
