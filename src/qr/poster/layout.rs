//! What a poster says → where everything stands on the page, in millimetres.
//!
//! From top to bottom: the header (headline, branch, address, purpose), the code with the list of documents beside it,
//! three steps, the footer. Letters of the header and of the list shrink together, and the code gives way, until all
//! have room; what is left is spread between the parts.

use super::PosterContent;
use super::letters::Letters;
use super::paragraphs::{Block, Line, Paragraph, Shape, set};
use super::parts;
use crate::qr::QrError;
use crate::texts::poster as words_of;

/// A4 (ISO 216), millimetres.
pub(super) const PAGE_WIDTH: f32 = 210.0;
/// A4 (ISO 216), millimetres.
pub(super) const PAGE_HEIGHT: f32 = 297.0;

/// Office printers leave out the outer 5 mm; the rest is air.
pub(super) const MARGIN: f32 = 17.0;
/// The width between the margins.
pub(super) const CONTENT_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
const CONTENT_HEIGHT: f32 = PAGE_HEIGHT - 2.0 * MARGIN;

/// Sides of the code with its quiet zone, the favourite first. In the smallest, modules of an own code are 1.5 mm wide.
const CODE_SIDES: [f32; 5] = [100.0, 92.0, 84.0, 76.0, 68.0];

/// Letters are full-sized or smaller by as many steps as must be, until all of them are as small as they may be.
const SCALE_STEP: f32 = 0.05;
const SCALE_STEPS: u8 = 17;

const GAP_MIN: f32 = 6.0;
const GAP_MAX: f32 = 15.0;
const COLUMN_GAP: f32 = 10.0;
/// From the code's frame to its caption.
const CAPTION_GAP: f32 = 3.0;

/// Everything on the page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    pub(super) shapes: Vec<Shape>,
    pub(super) code: CodePlace,
}

/// Where the code stands, its quiet zone included.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CodePlace {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) side: f32,
}

/// Lays out a poster.
pub(super) fn page(content: &PosterContent) -> Result<Page, QrError> {
    let letters = Letters::new()?;
    let words = words_of(content.kind, content.valid_until);
    let header = parts::header(content, &words);
    let documents = parts::documents(content, &words);
    let caption = parts::caption(&words);
    let steps = parts::steps(&words, &letters);
    let footer = parts::footer(&words, &letters);
    let room = CONTENT_HEIGHT - steps.height - footer.height - 3.0 * GAP_MIN;

    for step in 0..SCALE_STEPS {
        let scale = 1.0 - SCALE_STEP * f32::from(step);
        let header = set(&letters, &header, CONTENT_WIDTH, scale);
        for side in CODE_SIDES {
            let list = set(&letters, &documents, CONTENT_WIDTH - side - COLUMN_GAP, scale);
            let caption = set(&letters, &caption, side, scale).centred(side / 2.0);
            let height = (side + CAPTION_GAP + caption.height).max(list.height);
            let spare = room - header.height - height;
            if spare >= 0.0 {
                return Ok(assembled(Middle { side, caption, list, height }, header, steps, footer, spare));
            }
        }
    }
    Err(too_full(&letters, &header, room))
}

/// Says which part is to blame: the header, when it alone leaves no room for the smallest code.
fn too_full(letters: &Letters, header: &[Paragraph], room: f32) -> QrError {
    let smallest = set(letters, header, CONTENT_WIDTH, 0.0).height;
    let [.., side] = CODE_SIDES;
    if smallest > room - side - CAPTION_GAP {
        QrError::PosterTooFull {
            part: "its names, address and purposes",
            remedy: "shorten them, or let fewer services share the code",
        }
    } else {
        QrError::PosterTooFull {
            part: "its list of documents",
            remedy: "split the service into smaller packages, each with its own code",
        }
    }
}

/// The code with its caption, and the list beside it.
struct Middle {
    side: f32,
    caption: Block,
    list: Block,
    height: f32,
}

/// Puts the parts on the page; `spare` is the height that nothing needs.
fn assembled(middle: Middle, header: Block, steps: Block, footer: Block, spare: f32) -> Page {
    let Middle { side, caption, list, height } = middle;
    let gap = (GAP_MIN + spare / 3.0).min(GAP_MAX);
    let mut page = Page::default();
    let below_header = MARGIN + header.height;
    page.add(header, MARGIN, MARGIN);
    // The footer stands at the foot whatever happens; what even large gaps leave over goes around the code.
    let footer_y = PAGE_HEIGHT - MARGIN - footer.height;
    let steps_y = footer_y - gap - steps.height;
    let y = below_header + (steps_y - below_header - height) / 2.0;
    page.code = CodePlace { x: MARGIN, y, side };
    page.shapes.push(Shape::Frame { x: MARGIN, y, side });
    page.add(caption, MARGIN, y + side + CAPTION_GAP);
    // A short list stands in the middle of the code's height, a long one begins at its top.
    let list_y = y + ((side - list.height) / 2.0).max(0.0);
    page.add(list, MARGIN + side + COLUMN_GAP, list_y);
    page.add(steps, MARGIN, steps_y);
    page.add(footer, MARGIN, footer_y);
    page
}

impl Page {
    fn add(&mut self, block: Block, x: f32, y: f32) {
        let block = block.moved(x, y);
        self.lines.extend(block.lines);
        self.shapes.extend(block.shapes);
    }
}
