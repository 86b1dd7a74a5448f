//! How copies are read here: what children are locked in by, whether there is OCR, what is filed and unread.

use skrynka::app::reader_settings;
use skrynka::config::{Config, Ocr};
use skrynka::model::ReaderRevision;
use skrynka::reader::{Confinement, Landlock, Reader};
use skrynka::store::Store;
use skrynka::templates_folder::TemplateFiles;
use skrynka::transcribing::REVISION;

use super::Findings;

/// Starts a child, looks for the OCR program, and counts what is unread.
pub(super) async fn copies(config: &Config, store: Option<&Store>, findings: &mut Findings) {
    let reader = Reader::new(reader_settings(config));
    match reader.confinement().await {
        Ok(locks) if locks.is_whole() => findings.ok("reader", format!("documents are opened locked in: {locks}")),
        Ok(locks) => findings.warn("reader", format!("documents are opened with locks missing: {locks}. {}", means(locks))),
        Err(_) => findings.wrong(
            "reader",
            "no child process can be started, so that no copy is read; see that this user may start `skrynka` itself, and limits of processes",
        ),
    }
    let ocr = reader.ocr().await;
    match (&ocr, &config.reader.ocr) {
        (Some(found), _) => findings.ok(
            "OCR",
            format!("{} {}, {}", found.program.display(), found.version, found.languages.join("+")),
        ),
        (None, Ocr::Off) => findings.ok("OCR", "switched off in [reader]: copies that are pictures stay unread"),
        (None, Ocr::IfInstalled) => findings.warn(
            "OCR",
            "Tesseract with Ukrainian is not installed: copies that are pictures stay unread, the others are read; \
             Debian: `apt install tesseract-ocr tesseract-ocr-ukr`, or `ocr = \"off\"` in [reader] if none is wanted",
        ),
        (None, Ocr::Program(program)) => findings.wrong(
            "OCR",
            format!("{} is not there, does not work or has no Ukrainian; correct `ocr` in [reader]", program.display()),
        ),
    }
    templates(config, findings);
    if let Some(store) = store {
        unread(store, ocr.is_some(), findings).await;
    }
}

/// The operator's own templates.
fn templates(config: &Config, findings: &mut Findings) {
    let folder = config.reader.templates.display();
    match TemplateFiles::of(&config.reader.templates) {
        Ok(files) if files.count() == 0 => {}
        Ok(files) => {
            let (_, faults) = files.read();
            let good = files.count().saturating_sub(faults.len());
            findings.ok("templates", format!("{good} of your own count, from {folder}"));
            for fault in &faults {
                findings.wrong("templates", format!("{fault}; the others count"));
            }
        }
        Err(fault) => findings.wrong("templates", format!("{fault:#}")),
    }
}

/// What it means that some lock is missing.
fn means(locks: Confinement) -> String {
    let mut words = Vec::new();
    match locks.landlock {
        Landlock::Whole => {}
        Landlock::Part => words.push(
            "Files stay closed to a hostile document; rules of connections and signals come with Linux 6.12",
        ),
        Landlock::Absent => words.push(
            "Without landlock (Linux 5.13, not switched off at boot) only the filter of system calls keeps files closed",
        ),
    }
    if !locks.seccomp {
        words.push("Without seccomp a hostile document may ask the kernel for anything");
    }
    if !locks.limits {
        words.push("Without limits a hostile document may take all memory");
    }
    words.join(". ")
}

/// How many filed copies nobody read yet, or could be read better now.
async fn unread(store: &Store, has_ocr: bool, findings: &mut Findings) {
    let counted = async {
        let letters = store.alphabet_revision().await?;
        store.unread_count(ReaderRevision { program: REVISION, letters }, has_ocr).await
    };
    match counted.await {
        Ok(0) => findings.ok("copies", "every filed copy is read"),
        Ok(count) => findings.warn(
            "copies",
            format!("{count} filed copies are unread, or more of them can be read now; the daemon reads them by and by, `skrynka read --filed` at once"),
        ),
        Err(fault) => findings.wrong("copies", fault.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_lock_is_explained() {
        let whole = Confinement { landlock: Landlock::Whole, seccomp: true, limits: true };
        assert_eq!(means(whole), "");
        assert!(means(Confinement { landlock: Landlock::Part, ..whole }).contains("6.12"));
        let none = means(Confinement { landlock: Landlock::Absent, seccomp: false, limits: false });
        for word in ["landlock", "seccomp", "limits"] {
            assert!(none.contains(word), "{none}");
        }
    }
}
