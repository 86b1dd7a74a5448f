//! Files of other people that are difficult to read.

use opener::{Wish, open};
use pages::Oddity;

use crate::{pdfs, seen};

const ALL: Wish = Wish {
    pages_max: 10,
    words: true,
    thumbnail_px: Some(240),
    preview_px: Some(600),
    pictures_px: Some(300),
    raster_dpi: Some(100),
};

#[test]
fn every_file_of_the_corpus_is_opened_and_drawn() {
    let Some(files) = pdfs("../shared/data/pdf") else { return };
    assert_eq!(files.len(), 34);
    for (name, bytes) in files {
        let opened = open(&bytes, &ALL).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(!opened.pages.is_empty(), "{name}");
        assert!(opened.thumbnail.is_some(), "{name}");
        assert_eq!(opened.previews.len(), opened.pages.len(), "{name}");
        assert_eq!(opened.rasters.len(), opened.pages.len(), "{name}");
        for page in &opened.pages {
            assert!(page.marks.iter().all(|mark| (mark.shape.0 as usize) < opened.shapes.len()), "{name}");
        }
    }
}

#[test]
fn some_files_of_the_corpus_say_what_is_known_of_them() {
    let Some(files) = pdfs("../shared/data/pdf") else { return };
    let find = |name: &str| {
        let (_, bytes) = files.iter().find(|(file, _)| file == name).unwrap();
        open(bytes, &ALL).unwrap()
    };
    let vertical = find("VerticalText_VerticalText.pdf");
    assert!(vertical.pages[0].glyphs.len() > 10);
    let labels = find("PageLabels-UX_PageLabelsTest.pdf");
    assert!(labels.pages_total > 1, "{}", labels.pages_total);
    assert!(!seen(&labels).is_empty());
    for name in ["UnknownFilter_UnknownFilter-PageContentStream.pdf", "UnknownFilter_UnknownFilter-Font.pdf"]
    {
        assert!(find(name).oddities.contains(&Oddity::Damaged), "{name}: {:?}", find(name).oddities);
    }
    assert!(find("Inline-Image-Abbreviations_InlineAbbreviations.pdf").pages[0].pictures.len() > 1);
}
