//! `skrynka trust …` as the operator runs it: nothing becomes trusted without a compared fingerprint.

mod fetch;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::base64::encode_block;
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sha::sha256;
use openssl::sign::Signer;
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509Builder, X509Name};

use crate::program::Desk;

/// A certificate of this name for a key, signed by another name's.
fn certificate(
    subject: &str,
    key: &PKey<Private>,
    issuer: (&str, &PKey<Private>),
    authority: bool,
    days: u32,
) -> Vec<u8> {
    let name = |text: &str| {
        let mut name = X509Name::builder().unwrap();
        name.append_entry_by_text("CN", text).unwrap();
        name.build()
    };
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    let serial = Asn1Integer::from_bn(&BigNum::from_u32(days).unwrap()).unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_issuer_name(&name(issuer.0)).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(1_700_000_000).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(days).unwrap()).unwrap();
    builder.set_pubkey(key).unwrap();
    if authority {
        builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
        builder.append_extension(KeyUsage::new().critical().key_cert_sign().build().unwrap()).unwrap();
    }
    builder.sign(issuer.1, MessageDigest::sha256()).unwrap();
    builder.build().to_der().unwrap()
}

fn key() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()
}

pub(crate) fn root(days: u32) -> Vec<u8> {
    let key = key();
    certificate("Корінь", &key, ("Корінь", &key), true, days)
}

pub(crate) fn fingerprint(der: &[u8]) -> String {
    sha256(der).iter().map(|octet| format!("{octet:02x}")).collect()
}

/// A list of one granted authority, in canonical form, signed with RSA.
fn list(sequence: u32, next_update: &str, authority: &[u8], signer: &PKey<Private>, inside: &[u8]) -> String {
    let root = "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\">";
    let body = format!(
        "<SchemeInformation><TSLSequenceNumber>{sequence}</TSLSequenceNumber><SchemeOperatorName><Name xml:lang=\"uk\">Видавець</Name></SchemeOperatorName><SchemeTerritory>UA</SchemeTerritory><NextUpdate><dateTime>{next_update}</dateTime></NextUpdate></SchemeInformation><TrustServiceProviderList><TrustServiceProvider><TSPInformation></TSPInformation><TSPServices><TSPService><ServiceInformation><ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier><ServiceDigitalIdentity><DigitalId><X509Certificate>{}</X509Certificate></DigitalId></ServiceDigitalIdentity><ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted</ServiceStatus></ServiceInformation></TSPService></TSPServices></TrustServiceProvider></TrustServiceProviderList>",
        encode_block(authority)
    );
    let end = "</TrustServiceStatusList>";
    let digest = encode_block(&sha256(format!("{root}{body}{end}").as_bytes()));
    let form = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let info = format!(
        "<CanonicalizationMethod Algorithm=\"{form}\"></CanonicalizationMethod><SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></SignatureMethod><Reference URI=\"\"><Transforms><Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></Transform><Transform Algorithm=\"{form}\"></Transform></Transforms><DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></DigestMethod><DigestValue>{digest}</DigestValue></Reference></SignedInfo>"
    );
    let alone = format!("<SignedInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">{info}");
    let mut signing = Signer::new(MessageDigest::sha256(), signer).unwrap();
    let value = encode_block(&signing.sign_oneshot_to_vec(alone.as_bytes()).unwrap());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}{body}<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo>{info}<SignatureValue>{value}</SignatureValue><KeyInfo><X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo></Signature>{end}\n",
        encode_block(inside)
    )
}

/// A publisher of lists, and an authority that it may list.
struct Publisher {
    key: PKey<Private>,
    signer: Vec<u8>,
    authority: Vec<u8>,
}

fn publisher() -> Publisher {
    let (key, root) = (key(), key());
    let signer = certificate("Видавець списків", &key, ("Видавець списків", &key), false, 400);
    let authority = certificate("Центр зі списку", &root, ("Корінь списку", &root), true, 900);
    Publisher { key, signer, authority }
}

#[test]
fn a_root_is_taken_in_only_after_its_fingerprint_was_compared() {
    let desk = Desk::new();
    let root = root(900);
    desk.write("root.cer", &root);
    desk.run(&["trust", "import", "root.cer"]).refused(1, "nobody answered; nothing was taken in");
    let said = desk.run_with(&["trust", "import", "root.cer"], "00000000\n\n");
    assert!(said.err.contains("these are not its first 8 digits"), "{}", said.err);
    said.refused(1, "nothing was taken in");
    let other = "ab".repeat(32);
    desk.run(&["trust", "import", "root.cer", "--yes", &other]).refused(1, "has the fingerprint ababab");
    desk.run(&["trust", "import", "root.cer", "--yes", "abab"]).refused(64, "64 hexadecimal digits");
    assert!(!desk.path().join("trust").exists(), "nothing was made");

    let digits = fingerprint(&root);
    let said = desk.run_with(&["trust", "import", "root.cer"], &format!("{}\n", digits[..8].to_uppercase()));
    let colons: Vec<String> =
        digits.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).to_uppercase()).collect();
    assert!(said.err.contains(&colons.join(":")) && said.err.contains("Корінь"), "{}", said.err);
    assert!(said.good().contains("1 taken in, 0 there already, 0 left out"));
    let file = desk.path().join(format!("trust/root-{}.cer", &digits[..16]));
    assert_eq!(fs::read(&file).unwrap(), root);
    for (path, mode) in
        [(file, 0o600), (desk.path().join("trust/history.jsonl"), 0o600), (desk.path().join("trust"), 0o700)]
    {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
    let again = desk.run(&["trust", "import", "root.cer"]).good();
    assert!(again.contains("0 taken in, 1 there already"), "{again}");
    let listed = desk.run(&["trust", "list", "--json"]).json();
    assert_eq!(listed["certificates"][0]["sha256"], digits);
    assert_eq!(listed["certificates"][0]["trusted_for"], "everything");
    let history = desk.run(&["trust", "list", "--history", "--json"]).json();
    assert_eq!(history["history"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&history["history"][0]["taken"], &history["history"][0]["from"]),
        (&"anchor".into(), &"root.cer".into())
    );
    assert!(history["history"][0]["by"].as_str().unwrap().contains("user "), "{history}");
}

#[test]
fn of_a_bundle_only_what_was_compared_is_trusted() {
    let desk = Desk::new();
    let (one, other) = (root(900), root(901));
    let known = publisher().authority;
    let pem = |der: &[u8]| {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", encode_block(der))
    };
    desk.write("all.pem", [pem(&one), pem(&other), pem(&known)].concat());
    let said = desk.run(&["trust", "import", "all.pem", "--yes", &fingerprint(&one), "--json"]).json();
    assert_eq!((said["taken"].as_array().unwrap().len(), said["left_out"].as_array().unwrap().len()), (1, 2));
    let said =
        desk.run(&["trust", "import", "all.pem", "--yes", &fingerprint(&other), "--known", "--json"]).json();
    assert_eq!((said["taken"].as_array().unwrap().len(), said["already"].as_array().unwrap().len()), (2, 1));
    let listed = desk.run(&["trust", "list", "--all"]).good();
    assert!(listed.contains("2 anchors, 1 certificates that are only known"), "{listed}");
    assert!(listed.contains("known only   Центр зі списку"), "{listed}");
}

#[test]
fn a_list_is_taken_in_by_its_signers_fingerprint_and_an_older_issue_is_refused() {
    let desk = Desk::new();
    let Publisher { key, signer, authority } = publisher();
    let issue = |number| list(number, "2099-01-01T00:00:00Z", &authority, &key, &signer);
    desk.write("TL-UA.xml", issue(7));
    desk.run(&["trust", "import", "TL-UA.xml"]).refused(1, "nothing was taken in");
    desk.run(&["trust", "import", "TL-UA.xml", "--yes", &fingerprint(&authority)])
        .refused(1, "no certificate of TL-UA.xml");
    let said = desk.run(&["trust", "import", "TL-UA.xml", "--yes", &fingerprint(&signer)]).good();
    assert!(said.contains("trusted for everything: Центр зі списку"), "{said}");
    let listed = desk.run(&["trust", "list"]).good();
    assert!(
        listed.contains("UA No. 7, signed by «Видавець списків»; 1 of 1 services granted, 1 anchors"),
        "{listed}"
    );
    assert!(listed.contains("1 anchors, 0 certificates"), "the signer is no anchor: {listed}");
    desk.run(&["trust", "check"]).good();
    // A later issue of the pinned signer needs no question; an older one is refused.
    desk.write("TL-UA.xml", issue(8));
    assert!(desk.run(&["trust", "import", "TL-UA.xml"]).good().contains("taken in"));
    assert!(desk.run(&["trust", "import", "TL-UA.xml"]).good().contains("already"));
    desk.write("TL-UA.xml", issue(7));
    desk.run(&["trust", "import", "TL-UA.xml"])
        .refused(1, "an older issue may name services that were withdrawn");
    let history = desk.run(&["trust", "list", "--history", "--json"]).json();
    let taken: Vec<&str> =
        history["history"].as_array().unwrap().iter().map(|entry| entry["taken"].as_str().unwrap()).collect();
    assert_eq!(taken, ["list_signer", "list", "list"]);
}

#[test]
fn a_list_that_was_changed_or_is_a_strangers_is_refused_and_in_the_folder_it_counts_for_nothing() {
    let desk = Desk::new();
    let Publisher { key, signer, authority } = publisher();
    let good = list(7, "2099-01-01T00:00:00Z", &authority, &key, &signer);
    let changed = good.replace("<SchemeTerritory>UA", "<SchemeTerritory>XX");
    desk.write("changed.xml", &changed);
    desk.run(&["trust", "import", "changed.xml", "--yes", &fingerprint(&signer)])
        .refused(1, "it was changed after signing");
    desk.write("good.xml", &good);
    desk.run(&["trust", "import", "good.xml", "--yes", &fingerprint(&signer)]).good();
    desk.write("trust/changed.xml", &changed);
    let said = desk.run(&["trust", "check"]);
    assert_eq!(said.code, 1);
    assert!(
        said.out.contains("changed.xml: this trusted list does not count: it was changed after signing"),
        "{}",
        said.out
    );
    let json = desk.run(&["trust", "check", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&json["good"], &json["anchors"], &json["lists"]), (&false.into(), &1.into(), &1.into()));
    let doctor = desk.run(&["doctor"]);
    assert!(doctor.out.contains("changed.xml: this trusted list does not count"), "{}", doctor.out);
}

#[test]
fn what_ends_soon_or_is_overdue_is_said_and_is_no_failure() {
    let desk = Desk::new();
    for (name, days) in [("far", 900), ("quarter", 80), ("week", 5)] {
        let root = root(days);
        desk.write(&format!("{name}.cer"), &root);
        desk.run(&["trust", "import", &format!("{name}.cer"), "--yes", &fingerprint(&root)]).good();
    }
    let Publisher { key, signer, authority } = publisher();
    desk.write("old.xml", list(7, "2025-01-01T00:00:00Z", &authority, &key, &signer));
    desk.run(&["trust", "import", "old.xml", "--yes", &fingerprint(&signer)]).good();
    let said = desk.run(&["trust", "check"]).good();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("warning")).collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].contains("old.xml: a newer issue was due on 2025-01-01; this one counts on"), "{said}");
    assert!(lines[1].contains("in 5 days") && lines[2].contains("in 80 days"), "the soonest first: {said}");
    assert!(said.contains("4 anchors, 1 trusted lists; 0 WRONG, 3 to look at"), "{said}");
    assert!(desk.run(&["doctor"]).out.contains("a newer issue was due"));
}

#[test]
fn an_empty_folder_is_wrong_and_says_what_to_do() {
    let desk = Desk::new();
    let said = desk.run(&["trust", "check"]);
    assert!(said.code == 1 && said.out.contains("no trusted authority"), "{}", said.out);
    let doctor = desk.run(&["doctor"]);
    assert!(
        doctor.out.contains("`skrynka trust import FILE` (or `trust fetch URL`, which downloads it first): it shows the fingerprint"),
        "{}",
        doctor.out
    );
    desk.write("notes.txt", "hello");
    desk.run(&["trust", "import", "notes.txt"]).refused(1, "neither a certificate (DER or PEM) nor a bundle");
    desk.run(&["trust", "fetch", "ftp://example.org/list.xml"]).refused(1, "http:// or https:// is expected");
}

/// The synthetic list of the shared data bears no signature.
#[test]
fn the_unsigned_list_of_the_shared_data_is_refused() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/signatures/ecdsa/ua-msTl.xml");
    if !std::path::Path::new(file).exists() {
        #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
        {
            eprintln!("skipped: no ../shared/data");
        }
        return;
    }
    Desk::new().run(&["trust", "import", file]).refused(1, "it is not signed");
}
