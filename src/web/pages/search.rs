//! One box and a few filters → the letters that they find within the scope, with where.

use askama::Template;
use axum::extract::{Query as Asked, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::rows::{Found, Row, document};
use crate::model::{DocumentCode, KyivDay, MatchedField, Query};
use crate::store::{DeskHit, SearchFilter};
use crate::texts::web::{self as words, Lang, Words};
use crate::web::Web;
use crate::web::access::Visitor;
use crate::web::fault::Fault;
use crate::web::frame::{Frame, Section, page};
use crate::{search, texts};

/// Letters that are shown.
const ROWS: u32 = 50;

/// Characters of the longest search that is followed.
const CHARS_MAX: usize = 300;

/// Characters of a value that are shown.
const VALUE_CHARS: usize = 60;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::web) struct Wanted {
    q: String,
    branch: String,
    service: String,
    document: String,
    from: String,
    until: String,
}

/// One choice of a filter.
struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    frame: Frame,
    t: &'static Words,
    q: String,
    branches: Vec<Choice>,
    services: Vec<Choice>,
    documents: Vec<Choice>,
    from: String,
    until: String,
    is_narrowed: bool,
    answer: Answer,
}

#[derive(Template)]
#[template(path = "results.html")]
struct Results {
    t: &'static Words,
    answer: Answer,
}

/// What a search came to.
struct Answer {
    rows: Vec<Row>,
    /// How many, or why nothing could be looked for.
    said: String,
    is_fault: bool,
    is_none: bool,
    /// How it was looked for, where nothing was found.
    tried: Vec<String>,
}

pub(in crate::web) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Asked(asked): Asked<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let lang = visitor.caller.lang;
    let t = lang.words();
    let answer = answer(&web, &visitor, &asked).await?;
    if headers.contains_key("x-fragment") {
        return Ok(page(&Results { t, answer }));
    }
    let within = web.store().within(&visitor.scope);
    let branches = within.branches().await?.into_iter().map(|branch| Choice {
        is_chosen: asked.branch == branch.id.as_str(),
        value: branch.id.to_string(),
        name: branch.name,
    });
    let services = within.services().await?.into_iter().map(|service| Choice {
        is_chosen: asked.service == service.id.as_str(),
        value: service.id.to_string(),
        name: service.purpose,
    });
    let documents = DocumentCode::KNOWN.iter().map(|code| Choice {
        is_chosen: asked.document == **code,
        value: (*code).to_owned(),
        name: document(code, lang),
    });
    let filter = filter(&asked);
    Ok(page(&Search {
        frame: Frame::of(&visitor, Section::Search, t.search_title),
        t,
        branches: branches.collect(),
        services: services.collect(),
        documents: documents.collect(),
        from: filter.from.map(|day| day.to_string()).unwrap_or_default(),
        until: filter.until.map(|day| day.to_string()).unwrap_or_default(),
        is_narrowed: filter != SearchFilter::default(),
        q: asked.q,
        answer,
    }))
}

fn filter(asked: &Wanted) -> SearchFilter {
    SearchFilter {
        branch: asked.branch.parse().ok(),
        service: asked.service.parse().ok(),
        document: asked.document.parse().ok(),
        from: asked.from.parse().ok(),
        until: asked.until.parse().ok(),
    }
}

async fn answer(web: &Web, visitor: &Visitor, asked: &Wanted) -> Result<Answer, Fault> {
    let (lang, now, filter) = (visitor.caller.lang, web.now(), filter(asked));
    let t = lang.words();
    let typed: String = asked.q.chars().take(CHARS_MAX).collect();
    let nothing = |said: String, is_fault| Answer {
        rows: Vec::new(),
        said,
        is_fault,
        is_none: false,
        tried: Vec::new(),
    };
    let query = match search::parse(&typed) {
        Ok(query) => query,
        Err(fault) => return Ok(nothing(lang.of(texts::query_fault(&fault)), true)),
    };
    if query.terms.is_empty() && filter == SearchFilter::default() {
        return Ok(nothing(t.search_empty.to_owned(), false));
    }
    let hits = web.store().within(&visitor.scope).search(&query, &filter, ROWS + 1).await?;
    if hits.is_empty() {
        let tried = tried(web, visitor, &typed, &query, &filter).await?;
        return Ok(Answer { is_none: true, tried, ..nothing(t.search_none.to_owned(), false) });
    }
    let shown = usize::try_from(ROWS).unwrap_or_default();
    let more = hits.len() > shown;
    let said = lang.of(words::found(hits.len().min(shown), more));
    let rows = hits.iter().take(shown).map(|hit| row(hit, &typed, lang, now)).collect();
    Ok(Answer { rows, ..nothing(said, false) })
}

fn row(hit: &DeskHit, typed: &str, lang: Lang, now: crate::model::Timestamp) -> Row {
    let found = hit.matched.iter().map(|field| found(field, typed, lang));
    Row { found: found.collect(), ..Row::of(&hit.desk, lang, now) }
}

fn found(field: &MatchedField, typed: &str, lang: Lang) -> Found {
    let value: String = field.value.as_deref().unwrap_or_default().chars().take(VALUE_CHARS).collect();
    Found {
        field: lang.of(texts::matched_field(&field.field)),
        pieces: pieces(&value, typed, field.typo),
        is_typo: field.typo,
    }
}

/// Cuts a value where the words that were typed begin in it. What was found in another spelling is marked as a whole.
fn pieces(value: &str, typed: &str, is_typo: bool) -> Vec<(String, bool)> {
    if value.is_empty() {
        return Vec::new();
    }
    let wanted: Vec<String> = typed
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 1)
        .collect();
    let (mut pieces, mut marked_any): (Vec<(String, bool)>, bool) = (Vec::new(), false);
    let chars: Vec<char> = value.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let rest = chars.get(at..).unwrap_or_default();
        let begins = at == 0 || chars.get(at - 1).is_none_or(|c| !c.is_alphanumeric() || c.is_ascii_digit());
        let length =
            wanted.iter().filter(|word| begins && starts_with(rest, word)).map(|word| word.chars().count());
        let length = length.max().unwrap_or_default();
        let (piece, marked): (String, bool) = if length > 0 {
            (rest.iter().take(length).collect(), true)
        } else {
            (rest.iter().take(1).collect(), false)
        };
        marked_any |= marked;
        at += length.max(1);
        match pieces.last_mut() {
            Some((last, is_marked)) if *is_marked == marked => last.push_str(&piece),
            _ => pieces.push((piece, marked)),
        }
    }
    if marked_any || is_typo { pieces } else { vec![(value.to_owned(), true)] }
}

fn starts_with(chars: &[char], word: &str) -> bool {
    let mut chars = chars.iter().flat_map(|c| c.to_lowercase());
    word.chars().all(|c| chars.next() == Some(c))
}

/// How it was looked for: each word as it was understood, and the filters. What is no choice of this visitor's is not named.
async fn tried(
    web: &Web,
    visitor: &Visitor,
    typed: &str,
    query: &Query,
    filter: &SearchFilter,
) -> Result<Vec<String>, Fault> {
    let lang = visitor.caller.lang;
    let t = lang.words();
    let mut tried: Vec<String> = query.terms.iter().filter_map(spelled).collect();
    if tried.is_empty() && !typed.trim().is_empty() {
        tried.push(typed.trim().to_owned());
    }
    let within = web.store().within(&visitor.scope);
    let (branches, services) = (within.branches().await?, within.services().await?);
    let branch = branches.into_iter().find(|branch| Some(&branch.id) == filter.branch.as_ref());
    let service = services.into_iter().find(|service| Some(&service.id) == filter.service.as_ref());
    let filters = [
        (t.search_branch, branch.map(|branch| branch.name)),
        (t.search_service, service.map(|service| service.purpose)),
        (t.search_document, filter.document.as_ref().map(|code| document(code.as_str(), lang))),
        (t.search_from, filter.from.map(KyivDay::dotted)),
        (t.search_until, filter.until.map(KyivDay::dotted)),
    ];
    tried.extend(filters.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?))));
    Ok(tried)
}

fn spelled(term: &crate::model::Term) -> Option<String> {
    use crate::model::Term;
    match term {
        Term::Word { spellings } | Term::Patronymic { spellings } | Term::Exact { spellings } => {
            Some(spellings.join(" · "))
        }
        Term::Phrase { words } => Some(words.join(" ")),
        Term::Date { parts } => Some(parts.join("-")),
        Term::Born { days } => Some(days.iter().map(|day| day.join("-")).collect::<Vec<_>>().join(" · ")),
        Term::Received { .. } | Term::Light { .. } => None,
        Term::In { term, .. } => spelled(term),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(value: &str, typed: &str) -> String {
        let pieces = pieces(value, typed, false).into_iter();
        pieces.map(|(text, marked)| if marked { format!("[{text}]") } else { text }).collect()
    }

    #[test]
    fn what_was_typed_is_marked_where_words_begin() {
        assert_eq!(marked("Шевченко Тарас", "шевч"), "[Шевч]енко Тарас");
        assert_eq!(marked("ШЕВЧЕНКО", "Шевченко Тарас"), "[ШЕВЧЕНКО]");
        assert_eq!(marked("1234567890", "4567"), "123[4567]890");
        assert_eq!(marked("Шевченко", "shevch"), "[Шевченко]", "another alphabet: the whole");
        assert_eq!(marked("", "x"), "");
    }
}
