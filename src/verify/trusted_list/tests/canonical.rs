//! Canonical forms: the examples of the W3C recommendations, and other programs over documents made by chance.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::hostile::Seeded;
use super::{EXCLUSIVE, INCLUSIVE, INCLUSIVE_11, skipped};
use crate::verify::trusted_list::canonical::{Canonical, Form};
use crate::verify::trusted_list::document::parse;

fn canonical(uri: &str, text: &str) -> String {
    let document = parse(text).unwrap();
    String::from_utf8(Canonical::named(uri).unwrap().of_document(&document, None).unwrap()).unwrap()
}

/// The element of this name.
fn element(form: Form, text: &str, name: &str) -> String {
    let document = parse(text).unwrap();
    let node = document.descendants().find(|node| node.tag_name().name() == name).unwrap();
    let form = Canonical { form, with_comments: false };
    String::from_utf8(form.of_element(node, None).unwrap()).unwrap()
}

/// Canonical XML 1.0 §3.1, without its document type declaration.
#[test]
fn instructions_and_comments_outside_stand_on_lines_of_their_own() {
    let text = "<?xml version=\"1.0\"?>\n\n<?xml-stylesheet   href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n\n<doc>Hello, world!<!-- Comment 1 --></doc>\n\n<?pi-without-data     ?>\n\n<!-- Comment 2 -->\n\n<!-- Comment 3 -->\n";
    let bare = "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n<doc>Hello, world!</doc>\n<?pi-without-data?>";
    let commented = "<?xml-stylesheet href=\"doc.xsl\"\n   type=\"text/xsl\"   ?>\n<doc>Hello, world!<!-- Comment 1 --></doc>\n<?pi-without-data?>\n<!-- Comment 2 -->\n<!-- Comment 3 -->";
    for uri in [INCLUSIVE, INCLUSIVE_11] {
        assert_eq!(canonical(uri, text), bare);
        assert_eq!(canonical(&format!("{uri}#WithComments"), text), commented);
    }
    assert_eq!(canonical(EXCLUSIVE, text), bare);
    assert_eq!(canonical(&format!("{EXCLUSIVE}WithComments"), text), commented);
}

/// Canonical XML 1.0 §3.2.
#[test]
fn white_space_in_content_stays() {
    let text = "<doc>\n   <clean>   </clean>\n   <dirty>   A   B   </dirty>\n   <mixed>\n      A\n      <clean>   </clean>\n      B\n      <dirty>   A   B   </dirty>\n      C\n   </mixed>\n</doc>";
    assert_eq!(canonical(INCLUSIVE, text), text);
    assert_eq!(canonical(INCLUSIVE, &text.replace('\n', "\r\n")), text);
}

/// Canonical XML 1.0 §3.3, without the attribute that its document type gives a default.
#[test]
fn tags_attributes_and_namespaces_are_ordered() {
    let text = "<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = \"elem3\"   id=\"elem3\"   />\n   <e4   name=\"elem4\"   id=\"elem4\"   ></e4>\n   <e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\"\n      xmlns:b=\"http://www.ietf.org\"\n      xmlns:a=\"http://www.w3.org\"\n      xmlns=\"http://example.org\"/>\n   <e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         <e8 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n            <e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\"/>\n         </e8>\n      </e7>\n   </e6>\n</doc>";
    let expected = "<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id=\"elem3\" name=\"elem3\"></e3>\n   <e4 id=\"elem4\" name=\"elem4\"></e4>\n   <e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" attr2=\"all\" b:attr=\"sorted\" a:attr=\"out\"></e5>\n   <e6 xmlns:a=\"http://www.w3.org\">\n      <e7 xmlns=\"http://www.ietf.org\">\n         <e8 xmlns=\"\">\n            <e9 xmlns:a=\"http://www.ietf.org\"></e9>\n         </e8>\n      </e7>\n   </e6>\n</doc>";
    assert_eq!(canonical(INCLUSIVE, text), expected);
}

/// Canonical XML 1.0 §3.4, without the attributes that its document type gives types.
#[test]
fn characters_are_written_in_one_way() {
    let text = "<doc>\n   <text>First line&#x0d;&#10;Second line</text>\n   <value>&#x32;</value>\n   <compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute>\n   <compute expr='value>\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"'>valid</compute>\n   <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>\n</doc>";
    let expected = "<doc>\n   <text>First line&#xD;\nSecond line</text>\n   <value>2</value>\n   <compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>\n   <compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;\">valid</compute>\n   <norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm>\n</doc>";
    assert_eq!(canonical(INCLUSIVE, text), expected);
    assert_eq!(canonical(INCLUSIVE, "<?xml version=\"1.0\"?><doc>&#169;</doc>"), "<doc>©</doc>");
    assert_eq!(canonical(INCLUSIVE, "<a b='1\t2\r\n3\n4'/>"), "<a b=\"1 2 3 4\"></a>");
}

/// Exclusive XML Canonicalization §2.2.
#[test]
fn the_exclusive_form_does_not_depend_on_what_is_around() {
    let inside = "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\"><n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2>";
    let one = format!("<n0:local xmlns:n0=\"foo:bar\" xmlns:n3=\"ftp://example.org\">{inside}</n0:local>");
    let other = format!(
        "<n2:pdu xmlns:n1=\"http://example.com\" xmlns:n2=\"http://foo.example\" xml:lang=\"fr\" xml:space=\"retain\">{inside}</n2:pdu>"
    );
    let exclusive = "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\"><n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>";
    for text in [&one, &other] {
        assert_eq!(element(Form::Exclusive(vec![]), text, "elem2"), exclusive);
    }
    assert_eq!(
        element(Form::Inclusive10, &one, "elem2"),
        "<n1:elem2 xmlns:n0=\"foo:bar\" xmlns:n1=\"http://example.net\" xmlns:n3=\"ftp://example.org\" xml:lang=\"en\"><n3:stuff></n3:stuff></n1:elem2>"
    );
    assert_eq!(
        element(Form::Inclusive10, &other, "elem2"),
        "<n1:elem2 xmlns:n1=\"http://example.net\" xmlns:n2=\"http://foo.example\" xml:lang=\"en\" xml:space=\"retain\"><n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>"
    );
    // With its prefixes listed, the exclusive form treats them as the inclusive one does (§3).
    assert_eq!(
        element(Form::Exclusive(vec!["n0".to_owned(), "n3".to_owned(), "n9".to_owned()]), &one, "elem2"),
        "<n1:elem2 xmlns:n0=\"foo:bar\" xmlns:n1=\"http://example.net\" xmlns:n3=\"ftp://example.org\" xml:lang=\"en\"><n3:stuff></n3:stuff></n1:elem2>"
    );
    let listed = element(Form::Exclusive(vec![String::new()]), "<a xmlns='u'><p:b xmlns:p='v'/></a>", "b");
    assert_eq!(listed, "<p:b xmlns=\"u\" xmlns:p=\"v\"></p:b>");
}

/// Canonical XML 1.1 §2.4: only the language and the space are inherited.
#[test]
fn canonical_xml_11_inherits_no_identity() {
    let text = "<a xml:id='1' xml:lang='uk' xml:space='preserve'><b/></a>";
    assert_eq!(element(Form::Inclusive11, text, "b"), "<b xml:lang=\"uk\" xml:space=\"preserve\"></b>");
    assert_eq!(
        element(Form::Inclusive10, text, "b"),
        "<b xml:id=\"1\" xml:lang=\"uk\" xml:space=\"preserve\"></b>"
    );
    let document = parse("<a xml:base='x'><b/></a>").unwrap();
    let node = document.root_element().first_child().unwrap();
    let form = Canonical { form: Form::Inclusive11, with_comments: false };
    assert!(form.of_element(node, None).is_err());
}

/// A document made by chance: namespaces declared, undeclared and declared anew, attributes in any order, all characters
/// that are written in a way of their own. Without `all`, no attribute is without a prefix.
pub(super) fn by_chance(seeded: &mut Seeded, depth: usize, prefixes: &[&str], all: bool) -> String {
    const NAMES: [&str; 3] = ["a", "b", "c-1"];
    const TEXTS: [&str; 10] =
        ["x", " \n", "&amp;", "&#13;", "<![CDATA[<&>]]>", "ї", "&gt;\"'", "\r\n", "<!-- c -->", "<?p  d ?>"];
    const VALUES: [&str; 6] = ["", "1 2", "&#9;&#10;&#13;", "&lt;&gt;&quot;'", "ґ\n", "&amp;"];
    let mut inside: Vec<&str> = prefixes.to_vec();
    let mut declared = String::new();
    for prefix in ["", "p", "q"] {
        if seeded.below(4) == 0 {
            let uri = ["u:1", "u:2"][seeded.below(2)];
            if prefix.is_empty() {
                let uri = if seeded.below(3) == 0 { "" } else { uri };
                declared += &format!(" xmlns='{uri}'");
            } else {
                declared += &format!(" xmlns:{prefix}=\"{uri}{prefix}\"");
                if !inside.contains(&prefix) {
                    inside.push(prefix);
                }
            }
        }
    }
    let prefix = |seeded: &mut Seeded| match inside.get(seeded.below(inside.len() + 2)) {
        Some(prefix) => format!("{prefix}:"),
        None => String::new(),
    };
    let name = format!("{}{}", prefix(seeded), NAMES[seeded.below(3)]);
    let mut attributes = declared;
    for attribute in ["z", "m", "a"] {
        let prefix = prefix(seeded);
        if seeded.below(3) == 0 && (all || !prefix.is_empty()) {
            attributes += &format!(" {prefix}{attribute}='{}'", VALUES[seeded.below(6)].replace('\'', ""));
        }
    }
    if seeded.below(6) == 0 {
        attributes += " xml:lang='uk'";
    }
    let mut content = String::new();
    for _ in 0..seeded.below(4) {
        content += TEXTS[seeded.below(TEXTS.len())];
        if depth < 6 && seeded.below(3) > 0 {
            content += &by_chance(seeded, depth + 1, &inside, all);
        }
    }
    format!("<{name}{attributes}>{content}</{name} >")
}

/// What a program answers to a text on its standard input; nothing when it is not installed.
fn asked(program: &str, words: &[&str], text: &str) -> Option<String> {
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

fn documents(count: usize, all: bool) -> Vec<String> {
    let mut seeded = Seeded(1);
    (0..count).map(|_| by_chance(&mut seeded, 0, &[], all)).filter(|text| parse(text).is_ok()).collect()
}

#[test]
fn xmllint_writes_the_same_forms() {
    if asked("xmllint", &["--version"], "").is_none() {
        return skipped("no xmllint");
    }
    for text in documents(300, true) {
        for (flag, uri) in [("--c14n", INCLUSIVE), ("--c14n11", INCLUSIVE_11), ("--exc-c14n", EXCLUSIVE)] {
            let uri =
                if uri == EXCLUSIVE { format!("{uri}WithComments") } else { format!("{uri}#WithComments") };
            let theirs = asked("xmllint", &[flag, "-"], &text).unwrap();
            assert_eq!(canonical(&uri, &text), theirs.trim_end_matches('\n'), "{flag}: {text}");
        }
    }
}

/// Canonical XML 2.0 without options writes what the exclusive form does. Python's takes an attribute without a prefix for
/// one that uses the default namespace, so there are none here.
#[test]
fn python_writes_the_same_exclusive_form() {
    const SCRIPT: &str = "import sys, json, xml.etree.ElementTree as e\nfor text in json.load(sys.stdin):\n    print(json.dumps(e.canonicalize(text, with_comments=True)))";
    let texts = documents(2_000, false);
    let input = serde_json::to_string(&texts).unwrap();
    let Some(theirs) = asked("python3", &["-c", SCRIPT], &input) else {
        return skipped("no python3");
    };
    assert_eq!(theirs.lines().count(), texts.len());
    for (text, theirs) in texts.iter().zip(theirs.lines()) {
        let theirs: String = serde_json::from_str(theirs).unwrap();
        assert_eq!(canonical(&format!("{EXCLUSIVE}WithComments"), text), theirs, "{text}");
    }
}
