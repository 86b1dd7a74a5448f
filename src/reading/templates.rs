//! Templates (TOML) → what is known of each kind of document: its titles, its labels, and where their values stand.

mod faults;
mod files;

use std::borrow::Cow;

use serde::Deserialize;

pub use faults::{TemplateError, TemplateFault};

use super::forms::{Form, Script};
use super::likeness::Looks;
use crate::model::{DocumentCode, FieldKind};
use files::{File, RawField};

/// The templates of all kinds of documents, and the request lines that every copy has.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    pub(super) documents: Vec<Template>,
    /// Fields of every copy.
    common: Vec<Field>,
    common_labels: Vec<Label>,
}

/// What is known of one kind of document.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) document: DocumentCode,
    pub(super) titles: Vec<Label>,
    /// Its own fields, then the common ones.
    pub(super) fields: Vec<Field>,
    /// Labels of all its fields, headings, and what is no value.
    pub(super) labels: Vec<Label>,
}

/// Something that a copy says.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: FieldKind,
    pub(super) form: Form,
    pub(super) script: Option<Script>,
    pub(super) at: Where,
    pub(super) rest: Option<(String, FieldKind)>,
    pub(super) is_required: bool,
    pub(super) source: Source,
    /// It is of a request, not of a document.
    pub(super) is_common: bool,
}

/// A text that is printed on every copy of a kind.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// As it is printed, without a colon.
    pub(super) text: String,
    pub(super) looks: Looks,
    /// Edits forgiven: few enough that no two labels of a template are confused.
    pub(super) edits_max: usize,
    pub(super) target: Target,
    pub(super) scope: Scope,
    /// The section that begins with it.
    pub(super) opens: Option<usize>,
}

/// What a label belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    /// A field, by its place among the template's.
    Field(usize),
    /// A title, a heading, or another text that is no value.
    Heading,
}

/// Where on a page a label counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    Everywhere,
    /// In one section; before the first one when none.
    Section(Option<usize>),
}

/// Where a field's value stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Where {
    /// Beside its label or, where nothing is beside it, under it.
    #[default]
    Row,
    /// Behind its label in one line, which may go on below.
    Line,
    /// Without a label, under the title in large letters: surname, given names, patronymic, in this order.
    Names,
    /// Without a label, in Latin letters beside or below the names.
    LatinNames,
    /// Without a label, in large digits.
    LargeNumber,
    /// It has a label and no text: a signature.
    Nothing,
}

/// Whether something is known or assumed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Seen on an official copy, or in what the service's makers published.
    Known,
    /// Assumed from the paper document and from how other copies are made.
    Assumed,
}

impl Templates {
    /// The templates that come with the program.
    #[must_use]
    #[expect(clippy::expect_used, reason = "they are part of the program, and a test reads them")]
    pub fn built_in() -> Self {
        Self::parse(&files::BUILT_IN).expect("the program's own templates are whole")
    }

    /// Templates from files: their names and texts. The file without a `document` has the fields that every copy has; where
    /// none is without, the program's own are taken.
    ///
    /// # Errors
    /// When a file cannot be understood whole: nothing of it is guessed, unknown keys are refused.
    pub fn parse(texts: &[(&str, &str)]) -> Result<Self, TemplateError> {
        let mut templates = Self::default();
        let mut files = Vec::new();
        for (name, text) in texts {
            let says = |fault| TemplateError::of(name, text, fault);
            let file = File::read(text).map_err(says)?;
            if file.document.is_none() {
                (templates.common, templates.common_labels) = file.common().map_err(says)?;
            } else {
                files.push((*name, *text, file));
            }
        }
        if templates.common.is_empty() {
            let says = |fault| TemplateError::of(files::COMMON.0, files::COMMON.1, fault);
            let file = File::read(files::COMMON.1).map_err(says)?;
            (templates.common, templates.common_labels) = file.common().map_err(says)?;
        }
        for (name, text, file) in files {
            let template = file.template(&templates.common, &templates.common_labels);
            let template = template.and_then(|template| {
                let twice = templates.of(&template.document).is_some();
                if twice { Err(TemplateFault::Twice(template.document)) } else { Ok(template) }
            });
            let says = |fault| TemplateError::of(name, text, fault);
            templates.documents.push(template.map_err(says)?);
        }
        Ok(templates)
    }

    /// These templates with others beside them: an operator's, which replace those of the same document.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        self.documents.retain(|own| others.of(&own.document).is_none());
        self.documents.extend(others.documents);
        self
    }

    /// These templates with an operator's files beside them, by their names and texts; and what is wrong with those that are
    /// of no use. The others count.
    #[must_use]
    pub fn with_files<'a>(
        mut self,
        files: impl Iterator<Item = (&'a str, Cow<'a, str>)>,
    ) -> (Self, Vec<TemplateError>) {
        let (mut taken, mut faults): (Self, Vec<TemplateError>) = (Self::default(), Vec::new());
        for (name, text) in files {
            match self.one(&text).and_then(|template| taken.room_for(template)) {
                Ok(template) => taken.documents.push(template),
                Err(fault) => faults.push(TemplateError::of(name, &text, fault)),
            }
        }
        self = self.with(taken);
        (self, faults)
    }

    /// The template in one file, with the request lines of these.
    fn one(&self, text: &str) -> Result<Template, TemplateFault> {
        let file = File::read(text)?;
        if file.document.is_none() {
            return Err(TemplateFault::NoDocument);
        }
        let template = file.template(&self.common, &self.common_labels)?;
        // What is of another kind must have another title, or nobody could tell them apart.
        self.documents
            .iter()
            .filter(|own| own.document != template.document)
            .try_for_each(|own| own.parts(&template))?;
        Ok(template)
    }

    fn room_for(&self, template: Template) -> Result<Template, TemplateFault> {
        if self.of(&template.document).is_some() {
            return Err(TemplateFault::Twice(template.document));
        }
        self.documents.iter().try_for_each(|own| own.parts(&template))?;
        Ok(template)
    }

    /// The kinds of documents that have a template, and whether it rests on known facts.
    pub fn documents(&self) -> impl Iterator<Item = (&DocumentCode, Source)> {
        let known = |template: &Template| {
            let mut own = template.fields.iter().filter(|field| !field.is_common);
            if own.all(|field| field.source == Source::Known) { Source::Known } else { Source::Assumed }
        };
        self.documents.iter().map(move |template| (&template.document, known(template)))
    }

    /// Every text that is printed on each copy of a kind: titles, labels, headings, the request lines' beginnings. For a kind
    /// without a template only the last.
    #[must_use]
    pub fn known_texts(&self, document: &DocumentCode) -> Vec<&str> {
        match self.of(document) {
            Some(template) => {
                template.titles.iter().chain(&template.labels).map(|label| label.text.as_str()).collect()
            }
            None => self.common_labels.iter().map(|label| label.text.as_str()).collect(),
        }
    }

    /// The names of all fields, each once.
    #[must_use]
    pub fn field_names(&self) -> std::collections::BTreeSet<&str> {
        let own = self.documents.iter().flat_map(|template| &template.fields);
        own.chain(&self.common)
            .flat_map(|field| {
                std::iter::once(field.name.as_str()).chain(field.rest.as_ref().map(|(name, _)| name.as_str()))
            })
            .collect()
    }

    pub(super) fn of(&self, document: &DocumentCode) -> Option<&Template> {
        self.documents.iter().find(|template| template.document == *document)
    }

    /// Fields and labels of the chosen template, or the common ones alone.
    pub(super) fn choice<'a>(&'a self, template: Option<&'a Template>) -> (&'a [Field], &'a [Label]) {
        template.map_or((&self.common, &self.common_labels), |template| (&template.fields, &template.labels))
    }
}

impl Template {
    /// Whether titles part this kind from another one.
    fn parts(&self, other: &Self) -> Result<(), TemplateFault> {
        let is_own = |title: &&Label| self.titles.iter().any(|own| own.looks == title.looks);
        match other.titles.iter().find(is_own) {
            Some(title) => Err(TemplateFault::SameTitle(title.text.clone(), self.document.clone())),
            None => Ok(()),
        }
    }
}

impl File {
    /// The fields and labels that every copy has.
    fn common(&self) -> Result<(Vec<Field>, Vec<Label>), TemplateFault> {
        let fields = self.fields(true)?;
        let labels = guarded(self.labels(Scope::Everywhere)?, &fields)?;
        Ok((fields, labels))
    }

    fn template(&self, common: &[Field], common_labels: &[Label]) -> Result<Template, TemplateFault> {
        let code = self.document.as_deref().unwrap_or_default();
        let document: DocumentCode =
            code.parse().map_err(|error| TemplateFault::Document(format!("{error}")))?;
        let mut titles = both(&self.titles, &self.titles_en);
        let under = |title: &String| {
            self.subtitles.iter().map(move |subtitle| format!("{title}/{subtitle}")).collect()
        };
        let longer: Vec<String> = titles.iter().flat_map(|title| -> Vec<String> { under(title) }).collect();
        titles.extend(longer);
        if titles.is_empty() {
            return Err(TemplateFault::NoTitle);
        }
        let heading = (Target::Heading, Scope::Everywhere, None);
        let titles: Result<Vec<Label>, TemplateFault> =
            titles.into_iter().map(|text| Label::of(text, code, heading)).collect();
        let mut fields = self.fields(false)?;
        let mut labels = self.labels(Scope::Section(None))?;
        let own = fields.len();
        labels.extend(common_labels.iter().cloned().map(|label| match label.target {
            Target::Field(at) => Label { target: Target::Field(own + at), ..label },
            Target::Heading => label,
        }));
        fields.extend(common.iter().cloned());
        // One thing may stand in two places, but it is one thing.
        let twice =
            |field: &&Field| fields.iter().any(|other| other.name == field.name && other.kind != field.kind);
        if let Some(field) = fields.iter().find(twice) {
            return Err(TemplateFault::FieldTwice(field.name.clone()));
        }
        let labels = guarded(labels, &fields)?;
        Ok(Template { document, titles: titles?, fields, labels })
    }

    fn fields(&self, is_common: bool) -> Result<Vec<Field>, TemplateFault> {
        self.field.iter().map(|raw| raw.field(self.source, is_common)).collect()
    }

    /// All labels; `outside` is the scope of those that are in no section.
    fn labels(&self, outside: Scope) -> Result<Vec<Label>, TemplateFault> {
        let opening =
            self.field.iter().map(|field| &field.opens).chain(self.heading.iter().map(|h| &h.opens));
        let mut sections: Vec<&str> = opening.flatten().map(String::as_str).collect();
        sections.sort_unstable();
        sections.dedup();
        let number = |name: &String| sections.iter().position(|section| section == name);
        let mut labels = Vec::new();
        for (at, field) in self.field.iter().enumerate() {
            let scope = match &field.section {
                _ if field.opens.is_some() => Scope::Everywhere,
                Some(section) => match number(section) {
                    Some(number) => Scope::Section(Some(number)),
                    None => {
                        let (field, section) = (field.name.clone(), section.clone());
                        return Err(TemplateFault::NoSection { field, section });
                    }
                },
                None => outside,
            };
            let meaning = (Target::Field(at), scope, field.opens.as_ref().and_then(number));
            for text in both(&field.labels, &field.labels_en) {
                labels.push(Label::of(text, &field.name, meaning)?);
            }
        }
        for heading in &self.heading {
            let meaning = (Target::Heading, Scope::Everywhere, heading.opens.as_ref().and_then(number));
            for text in both(&heading.labels, &heading.labels_en) {
                labels.push(Label::of(text, "heading", meaning)?);
            }
        }
        Ok(labels)
    }
}

impl RawField {
    fn field(&self, source: Source, is_common: bool) -> Result<Field, TemplateFault> {
        let rest = self.rest.as_ref().map(|rest| (rest.name.clone(), rest.kind));
        for name in std::iter::once(&self.name).chain(rest.as_ref().map(|(name, _)| name)) {
            let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if name.is_empty() || !name.chars().all(good) {
                return Err(TemplateFault::Name(name.clone()));
            }
        }
        let has_labels = !self.labels.is_empty() || !self.labels_en.is_empty();
        if has_labels != matches!(self.at, Where::Row | Where::Line | Where::Nothing) {
            return Err(TemplateFault::NoLabel(self.name.clone()));
        }
        let form = match self.kind {
            _ if !self.signs.is_empty() => Form::Signs(self.signs.clone()),
            FieldKind::BirthDate | FieldKind::ValidUntil | FieldKind::Date => Form::Day,
            FieldKind::Rnokpp => Form::Rnokpp,
            FieldKind::Unzr => Form::Unzr,
            FieldKind::Sex => Form::Sex,
            FieldKind::RequestTime => Form::Moment,
            _ => Form::Free,
        };
        Ok(Field {
            name: self.name.clone(),
            kind: self.kind,
            form,
            script: self.script,
            at: self.at,
            rest,
            is_required: self.required,
            source: self.source.unwrap_or(source),
            is_common,
        })
    }
}

impl Label {
    fn of(
        text: String,
        owner: &str,
        (target, scope, opens): (Target, Scope, Option<usize>),
    ) -> Result<Self, TemplateFault> {
        let looks = Looks::of(&text);
        if looks.len() < 2 {
            return Err(TemplateFault::EmptyLabel(owner.to_owned()));
        }
        Ok(Self { edits_max: looks.edits_max(), text, looks, target, scope, opens })
    }
}

/// Texts in both languages, and both in one: `Дата видачі/Date of issue` and the other way round.
fn both(uk: &[String], en: &[String]) -> Vec<String> {
    let pairs = uk.iter().flat_map(|uk| en.iter().map(move |en| (uk, en)));
    let joined = pairs.flat_map(|(uk, en)| [format!("{uk}/{en}"), format!("{en}/{uk}")]);
    uk.iter().chain(en).cloned().chain(joined).collect()
}

/// Forgives so little that a text is never nearer to two labels: half of what parts them.
fn guarded(mut labels: Vec<Label>, fields: &[Field]) -> Result<Vec<Label>, TemplateFault> {
    let name = |target| match target {
        Target::Field(at) => fields.get(at).map_or("", |field: &Field| field.name.as_str()),
        Target::Heading => "heading",
    };
    let mut limits = Vec::with_capacity(labels.len());
    for label in &labels {
        let own = name(label.target);
        let mut edits_max = label.edits_max;
        for other in labels.iter().filter(|other| meet(other.scope, label.scope) && name(other.target) != own)
        {
            // Where the lengths differ by more, nothing that is near to one is near to the other.
            if other.looks.len().abs_diff(label.looks.len()) > 2 * edits_max {
                continue;
            }
            match label.looks.edits_to(&other.looks) {
                0 => return Err(TemplateFault::Confused(own.to_owned(), name(other.target).to_owned())),
                apart => edits_max = edits_max.min((apart - 1) / 2),
            }
        }
        limits.push(edits_max);
    }
    for (label, edits_max) in labels.iter_mut().zip(limits) {
        label.edits_max = edits_max;
    }
    Ok(labels)
}

fn meet(a: Scope, b: Scope) -> bool {
    a == b || a == Scope::Everywhere || b == Scope::Everywhere
}
