//! Real and odd documents through the pool: each gets an answer, whatever it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use skrynka::reader::{Reader, Trouble};

use super::{alone, is_good, settings, shared, until_none_is_left, words};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_odd_document_of_the_collection_gets_its_answer() {
    let Some(folder) = shared("pdf") else { return };
    let _alone = alone().await;
    let reader = Reader::new(settings(2));
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut asked = tokio::task::JoinSet::new();
    for file in files {
        let (reader, bytes) = (reader.clone(), fs::read(&file).unwrap());
        asked.spawn(async move { (file, reader.open(bytes, words()).await) });
    }
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    while let Some(ended) = asked.join_next().await {
        let (file, told) = ended.unwrap();
        let word = told.as_ref().map_or_else(|trouble| format!("{trouble:?}"), |_| "read".to_owned());
        assert_ne!(told, Err(Trouble::NoReader), "{}", file.display());
        if told.is_err() {
            #[expect(clippy::print_stderr, reason = "figures for whoever runs the test")]
            {
                eprintln!("{word}: {}", file.file_name().unwrap().to_string_lossy());
            }
        }
        *counts.entry(word).or_default() += 1;
    }
    assert!(counts["read"] >= 20, "{counts:?}");
    let read_again = fs::read("fixtures/copies/text-layer/taxpayer-card.pdf").unwrap();
    is_good(reader.open(read_again, words()).await);
    drop(reader);
    until_none_is_left().await;
}

#[tokio::test]
async fn the_official_sample_comes_through_whole() {
    let Some(folder) = shared("copy") else { return };
    let _alone = alone().await;
    let file = folder.join("internal-passport-2858364170864-02.04.2021-09_48_26.pdf");
    let opened = Reader::new(settings(1)).open(fs::read(file).unwrap(), words()).await.unwrap();
    assert_eq!((opened.pages_total, opened.pages.len()), (1, 1));
    assert!(opened.pages[0].marks.len() >= 500 && opened.shapes.len() >= 100);
}

#[tokio::test]
async fn every_copy_of_the_fixtures_is_read() {
    let _alone = alone().await;
    let reader = Reader::new(settings(1));
    let mut count = 0;
    for kind in ["text-layer", "outlines"] {
        for entry in fs::read_dir(format!("fixtures/copies/{kind}")).unwrap() {
            let path = entry.unwrap().path();
            let opened = reader.open(fs::read(&path).unwrap(), words()).await.unwrap();
            let page = &opened.pages[0];
            let letters = if kind == "outlines" { page.marks.len() } else { page.glyphs.len() };
            assert!(letters > 100, "{}: {letters}", path.display());
            count += 1;
        }
    }
    assert!(count >= 12);
}
