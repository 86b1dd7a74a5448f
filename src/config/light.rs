//! The section `[light]` → the policy by which lights are made.

use serde::Deserialize;

use crate::model::{Light, LightPolicy, ServiceId};

/// The section as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LightSection {
    request_age_minutes_max: u32,
    clock_skew_minutes_max: u32,
    stale: Light,
    unsigned: Light,
    without_initiator: Vec<String>,
}

impl Default for LightSection {
    fn default() -> Self {
        let LightPolicy { request_age_minutes_max, clock_skew_minutes_max, stale, unsigned, .. } =
            LightPolicy::default();
        Self {
            request_age_minutes_max,
            clock_skew_minutes_max,
            stale,
            unsigned,
            without_initiator: Vec::new(),
        }
    }
}

/// Ninety days: a copy older than that answers no visit.
const REQUEST_AGE_MINUTES_MAX: u32 = 90 * 24 * 60;

/// A day: clocks that are further apart are broken.
const CLOCK_SKEW_MINUTES_MAX: u32 = 24 * 60;

impl LightSection {
    /// The policy; what is wrong is added to `problems`.
    pub(super) fn checked(self, problems: &mut Vec<String>) -> LightPolicy {
        let numbers = [
            ("request_age_minutes_max", self.request_age_minutes_max, 5, REQUEST_AGE_MINUTES_MAX),
            ("clock_skew_minutes_max", self.clock_skew_minutes_max, 0, CLOCK_SKEW_MINUTES_MAX),
        ];
        for (key, value, least, most) in numbers {
            if !(least..=most).contains(&value) {
                problems.push(format!("light.{key} is {value}; it must be {least} to {most}"));
            }
        }
        for (key, light) in [("stale", self.stale), ("unsigned", self.unsigned)] {
            if light == Light::Green {
                problems.push(format!("light.{key} is \"green\"; it must be \"amber\" or \"red\""));
            }
        }
        let mut without_initiator = Vec::new();
        for service in &self.without_initiator {
            match service.parse::<ServiceId>() {
                Ok(service) => without_initiator.push(service),
                Err(fault) => problems.push(format!("light.without_initiator: {fault}")),
            }
        }
        LightPolicy {
            request_age_minutes_max: self.request_age_minutes_max,
            clock_skew_minutes_max: self.clock_skew_minutes_max,
            stale: self.stale,
            unsigned: self.unsigned,
            without_initiator,
        }
    }
}
