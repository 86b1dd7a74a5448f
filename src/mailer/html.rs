//! A mail's words → its page: one column, styles inline, readable on light and on dark.
//!
//! Neither the page's ground nor its text has a colour: the reader's program chooses both, light or dark. What has a
//! colour brings its own contrast.

use std::fmt::Write as _;

use super::digest::{LANGUAGES, Language};
use crate::texts::{DigestWords, NOTICE_SENDER, NoticeWords, Said};

const PAGE: &str = "margin:0;padding:24px 12px;font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;font-size:16px;line-height:1.5";
const COLUMN: &str = "max-width:600px;margin:0 auto";
const BRAND: &str = "font-size:13px;letter-spacing:.04em;opacity:.65;margin:0 0 4px";
const HEADLINE: &str = "font-size:24px;line-height:1.25;font-weight:600;margin:0 0 4px";
const HEADLINE_SMALL: &str = "font-size:19px;line-height:1.3;font-weight:600;margin:0 0 4px";
const NEAREST: &str = "margin:0 0 24px;opacity:.75";
const PLACE: &str = "font-size:18px;line-height:1.35;font-weight:600;margin:10px 0 12px";
const TABLE: &str = "border-collapse:collapse;width:100%;font-size:15px;margin:0 0 14px";
const NAME: &str = "padding:3px 14px 3px 0;vertical-align:top;opacity:.65;white-space:nowrap;font-weight:400;text-align:left;width:1%";
const VALUE: &str = "padding:3px 0;vertical-align:top";
const WHY: &str = "margin:0 0 14px;font-size:15px";
const TO_DO: &str = "margin:0 0 6px;font-weight:600;font-size:15px";
const STEPS: &str = "margin:0;padding:0 0 0 22px;font-size:15px";
const STEP: &str = "margin:0 0 8px;padding-left:4px";
const COMMAND: &str = "display:block;margin:4px 0 0;padding:8px 10px;border-radius:6px;background:rgba(127,127,127,.16);font-family:ui-monospace,'SF Mono',Consolas,'DejaVu Sans Mono',monospace;font-size:13px;line-height:1.45;word-break:break-word";
const OPTION: &str = "display:inline-block";
const RULE: &str = "border:0;border-top:1px solid rgba(127,127,127,.35);margin:36px 0";
const FOOTER: &str = "font-size:13px;line-height:1.5;opacity:.65;margin:24px 0 0";

/// The page of a digest; each code comes with the days that remain to do something.
pub(super) fn digest(around: &DigestWords, codes: &[(i32, NoticeWords)]) -> String {
    let mut body = format!("<p style=\"{BRAND}\">{}</p>", escaped(NOTICE_SENDER));
    for (at, (tag, language)) in LANGUAGES.into_iter().enumerate() {
        let _ = write!(body, "{}<div lang=\"{tag}\">", rule_before(at));
        let (element, style) = if at == 0 { ("h1", HEADLINE) } else { ("h2", HEADLINE_SMALL) };
        let _ = write!(
            body,
            "<{element} style=\"{style}\">{}</{element}><p style=\"{NEAREST}\">{}</p>",
            escaped(language(&around.headline)),
            escaped(&sentence(language(&around.nearest))),
        );
        for (urgency, words) in codes {
            card(&mut body, *urgency, words, language(&around.to_do), language);
        }
        let _ = write!(body, "<p style=\"{FOOTER}\">{}</p></div>", escaped(language(&around.footer)));
    }
    page(&around.headline.uk, &body)
}

/// The page of a mail that is a heading and a paragraph.
pub(super) fn letter(subject: &Said, text: &Said) -> String {
    let mut body = format!("<p style=\"{BRAND}\">{}</p>", escaped(NOTICE_SENDER));
    for (at, (tag, language)) in LANGUAGES.into_iter().enumerate() {
        let _ = write!(
            body,
            "{}<div lang=\"{tag}\"><h2 style=\"{HEADLINE_SMALL}\">{}</h2><p style=\"margin:0\">{}</p></div>",
            rule_before(at),
            escaped(language(subject)),
            escaped(language(text)),
        );
    }
    page(&subject.uk, &body)
}

fn card(body: &mut String, urgency: i32, words: &NoticeWords, to_do: &str, language: Language) {
    let colour = colour(urgency);
    let _ = write!(
        body,
        "<div style=\"border:1px solid rgba(127,127,127,.35);border-left:4px solid {colour};border-radius:8px;\
         padding:16px 18px 10px;margin:0 0 18px\">\
         <span style=\"display:inline-block;background:{colour};color:#ffffff;border-radius:11px;padding:2px 11px;\
         font-size:13px;line-height:1.5;font-weight:600\">{}</span>\
         <h3 style=\"{PLACE}\">{}</h3><table role=\"presentation\" style=\"{TABLE}\">",
        escaped(language(&words.left)),
        escaped(language(&words.place)),
    );
    for (name, value) in &words.facts {
        let (name, value) = (escaped(language(name)), escaped(language(value)));
        let _ = write!(
            body,
            "<tr><th scope=\"row\" style=\"{NAME}\">{name}</th><td style=\"{VALUE}\">{value}</td></tr>"
        );
    }
    let why = escaped(language(&words.why));
    let _ = write!(
        body,
        "</table><p style=\"{WHY}\">{why}</p><p style=\"{TO_DO}\">{}</p><ol style=\"{STEPS}\">",
        escaped(to_do)
    );
    for step in &words.steps {
        let _ = write!(body, "<li style=\"{STEP}\">{}", escaped(language(&step.said)));
        if let Some(command) = &step.command {
            let _ = write!(body, "<code style=\"{COMMAND}\">{}</code>", unbroken(command));
        }
        body.push_str("</li>");
    }
    body.push_str("</ol></div>");
}

/// Calm blue, amber from two weeks on, red in the last three days. White on each has a contrast of at least 4.5:1.
const fn colour(urgency: i32) -> &'static str {
    match urgency {
        ..=3 => "#b42318",
        4..=14 => "#a15c07",
        _ => "#2f6db5",
    }
}

/// The line between the two languages.
fn rule_before(at: usize) -> String {
    if at == 0 { String::new() } else { format!("<hr style=\"{RULE}\">") }
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"uk\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\">\
         <title>{}</title></head><body style=\"{PAGE}\"><div style=\"{COLUMN}\">{body}</div></body></html>\n",
        escaped(title)
    )
}

/// A command whose lines break between its options only.
fn unbroken(command: &str) -> String {
    let options = command.split(" --").map(escaped).collect::<Vec<_>>();
    format!(
        "<span style=\"{OPTION}\">{}</span>",
        options.join(&format!("</span> <span style=\"{OPTION}\">--"))
    )
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
