//! Octets a second: GOST 34.311 alone and side by side, Kupyna, and SHA-256 for scale.

use dstu::gost34311::{Dke, Path, digest, digest_many, digest_on};
use dstu::kupyna::{Digest, Kupyna256};
use gost94::Gost94UA;

use crate::race::Race;
use crate::random::Random;

pub(crate) const GOST: &str = "dstu";
pub(crate) const GOST94: &str = "gost94";

const MESSAGE_OCTETS: usize = 64 << 10;
const MESSAGES_MAX: usize = 16;

/// Messages to digest.
pub(crate) struct Messages(Vec<Vec<u8>>);

impl Messages {
    pub(crate) fn new() -> Self {
        let mut random = Random::new(0xd1637);
        Self((0..MESSAGES_MAX).map(|_| random.octets(MESSAGE_OCTETS)).collect())
    }

    /// One message on one stream.
    pub(crate) fn one(&self) -> Race<'_> {
        let message = &self.0[0][..];
        let mut race = Race::new("GOST 34.311-95, one message");
        race.enter(GOST, MESSAGE_OCTETS, move || digest(&Dke::NO_1, message));
        race.enter("dstu, portable", MESSAGE_OCTETS, move || digest_on(Path::Portable, &Dke::NO_1, message));
        race.enter(GOST94, MESSAGE_OCTETS, move || Gost94UA::digest(message));
        race.enter("structured-dstu4145", MESSAGE_OCTETS, move || structured(message));
        race.enter("ua-cryptography-gost", MESSAGE_OCTETS, move || {
            ua_cryptography_gost::Gost34311::calculate_hash(message)
        });
        race
    }

    /// Several messages at once: all their octets together.
    pub(crate) fn many(&self) -> Race<'_> {
        let mut race = Race::new("GOST 34.311-95, messages side by side");
        for (name, count) in
            [("1 message", 1), ("2 messages", 2), ("4 messages", 4), ("8 messages", 8), ("16 messages", 16)]
        {
            let messages: Vec<&[u8]> = self.0[..count].iter().map(Vec::as_slice).collect();
            let mut digests = vec![[0; 32]; count];
            race.enter(name, count * MESSAGE_OCTETS, move || {
                digest_many(&Dke::NO_1, &messages, &mut digests).unwrap();
                digests[0]
            });
        }
        race
    }

    /// What else Ukrainian and other signatures hash with.
    pub(crate) fn others(&self) -> Race<'_> {
        let message = &self.0[0][..];
        let mut race = Race::new("other digests, one message");
        race.enter("Kupyna-256", MESSAGE_OCTETS, move || Kupyna256::digest(message));
        race.enter("SHA-256, OpenSSL", MESSAGE_OCTETS, move || openssl::sha::sha256(message));
        race
    }
}

fn structured(message: &[u8]) -> [u8; 32] {
    use structured_dstu4145::gost::{DEFAULT_DKE, Dke, Gost34311};
    let dke = Dke::new(&DEFAULT_DKE).unwrap();
    let mut stream = Gost34311::new(&dke);
    stream.update(message).unwrap();
    stream.finalize()
}
