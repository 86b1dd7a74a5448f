//! Paragraphs and a width → a block of lines.

use super::letters::Letters;

/// The smallest letters, 6 points: what the eye still reads at arm's length.
pub(super) const SIZE_MIN: f32 = 2.1;
/// From line to line, in sizes of letters: as much as Noto Sans reaches up (1.07) and down (0.29), capitals with marks
/// aside.
pub(super) const LINE_HEIGHT: f32 = 1.32;
/// From the top of a line to its baseline, in sizes of letters.
pub(super) const BASELINE: f32 = 1.02;
/// From a bullet's left end to its text.
const BULLET_INDENT: f32 = 4.6;
const BULLET_RADIUS: f32 = 0.8;
/// Height of a small letter's middle over the baseline, in sizes of letters: where bullets stand.
const BULLET_HEIGHT: f32 = 0.3;

/// What something is drawn with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ink {
    /// Black.
    Plain,
    /// Grey, for what explains.
    Quiet,
    /// The one colour.
    Accent,
    /// White, on a disc of the one colour.
    White,
}

/// A line of text.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    /// Left end, or the middle when `centred`.
    pub(super) x: f32,
    pub(super) baseline: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) ink: Ink,
    pub(super) centred: bool,
}

/// Something that is not text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A disc of the one colour.
    Disc { x: f32, y: f32, radius: f32 },
    /// A thin line to the right.
    Rule { x: f32, y: f32, width: f32 },
    /// The frame of the code.
    Frame { x: f32, y: f32, side: f32 },
}

/// Text of one size.
pub(super) struct Paragraph {
    text: String,
    size: f32,
    bold: bool,
    ink: Ink,
    space_above: f32,
    place: Place,
    whole: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Left,
    /// Behind a bullet.
    Bullet,
    /// As far right as what stands behind a bullet.
    UnderBullet,
}

impl Paragraph {
    /// A paragraph in letters of `size`, regular, black, close to what stands above.
    pub(super) fn new(text: &str, size: f32) -> Self {
        let text = text.chars().map(|c| if is_unseen(c) { ' ' } else { c }).collect();
        Self { text, size, bold: false, ink: Ink::Plain, space_above: 0.0, place: Place::Left, whole: false }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    /// On one line: its letters shrink before it is broken, as nobody would type an address from two lines.
    pub(super) fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// With so much space above it, unless it is the first.
    pub(super) fn below(self, space_above: f32) -> Self {
        Self { space_above, ..self }
    }

    pub(super) fn bullet(self) -> Self {
        Self { place: Place::Bullet, ..self }
    }

    pub(super) fn under_bullet(self) -> Self {
        Self { place: Place::UnderBullet, ..self }
    }
}

impl Paragraph {
    fn size_for(&self, letters: &Letters, width: f32, scale: f32) -> f32 {
        let size = self.size * scale;
        let fitting = if self.whole { width / letters.width(&self.text, 1.0, self.bold) } else { size };
        size.min(fitting).max(SIZE_MIN)
    }
}

/// Characters that no XML may hold, and marks that would turn a line around or hide in it.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Lines and shapes with their common height, from 0,0.
#[derive(Default)]
pub(super) struct Block {
    pub(super) lines: Vec<Line>,
    pub(super) shapes: Vec<Shape>,
    pub(super) height: f32,
}

/// Sets paragraphs one below the other, their letters and spaces `scale` times as large, but no letter smaller than
/// [`SIZE_MIN`].
pub(super) fn set(letters: &Letters, paragraphs: &[Paragraph], width: f32, scale: f32) -> Block {
    let mut block = Block::default();
    for paragraph in paragraphs {
        let indent = if paragraph.place == Place::Left { 0.0 } else { BULLET_INDENT };
        let size = paragraph.size_for(letters, width - indent, scale);
        if block.height > 0.0 {
            block.height += paragraph.space_above * scale;
        }
        let lines = letters.lines(&paragraph.text, size, paragraph.bold, width - indent);
        if paragraph.place == Place::Bullet && !lines.is_empty() {
            let y = block.height + (BASELINE - BULLET_HEIGHT) * size;
            block.shapes.push(Shape::Disc { x: BULLET_RADIUS, y, radius: BULLET_RADIUS });
        }
        for text in lines {
            block.lines.push(Line {
                text,
                x: indent,
                baseline: block.height + BASELINE * size,
                size,
                bold: paragraph.bold,
                ink: paragraph.ink,
                centred: false,
            });
            block.height += LINE_HEIGHT * size;
        }
    }
    block
}

impl Block {
    /// The block with every line centred at `middle`.
    pub(super) fn centred(mut self, middle: f32) -> Self {
        for line in &mut self.lines {
            (line.x, line.centred) = (middle, true);
        }
        self
    }

    /// The block somewhere else.
    pub(super) fn moved(mut self, by_x: f32, by_y: f32) -> Self {
        for line in &mut self.lines {
            line.x += by_x;
            line.baseline += by_y;
        }
        for shape in &mut self.shapes {
            let (Shape::Disc { x, y, .. } | Shape::Rule { x, y, .. } | Shape::Frame { x, y, .. }) = shape;
            *x += by_x;
            *y += by_y;
        }
        self
    }

    /// Adds another block with its corner at a place.
    pub(super) fn place(&mut self, other: Self, x: f32, y: f32) {
        let other = other.moved(x, y);
        self.height = self.height.max(other.height + y);
        self.lines.extend(other.lines);
        self.shapes.extend(other.shapes);
    }
}
