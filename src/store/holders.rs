//! The fields of a letter's copies → whose documents they are.

use std::collections::BTreeSet;

use super::search_text::Part;

/// The holders of the documents as they are written (surname, given names, patronymic; else an owner, else a Latin name),
/// each person once.
pub(super) fn holders(parts: &[Part]) -> Vec<String> {
    let copies: BTreeSet<usize> = parts.iter().map(|part| part.place).collect();
    let mut holders: Vec<String> = Vec::new();
    for copy in copies {
        let said = |name: &str| {
            let part = parts.iter().find(|part| part.place == copy && part.name == name);
            part.map(|part| part.value.trim()).filter(|value| !value.is_empty())
        };
        let given = said("given-names").or_else(|| said("given-names-and-patronymic"));
        let names: Vec<&str> = [said("surname"), given, said("patronymic")].into_iter().flatten().collect();
        let whole = || said("owner").or_else(|| said("name-latin")).map(str::to_owned);
        let holder = if names.is_empty() { whole() } else { Some(names.join(" ")) };
        let alike = |one: &String, other: &String| ukr::words(one) == ukr::words(other);
        holders.extend(holder.filter(|holder| !holders.iter().any(|known| alike(known, holder))));
    }
    holders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::search_text::Column;

    #[test]
    fn a_letters_holders_are_named_once() {
        let part = |(place, name, value): &(usize, &str, &str)| Part {
            place: *place,
            name: (*name).to_owned(),
            column: Column::Names,
            value: (*value).to_owned(),
            words: String::new(),
        };
        let parts: Vec<Part> = [
            (0, "surname", "Зразкова"),
            (0, "given-names", "Надія"),
            (0, "patronymic", "Іванівна"),
            (2, "surname", "ЗРАЗКОВА"),
            (2, "given-names-and-patronymic", "Надія Іванівна"),
            (3, "owner", "Тестовий Петро"),
            (4, "number", "1"),
        ]
        .iter()
        .map(part)
        .collect();
        assert_eq!(holders(&parts), ["Зразкова Надія Іванівна", "Тестовий Петро"]);
    }
}
