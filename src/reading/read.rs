//! Lines of words and templates → a [`Reading`]: the kind of document, its fields, its request lines, what is odd about them.

use super::forms::{self, Form, Script};
use super::labels::{Anchors, Title, title};
use super::names::{self, Bounds};
use super::sheet::{Run, Sheet};
use super::templates::{Field, Label, Target, Template, Templates, Where};
use super::values::Values;
use super::{UNKNOWN, checks, file_name};
use crate::model::{DocumentCode, FieldKind, ReadField, Reading, ReadingWay};

/// How far below a title nothing but its emblem stands, points: the official sample has 70 between title and names.
const EMBLEM_PT: f32 = 20.0;

/// The part of a page in which nothing but its title and emblems stands, where the title cannot be read.
const HEAD_PART: f32 = 0.12;

/// The lines of one page.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PageLines {
    /// From 1.
    pub number: u32,
    /// Width as shown, points.
    pub width_pt: f32,
    /// Height as shown, points.
    pub height_pt: f32,
    /// Its lines, in any order.
    pub lines: Vec<pages::Line>,
}

/// What the pages of a copy say.
///
/// `way` is how most of it was read; each field has that of its own words. `file_name` is a hint, and what it says otherwise
/// than the pages becomes a warning. The document's oddities and trouble are the caller's to fill in.
#[must_use]
pub fn read(pages: &[PageLines], way: ReadingWay, file_name: &str, templates: &Templates) -> Reading {
    let study = Study::of(pages, file_name, templates);
    let (fields, _) = templates.choice(study.template);
    let found = study.fields(pages, fields);
    let text = study.sheet.text();
    let count = |wanted: fn(char) -> bool| {
        u32::try_from(text.chars().filter(|c| wanted(*c)).count()).unwrap_or(u32::MAX)
    };
    let mut reading = Reading {
        way,
        document: study.template.map(|template| template.document.clone()),
        fields: found,
        letters: count(|c| !c.is_whitespace()),
        unread: count(|c| c == UNKNOWN),
        pages: u32::try_from(pages.len()).unwrap_or(u32::MAX),
        text,
        ..Reading::default()
    };
    reading.warnings = checks::warnings(&reading, fields, study.template.is_some(), file_name);
    reading
}

/// A document's cells, its template, and which of the cells are labels.
pub(super) struct Study<'a> {
    pub(super) sheet: Sheet<'a>,
    pub(super) template: Option<&'a Template>,
    pub(super) title: Option<Title<'a>>,
    pub(super) labels: &'a [Label],
    pub(super) anchors: Anchors,
}

impl<'a> Study<'a> {
    pub(super) fn of(pages: &'a [PageLines], file_name: &str, templates: &'a Templates) -> Self {
        let sheet = Sheet::of(pages);
        let title = title(&sheet, pages, templates);
        let template =
            title.as_ref().map(|title| title.template).or_else(|| by_labels(&sheet, file_name, templates));
        let (_, labels) = templates.choice(template);
        let anchors = Anchors::find(&sheet, labels, title.as_ref());
        Self { sheet, template, title, labels, anchors }
    }

    /// The values of all fields, in the order of the page, each field once.
    pub(super) fn fields(&self, pages: &[PageLines], fields: &'a [Field]) -> Vec<ReadField> {
        let values = Values::collect(&self.sheet, &self.anchors, fields);
        let mut runs: Vec<(&Field, Run<'a>)> = Vec::new();
        let mut add = |(number, run): (usize, Run<'a>)| {
            if let Some(field) = fields.get(number) {
                runs.push((field, run));
            }
        };
        if self.template.is_some() {
            let block = names::block(&self.sheet, &values.taken, fields, self.bounds(pages, fields));
            block.into_iter().for_each(&mut add);
        }
        values.list.into_iter().for_each(&mut add);
        let mut found: Vec<ReadField> = Vec::new();
        for field in runs.into_iter().flat_map(|(field, run)| parted(field, &run)) {
            match found.iter_mut().find(|earlier| earlier.name == field.name) {
                None => found.push(field),
                // Of two the first, but what is whole and has its form goes before what is not.
                Some(earlier) => {
                    let worth = |field: &ReadField| (!field.value.contains(UNKNOWN), field.plain.is_some());
                    if worth(&field) > worth(earlier) {
                        *earlier = field;
                    }
                }
            }
        }
        found.sort_by_key(|field| (field.place.page, field.place.top, field.place.left));
        found
    }

    /// The names stand between the title and the first row of the table.
    fn bounds(&self, pages: &[PageLines], fields: &[Field]) -> Bounds {
        let page = pages.first();
        let number = page.map_or(1, |page| page.number);
        let on_page = |anchor: &&super::labels::Anchor| anchor.page == number;
        let title = self.title.as_ref().and_then(|_| self.anchors.list.first());
        let is_row = |target: Target| matches!(target, Target::Field(at) if fields.get(at).is_some_and(|field| field.at == Where::Row));
        let rows = || self.anchors.list.iter().filter(on_page).filter(|anchor| is_row(anchor.target));
        let mut sizes: Vec<f32> = self
            .anchors
            .list
            .iter()
            .filter(|anchor| anchor.target != Target::Heading)
            .filter_map(|anchor| self.sheet.get(*anchor.texts.first()?.cells.first()?))
            .map(|cell| cell.size)
            .collect();
        sizes.sort_by(f32::total_cmp);
        let usual = || self.sheet.usual_size();
        let head = page.map_or(0.0, |page| page.height_pt * HEAD_PART);
        Bounds {
            page: number,
            // An emblem beside the title may reach below it; names keep more distance.
            top: title.map_or(head, |title| title.at.bottom + EMBLEM_PT),
            bottom: rows().map(|row| row.at.top).fold(f32::MAX, f32::min),
            row_size: sizes.get(sizes.len() / 2).copied().unwrap_or_else(usual),
        }
    }
}

/// The template of a page without a title that can be read: the file name's if a third of its labels are there, else the
/// one that fits clearly best: at least four labels and most of its own, a quarter better than any other.
fn by_labels<'a>(sheet: &Sheet<'_>, file_name: &str, templates: &'a Templates) -> Option<&'a Template> {
    let shares = |template: &Template| {
        let anchors = Anchors::find(sheet, &template.labels, None);
        let own = |at: &usize| template.fields.get(*at).is_some_and(|field| !field.is_common);
        let mut found: Vec<usize> = anchors
            .list
            .iter()
            .filter_map(|anchor| match anchor.target {
                Target::Field(at) => Some(at).filter(own),
                Target::Heading => None,
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        let labelled =
            template.fields.iter().filter(|f| !f.is_common && matches!(f.at, Where::Row | Where::Line));
        (found.len(), labelled.count())
    };
    let hinted = file_name::document(file_name).and_then(|document| templates.of(&document));
    if let Some(template) = hinted {
        let (found, all) = shares(template);
        if found >= 1 && found * 3 >= all {
            return Some(template);
        }
    }
    let mut fits: Vec<(usize, &Template)> = templates
        .documents
        .iter()
        .filter_map(|template| {
            let (found, all) = shares(template);
            // Many labels, and few that are not there: both passports share most of theirs.
            (found >= 4 && found * 5 >= all * 3).then(|| (found * found * 100 / all.max(1), template))
        })
        .collect();
    fits.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    match fits.as_slice() {
        [(_, only)] => Some(only),
        [(most, best), (next, _), ..] if *most * 4 >= next * 5 => Some(best),
        _ => None,
    }
}

/// A field's value, and what else stood in its place.
fn parted(field: &Field, run: &Run<'_>) -> Vec<ReadField> {
    let Some((rest_name, rest_kind)) = &field.rest else {
        return vec![read_field(&field.name, field.kind, (&field.form, field.script), run)];
    };
    let page = run.page;
    let (own, rest): (Vec<_>, Vec<_>) = if field.form == Form::Day {
        let texts: Vec<&str> = run.words.iter().map(|word| word.text.as_str()).collect();
        let days = forms::day_words(&texts).unwrap_or(run.words.len());
        (run.words.iter().take(days).copied().collect(), run.words.iter().skip(days).copied().collect())
    } else {
        let is_rest = |text: &str| {
            let latin = text.chars().filter(char::is_ascii_alphabetic).count();
            latin * 2 > text.chars().filter(|c| c.is_alphabetic()).count()
        };
        run.words.iter().copied().partition(|word| !is_rest(&word.text))
    };
    let own_form = (&field.form, field.script);
    let parts =
        [(own, &field.name, field.kind, own_form), (rest, rest_name, *rest_kind, (&Form::Free, None))];
    let parts = parts.into_iter().filter(|(words, ..)| !words.is_empty());
    parts.map(|(words, name, kind, form)| read_field(name, kind, form, &Run { page, words })).collect()
}

fn read_field(
    name: &str,
    kind: FieldKind,
    (form, script): (&Form, Option<Script>),
    run: &Run<'_>,
) -> ReadField {
    let way = run.way();
    let mut value = run.text();
    let mut sure_percent = run.sure_percent();
    if way != ReadingWay::TextLayer {
        let by_form = forms::tells_alphabets(form, &value);
        value = forms::in_its_alphabet(form, &value);
        let of_one = script.or_else(|| script_of(kind)).and_then(|script| forms::in_script(script, &value));
        // Drawings that are known are doubted for nothing but their alphabet.
        if way == ReadingWay::Outlines && (by_form || of_one.is_some()) {
            sure_percent = 100;
        }
        value = of_one.unwrap_or(value);
    }
    ReadField {
        name: name.to_owned(),
        kind,
        plain: forms::plain(form, &value),
        value,
        way,
        place: run.place(),
        sure_percent,
    }
}

/// The alphabet of names.
const fn script_of(kind: FieldKind) -> Option<Script> {
    match kind {
        FieldKind::Name => Some(Script::Cyrillic),
        FieldKind::NameLatin => Some(Script::Latin),
        _ => None,
    }
}

/// The kind of document that a file name tells, where the page says another.
pub(super) fn is_another(named: &DocumentCode, read: &DocumentCode) -> bool {
    !named.is_satisfied_by(read)
}
