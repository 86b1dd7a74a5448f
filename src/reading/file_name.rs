//! A file name → the kind of document that it promises (domain facts §3).

use crate::model::DocumentCode;

/// Endings that signing and mail programs put behind the official name.
const ENDINGS: [&str; 4] = [".pdf", ".p7s", ".p7m", ".p7e"];

/// The kind of document that a name tells: `<code>-<id>-DD.MM.YYYY-HH:MM:SS.pdf`, with what programs make of it.
///
/// A known code is enough by itself; a code that is not known must have the official form behind it.
pub(super) fn document(file_name: &str) -> Option<DocumentCode> {
    let lower = file_name.trim().to_lowercase().replace("%3a", ":");
    let stem = without_endings(&lower);
    let known = DocumentCode::KNOWN.iter().filter(|code| is_named(stem, code)).max_by_key(|code| code.len());
    let code = known.copied().or_else(|| before_official_form(stem))?;
    code.parse().ok()
}

/// When the copy was asked for by its name, as `2021-04-02T09:48:26` (Kyiv); none when the name has not the official form.
pub(super) fn request_time(file_name: &str) -> Option<String> {
    let lower = file_name.trim().to_lowercase().replace("%3a", ":");
    let stem = without_endings(&lower);
    before_official_form(stem)?;
    let digits: String = stem.chars().filter(char::is_ascii_digit).collect();
    let parts = digits.get(digits.len().checked_sub(14)?..)?;
    let moment = jiff::civil::DateTime::strptime("%d%m%Y%H%M%S", parts).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

/// Takes endings and ` (1)` off as long as there are any, in whatever order they were put on.
fn without_endings(name: &str) -> &str {
    let mut stem = name.trim_end();
    loop {
        let shorter =
            ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending)).or_else(|| without_count(stem));
        match shorter {
            Some(shorter) => stem = shorter.trim_end(),
            None => return stem,
        }
    }
}

fn without_count(name: &str) -> Option<&str> {
    let (stem, count) = name.strip_suffix(')')?.rsplit_once('(')?;
    (!count.is_empty() && count.bytes().all(|c| c.is_ascii_digit())).then_some(stem)
}

/// Whether the name is the code, or the code with something behind it that is not a longer code: `passport-scan` may
/// be anything.
fn is_named(stem: &str, code: &str) -> bool {
    let Some(rest) = stem.strip_prefix(code) else { return false };
    let rest = rest.strip_prefix(['-', '_', ' ']).unwrap_or(rest);
    rest.chars().next().is_none_or(|c| !c.is_alphabetic() && c != '-')
}

/// What stands before `-<id>-DD.MM.YYYY-HH:MM:SS`.
fn before_official_form(stem: &str) -> Option<&str> {
    let rest = without_digits(stem, &[2, 2, 2])?;
    let rest = without_digits(rest.strip_suffix(['-', '_', ' '])?, &[4, 2, 2])?;
    let rest = rest.strip_suffix('-')?;
    let code = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    (code.len() < rest.len()).then_some(code)?.strip_suffix('-')
}

/// Takes groups of so many digits off the end, the last group first, with at most one separator between them:
/// programs put `_`, `-`, `;` or nothing for `:`, and `_` or `-` for `.`.
fn without_digits<'a>(text: &'a str, groups: &[usize]) -> Option<&'a str> {
    let mut rest = text;
    for (number, group) in groups.iter().enumerate() {
        if number > 0 {
            rest = rest.strip_suffix([':', '_', '-', ';', '.', ' ']).unwrap_or(rest);
        }
        let (before, digits) = rest.split_at_checked(rest.len().checked_sub(*group)?)?;
        if !digits.bytes().all(|c| c.is_ascii_digit()) {
            return None;
        }
        rest = before;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn tells(name: &str, expected: Option<&str>) {
        assert_eq!(document(name).as_ref().map(DocumentCode::as_str), expected, "{name}");
    }

    #[test]
    fn the_official_name_is_read_in_every_form_that_programs_give_it() {
        for time in ["09:48:26", "09_48_26", "09-48-26", "09%3A48%3a26", "09;48;26", "094826"] {
            for ending in [
                ".pdf",
                ".PDF.p7s",
                ".pdf.P7M",
                ".pdf.p7s.p7e",
                ".p7s",
                " (1).pdf",
                "(12).pdf.p7s",
                ".pdf (2).p7s",
                "",
            ] {
                tells(
                    &format!("Internal-Passport-2858364170864-02.04.2021-{time}{ending}"),
                    Some("internal-passport"),
                );
                tells(
                    &format!("brand-new-document-28-02.04.2021-{time}{ending}"),
                    Some("brand-new-document"),
                );
            }
        }
    }

    #[test]
    fn the_moment_of_the_request_is_told_by_the_official_form_only() {
        for name in [
            "internal-passport-2858364170864-02.04.2021-09_48_26.pdf",
            "taxpayer-card-1-02.04.2021-09%3A48%3A26 (2).pdf.p7s",
            "brand-new-document-28-02.04.2021-094826.pdf",
        ] {
            assert_eq!(request_time(name).as_deref(), Some("2021-04-02T09:48:26"), "{name}");
        }
        for name in
            ["taxpayer-card.pdf", "taxpayer-card-1-32.04.2021-09_48_26.pdf", "02.04.2021-09_48_26.pdf", ""]
        {
            assert_eq!(request_time(name), None, "{name}");
        }
    }

    #[test]
    fn the_longest_known_code_wins() {
        tells("foreign-passport-1-02.04.2021-09_48_26.pdf", Some("foreign-passport"));
        tells("passport-1-02.04.2021-09_48_26.pdf", Some("passport"));
        tells("reference-internally-displaced-person-77.pdf", Some("reference-internally-displaced-person"));
    }

    #[test]
    fn a_known_code_may_stand_alone_or_before_any_number() {
        for name in ["taxpayer-card.pdf", "taxpayer-card (3).pdf", "taxpayer-card-17.p7s", "taxpayer-card_17"]
        {
            tells(name, Some("taxpayer-card"));
        }
    }

    #[test]
    fn a_longer_code_is_not_taken_for_the_known_one_that_it_begins_with() {
        tells("passport-of-a-sailor-5-02.04.2021-09_48_26.pdf", Some("passport-of-a-sailor"));
        for name in ["passport-scan.pdf", "passport_scan.pdf", "passports.pdf", "student-id-cards-1.pdf"] {
            tells(name, None);
        }
    }

    #[test]
    fn other_names_tell_nothing() {
        for name in [
            "",
            ".pdf",
            "(1)",
            "скан паспорта.pdf",
            "02.04.2021-09_48_26.pdf",
            "-1-02.04.2021-09_48_26.pdf",
            "x-02.04.2021-09_48_26.pdf",
            "x-1-2.04.2021-09_48_26.pdf",
            "x1-1-02.04.2021-09_48_26.pdf",
            "довідка-1-02.04.2021-09_48_26.pdf",
            "x-1-02.04.2021-09_48_2é.pdf",
        ] {
            tells(name, None);
        }
    }
}
