//! Another program, xmlsec1 with libxml2 and OpenSSL, beside ours: the same octets, and signatures that hold both ways.

use std::path::Path;
use std::process::{Command, Output};

use openssl::x509::X509;
use roxmltree::Document;

use super::canonical::by_chance;
use super::hostile::Seeded;
use super::*;
use crate::verify::trusted_list::canonical::{Canonical, Form};
use crate::verify::trusted_list::document::parse;

const LISTED: &str = "p #default";

/// What xmlsec1 says to these words in this folder; nothing when it is not installed.
fn xmlsec(folder: &Path, words: &[&str]) -> Option<Output> {
    Command::new("xmlsec1").args(words).current_dir(folder).output().ok()
}

/// A folder with the key `k.pem` and its certificate `c.pem`.
fn desk(key: &Key, certificate: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("k.pem"), key.pem()).unwrap();
    let pem = X509::from_der(certificate).unwrap().to_pem().unwrap();
    std::fs::write(folder.path().join("c.pem"), pem).unwrap();
    folder
}

/// The document with its empty signature filled in by xmlsec1.
fn signed(folder: &Path, text: &str, ids: &[&str]) -> Option<String> {
    std::fs::write(folder.join("in.xml"), text).unwrap();
    let mut words = vec!["--sign", "--privkey-pem", "k.pem,c.pem", "--output", "out.xml"];
    for id in ids {
        words.extend(["--id-attr:Id", id]);
    }
    words.push("in.xml");
    let said = xmlsec(folder, &words)?;
    assert!(said.status.success(), "{}\n{text}", String::from_utf8_lossy(&said.stderr));
    Some(std::fs::read_to_string(folder.join("out.xml")).unwrap())
}

/// Whether xmlsec1 says that the certificate's key made this list's signature.
fn verifies(folder: &Path, list: &str) -> Option<bool> {
    std::fs::write(folder.join("list.xml"), list).unwrap();
    let words = ["--verify", "--enabled-key-data", "key-name", "--pubkey-cert-pem", "c.pem"];
    let ids = [
        "--id-attr:Id",
        "http://uri.etsi.org/02231/v2#:TrustServiceStatusList",
        "--id-attr:Id",
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
    ];
    Some(xmlsec(folder, &[&words[..], &ids, &["list.xml"]].concat())?.status.success())
}

/// The canonical forms, each with the transform that asks for it.
fn forms() -> Vec<(Form, String)> {
    let transform =
        |uri: &str, inside: &str| format!("<ds:Transform Algorithm=\"{uri}\">{inside}</ds:Transform>");
    let listed = format!("<ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{LISTED}\"/>");
    vec![
        (Form::Inclusive10, transform(INCLUSIVE, "")),
        (Form::Inclusive11, transform(INCLUSIVE_11, "")),
        (Form::Exclusive(vec![]), transform(EXCLUSIVE, "")),
        (Form::Exclusive(vec!["p".to_owned(), String::new()]), transform(EXCLUSIVE, &listed)),
    ]
}

/// A signature to be filled in: each form over the element `t`, then each over the whole document.
fn template(method: &str, more: &str) -> String {
    let reference = |uri: &str, transforms: &str| {
        format!(
            "<ds:Reference URI=\"{uri}\"><ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm=\"{SHA_256}\"/><ds:DigestValue/></ds:Reference>"
        )
    };
    let enveloped = format!("<ds:Transform Algorithm=\"{ENVELOPED}\"/>");
    let references: String = if more.is_empty() {
        let of_element = forms().into_iter().map(|(_, form)| reference("#t", &form));
        let of_document = forms().into_iter().map(|(_, form)| reference("", &format!("{enveloped}{form}")));
        of_element.chain(of_document).collect()
    } else {
        more.to_owned()
    };
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/><ds:SignatureMethod Algorithm=\"{method}\"/>{references}</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"
    )
}

const RSA_SHA_256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// The digests that a document says, in their order.
fn digests(document: &Document<'_>) -> Vec<String> {
    let all = document.descendants().filter(|node| node.tag_name().name() == "DigestValue");
    all.map(|node| node.text().unwrap_or_default().split_whitespace().collect()).collect()
}

/// An element inside a document, and the document around a signature: what a node set has beside a whole document.
#[test]
fn xmlsec_digests_the_same_octets_of_elements_and_documents() {
    let key = Key::rsa(2048);
    let certificate = CertificateSpec::signer("Підпис", &key, "Підпис", &key).make();
    let folder = desk(&key, &certificate);
    let mut seeded = Seeded(7);
    let mut compared = 0;
    for _ in 0..120 {
        let inside = by_chance(&mut seeded, 0, &["p", "w"], true);
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?before x?><!-- outside -->\n<w:wrap z='1' xmlns:w='u:w' xmlns:p=\"u:1p\" xmlns='u:d' xml:lang='uk' xml:space=\"preserve\"\n a='2'>ї<!-- c --><t  Id='t' p:b='1'>{inside}</t>\r\n{}</w:wrap><?after?>",
            template(RSA_SHA_256, "")
        );
        if parse(&text).is_err() {
            continue;
        }
        let Some(theirs) = signed(folder.path(), &text, &["u:d:t"]) else { return skipped("no xmlsec1") };
        let theirs = digests(&parse(&theirs).unwrap());
        let document = parse(&text).unwrap();
        let find = |name: &str| document.descendants().find(|node| node.tag_name().name() == name).unwrap();
        let (element, signature) = (find("t"), find("Signature").id());
        let form = |form| Canonical { form, with_comments: false };
        let ours: Vec<Vec<u8>> = forms()
            .into_iter()
            .map(|(one, _)| form(one).of_element(element, None).unwrap())
            .chain(
                forms()
                    .into_iter()
                    .map(|(one, _)| form(one).of_document(&document, Some(signature)).unwrap()),
            )
            .collect();
        assert_eq!(theirs.len(), ours.len());
        for (place, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            let ours_digest = base64(&Hash::Sha256.of(ours));
            assert_eq!(&ours_digest, theirs, "digest {place} of\n{text}\n{}", String::from_utf8_lossy(ours));
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn xmlsec_verifies_our_lists_and_no_changed_one() {
    let rsa = Key::rsa(2048);
    let of_rsa = CertificateSpec::signer(OPERATOR, &rsa, OPERATOR, &rsa).make();
    let properties = Some((SHA_256, Hash::Sha256.of(&of_rsa)));
    let by_rsa = || Spec {
        method: RSA_SHA_256,
        key: &rsa,
        number_octets: None,
        inside: &of_rsa,
        properties: properties.clone(),
        ..Spec::usual()
    };
    let mut lists: Vec<(&Key, &[u8], String)> = Vec::new();
    for form in [EXCLUSIVE, INCLUSIVE, INCLUSIVE_11] {
        let transforms = vec![ENVELOPED, form];
        let ecdsa = Spec { form, transforms: transforms.clone(), ..Spec::usual() };
        lists.push((&SCHEME.key, &SCHEME.signer, ecdsa.make()));
        lists.push((&SCHEME.key, &SCHEME.signer, Spec { uri: "#list", ..ecdsa }.make()));
        lists.push((&rsa, &of_rsa, Spec { form, transforms, ..by_rsa() }.make()));
    }
    for (key, signer, list) in &lists {
        let folder = desk(key, signer);
        let Some(is_good) = verifies(folder.path(), list) else { return skipped("no xmlsec1") };
        assert!(is_good, "{list}");
        let changed = list.replace("<SchemeTerritory>UA", "<SchemeTerritory>XX");
        assert_eq!(verifies(folder.path(), &changed), Some(false));
    }
}

/// Written as no canonical form is: with blanks, comments, single quotes, attributes and declarations in any order.
#[test]
fn lists_that_xmlsec_signed_hold_here_and_no_changed_one() {
    let rsa = Key::rsa(2048);
    let of_rsa = CertificateSpec::signer(OPERATOR, &rsa, OPERATOR, &rsa).make();
    let ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    let (keys, mut held) = ([(&rsa, &of_rsa, RSA_SHA_256), (&SCHEME.key, &SCHEME.signer, ecdsa)], 0);
    for (key, signer, method) in keys {
        let folder = desk(key, signer);
        for (_, form) in forms() {
            for uri in ["", "#list"] {
                let reference = format!(
                    "<ds:Reference URI='{uri}'><ds:Transforms><ds:Transform Algorithm='{ENVELOPED}'/>{form}</ds:Transforms><ds:DigestMethod Algorithm='{SHA_256}'/><ds:DigestValue/></ds:Reference>"
                );
                let text = format!(
                    "<?xml version='1.0' encoding='UTF-8'?>\n<!-- a list -->\n<TrustServiceStatusList  TSLTag='http://uri.etsi.org/19612/TSLTag' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'\n   Id='list' xmlns='http://uri.etsi.org/02231/v2#' xmlns:p='u:p'>\n  <!-- inside -->{}\n\t{}\n</TrustServiceStatusList>\n",
                    body(&usual()).replace("><", ">\n   <"),
                    template(method, &reference)
                );
                let id = "http://uri.etsi.org/02231/v2#:TrustServiceStatusList";
                let Some(list) = signed(folder.path(), &text, &[id]) else { return skipped("no xmlsec1") };
                let pinned = [certificate(signer)];
                let read = TrustedList::read(list.as_bytes(), &pinned)
                    .unwrap_or_else(|fault| panic!("{fault}: {list}"));
                assert_eq!((read.services.len(), read.scheme.territory.as_deref()), (2, Some("UA")));
                let changed = list.replace("<SchemeTerritory>UA", "<SchemeTerritory>XX");
                assert_eq!(TrustedList::read(changed.as_bytes(), &pinned).unwrap_err(), ListFault::Changed);
                held += 1;
            }
        }
    }
    assert_eq!(held, 16);
}
