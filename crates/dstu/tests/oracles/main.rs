//! `dstu` against everybody else: OpenSSL's GF(2^m), two other crates, Bouncy Castle, published vectors, real files.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that meets the unexpected stops right there, and says what it did not run"
)]

mod bouncy_castle;
mod curves;
mod der;
mod digests;
mod hex;
mod keys;
mod ladder;
mod mutations;
mod openssl;
mod peers;
mod portable;
mod random;
mod real;
mod rules;
mod signatures;
mod signing;
mod spki;
mod subject;
mod vectors;
