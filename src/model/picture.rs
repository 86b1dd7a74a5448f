//! What a copy looks like.

use pages::Png;
use serde::{Deserialize, Serialize};

use super::Digest;

/// A picture of a document, made by us from its pages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CopyPicture {
    /// What it shows.
    pub kind: PictureKind,
    /// The picture.
    pub png: Png,
}

/// What a picture of a document shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PictureKind {
    /// The first page, small.
    Thumbnail,
    /// The holder's photo.
    Photo,
    /// A page as people look at it.
    Preview,
}

impl PictureKind {
    /// The word for it in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Thumbnail => "thumbnail",
            Self::Photo => "photo",
            Self::Preview => "preview",
        }
    }
}

/// A picture that is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct KeptPicture {
    /// What it shows.
    pub kind: PictureKind,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// SHA-256 of the PNG file, the name of its blob.
    pub digest: Digest,
}
