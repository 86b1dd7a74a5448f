//! A letter about which everything is right, to be spoilt one fact at a time.

use crate::model::{
    Addressee, Copy, DocumentCode, FieldKind, KyivDay, LightCase, Match, Matched, Place, QrCode, ReadField,
    Reading, ReadingWay, ServiceId, Timestamp, VisitFacts, VisitId, VisitStanding,
};
use crate::model::{
    CertificateFacts, CodeId, CodeKind, ContentSource, Digest, Indication, SessionId, SignerKind,
    SignerVerdict, Verdict,
};

pub(super) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn code(text: &str) -> DocumentCode {
    text.parse().unwrap()
}

/// When the letter was received: a quarter of an hour after noon in Kyiv, fifteen minutes after the request.
pub(super) const RECEIVED: &str = "2026-03-15T10:15:00Z";

/// A passport and a taxpayer's card of one person, sealed, asked for by us, on a live registered code, for her visit.
pub(super) fn good() -> LightCase {
    let documents = [code("internal-passport"), code("taxpayer-card")];
    LightCase {
        received_at: moment(RECEIVED),
        copies: documents.iter().enumerate().map(|(at, document)| copy(at, document)).collect(),
        readings: vec![Some(passport()), Some(card())],
        verdicts: vec![passed(1), passed(3)],
        matched: Match {
            matched: Matched::Session { session: SessionId(1), code: CodeId(1) },
            branch: Some("cnap-centre".parse().unwrap()),
            reasons: vec![],
            anomalies: vec![],
            visit: None,
        },
        code: Some(QrCode {
            id: CodeId(1),
            kind: CodeKind::Registered,
            branch: "cnap-centre".parse().unwrap(),
            services: vec![service()],
            documents: documents.to_vec(),
            payload: "https://diia.app/x".to_owned(),
            issued_on: "2026-03-01".parse::<KyivDay>().unwrap(),
            valid_until: "2026-08-27".parse::<KyivDay>().unwrap(),
            retired_at: None,
        }),
        defects: vec![],
        addressees: vec![
            Addressee {
                branch: "cnap-centre".parse().unwrap(),
                ours: true,
                names: vec!["ЦНАП Житомирської міської ради".to_owned()],
            },
            Addressee {
                branch: "cnap-west".parse().unwrap(),
                ours: false,
                names: vec!["ЦНАП Житомира, західне відділення".to_owned()],
            },
        ],
        earlier: vec![],
        visit: Some(VisitFacts {
            visit: VisitId(1),
            name: "Шевченко Оксана".to_owned(),
            rnokpp: None,
            standing: VisitStanding::Claimed,
        }),
    }
}

pub(super) fn service() -> ServiceId {
    "admin-services".parse().unwrap()
}

pub(super) fn copy(at: usize, document: &DocumentCode) -> Copy {
    Copy {
        digest: Some(Digest::of(document.as_str().as_bytes())),
        document: Some(document.clone()),
        way: ReadingWay::TextLayer,
        file_name: format!("{document}.pdf"),
        pdf_at: Some(2 * at),
        p7s_at: Some(2 * at + 1),
    }
}

fn passport() -> Reading {
    reading(
        "internal-passport",
        &[
            ("surname", FieldKind::Name, "Шевченко"),
            ("given-names", FieldKind::Name, "Оксана"),
            ("patronymic", FieldKind::Name, "Іванівна"),
            ("birth-date", FieldKind::BirthDate, "2000-02-13"),
            ("valid-until", FieldKind::ValidUntil, "2030-03-15"),
            ("rnokpp", FieldKind::Rnokpp, "3656801869"),
        ],
    )
}

fn card() -> Reading {
    reading(
        "taxpayer-card",
        &[
            ("surname", FieldKind::Name, "Шевченко"),
            ("given-names", FieldKind::Name, "Оксана"),
            ("patronymic", FieldKind::Name, "Іванівна"),
            ("birth-date", FieldKind::BirthDate, "2000-02-13"),
            ("number", FieldKind::Rnokpp, "3656801869"),
        ],
    )
}

pub(super) fn reading(document: &str, fields: &[(&str, FieldKind, &str)]) -> Reading {
    let request = [
        ("request-time", FieldKind::RequestTime, "2026-03-15T12:00:00"),
        ("request-initiator", FieldKind::RequestInitiator, "ЦНАП Житомирської міської ради"),
        ("request-id", FieldKind::RequestId, "DR-12345678901234"),
    ];
    Reading {
        way: ReadingWay::TextLayer,
        document: Some(code(document)),
        fields: fields.iter().chain(&request).map(|(name, kind, value)| field(name, *kind, value)).collect(),
        text: String::new(),
        letters: 300,
        pages: 1,
        ..Reading::default()
    }
}

pub(super) fn field(name: &str, kind: FieldKind, value: &str) -> ReadField {
    ReadField {
        name: name.to_owned(),
        kind,
        value: value.to_owned(),
        plain: Some(value.to_owned()),
        way: ReadingWay::TextLayer,
        place: Place::default(),
        sure_percent: 100,
    }
}

/// Another value of a field of a copy; `None` takes the field away.
pub(super) fn say(case: &mut LightCase, copy: usize, kind: FieldKind, value: Option<&str>) {
    let reading = case.readings[copy].as_mut().unwrap();
    match value {
        None => reading.fields.retain(|field| field.kind != kind),
        Some(value) => {
            let field = reading.fields.iter_mut().find(|field| field.kind == kind).unwrap();
            field.value = value.to_owned();
            field.plain = Some(value.to_owned());
        }
    }
}

pub(super) fn passed(p7s_at: usize) -> Verdict {
    let at = moment(RECEIVED);
    Verdict {
        p7s: "copy.p7s".to_owned(),
        p7s_at,
        content: ContentSource::Detached { at: vec![p7s_at - 1] },
        indication: Indication::TotalPassed,
        sub_indication: None,
        reason: None,
        signers: vec![signer(SignerKind::Seal, "Дія", None)],
        proof_at: at,
        judged_at: at,
    }
}

pub(super) fn signer(kind: SignerKind, subject: &str, rnokpp: Option<&str>) -> SignerVerdict {
    let at = moment(RECEIVED);
    SignerVerdict {
        indication: Indication::TotalPassed,
        sub_indication: None,
        reason: None,
        level: None,
        certificate: Some(CertificateFacts {
            subject: subject.to_owned(),
            organisation: None,
            edrpou: None,
            rnokpp: rnokpp.map(ToOwned::to_owned),
            kind,
            qualified: true,
            issuer: "Надавач".to_owned(),
            serial: "01".to_owned(),
            fingerprint: Digest::of(b"certificate"),
            not_before: at,
            not_after: at,
        }),
        chain: vec![],
        revocation: vec![],
        claimed_at: None,
        proven_at: at,
        time_stamps: vec![],
        policy_oid: None,
        signature_oid: None,
        digest_oid: None,
    }
}
