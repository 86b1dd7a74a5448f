//! Two documents, or a document and a person → whether both may come from one sender.

use super::person::{self, Asker, Person};
use super::{Agreement, Values};
use crate::light::kinds::{self, Kind, Whose};
use crate::model::{Copy, Reading};

/// A document that was read, and whom it names.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) kind: &'static Kind,
    holder: Person,
    /// Each under the name of its field.
    parents: Vec<(String, Person)>,
}

/// Years by which a parent is older than a child, at least.
const GENERATION_YEARS_MIN: i32 = 12;

impl Document {
    /// The document of a copy, where anything of it was read.
    pub(super) fn of(copy: &Copy, reading: &Reading) -> Option<Self> {
        if reading.fields.is_empty() && reading.letters == reading.unread {
            return None;
        }
        let document = copy.document.as_ref().or(reading.document.as_ref());
        let kind = document.map_or_else(kinds::unknown, kinds::kind);
        let parent = |name: &String| Some((name.clone(), Person::parent(reading, name)?));
        let parents = kind.parents.iter().filter_map(parent).collect();
        Some(Self { kind, holder: Person::holder(reading), parents })
    }

    /// The documents of a letter that were read.
    pub(super) fn read(copies: &[Copy], readings: &[Option<Reading>]) -> Vec<Self> {
        let read = copies.iter().zip(readings);
        read.filter_map(|(copy, reading)| Self::of(copy, reading.as_ref()?)).collect()
    }

    /// Whether it says of anybody who that is.
    pub(super) fn names_somebody(&self) -> bool {
        self.holder.is_named() || !self.parents.is_empty()
    }

    /// Whether its kind says whose it is.
    pub(super) const fn is_firm(&self) -> bool {
        matches!(self.kind.whose, Whose::Own | Whose::Child)
    }

    /// Whether two documents may come from one sender.
    pub(super) fn with(&self, other: &Self) -> Agreement {
        match (self.kind.whose, other.kind.whose) {
            (Whose::Child, Whose::Child) => self.with_sibling(other),
            (Whose::Child, _) => other.with(self).swapped(),
            (Whose::Own, Whose::Child) => other.is_of(&self.holder, Asker::Documents),
            (_, Whose::Child) => other.is_of(&self.holder, Asker::Documents).softened(),
            (Whose::Own, Whose::Own) => self.holders(other),
            (Whose::OwnOrChild, Whose::Own) if !self.holder.may_be_child_of(&other.holder) => {
                self.holders(other)
            }
            (Whose::Own, Whose::OwnOrChild) if !other.holder.may_be_child_of(&self.holder) => {
                self.holders(other)
            }
            _ => self.holders(other).softened(),
        }
    }

    fn holders(&self, other: &Self) -> Agreement {
        person::compare(&self.holder, &other.holder, Asker::Documents)
    }

    /// Whether this person may have sent it: the holder or, of a child's, a parent or the child itself.
    pub(super) fn is_of(&self, person: &Person, asker: Asker) -> Agreement {
        let is_holder = person::compare(person, &self.holder, asker);
        match self.kind.whose {
            Whose::Own => is_holder,
            Whose::OwnOrChild | Whose::OwnOrOther => is_holder.softened(),
            Whose::Child => {
                let parents = self.parents.iter().map(|(_, parent)| person::compare(person, parent, asker));
                let best = parents.fold(is_holder, |best, parent| parent.better(best));
                // Who the parents are may not have been read.
                let nearest = self.parents.iter().min_by_key(|(_, parent)| person::distance(person, parent));
                match (best, nearest) {
                    (Agreement::Differ(_), Some((field, parent))) => Agreement::Differ(Values {
                        field: field.clone(),
                        one: person.said.clone(),
                        other: parent.said.clone(),
                    }),
                    (best, Some(_)) => best,
                    (best, None) => best.softened(),
                }
            }
        }
    }

    /// Two children of one parent, or the same child twice.
    fn with_sibling(&self, other: &Self) -> Agreement {
        let holders = self.holders(other);
        let pairs =
            self.parents.iter().flat_map(|(_, one)| other.parents.iter().map(move |(_, other)| (one, other)));
        let parents = pairs.map(|(one, other)| person::compare(one, other, Asker::Documents));
        match (holders, parents.reduce(Agreement::better)) {
            (Agreement::Agree, _) => Agreement::Agree,
            (_, Some(Agreement::Differ(values))) => {
                let named = |field: &str, document: &Self| {
                    let parent = document.parents.iter().find(|(name, _)| name == field);
                    parent.or(document.parents.first()).map(|(_, parent)| parent.said.clone())
                };
                let field = self.parents.first().map(|(field, _)| field.clone()).unwrap_or_default();
                let (one, other) = (named(&field, self), named(&field, other));
                Agreement::Differ(one.zip(other).map_or(values, |(one, other)| Values { field, one, other }))
            }
            (_, Some(parents)) => parents,
            (holders, None) => holders.softened(),
        }
    }
}

impl Person {
    /// Whether the years of birth leave it open that one is a child of the other.
    fn may_be_child_of(&self, parent: &Self) -> bool {
        let years = self.birth_year().zip(parent.birth_year());
        years.is_none_or(|(child, parent)| child - parent >= GENERATION_YEARS_MIN)
    }
}

impl Agreement {
    /// The same where another holder is nothing odd.
    fn softened(self) -> Self {
        if matches!(self, Self::Differ(_)) { Self::Unclear } else { self }
    }

    /// The same seen from the other one.
    fn swapped(self) -> Self {
        let swap = |Values { field, one, other }| Values { field, one: other, other: one };
        match self {
            Self::Spelling(values) => Self::Spelling(swap(values)),
            Self::Differ(values) => Self::Differ(swap(values)),
            same => same,
        }
    }
}
