//! The token of an own code: what ties a letter to the code without trusting anything else in it.

use std::fmt;

/// Sixty random bits: 12 Crockford base32 symbols and a check symbol, printed `XXXX-XXXX-XXXX-C`.
///
/// The check symbol is a weighted sum over GF(32), so that any one wrong symbol and any two swapped ones are noticed;
/// unlike Crockford's own modulo 37 it needs no symbols beyond letters and digits. Reading forgives case, `O` for 0,
/// `I` and `L` for 1, spaces and hyphens. `qr` makes tokens and finds them in letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(u64);

/// The value does not fit in a token's bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token holds {} bits", Token::BITS)]
pub struct InvalidToken;

impl Token {
    /// Random bits in a token: guessing one of a million live codes takes 2^40 letters.
    pub const BITS: u32 = 60;

    /// A token of these bits.
    ///
    /// # Errors
    /// When `bits` needs more than [`Token::BITS`] bits.
    pub const fn new(bits: u64) -> Result<Self, InvalidToken> {
        if bits >> Self::BITS == 0 { Ok(Self(bits)) } else { Err(InvalidToken) }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:015x})", self.0)
    }
}
