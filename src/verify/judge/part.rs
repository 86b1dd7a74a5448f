//! A SignedData → everything in it that bears on its signers, read once.

use crate::model::{Digest, ProofOrigin, Reason, SubIndication, TimeStampKind};
use crate::verify::attributes::SignedAttributes;
use crate::verify::certificate::Certificate;
use crate::verify::cms::{SignedData, SignerInfo, within};
use crate::verify::fault::Fault;
use crate::verify::limits::{CERTIFICATES_MAX, PART_CERTIFICATES_MAX, PART_EVIDENCE_MAX, TIME_STAMPS_MAX};
use crate::verify::oid;
use crate::verify::revocation::Sources;
use crate::verify::shelf::Shelf;
use crate::verify::timestamp::TstInfo;
use crate::verify::tlv::Element;
use crate::verify::unsigned::{RevocationData, UnsignedAttributes};

/// A signed part with its signers' attributes and time-stamps read.
pub(super) struct Part<'a> {
    pub(super) cms: &'a SignedData<'a>,
    pub(super) signers: Vec<Signer<'a>>,
}

/// One signer with its attributes.
pub(super) struct Signer<'a> {
    pub(super) info: &'a SignerInfo<'a>,
    pub(super) attributes: Result<SignedAttributes<'a>, Fault>,
    pub(super) unsigned: UnsignedAttributes<'a>,
    /// Every time-stamp, in the order of the file.
    pub(super) tokens: Vec<Token<'a>>,
}

/// A time-stamp token, and why it cannot be read.
pub(super) struct Token<'a> {
    pub(super) kind: TimeStampKind,
    pub(super) read: Result<TokenData<'a>, Fault>,
}

/// A time-stamp token (RFC 3161 §2.4.2): a SignedData over a TSTInfo, with one signer.
pub(super) struct TokenData<'a> {
    pub(super) cms: SignedData<'a>,
    pub(super) info: TstInfo,
    pub(super) attributes: Result<SignedAttributes<'a>, Fault>,
    unsigned: UnsignedAttributes<'a>,
}

impl<'a> Part<'a> {
    pub(super) fn open(cms: &'a SignedData<'a>) -> Result<Self, Fault> {
        let signers = cms.signers.iter().map(Signer::open).collect::<Result<_, _>>()?;
        Ok(Self { cms, signers })
    }

    /// The certificates of the file: its own, those of its long-term evidence and of its time-stamps. Those that cannot
    /// be read are none: the signer's will be missed, others were not needed.
    pub(super) fn certificates(&self) -> Result<Shelf, Fault> {
        let values = self.signers.iter().flat_map(|signer| &signer.unsigned.certificates);
        let of_tokens =
            self.tokens().flat_map(|token| token.cms.certificates.iter().chain(&token.unsigned.certificates));
        let mut shelf = Shelf::default();
        for der in self.cms.certificates.iter().chain(values).chain(of_tokens) {
            if shelf.has(&Digest::of(der)) {
                continue;
            }
            within(shelf.len(), PART_CERTIFICATES_MAX, "PART_CERTIFICATES_MAX")?;
            if let Ok(certificate) = Certificate::read(der) {
                shelf.add(certificate);
            }
        }
        Ok(shelf)
    }

    /// Adds the revocation lists and responses of the file. What cannot be read is kept by `sources` as a fact.
    pub(super) fn add_sources(&self, sources: &mut Sources<'a>) -> Result<(), Fault> {
        sources.coming_from(ProofOrigin::File);
        let mut left = PART_EVIDENCE_MAX;
        let mut add = |data: &RevocationData<'a>| {
            left = left.checked_sub(data.len()).ok_or_else(|| Fault::over_budget("PART_EVIDENCE_MAX"))?;
            for crl in &data.crls {
                let _ = sources.add_crl(crl);
            }
            for response in &data.responses {
                let _ = sources.add_ocsp(response);
            }
            for response in &data.basic_responses {
                let _ = sources.add_basic_ocsp(response);
            }
            Ok::<_, Fault>(())
        };
        add(&RevocationData::of_crls(self.cms.crls.as_ref())?)?;
        for signer in &self.signers {
            add(&signer.unsigned.revocation)?;
        }
        for token in self.tokens() {
            add(&RevocationData::of_crls(token.cms.crls.as_ref())?)?;
            add(&token.unsigned.revocation)?;
        }
        Ok(())
    }

    /// Whether the SignedData itself brings revocation data.
    pub(super) fn has_crls(&self) -> bool {
        self.cms.crls.is_some_and(|crls| !crls.content.is_empty())
    }

    fn tokens(&self) -> impl Iterator<Item = &TokenData<'a>> {
        let tokens = self.signers.iter().flat_map(|signer| &signer.tokens);
        tokens.filter_map(|token| token.read.as_ref().ok())
    }
}

impl<'a> Signer<'a> {
    fn open(info: &'a SignerInfo<'a>) -> Result<Self, Fault> {
        let attributes = read_attributes(info);
        let unsigned = UnsignedAttributes::read(info.unsigned_attributes.as_ref())?;
        let stamped = attributes.iter().flat_map(SignedAttributes::content_time_stamps);
        let content_stamps = stamped.map(|token| (TimeStampKind::Content, token));
        let mut tokens = Vec::new();
        for (kind, value) in content_stamps.chain(unsigned.time_stamps.iter().copied()) {
            within(tokens.len(), TIME_STAMPS_MAX, "TIME_STAMPS_MAX")?;
            tokens.push(Token { kind, read: TokenData::read(&value) });
        }
        Ok(Self { info, attributes, unsigned, tokens })
    }
}

impl<'a> TokenData<'a> {
    /// Time-stamps of the token's own signer are not followed.
    fn read(value: &Element<'a>) -> Result<Self, Fault> {
        let cms = SignedData::read_token(value, CERTIFICATES_MAX)?;
        let [signer] = cms.signers.as_slice() else {
            return Err(match cms.signers.is_empty() {
                true => Fault::new(SubIndication::FormatFailure, Reason::NoSigners),
                false => value.malformed("a time-stamp token with one signer").into(),
            });
        };
        if !cms.content_type.is(oid::TST_INFO) {
            return Err(value.malformed("a time-stamp token over a TSTInfo").into());
        }
        let content = cms.content.as_deref().ok_or_else(|| value.malformed("a TSTInfo in the token"))?;
        let info = TstInfo::read(content)?;
        let attributes = read_attributes(signer);
        let unsigned = UnsignedAttributes::read(signer.unsigned_attributes.as_ref())?;
        Ok(Self { info, attributes, unsigned, cms })
    }
}

/// Without signed attributes the signature lies over the content itself, and then every signature ever made with
/// attributes is also one over another «document»: its own attributes put in the content's place. ETSI EN 319 102-1
/// §5.2.7 gives a missing mandatory attribute SIG_CONSTRAINTS_FAILURE, and so do we.
fn read_attributes<'a>(signer: &SignerInfo<'a>) -> Result<SignedAttributes<'a>, Fault> {
    match &signer.signed_attributes {
        None => Err(Fault::attribute(Reason::NoSignedAttributes)),
        Some(raw) => Ok(SignedAttributes::read(raw)?),
    }
}
