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
use skrynka::templates_folder::TemplateFiles;
use skrynka::transcribing::{Letters, Transcriber, Transcript};
use tokio::time::Instant;

use super::Context;
use super::letters::{document_words, make_private_folder, write_new};
use super::reading_lines::reading_lines;
use super::report::{Report, plain, print_warning, said_once};

/// How long one copy may take here, OCR included: nobody's mailbox waits.
pub(super) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// Pages of a copy that are read.
const PAGES_MAX: u32 = 20;

/// Width of a page's preview, pixels.
const PREVIEW_PX: u32 = 900;

/// What the exit codes say, for `--help`.
pub(super) const EXIT_CODES: &str = "\
Exit code:
  0  every copy was read; letters that are not known are □
  1  some copy could not be read, or its pictures not be written; the report says which and why";

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
    /// Your own templates of documents: a folder of .toml files, as `templates` of [reader] names one.
    #[arg(long, value_name = "DIR", conflicts_with = "filed")]
    templates: Option<PathBuf>,
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

/// What came of one file.
#[derive(Default, Serialize)]
struct Answer {
    file: String,
    #[serde(flatten)]
    reading: Option<Reading>,
    pictures: Vec<PathBuf>,
    /// What failed: the file could not be opened, or a picture not be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Answer {
    /// Whether the copy was read, and all that was asked for written.
    fn is_whole(&self) -> bool {
        let is_read = self.reading.as_ref().is_some_and(|reading| reading.way != ReadingWay::Unread);
        is_read && self.error.is_none()
    }
}

pub(super) async fn read(context: &Context, words: &Words) -> anyhow::Result<Report> {
    if words.filed {
        return super::read_filed::read_filed(context).await;
    }
    if words.name.is_some() && words.files.len() > 1 {
        bail!("--name goes with one copy, and {} were given; read them one by one", words.files.len());
    }
    let transcriber = transcriber(words, context.json)?;
    if let Some(open) = transcriber.reader().confinement().await.ok().filter(|locks| !locks.is_whole()) {
        print_warning(&format!("this kernel does not lock in whole what opens copies: {open}"), context.json);
    }
    let (alphabet, _) = transcriber.letters().now().await?;
    let mut answers = Vec::new();
    for file in &words.files {
        let mut answer = Answer { file: file.display().to_string(), ..Answer::default() };
        if let Err(fault) = read_one(&transcriber, &alphabet, file, words, &mut answer).await {
            answer.error = Some(said_once(&fault));
        }
        answers.push(answer);
    }
    let text = answers.iter().map(page).collect::<Vec<_>>().join("\n");
    let report = match answers.as_slice() {
        [only] => Report::new(text, only),
        all => Report::new(text, &all),
    };
    Ok(report?.with_code(u8::from(!answers.iter().all(Answer::is_whole))))
}

/// Reads one file into its answer; what was found before something failed stays in it.
async fn read_one(
    transcriber: &Transcriber,
    alphabet: &Arc<Alphabet>,
    file: &Path,
    words: &Words,
    answer: &mut Answer,
) -> anyhow::Result<()> {
    let pdf: Arc<[u8]> = std::fs::read(file).context("cannot read the file")?.into();
    let own = file.file_name().unwrap_or_default().to_string_lossy();
    let name = words.name.as_deref().unwrap_or(&own);
    let (only, until) = (words.way.map(Way::from), Instant::now() + PATIENCE);
    let transcript = transcriber.read(Arc::clone(&pdf), name, only, alphabet, until).await;
    answer.reading = Some(transcript.reading.clone());
    match &words.pictures {
        Some(folder) => {
            write_pictures(transcriber, pdf, &transcript, file, folder, &mut answer.pictures).await
        }
        None => Ok(()),
    }
}

fn transcriber(words: &Words, json: bool) -> anyhow::Result<Transcriber> {
    let mut alphabet = Alphabet::shipped();
    if let Some(file) = &words.alphabet {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the alphabet {}", file.display()))?;
        let other = Alphabet::import(&text, pages::TrustRule::default())
            .with_context(|| format!("{} is no alphabet", file.display()))?;
        alphabet.merge(&other);
    }
    let reader = Reader::new(reader::Settings::default());
    Ok(Transcriber::new(reader, Arc::new(templates(words, json)?), Letters::fixed(alphabet), PAGES_MAX))
}

/// The program's templates and the given ones; of those that are of no use a warning is printed.
fn templates(words: &Words, json: bool) -> anyhow::Result<Templates> {
    let Some(folder) = &words.templates else { return Ok(Templates::built_in()) };
    if !folder.is_dir() {
        bail!("there is no folder {}", folder.display());
    }
    let (templates, faults) = TemplateFiles::of(folder)?.read();
    for fault in &faults {
        print_warning(&fault.to_string(), json);
    }
    Ok(templates)
}

/// What a copy says, for people.
fn page(answer: &Answer) -> String {
    let mut text = format!("{}\n", plain(&answer.file));
    if let Some(reading) = &answer.reading {
        let kind = reading.document.as_ref().map_or_else(|| "unknown kind".to_owned(), document_words);
        let _ = writeln!(text, "document    {kind}");
        reading_lines(&mut text, reading);
    }
    for picture in &answer.pictures {
        let _ = writeln!(text, "picture     {}", plain(&picture.display().to_string()));
    }
    if let Some(error) = &answer.error {
        let _ = writeln!(text, "failed      {}", plain(error));
    }
    text
}

/// Writes the pictures, named after the file; their paths go to `written`. Nothing is overwritten.
async fn write_pictures(
    transcriber: &Transcriber,
    pdf: Arc<[u8]>,
    transcript: &Transcript,
    file: &Path,
    folder: &Path,
    written: &mut Vec<PathBuf>,
) -> anyhow::Result<()> {
    make_private_folder(folder)?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    for picture in &transcript.pictures {
        let name = format!("{stem}.{}.png", picture.kind.word());
        written.push(write_new(folder, &name, &picture.png.bytes)?);
    }
    // A document that has no pages has no pictures of them: its reading says why.
    let previews = transcriber.previews(pdf, PREVIEW_PX).await.unwrap_or_default();
    for (png, page) in previews.into_iter().zip(1_u32..) {
        written.push(write_new(folder, &format!("{stem}.page-{page}.png"), &png.bytes)?);
    }
    Ok(())
}
