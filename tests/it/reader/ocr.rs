//! A drawn page through Tesseract, and through programs that are not what they say.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use pages::{Png, Raster};
use resvg::tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Transform};
use skrynka::reader::{OcrSettings, Reader, Settings, Trouble};
use ttf_parser::{Face, OutlineBuilder};

use super::{alone, settings, until_none_is_left};

/// Contours of letters → a path.
struct Pen(PathBuilder);

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }
    fn close(&mut self) {
        self.0.close();
    }
}

/// A page with these lines in black on white, as large as a title at 200 dots an inch.
fn drawn(lines: &[&str]) -> Raster {
    let face = Face::parse(notosans::REGULAR_TTF, 0).unwrap();
    let mut page = Pixmap::new(1000, 100 + 100 * u32::try_from(lines.len()).unwrap()).unwrap();
    page.fill(Color::WHITE);
    let size = 50.0 / f32::from(face.units_per_em());
    let mut down = 100.0;
    for line in lines {
        let mut right = 60.0;
        for letter in line.chars() {
            let glyph = face.glyph_index(letter).unwrap();
            let mut pen = Pen(PathBuilder::new());
            if face.outline_glyph(glyph, &mut pen).is_some() {
                let place = Transform::from_scale(size, -size).post_translate(right, down);
                page.fill_path(&pen.0.finish().unwrap(), &Paint::default(), FillRule::Winding, place, None);
            }
            right += f32::from(face.glyph_hor_advance(glyph).unwrap()) * size;
        }
        down += 100.0;
    }
    let png = Png { width_px: page.width(), height_px: page.height(), bytes: page.encode_png().unwrap() };
    Raster { page: 1, scale: 200.0 / 72.0, png }
}

/// The words of tab-separated values: the last column of words (level 5).
fn words_of(tsv: &str) -> Vec<&str> {
    tsv.lines().filter(|line| line.starts_with("5\t")).filter_map(|line| line.split('\t').nth(11)).collect()
}

fn with(program: Option<PathBuf>, page_timeout: Duration) -> Reader {
    let ocr = OcrSettings { program, page_timeout, ..OcrSettings::default() };
    Reader::new(Settings { ocr: Some(ocr), ..settings(1) })
}

#[tokio::test]
async fn a_drawn_page_is_read_by_tesseract_behind_its_locks() {
    let _alone = alone().await;
    let reader = with(None, Duration::from_secs(120));
    let Some(found) = reader.ocr().await else {
        #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
        {
            eprintln!("skipped: no Tesseract with Ukrainian");
        }
        return;
    };
    assert!(found.version.starts_with(|c: char| c.is_ascii_digit()), "{}", found.version);
    assert_eq!(found.languages[0], "ukr");
    let tsv = reader.recognise(&drawn(&["Громадянка України", "Passport 560170291"])).await.unwrap();
    assert_eq!(words_of(&tsv), ["Громадянка", "України", "Passport", "560170291"], "{tsv}");
    // A picture that is none is a failure of that page only.
    let broken =
        Raster { png: Png { width_px: 1, height_px: 1, bytes: b"no picture".to_vec() }, ..drawn(&[]) };
    assert_eq!(reader.recognise(&broken).await, Err(Trouble::OcrFailed));
    drop(reader);
    until_none_is_left().await;
}

/// A program that says that it is Tesseract and does this with a page.
fn posing(folder: &tempfile::TempDir, page: &str) -> PathBuf {
    let path = folder.path().join("tesseract");
    let script = format!(
        "#!/bin/sh\ncase $1 in\n--version) echo tesseract 9.9;;\n--list-langs) echo ukr;;\n*) {page};;\nesac\n"
    );
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

async fn posed(page: &str, patience: Duration) -> Result<String, Trouble> {
    let folder = tempfile::tempdir().unwrap();
    let reader = with(Some(posing(&folder, page)), patience);
    let found = reader.ocr().await.unwrap();
    assert_eq!((found.version.as_str(), found.languages.as_slice()), ("9.9", &["ukr".to_owned()][..]));
    let told = reader.recognise(&drawn(&["1"])).await;
    drop(reader);
    until_none_is_left().await;
    told
}

#[tokio::test]
async fn an_ocr_program_that_hangs_floods_or_fails_is_told_and_ended() {
    let _alone = alone().await;
    let long = Duration::from_secs(60);
    assert_eq!(posed("while :; do :; done", Duration::from_secs(2)).await, Err(Trouble::OcrLater));
    assert_eq!(
        posed("while :; do echo 0123456789012345678901234567890123456789; done", long).await,
        Err(Trouble::OcrFailed)
    );
    assert_eq!(posed("exit 3", long).await, Err(Trouble::OcrFailed));
    assert_eq!(posed("printf '\\377'", long).await, Err(Trouble::OcrFailed));
    assert_eq!(posed("echo level", long).await, Ok("level\n".to_owned()));
}

#[tokio::test]
async fn an_ocr_program_reads_nothing_of_ours_writes_nothing_and_starts_nothing() {
    let _alone = alone().await;
    let refused = async |attempt: &str| {
        let page = format!("if {attempt}; then echo done; else echo refused; fi");
        posed(&page, Duration::from_secs(60)).await.unwrap()
    };
    assert_eq!(refused("read line < /etc/passwd").await, "refused\n");
    assert_eq!(refused("echo line > /tmp/skrynka-was-here").await, "refused\n");
    assert_eq!(refused("[ \"$HOME$PATH$USER\" != \"${PATH}\" ]").await, "refused\n", "no variable of ours");
    assert_eq!(
        refused("read line < /usr/lib/os-release").await,
        "done\n",
        "the system's own files are there"
    );
    // A shell that may not fork ends there.
    assert_eq!(posed("/bin/true; echo done", Duration::from_secs(60)).await, Err(Trouble::OcrFailed));
}

#[tokio::test]
async fn without_an_ocr_program_that_is_said() {
    let _alone = alone().await;
    let reader = with(Some("/nowhere/tesseract".into()), Duration::from_secs(60));
    assert_eq!(reader.ocr().await, None);
    assert_eq!(reader.recognise(&drawn(&["1"])).await, Err(Trouble::NoOcr));
    let off = Reader::new(Settings { ocr: None, ..settings(1) });
    assert_eq!(off.recognise(&drawn(&["1"])).await, Err(Trouble::NoOcr));
}
