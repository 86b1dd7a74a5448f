//! An open document and a wish → its pages, one after the other, and the drawings of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, InterpreterWarning, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use pages::{Oddity, Opened};

use crate::Wish;
use crate::drawing::{Drawer, Measure};
use crate::frame::Frame;
use crate::geometry::narrow;
use crate::outlines::Shapes;
use crate::pictures::Pictures;
use crate::png_file::Pixels;
use crate::sketch::Sketch;
use crate::structure;
use crate::walk::Walker;

/// Looks at the pages that are wanted.
pub(crate) fn look(pdf: &Pdf, wish: &Wish, oddities: BTreeSet<Oddity>) -> Opened {
    let pages = pdf.pages();
    let wanted = usize::try_from(wish.pages_max).unwrap_or(usize::MAX);
    let damage = Arc::new(AtomicBool::new(false));
    let mut looker = Looker::new(wish, oddities, settings(&damage));
    for (number, page) in (1..).zip(pages.iter().take(wanted)) {
        looker.page(page, number);
    }
    let mut oddities = looker.oddities;
    if damage.load(Ordering::Relaxed) {
        oddities.insert(Oddity::Damaged);
    }
    if pages.len() > wanted {
        oddities.insert(Oddity::TooManyPages);
    }
    Opened {
        pages_total: u32::try_from(pages.len()).unwrap_or(u32::MAX),
        shapes: if wish.words { looker.shapes.into_vec() } else { Vec::new() },
        oddities: oddities.into_iter().collect(),
        ..looker.opened
    }
}

fn settings(damage: &Arc<AtomicBool>) -> InterpreterSettings {
    let damage = Arc::clone(damage);
    let warning_sink = Arc::new(move |warning| match warning {
        InterpreterWarning::UnsupportedFont | InterpreterWarning::ImageDecodeFailure => {
            damage.store(true, Ordering::Relaxed);
        }
        _ => {}
    });
    InterpreterSettings { warning_sink, ..InterpreterSettings::default() }
}

struct Looker<'a, 'w> {
    wish: &'w Wish,
    settings: InterpreterSettings,
    cache: InterpreterCache<'a>,
    drawer: Drawer<'a>,
    shapes: Shapes,
    oddities: BTreeSet<Oddity>,
    opened: Opened,
}

impl<'a, 'w> Looker<'a, 'w> {
    fn new(wish: &'w Wish, oddities: BTreeSet<Oddity>, settings: InterpreterSettings) -> Self {
        Self {
            wish,
            cache: InterpreterCache::new(),
            drawer: Drawer::new(settings.clone()),
            settings,
            shapes: Shapes::default(),
            oddities,
            opened: Opened::default(),
        }
    }

    fn page(&mut self, page: &'a Page<'a>, number: u32) {
        let frame = Frame::new(page);
        let mut walker = Walker::new(&frame, &mut self.shapes, Pictures::new(self.wish.pictures_px));
        let thumbnail_px = self.wish.thumbnail_px.filter(|_| number == 1);
        let measure = thumbnail_px.and_then(|width_px| Measure::thumbnail(&frame, width_px));
        walker.sketch = measure.and_then(|measure| Sketch::new(&measure));
        let settings = self.settings.clone();
        let mut context = Context::new(frame.transform, frame.rect(), &self.cache, page.xref(), settings);
        interpret_page(page, &mut context, &mut walker);
        let is_hidden = |glyph: &pages::Glyph| !glyph.is_visible && !glyph.text.trim().is_empty();
        let of_the_page = [
            (structure::has_odd_box(page), Oddity::PageBox),
            (walker.was_cut || structure::has_lost_content(page), Oddity::Damaged),
            (walker.pictures.is_too_much || walker.pictures.is_damaged, Oddity::Damaged),
            (walker.glyphs.iter().any(is_hidden), Oddity::HiddenText),
        ];
        self.oddities.extend(of_the_page.into_iter().filter_map(|(is_so, oddity)| is_so.then_some(oddity)));
        let sketch = walker.sketch.and_then(Sketch::finish);
        let can_be_drawn = !walker.pictures.is_too_much;
        let mut found = pages::Page {
            number,
            width_pt: narrow(frame.width),
            height_pt: narrow(frame.height),
            pictures: walker.pictures.into_vec(),
            ..pages::Page::default()
        };
        if self.wish.words {
            found.glyphs = walker.glyphs;
            found.marks = walker.marks;
        }
        self.opened.pages.push(found);
        if can_be_drawn {
            self.draw(page, &frame, number, sketch.as_ref());
        }
    }

    fn draw(&mut self, page: &'a Page<'a>, frame: &Frame, number: u32, sketch: Option<&Pixels>) {
        if let Some(width_px) = self.wish.thumbnail_px.filter(|_| number == 1) {
            self.opened.thumbnail = match sketch {
                Some(sketch) => sketch.thumbnail(),
                None => self.drawer.thumbnail(page, frame, width_px),
            };
        }
        if let Some(width_px) = self.wish.preview_px {
            self.opened.previews.extend(self.drawer.preview(page, frame, width_px));
        }
        if let Some(dpi) = self.wish.raster_dpi {
            self.opened.rasters.extend(self.drawer.raster(page, frame, number, dpi));
        }
    }
}
