//! Filled paths → marks: outlines that may be letters, and their distinct shapes.

mod contours;
mod groups;
mod shapes;

pub(crate) use contours::{Outline, outlines};
pub(crate) use groups::{Group, groups, whole};
pub(crate) use shapes::Shapes;
