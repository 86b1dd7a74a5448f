//! Thumbnails beside the page as `hayro` draws it: the same at a glance.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use pages::Png;
use skrynka::reader::Wish;
use skrynka_fixtures::copies::plans;

use super::{say, transcriber};
use crate::reader::alone;

/// Squares of a page's width that are compared, and of its height.
const SQUARES: usize = 16;
/// Width of both drawings, pixels.
const WIDTH_PX: u32 = 240;
/// How far apart the averages of a square may be, of 255, on the average of a page. Measured: 0.62 at most, for a thumbnail
/// has few colours. A photo that is missing is 15 squares of 256 that are 100 brighter, 6 on the average; a third of the rows,
/// whose ink is a tenth of their squares, 2 to 3. Pages of other kinds are 3 to 12 apart.
const APART_MEAN_MAX: f64 = 1.5;
/// The same for any one square. Measured: 5.6 at most; a line of a heading that is missing is 20 and more.
const APART_MOST_MAX: f64 = 16.0;

/// The averages of a picture's squares, 0 black to 255 white.
fn squares(png: &Png) -> Vec<f64> {
    let mut decoder = png::Decoder::new(Cursor::new(&png.bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height, samples) = (info.width as usize, info.height as usize, info.color_type.samples());
    let mut sums = vec![(0.0, 0.0); SQUARES * SQUARES];
    for (at, pixel) in pixels[..info.buffer_size()].chunks(samples).enumerate() {
        let (x, y) = (at % width * SQUARES / width, at / width * SQUARES / height);
        let colours = pixel.len().min(3);
        let grey = pixel[..colours].iter().map(|value| f64::from(*value)).sum::<f64>() / colours as f64;
        let (sum, count) = &mut sums[y * SQUARES + x];
        (*sum, *count) = (*sum + grey, *count + 1.0);
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

/// How far apart two pictures are: on the average of their squares, and at most.
fn apart(one: &Png, other: &Png) -> (f64, f64) {
    let apart: Vec<f64> = squares(one).iter().zip(squares(other)).map(|(a, b)| (a - b).abs()).collect();
    (apart.iter().sum::<f64>() / apart.len() as f64, apart.into_iter().fold(0.0, f64::max))
}

#[tokio::test]
async fn a_thumbnail_looks_like_the_page_that_hayro_draws() {
    let _alone = alone().await;
    let by = transcriber(1, false);
    let mut files: Vec<(String, Arc<[u8]>)> =
        plans().iter().step_by(31).map(|plan| (plan.name.clone(), plan.draw().pdf.into())).collect();
    let official = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/copy");
    let official = fs::read_dir(official).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in official.filter(|path| path.extension().is_some_and(|ending| ending == "pdf")) {
        files.push((path.display().to_string(), fs::read(&path).unwrap().into()));
    }
    assert!(files.len() >= 6, "{}", files.len());
    let (mut worst, mut last): ((f64, f64), Option<Png>) = ((0.0, 0.0), None);
    for (name, pdf) in files {
        let wish = Wish {
            pages_max: 1,
            thumbnail_px: Some(WIDTH_PX),
            preview_px: Some(WIDTH_PX),
            ..Wish::default()
        };
        let opened = by.reader().open(pdf, wish).await.unwrap();
        let (thumbnail, drawn) = (opened.thumbnail.unwrap(), opened.previews.into_iter().next().unwrap());
        assert_eq!((thumbnail.width_px, thumbnail.height_px), (drawn.width_px, drawn.height_px), "{name}");
        let (mean, most) = apart(&thumbnail, &drawn);
        worst = (worst.0.max(mean), worst.1.max(most));
        assert!(
            mean <= APART_MEAN_MAX && most <= APART_MOST_MAX,
            "{name}: {mean:.2} on average, {most:.1} at most"
        );
        if let Some(other) = last.replace(thumbnail) {
            // Of two copies one is not taken for the other: the measure sees what differs.
            let of_others = apart(&other, &drawn);
            say(&format!(
                "thumbnails: {name} is {:.2} from the page before, {mean:.2} from its own",
                of_others.0
            ));
            assert!(of_others.0 > mean, "{name}: {of_others:?}");
        }
    }
    say(&format!(
        "thumbnails: at most {:.2} on average and {:.1} in a square from what hayro draws",
        worst.0, worst.1
    ));
}
