//! Pages of filed copies as people look at them: drawn in the child once, looked up since.

use std::sync::Arc;

use pages::Alphabet;
use skrynka::model::{Digest, FilingId, PictureKind, Policy};
use skrynka::pipeline::Rules;
use skrynka::previews::{NoPreview, PREVIEW_PX, Previews};
use skrynka::reader::{Reader, Settings};
use skrynka::reading::Templates;
use skrynka::store::Store;
use skrynka::transcribing::{Letters, Transcriber};
use skrynka::{parse, verify};
use skrynka_fixtures::copies::{Document, Make, Person};

use super::house::{House, copy, letter_with, seal};
use crate::program::SKRYNKA;

/// Previews over a store, drawn by this program.
async fn previews(house: &House, program: &str) -> Previews {
    let settings = Settings { program: program.into(), children: 1, ..Settings::default() };
    let letters = Letters::fixed(Alphabet::default());
    Previews {
        store: Store::open(&house.path().join("store")).await.unwrap(),
        transcriber: Transcriber::new(Reader::new(settings), Arc::new(Templates::built_in()), letters, 10),
        rules: Rules::new(Arc::new(verify::Trust::default()), Policy::default(), parse::Limits::default()),
    }
}

#[test]
fn a_page_of_a_filed_copy_is_drawn_once_and_looked_up_since() {
    let house = House::new("ocr = \"off\"", "");
    let pdf = copy(Person::mariana(), Document::TaxpayerCard, Make::Outlines, 1).pdf();
    let letters = [
        letter_with(1, "a.pdf", pdf.clone(), Some(&seal())),
        letter_with(2, "b.pdf", b"note".to_vec(), None),
    ];
    house.file_unread(&letters);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let one = FilingId(1);
        let drawing = previews(&house, SKRYNKA).await;
        let png = drawing.page(one, 0, 1).await.unwrap();
        let header = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap().info().size();
        assert!(header.0 == PREVIEW_PX && header.1.abs_diff(PREVIEW_PX * 842 / 595) <= 1, "{header:?}");
        // Whoever would draw is not there: what is kept is given.
        let looking_up = previews(&house, "/nowhere/skrynka").await;
        assert_eq!(looking_up.page(one, 0, 1).await.unwrap(), png);
        for (filing, place, page) in [(one, 0, 0), (one, 0, 2), (one, 0, 4_000_000_000)] {
            let none = drawing.page(filing, place, page).await;
            assert!(matches!(none, Err(NoPreview::NoPage)), "{page}: {none:?}");
        }
        for (filing, place) in [(one, 7), (FilingId(99), 0)] {
            assert!(matches!(looking_up.page(filing, place, 1).await, Err(NoPreview::NoCopy)));
        }
        let kept = drawing.store.pictures(&Digest::of(&pdf)).await.unwrap();
        assert_eq!(kept.iter().map(|picture| picture.kind).collect::<Vec<_>>(), [PictureKind::Preview]);
        Store::close(&drawing.store).await;
        Store::close(&looking_up.store).await;
    });
    house.run(&["read", "--filed"]).good();
    runtime.block_on(async {
        let looking_up = previews(&house, "/nowhere/skrynka").await;
        let kinds: Vec<PictureKind> = looking_up
            .store
            .pictures(&Digest::of(&pdf))
            .await
            .unwrap()
            .iter()
            .map(|picture| picture.kind)
            .collect();
        assert!(
            kinds.starts_with(&[PictureKind::Thumbnail]) && kinds.ends_with(&[PictureKind::Preview]),
            "{kinds:?}"
        );
        assert!(looking_up.page(FilingId(1), 0, 1).await.is_ok(), "reading it again keeps them");
        Store::close(&looking_up.store).await;
    });
}
