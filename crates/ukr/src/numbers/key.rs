//! A number or series as printed → its one form, however it is written.

/// The form in which numbers of documents are compared: only letters and digits, small, and capital Cyrillic letters
/// that look like Latin ones as these: series are typed by their look («СХТ» and `CXT`, «АВ № 123» and `AB-123`).
#[must_use]
pub fn number_key(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .map(look)
        .flat_map(char::to_lowercase)
        .collect()
}

/// The Latin capital that looks like this capital, or itself.
const fn look(c: char) -> char {
    match c {
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'І' => 'I',
        'К' => 'K',
        'М' => 'M',
        'О' => 'O',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        'У' => 'Y',
        'Ґ' => 'Г',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_form_however_it_is_written() {
        for text in ["СХТ 123456", "cxt123456", "CXT№123456", "схт-123-456"] {
            assert_eq!(number_key(text), "cxt123456", "{text}");
        }
        assert_eq!(number_key("I-ГЛ № 123456"), "iгл123456");
        assert_eq!(number_key("20000213-01467"), "2000021301467");
        assert_eq!(number_key("— №"), "");
    }
}
