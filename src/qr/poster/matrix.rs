//! A payload → the modules of its QR code, as one path.

use qrcode::{Color, EcLevel, QrCode};

use crate::qr::QrError;

/// Light modules around a code (ISO/IEC 18004 §6.3.8).
pub(super) const QUIET_MODULES: usize = 4;

/// The modules of a code.
pub(in crate::qr) struct Matrix {
    side: usize,
    dark: Vec<bool>,
}

impl Matrix {
    /// The code of a payload at level M, which survives damage to 15 % of its modules.
    pub(in crate::qr) fn new(payload: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(payload, EcLevel::M)
            .map_err(|_| QrError::PayloadTooLong { bytes: payload.len() })?;
        let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
        Ok(Self { side: code.width(), dark })
    }

    /// Modules on a side, the quiet zone included.
    pub(in crate::qr) const fn side_with_quiet_zone(&self) -> usize {
        self.side + 2 * QUIET_MODULES
    }

    /// Whether a module is dark, counted from the quiet zone's corner.
    pub(in crate::qr) fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET_MODULES).filter(|at| *at < self.side);
        let place = inside(x).zip(inside(y)).map(|(x, y)| y * self.side + x);
        place.and_then(|place| self.dark.get(place)).is_some_and(|dark| *dark)
    }

    /// One path of all dark modules, in modules, the quiet zone's corner being 0,0. Neighbours in a row are one
    /// rectangle, so that no hair lines part them.
    pub(in crate::qr) fn path(&self) -> String {
        let mut path = String::new();
        for (y, row) in self.dark.chunks_exact(self.side.max(1)).enumerate() {
            let mut x = QUIET_MODULES;
            for run in row.chunk_by(|a, b| a == b) {
                let n = run.len();
                if run.first() == Some(&true) {
                    path.push_str(&format!("M{x} {}h{n}v1h-{n}z", y + QUIET_MODULES));
                }
                x += n;
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_dark_modules_is_one_rectangle() {
        let matrix = Matrix::new("A").unwrap();
        assert_eq!(matrix.side_with_quiet_zone(), 21 + 8);
        // The top of the upper left finder pattern, seven modules wide.
        assert!(matrix.path().starts_with("M4 4h7v1h-7z"));
    }

    #[test]
    fn a_payload_beyond_the_largest_code_is_refused() {
        assert!(Matrix::new(&"a".repeat(2_331)).is_ok());
        assert!(matches!(Matrix::new(&"a".repeat(2_332)), Err(QrError::PayloadTooLong { bytes: 2_332 })));
    }
}
