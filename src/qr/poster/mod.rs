//! What a poster says → an A4 page as SVG.

mod layout;
mod letters;
pub(super) mod matrix;
mod paragraphs;
mod parts;
mod svg;

use super::QrError;
use crate::model::{Branch, CodeKind, DocumentCode, KyivDay, Organisation, QrCode, Service, Token};

/// What a poster says, in the words of the registry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PosterContent {
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the branch.
    pub branch: String,
    /// Address of the branch, in one line.
    pub address: String,
    /// Purposes of the services that share the code.
    pub purposes: Vec<String>,
    /// The documents asked for.
    pub documents: Vec<DocumentCode>,
    /// Who made the code: the instruction depends on it.
    pub kind: CodeKind,
    /// What the code says to a scanner.
    pub payload: String,
    /// The last valid day.
    pub valid_until: KyivDay,
}

impl PosterContent {
    /// What the poster of a code says.
    #[must_use]
    pub fn new(organisation: &Organisation, branch: &Branch, services: &[&Service], code: &QrCode) -> Self {
        Self {
            organisation: organisation.name.clone(),
            branch: branch.name.clone(),
            address: branch.address.to_string(),
            purposes: services.iter().map(|service| service.purpose.clone()).collect(),
            documents: code.documents.clone(),
            kind: code.kind,
            payload: code.payload.clone(),
            valid_until: code.valid_until,
        }
    }

    /// The token of an own code.
    const fn token(&self) -> Option<Token> {
        match self.kind {
            CodeKind::Own { token } => Some(token),
            CodeKind::Registered => None,
        }
    }
}

/// The poster as SVG, A4 upright, its unit a millimetre; the code has error correction level M.
///
/// Letters are `<text>` elements that name common fonts, so that the text can be selected and corrected; line breaks
/// leave room for the widest of them.
///
/// # Errors
/// When no QR code holds the payload, or when a part has no room even in the smallest letters that can be read.
pub fn poster(content: &PosterContent) -> Result<String, QrError> {
    let matrix = matrix::Matrix::new(&content.payload)?;
    let page = layout::page(content)?;
    Ok(svg::document(content, &page, &matrix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::{own_payload, read_picture};

    fn documents(codes: &[&str]) -> Vec<DocumentCode> {
        codes.iter().map(|code| code.parse().unwrap()).collect()
    }

    fn own() -> PosterContent {
        let token = Token::new(0x0012_3456_789a_bcde).unwrap();
        let mailbox = "cnap@zhytomyr.example.ua".parse().unwrap();
        PosterContent {
            organisation: "Виконавчий комітет Житомирської міської ради".to_owned(),
            branch: "ЦНАП Житомирської міської ради".to_owned(),
            address: "вул. Михайлівська, 4, м. Житомир, Житомирський район, Житомирська область".to_owned(),
            purposes: vec!["для надання адміністративних послуг".to_owned()],
            documents: documents(&["internal-passport", "taxpayer-card"]),
            kind: CodeKind::Own { token },
            payload: own_payload(&mailbox, token).unwrap(),
            valid_until: "2026-06-29".parse().unwrap(),
        }
    }

    fn registered() -> PosterContent {
        PosterContent {
            organisation: "ТОВ «Готель «Палаццо»»".to_owned(),
            branch: "Готель «Палаццо»".to_owned(),
            purposes: vec!["для поселення у готель".to_owned()],
            documents: documents(&["passport"]),
            kind: CodeKind::Registered,
            payload: "https://diia.app/documents/offer-request-static/0123456789abcdef0123456789abcdef"
                .to_owned(),
            ..own()
        }
    }

    fn long() -> PosterContent {
        PosterContent {
            organisation: "Департамент соціального захисту населення ".repeat(6),
            branch: "Тернопільський кооперативний фаховий ".repeat(3).chars().take(100).collect(),
            address: "вул. Академіка Корольова, 4, ".repeat(7),
            purposes: vec![
                "для надання адміністративних послуг громадянам за зверненням ".repeat(2);
                3
            ],
            documents: documents(&DocumentCode::KNOWN[..10]),
            ..own()
        }
    }

    /// Names without a single space, in the widest letters.
    fn unbroken() -> PosterContent {
        PosterContent {
            organisation: "Щ".repeat(100),
            branch: "Ж".repeat(100),
            address: "Ю".repeat(200),
            purposes: vec!["Щ".repeat(100)],
            documents: documents(&["a".repeat(60).as_str(), "b".repeat(60).as_str()]),
            ..registered()
        }
    }

    fn everyone() -> [(&'static str, PosterContent); 6] {
        let many = PosterContent { documents: documents(&DocumentCode::KNOWN[..6]), ..registered() };
        let bare = PosterContent { purposes: vec![], documents: vec![], ..registered() };
        [
            ("own", own()),
            ("registered", registered()),
            ("long", long()),
            ("unbroken", unbroken()),
            ("many", many),
            ("bare", bare),
        ]
    }

    #[test]
    fn every_poster_is_read_by_a_decoder() {
        for (name, content) in everyone() {
            let svg = poster(&content).unwrap();
            assert_eq!(read_picture(svg.as_bytes()), Ok(content.payload.clone()), "{name}");
        }
    }

    #[test]
    #[ignore = "writes target/posters/*.svg, for people to look at"]
    fn posters_to_look_at() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/posters");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, content) in everyone() {
            std::fs::write(folder.join(format!("{name}.svg")), poster(&content).unwrap()).unwrap();
        }
    }

    #[test]
    fn the_longest_payloads_are_read_too() {
        let content =
            PosterContent { payload: format!("https://diia.app/{}", "a1B2".repeat(75)), ..registered() };
        assert_eq!(read_picture(poster(&content).unwrap().as_bytes()), Ok(content.payload));
    }

    #[test]
    fn the_poster_says_all_that_it_must() {
        let text = |content: &PosterContent| {
            poster(content).unwrap().split("<text").map(str::to_owned).collect::<String>()
        };
        let (own_text, registered_text) = (text(&own()), text(&registered()));
        for said in [
            "ЦНАП Житомирської міської ради",
            "Виконавчий комітет",
            "вул. Михайлівська, 4",
            "для надання адміністративних послуг",
            "taxpayer card",
            "29.06.2026",
            "Розміщення онлайн заборонено",
            "04HM-ASW9-NF6Y-V",
            "cnap@zhytomyr.example.ua",
            "камер",
        ] {
            assert!(own_text.contains(said), "{said}");
        }
        assert!(registered_text.contains("сканер") && !registered_text.contains("камер"));
        assert!(!registered_text.contains("cnap@"));
        for svg in [own_text, registered_text] {
            assert!(svg.contains("width=\"210mm\" height=\"297mm\""));
            assert!(svg.contains("Noto Sans, DejaVu Sans, Arial, sans-serif"));
        }
    }

    #[test]
    fn whatever_is_in_a_name_stays_text() {
        let nasty = "</text><script>alert(1)</script>&amp;\"'\u{0}\u{7}\u{FFFF}\u{202E}]]>";
        let content = PosterContent {
            organisation: nasty.to_owned(),
            branch: nasty.to_owned(),
            address: nasty.to_owned(),
            purposes: vec![nasty.to_owned()],
            ..own()
        };
        let svg = poster(&content).unwrap();
        assert!(!svg.contains("<script") && !svg.contains('\u{0}') && !svg.contains('\u{202E}'));
        assert_eq!(read_picture(svg.as_bytes()), Ok(content.payload));
    }

    #[test]
    fn what_has_no_room_is_named() {
        let crowded =
            PosterContent { purposes: vec!["для надання послуг".repeat(400)], ..own() };
        let error = poster(&crowded).unwrap_err().to_string();
        assert!(error.contains("purposes") && error.contains("shorten"), "{error}");
        let endless = PosterContent { documents: documents(&DocumentCode::KNOWN.repeat(6)), ..own() };
        let error = poster(&endless).unwrap_err().to_string();
        assert!(error.contains("documents") && error.contains("split"), "{error}");
        let payload = PosterContent { payload: "a".repeat(3_000), ..own() };
        assert!(matches!(poster(&payload), Err(QrError::PayloadTooLong { bytes: 3_000 })));
    }

    /// Left, top, right, bottom of a line, as wide as in the widest font.
    fn bounds(line: &paragraphs::Line) -> [f32; 4] {
        let width = letters::Letters::new().unwrap().width(&line.text, line.size, line.bold);
        let left = if line.centred { line.x - width / 2.0 } else { line.x };
        let top = line.baseline - paragraphs::BASELINE * line.size;
        [left, top, left + width, top + paragraphs::LINE_HEIGHT * line.size]
    }

    /// Whether two areas share more than a rounding error.
    fn meet(a: [f32; 4], b: [f32; 4]) -> bool {
        const SLACK: f32 = 0.02;
        a[0] + SLACK < b[2] && b[0] + SLACK < a[2] && a[1] + SLACK < b[3] && b[1] + SLACK < a[3]
    }

    #[test]
    fn nothing_overlaps_or_leaves_the_margins_however_long_the_names_are() {
        for (name, content) in everyone() {
            let page = layout::page(&content).unwrap();
            let code = page.code;
            let code_area = [code.x, code.y, code.x + code.side, code.y + code.side];
            assert!(code.side >= 68.0, "{name}: the code has {} mm", code.side);
            let lines: Vec<_> = page.lines.iter().filter(|line| line.ink != paragraphs::Ink::White).collect();
            for (at, line) in lines.iter().enumerate() {
                let area = bounds(line);
                let [left, top, right, bottom] = area;
                let (far_x, far_y) =
                    (layout::PAGE_WIDTH - layout::MARGIN, layout::PAGE_HEIGHT - layout::MARGIN);
                let inside = left >= layout::MARGIN - 0.01
                    && top >= layout::MARGIN - 0.01
                    && right <= far_x + 0.01
                    && bottom <= far_y + 0.01;
                assert!(inside, "{name}: {line:?}");
                assert!(line.size >= paragraphs::SIZE_MIN, "{name}: {line:?}");
                assert!(!meet(area, code_area), "{name}: over the code: {line:?}");
                for other in &lines[at + 1..] {
                    assert!(!meet(area, bounds(other)), "{name}: {line:?} over {other:?}");
                }
            }
        }
    }
}
