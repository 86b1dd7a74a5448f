//! The bytes of an SVG → its pixels at a given size, and the PNG pictures inside it.

use std::sync::{Arc, Mutex};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

use super::grey::{Grey, luma};
use crate::qr::QrError;

/// Elements within elements. A drawing has a dozen levels; the reader of SVG goes down them by recursion, and a
/// thread's stack of 2 MB ends after some thousands.
const NESTING_MAX: usize = 100;

/// Elements in a drawing: a code drawn with a rectangle for each module has at most 177² of them.
const ELEMENTS_MAX: usize = 100_000;

/// PNG pictures inside a drawing that are looked at: a code, a logo and a few ornaments.
const EMBEDDED_MAX: usize = 16;

/// A drawing that was read.
pub(super) struct Drawing {
    tree: Tree,
    embedded: Vec<Arc<Vec<u8>>>,
}

/// Whether the bytes begin like an SVG: the element in the first kilobytes, after declarations and comments.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    const LOOK_BYTES: usize = 16 * 1024;
    let beginning = bytes.get(..LOOK_BYTES).unwrap_or(bytes);
    let text = beginning.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(beginning).trim_ascii_start();
    let tag = |window: &[u8]| {
        matches!(window, [b'<', b's', b'v', b'g', next] if !next.is_ascii_alphanumeric())
            || window == b":svg "
            || window == b":svg\n"
    };
    text.starts_with(b"<") && text.windows(5).any(tag)
}

/// Reads a drawing. Files that it names are not opened, and drawings inside it are left out.
pub(super) fn read(bytes: &[u8]) -> Result<Drawing, QrError> {
    let damaged = |reason: String| QrError::DamagedPicture { format: "SVG", reason };
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8".to_owned()))?;
    check_shape(text)?;
    let embedded = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&embedded);
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(move |_, data, _| {
                if let Ok(mut found) = found.lock()
                    && found.len() < EMBEDDED_MAX
                {
                    found.push(data);
                }
                None
            }),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(text, &options).map_err(|error| damaged(error.to_string()))?;
    drop(options);
    let embedded = embedded.lock().map(|mut found| std::mem::take(&mut *found)).unwrap_or_default();
    Ok(Drawing { tree, embedded })
}

impl Drawing {
    /// The drawing on white, its longer side `side` pixels long.
    pub(super) fn render(&self, side: usize) -> Result<Grey, QrError> {
        let size = self.tree.size();
        let longer = f64::from(size.width().max(size.height()));
        let scale = f64::from(u32::try_from(side).unwrap_or(u32::MAX)) / longer;
        let (width, height) = (pixels(size.width(), scale, side), pixels(size.height(), scale, side));
        let unreadable = || QrError::DamagedPicture { format: "SVG", reason: "it has no size".to_owned() };
        let mut pixmap = Pixmap::new(width, height).ok_or_else(unreadable)?;
        pixmap.fill(Color::WHITE);
        #[expect(clippy::cast_possible_truncation, reason = "a scale needs no more digits than f32 has")]
        let scale = scale as f32;
        resvg::render(&self.tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        let grey =
            pixmap.pixels().iter().map(|pixel| luma(pixel.red(), pixel.green(), pixel.blue())).collect();
        Grey::new(width, height, grey).ok_or_else(unreadable)
    }

    /// The pictures inside the drawing, whatever their format.
    pub(super) fn embedded(&self) -> &[Arc<Vec<u8>>] {
        &self.embedded
    }
}

/// A side in pixels, at least one and at most `side_max`, whatever size the drawing claims.
fn pixels(side: f32, scale: f64, side_max: usize) -> u32 {
    let side_max = u32::try_from(side_max).unwrap_or(u32::MAX);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and clamp follows"
    )]
    let wanted = (f64::from(side) * scale).round() as u32;
    wanted.clamp(1, side_max)
}

/// Whether the drawing is small enough for a reader that goes down its elements by recursion.
///
/// Counts tags without knowing XML: a `<` inside a comment or a CDATA section counts too, which errs on the safe side.
fn check_shape(text: &str) -> Result<(), QrError> {
    let too_large = |found: String, allowed: String| Err(QrError::PictureTooLarge { found, allowed });
    let (mut depth, mut elements) = (0_usize, 0_usize);
    for tag in text.split('<').skip(1) {
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with(['?', '!']) {
            elements += 1;
            let closed = tag.split_once('>').is_some_and(|(inside, _)| inside.ends_with('/'));
            depth += usize::from(!closed);
        }
        if depth > NESTING_MAX {
            return too_large(format!("{depth} elements within one another"), format!("{NESTING_MAX}"));
        }
        if elements > ELEMENTS_MAX {
            return too_large(format!("{elements} elements"), format!("{ELEMENTS_MAX}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"10\" height=\"10\">";

    #[test]
    fn an_svg_is_known_by_its_element() {
        for good in ["<svg/>", "\u{FEFF}\n<?xml version=\"1.0\"?><!-- x -->\n<svg xmlns=\"\">", "<svg:svg >"]
        {
            assert!(looks_like(good.as_bytes()), "{good}");
        }
        for bad in ["", "svg", "<html>", "<svgfoo>", "<p>an svg</p>"] {
            assert!(!looks_like(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn files_named_in_a_drawing_are_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("inner.svg");
        std::fs::write(&file, format!("{HEAD}<rect width=\"10\" height=\"10\"/></svg>")).unwrap();
        let outer =
            format!("{HEAD}<image width=\"10\" height=\"10\" xlink:href=\"{}\"/></svg>", file.display());
        let drawing = read(outer.as_bytes()).unwrap();
        assert_eq!(drawing.render(10).unwrap().at(5, 5), 255);
    }

    #[test]
    fn a_drawing_of_any_claimed_size_is_drawn_within_bounds() {
        for size in [
            "width=\"1000000\" height=\"1\"",
            "width=\"1e30\" height=\"1e30\"",
            "width=\"1e-30\" height=\"1\"",
            "width=\"0\" height=\"0\"",
            "viewBox=\"0 0 1e9 1e-9\"",
        ] {
            let text = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" {size}><rect width=\"5\" height=\"5\"/></svg>"
            );
            if let Ok(picture) = read(text.as_bytes()).and_then(|drawing| drawing.render(100)) {
                assert!(picture.longer_side() <= 100, "{size}");
            }
        }
    }

    #[test]
    fn a_deep_or_endless_drawing_is_refused() {
        let deep = format!("{HEAD}{}{}</svg>", "<g>".repeat(200_000), "</g>".repeat(200_000));
        let wide = format!("{HEAD}{}</svg>", "<g/>".repeat(200_000));
        for text in [deep, wide] {
            assert!(matches!(read(text.as_bytes()), Err(QrError::PictureTooLarge { .. })));
        }
        let nested = format!("{HEAD}{}{}</svg>", "<g>".repeat(90), "</g>".repeat(90));
        assert!(read(nested.as_bytes()).is_ok());
    }

    #[test]
    fn a_drawing_that_uses_itself_over_and_over_is_refused() {
        for (times, levels) in [(2, 40), (1, 3_000)] {
            let mut text = format!("{HEAD}<rect id=\"a0\" width=\"1\" height=\"1\"/>");
            for level in 1..levels {
                let below = format!("<use xlink:href=\"#a{}\"/>", level - 1).repeat(times);
                text += &format!("<g id=\"a{level}\">{below}</g>");
            }
            assert!(read(format!("{text}</svg>").as_bytes()).is_err(), "{times} times, {levels} levels");
        }
    }
}
