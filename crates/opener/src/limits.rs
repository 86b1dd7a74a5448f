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
