//! What a letter's journey produced → its filing, whole or not at all.

use serde::Serialize;

use super::columns::{as_json, facts, number, value};
use super::ledger::By;
use super::search_text::{CopyText, LetterText};
use super::work::Work;
use super::{
    Store, StoreError, attempts, audit, codes, dialect, ledger, pictures, readings, review, verdicts,
};
use crate::mishap::{self, Point};
use crate::model::{
    BranchId, Copy, Digest, Filing, FilingId, MailboxId, Matched, Occasion, QuarantineId, SubIndication,
    Timestamp,
};

impl Store {
    /// The filing of these bytes in this mailbox, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn filed(&self, mailbox: &MailboxId, digest: &Digest) -> Result<Option<FilingId>, StoreError> {
        filed(&mut self.reading().await?, mailbox, digest).await
    }

    /// Files a letter: its attachments, copies with what they say, verdicts with what they rest on, search text, audit line and its place in the ledger, in one
    /// transaction. Of two that file the same bytes in the same mailbox the later one gets the earlier one's filing.
    /// A letter with the same content as an earlier one is filed and linked to the earliest.
    ///
    /// # Errors
    /// When the letter's blob was not kept before; when the database cannot be written.
    pub async fn file(&self, filing: &Filing) -> Result<FilingId, StoreError> {
        let (work, id) = self.filing(filing).await?;
        mishap::at(Point::FilingUncommitted);
        work.commit().await?;
        Ok(id)
    }

    /// [`Store::file`] for a letter in quarantine, at `at`: its places are accounted for by the filing from now on.
    ///
    /// # Errors
    /// As [`Store::file`]; when there is no such letter in quarantine.
    pub async fn file_from_quarantine(
        &self,
        filing: &Filing,
        quarantine: QuarantineId,
        at: Timestamp,
    ) -> Result<FilingId, StoreError> {
        let (mut work, id) = self.filing(filing).await?;
        super::quarantine::end(&mut work, quarantine, &filing.mail, id, at).await?;
        work.commit().await?;
        Ok(id)
    }

    /// A transaction in which everything of a filing is written and the attempts at it are over.
    async fn filing(&self, filing: &Filing) -> Result<(Work, FilingId), StoreError> {
        let mail = &filing.mail;
        self.require_blob(&mail.digest, mail.bytes.len()).await?;
        self.keep_lists(filing.rests_on.iter().flatten()).await?;
        self.keep_pictures(filing.pictures.iter().flatten()).await?;
        let mut work = self.writing().await?;
        let id = match filed(&mut work, &mail.mailbox, &mail.digest).await? {
            Some(earlier) => earlier,
            None => {
                let id = insert(&mut work, filing).await?;
                self.relit(&mut work, id, Occasion::Filed, filing.filed_at).await?;
                // Behind the light, which is among what a letter is found by.
                index(&mut work, id, filing).await?;
                id
            }
        };
        ledger::enter(&mut work, &mail.mailbox, &mail.source, &mail.digest, By::Filing(id)).await?;
        attempts::end(&mut work, &mail.mailbox, &mail.digest).await?;
        Ok((work, id))
    }
}

/// The filing of these bytes in this mailbox, if there is one.
pub(super) async fn filed(
    work: &mut Work,
    mailbox: &MailboxId,
    digest: &Digest,
) -> Result<Option<FilingId>, StoreError> {
    let filing = sqlx::query("SELECT id FROM filing WHERE mailbox = $1 AND digest = $2")
        .bind(mailbox.as_str())
        .bind(digest.to_string());
    work.maybe(filing).await?.map(|row| value(&row, "id").map(FilingId)).transpose()
}

/// Writes a new filing with everything but its light, what it is found by, and its place in the ledger.
pub(super) async fn insert(work: &mut Work, filing: &Filing) -> Result<FilingId, StoreError> {
    let duplicate_of = earliest_alike(work, filing).await?;
    let copies = readings::mended(&filing.copies, &filing.readings);
    let id = insert_row(work, filing, &copies, duplicate_of).await?;
    insert_attachments(work, id, filing).await?;
    insert_copies(work, id, &copies).await?;
    readings::insert(work, id, filing).await?;
    for (copy, pictures) in copies.iter().zip(&filing.pictures) {
        pictures::insert_new(work, copy, pictures).await?;
    }
    verdicts::append(work, id, &filing.verdicts, &filing.rests_on, &filing.rules).await?;
    review::begin(work, id, filing).await?;
    let fact = Filed { mailbox: &filing.mail.mailbox, digest: &filing.mail.digest, duplicate_of };
    audit::note(work, filing.filed_at, "filing.filed", &format!("filing {id}"), &fact).await?;
    Ok(id)
}

/// Enters what a new filing is found by.
pub(super) async fn index(work: &mut Work, id: FilingId, filing: &Filing) -> Result<(), StoreError> {
    let letter = letter_text(work, filing).await?;
    let copies = readings::mended(&filing.copies, &filing.readings);
    dialect::index(work, id, &letter, &CopyText::of(&copies, &filing.readings)).await
}

#[derive(Serialize)]
struct Filed<'a> {
    mailbox: &'a MailboxId,
    digest: &'a Digest,
    duplicate_of: Option<FilingId>,
}

/// The earliest filing with the same content, with the same bytes (then in another mailbox), or with one of the same
/// documents: a copy that comes again beside something else comes again all the same.
async fn earliest_alike(work: &mut Work, filing: &Filing) -> Result<Option<FilingId>, StoreError> {
    let documents: Vec<String> =
        filing.copies.iter().filter_map(|copy| copy.digest).map(|digest| digest.to_string()).collect();
    let alike = sqlx::query(
        "SELECT MIN(id) AS id FROM (
             SELECT MIN(id) AS id FROM filing WHERE digest = $1
             UNION ALL
             SELECT MIN(id) AS id FROM filing WHERE content_digest = $2 AND content_digest IS NOT NULL
             UNION ALL
             SELECT MIN(filing) AS id FROM copy
             WHERE digest IS NOT NULL AND digest IN (SELECT value FROM json_each($3))
         ) AS alike",
    )
    .bind(filing.mail.digest.to_string())
    .bind(filing.letter.content_digest.map(|digest| digest.to_string()))
    .bind(as_json(&documents, "documents")?);
    Ok(value::<Option<i64>>(&work.one(alike).await?, "id")?.map(FilingId))
}

async fn insert_row(
    work: &mut Work,
    filing: &Filing,
    copies: &[Copy],
    duplicate_of: Option<FilingId>,
) -> Result<FilingId, StoreError> {
    let Filing { mail, letter, matched, .. } = filing;
    let (session, code) = match &matched.matched {
        Matched::Session { session, code } => (Some(session.0), Some(code.0)),
        Matched::Ambiguous { .. } | Matched::Nothing => (None, None),
    };
    let documents: Vec<_> = copies.iter().filter_map(|copy| copy.document.as_ref()).collect();
    let unsigned = copies.iter().filter(|copy| copy.p7s_at.is_none()).count();
    let worst = verdicts::worst(&filing.verdicts);
    let row = sqlx::query(
        "INSERT INTO filing (mailbox, digest, content_digest, source, received_at, filed_at, message_id,
             sender_name, sender, subject, branch, session, code, matched, defects, documents, signers, unsigned, remarks,
             indication, sub_indication, duplicate_of)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         RETURNING id",
    )
    .bind(mail.mailbox.as_str())
    .bind(mail.digest.to_string())
    .bind(letter.content_digest.map(|digest| digest.to_string()))
    .bind(as_json(&mail.source, "source")?)
    .bind(mail.received_at.as_microsecond())
    .bind(filing.filed_at.as_microsecond())
    .bind(letter.message_id.as_deref())
    .bind(letter.from.as_ref().map_or("", |from| from.name.as_str()))
    .bind(letter.from.as_ref().map_or("", |from| from.address.as_str()))
    .bind(&letter.subject)
    .bind(matched.branch.as_ref().map(BranchId::as_str))
    .bind(session)
    .bind(code)
    .bind(as_json(matched, "matched")?)
    .bind(as_json(&letter.defects, "defects")?)
    .bind(as_json(&documents, "documents")?)
    .bind(as_json(&verdicts::signers(&filing.verdicts), "signers")?)
    .bind(number(unsigned))
    .bind(number(matched.anomalies.len() + letter.defects.len()))
    .bind(worst.map(|(indication, _)| indication.word()))
    .bind(worst.and_then(|(_, sub_indication)| sub_indication).map(SubIndication::word))
    .bind(duplicate_of.map(|id| id.0));
    Ok(FilingId(value(&work.one(row).await?, "id")?))
}

async fn insert_attachments(work: &mut Work, id: FilingId, filing: &Filing) -> Result<(), StoreError> {
    for (place, attachment) in filing.letter.attachments.iter().enumerate() {
        let row = sqlx::query(
            "INSERT INTO attachment (filing, place, file_name, declared_type, kind, bytes, digest, depth)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id.0)
        .bind(number(place))
        .bind(&attachment.file_name)
        .bind(&attachment.declared_type)
        .bind(attachment.kind.word())
        .bind(number(attachment.bytes.len()))
        .bind(attachment.digest.to_string())
        .bind(attachment.depth);
        work.run(row).await?;
    }
    Ok(())
}

async fn insert_copies(work: &mut Work, id: FilingId, copies: &[Copy]) -> Result<(), StoreError> {
    for (place, copy) in copies.iter().enumerate() {
        let row = sqlx::query(
            "INSERT INTO copy (filing, place, document, digest, facts) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.0)
        .bind(number(place))
        .bind(copy.document.as_ref().map(|document| document.as_str()))
        .bind(copy.digest.map(|digest| digest.to_string()))
        .bind(as_json(copy, "copy")?);
        work.run(row).await?;
    }
    Ok(())
}

/// The words that the letter will be found by, those of its branch, services and token included.
async fn letter_text(work: &mut Work, filing: &Filing) -> Result<LetterText, StoreError> {
    let mut text = LetterText::of(filing);
    if let Some(branch) = &filing.matched.branch {
        let named = sqlx::query(
            "SELECT branch.name, branch.known_as, organisation.name AS organisation
             FROM branch JOIN organisation ON organisation.id = branch.organisation WHERE branch.id = $1",
        )
        .bind(branch.as_str());
        if let Some(row) = work.maybe(named).await? {
            let known_as: Vec<String> = facts(&row, "known_as")?;
            text.add_branch(branch, value(&row, "name")?, &known_as, value(&row, "organisation")?);
        }
    }
    if let Matched::Session { code, .. } = &filing.matched.matched {
        let purposes = sqlx::query(
            "SELECT service.id, service.purpose FROM code_service
             JOIN service ON service.id = code_service.service WHERE code_service.code = $1 ORDER BY code_service.place",
        )
        .bind(code.0);
        for row in work.all(purposes).await? {
            text.add_service(value(&row, "id")?, value(&row, "purpose")?);
        }
        let token = sqlx::query("SELECT token FROM code WHERE id = $1").bind(code.0);
        if let Some(row) = work.maybe(token).await?
            && let Some(token) = codes::token(&row, "token")?
        {
            text.add_token(token);
        }
    }
    Ok(text)
}
