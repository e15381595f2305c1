//! A few hundred pixels made ready: differences to each pixel's least value, and marks for what is missing.

#![allow(clippy::needless_range_loop, reason = "lanes of many arrays stand side by side")]

use super::{Plane, RawValue};

/// Pixels of a chunk; its planes stay in the fast cache.
pub(super) const CHUNK: usize = 256;
/// Widest spread of a pixel's raw values for which all differences, and a mark beyond them, fit 16 bits.
const SPREAD_MAX: u16 = 16383;

/// Pixels made ready.
///
/// Where a year is missing, `later` holds the largest and `earlier` the least number, so that a saturating difference
/// with either of them lies above every true difference.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Values as the later of a pair, a plane a year.
    pub later: Vec<[i16; CHUNK]>,
    /// Values as the earlier of a pair.
    pub earlier: Vec<[i16; CHUNK]>,
    /// Valid years; 0 where the spread is too wide.
    pub n: [i16; CHUNK],
    valid_years: [i16; CHUNK],
    low: [i16; CHUNK],
    high: [i16; CHUNK],
}

impl Chunk {
    pub fn new(years: usize) -> Self {
        let plane = [0; CHUNK];
        let planes = vec![plane; years];
        Self { later: planes.clone(), earlier: planes, n: plane, valid_years: plane, low: plane, high: plane }
    }

    /// Valid years of a pixel.
    #[inline(always)]
    pub fn years(&self, pixel: usize) -> u16 {
        self.valid_years[pixel].cast_unsigned()
    }

    /// Pixels whose values spread too wide for whole-number arithmetic of 16 bits.
    pub fn too_wide(&self, pixels: usize) -> impl Iterator<Item = usize> {
        (0..pixels).filter(|pixel| self.n[*pixel] != self.valid_years[*pixel])
    }

    /// Takes in `pixels` pixels from `first` on; what is beyond counts as missing.
    #[inline(always)]
    pub fn load<T: RawValue>(&mut self, planes: &[Plane<'_, T>], first: usize, pixels: usize) {
        self.low = [i16::MAX; CHUNK];
        self.high = [i16::MIN; CHUNK];
        self.valid_years = [0; CHUNK];
        for (year, plane) in planes.iter().enumerate() {
            let (words, marks) = (&mut self.earlier[year], &mut self.later[year]);
            for (word, value) in words.iter_mut().zip(&plane.values[first..first + pixels]) {
                *word = value.word();
            }
            match plane.valid {
                None => marks[..pixels].fill(-1),
                Some(valid) => {
                    for (mark, valid) in marks.iter_mut().zip(&valid[first..first + pixels]) {
                        *mark = -i16::from(*valid);
                    }
                }
            }
            if let Some(nodata) = plane.nodata {
                for (mark, value) in marks.iter_mut().zip(&plane.values[first..first + pixels]) {
                    *mark = if *value == nodata { 0 } else { *mark };
                }
            }
            marks[pixels..].fill(0);
            for pixel in 0..CHUNK {
                let (word, there) = (words[pixel], marks[pixel] != 0);
                self.valid_years[pixel] -= marks[pixel];
                self.low[pixel] = if there { word.min(self.low[pixel]) } else { self.low[pixel] };
                self.high[pixel] = if there { word.max(self.high[pixel]) } else { self.high[pixel] };
            }
        }
        for pixel in 0..CHUNK {
            let spread = self.high[pixel].wrapping_sub(self.low[pixel]).cast_unsigned();
            self.n[pixel] = if spread <= SPREAD_MAX { self.valid_years[pixel] } else { 0 };
        }
        for (earlier, later) in self.earlier.iter_mut().zip(&mut self.later) {
            for pixel in 0..CHUNK {
                let there = (later[pixel] != 0) & (self.n[pixel] != 0);
                let value = earlier[pixel].wrapping_sub(self.low[pixel]);
                earlier[pixel] = if there { value } else { i16::MIN };
                later[pixel] = if there { value } else { i16::MAX };
            }
        }
    }
}
