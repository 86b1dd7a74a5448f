//! `skrynka.toml` and the environment → a checked, typed configuration; a registry file → a [`crate::model::Registry`].
//!
//! A file is read once and checked whole: every problem is listed with its key and a remedy, and nothing half-right is used.

mod keys;
mod light;
mod registry;
mod secret;
mod settings;
mod web;

pub use registry::{RegistryProblem, read_registry};
pub use settings::{
    After, Config, ConfigError, DropFolder, Environment, Evidence, Health, Mailbox, Ocr, Policy, Reader,
    Security, Smtp, load,
};
pub use web::Web;

/// Every key with its default and a comment; also the repository's `config/skrynka.toml`.
pub const REFERENCE: &str = include_str!("../../config/skrynka.toml");

#[cfg(test)]
mod tests;
