//! A laid-out page → SVG.

use std::fmt::Write as _;

use super::PosterContent;
use super::layout::{PAGE_HEIGHT, PAGE_WIDTH, Page};
use super::matrix::Matrix;
use super::paragraphs::{Ink, Line, Shape, is_unseen};

/// The page's letters: Noto Sans is what lines were measured by, the others are on most machines.
const FONTS: &str = "Noto Sans, DejaVu Sans, Arial, sans-serif";

const BLACK: &str = "#000000";
const GREY: &str = "#5b6570";
/// A dark blue that stays readable on a black-and-white printer.
const ACCENT: &str = "#1b4b86";
const FRAME: &str = "#c3ccd6";

const LINE_WIDTH: f32 = 0.35;
const FRAME_ROUNDING: f32 = 3.0;

/// The whole document.
pub(super) fn document(content: &PosterContent, page: &Page, matrix: &Matrix) -> String {
    let title = escaped(&content.branch);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{PAGE_WIDTH}mm\" height=\"{PAGE_HEIGHT}mm\" viewBox=\"0 0 {PAGE_WIDTH} {PAGE_HEIGHT}\" font-family=\"{FONTS}\" xml:lang=\"uk\">\n<title>{title}</title>\n<rect width=\"{PAGE_WIDTH}\" height=\"{PAGE_HEIGHT}\" fill=\"#ffffff\"/>\n"
    );
    for shape in &page.shapes {
        push_shape(&mut svg, *shape);
    }
    push_code(&mut svg, page, matrix);
    for line in &page.lines {
        push_line(&mut svg, line);
    }
    svg.push_str("</svg>\n");
    svg
}

/// The code, scaled from modules to millimetres; `crispEdges` keeps its squares sharp on screens.
fn push_code(svg: &mut String, page: &Page, matrix: &Matrix) {
    let place = page.code;
    let modules = u16::try_from(matrix.side_with_quiet_zone()).map_or(1.0, f32::from);
    let _ = writeln!(
        svg,
        "<path transform=\"translate({} {}) scale({})\" fill=\"{BLACK}\" shape-rendering=\"crispEdges\" d=\"{}\"/>",
        short(place.x),
        short(place.y),
        place.side / modules,
        matrix.path()
    );
}

fn push_shape(svg: &mut String, shape: Shape) {
    let _ = match shape {
        Shape::Disc { x, y, radius } => {
            writeln!(
                svg,
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{ACCENT}\"/>",
                short(x),
                short(y),
                short(radius)
            )
        }
        Shape::Rule { x, y, width } => writeln!(
            svg,
            "<path d=\"M{} {}h{}\" stroke=\"{FRAME}\" stroke-width=\"{LINE_WIDTH}\"/>",
            short(x),
            short(y),
            short(width)
        ),
        Shape::Frame { x, y, side } => writeln!(
            svg,
            "<rect x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{2}\" rx=\"{FRAME_ROUNDING}\" fill=\"none\" stroke=\"{FRAME}\" stroke-width=\"{LINE_WIDTH}\"/>",
            short(x),
            short(y),
            short(side)
        ),
    };
}

fn push_line(svg: &mut String, line: &Line) {
    let fill = match line.ink {
        Ink::Plain => BLACK,
        Ink::Quiet => GREY,
        Ink::Accent => ACCENT,
        Ink::White => "#ffffff",
    };
    let weight = if line.bold { " font-weight=\"bold\"" } else { "" };
    let anchor = if line.centred { " text-anchor=\"middle\"" } else { "" };
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight}{anchor} fill=\"{fill}\">{}</text>",
        short(line.x),
        short(line.baseline),
        short(line.size),
        escaped(&line.text)
    );
}

/// A length to a hundredth of a millimetre, without idle zeros.
fn short(length: f32) -> String {
    let text = format!("{length:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text that is only text in XML, whatever is in it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if is_unseen(c) => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
