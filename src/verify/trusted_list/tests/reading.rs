//! What a good list says, every algorithm, and what becomes of its services.

use openssl::nid::Nid;

use super::*;
use crate::verify::{Trust, TrustFault, TrustedFor};

#[test]
fn a_signed_list_tells_itself_and_its_services() {
    let list = read(&Spec::usual().make()).unwrap();
    assert_eq!(list.scheme.territory.as_deref(), Some("UA"));
    assert_eq!(list.scheme.operator.as_deref(), Some("Видавець & Ко"));
    assert_eq!(list.scheme.sequence, Some(17));
    assert_eq!(list.scheme.issued_at.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(list.scheme.next_update.unwrap().to_string(), "2026-07-01T00:00:00Z");
    let [authority, stamping] = &list.services[..] else { panic!("{:?}", list.services) };
    assert_eq!((authority.kind, authority.is_granted), (ServiceKind::QualifiedAuthority, true));
    assert_eq!((authority.provider.as_str(), authority.name.as_str()), ("Надавач", "Service"));
    assert_eq!(authority.certificates, std::slice::from_ref(&SCHEME.authority));
    assert_eq!((stamping.kind, stamping.is_granted), (ServiceKind::QualifiedTimeStamping, true));
}

#[test]
fn every_form_of_the_signature_that_lists_use_holds() {
    holds(&Spec::usual().make());
    holds(&Spec { properties: None, ..Spec::usual() }.make());
    holds(&Spec { uri: "#list", ..Spec::usual() }.make());
    for form in [INCLUSIVE, INCLUSIVE_11, EXCLUSIVE] {
        holds(&Spec { form, transforms: vec![ENVELOPED, form], ..Spec::usual() }.make());
        let with_comments =
            format!("{}{}", form, if form == EXCLUSIVE { "WithComments" } else { "#WithComments" });
        holds(&Spec { transforms: vec![ENVELOPED, &with_comments], ..Spec::usual() }.make());
    }
    // Without a canonical form the inclusive one applies, which is the same here.
    holds(&Spec { transforms: vec![ENVELOPED], ..Spec::usual() }.make());
    for digest in [
        ("http://www.w3.org/2001/04/xmldsig-more#sha384", Hash::Sha384),
        ("http://www.w3.org/2001/04/xmlenc#sha512", Hash::Sha512),
    ] {
        holds(&Spec { digest, ..Spec::usual() }.make());
    }
}

#[test]
fn rsa_and_every_curve_hold_with_every_digest() {
    let hashes = [(Hash::Sha256, "256"), (Hash::Sha384, "384"), (Hash::Sha512, "512")];
    let curves = [(Nid::X9_62_PRIME256V1, 32), (Nid::SECP384R1, 48), (Nid::SECP521R1, 66)];
    for (hash, bits) in hashes {
        let ecdsa = format!("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha{bits}");
        let pkcs1 = format!("http://www.w3.org/2001/04/xmldsig-more#rsa-sha{bits}");
        let pss = format!("http://www.w3.org/2007/05/xmldsig-more#sha{bits}-rsa-MGF1");
        let rsa = Key::rsa(2048);
        let mut cases = vec![(rsa, pkcs1.as_str(), None), (Key::rsa(2048).with_pss(), pss.as_str(), None)];
        for (curve, octets) in curves {
            cases.push((Key::on(curve, "list"), ecdsa.as_str(), Some(octets)));
        }
        for (key, method, number_octets) in &cases {
            let signer = CertificateSpec::signer(OPERATOR, &SCHEME.key, OPERATOR, &SCHEME.key);
            let signer = CertificateSpec { key, ..signer }.make();
            let properties = Some((SHA_256, Hash::Sha256.of(&signer)));
            let spec = Spec { key, method, hash, number_octets: *number_octets, properties, ..Spec::usual() };
            let list = spec.make();
            assert!(TrustedList::read(list.as_bytes(), &[certificate(&signer)]).is_ok(), "{method}");
            // The same numbers under another name of an algorithm prove nothing.
            let other = if method.contains("MGF1") { pkcs1.as_str() } else { pss.as_str() };
            let renamed = list.replace(method, other);
            assert!(TrustedList::read(renamed.as_bytes(), &[certificate(&signer)]).is_err(), "{method}");
        }
    }
}

#[test]
fn weak_and_unknown_algorithms_are_named() {
    let dstu = "http://example.org/dstu4145#gost34311";
    refused(
        &Spec { method: dstu, ..Spec::usual() }.make(),
        "its signature algorithm is `http://example.org/dstu4145#gost34311`, which this program does not verify",
    );
    refused(&Spec { digest: (dstu, Hash::Sha256), ..Spec::usual() }.make(), "its digest algorithm is");
    refused(&Spec { form: dstu, ..Spec::usual() }.make(), "its canonical form is");
    refused(&Spec { transforms: vec![ENVELOPED, dstu], ..Spec::usual() }.make(), "its transform is");
    let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    refused(&Spec { digest: (sha1, Hash::Sha1), ..Spec::usual() }.make(), "too weak");
    let ecdsa_sha1 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1";
    refused(&Spec { method: ecdsa_sha1, hash: Hash::Sha1, ..Spec::usual() }.make(), "too weak");
    let properties = Some((sha1, Hash::Sha1.of(&SCHEME.signer)));
    refused(&Spec { properties, ..Spec::usual() }.make(), "too weak");
}

#[test]
fn a_list_that_is_unsigned_or_a_strangers_is_refused_with_its_reason() {
    let list = Spec::usual().make();
    let (start, end) = (list.find("<ds:Signature ").unwrap(), list.find("</TrustService").unwrap());
    let close = list.rfind("</TrustServiceStatusList>").unwrap();
    assert!(start > end || close > start);
    let unsigned = format!("{}{}", &list[..start], &list[close..]);
    refused(&unsigned, "it is not signed");
    let nobody = TrustedList::read(list.as_bytes(), &[]).unwrap_err().to_string();
    let fingerprint = certificate(&SCHEME.signer).fingerprint;
    assert!(
        nobody.contains(&format!("signed by «{OPERATOR}» (SHA-256 {fingerprint}), who is not pinned")),
        "{nobody}"
    );
    let stranger = Key::p256("stranger");
    let theirs = CertificateSpec::signer("Чужий", &stranger, "Чужий", &stranger).make();
    let properties = Some((SHA_256, Hash::Sha256.of(&theirs)));
    refused(
        &Spec { key: &stranger, inside: &theirs, properties, ..Spec::usual() }.make(),
        "signed by «Чужий»",
    );
    // Under the pinned name and with the pinned certificate inside, but with another key.
    refused(&Spec { key: &stranger, ..Spec::usual() }.make(), "its signature is wrong");
    let absent = Spec { key: &stranger, inside: b"", properties: None, ..Spec::usual() }.make();
    refused(&absent, "its signature is wrong");
    assert_eq!(TrustedList::read(absent.as_bytes(), &[]).unwrap_err(), ListFault::NothingPinned);
}

#[test]
fn signed_properties_must_name_the_pinned_certificate() {
    // The same key, certified anew: what was signed names the other certificate.
    let again = CertificateSpec::signer("Той самий ключ", &SCHEME.key, OPERATOR, &SCHEME.key).make();
    let properties = Some((SHA_256, Hash::Sha256.of(&again)));
    let list = Spec { properties, ..Spec::usual() }.make();
    refused(&list, "name another signing certificate");
    assert!(TrustedList::read(list.as_bytes(), &[certificate(&SCHEME.signer), certificate(&again)]).is_ok());
}

#[test]
fn a_preview_tells_the_signer_and_trusts_nothing() {
    let preview = ListPreview::read(Spec::usual().make().as_bytes()).unwrap();
    assert_eq!((preview.signer.1.subject.as_str(), preview.granted), (OPERATOR, (2, 2)));
    let changed = Spec::usual().make().replace("Надавач", "Шахрай!");
    assert_eq!(ListPreview::read(changed.as_bytes()).unwrap_err(), ListFault::Changed);
    let without = Spec { inside: b"", ..Spec::usual() }.make();
    assert!(ListPreview::read(without.as_bytes()).is_err());
}

fn trust(services: &str, files: &[(&str, &[u8])]) -> (Trust, Vec<TrustFault>) {
    let list = Spec { body: body(services), ..Spec::usual() }.make().into_bytes();
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
    let files = files.chain([("list.xml".to_owned(), list)]);
    Trust::from_folder(files, [("signer.cer".to_owned(), SCHEME.signer.clone())].into_iter())
}

fn trusted(trust: &Trust) -> Vec<(String, Option<TrustedFor>)> {
    trust.entries().map(|entry| (entry.facts.subject.clone(), entry.trusted_for)).collect()
}

#[test]
fn a_granted_authority_is_an_anchor_and_time_stamping_one_for_time_stamps_only() {
    let (trust, faults) = trust(&usual(), &[]);
    assert_eq!(faults, []);
    let expected = [
        ("Центр зі списку".to_owned(), Some(TrustedFor::Everything)),
        ("Позначки часу".to_owned(), Some(TrustedFor::TimeStamps)),
    ];
    assert_eq!(trusted(&trust), expected);
    assert_eq!(trust.anchors().count(), 1);
    let list = &trust.lists()[0];
    assert_eq!((list.file.as_str(), list.services, list.granted, list.anchors), ("list.xml", 2, 2, 2));
    // The signer of the list is nobody's anchor, and not even known.
    assert_eq!(trust.list_signers()[0].subject, OPERATOR);
    assert!(trust.certificates().all(|facts| facts.subject != OPERATOR));
}

#[test]
fn services_that_are_not_granted_or_do_something_else_are_no_anchors() {
    let status = |word: &str| format!("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{word}");
    let kind = |word: &str| format!("http://uri.etsi.org/TrstSvc/Svctype/{word}");
    for word in ["withdrawn", "deprecatedatnationallevel", "undersupervision", "", "Granted"] {
        let (trust, faults) = trust(&service(CA_QC, &status(word), &[&SCHEME.authority]), &[]);
        assert_eq!((trusted(&trust)[0].1, faults), (None, vec![TrustFault::NoAnchors]), "{word}");
    }
    for word in ["Certstatus/OCSP/QC", "CA/PKC", "NationalRootCA-QC", "TSA", "EDS/Q", "CA/QC/"] {
        let (trust, _) = trust(&service(&kind(word), GRANTED, &[&SCHEME.authority]), &[]);
        assert_eq!(trusted(&trust)[0].1, None, "{word}");
    }
    let national = service(CA_QC, &status("recognisedatnationallevel"), &[&SCHEME.authority]);
    assert_eq!(trusted(&trust(&national, &[]).0)[0].1, Some(TrustedFor::Everything));
    // A certificate of a granted authority that is no authority's.
    let (trust, _) = trust(&service(CA_QC, GRANTED, &[&SCHEME.time_stamping]), &[]);
    assert_eq!(trusted(&trust)[0].1, None);
}

#[test]
fn granted_once_counts_and_a_root_of_the_folder_that_is_not_granted_is_named() {
    let withdrawn = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn";
    let both =
        service(CA_QC, withdrawn, &[&SCHEME.authority]) + &service(CA_QC, GRANTED, &[&SCHEME.authority]);
    let (read, faults) = trust(&both, &[]);
    assert_eq!((trusted(&read)[0].1, faults), (Some(TrustedFor::Everything), vec![]));
    let key = Key::p256("listed root");
    let root = CertificateSpec::authority("Корінь у теці", &key, "Корінь у теці", &key).make();
    let (read, faults) = trust(&service(CA_QC, withdrawn, &[&root]), &[("root.cer", &root)]);
    assert_eq!(read.anchors().count(), 1);
    let said = faults[0].to_string();
    let expected = "root.cer: «Корінь у теці» is an anchor, and list.xml says that its service is not granted since 2025-01-01:";
    assert!(said.starts_with(expected), "{said}");
    // In a list alone, a root is nothing by being self-issued.
    assert_eq!(trusted(&trust(&service(CA_QC, withdrawn, &[&root]), &[]).0)[0].1, None);
}

#[test]
fn a_broken_certificate_in_a_list_is_named_and_spoils_nothing_else() {
    let (trust, faults) = trust(&(service(CA_QC, GRANTED, &[b"\x30\x03\x02\x01\x00"]) + &usual()), &[]);
    assert_eq!(trust.anchors().count(), 1);
    assert!(
        faults[0].to_string().contains("a certificate of the service «Надавач, Service» is broken at byte"),
        "{faults:?}"
    );
}

#[test]
fn a_list_that_does_not_count_trusts_nobody_and_says_so() {
    let list = Spec::usual().make().replace("Надавач", "Шахрай!").into_bytes();
    let signers = || [("signer.cer".to_owned(), SCHEME.signer.clone())].into_iter();
    let (trust, faults) = Trust::from_folder([("list.xml".to_owned(), list.clone())].into_iter(), signers());
    assert_eq!((trust.entries().count(), trust.lists().len()), (0, 0));
    assert_eq!(
        faults[0].to_string(),
        "list.xml: this trusted list does not count: it was changed after signing: get it again from its publisher"
    );
    let (_, faults) = Trust::from_folder([("named.cer".to_owned(), list)].into_iter(), signers());
    assert!(matches!(faults[0], TrustFault::List { .. }), "{faults:?}");
    let (_, faults) = Trust::from_folder([("a.xml".to_owned(), b"text".to_vec())].into_iter(), signers());
    assert!(
        faults[0].to_string().starts_with("a.xml: this trusted list does not count: it is not well-formed"),
        "{faults:?}"
    );
}

/// As large as the largest lists that are published.
#[test]
fn a_list_of_ten_million_octets_is_read() {
    let authority = SCHEME.authority.clone();
    let services = service(CA_QC, GRANTED, &[&authority, &authority, &authority]).repeat(4_500);
    let list = Spec { body: body(&services), ..Spec::usual() }.make();
    assert!(list.len() > 8_000_000, "{}", list.len());
    assert_eq!(read(&list).unwrap().services.len(), 4_500);
}

/// The public synthetic list: everything in it can be read, and nothing of it counts.
#[test]
fn the_unsigned_list_of_the_shared_data_is_read_and_refused() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/signatures/ecdsa/ua-msTl.xml");
    let Ok(bytes) = std::fs::read(file) else { return skipped("no ../shared/data") };
    let document = document::parse(document::text(&bytes).unwrap()).unwrap();
    let services = services::services(document.root_element()).unwrap();
    assert_eq!(
        services.iter().filter(|s| s.is_granted && s.kind == ServiceKind::QualifiedAuthority).count(),
        2
    );
    assert!(services.iter().flat_map(|s| &s.certificates).all(|der| Certificate::read(der).is_ok()));
    let scheme = services::scheme(document.root_element()).unwrap();
    assert_eq!((scheme.territory.as_deref(), scheme.sequence), (Some("UA"), None));
    assert_eq!(TrustedList::read(&bytes, &[]).unwrap_err(), ListFault::Unsigned);
    assert_eq!(ListPreview::read(&bytes).unwrap_err(), ListFault::Unsigned);
}
