//! Copying a source band by band in bounded memory, counting as it goes.

use std::path::Path;

use gdal::{
    Dataset,
    raster::{Buffer, RasterBand},
};

use super::{
    CopyFault,
    create::{block_side, build_overviews, create, reopen, side_of_block},
    sample::{RunningHash, Sample, Widen},
    windows::{Window, cut, windows},
};
use crate::{
    ProductKind, gdal_setup,
    inspect::{MaskSource, Source},
};

/// Share of a product's range by which a value may exceed it through rounding.
const RANGE_SLACK: f64 = 1e-6;

/// What was counted in a band.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Cells with a value.
    pub valid: u64,
    /// Cells without.
    pub missing: u64,
    /// Cells of NaN.
    pub nan: u64,
    /// Cells of an infinite value that is not nodata.
    pub infinite: u64,
    /// Valid cells outside the product's range.
    pub out_of_range: u64,
    hash: RunningHash,
}

/// Writes all bands of a source, builds overviews and verifies.
pub fn write_as<S, T>(
    dataset: &Dataset,
    source: &Source,
    output: &Path,
    resampling: Option<&str>,
) -> Result<Vec<Tally>, CopyFault>
where
    S: Sample + Widen<T>,
    T: Sample,
{
    let classes = source.product.is_some_and(|p| p.kind == ProductKind::Categorical);
    let nodata = if source.nodata_is_nan { Some(f64::NAN) } else { source.meta.nodata };
    let written = create::<T>(output, &source.meta, nodata, classes)?;
    let mut tallies = Vec::new();
    for (i, number) in source.bands.iter().enumerate() {
        let reader = Reader { dataset, source, number: *number };
        tallies.push(copy_band::<S, T>(&reader, &mut written.rasterband(i + 1)?, nodata)?);
    }
    let mut mask_hash = RunningHash::default();
    if source.mask.is_some() {
        let reader = Reader { dataset, source, number: 1 };
        mask_hash = copy_mask(&reader, &mut written.rasterband(1)?.open_mask_band()?)?;
    }
    written.close()?;
    if let Some(resampling) = resampling {
        build_overviews(output, &source.meta, resampling)?;
    }
    let hashes: Vec<RunningHash> = tallies.iter().map(|t| t.hash).collect();
    verify::<T>(output, &hashes)?;
    if source.mask.is_some() {
        verify_mask(output, mask_hash)?;
    }
    Ok(tallies)
}

/// One band of the source.
struct Reader<'a> {
    dataset: &'a Dataset,
    source: &'a Source,
    number: usize,
}

impl Reader<'_> {
    /// Reads a window of a band, north up.
    fn read<S: Sample>(&self, band: &RasterBand, window: Window) -> Result<Vec<S>, CopyFault> {
        let height = self.source.meta.height as usize;
        let row = if self.source.south_up { height - window.row - window.rows } else { window.row };
        let size = (window.cols, window.rows);
        let mut values = vec![S::default(); window.cols * window.rows];
        let at = (window.col.cast_signed(), row.cast_signed());
        band.read_into_slice(at, size, size, &mut values, None).map_err(|error| CopyFault::Decode {
            band: self.number,
            first_row: row + 1,
            last_row: row + window.rows,
            out_of_memory: gdal_setup::is_out_of_memory(&error),
        })?;
        if self.source.south_up {
            let mut turned = Vec::with_capacity(values.len());
            values.rchunks(window.cols).for_each(|r| turned.extend_from_slice(r));
            values = turned;
        }
        Ok(values)
    }

    /// Reads the mask of a window: 255 where there is a value.
    fn read_mask(&self, window: Window) -> Result<Option<Vec<u8>>, CopyFault> {
        let mask = match self.source.mask {
            None => return Ok(None),
            Some(MaskSource::OfDataset) => {
                let band = self.dataset.rasterband(self.source.bands.first().copied().unwrap_or(1))?;
                self.read::<u8>(&band.open_mask_band()?, window)?
            }
            // alpha of any depth: anything but fully clear counts
            Some(MaskSource::Alpha(number)) => {
                let alpha: Vec<f64> = self.read(&self.dataset.rasterband(number)?, window)?;
                alpha.iter().map(|a| u8::from(*a != 0.0)).collect()
            }
        };
        Ok(Some(mask.iter().map(|m| if *m == 0 { 0 } else { 255 }).collect()))
    }
}

fn copy_band<S, T>(reader: &Reader, to: &mut RasterBand, nodata: Option<f64>) -> Result<Tally, CopyFault>
where
    S: Sample + Widen<T>,
    T: Sample,
{
    let meta = &reader.source.meta;
    let block = block_side(meta);
    let from = reader.dataset.rasterband(reader.number)?;
    let counter = Counter::<T>::new(reader.source, nodata);
    let fill = nodata.map_or(T::default(), T::of);
    let mut tally = Tally::default();
    for window in windows(meta.width as usize, meta.height as usize, block, size_of::<T>()) {
        let values: Vec<T> = reader.read::<S>(&from, window)?.into_iter().map(Widen::widen).collect();
        let mask = reader.read_mask(window)?;
        counter.count(&values, mask.as_deref(), &mut tally);
        tally.hash.add(&values);
        put_window(to, window, &values, block, fill)?;
    }
    Ok(tally)
}

fn copy_mask(reader: &Reader, to: &mut RasterBand) -> Result<RunningHash, CopyFault> {
    let meta = &reader.source.meta;
    let block = block_side(meta);
    let mut hash = RunningHash::default();
    for window in windows(meta.width as usize, meta.height as usize, block, 1) {
        let values = reader.read_mask(window)?.unwrap_or_default();
        hash.add(&values);
        put_window(to, window, &values, block, 0)?;
    }
    Ok(hash)
}

/// Writes a window block by block.
pub fn put_window<T: Sample>(
    to: &mut RasterBand,
    window: Window,
    values: &[T],
    block: usize,
    fill: T,
) -> Result<(), CopyFault> {
    cut(window, values, block, fill, |at, tile| {
        let mut buffer = Buffer::new((block, block), std::mem::take(tile));
        to.write_block(at, &mut buffer)?;
        *tile = buffer.into_shape_and_vec().1;
        Ok(())
    })
}

/// Counts what values are.
struct Counter<T> {
    nodata: Option<T>,
    scale: f64,
    offset: f64,
    range: Option<[f64; 2]>,
}

impl<T: Sample> Counter<T> {
    fn new(source: &Source, nodata: Option<f64>) -> Self {
        let scale = source.meta.scale.zip(source.meta.offset);
        let range = source.product.and_then(|p| p.valid).filter(|_| scale.is_some()).map(|[low, high]| {
            let slack = RANGE_SLACK * (high - low);
            [low - slack, high + slack]
        });
        let (scale, offset) = scale.unwrap_or((1.0, 0.0));
        Self { nodata: nodata.map(T::of), scale, offset, range }
    }

    fn count(&self, values: &[T], mask: Option<&[u8]>, tally: &mut Tally) {
        for (i, value) in values.iter().enumerate() {
            let number = value.value();
            let masked = mask.is_some_and(|m| m.get(i) == Some(&0));
            if number.is_nan() {
                tally.nan += 1;
            }
            if masked || number.is_nan() || self.nodata == Some(*value) {
                tally.missing += 1;
                continue;
            }
            tally.valid += 1;
            if number.is_infinite() {
                tally.infinite += 1;
            }
            let physical = number * self.scale + self.offset;
            if self.range.is_some_and(|[low, high]| physical < low || physical > high) {
                tally.out_of_range += 1;
            }
        }
    }
}

/// Reads a file of ours back and compares the hashes of its bands.
pub fn verify<T: Sample>(path: &Path, hashes: &[RunningHash]) -> Result<(), CopyFault> {
    let dataset = reopen(path, false)?;
    for (number, expected) in (1..).zip(hashes) {
        let band = dataset.rasterband(number)?;
        if hash_of::<T>(&band)? != *expected {
            return Err(CopyFault::ReadBack { band: number });
        }
    }
    Ok(())
}

fn verify_mask(path: &Path, expected: RunningHash) -> Result<(), CopyFault> {
    let dataset = reopen(path, false)?;
    let band = dataset.rasterband(1)?;
    if hash_of::<u8>(&band.open_mask_band()?)? == expected { Ok(()) } else { Err(CopyFault::ReadBack { band: 1 }) }
}

fn hash_of<T: Sample>(band: &RasterBand) -> Result<RunningHash, CopyFault> {
    let (width, height) = band.size();
    let mut hash = RunningHash::default();
    // the windows of writing, since the hash depends on their order
    let block = side_of_block(width.max(height));
    for window in windows(width, height, block, size_of::<T>()) {
        let size = (window.cols, window.rows);
        let mut values = vec![T::default(); window.cols * window.rows];
        band.read_into_slice((window.col.cast_signed(), window.row.cast_signed()), size, size, &mut values, None)?;
        hash.add(&values);
    }
    Ok(hash)
}
