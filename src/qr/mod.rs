//! Branch, services and a random token → a code: its payload, its poster, and back from a picture.
//!
//! Pure: randomness and days come in as parameters, bytes and text go out.

mod error;
pub mod naming;
mod payload;
mod picture;
mod poster;
mod screen;
mod tokens;

pub use error::QrError;
pub use payload::{
    ADDRESS_BYTES_MAX, PAYLOAD_BYTES_MAX, REGISTERED_BYTES_MAX, own_payload, read_own_payload,
    registered_payload,
};
pub use picture::{PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, read_picture};
pub use poster::{PosterContent, poster};
pub use screen::{picture_of, text_of};
pub use tokens::{make_token, tokens_in};
