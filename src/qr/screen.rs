//! A payload → its QR code alone, for a screen: as SVG and as lines of text.

use super::QrError;
use super::poster::matrix::Matrix;

/// The code as a square SVG, its unit a module, the quiet zone around it white.
///
/// # Errors
/// When no QR code holds the payload.
pub fn picture_of(payload: &str) -> Result<String, QrError> {
    let matrix = Matrix::new(payload)?;
    let side = matrix.side_with_quiet_zone();
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#ffffff\"/><path fill=\"#000000\" d=\"{}\"/></svg>\n",
        matrix.path()
    ))
}

/// The code for a terminal of light letters on a dark ground, two modules high in each letter.
///
/// # Errors
/// When no QR code holds the payload.
pub fn text_of(payload: &str) -> Result<String, QrError> {
    let matrix = Matrix::new(payload)?;
    let side = matrix.side_with_quiet_zone();
    let mut text = String::new();
    for y in (0..side).step_by(2) {
        // A terminal shows what is printed as light, and a code is dark on light.
        text.extend((0..side).map(|x| match (matrix.is_dark(x, y), matrix.is_dark(x, y + 1)) {
            (false, false) => '█',
            (false, true) => '▀',
            (true, false) => '▄',
            (true, true) => ' ',
        }));
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::read_picture;

    const PAYLOAD: &str = "mailto:cnap@example.org?subject=0000-0000-0000-0";

    #[test]
    fn the_picture_is_read_back() {
        assert_eq!(read_picture(picture_of(PAYLOAD).unwrap().as_bytes()).unwrap(), PAYLOAD);
    }

    #[test]
    fn the_text_has_the_modules_of_the_picture() {
        let text = text_of(PAYLOAD).unwrap();
        let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        let side = lines[0].len();
        assert!(lines.iter().all(|line| line.len() == side) && lines.len() == side.div_ceil(2));
        let matrix = Matrix::new(PAYLOAD).unwrap();
        assert_eq!(side, matrix.side_with_quiet_zone());
        for y in 0..side {
            for (x, sign) in lines[y / 2].iter().enumerate() {
                let light = if y % 2 == 0 { "█▀" } else { "█▄" }.contains(*sign);
                assert_eq!(light, !matrix.is_dark(x, y), "{x} {y}");
            }
        }
    }
}
