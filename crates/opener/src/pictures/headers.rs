//! The octets of an encoded picture → how many pixels they say they make.
//!
//! A document names the size of its pictures, but their decoders believe what is encoded: a picture of 100 × 67 pixels whose
//! own header says 100 × 16,777,283 took minutes.

use hayro::hayro_syntax::object::{Array, Name, Stream};

/// Pixels that an encoded picture says it has. None where it does not say, or is packed in something else besides: then the
/// time and memory of the process are its limits.
pub(super) fn encoded_pixels(stream: &Stream<'_>) -> Option<u64> {
    let dict = stream.dict();
    let filters = dict.get::<Array<'_>>("Filter").or_else(|| dict.get::<Array<'_>>("F"));
    let filter = match filters {
        Some(filters) => {
            let mut filters = filters.iter::<Name<'_>>();
            filters.next().filter(|_| filters.next().is_none())
        }
        None => dict.get::<Name<'_>>("Filter").or_else(|| dict.get::<Name<'_>>("F")),
    };
    match filter?.as_ref() {
        b"JPXDecode" => jpeg_2000(&stream.raw_data()),
        b"DCTDecode" | b"DCT" => jpeg(&stream.raw_data()),
        _ => None,
    }
}

/// The area of the reference grid (ISO/IEC 15444-1, A.5.1).
fn jpeg_2000(data: &[u8]) -> Option<u64> {
    let begin = [0xff, 0x4f, 0xff, 0x51];
    let at = data.windows(begin.len()).position(|octets| octets == begin)?;
    let grid = data.get(at + begin.len()..)?;
    // After the length and the capabilities: right, bottom, left and top.
    let side = |at: usize| grid.get(at..)?.first_chunk().map(|octets| u32::from_be_bytes(*octets));
    let (right, bottom, left, top) = (side(4)?, side(8)?, side(12)?, side(16)?);
    Some(u64::from(right.saturating_sub(left)) * u64::from(bottom.saturating_sub(top)))
}

/// The size in the header of the frame (ITU-T T.81, B.2.2), the first one that there is.
fn jpeg(data: &[u8]) -> Option<u64> {
    let mut rest = data.get(2..)?;
    loop {
        let begin = rest
            .windows(2)
            .position(|pair| matches!(pair, [0xff, marker] if *marker < 0xff && *marker > 0))?;
        let [_, marker, after @ ..] = rest.get(begin..)? else { return None };
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if let ([_, _, _, height, tall, width, wide, ..], true) = (after, is_frame) {
            let side = |high: &u8, low: &u8| u64::from(u16::from_be_bytes([*high, *low]));
            return Some(side(height, tall) * side(width, wide));
        }
        // What follows is the picture itself.
        if *marker == 0xda {
            return None;
        }
        let length = after.first_chunk().map(|octets| usize::from(u16::from_be_bytes(*octets)))?;
        rest = after.get(length..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_2000_tells_the_area_of_its_grid() {
        let mut data = b"a box before\xff\x4f\xff\x51\0\x2f\0\0".to_vec();
        for side in [100_u32, 16_777_283, 0, 16_000_000] {
            data.extend(side.to_be_bytes());
        }
        assert_eq!(jpeg_2000(&data), Some(100 * 777_283));
        assert_eq!(jpeg_2000(&data[..data.len() - 1]), None);
        assert_eq!(jpeg_2000(b"nothing"), None);
    }

    #[test]
    fn a_jpeg_tells_the_size_of_its_frame() {
        let head = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc4\0\x03c\xff\xff\xc2\0\x0b\x08\xff\xfe\0\x10\x01";
        assert_eq!(jpeg(head), Some(0xfffe * 16));
        assert_eq!(jpeg(&head[..head.len() - 3]), None);
        assert_eq!(jpeg(b"\xff\xd8\xff\xda\0\x02\xff\xc0\0\x0b\x08\0\x01\0\x01"), None);
        assert_eq!(jpeg(b""), None);
    }
}
