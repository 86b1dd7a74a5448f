//! Published vectors: the standard's own example, Bouncy Castle's, and the digests they need.

use dstu::gost34311::{Dke, digest};
use dstu::kupyna::{Digest, Kupyna256, Kupyna384, Kupyna512};
use dstu::{Curve, PublicKey};
use gost94::params::{GOST28147UAParam, Gost94Params};

use crate::curves::row;
use crate::hex::{hex, unhex};
use crate::openssl::{Number, Twin};
use crate::spki::{LITTLE_ENDIAN, explicit, spki};
use crate::subject::Subject;

/// A signature as published: big-endian numbers, the digest most significant octet first.
struct Example {
    curve: Curve,
    /// The base point, which is not the one that is published with the curve.
    base: (&'static str, &'static str),
    d: &'static str,
    e: &'static str,
    digest: &'static str,
    r: &'static str,
    s: &'static str,
}

/// DSTU 4145-2002, annex Б.1 (m = 163), and the tests of Bouncy Castle for m = 173 and m = 431.
const EXAMPLES: [Example; 4] = [
    Example {
        curve: Curve::M163,
        base: ("72d867f93a93ac27df9ff01affe74885c8c540420", "0224a9c3947852b97c5599d5f4ab81122adc3fd9b"),
        d: "183f60fdf7951ff47d67193f8d073790c1c9b5a3e",
        e: "1025e40bd97db012b7a1d79de8e12932d247f61c6",
        digest: "09c9c44277910c9aaee486883a2eb95b7180166ddf73532eeb76edaef52247ff",
        r: "274ea2c0caa014a0d80a424f59ade7a93068d08a7",
        s: "2100d86957331832b8e8c230f5bd6a332b3615aca",
    },
    Example {
        curve: Curve::M173,
        base: ("BE6628EC3E67A91A4E470894FBA72B52C515F8AEE9", "D9DEEDF655CF5412313C11CA566CDC71F4DA57DB45C"),
        d: "955CD7E344303D1034E66933DC21C8044D42ADB8",
        e: "137449348C1249971759D99C252FFE1E14D8B31F",
        digest: "0137187EA862117EF1484289470ECAC802C5A651FDA8",
        r: "13ae89746386709cdbd237cc5ec20ca30004a82ead8",
        s: "3597912cdd093b3e711ccb74a79d3c4ab4c7cccdc60",
    },
    Example {
        curve: Curve::M173,
        base: ("BE6628EC3E67A91A4E470894FBA72B52C515F8AEE9", "D9DEEDF655CF5412313C11CA566CDC71F4DA57DB45C"),
        d: "955CD7E344303D1034E66933DC21C8044D42ADB8",
        e: "C4224DBBD800988DBAA39DE838294C345CDA5F59",
        digest: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        r: "6bb5c0cb82e5067485458ebfe81025f03b687c63a27",
        s: "34d6b1868969b86ecf934167c8fe352c63d1074bd",
    },
    Example {
        curve: Curve::M431,
        base: (
            "9548BCDF314CEEEAF099C780FFEFBF93F9FE5B5F55547603C9C8FC1A2774170882B3BE35E892C6D4296B8DEA282EC30FB344272791",
            "4C6CBD7C62A8EEEFDE17A8B5E196E49A22CE6DE128ABD9FBD81FA4411AD5A38E2A810BEDE09A7C6226BCDCB4A4A5DA37B4725E00AA74",
        ),
        d: "D0F97354E314191FD773E2404F478C8AEE0FF5109F39E6F37D1FEEC8B2ED1691D84C9882CC729E716A71CC013F66CAC60E29E22C",
        e: "C4224DBBD800988DBAA39DE838294C345CDA5F5929D1174AA8D9340A5E79D10ACADE6B53CF873E7301A3871C2073AD75AB530457",
        digest: "0137187EA862117EF1484289470ECAC802C5A651FDA8",
        r: "1911fefb1f494bebcf8dffdf5276946ff9c9f662192ee18c718db47310a439c784fe07577b16e1edbe16179876e0792a634f1c9c3a2e",
        s: "3852170ee801c2083c52f1ea77b987a5432acecd9c654f064e87bf179e0a397151edbca430082e43bd38a67b55424b5bbc7f2713f620",
    },
];

#[test]
fn published_signatures_verify() {
    for example in &EXAMPLES {
        let (x, y) = (Number::from_hex(example.base.0), Number::from_hex(example.base.1));
        let twin = Twin::with_base(row(example.curve), &x, &y);
        let digest: Vec<u8> = unhex(example.digest).into_iter().rev().collect();
        let [d, e, r, s] = [example.d, example.e, example.r, example.s].map(Number::from_hex);
        let (made_r, made_s) = twin.sign(&d, &e, &digest).unwrap();
        assert_eq!((&made_r, &made_s), (&r, &s), "{:?}: OpenSSL signs the same", example.curve);
        let base = twin.compress(&twin.times_base(&Number::from_word(1)));
        let point = twin.compress(&twin.times_base(&twin.negate_mod_n(&d)));
        let whole = spki(LITTLE_ENDIAN, &explicit(&twin, &base, None), &point);
        let key = Subject::new(PublicKey::from_spki(&whole, crate::rules::ANY).unwrap());
        assert!(key.verifies(&digest, &r, &s), "{:?}", example.curve);
        assert!(!key.verifies(&digest, &s, &r), "{:?}", example.curve);
        assert!(!key.verifies(&digest, &r, &s.flip(0)), "{:?}", example.curve);
    }
}

#[test]
fn the_public_key_of_the_standards_example_is_the_published_one() {
    let example = &EXAMPLES[0];
    let (x, y) = (Number::from_hex(example.base.0), Number::from_hex(example.base.1));
    let twin = Twin::with_base(row(example.curve), &x, &y);
    let point = twin.times_base(&twin.negate_mod_n(&Number::from_hex(example.d)));
    let (x, y) = twin.affine(&point).unwrap();
    assert_eq!(x, Number::from_hex("57DE7FDE023FF929CB6AC785CE4B79CF64ABDC2DA"));
    assert_eq!(y, Number::from_hex("3E85444324BCF06AD85ABF6AD7B5F34770532B9AA"));
}

#[test]
fn the_published_digest_under_the_ukrainian_substitution_is_met() {
    // Row 0 acts on the lowest nibble; two values an octet, the first one high.
    let octets: Vec<u8> =
        GOST28147UAParam::S_BOX.as_flattened().chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let ukrainian = Dke::try_from(&octets[..]).unwrap();
    assert_eq!(ukrainian, Dke::NO_1);
    // From the tests of UAPKI.
    let expected = "7c536414f8b5b9cc649fdf3cccb2685c1a12622956308e34f31c50ed7b3af56c";
    assert_eq!(hex(&digest(&ukrainian, b"test")), expected);
}

#[test]
fn published_digests_of_kupyna_are_met() {
    // DSTU 7564:2014, annex Б: the octets 00, 01, 02, …
    let counted: Vec<u8> = (0..=255).collect();
    assert_eq!(
        hex(&Kupyna256::digest(&counted[..64])),
        "08f4ee6f1be6903b324c4e27990cb24ef69dd58dbe84813ee0a52f6631239875"
    );
    assert_eq!(
        hex(&Kupyna384::digest(&counted[..95])),
        "d9021692d84e5175735654846ba751e6d0ed0fac36dfbc0841287dcb0b5584c75016c3decc2a6e47c50b2f3811e351b8"
    );
    assert_eq!(
        hex(&Kupyna512::digest(&counted[..64])),
        "3813e2109118cdfb5a6d5e72f7208dccc80a2dfb3afdfb02f46992b5edbe536b\
         3560dd1d7e29c6f53978af58b444e37ba685c0dd910533ba5d78efffc13de62a"
    );
}
