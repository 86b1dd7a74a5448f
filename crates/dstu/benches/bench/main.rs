//! `make bench`: one run, one table, every figure beside the figures of others on the same machine and minute.
//!
//! A figure is the best of several short turns that all contestants take one after another. Everything is built in
//! one profile, without compiler flags.

#![expect(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that prints a table; the parts it shares with the tests know more than it needs"
)]

#[path = "../../tests/oracles/curves.rs"]
mod curves;
mod digests;
#[path = "../../tests/oracles/openssl.rs"]
mod openssl_twin;
mod race;
#[path = "../../tests/oracles/random.rs"]
mod random;
mod signatures;

use digests::{GOST, GOST94, Messages};
use dstu::Curve;
use race::{Race, thousands};
use signatures::{Field, OPENSSL, PREPARED, SPLIT, STRUCTURED, p256};

const MEBIBYTE: f64 = (1_u64 << 20) as f64;

fn main() {
    println!("dstu on {}; one thread; peers in the same build, OpenSSL as installed", dstu::backend::name());
    let (m257, m431, messages) = (Field::new(Curve::M257), Field::new(Curve::M431), Messages::new());
    let mut m257 = m257.race("DSTU 4145, m = 257 (signers and authorities)");
    let mut m431 = m431.race("DSTU 4145, m = 431 (roots)");
    let (mut p256, mut one) = (p256(), messages.one());
    let (mut many, mut others) = (messages.many(), messages.others());
    race::run(&mut [&mut m257, &mut m431, &mut p256, &mut one, &mut many, &mut others]);

    for race in [&m257, &m431, &p256] {
        race.print("verifications/s", 1.0);
    }
    for race in [&one, &many, &others] {
        race.print("MiB/s", MEBIBYTE);
    }

    println!("\nrequired");
    let mut passed = true;
    for (what, race, first, second, least) in [
        ("m = 257, prepared key ÷ structured-dstu4145", &m257, PREPARED, STRUCTURED, 8.0),
        ("m = 257, prepared key ÷ OpenSSL GF(2^m)", &m257, PREPARED, OPENSSL, 20.0),
        ("m = 431, prepared key ÷ structured-dstu4145", &m431, PREPARED, STRUCTURED, 8.0),
        ("GOST 34.311-95, one message ÷ gost94", &one, GOST, GOST94, 5.0),
    ] {
        passed &= ratio(what, race, first, second, least);
    }
    println!("goals on the reference machine");
    goal("m = 257, prepared key, a second", m257.rate(PREPARED), 60_000.0);
    goal("m = 257, split tables, a second", m257.rate(SPLIT), 100_000.0);
    if !passed {
        std::process::exit(1);
    }
}

/// Whether one contestant is so many times as fast as another.
fn ratio(what: &str, race: &Race<'_>, first: &str, second: &str, least: f64) -> bool {
    let ratio = race.rate(first) / race.rate(second);
    println!("  {what:<50}{ratio:>12.1} ×   ≥ {least:<9} {}", verdict(ratio >= least));
    ratio >= least
}

fn goal(what: &str, rate: f64, goal: f64) {
    println!("  {what:<50}{:>14}   ≥ {:<9} {}", thousands(rate), thousands(goal), verdict(rate >= goal));
}

fn verdict(passed: bool) -> &'static str {
    if passed { "PASS" } else { "FAIL" }
}
