//! Says what lies on the pages of files: for people who build this crate.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use opener::{Wish, open};

fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        let wish = Wish { pages_max: 10, words: true, ..Wish::default() };
        match open(&bytes, &wish) {
            Err(fault) => println!("{path}: {fault}"),
            Ok(opened) => {
                println!(
                    "{path}: {} pages, {} shapes, {:?}",
                    opened.pages_total,
                    opened.shapes.len(),
                    opened.oddities
                );
                for page in &opened.pages {
                    let text: String = page.glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
                    println!(
                        "  {}x{}: {} glyphs, {} marks {text}",
                        page.width_pt,
                        page.height_pt,
                        page.glyphs.len(),
                        page.marks.len()
                    );
                }
            }
        }
    }
}
