//! Long, broken and changed evidence.

use super::*;
use crate::verify::crl::Crl;
use crate::verify::limits::REVOCATION_SOURCES_MAX;
use crate::verify::ocsp::Response;
use crate::verify::testing_revocation::{CrlSpec, OcspSpec, entry, good, revoked};

/// The state of xorshift64 (Marsaglia 2003): the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(count).unwrap()).unwrap()
    }

    /// Some octets changed, taken out, put in or cut off.
    fn change(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let place = self.below(changed.len().max(1));
            let octet = u8::try_from(self.below(256)).unwrap();
            match self.below(16) {
                _ if changed.is_empty() => changed.push(octet),
                0 => {
                    changed.remove(place);
                }
                1 => changed.insert(place, octet),
                2 => changed.truncate(place),
                _ => changed[place] = octet,
            }
        }
        changed
    }
}

const MUTATIONS: usize = 20_000;

#[test]
fn a_list_of_a_million_entries_is_searched_where_it_lies() {
    const COUNT: usize = 1_000_000;
    let one = entry(&[1, 0xff, 0xff, 0xff], "20260101000000Z", Some(1));
    let place = one.windows(3).position(|octets| octets == [0xff; 3]).unwrap();
    let mut entries = one.repeat(COUNT);
    for (number, entry) in entries.chunks_exact_mut(one.len()).enumerate() {
        entry[place..place + 3].copy_from_slice(&u32::try_from(number).unwrap().to_be_bytes()[1..]);
    }
    let last = entry(&[7], "20260310000000Z", Some(4));
    let bytes = CrlSpec { entries: vec![entries, last], ..CrlSpec::good() }.make();
    is_revoked(&lists(std::slice::from_ref(&bytes)).say(), "2026-03-10T00:00:00Z", Some("superseded"));
    assert!(size_of_val(&Crl::read(&bytes).unwrap()) < 1_024, "nothing of the entries is kept");
}

#[test]
fn a_list_beyond_the_limit_is_not_used() {
    let entries = vec![entry(&[9], "20260101000000Z", None); 3];
    let bytes = CrlSpec { entries, ..CrlSpec::good() }.make();
    let list = Crl::read(&bytes).unwrap();
    assert_eq!(list.find_within(3, &[7]), Ok(None));
    assert_eq!(list.find_within(2, &[7]), Err("it is over the limit CRL_ENTRIES_MAX".to_owned()));
}

#[test]
fn a_list_with_a_broken_entry_is_not_used() {
    for broken in [vec![0x30, 0x00], vec![0x04, 0x01, 0x00], vec![0x30, 0x05, 0x02, 0x01]] {
        let mut spec = CrlSpec::good();
        spec.entries.push(broken);
        assert!(matches!(lists(&[spec.make()]).say(), Standing::Unknown { .. }));
    }
}

#[test]
fn sources_are_few() {
    let (list, response) = (CrlSpec::good().make(), OcspSpec::saying(good()).make());
    let mut sources = Sources::default();
    for _ in 0..REVOCATION_SOURCES_MAX {
        assert_eq!(sources.add_crl(&list), Ok(()));
    }
    assert!(sources.add_crl(&list).is_err());
    assert!(sources.add_ocsp(&response).is_err());
    assert!(sources.unreadable()[0].contains("REVOCATION_SOURCES_MAX"));
}

#[test]
fn a_spent_budget_is_said_and_not_taken_for_an_answer() {
    let list = CrlSpec::good().make();
    let mut sources = Sources::default();
    sources.add_crl(&list).unwrap();
    let (certificate, issuer) =
        (Certificate::read(&PKI.signer).unwrap(), Certificate::read(&PKI.authority).unwrap());
    let poor = Known { checks: 0, ..known(&[]) };
    let fault = standing(&certificate, &issuer, &sources, moments(), &mut &poor).unwrap_err();
    assert_eq!(fault, Fault::over_budget("a test's"));
    // What was found out once is not paid for again.
    assert!(standing(&certificate, &issuer, &sources, moments(), &mut &known(&[])).is_ok());
    assert!(standing(&certificate, &issuer, &sources, moments(), &mut &poor).is_ok());
}

#[test]
fn no_changed_list_is_taken_for_the_authoritys() {
    let original = CrlSpec::revoking("20260310000000Z", Some(6)).make();
    let tbs = Crl::read(&original).unwrap().tbs;
    assert!(matches!(lists(std::slice::from_ref(&original)).say(), Standing::Revoked { .. }));
    let mut dice = Dice(0x5eed_0001);
    let mut accepted = 0;
    for _ in 0..MUTATIONS {
        let changed = dice.change(&original);
        if matches!(lists(std::slice::from_ref(&changed)).say(), Standing::Unknown { .. }) {
            continue;
        }
        accepted += 1;
        assert_eq!(Crl::read(&changed).unwrap().tbs, tbs, "{changed:02x?}");
    }
    assert!(accepted < MUTATIONS / 100, "{accepted}");
}

#[test]
fn no_changed_response_is_taken_for_the_responders() {
    let original = OcspSpec::saying(revoked("20260310000000Z", Some(6))).make();
    let tbs = Response::read(&original).unwrap().tbs;
    assert!(matches!(responses(std::slice::from_ref(&original)).say(), Standing::Revoked { .. }));
    let mut dice = Dice(0x5eed_0002);
    let mut accepted = 0;
    for _ in 0..MUTATIONS {
        let changed = dice.change(&original);
        if matches!(responses(std::slice::from_ref(&changed)).say(), Standing::Unknown { .. }) {
            continue;
        }
        accepted += 1;
        assert_eq!(Response::read(&changed).unwrap().tbs, tbs, "{changed:02x?}");
    }
    assert!(accepted < MUTATIONS / 100, "{accepted}");
}
