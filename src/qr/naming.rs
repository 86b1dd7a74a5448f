//! Names of branches and purposes of services → remarks on them (domain facts §2).

use crate::model::{Branch, NameField, NameUse, Named, NamingFinding, OrganisationId, Registry, Service};

/// Words that Дія does not allow as the whole name of a branch.
const BANNED_BRANCHES: [&str; 4] = ["ідентифікація", "Впровадження Дії", "Дія готель", "Дія"];

/// Words that Дія does not allow as the whole name of a service.
const BANNED_SERVICES: [&str; 6] =
    ["Укладення договору", "реєстрація клієнта", "ідентифікація", "Впровадження Дії", "Дія готель", "Дія"];

/// Documents in a small package. All or nothing: each further one is a reason more why a visitor can share none; an
/// identity document, the taxpayer's card and one document for the occasion are what most counters need.
const PACKAGE_DOCUMENTS_MAX: usize = 3;

/// Remarks on every name of a registry of ours, in the order of the file.
#[must_use]
pub fn registry(registry: &Registry) -> Vec<NamingFinding> {
    let mut findings = Vec::new();
    let mut seen: Vec<(&OrganisationId, String, &Branch)> = Vec::new();
    for branch in &registry.branches {
        findings.extend(self::branch(branch, NameUse::Own));
        let key = key(&branch.name);
        let twin =
            seen.iter().find(|(organisation, name, _)| **organisation == branch.organisation && *name == key);
        if let (Some((_, _, first)), false) = (twin, key.is_empty()) {
            findings.push(NamingFinding::SameName {
                first: first.id.clone(),
                second: branch.id.clone(),
                name: branch.name.trim().to_owned(),
            });
        } else {
            seen.push((&branch.organisation, key, branch));
        }
    }
    findings.extend(registry.services.iter().flat_map(|service| self::service(service, NameUse::Own)));
    findings
}

/// Remarks on the names that a code made in the Дія cabinet shows.
#[must_use]
pub fn registered_code(branch: &Branch, services: &[&Service]) -> Vec<NamingFinding> {
    let used = NameUse::RegisteredCode;
    let mut findings = self::branch(branch, used);
    findings.extend(services.iter().flat_map(|service| self::service(service, used)));
    findings
}

/// Remarks on the name of a branch.
#[must_use]
pub fn branch(branch: &Branch, used: NameUse) -> Vec<NamingFinding> {
    let of = Named::Branch(branch.id.clone());
    let mut findings = banned_or_empty(&of, &branch.name, &BANNED_BRANCHES, used);
    let chars = branch.name.trim().chars().count();
    let field =
        [NameField::CustomFullName, NameField::Name].into_iter().find(|field| chars > field.chars_max());
    findings.extend(field.map(|field| NamingFinding::TooLong { of, chars, field }));
    findings
}

/// Remarks on the purpose and the package of a service.
#[must_use]
pub fn service(service: &Service, used: NameUse) -> Vec<NamingFinding> {
    let of = Named::Service(service.id.clone());
    let mut findings = banned_or_empty(&of, &service.purpose, &BANNED_SERVICES, used);
    if service.documents.len() > PACKAGE_DOCUMENTS_MAX {
        findings.push(NamingFinding::ManyDocuments {
            service: service.id.clone(),
            documents: service.documents.len(),
            documents_max: PACKAGE_DOCUMENTS_MAX,
        });
    }
    findings
}

fn banned_or_empty(of: &Named, name: &str, banned: &[&str], used: NameUse) -> Vec<NamingFinding> {
    let wanted = key(name);
    if wanted.is_empty() {
        return vec![NamingFinding::Empty { of: of.clone() }];
    }
    if banned.iter().any(|banned| key(banned) == wanted) {
        return vec![NamingFinding::BannedAlone { of: of.clone(), name: name.trim().to_owned(), used }];
    }
    Vec::new()
}

/// What names are compared by: folded letters and digits without anything between them.
fn key(name: &str) -> String {
    ukr::words(name).concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BranchAddress, Severity};
    use crate::texts;

    fn a_branch(id: &str, name: &str) -> Branch {
        Branch {
            id: id.parse().unwrap(),
            organisation: "org".parse().unwrap(),
            name: name.to_owned(),
            address: BranchAddress {
                region: String::new(),
                district: String::new(),
                location: String::new(),
                street: String::new(),
                house: String::new(),
            },
            mailbox: "cnap@example.org".parse().unwrap(),
            known_as: vec![],
            admins: vec![],
        }
    }

    fn a_service(purpose: &str, documents: usize) -> Service {
        let code = "passport".parse().unwrap();
        Service {
            id: "check-in".parse().unwrap(),
            organisation: "org".parse().unwrap(),
            branches: vec![],
            purpose: purpose.to_owned(),
            documents: vec![code; documents],
            legal_ground: String::new(),
            retention_days: None,
            responsible: String::new(),
        }
    }

    fn severities(findings: &[NamingFinding]) -> Vec<Severity> {
        findings.iter().map(NamingFinding::severity).collect()
    }

    #[test]
    fn a_banned_word_alone_is_refused_however_it_is_written() {
        for name in [
            "Дія",
            "«ДІЯ»",
            " дія. ",
            "Дiя",
            "\"Дія готель\"",
            "Дія-Готель",
            "ІДЕНТИФІКАЦІЯ",
            "впровадження  Дії",
        ] {
            let findings = branch(&a_branch("b", name), NameUse::Own);
            assert_eq!(severities(&findings), [Severity::Refused], "{name}");
            let findings = service(&a_service(name, 1), NameUse::Own);
            assert_eq!(severities(&findings), [Severity::Refused], "{name}");
            let findings = service(&a_service(name, 1), NameUse::RegisteredCode);
            assert_eq!(severities(&findings), [Severity::Warning], "{name}");
        }
        for purpose in ["Укладення договору", "Реєстрація клієнта"] {
            assert_eq!(severities(&service(&a_service(purpose, 1), NameUse::Own)), [Severity::Refused]);
            assert!(branch(&a_branch("b", purpose), NameUse::Own).is_empty(), "banned for services only");
        }
    }

    #[test]
    fn good_names_and_banned_words_inside_a_purpose_are_fine() {
        for name in ["ЦНАП м. Житомир", "Готель «Палаццо»", "Відділення №1 (назва компанії)", "Надія"]
        {
            assert_eq!(branch(&a_branch("b", name), NameUse::Own), [], "{name}");
        }
        for purpose in [
            "для поселення у готель",
            "для ідентифікації особи при наданні послуги видачі товару на понад 5 тис. грн",
            "ідентифікація особи для видачі товару",
        ] {
            assert_eq!(service(&a_service(purpose, 3), NameUse::Own), [], "{purpose}");
        }
    }

    #[test]
    fn an_empty_name_is_refused_everywhere() {
        for name in ["", "   ", "«»", "—"] {
            assert_eq!(
                severities(&branch(&a_branch("b", name), NameUse::RegisteredCode)),
                [Severity::Refused]
            );
            assert_eq!(severities(&service(&a_service(name, 1), NameUse::Own)), [Severity::Refused]);
        }
    }

    #[test]
    fn long_names_get_advice_that_names_the_field() {
        let field = |chars: usize| match branch(&a_branch("b", &"н".repeat(chars)), NameUse::Own).as_slice()
        {
            [] => None,
            [NamingFinding::TooLong { field, chars: found, .. }] if *found == chars => Some(*field),
            other => panic!("{other:?}"),
        };
        assert_eq!(field(32), None);
        assert_eq!(field(33), Some(NameField::Name));
        assert_eq!(field(100), Some(NameField::Name));
        assert_eq!(field(101), Some(NameField::CustomFullName));
    }

    #[test]
    fn a_large_package_gets_the_advice_to_split_it() {
        assert_eq!(severities(&service(&a_service("для вступу", 4), NameUse::Own)), [Severity::Advice]);
    }

    #[test]
    fn two_branches_of_one_organisation_with_the_same_name_are_named_once() {
        let mut elsewhere = a_branch("d", "Готель Палаццо");
        elsewhere.organisation = "other".parse().unwrap();
        let registry = Registry {
            branches: vec![a_branch("a", "Готель «Палаццо»"), a_branch("b", "готель \"ПАЛАЦЦО\""), elsewhere],
            ..Registry::default()
        };
        let findings = super::registry(&registry);
        assert_eq!(severities(&findings), [Severity::Warning]);
        assert!(matches!(&findings[0], NamingFinding::SameName { first, second, .. }
            if first.as_str() == "a" && second.as_str() == "b"));
    }

    #[test]
    fn every_finding_says_whose_why_and_what_is_good() {
        let registry = Registry {
            branches: vec![
                a_branch("bb", "Дія"),
                a_branch("bc", "дія"),
                a_branch("bd", &"н".repeat(120)),
                a_branch("be", ""),
            ],
            services: vec![a_service("ідентифікація", 5), a_service("", 1)],
            ..Registry::default()
        };
        let mut findings = super::registry(&registry);
        findings.extend(registered_code(&registry.branches[0], &[&registry.services[0]]));
        assert_eq!(findings.len(), 11);
        for finding in findings {
            let said = texts::naming(&finding);
            let names_it = ["bb", "bc", "bd", "be", "check-in"]
                .iter()
                .any(|id| said.uk.contains(id) && said.en.contains(id));
            assert!(names_it, "{said:?}");
            let remedy = said.uk.contains("наприклад")
                || said.uk.contains("Добра назва")
                || said.uk.contains("розділіть");
            assert!(remedy, "{said:?}");
        }
    }
}
