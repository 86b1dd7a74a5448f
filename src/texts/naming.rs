//! Remarks on names of branches and services, each with its reason and an example of a good name (domain facts §2).

use super::Said;
use crate::model::{NameField, NameUse, Named, NamingFinding};

/// A remark in words.
#[must_use]
pub fn naming(finding: &NamingFinding) -> Said {
    match finding {
        NamingFinding::Empty { of } => {
            let (whose, good) = (bearer(of), example(of));
            Said::new(
                format!(
                    "{} не має назви: відвідувач має бачити, хто й навіщо запитує документи. {}",
                    whose.uk, good.uk
                ),
                format!(
                    "{} has no name: a visitor must see who asks for documents and why. {}",
                    whose.en, good.en
                ),
            )
        }
        NamingFinding::BannedAlone { of, name, used } => banned(of, name, *used),
        NamingFinding::TooLong { of, chars, field } => too_long(of, *chars, *field),
        NamingFinding::SameName { first, second, name } => Said::new(
            format!(
                "Відділення «{first}» і «{second}» мають однакову назву «{name}»: за рядком «Ініціатор запиту» в копії їх не розрізнити. Додайте номер або адресу, наприклад «Відділення №1 ({name})»"
            ),
            format!(
                "branches `{first}` and `{second}` have the same name «{name}»: the initiator line of a copy cannot tell them apart. Add a number or the address, for example «Відділення №1 ({name})»"
            ),
        ),
        NamingFinding::ManyDocuments { service, documents, documents_max } => Said::new(
            format!(
                "Послуга «{service}» запитує документів: {documents}. Якщо в Дії відвідувача немає хоча б одного, він не поділиться жодним: розділіть послугу на пакети до {documents_max} документів, кожен зі своїм кодом"
            ),
            format!(
                "service `{service}` asks for {documents} documents at once. A visitor who lacks one of them in Diia cannot share any: split it into packages of at most {documents_max}, each with its own code"
            ),
        ),
    }
}

fn banned(of: &Named, name: &str, used: NameUse) -> Said {
    let (whose, good) = (bearer(of), example(of));
    let (uk, en) = match used {
        NameUse::Own => {
            ("Дія не дозволяє такої назви без уточнення", "Diia does not allow this name by itself")
        }
        NameUse::RegisteredCode => (
            "Дія не дозволяє такої назви без уточнення і може видалити код; змінити її може керівник у кабінеті Дії",
            "Diia does not allow this name by itself and may delete the code; the head can change it in the Diia cabinet",
        ),
    };
    Said::new(
        format!("{}: назва «{name}» не підходить. {uk}. {}", whose.uk, good.uk),
        format!("{}: the name «{name}» will not do. {en}. {}", whose.en, good.en),
    )
}

fn too_long(of: &Named, chars: usize, field: NameField) -> Said {
    let whose = bearer(of);
    let chars_max = field.chars_max();
    match field {
        NameField::Name => Said::new(
            format!(
                "{}: у назві {chars} символів, а поле короткої назви в кабінеті Дії вміщує {chars_max}. Доберіть коротку назву, наприклад «ЦНАП м. Житомир»; повна може лишитися",
                whose.uk
            ),
            format!(
                "{}: the name has {chars} characters, the cabinet's field for the short name takes {chars_max}. Choose a short one for it, for example «ЦНАП м. Житомир»; the full one may stay",
                whose.en
            ),
        ),
        NameField::CustomFullName => Said::new(
            format!(
                "{}: у назві {chars} символів, а поле повної назви в кабінеті Дії вміщує {chars_max}. Скоротіть її, наприклад «ЦНАП Житомирської міської ради»",
                whose.uk
            ),
            format!(
                "{}: the name has {chars} characters, the cabinet's field for the full name takes {chars_max}. Shorten it, for example «ЦНАП Житомирської міської ради»",
                whose.en
            ),
        ),
    }
}

fn bearer(of: &Named) -> Said {
    match of {
        Named::Branch(id) => Said::new(format!("Відділення «{id}»"), format!("branch `{id}`")),
        Named::Service(id) => Said::new(format!("Послуга «{id}»"), format!("service `{id}`")),
    }
}

fn example(of: &Named) -> Said {
    let (uk, en) = match of {
        Named::Branch(_) => (
            "Добра назва: «ЦНАП Житомирської міської ради», «Готель «Палаццо»»",
            "A good name: «ЦНАП Житомирської міської ради», «Готель «Палаццо»»",
        ),
        Named::Service(_) => (
            "Добра назва: «для поселення у готель», «для надання адміністративних послуг»",
            "A good name: «для поселення у готель», «для надання адміністративних послуг»",
        ),
    };
    Said::new(uk, en)
}
