use super::*;
use crate::model::{
    Anomaly, CertificateFacts, Defect, FilingFilter, FilingId, Level, MatchReason, Proof, ProofKind,
    ProofOrigin, ProofRole, Reason, SignerKind, SignerVerdict, SubIndication,
};
use crate::store::{Checked, Depth};

#[tokio::test]
async fn a_filing_comes_back_with_all_its_facts() {
    let place = furnished().await;
    let code = place.issue_code(&own_code("centre", 77), now()).await.unwrap();
    let mut letter = matched_to(filing("centre@example.org", b"letter", 17), &code);
    letter.letter.message_id = Some("1@example.com".to_owned());
    letter.letter.defects = vec![Defect::HtmlOnly, Defect::EmptyAttachment { at: "x\0\"'".to_owned() }];
    letter.matched.reasons =
        vec![MatchReason::TokenInSubject, MatchReason::Mailbox { mailbox: letter.mail.mailbox.clone() }];
    letter.matched.anomalies =
        vec![Anomaly::MissingDocuments { documents: vec!["taxpayer-card".parse().unwrap()] }];
    letter.copies = vec![copy(Some("internal-passport"), Some(1)), copy(None, None)];
    letter.verdicts = vec![verdict(1, Indication::TotalPassed), untrusted(2)];
    let id = keep_and_file(&place, &letter).await;
    let view = place.view(id).await.unwrap().unwrap();
    assert_eq!(view.verdicts, letter.verdicts);
    assert_eq!(view.copies, letter.copies);
    assert_eq!(view.defects, letter.letter.defects);
    assert_eq!(view.match_reasons, letter.matched.reasons);
    assert_eq!(view.anomalies, letter.matched.anomalies);
    assert_eq!((view.source.as_str(), view.message_id.as_deref()), ("INBOX 7/17", Some("1@example.com")));
    assert_eq!((view.digest, view.filed_at, view.token), (letter.mail.digest, now(), code.code.token()));
    let kept = ("internal-passport-17.pdf".to_owned(), "pdf".to_owned(), 3, Digest::of(b"pdf"));
    assert_eq!(view.attachments, [kept]);
    let row = view.row;
    assert_eq!(
        (row.indication, row.sub_indication),
        (Some(Indication::Indeterminate), Some(SubIndication::NoCertificateChainFound))
    );
    assert_eq!((row.documents, row.unsigned, row.remarks), (vec!["internal-passport".to_owned()], 1, 3));
    assert_eq!(
        (row.branch_name.as_deref(), row.code, row.duplicate_of),
        (Some("ЦНАП centre"), Some(code.code.id), None)
    );
    assert_eq!(
        (row.sender.as_str(), row.subject.as_str()),
        ("taras.shevchenko@example.com", "Копії документів")
    );
    assert_eq!((row.received_at, row.mailbox), (now(), letter.mail.mailbox));
    assert_eq!(place.view(FilingId(99)).await.unwrap(), None);
}

fn untrusted(p7s_at: usize) -> Verdict {
    let reason = Some(Reason::UntrustedRoot { subject: "CN=Хтось".to_owned() });
    let signer = SignerVerdict {
        indication: Indication::Indeterminate,
        sub_indication: Some(SubIndication::NoCertificateChainFound),
        reason: reason.clone(),
        level: Some(Level::Bes),
        chain: Vec::new(),
        revocation: Vec::new(),
        proven_at: now(),
        time_stamps: Vec::new(),
        policy_oid: None,
        certificate: Some(CertificateFacts {
            rnokpp: None,
            kind: SignerKind::Seal,
            qualified: true,
            subject: "ДП «Дія»".to_owned(),
            organisation: None,
            edrpou: Some("43395033".to_owned()),
            issuer: "Хтось".to_owned(),
            serial: "0a".to_owned(),
            fingerprint: Digest::of(b"certificate"),
            not_before: at("2025-01-01T00:00:00Z"),
            not_after: at("2027-01-01T00:00:00Z"),
        }),
        claimed_at: None,
        signature_oid: Some("1.2.840.10045.4.3.2".to_owned()),
        digest_oid: None,
    };
    Verdict {
        sub_indication: signer.sub_indication,
        reason,
        signers: vec![signer],
        content: ContentSource::Embedded { digest: Digest::of(b"pdf"), is_pdf: true, beside: vec![] },
        ..verdict(p7s_at, Indication::Indeterminate)
    }
}

#[tokio::test]
async fn a_list_shows_the_worst_result() {
    use Indication::{Indeterminate, TotalFailed, TotalPassed};
    let place = furnished().await;
    for (number, (results, expected)) in (0_u32..).zip([
        (vec![], None),
        (vec![TotalPassed], Some(TotalPassed)),
        (vec![TotalPassed, TotalFailed, Indeterminate], Some(TotalFailed)),
        (vec![Indeterminate, TotalPassed], Some(Indeterminate)),
    ]) {
        let mut letter = filing("centre@example.org", format!("{number}").as_bytes(), number);
        letter.verdicts = results.into_iter().enumerate().map(|(at, result)| verdict(at, result)).collect();
        let id = keep_and_file(&place, &letter).await;
        assert_eq!(place.view(id).await.unwrap().unwrap().row.indication, expected);
    }
}

#[tokio::test]
async fn a_letter_without_its_blob_is_not_filed() {
    let place = furnished().await;
    let letter = filing("centre@example.org", b"never kept", 1);
    is(place.file(&letter).await, "is missing");
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM filing").await, 0);
    assert_eq!(
        place.unaccounted(&folder_of(&letter.mail.mailbox, ACCOUNT, "INBOX", 7), &[1]).await.unwrap(),
        [1]
    );
}

#[tokio::test]
async fn what_fails_halfway_files_nothing() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"x", 1);
    letter.matched.matched =
        Matched::Session { session: crate::model::SessionId(5), code: crate::model::CodeId(5) };
    place.keep_blob(&letter.mail.bytes).await.unwrap();
    assert!(place.file(&letter).await.unwrap_err().retry(), "there is no such session: match it anew");
    for table in ["filing", "attachment", "copy", "filing_text", "ledger_imap"] {
        let mut work = place.reading().await.unwrap();
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) AS n FROM {table}"));
        let row = work.one(sqlx::query(sql)).await.unwrap();
        assert_eq!(super::super::columns::value::<i64>(&row, "n").unwrap(), 0, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_letter_filed_by_many_at_once_is_one_filing() {
    let place = furnished().await;
    let beside = Store::open(place.folder.path()).await.unwrap();
    place.keep_blob(b"the letter").await.unwrap();
    let filing_it: Vec<_> = (0..20u32)
        .map(|uid| {
            let store = if uid % 2 == 0 { place.store.clone() } else { beside.clone() };
            tokio::spawn(async move {
                store.file(&filing("centre@example.org", b"the letter", uid)).await.unwrap()
            })
        })
        .collect();
    for filed in filing_it {
        assert_eq!(filed.await.unwrap(), FilingId(1));
    }
    for table in [
        "SELECT COUNT(*) AS n FROM filing",
        "SELECT COUNT(*) AS n FROM filing_text",
        "SELECT COUNT(*) AS n FROM copy",
        "SELECT COUNT(*) AS n FROM audit WHERE action = 'filing.filed'",
    ] {
        assert_eq!(count(&place, table).await, 1, "{table}");
    }
    let all: Vec<u32> = (0..21).collect();
    let mailbox = "centre@example.org".parse().unwrap();
    assert_eq!(place.unaccounted(&folder_of(&mailbox, ACCOUNT, "INBOX", 7), &all).await.unwrap(), [20]);
}

#[tokio::test]
async fn a_repeated_letter_is_filed_and_linked_to_the_earliest() {
    let place = furnished().await;
    let first = filing("centre@example.org", b"first", 1);
    let first_id = keep_and_file(&place, &first).await;
    let other = filing("centre@example.org", b"another", 2);
    keep_and_file(&place, &other).await;
    // The same bytes in another mailbox; then other headers around the same attachments, twice.
    let elsewhere = filing("south@example.org", b"first", 1);
    let mut redelivered = filing("centre@example.org", b"Received: by mx\r\nfirst", 3);
    redelivered.letter.content_digest = first.letter.content_digest;
    let mut again = filing("south@example.org", b"Received: by mx2\r\nfirst", 4);
    again.letter.content_digest = first.letter.content_digest;
    // One of its documents beside something else.
    let mut replayed = filing("centre@example.org", b"replayed", 5);
    replayed.copies.extend(first.copies.clone());
    for letter in [elsewhere, redelivered, again, replayed] {
        let id = keep_and_file(&place, &letter).await;
        let row = place.view(id).await.unwrap().unwrap().row;
        assert_eq!(row.duplicate_of, Some(first_id), "{id}");
    }
    let mut unparsed = filing("centre@example.org", b"unparsed", 7);
    unparsed.letter.content_digest = None;
    let mut unparsed_too = filing("centre@example.org", b"unparsed too", 8);
    unparsed_too.letter.content_digest = None;
    keep_and_file(&place, &unparsed).await;
    let id = keep_and_file(&place, &unparsed_too).await;
    assert_eq!(place.view(id).await.unwrap().unwrap().row.duplicate_of, None);
}

#[tokio::test]
async fn the_ledger_knows_what_is_accounted_for_in_its_own_folder() {
    let place = furnished().await;
    let letter = filing("centre@example.org", b"x", 5);
    let id = keep_and_file(&place, &letter).await;
    let mailbox = letter.mail.mailbox.clone();
    let unaccounted = async |mailbox: &MailboxId, folder: &str, validity: u32| {
        place.unaccounted(&folder_of(mailbox, ACCOUNT, folder, validity), &[9, 5, u32::MAX, 5]).await.unwrap()
    };
    assert_eq!(unaccounted(&mailbox, "INBOX", 7).await, [9, u32::MAX]);
    assert_eq!(unaccounted(&mailbox, "INBOX", 8).await.len(), 4, "another UIDVALIDITY");
    assert_eq!(unaccounted(&mailbox, "Спам", 7).await.len(), 4, "another folder");
    assert_eq!(unaccounted(&"south@example.org".parse().unwrap(), "INBOX", 7).await.len(), 4);
    assert_eq!(place.unaccounted(&folder_of(&mailbox, ACCOUNT, "INBOX", 7), &[]).await.unwrap(), [0; 0]);
    let moved = RawMail {
        source: Source::Imap {
            account: ACCOUNT.to_owned(),
            folder: "Спам".to_owned(),
            uid_validity: 7,
            uid: 9,
        },
        ..letter.mail.clone()
    };
    for _ in 0..2 {
        place.account(&moved, id).await.unwrap();
    }
    assert_eq!(unaccounted(&mailbox, "Спам", 7).await, [5, u32::MAX, 5]);
}

#[tokio::test]
async fn a_letter_is_accounted_for_only_by_its_own_filing() {
    let place = furnished().await;
    let id = keep_and_file(&place, &filing("centre@example.org", b"x", 1)).await;
    for (stranger, id) in [
        (mail("centre@example.org", b"y", 2), id),
        (mail("south@example.org", b"x", 2), id),
        (mail("centre@example.org", b"x", 2), FilingId(9)),
    ] {
        is(place.account(&stranger, id).await, "is not of this letter");
        assert_eq!(
            place.unaccounted(&folder_of(&stranger.mailbox, ACCOUNT, "INBOX", 7), &[2]).await.unwrap(),
            [2]
        );
    }
}

#[tokio::test]
async fn a_dropped_file_is_known_by_its_name_and_bytes() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"x", 1);
    letter.mail.source = Source::DropFolder { file: "лист.eml".to_owned() };
    let id = keep_and_file(&place, &letter).await;
    let known = async |file: &str, bytes: &[u8]| {
        place.drop_file_accounted(&letter.mail.mailbox, file, &Digest::of(bytes)).await.unwrap()
    };
    assert_eq!(known("лист.eml", b"x").await, Some(id));
    assert_eq!(known("лист.eml", b"y").await, None);
    assert_eq!(known("інший.eml", b"x").await, None);
    assert_eq!(place.view(id).await.unwrap().unwrap().source, "лист.eml");
}

#[tokio::test]
async fn a_hundred_thousand_uids_are_sorted_out_at_once() {
    let place = furnished().await;
    let letter = filing("centre@example.org", b"x", 1);
    keep_and_file(&place, &letter).await;
    let mut work = place.writing().await.unwrap();
    work.script(
        "INSERT INTO ledger_imap
         SELECT 'centre@example.org', 'cnap@imap.example.org:993', 'INBOX', 7, n, 1, NULL FROM
         (WITH RECURSIVE c(n) AS (VALUES (2) UNION ALL SELECT n + 1 FROM c WHERE n < 99999) SELECT n FROM c)",
    )
    .await
    .unwrap();
    work.commit().await.unwrap();
    let left = place
        .unaccounted(
            &folder_of(&letter.mail.mailbox, ACCOUNT, "INBOX", 7),
            &(1..=100_000).collect::<Vec<_>>(),
        )
        .await
        .unwrap();
    assert_eq!(left, [100_000]);
}

#[tokio::test]
async fn verdicts_are_appended_and_the_newest_counts() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"x", 1);
    letter.verdicts = vec![untrusted(1), verdict(2, Indication::TotalPassed)];
    let id = keep_and_file(&place, &letter).await;
    let mut work = place.writing().await.unwrap();
    let newer = verdict(1, Indication::TotalPassed);
    let rules = Digest::of(b"newer rules");
    super::super::verdicts::append(&mut work, id, std::slice::from_ref(&newer), &[], &rules).await.unwrap();
    work.commit().await.unwrap();
    let view = place.view(id).await.unwrap().unwrap();
    assert_eq!(view.verdicts, [newer, letter.verdicts[1].clone()]);
    assert_eq!(view.rules, [Some(rules), Some(letter.rules)], "each with the rules that it was judged by");
    let mut work = place.writing().await.unwrap();
    is(work.script("UPDATE verdict SET indication = 'TOTAL-PASSED'").await, "never changed");
}

#[tokio::test]
async fn an_export_leaves_a_line_in_the_audit() {
    let place = furnished().await;
    let id = keep_and_file(&place, &filing("centre@example.org", b"x", 1)).await;
    let at = "2026-03-16T10:00:00Z".parse().unwrap();
    place.note_export(id, 7, Digest::of(b"sums"), at).await.unwrap();
    let line = format!(
        "SELECT COUNT(*) AS n FROM audit WHERE action = 'evidence.exported' AND subject = 'filing {id}'
         AND json_extract(detail, '$.files') = 7 AND json_extract(detail, '$.sha256sums') = '{}'",
        Digest::of(b"sums")
    );
    assert_eq!(count(&place, line.leak()).await, 1);
}

#[tokio::test]
async fn a_list_is_newest_first_page_by_page_and_filtered() {
    let place = furnished().await;
    for number in 0..6u32 {
        let mut letter = filing("centre@example.org", format!("{number}").as_bytes(), number);
        letter.matched.branch = (number % 2 == 0).then(|| "centre".parse().unwrap());
        letter.verdicts =
            (number % 3 == 0).then(|| verdict(0, Indication::TotalFailed)).into_iter().collect();
        keep_and_file(&place, &letter).await;
    }
    let list = async |limit, before: Option<i64>, branch: Option<&str>, indication| {
        let filter =
            FilingFilter { branch: branch.map(|branch| branch.parse().unwrap()), indication, light: None };
        let rows = place.list(limit, before.map(FilingId), &filter).await.unwrap();
        rows.iter().map(|row| row.id.0).collect::<Vec<_>>()
    };
    assert_eq!(list(4, None, None, None).await, [6, 5, 4, 3]);
    assert_eq!(list(4, Some(3), None, None).await, [2, 1]);
    assert_eq!(list(9, None, Some("centre"), None).await, [5, 3, 1]);
    assert_eq!(list(9, None, None, Some(Indication::TotalFailed)).await, [4, 1]);
    assert_eq!(list(9, None, Some("centre"), Some(Indication::TotalFailed)).await, [1]);
    assert_eq!(list(9, None, Some("south"), None).await, [0; 0]);
}

/// What a verdict rests on: a certificate and a list of which only the digest matters here.
fn proofs() -> Vec<Proof> {
    let proof = |kind, role, der: &[u8]| Proof {
        kind,
        role,
        origin: ProofOrigin::File,
        digest: Digest::of(der),
        der: der.into(),
    };
    vec![
        proof(ProofKind::Certificate, ProofRole::Signer, b"signer"),
        proof(ProofKind::Certificate, ProofRole::Anchor, b"root"),
        proof(ProofKind::Crl, ProofRole::Revocation, b"list"),
        proof(ProofKind::Ocsp, ProofRole::Revocation, b"response"),
    ]
}

fn resting(mailbox: &str, bytes: &[u8], uid: u32) -> Filing {
    Filing {
        verdicts: vec![verdict(1, Indication::TotalPassed), verdict(3, Indication::TotalPassed)],
        rests_on: vec![proofs(), proofs()[1..].to_vec()],
        ..filing(mailbox, bytes, uid)
    }
}

#[tokio::test]
async fn what_a_verdict_rests_on_is_kept_once_and_found_by_its_part() {
    let place = furnished().await;
    let one = keep_and_file(&place, &resting("centre@example.org", b"one", 1)).await;
    let two = keep_and_file(&place, &resting("centre@example.org", b"two", 2)).await;
    for id in [one, two] {
        let kept = place.proofs(id).await.unwrap();
        assert_eq!(kept, [(1, proofs()), (3, proofs()[1..].to_vec())].into());
    }
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM proof").await, 4);
    let bare = keep_and_file(&place, &filing("centre@example.org", b"three", 3)).await;
    assert_eq!(place.proofs(bare).await.unwrap(), [].into());
}

#[tokio::test]
async fn a_proof_that_changed_is_named_by_the_check_and_never_given_out() {
    let place = furnished().await;
    let id = keep_and_file(&place, &resting("centre@example.org", b"one", 1)).await;
    let named = |lines: Vec<Checked>| {
        let line = lines.into_iter().find(|line| line.what == "what verdicts rest on").unwrap();
        (line.count, line.faults)
    };
    assert_eq!(named(place.check(Depth::Digests).await), (4, vec![]));
    let mut work = place.writing().await.unwrap();
    let refused = work.run(sqlx::query("UPDATE proof SET der = X'00' WHERE kind = 'ocsp'")).await;
    is(refused, "never changed");
    drop(work);
    let mut work = place.writing().await.unwrap();
    work.script("DROP TRIGGER proof_stands").await.unwrap();
    work.run(sqlx::query("UPDATE proof SET der = X'00' WHERE kind = 'ocsp'")).await.unwrap();
    work.commit().await.unwrap();
    let (_, faults) = named(place.check(Depth::Present).await);
    assert!(faults.len() == 1 && faults[0].contains(&Digest::of(b"response").to_string()), "{faults:?}");
    is(place.proofs(id).await, "no longer have this digest");
}

#[tokio::test]
async fn a_list_that_a_verdict_rests_on_is_a_blob_that_is_missed() {
    let place = furnished().await;
    let id = keep_and_file(&place, &resting("centre@example.org", b"one", 1)).await;
    let list = Digest::of(b"list");
    assert_eq!(place.blob(&list).await.unwrap(), b"list");
    let name = list.to_string();
    std::fs::remove_file(place.folder.path().join("blobs").join(&name[..2]).join(&name[2..])).unwrap();
    let lines = place.check(Depth::Present).await;
    let faults: Vec<_> = lines.iter().flat_map(|line| &line.faults).collect();
    assert!(faults.len() == 1 && faults[0].contains("is missing"), "{faults:?}");
    assert!(matches!(place.proofs(id).await, Err(StoreError::BlobMissing { .. })));
}
