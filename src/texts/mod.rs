//! Every sentence that people see, Ukrainian and English side by side.
//!
//! Rooms hand over facts ([`crate::model::Defect`], [`crate::model::Verdict`] …); here they become words.
//! Commands and logs are English; posters, pages, mails and the report of `skrynka verify` take the Ukrainian first.

mod defects;
mod documents;
mod incidents;
mod lights;
mod matches;
mod naming;
mod notices;
mod poster;
mod quarantine;
mod readings;
mod search;
mod signatures;
mod tidings;
mod verdicts;
pub mod web;

pub use defects::defect;
pub use documents::{document_name, document_search_words};
pub use incidents::{incident, incident_subject};
pub use lights::{light, light_condition, light_ground, light_next_step, light_word, occasion};
pub use matches::{anomaly, match_reason, matched};
pub use naming::naming;
pub use notices::{
    DigestWords, NOTICE_SENDER, NoticeWords, Step, digest as notice_digest, notice, notice_trial, rung,
};
pub use poster::{PosterWords, poster};
pub use quarantine::{attempt_fault, quarantine_next_step};
pub use readings::{field_name, oddity, reading_trouble, reading_warning, reading_way};
pub use search::{matched_field, query_fault};
pub use signatures::{algorithm, judged, revocation, signer_kind, time_stamp_kind};
pub use tidings::{ending_anchor, ending_anchors, verdict_change, verdict_changes};
pub use verdicts::{
    file_next_step, file_verdict, signature_fault, time_stamp_fault, verdict, verdict_next_step,
};

use serde::Serialize;

/// One sentence in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Said {
    /// Ukrainian.
    pub uk: String,
    /// English.
    pub en: String,
}

impl Said {
    /// A sentence from its two wordings.
    pub fn new(uk: impl Into<String>, en: impl Into<String>) -> Self {
        Self { uk: uk.into(), en: en.into() }
    }
}
