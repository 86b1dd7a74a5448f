//! Digests that others have published.

use dstu::gost34311::{Dke, Path, digest, digest_on};

use crate::reference;

/// The S-boxes of the standard's examples (GOST 34.311-95, A.1; RFC 5831, 7.1), a row a line, row 0 first.
const EXAMPLE_ROWS: [&str; 8] = [
    "4A92D80E6B1C7F53",
    "EB4C6DFA23810759",
    "581DA342EFC7609B",
    "7DA1089FE46CB253",
    "6C715FD84A9E03B2",
    "4BA0721D36859CFE",
    "DB413F590AE7682C",
    "1FD057A4923E6B8C",
];

/// S-boxes of RFC 4357, 11.2: id-GostR3411-94-CryptoProParamSet.
const CRYPTO_PRO_ROWS: [&str; 8] = [
    "A4568137DCE092BF",
    "5F402DB91763CEA8",
    "7FCE94103B526A8D",
    "4A7C0F28E165DB93",
    "764B9C2A180EFD35",
    "7624D9F0A15B8EC3",
    "DE41705A3C8F629B",
    "13A95B4F867ED02C",
];

fn dke(rows: &[&str; 8]) -> Dke {
    Dke::try_from(octets(&rows.concat()).as_slice()).unwrap()
}

fn octets(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}

#[track_caller]
fn check(dke: &Dke, message: &[u8], expected: &str) {
    for path in Path::ALL {
        assert_eq!(digest_on(path, dke, message).as_slice(), octets(expected), "{}", path.name());
    }
    assert_eq!(digest(dke, message).as_slice(), octets(expected));
    assert_eq!(reference::digest(dke, message).as_slice(), octets(expected), "the slow twin");
}

/// GOST 34.311-95, A.3.1 and A.3.2 (RFC 5831, 7.3.1 and 7.3.2).
#[test]
fn the_standards_own_examples_come_out() {
    let dke = dke(&EXAMPLE_ROWS);
    check(
        &dke,
        b"This is message, length=32 bytes",
        "b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa",
    );
    check(
        &dke,
        b"Suppose the original message has length = 50 bytes",
        "471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208",
    );
}

/// Known answers that the RustCrypto project keeps for the same S-boxes.
#[test]
fn known_answers_with_the_examples_s_boxes_come_out() {
    let dke = dke(&EXAMPLE_ROWS);
    check(&dke, b"", "ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d");
    check(&dke, b"abc", "f3134348c44fb1b2a277729e2285ebb5cb5e0f29c975bc753b70497c06a4d51d");
    check(&dke, b"message digest", "ad4434ecb18f2c99b60cbe59ec3d2469582b65273f48de72db2fde16a4889a4d");
    check(&dke, &[b'U'; 128], "53a3a3ed25180cef0c1d85a074273e551c25660a87062a52d926a9e8fe5733a4");
}

/// The test of OpenSSL's GOST engine, test/01-digest.t.
#[test]
fn known_answers_with_crypto_pros_s_boxes_come_out() {
    let dke = dke(&CRYPTO_PRO_ROWS);
    check(&dke, b"", "981e5f3ca30c841487830f84fb433e13ac1101569b9c13584ac483234cd656c0");
    check(&dke, &b"12345670".repeat(128), "f7fc6d16a6a5c12ac4f7d320e0fd0d8354908699125e09727a4ef929122b1cae");
    check(
        &dke,
        &b"\x00\x01\x02\x15\x84\x67\x45\x31".repeat(128),
        "69f529aa82d9344ab0fa550cdf4a70ecfd92a38b5520b1906329763e09105196",
    );
}

/// Fixed here as `gost94` and the slow twin both compute them, so that a change of both does not go unseen.
#[test]
fn known_answers_with_the_default_s_boxes_come_out() {
    check(&Dke::NO_1, b"", "da37bdf41145e39e34111775b40646e8059c2e969c1460bb98abccb26f0f76a5");
    check(&Dke::NO_1, b"abc", "a34a53504d8ba070cb73a583146167a0a3c226d793440d9cea24465fe02251f2");
    check(
        &Dke::NO_1,
        b"This is message, length=32 bytes",
        "317e4f627075d4897ef41380bcb8d48926d29ddafa5816da556543905d2237a9",
    );
}

#[test]
fn the_default_s_boxes_are_those_of_the_published_packing() {
    let packed = octets(
        "A9D6EB45F13C708280C4967B231F5EADF658EBA4C037291D38D96BF025CA4E17\
         F8E9720DC615B43A28975F0BC1DEA36438B564EA2C179FD0123E6DB8FAC57904",
    );
    assert_eq!(Dke::NO_1.to_packed().as_slice(), packed);
    assert_eq!(Dke::try_from(packed.as_slice()), Ok(Dke::NO_1));
    assert_eq!(Dke::default(), Dke::NO_1);
}

#[test]
fn a_dke_of_another_length_is_refused_with_its_length() {
    for length in [0, 1, 63, 65, 128] {
        let error = Dke::try_from(vec![0; length].as_slice()).unwrap_err();
        assert_eq!(error.octets, length);
        assert_eq!(error.to_string(), format!("a DKE is 64 octets, not {length}"));
    }
}
