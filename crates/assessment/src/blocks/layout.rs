//! The pixels of a block by what they count for, so that each is touched once however many levels of zones lie over it.

use std::collections::BTreeMap;

use belcheer_zonal::Coverage;

/// Neighbouring pixels of one row that the same zones cover wholly, in one statistical cell, all of them assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) row: u32,
    /// First pixel, counted over the block.
    pub(super) start: u32,
    pub(super) length: u32,
    /// Which bucket they add to.
    pub(super) bucket: u32,
}

/// A pixel that one zone covers in part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) pixel: u32,
    pub(super) bucket: u32,
    /// Area covered, ha.
    pub(super) weight_ha: f64,
}

/// What a pixel counts for: zones, by their number, and statistical cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bucket {
    pub(super) zones: Vec<u32>,
    pub(super) cell: (i32, i32),
}

/// Every assessed pixel of a block that some zone covers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) buckets: Vec<Bucket>,
    pub(super) runs: Vec<Run>,
    pub(super) parts: Vec<Part>,
}

/// What a layout is made from.
pub(super) struct BlockPixels<'a> {
    /// Columns of the block.
    pub(super) cols: u32,
    /// Area of a pixel in each row, ha.
    pub(super) row_area_ha: &'a [f64],
    /// The statistical cell of a pixel.
    pub(super) cell: &'a dyn Fn(u32, u32) -> (i32, i32),
    /// Which pixels are assessed; all without it.
    pub(super) mask: Option<&'a [bool]>,
}

#[derive(Default)]
struct Numbers(BTreeMap<Bucket, u32>);

impl Numbers {
    fn of(&mut self, zones: &[u32], cell: (i32, i32)) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(Bucket { zones: zones.to_vec(), cell }).or_insert(next)
    }
}

impl BlockPixels<'_> {
    fn assessed(&self, pixel: u32) -> bool {
        self.mask.is_none_or(|mask| mask[pixel as usize])
    }

    /// Lays zones, by number ascending, on the block.
    pub(super) fn lay(&self, zones: &[(u32, Coverage)]) -> Layout {
        let mut numbers = Numbers::default();
        let mut layout = Layout::default();
        for (row, area) in (0..).zip(self.row_area_ha) {
            let mut whole = Vec::new();
            for (zone, coverage) in zones {
                for span in coverage.spans_of_rows(row, row + 1) {
                    if span.fraction == 1.0 {
                        whole.push((span.col_start, span.col_end, *zone));
                    } else {
                        let weight_ha = area * span.fraction;
                        for col in span.col_start..span.col_end {
                            let pixel = row * self.cols + col;
                            if self.assessed(pixel) {
                                let bucket = numbers.of(&[*zone], (self.cell)(row, col));
                                layout.parts.push(Part { pixel, bucket, weight_ha });
                            }
                        }
                    }
                }
            }
            for (start, end, zones) in divided(&whole) {
                self.runs(row, (start, end), &zones, &mut numbers, &mut layout.runs);
            }
        }
        let mut buckets: Vec<(u32, Bucket)> = numbers.0.into_iter().map(|(bucket, number)| (number, bucket)).collect();
        buckets.sort_unstable_by_key(|(number, _)| *number);
        layout.buckets = buckets.into_iter().map(|(_, bucket)| bucket).collect();
        layout
    }

    /// Divides columns of a row where the statistical cell changes, and leaves out what is not assessed.
    fn runs(&self, row: u32, (start, end): (u32, u32), zones: &[u32], numbers: &mut Numbers, runs: &mut Vec<Run>) {
        let mut open: Option<((i32, i32), Run)> = None;
        for col in start..end {
            let pixel = row * self.cols + col;
            let cell = (self.cell)(row, col);
            match &mut open {
                Some((of, run)) if *of == cell && self.assessed(pixel) => run.length += 1,
                _ => {
                    runs.extend(open.take().map(|(_, run)| run));
                    if self.assessed(pixel) {
                        open = Some((cell, Run { row, start: pixel, length: 1, bucket: numbers.of(zones, cell) }));
                    }
                }
            }
        }
        runs.extend(open.map(|(_, run)| run));
    }
}

/// Overlapping spans of a row divided where any of them begins or ends, each piece with the zones over it.
fn divided(spans: &[(u32, u32, u32)]) -> Vec<(u32, u32, Vec<u32>)> {
    let mut borders: Vec<u32> = spans.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
    borders.sort_unstable();
    borders.dedup();
    let over = |at: u32| spans.iter().filter(move |(start, end, _)| *start <= at && at < *end).map(|(.., zone)| *zone);
    let pieces = borders.windows(2).filter_map(|two| match two {
        [start, end] => Some((*start, *end, over(*start).collect::<Vec<_>>())),
        _ => None,
    });
    pieces.filter(|(.., zones)| !zones.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use belcheer_zonal::Span;

    use super::*;

    #[test]
    fn each_pixel_is_in_one_run_with_all_its_zones() {
        let of = |spans: &[(u32, u32, u32, f64)]| {
            let span = |&(row, col_start, col_end, fraction)| Span { row, col_start, col_end, fraction };
            Coverage::from_spans(spans.iter().map(span).collect()).unwrap()
        };
        // zone 3 over columns 0 to 4 and half of 5, zone 8 over all of the row
        let zones = [(3, of(&[(0, 0, 5, 1.0), (0, 5, 6, 0.5)])), (8, of(&[(0, 0, 8, 1.0), (1, 0, 8, 1.0)]))];
        let mut mask = vec![true; 16];
        mask[2] = false;
        let cell = |_, col| (i32::from(col >= 4), 0);
        let pixels = BlockPixels { cols: 8, row_area_ha: &[2.0, 4.0], cell: &cell, mask: Some(&mask) };
        let layout = pixels.lay(&zones);
        let runs: Vec<_> = layout.runs.iter().map(|r| (r.start, r.length, r.bucket)).collect();
        assert_eq!(runs, [(0, 2, 1), (3, 1, 1), (4, 1, 2), (5, 3, 3), (8, 4, 4), (12, 4, 3)]);
        let buckets: Vec<_> = layout.buckets.iter().map(|b| (b.zones.as_slice(), b.cell.0)).collect();
        assert_eq!(buckets, [(&[3][..], 1), (&[3, 8], 0), (&[3, 8], 1), (&[8], 1), (&[8], 0)]);
        assert_eq!(layout.parts, [Part { pixel: 5, bucket: 0, weight_ha: 1.0 }]);
    }
}
