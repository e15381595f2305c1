//! Copying a source's windows through GDAL.

use std::path::Path;

use belcheer_domain::PixelType;
use gdal::{Dataset, raster::RasterBand};

use super::{
    CopyFault,
    file::Plan,
    reduce::Reduction,
    sample::Sample,
    tally::{Counter, Tally},
    windows::Window,
};
use crate::{
    ProductKind, gdal_setup,
    inspect::{MaskSource, Source},
    options::Compression,
};

/// Writes all bands of a source.
pub fn write_as<T: Sample>(
    dataset: &Dataset,
    source: &Source,
    output: &Path,
    overviews: Option<Reduction>,
    compression: Compression,
) -> Result<Vec<Tally>, CopyFault> {
    let nodata = if source.nodata_is_nan { Some(f64::NAN) } else { source.meta.nodata };
    let first = dataset.rasterband(source.bands.first().copied().unwrap_or(1))?;
    let plan = Plan::<T> {
        path: output,
        meta: &source.meta,
        nodata,
        descriptions: &[],
        classes: source.product.is_some_and(|p| p.kind == ProductKind::Categorical),
        compression,
        overviews,
        counter: Some(Counter::<T>::new(source, nodata)),
        source_block: first.block_size(),
    };
    let bands = source.bands.iter().map(|n| dataset.rasterband(*n)).collect::<Result<Vec<_>, _>>()?;
    let reader = Reader { dataset, source };
    plan.write(|window, part| {
        part.bands.resize_with(bands.len(), Vec::new);
        for ((band, number), values) in bands.iter().zip(&source.bands).zip(&mut part.bands) {
            reader.read(band, *number, window, values)?;
        }
        part.mask = reader.read_mask(window)?;
        Ok(())
    })
}

/// The source as windows, north up.
struct Reader<'a> {
    dataset: &'a Dataset,
    source: &'a Source,
}

impl Reader<'_> {
    /// Reads a window of a band; `number` is the band's, for messages.
    fn read<T: Sample>(
        &self,
        band: &RasterBand,
        number: usize,
        window: Window,
        values: &mut Vec<T>,
    ) -> Result<(), CopyFault> {
        let height = self.source.meta.height as usize;
        let row = if self.source.south_up { height - window.row - window.rows } else { window.row };
        let size = (window.cols, window.rows);
        values.resize(window.cols * window.rows, T::default());
        let at = (window.col.cast_signed(), row.cast_signed());
        band.read_into_slice(at, size, size, values, None).map_err(|error| CopyFault::Decode {
            band: number,
            first_row: row + 1,
            last_row: row + window.rows,
            out_of_memory: gdal_setup::is_out_of_memory(&error),
        })?;
        if self.source.south_up {
            turn_over(values, window.cols);
        }
        if self.source.signed_bytes && self.source.meta.pixel_type == PixelType::I16 {
            sign_bytes(values);
        }
        Ok(())
    }

    /// Reads the mask of a window: 255 where there is a value.
    fn read_mask(&self, window: Window) -> Result<Option<Vec<u8>>, CopyFault> {
        let of_window = match self.source.mask {
            None => return Ok(None),
            Some(MaskSource::OfDataset) => {
                let number = self.source.bands.first().copied().unwrap_or(1);
                let mut mask = Vec::<u8>::new();
                self.read(&self.dataset.rasterband(number)?.open_mask_band()?, number, window, &mut mask)?;
                mask.iter().map(|m| *m != 0).collect::<Vec<bool>>()
            }
            // alpha of any depth: anything but fully clear counts
            Some(MaskSource::Alpha(number)) => {
                let mut alpha = Vec::<f64>::new();
                self.read(&self.dataset.rasterband(number)?, number, window, &mut alpha)?;
                alpha.iter().map(|a| *a != 0.0).collect()
            }
        };
        Ok(Some(of_window.into_iter().map(|there| if there { 255 } else { 0 }).collect()))
    }
}

/// Turns rows of `cols` values over.
fn turn_over<T: Copy>(values: &mut [T], cols: usize) {
    let rows = values.len() / cols.max(1);
    for row in 0..rows / 2 {
        let (upper, lower) = values.split_at_mut((rows - row - 1) * cols);
        if let (Some(upper), Some(lower)) = (upper.get_mut(row * cols..(row + 1) * cols), lower.get_mut(..cols)) {
            upper.swap_with_slice(lower);
        }
    }
}

/// Signed bytes come as their unsigned bit patterns.
fn sign_bytes<T: Sample>(values: &mut [T]) {
    for value in values {
        *value = T::of(f64::from((value.value() as u8).cast_signed()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_turn_over_and_bytes_get_their_sign() {
        let mut values = [0_i16, 1, 128, 255, 200, 127];
        turn_over(&mut values, 2);
        assert_eq!(values, [200, 127, 128, 255, 0, 1]);
        sign_bytes(&mut values);
        assert_eq!(values, [-56, 127, -128, -1, 0, 1]);
    }
}
