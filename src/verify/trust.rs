//! The operator's folder of certificates and trusted lists → what is trusted, and for what; and what is merely known.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::armour;
use super::certificate::Certificate;
use super::chain::Purpose;
use super::cms::SignedData;
use super::lacks;
use super::limits::TRUST_CERTIFICATES_MAX;
use super::oid::{self, Oid};
use super::tlv::{self, Malformed, Reader, Rules};
use super::trusted_list::{self, LIST_SIGNERS_MAX, ListFault, Scheme, ServiceKind, TrustedList};
use crate::model::{CertificateFacts, Digest, KyivDay, Timestamp};

/// Certificates that the operator gave us, and those that a trusted list vouches for.
///
/// A self-issued certificate of the folder with basicConstraints cA is an **anchor**: a path that ends there is trusted.
/// So is an authority's certificate of a granted `CA/QC` service of a list, whoever issued it; and that of a granted
/// `TSA/QTST` service, for time-stamps only ([`TrustedFor`]). Every other one is only known: it helps to find a path
/// (authorities) or a signer whose certificate is not in the signature, and proves nothing itself. Anchors of algorithms
/// that are not verified yet (DSTU) are anchors all the same.
#[derive(Debug, Default)]
pub struct Trust {
    certificates: Vec<Known>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    /// By the SHA-1 of the key and by the subject key identifier.
    by_key: HashMap<Vec<u8>, Vec<usize>>,
    anchors: BTreeMap<Digest, TrustedFor>,
    signers: Vec<CertificateFacts>,
    lists: Vec<TrustedListFacts>,
    /// Services of lists that are not granted, by what they do and by the name and key that they do it with.
    not_granted: HashMap<ServiceKey, NotGranted>,
    /// Where the certificates say that their authorities serve.
    hosts: HashSet<String>,
}

#[derive(Debug)]
struct Known {
    certificate: Certificate,
    facts: CertificateFacts,
    /// Where it was found first, or where its trust comes from.
    file: String,
}

/// What paths an anchor ends. ETSI EN 319 102-1 §5.2.6 and §5.4 give signatures and time-stamps constraints of their own,
/// the anchors among them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustedFor {
    /// Of time-stamps: a list names the service for that, and its key must vouch for no document.
    TimeStamps,
    /// Of signatures, time-stamps and revocation data.
    Everything,
}

/// What a service does, and the name and key that it does it with, in one digest.
type ServiceKey = (ServiceKind, Digest);

/// What all lists say of services.
#[derive(Default)]
struct Statuses {
    /// The latest moment since which a list grants it.
    granted: HashMap<ServiceKey, Timestamp>,
    /// In the order of the lists.
    not_granted: Vec<(ServiceKey, NotGranted)>,
}

/// What a list says of a service that is not granted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct NotGranted {
    /// Since when; none: the list does not say, so it never counted.
    pub(super) since: Option<Timestamp>,
    /// The list's file.
    pub(super) list: String,
}

/// A certificate of the folder or of a list.
#[derive(Clone, Copy, Debug)]
pub struct Anchor<'a> {
    /// The certificate.
    pub facts: &'a CertificateFacts,
    /// What it is trusted for; none when it is only known.
    pub trusted_for: Option<TrustedFor>,
    /// The file that it comes from.
    pub file: &'a str,
    /// Its octets, as they came.
    pub der: &'a [u8],
}

/// A trusted list that counts.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct TrustedListFacts {
    /// The file's name.
    pub file: String,
    /// What it says of itself.
    pub scheme: Scheme,
    /// The pinned certificate that signed it.
    pub signer: CertificateFacts,
    /// Number of its services.
    pub services: usize,
    /// Number of those that are granted.
    pub granted: usize,
    /// Number of certificates that are anchors because of it.
    pub anchors: usize,
}

/// Why a file or a certificate of the operator's folder was left out. The rest is in use.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TrustFault {
    /// The file holds nothing that could be a certificate.
    #[error(
        "{file}: neither a certificate (DER or PEM) nor a bundle of them (.p7b): \
         take it out of the folder of trusted certificates, or put the right file in its place"
    )]
    NotCertificates {
        /// The file's name.
        file: String,
    },
    /// One certificate cannot be read.
    #[error(
        "{file}, certificate {number}: broken at byte {offset}, where {expected} was expected: \
         get the file again from the authority's site"
    )]
    Malformed {
        /// The file's name.
        file: String,
        /// The certificate's number in the file, counted from 1.
        number: usize,
        /// Byte offset in the certificate.
        offset: usize,
        /// What was expected there.
        expected: String,
    },
    /// A trusted list that does not count; nothing of it is trusted.
    #[error("{file}: this trusted list does not count: {fault}")]
    List {
        /// The file's name.
        file: String,
        /// Why.
        fault: ListFault,
    },
    /// One certificate of a list that counts cannot be read.
    #[error(
        "{file}: a certificate of the service «{service}» is broken at byte {offset}, where {expected} was expected; the rest of the list counts"
    )]
    ListCertificate {
        /// The file's name.
        file: String,
        /// The service's name.
        service: String,
        /// Byte offset in the certificate.
        offset: usize,
        /// What was expected there.
        expected: String,
    },
    /// An anchor that a list speaks against: the list wins, from that moment on.
    #[error(
        "{file}: «{subject}» is an anchor, and {list} says that its service is not granted{}: what is proven to be older \
         still passes under it, and nothing later; take one of the two out",
        since.map_or_else(String::new, |since| format!(" since {}", KyivDay::of(since)))
    )]
    NotGranted {
        /// The file's name.
        file: String,
        /// The certificate's subject.
        subject: String,
        /// The list's file.
        list: String,
        /// Since when, where the list says so.
        since: Option<Timestamp>,
    },
    /// There are more pinned signers of lists than this program keeps.
    #[error("{file}: more than {signers_max} pinned signers of lists: leave only those in use")]
    TooManySigners {
        /// The file at which the limit was reached.
        file: String,
        /// The limit.
        signers_max: usize,
    },
    /// There are more certificates than this program keeps.
    #[error(
        "{file}: more than {certificates_max} certificates in the folder: leave only the authorities that you need"
    )]
    TooMany {
        /// The file at which the limit was reached.
        file: String,
        /// The limit.
        certificates_max: usize,
    },
    /// Nothing is trusted.
    #[error(
        "no trusted authority: no certificate of the folder is a root (self-issued, with basicConstraints CA), \
         so no signature can pass: put the roots there"
    )]
    NoAnchors,
}

impl Trust {
    /// Trust in these certificates (DER), and what is wrong with some of them; repeated ones count once.
    #[must_use]
    pub fn new(certificates: Vec<Vec<u8>>) -> (Self, Vec<TrustFault>) {
        let named = certificates.into_iter().enumerate();
        Self::from_files(named.map(|(place, der)| (format!("certificate {}", place + 1), der)))
    }

    /// Trust in the certificates of these files (name, bytes): DER or PEM, one or several in a file, or a PKCS #7
    /// bundle (.p7b: a SignedData of certificates only, RFC 5652 §5.1). Names are only for the faults.
    #[must_use]
    pub fn from_files(files: impl Iterator<Item = (String, Vec<u8>)>) -> (Self, Vec<TrustFault>) {
        Self::from_folder(files, std::iter::empty())
    }

    /// The same with trusted lists among the files (named `.xml`, or beginning with `<`). A list counts only if one of the
    /// certificates in `signers` made its signature; those are trusted for that and nothing else.
    #[must_use]
    pub fn from_folder(
        files: impl Iterator<Item = (String, Vec<u8>)>,
        signers: impl Iterator<Item = (String, Vec<u8>)>,
    ) -> (Self, Vec<TrustFault>) {
        Self::from_folder_and_named(files, std::iter::empty(), signers)
    }

    /// The same with files that a person named as trusted, one by one. An authority's certificate that is alone in such a
    /// file is an anchor, whoever issued it (RFC 5280 §6.1.1 d). A bundle of several is not one person's choice of each, so
    /// only its roots count, as in a folder.
    #[must_use]
    pub fn from_folder_and_named(
        files: impl Iterator<Item = (String, Vec<u8>)>,
        named: impl Iterator<Item = (String, Vec<u8>)>,
        signers: impl Iterator<Item = (String, Vec<u8>)>,
    ) -> (Self, Vec<TrustFault>) {
        let files = files.map(|(file, bytes)| (file, bytes, false));
        let files = files.chain(named.map(|(file, bytes)| (file, bytes, true)));
        let mut trust = Self::default();
        let mut faults = Vec::new();
        let pinned = read_signers(signers, &mut faults);
        trust.signers = pinned.iter().map(Certificate::facts).collect();
        let mut statuses = Statuses::default();
        for (file, bytes, is_named) in files {
            if trusted_list::is_xml(&file, &bytes) {
                match TrustedList::read(&bytes, &pinned) {
                    Ok(list) => trust.add_list(file, list, &mut statuses, &mut faults),
                    Err(fault) => faults.push(TrustFault::List { file, fault }),
                }
                continue;
            }
            let ders = certificates_of(&bytes);
            if ders.is_empty() {
                faults.push(TrustFault::NotCertificates { file });
                continue;
            }
            for (place, der) in ders.iter().enumerate() {
                match Certificate::read(der) {
                    Ok(certificate) => {
                        let is_chosen = certificate.is_self_issued() || is_named && ders.len() == 1;
                        let is_anchor = is_chosen && certificate.is_authority();
                        let trusted_for = is_anchor.then_some(TrustedFor::Everything);
                        if let Err(too_many) = trust.add(certificate, trusted_for, &file) {
                            faults.push(too_many);
                            break;
                        }
                    }
                    Err(fault) => faults.push(malformed(&file, place, &fault)),
                }
            }
        }
        trust.settle(statuses);
        faults.extend(trust.contradicted());
        if !trust.anchors.values().any(|trusted_for| *trusted_for == TrustedFor::Everything) {
            faults.push(TrustFault::NoAnchors);
        }
        (trust, faults)
    }

    /// The trusted authorities, in the order in which they were given; those that are trusted for time-stamps only are
    /// not among them.
    pub fn anchors(&self) -> impl Iterator<Item = &CertificateFacts> {
        self.entries()
            .filter(|entry| entry.trusted_for == Some(TrustedFor::Everything))
            .map(|entry| entry.facts)
    }

    /// Every certificate, anchors too, in the order in which they were given.
    pub fn certificates(&self) -> impl Iterator<Item = &CertificateFacts> {
        self.certificates.iter().map(|known| &known.facts)
    }

    /// Whether one of these certificates names an address at this host: then the operator's authorities serve there.
    pub(super) fn names_host(&self, host: &str) -> bool {
        self.hosts.contains(host)
    }

    /// Every certificate with what it is trusted for, in the order in which they were given.
    pub fn entries(&self) -> impl Iterator<Item = Anchor<'_>> {
        self.certificates.iter().map(|Known { facts, file, certificate }| Anchor {
            facts,
            der: certificate.der(),
            trusted_for: self.anchors.get(&facts.fingerprint).copied(),
            file,
        })
    }

    /// The lists that count.
    #[must_use]
    pub fn lists(&self) -> &[TrustedListFacts] {
        &self.lists
    }

    /// The pinned signers of lists.
    #[must_use]
    pub fn list_signers(&self) -> &[CertificateFacts] {
        &self.signers
    }

    /// Whether this very certificate is an anchor, for whatever.
    pub(super) fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.anchors.contains_key(&certificate.fingerprint)
    }

    /// Whether a path for this purpose may end at this very certificate.
    pub(super) fn is_anchor_for(&self, purpose: Purpose, certificate: &Certificate) -> bool {
        match self.anchors.get(&certificate.fingerprint) {
            Some(TrustedFor::Everything) => true,
            Some(TrustedFor::TimeStamps) => purpose == Purpose::TimeStamping,
            None => false,
        }
    }

    /// What a list says against this certificate's service as it was at this moment. Its name and key count, not the
    /// certificate: another one for the same key is the same service (ETSI TS 119 612 §5.5.3).
    pub(super) fn not_granted(
        &self,
        kind: ServiceKind,
        certificate: &Certificate,
        at: Timestamp,
    ) -> Option<&NotGranted> {
        if self.not_granted.is_empty() {
            return None;
        }
        let said = self.not_granted.get(&(kind, name_and_key(certificate)))?;
        said.since.is_none_or(|since| since <= at).then_some(said)
    }

    /// Whether this very certificate is among them, anchor or not.
    pub(super) fn has(&self, certificate: &Certificate) -> bool {
        self.named(certificate.subject()).any(|known| known.fingerprint == certificate.fingerprint)
    }

    /// Certificates whose subject is this very Name.
    pub(super) fn named(&self, subject: &[u8]) -> impl Iterator<Item = &Certificate> {
        self.at(self.by_subject.get(subject))
    }

    /// Certificates whose key a responder may mean (RFC 6960 §4.2.1): by its SHA-1, or by the subject key identifier.
    pub(super) fn keyed(&self, hash: &[u8]) -> impl Iterator<Item = &Certificate> {
        self.at(self.by_key.get(hash))
    }

    fn at(&self, places: Option<&Vec<usize>>) -> impl Iterator<Item = &Certificate> {
        let places = places.map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.certificates.get(*place)).map(|known| &known.certificate)
    }

    /// All certificates.
    pub(super) fn all(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().map(|known| &known.certificate)
    }

    /// A certificate; what it is trusted for already it keeps.
    fn add(
        &mut self,
        certificate: Certificate,
        trusted_for: Option<TrustedFor>,
        file: &str,
    ) -> Result<(), TrustFault> {
        let fingerprint = certificate.fingerprint;
        let known = self.by_subject.get(certificate.subject()).into_iter().flatten().copied();
        let known = known.into_iter().find(|place| {
            self.certificates.get(*place).is_some_and(|known| known.certificate.fingerprint == fingerprint)
        });
        let was = self.anchors.get(&fingerprint).copied();
        if known.is_none() && self.certificates.len() == TRUST_CERTIFICATES_MAX {
            let certificates_max = TRUST_CERTIFICATES_MAX;
            return Err(TrustFault::TooMany { file: file.to_owned(), certificates_max });
        }
        if let Some(trusted_for) = trusted_for.max(was) {
            self.anchors.insert(fingerprint, trusted_for);
        }
        match known.and_then(|place| self.certificates.get_mut(place)) {
            Some(known) if trusted_for > was => file.clone_into(&mut known.file),
            Some(_) => {}
            None => self.keep(certificate, file),
        }
        Ok(())
    }

    fn keep(&mut self, certificate: Certificate, file: &str) {
        self.hosts.extend(certificate.extensions.places.all().filter_map(|url| lacks::host(url)));
        let place = self.certificates.len();
        self.by_subject.entry(certificate.subject().to_vec()).or_default().push(place);
        let hash = certificate.key_sha1.map(|hash| hash.to_vec());
        let identifier = certificate.extensions.subject_key_id.clone().filter(|id| hash.as_ref() != Some(id));
        for key in [hash, identifier].into_iter().flatten() {
            self.by_key.entry(key).or_default().push(place);
        }
        self.certificates.push(Known { facts: certificate.facts(), certificate, file: file.to_owned() });
    }

    /// The certificates of a list's services. Those of services that are not granted help to find a path, and spoil it
    /// from the moment on that the list says: also where another file trusts them, for who withdrew knew it later.
    fn add_list(
        &mut self,
        file: String,
        list: TrustedList,
        statuses: &mut Statuses,
        faults: &mut Vec<TrustFault>,
    ) {
        let TrustedList { scheme, services, signer } = list;
        let (all, granted) = (services.len(), services.iter().filter(|service| service.is_granted).count());
        let (mut vouched_for, mut still_granted) = (HashSet::new(), HashMap::new());
        let mut not_granted = Vec::new();
        for service in services {
            for der in &service.certificates {
                let certificate = match Certificate::read(der) {
                    Ok(certificate) => certificate,
                    Err(fault) => {
                        let service = format!("{}, {}", service.provider, service.name);
                        let (offset, expected) = (fault.offset, fault.expected.to_owned());
                        let file = file.clone();
                        faults.push(TrustFault::ListCertificate { file, service, offset, expected });
                        continue;
                    }
                };
                let trusted_for = match service.kind {
                    _ if !service.is_granted => None,
                    ServiceKind::QualifiedAuthority if certificate.is_authority() => {
                        Some(TrustedFor::Everything)
                    }
                    ServiceKind::QualifiedTimeStamping => Some(TrustedFor::TimeStamps),
                    ServiceKind::QualifiedAuthority | ServiceKind::Other => None,
                };
                let service_of = (service.kind, name_and_key(&certificate));
                if trusted_for.is_some() {
                    vouched_for.insert(certificate.fingerprint);
                }
                if service.is_granted {
                    let since = still_granted.entry(service_of).or_insert(service.since);
                    *since = service.since.max(*since);
                } else if service.kind != ServiceKind::Other {
                    not_granted.push((service_of, service.since));
                }
                if let Err(too_many) = self.add(certificate, trusted_for, &file) {
                    faults.push(too_many);
                    break;
                }
            }
        }
        // The same key may be granted for one kind of certificates and not for another.
        not_granted.retain(|(service, _)| !still_granted.contains_key(service));
        let not_granted = not_granted.into_iter();
        let not_granted =
            not_granted.map(|(service, since)| (service, NotGranted { since, list: file.clone() }));
        statuses.not_granted.extend(not_granted);
        for (service, since) in
            still_granted.into_iter().filter_map(|(service, since)| Some((service, since?)))
        {
            let known = statuses.granted.entry(service).or_insert(since);
            *known = since.max(*known);
        }
        let anchors = vouched_for.len();
        self.lists.push(TrustedListFacts { file, scheme, signer, services: all, granted, anchors });
    }

    /// Of a service that one list grants and another does not, the later word counts: an earlier issue may lie in the
    /// folder still. Without a moment, the word against it counts.
    fn settle(&mut self, statuses: Statuses) {
        for (service, said) in statuses.not_granted {
            let granted = statuses.granted.get(&service);
            if granted.is_some_and(|granted| said.since.is_some_and(|since| since < *granted)) {
                continue;
            }
            let known = self.not_granted.entry(service).or_insert_with(|| said.clone());
            // None is the earliest.
            if said.since < known.since {
                *known = said;
            }
        }
    }

    /// Anchors that a list speaks against.
    fn contradicted(&self) -> Vec<TrustFault> {
        let contradicted = self.certificates.iter().filter_map(|Known { facts, file, certificate }| {
            let kind = match self.anchors.get(&facts.fingerprint)? {
                TrustedFor::Everything => ServiceKind::QualifiedAuthority,
                TrustedFor::TimeStamps => ServiceKind::QualifiedTimeStamping,
            };
            let said = self.not_granted(kind, certificate, Timestamp::MAX)?;
            let (file, subject) = (file.clone(), facts.subject.clone());
            Some(TrustFault::NotGranted { file, subject, list: said.list.clone(), since: said.since })
        });
        contradicted.collect()
    }
}

/// A name and the key that it stands for.
fn name_and_key(certificate: &Certificate) -> Digest {
    let (subject, key) = (certificate.subject(), certificate.spki());
    Digest::of(&[&subject.len().to_be_bytes()[..], subject, key].concat())
}

fn malformed(file: &str, place: usize, fault: &Malformed) -> TrustFault {
    let (file, expected) = (file.to_owned(), fault.expected.to_owned());
    TrustFault::Malformed { file, number: place + 1, offset: fault.offset, expected }
}

/// The pinned signers of lists.
fn read_signers(
    files: impl Iterator<Item = (String, Vec<u8>)>,
    faults: &mut Vec<TrustFault>,
) -> Vec<Certificate> {
    let mut pinned: Vec<Certificate> = Vec::new();
    for (file, bytes) in files {
        let ders = certificates_of(&bytes);
        if ders.is_empty() {
            faults.push(TrustFault::NotCertificates { file: file.clone() });
        }
        for (place, der) in ders.iter().enumerate() {
            match Certificate::read(der) {
                Ok(_) if pinned.len() == LIST_SIGNERS_MAX => {
                    let signers_max = LIST_SIGNERS_MAX;
                    faults.push(TrustFault::TooManySigners { file: file.clone(), signers_max });
                    return pinned;
                }
                Ok(certificate) => pinned.push(certificate),
                Err(fault) => faults.push(malformed(&file, place, &fault)),
            }
        }
    }
    pinned
}

/// The certificates in one file, unread.
pub(super) fn certificates_of(file: &[u8]) -> Vec<Vec<u8>> {
    let speaks_of_certificates =
        |label: &str| matches!(label, "CERTIFICATE" | "X509 CERTIFICATE") || armour::is_cms(label);
    let blocks = armour::blocks(file).into_iter();
    let blocks = blocks.filter(|block| block.label.as_deref().is_none_or(speaks_of_certificates));
    blocks.flat_map(|block| certificates_of_der(&block.bytes)).collect()
}

fn certificates_of_der(der: &[u8]) -> Vec<Vec<u8>> {
    // A certificate begins with a SEQUENCE in a SEQUENCE, a ContentInfo with an OBJECT IDENTIFIER in one.
    let first = Reader::new(der, 0, Rules::Ber).any("a file").and_then(|file| file.inside().any("a field"));
    match first {
        Ok(field)
            if field.tag == tlv::OID && Oid::read(&field).is_ok_and(|oid| oid.is(oid::ID_SIGNED_DATA)) =>
        {
            SignedData::read(der, TRUST_CERTIFICATES_MAX)
                .map(|bundle| bundle.certificates.iter().map(|der| der.to_vec()).collect())
                .unwrap_or_default()
        }
        Ok(field) if field.tag == tlv::SEQUENCE => vec![armour::without_line_break(der).to_vec()],
        _ => Vec::new(),
    }
}
