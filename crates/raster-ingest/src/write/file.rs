//! A whole file: windows of values in, tiles and overviews out.
//!
//! One thread reads windows while the others code the tiles of the window before; tiles are appended in the order of
//! windows, bands and places, so equal values give equal bytes whatever the number of threads.

use std::{path::Path, sync::mpsc, thread};

use belcheer_domain::RasterMeta;
use rayon::prelude::*;

use super::{
    CopyFault,
    form::{block_side, overview_sizes},
    geo_tags,
    pyramid::{BATCH, Images},
    reduce::Reduction,
    sample::Sample,
    tally::{Counter, Tally},
    tiff::{Image, Role, Stored, TiffFile},
    tile::{TileCodec, hash},
    windows::{Cutting, Window, cut},
};
use crate::options::Compression;

/// What is to be written.
pub struct Plan<'a, T> {
    pub path: &'a Path,
    pub meta: &'a RasterMeta,
    /// Nodata, which may be NaN.
    pub nodata: Option<f64>,
    /// What the bands are; may be fewer than bands.
    pub descriptions: &'a [&'a str],
    /// Whether values are classes.
    pub classes: bool,
    pub compression: Compression,
    /// How overviews are made, if at all.
    pub overviews: Option<Reduction>,
    /// What is counted, if anything.
    pub counter: Option<Counter<T>>,
    /// Columns and rows of the source's blocks.
    pub source_block: (usize, usize),
}

/// The values of a window: each band's, and the mask's where there is one.
#[derive(Default)]
pub struct Part<T> {
    pub bands: Vec<Vec<T>>,
    pub mask: Option<Vec<u8>>,
}

impl<T: Sample> Plan<'_, T> {
    /// Writes the file of the windows that `read` fills, builds overviews and reads everything back.
    pub fn write(
        &self,
        mut read: impl FnMut(Window, &mut Part<T>) -> Result<(), CopyFault>,
    ) -> Result<Vec<Tally>, CopyFault> {
        let mut images = self.images();
        let place = geo_tags::tags::<T>(self.path, self.meta, self.nodata, self.descriptions)?;
        let mut file = TiffFile::create(self.path, &images.all, place)?;
        let mut tallies = vec![Tally::default(); self.meta.bands as usize];
        thread::scope(|scope| {
            // no room in the first: one part is read while one is coded
            let (to_coder, parts) = mpsc::sync_channel::<(Window, Part<T>)>(0);
            let (to_reader, used) = mpsc::channel::<Part<T>>();
            let (images, file, tallies) = (&mut images, &mut file, &mut tallies);
            let coder = scope.spawn(move || {
                for (window, part) in parts {
                    self.put(window, &part, images, file, tallies)?;
                    // the reader may have read its last
                    drop(to_reader.send(part));
                }
                Ok(())
            });
            let mut read_all = || {
                for window in self.cutting().windows() {
                    let mut part = used.try_recv().unwrap_or_default();
                    read(window, &mut part)?;
                    // a coder that stopped has its own fault to tell
                    if to_coder.send((window, part)).is_err() {
                        break;
                    }
                }
                Ok(())
            };
            let read = read_all();
            drop(to_coder);
            coder.join().unwrap_or(Err(CopyFault::Coder)).and(read)
        })?;
        images.build(&mut file, self.overviews)?;
        file.finish(&images.all)?;
        Ok(tallies)
    }

    fn size(&self) -> (usize, usize) {
        (self.meta.width as usize, self.meta.height as usize)
    }

    fn block(&self) -> usize {
        block_side(self.meta.width as usize, self.meta.height as usize)
    }

    fn cutting(&self) -> Cutting {
        let (width, height) = self.size();
        let cell_bytes = self.meta.bands as usize * size_of::<T>() + usize::from(self.meta.has_mask);
        Cutting { width, height, block: self.block(), source_block: self.source_block, cell_bytes }
    }

    fn images(&self) -> Images<T> {
        let (block, bands) = (self.block(), self.meta.bands as usize);
        let (width, height) = self.size();
        let mut full = vec![Image::new(
            (width, height),
            bands,
            block,
            Role::Values,
            TileCodec::values::<T>(self.classes, self.compression),
        )];
        if self.meta.has_mask {
            full.push(Image::new((width, height), 1, block, Role::Mask, TileCodec::mask()));
        }
        let sizes = if self.overviews.is_some() { overview_sizes(width, height) } else { Vec::new() };
        let above =
            |(level, size)| full.iter().map(move |image: &Image| image.overview(level, size)).collect::<Vec<_>>();
        let overviews: Vec<Image> = (1..).zip(sizes).flat_map(above).collect();
        full.extend(overviews);
        let nodata = self.nodata.map(T::of);
        Images { all: full, masked: self.meta.has_mask, nodata, fill: nodata.unwrap_or_default() }
    }

    /// Codes a window's tiles and appends them.
    fn put(
        &self,
        window: Window,
        part: &Part<T>,
        images: &mut Images<T>,
        file: &mut TiffFile,
        tallies: &mut [Tally],
    ) -> Result<(), CopyFault> {
        let block = self.block();
        let layers = part.bands.len() + usize::from(part.mask.is_some());
        let jobs: Vec<(usize, (usize, usize))> =
            (0..layers).flat_map(|layer| window.blocks(block).map(move |at| (layer, at))).collect();
        for batch in jobs.chunks(BATCH) {
            let fill = images.fill;
            let coded: Vec<(Vec<u8>, u64, Tally)> =
                batch.par_iter().map(|(layer, at)| self.code(window, part, *layer, *at, fill)).collect();
            for ((layer, (col, row)), (bytes, hash, counted)) in batch.iter().zip(coded) {
                let stored = file.append(&bytes, hash)?;
                let (image, band) = if *layer < part.bands.len() { (0, *layer) } else { (1, 0) };
                if let Some(image) = images.all.get_mut(image) {
                    image.put(band, *col, *row, stored);
                }
                if let Some(tally) = tallies.get_mut(*layer) {
                    tally.add(counted);
                }
            }
        }
        Ok(())
    }

    /// Codes and counts one tile of a band, or of the mask, which comes after the bands.
    fn code(&self, window: Window, part: &Part<T>, layer: usize, at: (usize, usize), fill: T) -> (Vec<u8>, u64, Tally) {
        let block = self.block();
        let mut tally = Tally::default();
        let Some(values) = part.bands.get(layer) else {
            let tile = cut(window, part.mask.as_deref().unwrap_or_default(), block, at, 0);
            return (TileCodec::mask().encode(&tile, block), hash(&tile), tally);
        };
        if let Some(counter) = &self.counter {
            let mut masks = part.mask.as_deref().map(|mask| window.rows_of(mask, block, at));
            for row in window.rows_of(values, block, at) {
                counter.count(row, masks.as_mut().and_then(Iterator::next), &mut tally);
            }
        }
        let tile = cut(window, values, block, at, fill);
        (TileCodec::values::<T>(self.classes, self.compression).encode(&tile, block), hash(&tile), tally)
    }
}

impl Image {
    /// Notes where a tile lies.
    pub fn put(&mut self, band: usize, col: usize, row: usize, stored: Stored) {
        let index = self.index(band, col, row);
        if let Some(tile) = self.tiles.get_mut(index) {
            *tile = stored;
        }
    }
}
