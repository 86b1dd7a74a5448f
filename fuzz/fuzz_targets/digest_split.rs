//! A substitution table and a message in pieces → the digest of the whole; never a panic.
#![no_main]

use dstu::gost34311::{Dke, Gost34311, digest, digest_many};
use dstu::kupyna::Digest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Some((dke, octets)) = octets.split_at_checked(64) else { return };
    let Some((cuts, message)) = octets.split_at_checked(8) else { return };
    let dke = Dke::try_from(dke).unwrap();
    let whole = digest(&dke, message);
    let mut stream = Gost34311::new(&dke);
    let mut rest = message;
    for &cut in cuts {
        let (piece, after) = rest.split_at(usize::from(cut).min(rest.len()));
        stream.update(piece);
        rest = after;
    }
    stream.update(rest);
    assert_eq!(stream.finalize()[..], whole);
    let half = &message[message.len() / 2..];
    let mut together = [[0; 32]; 3];
    digest_many(&dke, &[message, half, message], &mut together).unwrap();
    assert_eq!(together, [whole, digest(&dke, half), whole]);
});
