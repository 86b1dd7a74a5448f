//! The store as a whole, on a real folder: what is kept, what is refused, what survives.

mod alphabet;
mod codes;
mod filings;
mod finding;
mod folder;
mod health;
mod quarantine;
mod readings;
mod registry;
mod search;
mod visits;

use tempfile::TempDir;

use super::{Store, StoreError};
use crate::model::{
    Address, Attachment, AttachmentKind, Branch, BranchAddress, CodeKind, ContentSource, Copy, Digest,
    Filing, Head, ImapFolder, Indication, IssuedCode, KyivDay, Letter, MailboxId, Match, Matched, NewCode,
    Organisation, RawMail, ReaderRevision, ReadingWay, Registry, Service, Source, Timestamp, Token, Verdict,
};

/// A store in a folder of its own, which goes with it.
struct Place {
    store: Store,
    folder: TempDir,
}

impl std::ops::Deref for Place {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

async fn empty() -> Place {
    let folder = TempDir::new().unwrap();
    Place { store: Store::open(folder.path()).await.unwrap(), folder }
}

/// A store with [`registry_of_two`].
async fn furnished() -> Place {
    let place = empty().await;
    place.apply_registry(&registry_of_two(), now()).await.unwrap();
    place
}

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-03-15T10:00:00Z")
}

fn organisation(id: &str) -> Organisation {
    Organisation {
        id: id.parse().unwrap(),
        name: "Житомирська міська рада".to_owned(),
        edrpou: "13576954".to_owned(),
        head: Head { name: "Ганна Коваль".to_owned(), position: "голова".to_owned() },
        admins: vec![],
    }
}

fn branch(id: &str, mailbox: &str) -> Branch {
    Branch {
        id: id.parse().unwrap(),
        organisation: "rada".parse().unwrap(),
        name: format!("ЦНАП {id}"),
        address: BranchAddress {
            region: "Житомирська область".to_owned(),
            district: "Житомирський район".to_owned(),
            location: "м. Житомир".to_owned(),
            street: "вул. Михайлівська".to_owned(),
            house: "4".to_owned(),
        },
        mailbox: mailbox.parse().unwrap(),
        known_as: vec!["Центр надання послуг".to_owned()],
        admins: vec![],
    }
}

fn service(id: &str, branches: &[&str], documents: &[&str]) -> Service {
    Service {
        id: id.parse().unwrap(),
        organisation: "rada".parse().unwrap(),
        branches: branches.iter().map(|branch| branch.parse().unwrap()).collect(),
        purpose: "для надання адміністративних послуг".to_owned(),
        documents: documents.iter().map(|document| document.parse().unwrap()).collect(),
        legal_ground: "Закон України «Про адміністративні послуги»".to_owned(),
        retention_days: Some(1095),
        responsible: "Олена Бондар".to_owned(),
    }
}

/// Branches `centre` and `south`, a service at both.
fn registry_of_two() -> Registry {
    Registry {
        organisations: vec![organisation("rada")],
        branches: vec![branch("centre", "centre@example.org"), branch("south", "south@example.org")],
        services: vec![service("admin", &["centre", "south"], &["internal-passport", "taxpayer-card"])],
    }
}

fn own_code(branch: &str, token: u64) -> NewCode {
    NewCode {
        kind: CodeKind::Own { token: Token::new(token).unwrap() },
        branch: branch.parse().unwrap(),
        services: vec!["admin".parse().unwrap()],
        documents: vec!["internal-passport".parse().unwrap(), "taxpayer-card".parse().unwrap()],
        payload: format!("mailto:{branch}@example.org?subject={token}"),
        issued_on: "2026-03-01".parse().unwrap(),
        valid_until: "2026-08-27".parse().unwrap(),
    }
}

fn registered_code(branch: &str, link: &str) -> NewCode {
    NewCode { kind: CodeKind::Registered, payload: link.to_owned(), ..own_code(branch, 0) }
}

/// Where letters of these tests lie on a server.
const ACCOUNT: &str = "cnap@imap.example.org:993";

fn folder_of(mailbox: &MailboxId, account: &str, folder: &str, uid_validity: u32) -> ImapFolder {
    let (account, folder) = (account.to_owned(), folder.to_owned());
    ImapFolder { mailbox: mailbox.clone(), account, folder, uid_validity }
}

fn mail(mailbox: &str, bytes: &[u8], uid: u32) -> RawMail {
    RawMail {
        mailbox: mailbox.parse().unwrap(),
        source: Source::Imap {
            account: ACCOUNT.to_owned(),
            folder: "INBOX".to_owned(),
            uid_validity: 7,
            uid,
        },
        received_at: now(),
        digest: Digest::of(bytes),
        bytes: bytes.to_vec(),
    }
}

fn pdf(name: &str, bytes: &[u8]) -> Attachment {
    Attachment {
        file_name: name.to_owned(),
        declared_type: "application/pdf".to_owned(),
        kind: AttachmentKind::Pdf,
        digest: Digest::of(bytes),
        bytes: bytes.to_vec(),
        depth: 0,
    }
}

fn copy(document: Option<&str>, p7s_at: Option<usize>) -> Copy {
    Copy {
        digest: Some(Digest::of(b"pdf")),
        document: document.map(|document| document.parse().unwrap()),
        way: ReadingWay::FileName,
        file_name: "internal-passport-17.pdf".to_owned(),
        pdf_at: Some(0),
        p7s_at,
    }
}

fn verdict(p7s_at: usize, indication: Indication) -> Verdict {
    Verdict {
        p7s: format!("{p7s_at}.p7s"),
        p7s_at,
        content: ContentSource::Detached { at: vec![0] },
        indication,
        sub_indication: None,
        reason: None,
        signers: vec![],
        proof_at: now(),
        judged_at: now(),
    }
}

/// A letter with one passport, unmatched.
fn filing(mailbox: &str, bytes: &[u8], uid: u32) -> Filing {
    Filing {
        mail: mail(mailbox, bytes, uid),
        letter: Letter {
            from: Some(Address {
                name: "Тарас Шевченко".to_owned(),
                address: "taras.shevchenko@example.com".to_owned(),
            }),
            subject: "Копії документів".to_owned(),
            body: "Добрий день, надсилаю".to_owned(),
            attachments: vec![pdf("internal-passport-17.pdf", b"pdf")],
            content_digest: Some(Digest::of(bytes)),
            ..Letter::default()
        },
        verdicts: vec![],
        rests_on: vec![],
        rules: Digest::of(b"rules"),
        copies: vec![Copy { digest: Some(Digest::of(bytes)), ..copy(Some("internal-passport"), None) }],
        readings: vec![],
        pictures: vec![],
        read_by: ReaderRevision::default(),
        matched: Match {
            matched: Matched::Nothing,
            branch: None,
            reasons: vec![],
            anomalies: vec![],
            visit: None,
        },
        filed_at: now(),
    }
}

fn matched_to(filing: Filing, issued: &IssuedCode) -> Filing {
    let matched = Matched::Session { session: issued.session.id, code: issued.code.id };
    let branch = Some(issued.code.branch.clone());
    Filing { matched: Match { matched, branch, ..filing.matched }, ..filing }
}

/// Keeps the blob and files the letter, as the pipeline does.
async fn keep_and_file(store: &Store, filing: &Filing) -> crate::model::FilingId {
    store.keep_blob(&filing.mail.bytes).await.unwrap();
    store.file(filing).await.unwrap()
}

fn day(text: &str) -> KyivDay {
    text.parse().unwrap()
}

async fn count(store: &Store, table: &'static str) -> i64 {
    let mut work = store.reading().await.unwrap();
    let row = work.one(sqlx::query(table)).await.unwrap();
    super::columns::value(&row, "n").unwrap()
}

#[track_caller]
fn is<T: std::fmt::Debug>(result: Result<T, StoreError>, sentence: &str) {
    let said = result.unwrap_err().to_string();
    assert!(said.contains(sentence), "said: {said}");
}
