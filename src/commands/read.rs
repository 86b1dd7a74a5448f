//! `skrynka read`: copies → what their pages say, without configuration or store; or those that are filed and unread.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use pages::{Alphabet, Way};
use serde::Serialize;
use skrynka::model::{Reading, ReadingWay};
use skrynka::reader::{self, Reader};
use skrynka::reading::Templates;
use skrynka::texts;
use skrynka::transcribing::{Letters, Transcriber, Transcript};
use tokio::time::Instant;

use super::Context;
use super::report::{Report, plain, print_warning};

/// How long one copy may take here, OCR included: nobody's mailbox waits.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// Pages of a copy that are read.
const PAGES_MAX: u32 = 20;

/// Width of a page's preview, pixels.
const PREVIEW_PX: u32 = 900;

/// What the exit codes say, for `--help`.
pub(super) const EXIT_CODES: &str = "\
Exit code:
  0  every copy was read; letters that are not known are □
  1  some copy could not be read at all; the report says why";

#[derive(Args)]
pub(super) struct Words {
    /// The copies (PDF).
    #[arg(required_unless_present = "filed", conflicts_with = "filed", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Read them this way only.
    #[arg(long, value_name = "WAY", conflicts_with = "filed")]
    way: Option<OnlyWay>,
    /// The file name that the copy came under, if it has another one now: a hint.
    #[arg(long, value_name = "FILE-NAME", conflicts_with = "filed")]
    name: Option<String>,
    /// Letters that are known beside those that came with the program: a file of `skrynka alphabet export`.
    #[arg(long, value_name = "FILE", conflicts_with = "filed")]
    alphabet: Option<PathBuf>,
    /// Write thumbnail, photo and page previews (PNG) into this folder; nothing is overwritten.
    #[arg(long, value_name = "DIR", conflicts_with = "filed")]
    pictures: Option<PathBuf>,
    /// Read the copies of filed letters that are not read yet, or could be read better.
    #[arg(long)]
    filed: bool,
}

/// [`Way`] as a word of the command line.
#[derive(Clone, Copy, ValueEnum)]
enum OnlyWay {
    /// The text layer.
    Text,
    /// Outlines, by the alphabet of shapes.
    Outlines,
    /// Optical character recognition (Tesseract).
    Ocr,
}

impl From<OnlyWay> for Way {
    fn from(word: OnlyWay) -> Self {
        match word {
            OnlyWay::Text => Self::TextLayer,
            OnlyWay::Outlines => Self::Outlines,
            OnlyWay::Ocr => Self::Ocr,
        }
    }
}

/// One copy, for programs.
#[derive(Serialize)]
struct Answer<'a> {
    file: String,
    #[serde(flatten)]
    reading: &'a Reading,
    pictures: Vec<PathBuf>,
}

pub(super) async fn read(context: &Context, words: &Words) -> anyhow::Result<Report> {
    if words.filed {
        return super::read_filed::read_filed(context).await;
    }
    if words.name.is_some() && words.files.len() > 1 {
        bail!("--name goes with one copy, and {} were given; read them one by one", words.files.len());
    }
    let transcriber = transcriber(words)?;
    if let Some(open) = transcriber.reader().confinement().await.ok().filter(|locks| !locks.is_whole()) {
        print_warning(&format!("this kernel does not lock in whole what opens copies: {open}"), context.json);
    }
    let (alphabet, _) = transcriber.letters().now().await?;
    let (mut texts, mut answers, mut all_read) = (Vec::new(), Vec::new(), true);
    for file in &words.files {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let pdf: Arc<[u8]> = bytes.into();
        let own = file.file_name().unwrap_or_default().to_string_lossy();
        let name = words.name.as_deref().unwrap_or(&own);
        let only = words.way.map(Way::from);
        let transcript =
            transcriber.read(Arc::clone(&pdf), name, only, &alphabet, Instant::now() + PATIENCE).await;
        all_read &= transcript.reading.way != ReadingWay::Unread;
        let pictures = match &words.pictures {
            Some(folder) => write_pictures(&transcriber, pdf, &transcript, name, folder).await?,
            None => Vec::new(),
        };
        texts.push(page(file, &transcript.reading, &pictures));
        answers.push((file.display().to_string(), transcript.reading, pictures));
    }
    let answers: Vec<Answer<'_>> = answers
        .iter()
        .map(|(file, reading, pictures)| Answer { file: file.clone(), reading, pictures: pictures.clone() })
        .collect();
    let text = texts.join("\n");
    let report = match answers.as_slice() {
        [only] => Report::new(text, only),
        all => Report::new(text, &all),
    };
    Ok(report?.with_code(u8::from(!all_read)))
}

fn transcriber(words: &Words) -> anyhow::Result<Transcriber> {
    let mut alphabet = Alphabet::shipped();
    if let Some(file) = &words.alphabet {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the alphabet {}", file.display()))?;
        let other = Alphabet::import(&text, pages::TrustRule::default())
            .with_context(|| format!("{} is no alphabet", file.display()))?;
        alphabet.merge(&other);
    }
    let reader = Reader::new(reader::Settings::default());
    Ok(Transcriber::new(reader, Arc::new(Templates::built_in()), Letters::fixed(alphabet), PAGES_MAX))
}

/// What a copy says, for people.
fn page(file: &Path, reading: &Reading, pictures: &[PathBuf]) -> String {
    let mut text = format!("{}\n", file.display());
    reading_text(&mut text, reading);
    for picture in pictures {
        let _ = writeln!(text, "picture     {}", picture.display());
    }
    text
}

/// What the pages of a copy say: kind, how it was read, fields, what to look at.
pub(super) fn reading_text(text: &mut String, reading: &Reading) {
    let kind = reading.document.as_ref();
    let kind =
        kind.map_or("unknown".to_owned(), |code| format!("{code} ({})", texts::document_name(code).uk));
    let _ = writeln!(text, "document    {kind}");
    let _ = writeln!(
        text,
        "read        {}: {} letters on {} page(s), {} of them not known",
        texts::reading_way(reading.way).en,
        reading.letters,
        reading.pages,
        reading.unread
    );
    if let Some(trouble) = reading.trouble {
        let _ = writeln!(text, "not read    {}", texts::reading_trouble(trouble).en);
    }
    for field in &reading.fields {
        let way = if field.way == reading.way {
            String::new()
        } else {
            format!("  ({})", texts::reading_way(field.way).en)
        };
        let sure =
            if field.sure_percent < 100 { format!("  {} %", field.sure_percent) } else { String::new() };
        let _ = writeln!(text, "  {:<24}{}{way}{sure}", field.name, plain(&field.value));
    }
    for warning in &reading.warnings {
        let _ = writeln!(text, "look at     {}", texts::reading_warning(warning).en);
    }
    for oddity in &reading.oddities {
        let _ = writeln!(text, "odd         {}", texts::oddity(*oddity).en);
    }
}

async fn write_pictures(
    transcriber: &Transcriber,
    pdf: Arc<[u8]>,
    transcript: &Transcript,
    name: &str,
    folder: &Path,
) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    let mut all: Vec<(String, Vec<u8>)> = transcript
        .pictures
        .iter()
        .map(|picture| (picture.kind.word().to_owned(), picture.png.bytes.clone()))
        .collect();
    let previews = transcriber.previews(pdf, PREVIEW_PX).await.unwrap_or_default();
    all.extend(previews.into_iter().zip(1..).map(|(png, page)| (format!("page-{page}"), png.bytes)));
    let mut written = Vec::new();
    for (kind, bytes) in all {
        let path = folder.join(format!("{stem}.{kind}.png"));
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        std::io::Write::write_all(&mut file, &bytes)
            .with_context(|| format!("cannot write {}", path.display()))?;
        written.push(path);
    }
    Ok(written)
}
