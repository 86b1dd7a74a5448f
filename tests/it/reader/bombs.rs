//! Documents that are small and unpack to more than any machine has.

use skrynka::reader::Reader;

use super::{alone, children, good, is_good, settings, words};

/// Zeros in DEFLATE (RFC 1951 §3.2.6, fixed codes) in a zlib frame (RFC 1950), without its check value: so many times
/// eight matches of 258 octets, 13 octets each.
fn zeros(times: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with fixed codes; one literal 0.
    bits.put(1, 1);
    bits.put(1, 2);
    bits.code(0b0011_0000, 8);
    for _ in 0..times * 8 {
        // Length 258 is code 285, distance 1 is code 0.
        bits.code(0b1100_0101, 8);
        bits.code(0, 5);
    }
    bits.code(0, 7);
    [vec![0x78, 0x9c], bits.done()].concat()
}

#[derive(Default)]
struct Bits {
    octets: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, length: u32) {
        self.held |= value << self.count;
        self.count += length;
        while self.count >= 8 {
            self.octets.push(u8::try_from(self.held & 0xff).unwrap());
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Huffman codes begin with their most significant bit.
    fn code(&mut self, code: u32, length: u32) {
        self.put(code.reverse_bits() >> (32 - length), length);
    }

    fn done(mut self) -> Vec<u8> {
        self.put(0, 7);
        self.octets
    }
}

/// A PDF of one page whose content is this stream.
fn with_content(filter: &str, stream: &[u8]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let content =
        [format!("<</Length {}/Filter {filter}>>stream\n", stream.len()).as_bytes(), stream, b"\nendstream"]
            .concat();
    for (number, object) in [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>".to_vec(),
        content,
    ]
    .into_iter()
    .enumerate()
    {
        offsets.push(pdf.len());
        pdf.extend([format!("{} 0 obj\n", number + 1).as_bytes(), &object, b"\nendobj\n"].concat());
    }
    let table = pdf.len();
    pdf.extend(b"xref\n0 5\n0000000000 65535 f \n");
    for offset in offsets {
        pdf.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    pdf.extend(format!("trailer<</Size 5/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    pdf
}

#[tokio::test]
async fn a_stream_that_unpacks_to_gigabytes_costs_its_own_child_at_the_most() {
    let _alone = alone().await;
    let reader = Reader::new(settings(1));
    // 4 GB of zeros in 26 MB; and the same through two filters, where the first gives what the second unpacks.
    let bomb = zeros(2_000_000);
    for (filter, stream) in
        [("/FlateDecode", bomb.as_slice()), ("[/ASCIIHexDecode/FlateDecode]", b"789c03000000000100>")]
    {
        let told = reader.open(with_content(filter, stream), words()).await;
        // Cut by whoever unpacks it, or refused memory: no time-out, no other page.
        if let Ok(opened) = &told {
            assert!(opened.pages.iter().all(|page| page.glyphs.is_empty() && page.marks.is_empty()));
        } else {
            assert_eq!(told, Err(skrynka::reader::Trouble::TookTooMuch));
        }
        is_good(reader.open(good(), words()).await);
        assert_eq!(children().len(), 1);
    }
}

/// The bomb is one: a small one unpacks to what is said of it.
#[test]
fn zeros_are_zeros_in_deflate() {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    // A grey picture of 2063 pixels in 2064 octets (the first is the line's filter), and one octet too many.
    let header = [2063_u32.to_be_bytes(), 1_u32.to_be_bytes()].concat();
    for (kind, data) in [
        (b"IHDR", [header.as_slice(), &[8, 0, 0, 0, 0]].concat()),
        (b"IDAT", zeros(1)),
        (b"IEND", Vec::new()),
    ] {
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        png.extend([kind.as_slice(), &data, &[0; 4]].concat());
    }
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.ignore_checksums(true);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![1; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels, vec![0; 2063]);
}
