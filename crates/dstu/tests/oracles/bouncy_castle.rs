//! Bouncy Castle, where Java and Debian's `libbcprov-java` are installed: one process answers a file of questions.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use dstu::gost34311::{Dke, digest};
use dstu::kupyna::{Digest, Kupyna256, Kupyna384, Kupyna512};

use crate::curves::{ROWS, Row};
use crate::hex::{hex, unhex};
use crate::ladder::{Key, digest_for};
use crate::openssl::{Number, Twin};
use crate::random::Random;

const JAR: &str = "/usr/share/java/bcprov.jar";

/// One answer a question; none where Java or Bouncy Castle is absent.
fn ask(name: &str, questions: &[String]) -> Option<Vec<String>> {
    let java = Command::new("java").arg("-version").stderr(Stdio::null()).status();
    if !java.is_ok_and(|status| status.success()) || !Path::new(JAR).exists() {
        eprintln!("skipped: no Java with Bouncy Castle ({JAR})");
        return None;
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bouncy-castle-{name}.txt"));
    std::fs::write(&file, questions.join("\n") + "\n").unwrap();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/BouncyCastle.java");
    let output =
        Command::new("java").args(["-cp", JAR, source]).stdin(File::open(&file).unwrap()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let answers: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), questions.len(), "{errors}");
    Some(answers)
}

fn octets(octets: &[u8]) -> String {
    if octets.is_empty() { "-".to_owned() } else { hex(octets) }
}

/// m k1 k2 k3 a b n gx gy
fn domain(row: &Row) -> String {
    let middle: Vec<i32> = row.polynomial[1..row.polynomial.len() - 1].iter().rev().copied().collect();
    let [k1, k2, k3] = if let [k] = middle[..] { [k, 0, 0] } else { [middle[0], middle[1], middle[2]] };
    format!("{} {k1} {k2} {k3} {} {} {} {} {}", row.m(), row.a, row.b, row.n, row.x, row.y)
}

#[test]
fn good_and_spoiled_signatures_are_judged_alike_by_bouncy_castle() {
    let mut random = Random::new(0xbc);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for row in &ROWS {
        let twin = Twin::new(row);
        for _ in 0..3 {
            let key = Key::new(&twin, Number::random(twin.n.bits() - 1, &mut random));
            let (qx, qy) = twin.affine(&key.point).unwrap();
            for _ in 0..4 {
                let mut r = Number::random(twin.n.bits() - 1, &mut random);
                let s = Number::random(twin.n.bits() - 1, &mut random);
                let mut digest = digest_for(&twin, &key.point, &r, &s, &mut random).unwrap();
                match random.below(4) {
                    0 => digest[random.below(20)] ^= 1 << random.below(8),
                    1 => r = r.flip(random.below(twin.n.bits() - 1)),
                    _ => {}
                }
                let numbers = [&qx, &qy].map(Number::to_hex).join(" ");
                let pair = [&r, &s].map(Number::to_hex).join(" ");
                questions.push(format!("verify {} {numbers} {} {pair}", domain(row), hex(&digest)));
                ours.push(key.subject.verifies(&digest, &r, &s).to_string());
            }
        }
    }
    let good = ours.iter().filter(|verdict| *verdict == "true").count();
    assert!(good > 30 && ours.len() - good > 30, "{good} of {}", ours.len());
    let Some(theirs) = ask("verify", &questions) else { return };
    for ((question, theirs), ours) in questions.iter().zip(&theirs).zip(&ours) {
        assert_eq!(theirs, ours, "{question}");
    }
}

#[test]
fn signatures_made_by_bouncy_castle_verify() {
    let mut random = Random::new(0xbc516);
    let (mut questions, mut cases) = (Vec::new(), Vec::new());
    for row in &ROWS {
        let twin = Twin::new(row);
        for seed in 0..4 {
            let d = Number::random(twin.n.bits() - 1, &mut random);
            let digest = random.octets(32);
            questions.push(format!("sign {} {} {seed} {}", domain(row), d.to_hex(), hex(&digest)));
            cases.push((Key::new(&twin, twin.negate_mod_n(&d)), digest));
        }
    }
    let Some(answers) = ask("sign", &questions) else { return };
    for ((key, digest), answer) in cases.iter().zip(&answers) {
        let (r, s) = answer.split_once(' ').unwrap();
        let (r, s) = (Number::from_hex(r), Number::from_hex(s));
        assert!(key.subject.verifies(digest, &r, &s), "{answer}");
        assert!(!key.subject.verifies(digest, &s, &r), "{answer}");
    }
}

#[test]
fn digests_are_those_of_bouncy_castle() {
    let mut random = Random::new(0xd16);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for length in (0..70).chain([95, 96, 97, 127, 128, 129, 255, 256, 1000, 4096]) {
        let message = random.octets(length);
        let dke = if length % 2 == 0 { Dke::NO_1 } else { random_dke(&mut random) };
        questions.push(format!("gost {} {}", hex(&dke.to_packed()), octets(&message)));
        ours.push(hex(&digest(&dke, &message)));
        for (bits, digest) in [
            (256, Kupyna256::digest(&message).to_vec()),
            (384, Kupyna384::digest(&message).to_vec()),
            (512, Kupyna512::digest(&message).to_vec()),
        ] {
            questions.push(format!("kupyna {bits} {}", octets(&message)));
            ours.push(hex(&digest));
        }
    }
    let Some(theirs) = ask("digest", &questions) else { return };
    for ((question, theirs), ours) in questions.iter().zip(&theirs).zip(&ours) {
        assert_eq!(theirs, ours, "{question}");
        assert_eq!(unhex(theirs).len(), ours.len() / 2);
    }
}

/// Eight random permutations of 0 … 15.
pub(crate) fn random_dke(random: &mut Random) -> Dke {
    let mut packed = [0; 64];
    for row in packed.chunks_mut(8) {
        let mut nibbles: Vec<u8> = (0..16).collect();
        for last in (1..16).rev() {
            nibbles.swap(last, random.below(last + 1));
        }
        for (octet, pair) in row.iter_mut().zip(nibbles.chunks(2)) {
            *octet = pair[0] << 4 | pair[1];
        }
    }
    Dke::from_packed(&packed)
}
