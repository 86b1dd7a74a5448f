//! A file as people keep it (DER, PEM, bare base64) → the DER or BER inside.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::tlv::{self, Reader, Rules};

/// One structure in a file as it came.
#[derive(Debug)]
pub(super) struct Block {
    /// The label of a PEM block (RFC 7468); none for DER and for bare base64.
    pub(super) label: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// Every structure in the file: itself when it begins as one, else its PEM blocks, else its base64. Text around PEM
/// blocks is not looked at.
pub(super) fn blocks(file: &[u8]) -> Vec<Block> {
    if file.first() == Some(&tlv::SEQUENCE) {
        return vec![Block { label: None, bytes: file.to_vec() }];
    }
    let Ok(text) = std::str::from_utf8(file) else { return Vec::new() };
    if text.contains("-----BEGIN ") {
        return pem_blocks(text);
    }
    base64_of(text).map_or_else(Vec::new, |bytes| vec![Block { label: None, bytes }])
}

/// The one structure of a signed file; none when there is another one, or text beside it: whoever hides something
/// around a signature must not get a pass with it.
pub(super) fn single_block(file: &[u8]) -> Option<Vec<u8>> {
    if file.first() == Some(&tlv::SEQUENCE) {
        return Some(file.to_vec());
    }
    let text = std::str::from_utf8(file).ok()?.trim_start_matches('\u{feff}').trim();
    let Some(rest) = text.strip_prefix("-----BEGIN ") else { return base64_of(text) };
    let (label, rest) = rest.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    if end != format!("{label}-----") || !is_cms(label) {
        return None;
    }
    base64_of(body)
}

/// The same without a line break that an editor or a download added after the structure's own length.
pub(super) fn without_line_break(der: &[u8]) -> &[u8] {
    Reader::new(der, 0, Rules::Der).any("a structure").map_or(der, |structure| {
        let tail = der.get(structure.whole.len()..).unwrap_or_default();
        if tail.iter().all(u8::is_ascii_whitespace) { structure.whole } else { der }
    })
}

/// Labels of a ContentInfo: RFC 7468 §8, §9, and that of older programs.
pub(super) fn is_cms(label: &str) -> bool {
    matches!(label, "CMS" | "PKCS7" | "PKCS #7 SIGNED DATA")
}

fn pem_blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for block in text.split("-----BEGIN ").skip(1) {
        let Some((label, rest)) = block.split_once("-----") else { continue };
        let Some((body, _)) = rest.split_once("-----END ") else { continue };
        let label = Some(label.to_owned());
        blocks.extend(base64_of(body).map(|bytes| Block { label, bytes }));
    }
    blocks
}

fn base64_of(text: &str) -> Option<Vec<u8>> {
    let symbols: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect();
    STANDARD.decode(symbols).ok().filter(|der| !der.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_file_is_der_or_one_pem_block_or_base64_and_nothing_beside() {
        let der = [0x30, 0x01, 0x00];
        assert_eq!(single_block(&der).as_deref(), Some(&der[..]));
        for text in [
            "MAEA",
            "\u{feff}MA\r\nEA\r\n",
            "-----BEGIN CMS-----\nMAEA\n-----END CMS-----\n",
            "-----BEGIN PKCS7-----\nMAEA\n-----END PKCS7-----",
        ] {
            assert_eq!(single_block(text.as_bytes()).as_deref(), Some(&der[..]), "{text}");
        }
        for text in [
            "",
            "MAEA!",
            "text -----BEGIN CMS-----\nMAEA\n-----END CMS-----",
            "-----BEGIN CMS-----\nMAEA\n-----END CMS-----\ntext",
            "-----BEGIN CMS-----\nMAEA\n-----END CMS-----\n-----BEGIN CMS-----\nMAEA\n-----END CMS-----",
            "-----BEGIN CMS-----\nMAEA\n-----END PKCS7-----",
            "-----BEGIN CERTIFICATE-----\nMAEA\n-----END CERTIFICATE-----",
            "-----BEGIN CMS-----\nMAEA",
        ] {
            assert_eq!(single_block(text.as_bytes()), None, "{text}");
        }
    }
}
