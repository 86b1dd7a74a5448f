//! How much is taken from one document, and why no more. What is cut is said: [`pages::Oddity`].

/// Where the header may begin: readers accept some octets before it (ISO 32000-1, Annex H.3, note 13).
pub(crate) const HEADER_WITHIN: usize = 1024;
/// The largest side of a page, points: 200 inches, the limit of PDF 1.x viewers (ISO 32000-1, Annex C.2).
pub(crate) const PAGE_SIDE_PT_MAX: f64 = 14_400.0;
/// The smallest side of a page, points: a smaller one is shown to nobody, and drawn as one pixel.
pub(crate) const PAGE_SIDE_PT_MIN: f64 = 3.0;
/// Characters of the text layer of a page. A dense A4 page has 6,000.
pub(crate) const GLYPHS_MAX: usize = 100_000;
/// Marks of a page. A dense A4 page has 6,000 letters.
pub(crate) const MARKS_MAX: usize = 20_000;
/// Distinct shapes of a document. The official sample has 115 of text and some of emblems; five fonts in ten sizes with
/// 80 letters each are 4,000.
pub(crate) const SHAPES_MAX: usize = 5_000;
/// Segments of all shapes together: 60 for each of the shapes above.
pub(crate) const SHAPE_SEGMENTS_MAX: usize = 300_000;
/// Elements of one filled path. A page of 6,000 letters in one fill has 240,000.
pub(crate) const PATH_ELEMENTS_MAX: usize = 500_000;
/// Segments of one letter: `Ж`, `@` and `%` of the usual fonts have under 100, rough contours of a scanned font some more.
pub(crate) const LETTER_SEGMENTS_MAX: usize = 400;
/// Contours of one letter: `%` has five, `®` and `‰` seven.
pub(crate) const LETTER_CONTOURS_MAX: usize = 12;
/// The largest side of a letter, points: the official sample's largest line is set in 40 pt.
pub(crate) const LETTER_SIDE_PT_MAX: f64 = 72.0;
/// The smallest larger side of a contour of a letter, points: a full stop set in 2 pt.
pub(crate) const LETTER_SIDE_PT_MIN: f64 = 0.2;
/// A contour that is so many times longer than thick is a rule of a table; a long dash is up to 16 times.
pub(crate) const RULE_ASPECT: f64 = 20.0;
/// A character smaller than this is seen by nobody, points.
pub(crate) const SEEN_SIZE_PT_MIN: f32 = 1.0;
/// Painted areas that are remembered as the ground under text.
pub(crate) const GROUNDS_MAX: usize = 1_000;
/// Areas painted over what was drawn before that are looked at.
pub(crate) const COVERS_MAX: usize = 1_000;
/// Elements of a painted area whose outline is followed; a more complicated one has an unknown colour everywhere in its box.
pub(crate) const GROUND_ELEMENTS_MAX: usize = 64;
/// Pictures of a page that are told of: a copy has a photo, a signature and a few emblems.
pub(crate) const PICTURES_MAX: usize = 8;
/// Pictures of a page that are decoded before only the largest are kept.
pub(crate) const PICTURES_DECODED_MAX: usize = 64;
/// A smaller picture is a part of a pattern or a bullet, points.
pub(crate) const PICTURE_SIDE_PT_MIN: f64 = 8.0;
/// The longest side of a picture that is cut out, pixels.
pub(crate) const PICTURE_PX_MAX: u32 = 2_000;
/// Pixels that a picture may say it has: A4 scanned at 600 dots an inch has 35 million. Decoded it takes up to four octets each.
pub(crate) const IMAGE_PIXELS_MAX: u64 = 40_000_000;
/// Pixels of all pictures of a page together: what is drawn twice counts twice.
pub(crate) const IMAGES_PIXELS_MAX: u64 = 160_000_000;
/// Pixels of a drawing: A4 at 400 dots an inch has 15.5 million; each takes four octets, and as many while it is drawn.
pub(crate) const DRAWING_PIXELS_MAX: f64 = 16_000_000.0;
/// The longest side of a drawing, pixels: `vello` counts them in 16 bits.
pub(crate) const DRAWING_SIDE_PX_MAX: f64 = 20_000.0;
/// Pixels of a thumbnail: so that its least form, four bits each, is under its limit of octets.
pub(crate) const THUMBNAIL_PIXELS_MAX: f64 = 400_000.0;
/// Masks that are made for the drawing of a simple page; one of more clips that cut is drawn the slower way.
pub(crate) const SKETCH_MASKS_MAX: usize = 200;
/// Octets of a thumbnail's file.
pub(crate) const THUMBNAIL_OCTETS_MAX: usize = 60 * 1024;
/// Resolution of rasters, dots an inch: OCR gains nothing from more.
pub(crate) const RASTER_DPI_MAX: u32 = 600;
/// Objects that are asked for scripts, actions and files.
pub(crate) const OBJECTS_MAX: usize = 50_000;
/// Entries of all those objects together.
pub(crate) const ENTRIES_MAX: usize = 500_000;
/// How deep objects inside objects are looked at.
pub(crate) const OBJECT_DEPTH_MAX: usize = 8;
/// Levels of a tree of pages. A balanced one with ten pages a node has six for a million.
pub(crate) const PAGE_TREE_DEPTH_MAX: usize = 32;
/// Nodes of a tree of pages that are looked at.
pub(crate) const PAGE_TREE_NODES_MAX: usize = 50_000;
/// Entries of the table of objects that are compared with what stands there.
pub(crate) const TABLE_ENTRIES_MAX: usize = 50_000;
