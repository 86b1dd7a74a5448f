//! UIDs → letters, whole and byte by byte as the server holds them: small ones many at a time, big ones in windows.

use std::collections::BTreeMap;
use std::mem;

use super::error::Fault;
use super::uids;
use super::wire::{Answer, Asked, Wire};
use crate::model::Timestamp;

/// The largest letter (bytes) that is fetched in one answer, and the window in which larger ones are fetched.
///
/// The library keeps a whole answer in memory and we copy it out, so this is what fetching costs beyond the letter.
pub(super) const WINDOW_BYTES: u64 = 4 * 1024 * 1024;

/// Letters and bytes asked for in one command. The server waits while a letter is filed; Dovecot hangs up on a
/// client that reads nothing for five minutes.
const BATCH_LETTERS_MAX: usize = 50;
const BATCH_BYTES_MAX: u64 = 2 * WINDOW_BYTES;

/// How much memory is set aside on the server's word alone (bytes).
const RESERVE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What the server says of a letter before it is fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Known {
    pub(super) uid: u32,
    /// RFC822.SIZE: some servers only estimate it.
    pub(super) size: u64,
    pub(super) received_at: Timestamp,
}

/// A fetched letter.
pub(super) enum Got {
    /// All of it.
    Whole(Vec<u8>),
    /// More than allowed: so many bytes and counting.
    TooLarge(u64),
    /// The server did not hand it over.
    Nothing,
}

/// Size and time of receipt of the letters with these UIDs, in UID order; without those that the server does not know.
pub(super) async fn known(wire: &mut Wire, uids: &[u32]) -> Result<Vec<Known>, Fault> {
    let command = format!("UID FETCH {} (UID RFC822.SIZE INTERNALDATE)", uids::set(uids));
    let answers = wire.run(&command, "asking for sizes").await?;
    let letters = answers.into_iter().filter_map(|answer| match answer {
        Answer::Letter(letter) => {
            let uid = letter.uid.filter(|uid| uids.contains(uid))?;
            let received_at = internal_date(&letter.received_at?)?;
            Some((uid, Known { uid, size: letter.size?, received_at }))
        }
        _ => None,
    });
    Ok(letters.collect::<BTreeMap<_, _>>().into_values().collect())
}

/// Splits letters into commands: runs of small ones, and each one above `alone_above` bytes alone.
pub(super) fn batches(letters: &[Known], alone_above: u64) -> Vec<Vec<Known>> {
    let mut batches = Vec::new();
    let mut batch: Vec<Known> = Vec::new();
    let mut bytes = 0_u64;
    for letter in letters {
        let full = batch.len() == BATCH_LETTERS_MAX || bytes.saturating_add(letter.size) > BATCH_BYTES_MAX;
        let alone = [Some(letter), batch.last()].into_iter().flatten().any(|known| known.size > alone_above);
        if (full || alone) && !batch.is_empty() {
            batches.push(mem::take(&mut batch));
            bytes = 0;
        }
        bytes = bytes.saturating_add(letter.size);
        batch.push(*letter);
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

/// Letters that come one after the other as answers to one command.
pub(super) struct Batch {
    asked: Asked,
    awaited: BTreeMap<u32, Known>,
}

impl Batch {
    /// Asks for the letters.
    pub(super) async fn ask(wire: &mut Wire, letters: &[Known]) -> Result<Self, Fault> {
        let uids: Vec<u32> = letters.iter().map(|letter| letter.uid).collect();
        let command = format!("UID FETCH {} (UID BODY.PEEK[])", uids::set(&uids));
        let asked = wire.ask(&command, "fetching letters").await?;
        Ok(Self { asked, awaited: letters.iter().map(|letter| (letter.uid, *letter)).collect() })
    }

    /// The next letter that was asked for and not yet given; `None` after the last.
    ///
    /// The server may speak of other letters in between, and a connection that was used wrongly may give an old
    /// answer: only an asked-for UID counts, and each only once.
    pub(super) async fn next(&mut self, wire: &mut Wire) -> Result<Option<(Known, Vec<u8>)>, Fault> {
        loop {
            let largest = self.awaited.values().map(|known| known.size).max().unwrap_or(0);
            match wire.next(&self.asked, largest).await? {
                Answer::Letter(letter) => {
                    if let (Some(uid), Some(bytes)) = (letter.uid, letter.bytes)
                        && let Some(known) = self.awaited.remove(&uid)
                    {
                        return Ok(Some((known, unquoted(bytes, known.size))));
                    }
                }
                // A refusal leaves letters out, and the caller looks for those.
                Answer::Done(_) => return Ok(None),
                _ => {}
            }
        }
    }
}

/// Fetches one letter in windows, up to `bytes_max`.
///
/// Its end is where the server has nothing more to give, whatever size it named before.
pub(super) async fn in_windows(wire: &mut Wire, letter: Known, bytes_max: u64) -> Result<Got, Fault> {
    let mut bytes: Vec<u8> = Vec::new();
    let reserve = letter.size.min(bytes_max).min(RESERVE_BYTES_MAX);
    bytes.reserve(usize::try_from(reserve).unwrap_or(0));
    loop {
        let offset = length(&bytes);
        let Some(window) = window(wire, letter.uid, offset).await? else {
            let ended = offset > 0 && offset >= letter.size;
            return Ok(if ended { Got::Whole(bytes) } else { Got::Nothing });
        };
        let window = unquoted(window, letter.size.saturating_sub(offset));
        let got = length(&window);
        if got > WINDOW_BYTES {
            // A server that knows no windows gives everything at once.
            return Ok(if offset == 0 && got <= bytes_max { Got::Whole(window) } else { Got::Nothing });
        }
        if bytes.is_empty() && bytes.capacity() < window.len() {
            bytes = window;
        } else {
            bytes.extend_from_slice(&window);
        }
        if length(&bytes) > bytes_max {
            return Ok(Got::TooLarge(length(&bytes).max(letter.size)));
        }
        if got == 0 || (got < WINDOW_BYTES && length(&bytes) == letter.size) {
            return Ok(if bytes.is_empty() { Got::Nothing } else { Got::Whole(bytes) });
        }
    }
}

async fn window(wire: &mut Wire, uid: u32, offset: u64) -> Result<Option<Vec<u8>>, Fault> {
    let command = format!("UID FETCH {uid} (UID BODY.PEEK[]<{offset}.{WINDOW_BYTES}>)");
    let asked = wire.ask(&command, "fetching a large letter").await?;
    let mut window = None;
    loop {
        match wire.next(&asked, WINDOW_BYTES).await? {
            Answer::Letter(letter) if letter.uid == Some(uid) && letter.bytes.is_some() => {
                window = letter.bytes;
            }
            Answer::Done(_) => return Ok(window),
            _ => {}
        }
    }
}

/// Bytes without the escapes of a quoted string.
///
/// The library hands over a quoted string with its backslashes and does not tell it from a literal. Only text
/// without line breaks can be quoted, and then the expected length tells which of the two it was.
fn unquoted(bytes: Vec<u8>, expected: u64) -> Vec<u8> {
    if length(&bytes) == expected || bytes.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
        return bytes;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut escaped = false;
    for &byte in &bytes {
        escaped = byte == b'\\' && !escaped;
        if !escaped {
            plain.push(byte);
        }
    }
    if length(&plain) == expected { plain } else { bytes }
}

/// The moment in an INTERNALDATE (RFC 9051 §9, `date-time`); its day may have a space in front.
fn internal_date(text: &str) -> Option<Timestamp> {
    Timestamp::strptime("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()
}

/// A length as the 64 bits that sizes have on the wire.
pub(super) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(sizes: &[u64]) -> Vec<Known> {
        let known = |(uid, &size)| Known { uid, size, received_at: Timestamp::UNIX_EPOCH };
        (1..).zip(sizes).map(known).collect()
    }

    #[test]
    fn a_time_of_receipt_is_read_in_any_zone() {
        for (text, expected) in [
            ("17-Jul-1996 02:44:25 -0700", "1996-07-17T09:44:25Z"),
            (" 7-Jul-2026 02:44:25 +0300", "2026-07-06T23:44:25Z"),
            ("01-Jan-2026 00:00:00 +0000", "2026-01-01T00:00:00Z"),
        ] {
            assert_eq!(internal_date(text), Some(expected.parse().unwrap()), "{text}");
        }
        for bad in ["", "17-Foo-1996 02:44:25 -0700", "17-Jul-1996"] {
            assert_eq!(internal_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_batch_has_few_letters_and_few_bytes_and_no_letter_is_left_out() {
        let sizes = |sizes: &[u64]| {
            let batches = batches(&letters(sizes), WINDOW_BYTES);
            assert_eq!(batches.concat(), letters(sizes));
            batches.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&[]), [0; 0]);
        assert_eq!(sizes(&[1; 120]), [50, 50, 20]);
        assert_eq!(sizes(&[1, BATCH_BYTES_MAX, 1, 1]), [1, 1, 2]);
        assert_eq!(sizes(&[WINDOW_BYTES, WINDOW_BYTES, 1]), [2, 1]);
        assert_eq!(sizes(&[1, WINDOW_BYTES + 1, 1, 1]), [1, 1, 2]);
        assert_eq!(sizes(&[u64::MAX, u64::MAX]), [1, 1]);
    }

    #[test]
    fn a_quoted_string_loses_its_escapes_and_a_literal_keeps_its_backslashes() {
        assert_eq!(unquoted(br#"a\"b\\c"#.to_vec(), 5), br#"a"b\c"#);
        assert_eq!(unquoted(br#"a\"b\\c"#.to_vec(), 7), br#"a\"b\\c"#);
        assert_eq!(unquoted(b"a\\\\\r\n".to_vec(), 4), b"a\\\\\r\n");
    }
}
