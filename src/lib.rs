//! Skrynka receives signed copies of documents that visitors mail through QR codes.
//!
//! The modules stand in the order in which a letter meets them; ARCHITECTURE.md draws the floors and the rules.

// ground
pub mod config;
pub mod mishap;
pub mod model;
pub mod texts;

// leaves, in a letter's order
pub mod qr;

pub mod evidence;
pub mod intake;
pub mod parse;
pub mod verify;

pub mod reader;
pub mod reading;

pub mod matching;

pub mod light;

pub mod store;

pub mod search;

pub mod expiry;
pub mod mailer;

// trunk
pub mod app;
pub mod assessing;
pub mod daemon;
pub mod health;
pub mod issuing;
pub mod judging;
pub mod pipeline;
pub mod previews;
pub mod registering;
pub mod relighting;
pub mod reminders;
pub mod rereading;
pub mod reverify;
pub mod service_manager;
pub mod supervise;
pub mod templates_folder;
pub mod tidings;
pub mod transcribing;
pub mod trust_folder;
pub mod visits;
pub mod web;
