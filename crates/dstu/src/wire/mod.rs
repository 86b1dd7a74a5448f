//! DER octets of the key's world → keys.

pub(crate) mod der;
mod spki;
#[cfg(test)]
mod tests;

pub(crate) use spki::Spki;
