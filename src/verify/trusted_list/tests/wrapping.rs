//! Ways to show one list and to have signed another: none of them works.

use super::*;

/// The signature element of a list.
fn signature(list: &str) -> &str {
    let start = list.find("<ds:Signature ").unwrap();
    let end = list.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    &list[start..end]
}

const ROOT: &str = "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\" Id=\"list\">";
const END: &str = "</TrustServiceStatusList>";

fn by_id() -> String {
    Spec { uri: "#list", ..Spec::usual() }.make()
}

#[test]
fn a_changed_octet_inside_is_a_change_and_white_space_and_comments_outside_are_none() {
    let list = Spec::usual().make();
    refused(&list.replace("<TSLSequenceNumber>17<", "<TSLSequenceNumber>18<"), "changed after signing");
    refused(&list.replace("<TSPServices>", "<TSPServices> "), "changed after signing");
    refused(&list.replace(END, &format!("<!-- x -->\n{END}")), "changed after signing");
    refused(&format!("<?p?>{list}"), "changed after signing");
    refused(&list.replace("<ds:SignedInfo>", "<ds:SignedInfo> "), "its signature is wrong");
    // Comments are not signed, and cut no text: the number is read whole.
    let commented = list.replace("<TSLSequenceNumber>17<", "<TSLSequenceNumber>1<!-- 9 -->7<");
    assert_eq!(read(&commented).unwrap().scheme.sequence, Some(17));
    holds(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{list}\n"));
    holds(&format!("\u{feff}{list}"));
    holds(&list.replace("<ds:KeyInfo>", "<ds:KeyInfo>\n"));
    holds(&list.replace("Id=\"list\"", "Id='li&#115;t'"));
}

#[test]
fn two_signatures_are_refused_wherever_they_are() {
    let list = Spec::usual().make();
    let one = signature(&list);
    refused(&list.replace(END, &format!("{one}{END}")), "it bears 2 signatures");
    refused(
        &list.replace("</ds:Signature>", &format!("<ds:Object>{one}</ds:Object></ds:Signature>")),
        "it bears 2 signatures",
    );
    refused(&list.replace("<TSPServices>", &format!("{one}<TSPServices>")), "it bears 2 signatures");
}

#[test]
fn a_signature_elsewhere_than_in_the_root_is_refused() {
    let list = Spec::usual().make();
    let one = signature(&list).to_owned();
    let without = list.replace(&one, "");
    refused(&without.replace("<TSPServices>", &format!("{one}<TSPServices>")), "or one in a wrong place");
    let wrapped = list.replace(&one, &format!("<Wrapper>{one}</Wrapper>"));
    refused(&wrapped, "or one in a wrong place");
}

#[test]
fn a_genuine_list_inside_a_forged_one_is_refused() {
    let genuine = by_id();
    let forged = body(&service(CA_QC, GRANTED, &[&SCHEME.signer]));
    let one = signature(&genuine);
    let original = genuine.replace(one, "");
    // The genuine list moved into an Object of its own signature, the forged one around it.
    let object = format!("<ds:Object>{original}</ds:Object></ds:Signature>");
    let moved = format!(
        "{}{forged}{}{END}",
        ROOT.replace("list\"", "other\""),
        one.replace("</ds:Signature>", &object)
    );
    refused(&moved, "References to the whole list");
    // The same with the Id kept in both.
    let doubled = moved.replacen("Id=\"other\"", "Id=\"list\"", 1);
    refused(&doubled, "an Id that one element has");
    // The genuine list as a child of the forged one.
    let child = format!("{}{forged}{original}{one}{END}", ROOT.replace("list\"", "other\""));
    refused(&child, "References to the whole list");
    // A forged root around the genuine, signed document.
    refused(&format!("<Wrapper>{genuine}</Wrapper>"), "its root is `Wrapper`");
    let around = format!("{}{forged}{genuine}{END}", ROOT.replace("list\"", "other\""));
    refused(&around, "or one in a wrong place");
}

#[test]
fn an_id_that_was_moved_or_doubled_is_refused() {
    let list = by_id();
    holds(&list);
    let moved = list.replacen("Id=\"list\"", "", 1).replacen(
        "<SchemeInformation>",
        "<SchemeInformation Id=\"list\">",
        1,
    );
    refused(&moved, "References to the whole list");
    for spelling in ["Id", "ID", "id", "xml:id"] {
        let doubled = list.replacen("<ds:KeyInfo>", &format!("<ds:KeyInfo {spelling}=\"list\">"), 1);
        refused(&doubled, "an Id that one element has");
    }
    refused(&list.replacen("Id=\"list\"", "ID=\"list\"", 1), "an Id");
    refused(&list.replacen("Id=\"list\"", "", 1), "an Id that one element has");
    let doubled = Spec::usual().make().replacen("<ds:KeyInfo>", "<ds:KeyInfo Id=\"props\">", 1);
    refused(&doubled, "an Id that one element has");
}

#[test]
fn references_beyond_the_list_and_its_properties_are_refused() {
    for uri in ["#sig", "#nothing", "http://example.org/list.xml", "#xpointer(/)", "#"] {
        let spec = Spec { uri, ..Spec::usual() };
        refused(&spec.make(), "was expected");
    }
    let other = "<ds:Reference URI=\"\"></ds:Reference>";
    refused(
        &Spec { more_references: other.to_owned(), ..Spec::usual() }.make(),
        "a Reference to the list, and one",
    );
    refused(
        &Spec { more_references: other.to_owned(), properties: None, ..Spec::usual() }.make(),
        "References to the whole list",
    );
    refused(&Spec { transforms: vec![EXCLUSIVE], ..Spec::usual() }.make(), "References to the whole list");
    refused(
        &Spec { transforms: vec![EXCLUSIVE, ENVELOPED], ..Spec::usual() }.make(),
        "a canonical form as the last transform",
    );
    refused(
        &Spec { transforms: vec![ENVELOPED, ENVELOPED, EXCLUSIVE], ..Spec::usual() }.make(),
        "enveloped-signature once",
    );
    refused(
        &Spec { transforms: vec![ENVELOPED, EXCLUSIVE, EXCLUSIVE], ..Spec::usual() }.make(),
        "a canonical form as the last transform",
    );
}

#[test]
fn properties_that_are_not_signed_are_refused() {
    let with = Spec::usual().make();
    let object =
        with.find("<ds:Object>").map(|at| &with[at..with.find("</ds:Object>").unwrap() + 12]).unwrap();
    let without = Spec { properties: None, ..Spec::usual() }.make();
    let added = without.replace("</ds:Signature>", &format!("{object}</ds:Signature>"));
    refused(&added, "a Reference to the signed properties");
    refused(&with.replace(object, ""), "an Id that one element has");
    refused(&with.replace(object, &format!("{object}{object}")), "the SignedProperties once");
    refused(
        &with.replace("2026-01-01T00:00:00Z</xades", "2027-01-01T00:00:00Z</xades"),
        "changed after signing",
    );
}

#[test]
fn a_signature_of_another_shape_is_refused() {
    let list = Spec::usual().make();
    for (from, to) in [
        (
            "<ds:SignatureMethod ",
            "<ds:SignatureMethod><ds:HMACOutputLength/></ds:SignatureMethod><ds:SignatureMethod ",
        ),
        ("<ds:SignatureValue>", "<ds:SignatureValue/><ds:SignatureValue>"),
        ("<ds:SignedInfo>", "<ds:SignedInfo/><ds:SignedInfo>"),
        ("<ds:KeyInfo>", "<ds:KeyInfo/><ds:KeyInfo>"),
        ("<ds:SignatureValue>", "<ds:SignatureValue>!"),
    ] {
        refused(&list.replacen(from, to, 1), "was expected");
    }
    // r‖s with a zero more in front of each is the same two numbers, and not what anybody writes.
    let wide = Spec { number_octets: Some(33), ..Spec::usual() }.make();
    refused(&wide, "its signature is wrong");
}
