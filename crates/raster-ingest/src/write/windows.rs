//! Windows of whole blocks, each small enough to hold.

/// Most bytes of one window, all bands.
const WINDOW_BYTES_MAX: usize = 64 << 20;

/// A window of whole blocks; at the right and lower edge the last block is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub col: usize,
    pub row: usize,
    pub cols: usize,
    pub rows: usize,
}

/// How a grid is cut into windows.
#[derive(Debug, Clone, Copy)]
pub struct Cutting {
    pub width: usize,
    pub height: usize,
    /// Side of our blocks.
    pub block: usize,
    /// Columns and rows of the source's blocks.
    pub source_block: (usize, usize),
    /// Bytes of a cell, all bands.
    pub cell_bytes: usize,
}

impl Cutting {
    /// The windows in order: rows of blocks, as high as the source's blocks, each cut into as few windows as memory
    /// allows.
    ///
    /// Blocks of the source are thus decoded once, except strips of rasters wider than a window.
    pub fn windows(self) -> impl Iterator<Item = Window> {
        let Self { width, height, block, source_block, cell_bytes } = self;
        let cells_max = WINDOW_BYTES_MAX / cell_bytes.max(1);
        let rows_max = (cells_max / block / block).max(1) * block;
        let rows = source_block.1.min(height).next_multiple_of(block).min(rows_max);
        let cols = (cells_max / rows / block).max(1) * block;
        // whole blocks of the source too, where they fit
        let step = source_block.0.next_multiple_of(block);
        let cols = if cols >= width || cols < step { cols } else { cols / step * step };
        (0..height).step_by(rows).flat_map(move |row| {
            (0..width).step_by(cols).map(move |col| Window {
                col,
                row,
                cols: cols.min(width - col),
                rows: rows.min(height - row),
            })
        })
    }
}

impl Window {
    /// Columns and rows of our blocks in the window, counted in the whole grid.
    pub fn blocks(self, block: usize) -> impl Iterator<Item = (usize, usize)> {
        let cols = self.col / block..(self.col + self.cols).div_ceil(block);
        (self.row / block..(self.row + self.rows).div_ceil(block)).flat_map(move |r| cols.clone().map(move |c| (c, r)))
    }

    /// The rows of `values`, a window's, that lie in one block: each as long as the block reaches into the window.
    pub fn rows_of<T>(self, values: &[T], block: usize, (col, row): (usize, usize)) -> impl Iterator<Item = &[T]> {
        let (left, top) = (col * block - self.col, row * block - self.row);
        let cols = block.min(self.cols - left);
        values.chunks(self.cols).skip(top).take(block).map(move |line| line.get(left..left + cols).unwrap_or_default())
    }
}

/// Cuts one block out of a window's values, padded with `fill`.
pub fn cut<T: Copy>(window: Window, values: &[T], block: usize, place: (usize, usize), fill: T) -> Vec<T> {
    let mut tile = vec![fill; block * block];
    for (target, row) in tile.chunks_mut(block).zip(window.rows_of(values, block, place)) {
        if let Some(target) = target.get_mut(..row.len()) {
            target.copy_from_slice(row);
        }
    }
    tile
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_small_window_is_cut_by_hand() {
        let window = Window { col: 0, row: 2, cols: 3, rows: 1 };
        let blocks: Vec<_> = window.blocks(2).map(|at| (at, cut(window, &[1, 2, 3], 2, at, 0))).collect();
        assert_eq!(blocks, [((0, 1), vec![1, 2, 0, 0]), ((1, 1), vec![3, 0, 0, 0])]);
    }

    proptest! {
        #[test]
        fn windows_cover_every_cell_once(
            width in 1_usize..2000, height in 1_usize..1500, wide: bool,
            source_block in (1_usize..1500, 1_usize..1500),
        ) {
            // a large cell makes windows of one block
            let cell_bytes = if wide { 1 << 20 } else { 4 };
            let cutting = Cutting { width, height, block: 256, source_block, cell_bytes };
            let all: Vec<Window> = cutting.windows().collect();
            prop_assert_eq!(all.iter().map(|w| w.cols * w.rows).sum::<usize>(), width * height);
            prop_assert!(all.iter().all(|w| w.col % 256 == 0 && w.row % 256 == 0 && w.col + w.cols <= width));
            let mut blocks: Vec<_> = all.iter().flat_map(|w| w.blocks(256)).collect();
            blocks.sort_unstable();
            blocks.dedup();
            prop_assert_eq!(blocks.len(), width.div_ceil(256) * height.div_ceil(256));
        }
    }
}
