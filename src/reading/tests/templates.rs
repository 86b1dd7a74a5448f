use super::super::templates::TemplateFault;
use super::super::{Source, Templates};
use super::layout::{OUTLINES, internal_passport};
use super::reading::{TEMPLATES, values};
use crate::model::ReadingWay;
use crate::texts;

#[track_caller]
fn refused(text: &str, expected: &str) {
    let error = Templates::parse(&[("mine.toml", text)]).unwrap_err();
    let said = error.to_string();
    assert!(said.starts_with("template `mine.toml`") && said.contains(expected), "{said}");
}

const HEAD: &str = "document = \"ship-papers\"\nsource = \"assumed\"\ntitles = [\"Судновий білет\"]\n";

#[test]
fn all_kinds_of_the_service_have_a_template_and_say_what_is_assumed() {
    let documents: Vec<(&str, Source)> =
        TEMPLATES.documents().map(|(code, source)| (code.as_str(), source)).collect();
    for code in [
        "internal-passport",
        "foreign-passport",
        "taxpayer-card",
        "birth-certificate",
        "reference-internally-displaced-person",
        "driver-license",
        "vehicle-license",
        "student-id-card",
    ] {
        assert!(documents.iter().any(|(own, _)| *own == code), "{code}");
    }
    assert!(documents.contains(&("internal-passport", Source::Known)));
    assert!(documents.contains(&("vehicle-license", Source::Assumed)));
}

#[test]
fn every_field_has_a_name_in_both_languages() {
    for name in TEMPLATES.field_names() {
        let said = texts::field_name(name);
        assert!(said.uk != name && said.en != name, "{name}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    refused("titles = 1", "invalid type");
    refused(&format!("{HEAD}colour = 1"), "unknown field `colour`");
    refused(&HEAD.replace("ship-papers", "Ship Papers"), "is not a document code");
    refused(&HEAD.replace("[\"Судновий білет\"]", "[]"), "no `titles`");
    refused(&HEAD.replace("Судновий білет", "—"), "has no letters");
    refused(&HEAD.replace("assumed", "guessed"), "unknown variant");
    let field = |rest: &str| format!("{HEAD}[[field]]\nname = \"port\"\nkind = \"text\"\n{rest}");
    refused(&field(""), "needs `labels`");
    refused(&field("at = \"names\"\nlabels = [\"Порт\"]"), "needs `labels`");
    refused(&field("labels = [\"Порт\"]\nsection = \"ports\""), "section `ports`");
    refused(&field("labels = [\"Порт\"]\nkin = 1"), "unknown field `kin`");
    refused(&field("labels = [\"Порт\"]").replace("\"port\"", "\"Порт\""), "is no name");
    let second = "\n[[field]]\nname = \"home\"\nkind = \"text\"\nlabels = [\"ПОРТ:\"]";
    refused(&format!("{}{second}", field("labels = [\"Порт\"]")), "cannot be told apart");
    let again = "\n[[field]]\nname = \"port\"\nkind = \"date\"\nlabels = [\"Гавань\"]";
    refused(&format!("{}{again}", field("labels = [\"Порт\"]")), "are named `port`");
    let taken = field("labels = [\"Ініціатор запиту\"]");
    refused(&taken, "cannot be told apart");
    let error = Templates::parse(&[("a.toml", HEAD), ("b.toml", HEAD)]).unwrap_err();
    assert!(matches!(error.fault, TemplateFault::Twice(_)) && error.file == "b.toml", "{error}");
}

#[test]
fn of_an_operators_files_the_wrong_ones_are_named_with_their_line_and_the_others_count() {
    let field = |name: &str, rest: &str| format!("[[field]]\nname = \"{name}\"\nkind = \"text\"\n{rest}\n");
    let good = format!("{HEAD}{}", field("port", "labels = [\"Порт\"]"));
    let other = HEAD.replace("ship-papers", "boat-papers");
    let other = other.replace("Судновий", "Човновий");
    let broken = format!("{other}{}{}", field("port", "labels = [\"Порт\"]"), field("flag", ""));
    let files = [
        ("a.toml", good.clone()),
        ("b.toml", broken),
        ("c.toml", format!("{other}colour = 1\n")),
        ("d.toml", good.replace("Судновий", "Інший")),
        ("e.toml", good.replace("ship-papers", "raft-papers")),
        ("f.toml", other.replace("Човновий білет", "Паспорт громадянина України")),
        (
            "g.toml",
            "source = \"known\"\n[[field]]\nname = \"x\"\nkind = \"text\"\nlabels = [\"Ігрек\"]\n".to_owned(),
        ),
        ("h.toml", other.clone()),
    ];
    let texts = files.iter().map(|(name, text)| (*name, text.as_str().into()));
    let (templates, faults) = TEMPLATES.clone().with_files(texts);
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    for (said, expected) in said.iter().zip([
        "template `b.toml`, line 9: field `flag` needs `labels`",
        "template `c.toml`, line 4: unknown field `colour`",
        "template `d.toml`, line 1: another template is for `ship-papers` too",
        "template `e.toml`, line 3: the title «Судновий білет» is that of `ship-papers` too",
        "template `f.toml`, line 3: the title «Паспорт громадянина України» is that of `internal-passport` too",
        "template `g.toml`: it has no `document`",
    ]) {
        assert!(said.starts_with(expected), "{said}");
    }
    assert_eq!(said.len(), 6, "{said:?}");
    let kinds: Vec<&str> = templates.documents().map(|(code, _)| code.as_str()).collect();
    assert!(kinds.contains(&"ship-papers") && kinds.contains(&"boat-papers"), "{kinds:?}");
    assert_eq!(kinds.len(), TEMPLATES.documents().count() + 2);
}

#[test]
fn an_operators_template_adds_a_kind_or_replaces_one() {
    let mine = "document = \"internal-passport\"\nsource = \"assumed\"\ntitles = [\"Паспорт громадянина України\"]\n\
        [[field]]\nname = \"state\"\nkind = \"text\"\nlabels = [\"Громадянство\"]\n";
    let others = Templates::parse(&[("mine.toml", mine), ("ship.toml", HEAD)]).unwrap();
    let templates = TEMPLATES.clone().with(others);
    let reading =
        super::super::read(&[internal_passport().lay(OUTLINES)], ReadingWay::Outlines, "", &templates);
    let found: Vec<&str> = values(&reading).into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, ["request-id", "request-initiator", "request-time", "state"]);
    assert_eq!(templates.documents().count(), TEMPLATES.documents().count() + 1);
    assert!(templates.documents().any(|(code, _)| code.as_str() == "ship-papers"));
}
