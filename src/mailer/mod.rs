//! Reminders, incidents and tidings → a mail in two languages and two forms → handed to an SMTP server.

mod digest;
mod error;
mod html;
mod port;
mod smtp;
mod wire;

pub use digest::{alarm, changed_verdicts, digest, ending_anchors, trial};
pub use error::{Doing, Fault, PostError};
pub use port::{Mail, Post};
pub use smtp::{Account, Security, Smtp};
