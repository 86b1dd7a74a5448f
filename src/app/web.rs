//! `[web]` → the pages for clerks.

use std::sync::Arc;
use std::time::Duration;

use super::{App, Job, system_random};
use crate::model::Digest;
use crate::pipeline::Rules;
use crate::web::{self, Parts, Settings};

impl App {
    /// How the pages are served, if they are.
    pub(super) fn web_settings(&self) -> Option<Settings> {
        let web = self.config.web.as_ref()?;
        Some(Settings {
            listen: web.listen,
            tls: web.tls.clone(),
            proxies: web.proxies.clone(),
            public_url: web.public_url.clone(),
            idle: web.idle,
            code_days: self.config.policy.code_days,
        })
    }

    pub(super) fn pages_job(&self, settings: Settings, rules: &Rules) -> Job {
        let files = settings.tls.iter().flat_map(|(certificate, key)| [certificate, key]);
        // A renewed certificate begins them anew.
        let files: Vec<Option<Digest>> =
            files.map(|file| std::fs::read(file).ok().map(|bytes| Digest::of(&bytes))).collect();
        let parts = Parts {
            store: self.store.clone(),
            health: self.health.clone(),
            rules: rules.clone(),
            clock: Arc::clone(&self.clock),
            random: system_random,
        };
        Job {
            settings: Digest::of(format!("{settings:?} {files:?}").as_bytes()),
            watched: None,
            silence_max: Duration::MAX,
            start: Box::new(move |_, stop| Box::pin(web::serve(settings.clone(), parts.clone(), stop))),
        }
    }
}
