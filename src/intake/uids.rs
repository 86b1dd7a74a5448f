//! UIDs → the shortest set that a command can carry (RFC 9051 §9, `sequence-set`).

use std::fmt::Write as _;

/// UIDs in one command. Each takes at most eleven characters, so a set stays below the 8,000 octets that every
/// server must accept in a line (RFC 9051 §4).
pub(super) const UIDS_MAX: usize = 500;

/// Ascending UIDs as a set: `1:3,7`.
pub(super) fn set(uids: &[u32]) -> String {
    let mut text = String::new();
    for run in uids.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            let comma = if text.is_empty() { "" } else { "," };
            let _ = if first == last {
                write!(text, "{comma}{first}")
            } else {
                write!(text, "{comma}{first}:{last}")
            };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_a_range_and_gaps_stay_gaps() {
        for (uids, expected) in [
            (&[][..], ""),
            (&[5], "5"),
            (&[1, 2, 3, 7], "1:3,7"),
            (&[1, 3, 5], "1,3,5"),
            (&[4_294_967_294, 4_294_967_295], "4294967294:4294967295"),
        ] {
            assert_eq!(set(uids), expected);
        }
    }

    #[test]
    fn the_longest_set_fits_a_line() {
        let sparse: Vec<u32> = (0..500).map(|n| u32::MAX - 2 * n).rev().collect();
        assert!(sparse.len() == UIDS_MAX && set(&sparse).len() < 7_900);
    }
}
