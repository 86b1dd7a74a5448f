//! The token of an own code: what ties a letter to the code without trusting anything else in it.

use std::fmt;
use std::str::FromStr;

/// Sixty random bits: 12 Crockford base32 symbols and a check symbol, printed `XXXX-XXXX-XXXX-C`.
///
/// The check symbol is a weighted sum over GF(32), so that any one wrong symbol and any two swapped ones are noticed;
/// unlike Crockford's own modulo 37 it needs no symbols beyond letters and digits. Reading forgives case, `O` for 0,
/// `I` and `L` for 1, Cyrillic letters that look like Latin ones, spaces and hyphens of every kind. `qr` makes tokens
/// and finds them in letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(u64);

/// Why something is not a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// The value does not fit in a token's bits.
    #[error("a token holds {} bits", Token::BITS)]
    TooManyBits,
    /// Too few or too many symbols.
    #[error("a token has {} symbols, for example `7K3F-Q2MX-0ABD-V`; here are {found}", Token::SYMBOLS)]
    Length {
        /// Symbols there, without spaces and hyphens.
        found: usize,
    },
    /// A symbol that no token has.
    #[error(
        "`{symbol}` (symbol {place}) is in no token: they are made of digits and of Latin letters without U"
    )]
    Symbol {
        /// What stands there.
        symbol: char,
        /// Where, counted from 1, without spaces and hyphens.
        place: usize,
    },
    /// A symbol is wrong or two are swapped.
    #[error(
        "the check symbol does not fit: one symbol was misread or two are swapped; compare with the poster"
    )]
    CheckSymbol,
}

/// Crockford's alphabet (<https://www.crockford.com/base32.html>): no I, L, O, U.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M',
    'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// Symbols without the check symbol.
const RANDOM_SYMBOLS: u32 = 12;

/// Symbols between two hyphens.
const GROUP: usize = 4;

impl Token {
    /// Random bits in a token: guessing one of a million live codes takes 2^40 letters.
    pub const BITS: u32 = 60;

    /// Symbols in a token, the check symbol being the last.
    pub const SYMBOLS: usize = 13;

    /// A token of these bits.
    ///
    /// # Errors
    /// When `bits` needs more than [`Token::BITS`] bits.
    pub const fn new(bits: u64) -> Result<Self, InvalidToken> {
        if bits >> Self::BITS == 0 { Ok(Self(bits)) } else { Err(InvalidToken::TooManyBits) }
    }

    /// A token of the lowest [`Token::BITS`] of these bits; the others are dropped.
    #[must_use]
    pub const fn of_low_bits(bits: u64) -> Self {
        Self(bits & ((1 << Self::BITS) - 1))
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// What a character counts as in a token, 0 to 31; none when no token has it.
    ///
    /// `O` is 0, `I` and `L` are 1 (Crockford); Cyrillic letters count as the Latin ones that they look like, because a
    /// phone's keyboard is often left in Ukrainian.
    #[must_use]
    pub fn symbol_value(c: char) -> Option<u8> {
        let upper = c.to_uppercase().next().unwrap_or(c);
        let latin = match upper {
            'O' | 'О' => '0',
            'I' | 'L' | 'І' => '1',
            'А' => 'A',
            'В' => 'B',
            'С' => 'C',
            'Е' => 'E',
            'Н' => 'H',
            'К' => 'K',
            'М' => 'M',
            'Р' => 'P',
            'Т' => 'T',
            'Х' => 'X',
            'У' => 'Y',
            other => other,
        };
        ALPHABET.iter().position(|&symbol| symbol == latin).and_then(|value| u8::try_from(value).ok())
    }

    /// Whether a character inside a token only groups it: a space or a hyphen of any kind, or nothing visible.
    #[must_use]
    pub fn is_grouping(c: char) -> bool {
        c.is_whitespace() || Self::is_hyphen(c) || Self::is_invisible(c)
    }

    /// Whether a character is a hyphen or a dash that a keyboard or a mail program makes of one.
    #[must_use]
    pub const fn is_hyphen(c: char) -> bool {
        matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
    }

    /// Whether a character leaves no trace on paper: soft hyphen, zero-width space and joiners.
    #[must_use]
    pub const fn is_invisible(c: char) -> bool {
        matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
    }

    /// The thirteen symbols' values.
    fn symbols(self) -> impl Iterator<Item = u8> {
        let value = move |place: u32| {
            let value = (self.0 >> (5 * (RANDOM_SYMBOLS - 1 - place))) & 0x1f;
            u8::try_from(value).unwrap_or_default()
        };
        let check = (0..RANDOM_SYMBOLS).map(value).fold(0, |sum, symbol| times_alpha(sum ^ symbol));
        (0..RANDOM_SYMBOLS).map(value).chain([check])
    }
}

/// Multiplies by the generator α of GF(32), where α⁵ = α² + 1.
///
/// A token is right when Σ sᵢ·α^(12−i) over its 13 symbols is 0. The weights α¹² … α⁰ are distinct and not 0 (α has the
/// order 31), so one wrong symbol changes the sum, and so do two swapped ones wherever they stand:
/// (sᵢ + sⱼ)·(wᵢ + wⱼ) is 0 only for equal symbols.
const fn times_alpha(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 0x20 == 0 { doubled } else { (doubled ^ 0x25) & 0x1f }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, symbol) in self.symbols().enumerate() {
            if place > 0 && place % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", ALPHABET.get(usize::from(symbol)).copied().unwrap_or('0'))?;
        }
        Ok(())
    }
}

impl FromStr for Token {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let symbols = || text.chars().filter(|&c| !Self::is_grouping(c));
        let found = symbols().count();
        if found != Self::SYMBOLS {
            return Err(InvalidToken::Length { found });
        }
        let (mut bits, mut check) = (0_u64, 0_u8);
        for (at, symbol) in symbols().enumerate() {
            let value = Self::symbol_value(symbol).ok_or(InvalidToken::Symbol { symbol, place: at + 1 })?;
            check = times_alpha(check) ^ value;
            if at + 1 < Self::SYMBOLS {
                bits = bits << 5 | u64::from(value);
            }
        }
        if check == 0 { Self::new(bits) } else { Err(InvalidToken::CheckSymbol) }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({self})")
    }
}

impl serde::Serialize for Token {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Token {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens over the whole range: each bit alone, the ends, and a walk with a large odd step.
    fn tokens() -> Vec<Token> {
        let all = (1_u64 << Token::BITS) - 1;
        let walk = (1..200_u64).map(|step| step.wrapping_mul(0x9E37_79B9_7F4A_7C15) & all);
        let bits = (0..Token::BITS).map(|bit| 1 << bit);
        bits.chain([0, all]).chain(walk).map(|bits| Token::new(bits).unwrap()).collect()
    }

    fn plain(token: Token) -> Vec<char> {
        token.to_string().replace('-', "").chars().collect()
    }

    fn read(symbols: &[char]) -> Result<Token, InvalidToken> {
        symbols.iter().collect::<String>().parse()
    }

    #[test]
    fn a_token_prints_in_groups_and_reads_back() {
        for token in tokens() {
            let text = token.to_string();
            let groups: Vec<usize> = text.split('-').map(str::len).collect();
            assert_eq!(groups, [4, 4, 4, 1], "{text}");
            assert_eq!(text.parse(), Ok(token), "{text}");
            assert_eq!(
                serde_json::from_str::<Token>(&serde_json::to_string(&token).unwrap()).unwrap(),
                token
            );
        }
        assert_eq!(serde_json::to_string(&Token::new(0).unwrap()).unwrap(), "\"0000-0000-0000-0\"");
    }

    #[test]
    fn every_single_wrong_symbol_is_noticed() {
        for token in tokens() {
            let good = plain(token);
            for place in 0..Token::SYMBOLS {
                for symbol in ALPHABET.into_iter().filter(|&symbol| symbol != good[place]) {
                    let mut wrong = good.clone();
                    wrong[place] = symbol;
                    assert_eq!(
                        read(&wrong),
                        Err(InvalidToken::CheckSymbol),
                        "{token} with {symbol} at {place}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_swap_of_two_different_symbols_is_noticed() {
        for token in tokens() {
            let good = plain(token);
            for one in 0..Token::SYMBOLS {
                for other in one + 1..Token::SYMBOLS {
                    let mut swapped = good.clone();
                    swapped.swap(one, other);
                    let expected = if swapped == good { Ok(token) } else { Err(InvalidToken::CheckSymbol) };
                    assert_eq!(read(&swapped), expected, "{token} with {one} and {other} swapped");
                }
            }
        }
    }

    /// What the two tests above rest on, for all tokens and not only for those tried.
    #[test]
    fn the_weights_are_distinct_and_not_zero() {
        let weights: Vec<u8> = std::iter::successors(Some(1), |&w| Some(times_alpha(w))).take(31).collect();
        let mut sorted = weights.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (1..=31).collect::<Vec<u8>>());
        assert_eq!(times_alpha(*weights.last().unwrap()), 1);
    }

    #[test]
    fn reading_forgives_what_people_do_to_a_token() {
        let token: Token =
            plain(Token::new(0x0f_1234_5678_9abc).unwrap()).iter().collect::<String>().parse().unwrap();
        let text = token.to_string();
        for way in [
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
            text.replace('-', "\u{2011}"),
            text.replace('-', " \u{2014} "),
            text.replace('-', "\u{A0}"),
            text.replace('-', "\u{AD}"),
            format!(" {text}\u{FEFF}\n"),
            text.replace('0', "O").replace('1', "l"),
            text.replace('0', "о").replace('1', "і"),
        ] {
            assert_eq!(way.parse(), Ok(token), "{way:?}");
        }
    }

    #[test]
    fn cyrillic_letters_count_as_the_latin_ones_that_they_look_like() {
        for (cyrillic, latin) in
            "АВСЕНКМОРТХУІавсенкмортхуі".chars().zip("ABCEHKM0PTXY1ABCEHKM0PTXY1".chars())
        {
            assert_eq!(Token::symbol_value(cyrillic), Token::symbol_value(latin), "{cyrillic} {latin}");
            assert!(Token::symbol_value(latin).is_some());
        }
    }

    #[test]
    fn the_example_in_the_error_is_a_token() {
        let said = InvalidToken::Length { found: 0 }.to_string();
        let example = said.split('`').nth(1).unwrap();
        assert_eq!(example.parse::<Token>().map(|token| token.to_string()).as_deref(), Ok(example));
    }

    #[test]
    fn the_error_says_what_is_wrong() {
        assert_eq!("7K3F".parse::<Token>(), Err(InvalidToken::Length { found: 4 }));
        assert_eq!("".parse::<Token>(), Err(InvalidToken::Length { found: 0 }));
        assert_eq!("0000-0000-0000-00".parse::<Token>(), Err(InvalidToken::Length { found: 14 }));
        assert_eq!("0000-U000-0000-0".parse::<Token>(), Err(InvalidToken::Symbol { symbol: 'U', place: 5 }));
        assert_eq!("0000-0000-000ж-0".parse::<Token>(), Err(InvalidToken::Symbol { symbol: 'ж', place: 12 }));
        assert_eq!("0000-0000-0000-1".parse::<Token>(), Err(InvalidToken::CheckSymbol));
        assert_eq!(Token::new(1 << 60), Err(InvalidToken::TooManyBits));
    }
}
