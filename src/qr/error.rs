//! Why a code cannot be made, read or drawn, and what to do.

use crate::model::MailboxId;

/// What went wrong with a code; every message names the thing and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// The mailbox's address does not fit into an own code.
    #[error(
        "the address {mailbox} takes {bytes} bytes in a link, an own code holds {bytes_max}: give the branch a mailbox with a shorter address (an alias will do)"
    )]
    AddressTooLong {
        /// The mailbox.
        mailbox: MailboxId,
        /// Bytes that its address takes, percent-encoded.
        bytes: usize,
        /// Bytes that fit.
        bytes_max: usize,
    },

    /// There is no link.
    #[error("the link is empty: copy the link of the code from the Diia cabinet")]
    EmptyLink,
    /// A `mailto:` link.
    #[error(
        "this is a mailto link, that is an own code: `skrynka code issue` makes those; a registered code comes from the Diia cabinet"
    )]
    OwnCodeLink,
    /// A link to somewhere else.
    #[error(
        "this link leads to another site: `{host}`; a registered code leads to `diia.app`: download it again from the Diia cabinet"
    )]
    OtherSite {
        /// The host named in it.
        host: String,
    },
    /// A link with another scheme.
    #[error(
        "this link begins with `{scheme}`, a registered code with `https`: copy it again from the Diia cabinet"
    )]
    NotHttps {
        /// The scheme found.
        scheme: String,
    },
    /// No link at all.
    #[error(
        "`{found}` is not a link: a registered code is a link such as `https://diia.app/…`, copied from the Diia cabinet"
    )]
    NotALink {
        /// Its beginning.
        found: String,
    },
    /// A link that names the site only.
    #[error("there is nothing after `diia.app/` in this link: copy the whole link from the Diia cabinet")]
    LinkWithoutPath,
    /// A space or a control character inside the link.
    #[error(
        "there is a space or a control character ({found:?}) inside this link: copy the link alone from the Diia cabinet"
    )]
    LinkWithSpace {
        /// Which character.
        found: char,
    },
    /// A link that no QR code holds.
    #[error(
        "this link has {bytes} bytes, a QR code holds {bytes_max}: copy the link of one code from the Diia cabinet"
    )]
    LinkTooLong {
        /// Bytes in it.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },

    /// A format that is not read yet.
    #[error(
        "this file is {format}, which cannot be read yet: download the code as SVG or PNG from the Diia cabinet, or give its link with --link"
    )]
    FormatLater {
        /// Which format.
        format: &'static str,
    },
    /// No format that is known.
    #[error(
        "this file is neither SVG nor PNG: download the code from the Diia cabinet as SVG or PNG, or give its link with --link"
    )]
    NotAPicture,
    /// SVG or PNG that cannot be read.
    #[error("this {format} is damaged ({reason}): download it again from the Diia cabinet")]
    DamagedPicture {
        /// Which format.
        format: &'static str,
        /// What the reader says.
        reason: String,
    },
    /// A picture beyond the limits.
    #[error(
        "this picture is too large ({found}, at most {allowed}): download the code from the Diia cabinet as SVG, or save a smaller PNG"
    )]
    PictureTooLarge {
        /// Its size.
        found: String,
        /// The limit.
        allowed: String,
    },
    /// A picture without a code.
    #[error(
        "there is no readable QR code in this picture: it must be whole, sharp and with its white margin; download it again from the Diia cabinet, or give its link with --link"
    )]
    NoCode,
    /// A picture with different codes.
    #[error(
        "there are several different codes in this picture ({}): cut out the one that you mean, or give its link with --link", found.join(", ")
    )]
    SeveralCodes {
        /// The beginnings of their payloads.
        found: Vec<String>,
    },

    /// A payload that no QR code can hold.
    #[error("a QR code cannot hold this payload of {bytes} bytes at level M: at most 2331 bytes fit")]
    PayloadTooLong {
        /// Bytes in it.
        bytes: usize,
    },
    /// A poster whose words do not fit on the page in readable letters.
    #[error("the poster has no room for {part}: {remedy}")]
    PosterTooFull {
        /// What does not fit.
        part: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// The built-in font cannot be read.
    #[error("the built-in font is damaged: build the program again")]
    Font,
}
