//! Random bytes → a token; a letter → the tokens in it.
//!
//! How eagerly a token is seen depends on where it stands, because one text of 13 symbols in 32 has a right check
//! symbol by chance:
//!
//! | written | plus-address | subject | body |
//! |---|---|---|---|
//! | `7K3F-Q2MX-0ABD-V`, as printed, hyphens of any kind | yes | yes | yes |
//! | `7K3F Q2MX 0ABD V`, spaces instead | | with a digit and a letter | with a digit and a letter |
//! | `7K3FQ2MX0ABDV`, without groups or in other ones, as a word of its own | yes | with a digit and a letter | no |
//!
//! A wrong guess costs little: no code has that token, and the clerk reads of an unknown one.

use crate::model::{Letter, Token, TokensFound};

/// Characters of a subject or body that are looked at: a visitor's letter is a page long, this is a hundred pages. Time
/// and memory grow with the characters.
const SCAN_CHARS_MAX: usize = 200_000;

/// Recipients whose addresses are looked at; mail servers accept no more in one go (RFC 5321 §4.5.3.1.8 asks for 100).
const RECIPIENTS_MAX: usize = 1_000;

/// Tokens kept for each place: a letter answers one code, and each token costs the store a question.
const TOKENS_MAX: usize = 16;

/// Characters between two groups of a token: ` - ` and a line's end.
const JOINT_CHARS_MAX: usize = 4;

/// A token of random bits.
///
/// `random` fills its slice with bytes that nobody can guess.
pub fn make_token(random: &mut dyn FnMut(&mut [u8])) -> Token {
    let mut bytes = [0; 8];
    random(&mut bytes);
    Token::of_low_bits(u64::from_le_bytes(bytes))
}

/// The well-formed tokens of a letter by the place where they stand, each once, at most 16 for a place.
#[must_use]
pub fn tokens_in(letter: &Letter) -> TokensFound {
    let tags = letter.recipients.iter().take(RECIPIENTS_MAX).flat_map(|recipient| {
        let local = recipient.address.rsplit_once('@').map_or("", |(local, _)| local);
        local.split('+').skip(1)
    });
    TokensFound {
        address: each_once(tags.filter_map(|tag| tag.parse().ok())),
        subject: each_once(tokens_in_text(&letter.subject, Place::Subject).into_iter()),
        body: each_once(tokens_in_text(&letter.body, Place::Body).into_iter()),
    }
}

fn each_once(found: impl Iterator<Item = Token>) -> Vec<Token> {
    let mut tokens = Vec::new();
    for token in found {
        if tokens.len() == TOKENS_MAX {
            break;
        }
        if !tokens.contains(&token) {
            tokens.push(token);
        }
    }
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Subject,
    Body,
}

/// A run of letters and digits, and how the next one is joined to it.
#[derive(Default)]
struct Word {
    /// The first characters; one more than a token has is enough to know that it is too long.
    chars: Vec<char>,
    joint: Joint,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Joint {
    Hyphen,
    Space,
    #[default]
    Apart,
}

fn tokens_in_text(text: &str, place: Place) -> Vec<Token> {
    let words = words_of(text);
    (0..words.len()).filter_map(|at| token_at(words.get(at..)?, place)).collect()
}

/// The token that begins with the first of these words.
fn token_at(words: &[Word], place: Place) -> Option<Token> {
    let (mut chars, mut lengths, mut joints) = (Vec::with_capacity(Token::SYMBOLS), Vec::new(), Vec::new());
    for word in words {
        chars.extend_from_slice(&word.chars);
        lengths.push(word.chars.len());
        if chars.len() >= Token::SYMBOLS || word.joint == Joint::Apart {
            break;
        }
        joints.push(word.joint);
    }
    if chars.len() != Token::SYMBOLS {
        return None;
    }
    let hyphens_only = joints.iter().all(|&joint| joint == Joint::Hyphen);
    let looks_random = chars.iter().any(char::is_ascii_digit) && chars.iter().any(|c| c.is_alphabetic());
    let as_printed = lengths == [4, 4, 4, 1];
    let plausible = match (as_printed, hyphens_only) {
        (true, true) => true,
        (true, false) => looks_random,
        (false, true) => looks_random && place == Place::Subject,
        (false, false) => false,
    };
    if plausible { chars.into_iter().collect::<String>().parse().ok() } else { None }
}

fn words_of(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut between = String::new();
    for c in text.chars().take(SCAN_CHARS_MAX).filter(|&c| !Token::is_invisible(c)) {
        if !c.is_alphanumeric() {
            if between.len() <= JOINT_CHARS_MAX * 4 {
                between.push(c);
            }
            continue;
        }
        if words.is_empty() || !between.is_empty() {
            if let Some(word) = words.last_mut() {
                word.joint = joint_of(&between);
            }
            between.clear();
            words.push(Word::default());
        }
        if let Some(word) = words.last_mut()
            && word.chars.len() <= Token::SYMBOLS
        {
            word.chars.push(c);
        }
    }
    words
}

/// One hyphen with a few spaces joins, even when mail programs broke the line after it; so do one or two spaces.
fn joint_of(between: &str) -> Joint {
    let line_end = |c| matches!(c, '\r' | '\n');
    let hyphens = between.chars().filter(|&c| Token::is_hyphen(c)).count();
    let grouping = between.chars().all(Token::is_grouping);
    if !grouping || between.chars().count() > JOINT_CHARS_MAX || between.starts_with(line_end) {
        return Joint::Apart;
    }
    match hyphens {
        1 => Joint::Hyphen,
        0 if between.chars().count() <= 2 && !between.contains(line_end) => Joint::Space,
        _ => Joint::Apart,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Address;

    /// A source that counts: enough to see which bytes go where.
    fn counting() -> impl FnMut(&mut [u8]) {
        let mut next = 17_u8;
        move |bytes| {
            for byte in bytes {
                *byte = next;
                next = next.wrapping_mul(31).wrapping_add(7);
            }
        }
    }

    /// A token with digits and letters in it.
    fn token() -> Token {
        make_token(&mut counting())
    }

    fn written(grouping: &str) -> String {
        token().to_string().replace('-', grouping)
    }

    #[track_caller]
    fn in_subject(subject: &str, expected: &[Token]) {
        let letter = Letter { subject: subject.to_owned(), ..Letter::default() };
        assert_eq!(tokens_in(&letter).subject, expected, "{subject:?}");
        assert!(tokens_in(&letter).body.is_empty());
    }

    #[track_caller]
    fn in_body(body: &str, expected: &[Token]) {
        let letter = Letter { body: body.to_owned(), ..Letter::default() };
        assert_eq!(tokens_in(&letter).body, expected, "{body:?}");
    }

    #[track_caller]
    fn in_address(address: &str, expected: &[Token]) {
        let address = Address { name: token().to_string(), address: address.to_owned() };
        let letter = Letter { recipients: vec![address], ..Letter::default() };
        assert_eq!(tokens_in(&letter).address, expected);
    }

    #[test]
    fn a_token_takes_all_its_bits_from_the_source() {
        let mut seen = 0;
        for byte in 0..=u8::MAX {
            seen |= make_token(&mut |bytes| bytes.fill(byte)).bits();
        }
        assert_eq!(seen, (1 << Token::BITS) - 1);
        assert_eq!(make_token(&mut |bytes| bytes.fill(0)).bits(), 0);
        let text = token().to_string();
        assert!(text.contains(|c: char| c.is_ascii_digit()) && text.contains(|c: char| c.is_alphabetic()));
    }

    #[test]
    fn a_subject_holds_its_token_in_running_text() {
        let (printed, plain) = (token().to_string(), written(""));
        for subject in [
            printed.clone(),
            format!("Re: Fwd: {printed}… дякую"),
            format!("[{}]", printed.to_lowercase()),
            format!("код:{printed}."),
            format!("ID-{printed}"),
            written(" "),
            written("\u{2013}"),
            written(" - "),
            written("\u{AD}-"),
            format!("Re: {plain}"),
            plain.to_lowercase(),
            format!("{}-{}", &plain[..8], &plain[8..]),
        ] {
            in_subject(&subject, &[token()]);
        }
    }

    #[test]
    fn a_body_holds_its_token_only_in_groups() {
        let (printed, plain) = (token().to_string(), written(""));
        in_body(&format!("Добрий день!\r\nКод {printed}, документи додаю."), &[token()]);
        in_body(&format!("> {}\r\n", written("-\r\n")), &[token()]);
        in_body(&written(" "), &[token()]);
        in_body(&plain, &[]);
        in_body(&format!("{}-{}", &plain[..8], &plain[8..]), &[]);
        in_body(&written("\r\n"), &[]);
        in_body(&written(" \r\n- "), &[]);
        in_body(&written("--"), &[]);
        in_body(&written(", "), &[]);
    }

    #[test]
    fn a_plus_address_holds_its_token() {
        in_address(&format!("cnap+{}@example.org", written("")), &[token()]);
        in_address(&format!("cnap+{}@example.org", token().to_string().to_lowercase()), &[token()]);
        in_address(&format!("cnap+visit+{}@example.org", written("")), &[token()]);
        in_address(&format!("{}@example.org", written("")), &[]);
        in_address(&format!("cnap@{}.org", written("")), &[]);
        in_address(&format!("cnap+x{}@example.org", written("")), &[]);
    }

    #[test]
    fn each_token_is_named_once_and_a_damaged_one_is_none() {
        let other = Token::new(0x0012_3456_789a_bcde).unwrap();
        in_body(&format!("{} {} {}", token(), other, token()), &[token(), other]);
        let printed = token().to_string();
        let damaged = format!("{}{}", &printed[..15], if printed.ends_with('Z') { 'Y' } else { 'Z' });
        in_body(&damaged, &[]);
        in_subject(&format!("x{printed}"), &[]);
        in_subject(&format!("{printed}x"), &[]);
    }

    /// Numbers and words of everyday letters, each with every possible last symbol, so that chance has its turn.
    #[test]
    fn everyday_numbers_and_words_are_no_tokens() {
        for last in "0123456789abcdefghjkmnpqrstvwxyz".chars() {
            for body in [
                format!("this that were {last}"),
                format!("там, мама така {last}"),
                format!("рахунок 149439012345{last}"),
                format!("uuid 123e4567-e89b-12d3-a456-42661417400{last}"),
                format!("internal-passport-285836417086{last}.pdf"),
                format!("word abcdefghjkmn{last}"),
                format!("файл IMG20260315A{last}"),
            ] {
                in_body(&body, &[]);
            }
            in_subject(&format!("+38067123456{last}"), &[]);
            in_subject(&format!("Documentation{last}"), &[]);
        }
        for digit in 0..=9 {
            in_body(&format!("картка 4149 4390 1234 {digit}"), &[]);
            in_body(&format!("IBAN UA21 3223 1300 0002 6007 2335 6600 {digit}"), &[]);
            in_subject(&format!("149439012345{digit}"), &[]);
        }
    }

    #[test]
    fn a_letter_full_of_tokens_names_sixteen() {
        let all: Vec<Token> = (1..=40).map(|bits| Token::new(bits << 30).unwrap()).collect();
        let body: Vec<String> = all.iter().map(Token::to_string).collect();
        in_body(&body.join(", "), &all[..16]);
    }

    #[test]
    fn a_huge_body_is_read_up_to_the_limit() {
        let printed = token().to_string();
        for piece in ["A", "ABCD-", "A ", "- ", "1234 ", "ї"] {
            let padding: String = piece.chars().cycle().take(SCAN_CHARS_MAX - printed.len() - 1).collect();
            in_body(&format!("{padding}.{printed}{}", ".".repeat(5_000_000)), &[token()]);
            in_body(&format!("{padding}..{printed}"), &[]);
        }
    }
}
