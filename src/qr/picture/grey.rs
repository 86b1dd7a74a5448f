//! Pixels of a picture in shades of grey.

/// A picture: 0 is black, 255 white.
#[derive(Clone)]
pub(super) struct Grey {
    width: usize,
    height: usize,
    /// Row by row, `width` × `height` of them.
    pixels: Vec<u8>,
}

impl Grey {
    /// A picture of these pixels; none when there are too few of them or the picture has no size. More are dropped.
    pub(super) fn new(width: u32, height: u32, mut pixels: Vec<u8>) -> Option<Self> {
        let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        let wanted = width.checked_mul(height).filter(|&wanted| wanted > 0 && wanted <= pixels.len())?;
        pixels.truncate(wanted);
        Some(Self { width, height, pixels })
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    pub(super) const fn height(&self) -> usize {
        self.height
    }

    pub(super) fn longer_side(&self) -> usize {
        self.width.max(self.height)
    }

    /// The shade at a place; white outside of the picture.
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        if x >= self.width {
            return u8::MAX;
        }
        self.pixels.get(y * self.width + x).copied().unwrap_or(u8::MAX)
    }

    /// The picture with each `factor` × `factor` square averaged to one pixel.
    pub(super) fn shrunk(&self, factor: usize) -> Self {
        if factor <= 1 {
            return self.clone();
        }
        self.redrawn(self.width.div_ceil(factor), self.height.div_ceil(factor), |x, y| {
            let (mut sum, mut count) = (0_usize, 0_usize);
            for dy in 0..factor {
                for dx in 0..factor {
                    sum += usize::from(self.at(x * factor + dx, y * factor + dy));
                    count += 1;
                }
            }
            u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX)
        })
    }

    /// The picture with each pixel made a `factor` × `factor` square.
    pub(super) fn grown(&self, factor: usize) -> Self {
        let factor = factor.max(1);
        self.redrawn(self.width * factor, self.height * factor, |x, y| self.at(x / factor, y / factor))
    }

    /// The picture with black and white exchanged.
    pub(super) fn inverted(&self) -> Self {
        Self { pixels: self.pixels.iter().map(|shade| u8::MAX - shade).collect(), ..*self }
    }

    /// The picture in black and white alone, parted midway between its darkest and its lightest shade.
    pub(super) fn black_and_white(&self) -> Self {
        let darkest = self.pixels.iter().min().copied().unwrap_or(0);
        let lightest = self.pixels.iter().max().copied().unwrap_or(u8::MAX);
        let middle = darkest.midpoint(lightest);
        let pixels = self.pixels.iter().map(|&shade| if shade > middle { u8::MAX } else { 0 }).collect();
        Self { pixels, ..*self }
    }

    fn redrawn(&self, width: usize, height: usize, shade: impl Fn(usize, usize) -> u8) -> Self {
        let shade = &shade;
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| shade(x, y))).collect();
        Self { width, height, pixels }
    }
}

/// The brightness of a colour (Rec. 601 weights).
pub(super) fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let sum = u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114;
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}

/// A shade seen on white through its opacity.
pub(super) fn on_white(shade: u8, alpha: u8) -> u8 {
    let (shade, alpha, full) = (u32::from(shade), u32::from(alpha), u32::from(u8::MAX));
    u8::try_from((shade * alpha + full * (full - alpha)) / full).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_all_its_pixels() {
        assert!(Grey::new(2, 2, vec![0; 3]).is_none());
        assert!(Grey::new(0, 2, vec![0; 3]).is_none());
        assert!(Grey::new(u32::MAX, u32::MAX, vec![0; 3]).is_none());
        let picture = Grey::new(2, 1, vec![1, 2, 3]).unwrap();
        assert_eq!(
            (picture.at(0, 0), picture.at(1, 0), picture.at(2, 0), picture.at(0, 1)),
            (1, 2, 255, 255)
        );
    }

    #[test]
    fn shrinking_averages_and_growing_repeats() {
        let picture = Grey::new(2, 2, vec![0, 100, 100, 200]).unwrap();
        assert_eq!(picture.shrunk(2).at(0, 0), 100);
        assert_eq!(picture.grown(3).at(5, 5), 200);
        assert_eq!(picture.grown(3).width(), 6);
    }

    #[test]
    fn transparent_is_white_and_colours_have_their_brightness() {
        assert_eq!((on_white(0, 0), on_white(0, 255), on_white(0, 128)), (255, 0, 127));
        assert_eq!((luma(255, 255, 255), luma(0, 0, 0), luma(0, 0, 255)), (255, 0, 29));
    }
}
