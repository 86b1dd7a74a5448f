//! A verdict on a file → the page that people read on a terminal.

use std::io::IsTerminal as _;

use skrynka::model::{
    CertificateFacts, Indication, RevocationStanding, SignerVerdict, TimeStampKind, TimeStampVerdict,
    Timestamp, in_kyiv,
};
use skrynka::texts::{self, Said};
use skrynka::verify::{Content, Judged};

use super::Language;
use crate::commands::Context;
use crate::commands::report::plain;

/// How a page looks.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) language: Language,
    pub(super) colours: bool,
}

impl Look {
    /// Colours are for a terminal, unless somebody asks for none (no-color.org).
    pub(super) fn of(context: &Context, language: Language) -> Self {
        let set = |name: &str| context.environment.get(name).is_some_and(|value| !value.is_empty());
        let dumb = context.environment.get("TERM").is_some_and(|terminal| terminal == "dumb");
        let colours = std::io::stdout().is_terminal() && !set("NO_COLOR") && !dumb;
        Self { language, colours }
    }

    fn say(self, said: Said) -> String {
        plain(&match self.language {
            Language::Uk => said.uk,
            Language::En => said.en,
        })
    }

    fn pick(self, uk: &str, en: &str) -> String {
        self.say(Said::new(uk, en))
    }

    /// The text in a colour (ECMA-48 SGR parameters), where there are colours.
    fn paint(self, parameters: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{parameters}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Characters of a line; a wider one is hard to read.
const COLUMNS: usize = 100;

/// Characters before the values.
const INDENT: usize = 14;

const DIM: &str = "2";

/// The page of one file.
pub(super) fn page(file: &str, judged: &Judged, look: Look) -> String {
    let verdict = &judged.verdict;
    let (mark, colour) = mark(verdict.indication);
    let words = verdict.sub_indication.map_or_else(
        || verdict.indication.word().to_owned(),
        |sub| format!("{} / {}", verdict.indication.word(), sub.word()),
    );
    let mut page = Page { look, text: String::new() };
    let headline = format!("{mark} {}", look.say(texts::judged(verdict.indication)));
    page.line(&format!(
        "{}  {}  {}",
        look.paint(colour, &headline),
        plain(file),
        look.paint(DIM, &format!("({words})"))
    ));
    page.paragraph(&look.say(texts::file_verdict(verdict)), 2);
    page.line("");
    let several = verdict.signers.len() > 1;
    for (place, signer) in verdict.signers.iter().enumerate() {
        if several {
            page.number(place + 1, verdict.signers.len(), signer, signer.reason != verdict.reason);
        }
        page.signer(signer);
        if several {
            page.line("");
        }
    }
    if let Some(content) = &judged.content {
        page.content(content);
    }
    page.row(&look.pick("Що далі", "Next step"), &look.say(texts::file_next_step(verdict)));
    page.text
}

/// How many of several files passed.
pub(super) fn summary(indications: &[Indication], look: Look) -> Option<String> {
    if indications.len() < 2 {
        return None;
    }
    let count = |wanted| indications.iter().filter(|found| **found == wanted).count();
    let (passed, unsure, failed) =
        (count(Indication::TotalPassed), count(Indication::Indeterminate), count(Indication::TotalFailed));
    let all = indications.len();
    Some(look.say(Said::new(
        format!("Усього файлів: {all}. Дійсних: {passed}, не підтверджених: {unsure}, недійсних: {failed}."),
        format!("{all} files: {passed} valid, {unsure} not established, {failed} not valid."),
    )))
}

const fn mark(indication: Indication) -> (&'static str, &'static str) {
    match indication {
        Indication::TotalPassed => ("✓", "1;32"),
        Indication::Indeterminate => ("?", "1;33"),
        Indication::TotalFailed => ("✗", "1;31"),
    }
}

/// A page that grows line by line.
struct Page {
    look: Look,
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paragraph(&mut self, text: &str, indent: usize) {
        for line in wrapped(text, COLUMNS - indent) {
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    /// A label and its value, further lines of which stand under the first; nothing without a value.
    fn row(&mut self, label: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let padding = INDENT.saturating_sub(2 + label.chars().count());
        let label = format!("  {}{:padding$}", self.look.paint(DIM, label), "");
        for (place, line) in wrapped(value, COLUMNS - INDENT).iter().enumerate() {
            match place {
                0 => self.line(&format!("{label}{line}")),
                _ => self.line(&format!("{:INDENT$}{line}", "")),
            }
        }
    }

    /// Which of several signatures the next rows are about and, unless the page begins with it, what is wrong with it.
    fn number(&mut self, number: usize, of: usize, signer: &SignerVerdict, explain: bool) {
        let look = self.look;
        let (mark, colour) = mark(signer.indication);
        let sub = signer.sub_indication.map(|sub| format!("  ({})", sub.word())).unwrap_or_default();
        let title = format!("{mark} {} {number}/{of}", look.pick("Підпис", "Signature"));
        self.line(&format!("  {}{}", look.paint(colour, &title), look.paint(DIM, &sub)));
        if let Some(fault) = texts::signature_fault(signer).filter(|_| explain) {
            self.paragraph(&look.say(fault), 4);
        }
    }

    fn signer(&mut self, signer: &SignerVerdict) {
        let look = self.look;
        // Whom a signature names is not who made it, until it is shown to be theirs.
        let label = match signer.indication {
            Indication::TotalPassed => look.pick("Підписав", "Signed by"),
            _ => look.pick("Вказано", "Named"),
        };
        match &signer.certificate {
            Some(certificate) => {
                self.row(&label, &who(certificate));
                let kind = look.say(texts::signer_kind(certificate.kind, certificate.qualified));
                let issuer = plain(&certificate.issuer);
                let issued =
                    look.say(Said::new(format!("видав «{issuer}»"), format!("issued by “{issuer}”")));
                self.row("", &format!("{kind}; {issued}"));
            }
            None => self.row(
                &label,
                &look.pick(
                    "нікого: сертифіката підписувача немає",
                    "nobody: the signer's certificate is not there",
                ),
            ),
        }
        let [proven, claimed] = self.when(signer);
        self.row(&look.pick("Коли", "When (Kyiv)"), &proven);
        self.row("", &claimed);
        for stamp in &signer.time_stamps {
            self.row(&look.pick("Позначка", "Time-stamp"), &self.time_stamp(stamp));
        }
        if !signer.chain.is_empty() {
            let names: Vec<String> = signer.chain.iter().map(|link| plain(&link.subject)).collect();
            let trusted = look.pick("довірений", "trusted");
            self.row(&look.pick("Ланцюг", "Chain"), &format!("{} ({trusted})", names.join(" ← ")));
        }
        self.revocation(signer);
        let name = |oid: &str| look.say(texts::algorithm(oid));
        let level = signer.level.map(|level| level.word().to_owned());
        let signature = signer.signature_oid.as_deref();
        // These two do not name the digest themselves (RFC 8017 §A.1, §A.2.3).
        let is_bare = matches!(signature, Some("1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10"));
        let digest = signer.digest_oid.as_deref().filter(|_| is_bare);
        let form: Vec<String> =
            level.into_iter().chain(signature.map(name)).chain(digest.map(name)).collect();
        if !form.is_empty() {
            self.row(&look.pick("Формат", "Form"), &form.join(", "));
        }
    }

    /// What is proven of the time, and what the signer says.
    fn when(&self, signer: &SignerVerdict) -> [String; 2] {
        let look = self.look;
        let valid = |kind| {
            let stamps = signer.time_stamps.iter().filter(move |stamp| stamp.kind == kind);
            stamps.filter(|stamp| stamp.indication == Indication::TotalPassed).filter_map(|stamp| stamp.time)
        };
        let claim = signer.claimed_at.map(unbroken).map(|claimed| {
            Said::new(
                format!("{claimed} за словами підписувача"),
                format!("{claimed} by the signer's own word"),
            )
        });
        let claim = claim.map(|claim| look.say(claim));
        let proven = valid(TimeStampKind::Signature).next().is_some().then_some(signer.proven_at);
        let begun = valid(TimeStampKind::Content).max();
        let bounds = bounds(begun, proven);
        match (bounds, claim) {
            (Some(bounds), claim) => [look.say(bounds), claim.unwrap_or_default()],
            (None, Some(claim)) => {
                [format!("{claim}, {}", look.pick("нічим не доведено", "proven by nothing")), String::new()]
            }
            (None, None) => [look.pick("час не вказано", "no time is given"), String::new()],
        }
    }

    fn time_stamp(&self, stamp: &TimeStampVerdict) -> String {
        let look = self.look;
        let kind = look.say(texts::time_stamp_kind(stamp.kind));
        let time = stamp.time.map_or_else(|| look.pick("час невідомий", "no time"), unbroken);
        match texts::time_stamp_fault(stamp) {
            None => format!("{kind}, {time}: {}", look.pick("дійсна", "valid")),
            Some(fault) => {
                let sub = stamp.sub_indication.map(|sub| format!(" ({})", sub.word())).unwrap_or_default();
                let broken = look.pick("нічого не доводить", "proves nothing");
                format!("{kind}, {time}: {broken}{sub}. {}", look.say(fault))
            }
        }
    }

    fn revocation(&mut self, signer: &SignerVerdict) {
        let look = self.look;
        let label = look.pick("Скасування", "Revocation");
        let asked = |standing: &RevocationStanding| *standing != RevocationStanding::NotAsked;
        if !signer.revocation.is_empty() && !signer.revocation.iter().any(|facts| asked(&facts.standing)) {
            self.row(&label, &look.say(texts::revocation(&RevocationStanding::NotAsked)));
            return;
        }
        for (place, facts) in signer.revocation.iter().enumerate() {
            let standing = look.say(texts::revocation(&facts.standing));
            let label = if place == 0 { label.as_str() } else { "" };
            self.row(label, &format!("{}: {standing}", plain(&facts.subject)));
        }
    }

    fn content(&mut self, content: &Content) {
        let look = self.look;
        let length = grouped(content.length);
        let place = match content.attached {
            true => Said::new("усередині файла", "inside the file"),
            false => Said::new("окремим файлом", "a file beside it"),
        };
        let place = look.say(place);
        let bytes = look.pick("Б", "bytes");
        self.row(&look.pick("Документ", "Document"), &format!("{place}, {length}{NO_BREAK}{bytes}"));
        self.row("", &format!("SHA-256 {}", content.sha256));
    }
}

/// The signer in one line: name, organisation where it is another word, numbers.
fn who(certificate: &CertificateFacts) -> String {
    let mut who = plain(&certificate.subject);
    if let Some(organisation) = certificate.organisation.as_ref().filter(|name| **name != certificate.subject)
    {
        who = format!("{who}, {}", plain(organisation));
    }
    for (label, number) in [("ЄДРПОУ", &certificate.edrpou), ("РНОКПП", &certificate.rnokpp)] {
        if let Some(number) = number {
            who = format!("{who}, {label} {}", plain(number));
        }
    }
    who
}

/// What valid time-stamps prove: the signature was made after `begun`, and not later than `proven`.
fn bounds(begun: Option<Timestamp>, proven: Option<Timestamp>) -> Option<Said> {
    let said = match (begun, proven) {
        (Some(begun), Some(proven)) if begun > proven => {
            Said::new("позначки часу суперечать одна одній", "the time-stamps contradict each other")
        }
        (Some(begun), Some(proven)) if begun == proven => {
            let moment = unbroken(proven);
            Said::new(
                format!("{moment}, доведено позначками часу"),
                format!("{moment}, proven by time-stamps"),
            )
        }
        (Some(begun), Some(proven)) => {
            let (begun, proven) = (unbroken(begun), unbroken(proven));
            Said::new(
                format!("між {begun} і {proven}, доведено позначками часу"),
                format!("between {begun} and {proven}, proven by time-stamps"),
            )
        }
        (None, Some(proven)) => {
            let proven = unbroken(proven);
            Said::new(
                format!("не пізніше {proven}, доведено позначкою часу"),
                format!("not later than {proven}, proven by a time-stamp"),
            )
        }
        (Some(begun), None) => {
            let begun = unbroken(begun);
            Said::new(
                format!("не раніше {begun}, доведено позначкою часу"),
                format!("not earlier than {begun}, proven by a time-stamp"),
            )
        }
        (None, None) => return None,
    };
    Some(said)
}

/// A number with a space before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A moment that stays on one line.
fn unbroken(moment: Timestamp) -> String {
    in_kyiv(moment).replace(' ', NO_BREAK)
}

/// Holds two words on one line; printed as a space.
const NO_BREAK: &str = "\u{a0}";

/// The text in lines of at most so many characters, broken between words; a longer word has a line of its own.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let Some(line) = lines.last_mut() else { break };
        let word = word.replace(NO_BREAK, " ");
        if line.is_empty() {
            line.push_str(&word);
        } else if line.chars().count() + 1 + word.chars().count() <= columns {
            line.push(' ');
            line.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
}
