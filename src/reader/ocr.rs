//! A drawn page → its words, by Tesseract: an optional program of the system, locked in before it begins.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::child::Orders;
use super::lock::{Who, lock};
use super::process::{command, finish};
use super::{OcrSettings, Settings, Trouble};

/// Where systems install it.
const PROGRAMS: &[&str] = &["/usr/bin/tesseract", "/usr/local/bin/tesseract"];

/// Without this language of Tesseract, a page of a Ukrainian document is not worth reading.
const UKRAINIAN: &str = "ukr";

/// The languages of pages, as far as they are installed.
const LANGUAGES: &[&str] = &[UKRAINIAN, "eng"];

/// Octets of an answer: a page of ten thousand words is 0.6 MB.
const ANSWER_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What programs and what they are linked with are, on every system; and what the linker looks into.
const SYSTEM: &[&str] = &["/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.preload"];

/// The OCR program that is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OcrFound {
    /// Where it is.
    pub program: PathBuf,
    /// Its version, such as `5.3.0`.
    pub version: String,
    /// Its languages that pages are read in, Ukrainian first.
    pub languages: Vec<String>,
}

/// The program, its version and its languages.
pub(super) async fn find(settings: &Settings, ocr: &OcrSettings) -> Result<OcrFound, Trouble> {
    let usual = || PROGRAMS.iter().map(PathBuf::from).collect();
    let programs: Vec<PathBuf> = ocr.program.clone().map_or_else(usual, |program| vec![program]);
    for program in programs.into_iter().filter(|program| program.is_file()) {
        let version = run(settings, ocr, &program, &["--version".to_owned()], &[]).await;
        let languages = run(settings, ocr, &program, &["--list-langs".to_owned()], &[]).await;
        if let (Ok(version), Ok(languages)) = (version, languages)
            && let Some(found) = understood(&program, &version, &languages)
        {
            return Ok(found);
        }
        tracing::warn!(program = %program.display(), "there is an OCR program, but it does not work or has no Ukrainian");
    }
    Err(Trouble::NoOcr)
}

/// «tesseract 5.3.0» and a list of languages, one a line → what is there; none without Ukrainian.
fn understood(program: &Path, version: &str, languages: &str) -> Option<OcrFound> {
    let version = version.lines().next()?.split_whitespace().nth(1)?;
    let has = |language: &&&str| languages.lines().any(|line| line.trim() == **language);
    let languages: Vec<String> =
        LANGUAGES.iter().filter(has).map(|language| (*language).to_owned()).collect();
    let is_useful = languages.first().is_some_and(|first| first == UKRAINIAN);
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-+~".contains(c);
    (is_useful && version.len() <= 40 && version.chars().all(plain)).then(|| OcrFound {
        program: program.to_owned(),
        version: version.to_owned(),
        languages,
    })
}

/// The words of a page, as tab-separated values.
pub(super) async fn page(
    settings: &Settings,
    ocr: &OcrSettings,
    found: &OcrFound,
    png: &[u8],
    dpi: &str,
) -> Result<String, Trouble> {
    let languages = found.languages.join("+");
    let words = ["stdin", "stdout", "-l", &languages, "--dpi", dpi, "tsv"].map(str::to_owned);
    run(settings, ocr, &found.program, &words, png).await
}

/// Dots an inch, from pixels a point, as Tesseract takes them: 70 to 2400.
pub(super) fn dpi(scale: f32) -> String {
    format!("{:.0}", (scale * 72.0).clamp(70.0, 2400.0))
}

/// Runs the program with these words and this input, locked in, and takes what it writes.
async fn run(
    settings: &Settings,
    ocr: &OcrSettings,
    program: &Path,
    words: &[String],
    input: &[u8],
) -> Result<String, Trouble> {
    let mut command = command(settings, ocr.limits());
    command.arg("--ocr").arg(program).arg("--").args(words).stderr(Stdio::null());
    let mut process = command.spawn().map_err(|fault| {
        tracing::error!(%fault, "no child can be started for OCR");
        Trouble::NoReader
    })?;
    let (Some(mut stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
        return Err(Trouble::NoReader);
    };
    let mut said = Vec::new();
    let talk = async {
        let give = async move {
            // It may have read enough; whether it did well, it says at the end.
            let _ = stdin.write_all(input).await;
        };
        let take = async {
            // Closed as soon as there is too much, so that whoever goes on writing ends.
            let mut bounded = stdout.take(ANSWER_BYTES_MAX + 1);
            bounded.read_to_end(&mut said).await
        };
        tokio::join!(give, take).1.map_err(|_| Trouble::OcrFailed)?;
        process.wait().await.map_err(|_| Trouble::OcrFailed)
    };
    let Ok(ended) = timeout(ocr.page_timeout, talk).await else {
        finish(&mut process, Duration::ZERO).await;
        return Err(Trouble::OcrLater);
    };
    let is_whole = u64::try_from(said.len()).is_ok_and(|length| length <= ANSWER_BYTES_MAX);
    if ended?.success() && is_whole {
        return String::from_utf8(said).map_err(|_| Trouble::OcrFailed);
    }
    Err(Trouble::OcrFailed)
}

/// Locks this process in and becomes the OCR program. Comes back only if that fails.
pub fn exec(program: &Path, words: &[OsString], orders: &Orders) -> io::Error {
    let _ = lock(&Who::Ocr(needs(program)), orders.limits, &orders.without);
    // One thread: it has one processor's time, and may start no others.
    Command::new(program).args(words).env_clear().env("OMP_THREAD_LIMIT", "1").env("LC_ALL", "C").exec()
}

/// The paths that a program reads: the system's and, where it is installed elsewhere, its own folder and `../share`.
fn needs(program: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
    let real = program.canonicalize().unwrap_or_else(|_| program.to_owned());
    if let Some(folder) = real.parent().filter(|folder| !folder.starts_with("/usr")) {
        paths.push(folder.to_owned());
        if let Some(prefix) = folder.parent().filter(|_| folder.ends_with("bin")) {
            paths.extend(["lib", "share"].map(|below| prefix.join(below)));
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_without_ukrainian_is_none() {
        let program = Path::new("/usr/bin/tesseract");
        let found = |version, languages| understood(program, version, languages);
        let listed = "List of available languages in \"/usr/share/tessdata/\" (3):\neng\nosd\nukr\n";
        let whole = found("tesseract 5.3.0\n leptonica-1.82.0\n", listed).unwrap();
        assert_eq!(
            (whole.version.as_str(), whole.languages.as_slice()),
            ("5.3.0", &["ukr".to_owned(), "eng".to_owned()][..])
        );
        assert_eq!(found("tesseract 5.3.0", "ukr\n").unwrap().languages, ["ukr"]);
        assert_eq!(found("tesseract 5.3.0", "eng\nosd\nukr_old\n"), None);
        assert_eq!(found("", listed), None);
        assert_eq!(found("tesseract \u{1b}[2J", listed), None);
    }

    #[test]
    fn a_scale_becomes_dots_an_inch_that_tesseract_takes() {
        assert_eq!(dpi(200.0 / 72.0), "200");
        assert_eq!(dpi(0.01), "70");
        assert_eq!(dpi(1e9), "2400");
    }

    #[test]
    fn a_program_elsewhere_may_read_its_own_folder_and_no_more() {
        let paths = needs(Path::new("/opt/ocr/bin/tesseract"));
        let extra: Vec<&str> = paths.iter().skip(SYSTEM.len()).filter_map(|path| path.to_str()).collect();
        assert_eq!(extra, ["/opt/ocr/bin", "/opt/ocr/lib", "/opt/ocr/share"]);
        assert_eq!(needs(Path::new("/usr/bin/no-such-program")).len(), SYSTEM.len());
    }
}
