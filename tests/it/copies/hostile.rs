//! Files as an enemy makes them, and good ones that were disturbed, through a pool of two: each gets an answer, and the daemon
//! stays as it was.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use skrynka::model::ReadingTrouble;
use skrynka::transcribing::{Transcriber, Transcript};
use skrynka_fixtures::copies::{HIDDEN, Hostile, SHOWN, hostile, mutated};
use tokio::task::JoinSet;

use super::{nothing, patience, say, transcriber};
use crate::reader::alone;

/// How much this process's peak of memory may grow over all files, KiB: some wait in it, and each answer is bounded.
const GROWTH_KIB_MAX: u64 = 300 * 1024;
/// Files that are asked for at once.
const AT_ONCE: usize = 4;

async fn read(by: Transcriber, pdf: Vec<u8>) -> Transcript {
    by.read(Arc::from(pdf), "", None, &Arc::new(nothing()), patience()).await
}

/// What is said of a file, for the figures.
fn word(transcript: &Transcript) -> String {
    transcript.reading.trouble.map_or_else(|| "read".to_owned(), |trouble| format!("{trouble:?}"))
}

/// The peak of this process's memory, KiB.
fn peak_kib() -> u64 {
    let told = fs::read_to_string("/proc/self/status").unwrap();
    let line = told.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// What is not as it must be.
fn faults(file: &Hostile, transcript: &Transcript) -> Vec<String> {
    let (expected, reading) = (file.expected, &transcript.reading);
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            faults.push(format!("{}: {what}; {:?} {:?}", file.name, reading.trouble, reading.oddities));
        }
    };
    let oddities: Vec<String> = reading
        .oddities
        .iter()
        .map(|oddity| serde_json::to_value(oddity).unwrap().as_str().unwrap_or_default().to_owned())
        .collect();
    let trouble = reading.trouble.map(|trouble| serde_json::to_value(trouble).unwrap());
    let is_opened = reading.pages > 0;
    must(!reading.text.contains(HIDDEN), "what is hidden is read".to_owned());
    must(reading.trouble != Some(ReadingTrouble::NoReader), "nobody reads".to_owned());
    if expected.is_read {
        must(reading.text.contains(SHOWN), format!("its words are not read but «{}»", reading.text));
    }
    if expected.is_read || is_opened {
        for odd in expected.oddities {
            must(oddities.iter().any(|own| own == odd), format!("{odd} is not named"));
        }
    }
    if let Some(fault) = expected.fault {
        must(trouble == Some(fault.into()), format!("{fault} is not said"));
    }
    faults
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hostile_file_gets_its_answer() {
    let _alone = alone().await;
    let by = transcriber(2, false);
    let files = hostile();
    let (count, before) = (files.len(), peak_kib());
    let (mut asked, mut faulty) = (JoinSet::new(), Vec::new());
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut rest = files.into_iter();
    loop {
        while asked.len() < AT_ONCE
            && let Some(file) = rest.next()
        {
            let read = read(by.clone(), file.pdf.clone());
            asked.spawn(async move { (file, read.await) });
        }
        let Some(ended) = asked.join_next().await else { break };
        let (file, transcript) = ended.unwrap();
        *counts.entry(word(&transcript)).or_default() += 1;
        faulty.extend(faults(&file, &transcript));
    }
    say(&format!("hostile: {count} files, {counts:?}, {} KiB more at the peak", peak_kib() - before));
    assert!(count >= 80, "{count}");
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
    assert!(peak_kib() - before < GROWTH_KIB_MAX);
    reads_as_before(&by).await;
}

/// A good copy is read whole.
async fn reads_as_before(by: &Transcriber) {
    let good = fs::read("fixtures/copies/text-layer/taxpayer-card.pdf").unwrap();
    let reading = read(by.clone(), good).await.reading;
    assert_eq!((reading.trouble, reading.document.unwrap().as_str()), (None, "taxpayer-card"));
}

async fn answers_mutated(count: usize) {
    let _alone = alone().await;
    let by = transcriber(2, false);
    let before = peak_kib();
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut asked = JoinSet::new();
    let mut rest = mutated(2026, count);
    loop {
        while asked.len() < AT_ONCE
            && let Some(pdf) = rest.next()
        {
            asked.spawn(read(by.clone(), pdf));
        }
        let Some(ended) = asked.join_next().await else { break };
        let transcript = ended.unwrap();
        assert_ne!(transcript.reading.trouble, Some(ReadingTrouble::NoReader));
        *counts.entry(word(&transcript)).or_default() += 1;
    }
    say(&format!("mutated: {count} files, {counts:?}, {} KiB more at the peak", peak_kib() - before));
    let answered: u32 = counts.values().sum();
    assert_eq!(usize::try_from(answered).unwrap(), count);
    // Disturbing must leave some of them readable, or it proves nothing of how they are read.
    assert!(counts["read"] > answered / 10, "{counts:?}");
    assert!(peak_kib() - before < GROWTH_KIB_MAX);
    reads_as_before(&by).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_mutated_files_are_answered() {
    answers_mutated(500).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "ten thousand files take minutes: `make soak`"]
async fn ten_thousand_mutated_files_are_answered() {
    answers_mutated(10_000).await;
}
