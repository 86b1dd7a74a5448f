//! The bytes of an SVG or PNG → the payload of the QR code in it.
//!
//! The picture comes from the Дія cabinet or from our own poster, by the hand of an operator; what is in it is still
//! checked as a stranger's. Nothing outside the picture is read: links to other files are not followed.

mod grey;
mod svg;

use std::collections::BTreeSet;
use std::io::Cursor;

use grey::Grey;

use super::QrError;
use super::payload::brief;

/// Bytes in a picture: a poster with outlined letters has 1 MB, a scan of one 5 MB.
pub const PICTURE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Pixels in a PNG: an A4 page at 400 dpi has 15 million. They take four bytes each while they are decoded.
pub const PICTURE_PIXELS_MAX: u64 = 24_000_000;

/// The longer side, in pixels, at which codes are looked for: a code that fills a tenth of it still has two pixels a
/// module.
const SIDE_MAX: usize = 2_000;

/// The payload of the one QR code in a picture.
///
/// # Errors
/// When the bytes are no SVG or PNG, are damaged or too large, or hold no code or several different ones.
pub fn read_picture(bytes: &[u8]) -> Result<String, QrError> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err(QrError::PictureTooLarge {
            found: format!("{} bytes", bytes.len()),
            allowed: format!("{PICTURE_BYTES_MAX} bytes"),
        });
    }
    let found = match Format::of(bytes)? {
        Format::Png => codes_in_any_size(&png(bytes)?),
        Format::Svg => codes_in_svg(bytes)?,
    };
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (None, _) => Err(QrError::NoCode),
        (Some(payload), None) => Ok(payload),
        (Some(first), Some(second)) => Err(QrError::SeveralCodes {
            found: [first, second].into_iter().chain(found).map(|payload| brief(&payload)).collect(),
        }),
    }
}

#[derive(Clone, Copy)]
enum Format {
    Png,
    Svg,
}

impl Format {
    /// Decided by the bytes; what is known but not read gets its own error.
    fn of(bytes: &[u8]) -> Result<Self, QrError> {
        let later = |format| Err(QrError::FormatLater { format });
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Ok(Self::Png);
        }
        // The PDF mark may stand anywhere in the first kilobyte (ISO 32000-1, Annex H.3.4.1).
        let beginning = bytes.get(..1024).unwrap_or(bytes);
        if beginning.windows(5).any(|window| window == b"%PDF-") {
            return later("a PDF");
        }
        match bytes {
            [0xff, 0xd8, 0xff, ..] => later("a JPEG"),
            [b'G', b'I', b'F', b'8', ..] => later("a GIF"),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => later("a WebP"),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => later("a HEIC or AVIF"),
            [0x1f, 0x8b, ..] => later("a compressed SVG (svgz)"),
            [b'B', b'M', ..] => later("a BMP"),
            _ if svg::looks_like(bytes) => Ok(Self::Svg),
            _ => Err(QrError::NotAPicture),
        }
    }
}

/// The picture as grey pixels on white.
fn png(bytes: &[u8]) -> Result<Grey, QrError> {
    let damaged =
        |error: png::DecodingError| QrError::DamagedPicture { format: "PNG", reason: error.to_string() };
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    // The header alone is read first, so that nothing is reserved for a picture that only claims its size.
    let (width, height) = decoder.read_header_info().map_err(damaged)?.size();
    if u64::from(width) * u64::from(height) > PICTURE_PIXELS_MAX {
        return Err(QrError::PictureTooLarge {
            found: format!("{width} × {height} pixels"),
            allowed: format!("{PICTURE_PIXELS_MAX} pixels"),
        });
    }
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader.output_buffer_size().unwrap_or_default();
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
    let samples = match frame.color_type {
        png::ColorType::Grayscale | png::ColorType::Indexed => 1,
        png::ColorType::GrayscaleAlpha => 2,
        png::ColorType::Rgb => 3,
        png::ColorType::Rgba => 4,
    };
    let grey = pixels.chunks_exact(samples).map(|pixel| match *pixel {
        [grey, alpha] => grey::on_white(grey, alpha),
        [r, g, b] => grey::luma(r, g, b),
        [r, g, b, alpha] => grey::on_white(grey::luma(r, g, b), alpha),
        [grey] => grey,
        _ => u8::MAX,
    });
    Grey::new(frame.width, frame.height, grey.collect())
        .ok_or_else(|| QrError::DamagedPicture { format: "PNG", reason: "it ends too early".to_owned() })
}

fn codes_in_svg(bytes: &[u8]) -> Result<BTreeSet<String>, QrError> {
    let drawing = svg::read(bytes)?;
    // A code that fills the drawing is read fastest from few pixels; one in the corner of a page needs many.
    let found = codes_in(&drawing.render(SIDE_MAX / 2)?);
    if !found.is_empty() {
        return Ok(found);
    }
    let pictures = drawing.embedded().iter().filter_map(|bytes| png(bytes).ok());
    let found: BTreeSet<String> = pictures.flat_map(|picture| codes_in_any_size(&picture)).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    Ok(codes_in(&drawing.render(SIDE_MAX)?))
}

/// Codes in a picture of pixels: as it is (or as near to it as is bearable), then smaller, then larger.
fn codes_in_any_size(picture: &Grey) -> BTreeSet<String> {
    let fitting = picture.longer_side().div_ceil(SIDE_MAX).max(1);
    for shrink in [fitting, fitting * 2, fitting * 4] {
        let found = codes_in(&picture.shrunk(shrink));
        if !found.is_empty() {
            return found;
        }
    }
    // A module of one or two pixels is too small to be found.
    let grow = (SIDE_MAX / 4).checked_div(picture.longer_side()).unwrap_or(1);
    if grow > 1 { codes_in(&picture.grown(grow.min(8))) } else { BTreeSet::new() }
}

/// Codes in a picture as it is, with black and white exchanged, and with hard contrast.
fn codes_in(picture: &Grey) -> BTreeSet<String> {
    let ways = [Grey::clone, Grey::inverted, Grey::black_and_white];
    ways.iter().map(|way| decoded(&way(picture))).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Codes that the decoder finds; a white margin is added, since a picture may be cut to the code's edge.
fn decoded(picture: &Grey) -> BTreeSet<String> {
    let margin = (picture.longer_side() / 10).clamp(8, 200);
    let (width, height) = (picture.width() + 2 * margin, picture.height() + 2 * margin);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        match (x.checked_sub(margin), y.checked_sub(margin)) {
            (Some(x), Some(y)) => picture.at(x, y),
            _ => u8::MAX,
        }
    });
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, payload)| payload).collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use qrcode::{Color, EcLevel, QrCode};

    use super::*;

    const PAYLOAD: &str = "https://diia.app/documents/offer-request-static/0123456789abcdef";

    /// Shades of a code with a margin, `scale` pixels a module.
    fn code(payload: &str, scale: usize, margin: usize) -> Grey {
        let code = QrCode::with_error_correction_level(payload, EcLevel::M).unwrap();
        let modules = code.width();
        let colours = code.to_colors();
        let side = modules + 2 * margin;
        let dark = |x: usize, y: usize| match (x.checked_sub(margin), y.checked_sub(margin)) {
            (Some(x), Some(y)) if x < modules && y < modules => colours[y * modules + x] == Color::Dark,
            _ => false,
        };
        let pixels = (0..side * side).map(|at| if dark(at % side, at / side) { 0 } else { 255 }).collect();
        let side = u32::try_from(side).unwrap();
        Grey::new(side, side, pixels).unwrap().grown(scale)
    }

    fn beside(one: &Grey, other: &Grey) -> Grey {
        let (width, height) = (one.width() + other.width(), one.height().max(other.height()));
        let shade = |x: usize, y| if x < one.width() { one.at(x, y) } else { other.at(x - one.width(), y) };
        let pixels = (0..width * height).map(|at| shade(at % width, at / width)).collect();
        Grey::new(u32::try_from(width).unwrap(), u32::try_from(height).unwrap(), pixels).unwrap()
    }

    /// A PNG whose pixels are written as `colour` by `sample`.
    fn encoded(
        picture: &Grey,
        colour: png::ColorType,
        depth: png::BitDepth,
        sample: impl Fn(u8) -> Vec<u8>,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let (width, height) = (picture.width(), picture.height());
        let mut encoder =
            png::Encoder::new(&mut bytes, u32::try_from(width).unwrap(), u32::try_from(height).unwrap());
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == png::ColorType::Indexed {
            encoder.set_palette(vec![0, 0, 0, 255, 255, 255]);
        }
        let mut data = Vec::new();
        for y in 0..height {
            let row = (0..width).map(|x| picture.at(x, y));
            if depth == png::BitDepth::One {
                let bits: Vec<u8> = row.map(|shade| shade >> 7).collect();
                data.extend(
                    bits.chunks(8).map(|bits| {
                        bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | bit << (7 - at))
                    }),
                );
            } else {
                data.extend(row.flat_map(&sample));
            }
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&data).unwrap();
        writer.finish().unwrap();
        bytes
    }

    fn grey_png(picture: &Grey) -> Vec<u8> {
        encoded(picture, png::ColorType::Grayscale, png::BitDepth::Eight, |shade| vec![shade])
    }

    fn svg_of(inside: &str) -> Vec<u8> {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\">{inside}</svg>")
            .into_bytes()
    }

    /// A code drawn with a rectangle for each dark module.
    fn squares(payload: &str, colour: &str) -> String {
        let picture = code(payload, 1, 4);
        let mut squares = String::from("<g transform=\"scale(2)\" shape-rendering=\"crispEdges\">");
        for y in 0..picture.height() {
            for x in (0..picture.width()).filter(|&x| picture.at(x, y) == 0) {
                squares += &format!("<rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\" fill=\"{colour}\"/>");
            }
        }
        squares + "</g>"
    }

    #[track_caller]
    fn reads(bytes: &[u8]) {
        assert_eq!(read_picture(bytes), Ok(PAYLOAD.to_owned()));
    }

    #[test]
    fn a_png_of_every_colour_type_is_read() {
        use png::{BitDepth, ColorType};
        let picture = code(PAYLOAD, 4, 4);
        reads(&grey_png(&picture));
        reads(&encoded(&picture, ColorType::Grayscale, BitDepth::One, |_| vec![]));
        reads(&encoded(&picture, ColorType::Grayscale, BitDepth::Sixteen, |shade| vec![shade, shade]));
        reads(&encoded(&picture, ColorType::Indexed, BitDepth::Eight, |shade| vec![shade >> 7]));
        reads(&encoded(&picture, ColorType::Rgb, BitDepth::Eight, |shade| vec![shade, shade, 255]));
        reads(&encoded(&picture, ColorType::GrayscaleAlpha, BitDepth::Eight, |shade| vec![0, 255 - shade]));
        reads(&encoded(&picture, ColorType::Rgba, BitDepth::Eight, |shade| vec![20, 0, 0, 255 - shade]));
    }

    #[test]
    fn small_large_cut_pale_and_inverted_codes_are_read() {
        for (scale, margin) in [(1, 4), (2, 4), (3, 0), (4, 1), (30, 4)] {
            reads(&grey_png(&code(PAYLOAD, scale, margin)));
        }
        let picture = code(PAYLOAD, 5, 4);
        reads(&grey_png(&picture.inverted()));
        reads(&encoded(&picture, png::ColorType::Grayscale, png::BitDepth::Eight, |shade| {
            vec![100 + shade / 8]
        }));
        // A page of 3,000 pixels with the code in its corner.
        let page = Grey::new(3_000, 3_000, vec![255; 9_000_000]).unwrap();
        reads(&grey_png(&beside(&picture, &page)));
    }

    #[test]
    fn an_svg_of_shapes_or_with_a_png_inside_is_read() {
        reads(&svg_of(&squares(PAYLOAD, "black")));
        reads(&svg_of(&format!(
            "<rect width=\"100\" height=\"100\" fill=\"#123\"/>{}",
            squares(PAYLOAD, "white")
        )));
        let png = base64::engine::general_purpose::STANDARD.encode(grey_png(&code(PAYLOAD, 4, 4)));
        reads(&svg_of(&format!("<image width=\"90\" height=\"90\" href=\"data:image/png;base64,{png}\"/>")));
    }

    #[test]
    fn the_same_code_twice_is_one_and_different_codes_are_named() {
        let (one, other) = (code(PAYLOAD, 4, 4), code("https://diia.app/other", 4, 4));
        reads(&grey_png(&beside(&one, &one)));
        let error = read_picture(&grey_png(&beside(&one, &other))).unwrap_err();
        assert!(matches!(&error, QrError::SeveralCodes { found } if found.len() == 2), "{error}");
        assert!(error.to_string().contains("https://diia.app/other"), "{error}");
    }

    #[test]
    fn a_picture_without_a_code_says_what_to_do() {
        for bytes in [grey_png(&Grey::new(50, 50, vec![255; 2_500]).unwrap()), svg_of("<circle r=\"9\"/>")] {
            let error = read_picture(&bytes).unwrap_err();
            assert_eq!(error, QrError::NoCode);
            assert!(error.to_string().contains("--link"));
        }
    }

    #[test]
    fn other_formats_get_their_name_and_a_remedy() {
        for (bytes, name) in [
            (&b"%PDF-1.7\n"[..], "PDF"),
            (b"\r\n%PDF-1.7\n", "PDF"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
            (b"GIF89a", "GIF"),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
            (b"\x00\x00\x00\x18ftypheic", "HEIC"),
            (b"\x1f\x8b\x08\x00", "svgz"),
            (b"", "neither"),
            (b"hello", "neither"),
            (b"\x89PNG\r\n\x1a\n", "damaged"),
            (b"<svg>", "damaged"),
        ] {
            let said = read_picture(bytes).unwrap_err().to_string();
            assert!(said.contains(name) && said.contains("cabinet"), "{bytes:?}: {said}");
        }
    }

    #[test]
    fn a_picture_that_claims_to_be_huge_is_refused_by_its_header() {
        let mut bytes = grey_png(&code(PAYLOAD, 1, 4));
        bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bytes[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        assert!(matches!(read_picture(&bytes), Err(QrError::PictureTooLarge { .. })));
        assert!(matches!(
            read_picture(&vec![0; PICTURE_BYTES_MAX + 1]),
            Err(QrError::PictureTooLarge { .. })
        ));
    }

    /// CRC-32 of a PNG chunk (PNG specification, annex D).
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, &byte| {
            (0..8).fold(
                crc ^ u32::from(byte),
                |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 },
            )
        })
    }

    #[test]
    fn damaged_pictures_never_stop_the_program() {
        let mut state = 1_u64;
        let mut next = move |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        let picture = code(PAYLOAD, 3, 4);
        for _ in 0..12 {
            let mut damaged = picture.clone();
            let mut pixels: Vec<u8> = (0..damaged.height())
                .flat_map(|y| (0..damaged.width()).map(move |x| (x, y)))
                .map(|(x, y)| damaged.at(x, y))
                .collect();
            for _ in 0..next(4_000) {
                let at = next(pixels.len());
                pixels[at] = u8::try_from(next(256)).unwrap();
            }
            let side = u32::try_from(damaged.width()).unwrap();
            damaged = Grey::new(side, side, pixels).unwrap();
            match read_picture(&grey_png(&damaged)) {
                Ok(payload) => assert_eq!(payload, PAYLOAD),
                Err(error) => assert_eq!(error, QrError::NoCode),
            }
        }
        let originals = [grey_png(&picture), svg_of(&squares(PAYLOAD, "black"))];
        for _ in 0..15 {
            for original in &originals {
                let mut bytes = original.clone();
                for _ in 0..=next(5) {
                    let at = next(bytes.len());
                    bytes[at] = u8::try_from(next(256)).unwrap();
                }
                bytes.truncate(next(bytes.len() * 3).max(20));
                if let Ok(payload) = read_picture(&bytes) {
                    assert_eq!(payload, PAYLOAD);
                }
            }
        }
    }
}
