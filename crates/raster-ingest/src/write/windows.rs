//! Windows of whole blocks, each small enough to hold.

/// Most bytes of one window.
const WINDOW_BYTES_MAX: usize = 128 << 20;

/// A window of whole blocks; at the right and lower edge the last block is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub col: usize,
    pub row: usize,
    pub cols: usize,
    pub rows: usize,
}

/// The windows of a grid in order: rows of blocks, each cut into as few windows as memory allows.
///
/// Rows of strips are thus decoded once, except in rasters wider than a window.
pub fn windows(width: usize, height: usize, block: usize, sample_bytes: usize) -> impl Iterator<Item = Window> {
    let blocks = (WINDOW_BYTES_MAX / (block * block * sample_bytes)).max(1);
    let cols_max = blocks * block;
    (0..height).step_by(block).flat_map(move |row| {
        (0..width).step_by(cols_max).map(move |col| Window {
            col,
            row,
            cols: cols_max.min(width - col),
            rows: block.min(height - row),
        })
    })
}

/// Cuts a window's values into blocks: calls `put` with each block's column and row of blocks and its values, padded
/// with `fill` at the edges.
pub fn cut<T: Copy, E>(
    window: Window,
    values: &[T],
    block: usize,
    fill: T,
    mut put: impl FnMut((usize, usize), &mut Vec<T>) -> Result<(), E>,
) -> Result<(), E> {
    let mut tile = vec![fill; block * block];
    for left in (0..window.cols).step_by(block) {
        let cols = block.min(window.cols - left);
        tile.fill(fill);
        for (target, row) in tile.chunks_mut(block).zip(values.chunks(window.cols)) {
            if let (Some(target), Some(row)) = (target.get_mut(..cols), row.get(left..left + cols)) {
                target.copy_from_slice(row);
            }
        }
        put(((window.col + left) / block, window.row / block), &mut tile)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_small_window_is_cut_by_hand() {
        let window = Window { col: 0, row: 2, cols: 3, rows: 1 };
        let mut blocks = Vec::new();
        let put = |at: (usize, usize), tile: &mut Vec<i32>| {
            blocks.push((at, tile.clone()));
            Ok::<(), ()>(())
        };
        cut(window, &[1, 2, 3], 2, 0, put).unwrap();
        assert_eq!(blocks, [((0, 1), vec![1, 2, 0, 0]), ((1, 1), vec![3, 0, 0, 0])]);
    }

    proptest! {
        #[test]
        fn windows_cover_every_cell_once(width in 1_usize..2000, height in 1_usize..700, wide: bool) {
            // a large sample makes windows of one block
            let sample_bytes = if wide { 1 << 20 } else { 4 };
            let all: Vec<Window> = windows(width, height, 256, sample_bytes).collect();
            prop_assert_eq!(all.iter().map(|w| w.cols * w.rows).sum::<usize>(), width * height);
            prop_assert!(all.iter().all(|w| w.col % 256 == 0 && w.row % 256 == 0 && w.col + w.cols <= width));
        }
    }
}
