//! How much of a stranger's letter is looked at.

/// Every limit of parsing. What lies beyond one is named by a defect; the letter itself is kept whole by intake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of a letter that is looked into. Large providers refuse letters over 25–50 MB, and base64 adds a third.
    pub letter_bytes_max: usize,
    /// Parts and inner letters of one letter, all levels together. A request names at most some twenty documents,
    /// two files each; signatures of offices add a dozen pictures.
    pub parts_max: usize,
    /// Multiparts open at one time. A forwarded letter adds three (mixed, related, alternative).
    pub nesting_max: usize,
    /// How many letters deep a letter inside is opened. People forward a forward of a forward; nobody ten times.
    pub letter_depth_max: u8,
    /// Bytes of the header fields that are read, all parts together: 500 parts with 500 bytes each fit.
    pub header_bytes_max: usize,
    /// Bytes of one header field that are read. RFC 5322 §2.1.1 allows lines of 998; an encoded file name of 255
    /// bytes takes less than 1,500. Decoding may take time with the square of this.
    pub field_bytes_max: usize,
    /// Recipients kept: more tell nothing about whose letter it is.
    pub recipients_max: usize,
    /// Characters of a subject or of a display name that are kept: longer ones only hide the rest of a list.
    pub line_chars_max: usize,
    /// Characters of body text that are kept: 50 pages. Tokens and search words stand in the first one.
    pub body_chars_max: usize,
    /// Characters of a file name that are kept: in Cyrillic, 240 of the 255 bytes that Linux file systems allow.
    pub file_name_chars_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            letter_bytes_max: 64 << 20,
            parts_max: 500,
            nesting_max: 30,
            letter_depth_max: 8,
            header_bytes_max: 256 << 10,
            field_bytes_max: 8 << 10,
            recipients_max: 200,
            line_chars_max: 1_000,
            body_chars_max: 100_000,
            file_name_chars_max: 120,
        }
    }
}
