//! The numbers of the form: block sides, overview levels, compression.

/// Block side of large rasters.
const BLOCK: usize = 512;
/// Block side of rasters up to [`SMALL_SIDE`].
const SMALL_BLOCK: usize = 256;
const SMALL_SIDE: usize = 1024;
/// Overviews are built until both sides are at most this.
const OVERVIEW_SIDE: usize = 256;

/// The block side of a raster.
pub fn block_side(width: usize, height: usize) -> usize {
    if width.max(height) <= SMALL_SIDE { SMALL_BLOCK } else { BLOCK }
}

/// Columns and rows of each overview, the largest first: halves, rounded up, until small.
pub fn overview_sizes(width: usize, height: usize) -> Vec<(usize, usize)> {
    let mut sizes = Vec::new();
    let (mut width, mut height) = (width, height);
    while width.max(height) > OVERVIEW_SIDE {
        (width, height) = (width.div_ceil(2), height.div_ceil(2));
        sizes.push((width, height));
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overviews_halve_until_small() {
        assert_eq!(overview_sizes(900, 1300), [(450, 650), (225, 325), (113, 163)]);
        assert_eq!(overview_sizes(256, 10), []);
        assert_eq!((block_side(1024, 9), block_side(9, 1025)), (256, 512));
    }
}
