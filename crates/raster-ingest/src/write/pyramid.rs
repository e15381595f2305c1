//! From the full image to its overviews, and every stored tile back once.
//!
//! Each overview is made of the level below as read back from the file: what is verified and what is reduced are the
//! same bytes, and only a few tiles are in memory at a time, however large the raster is.

use rayon::prelude::*;

use super::{
    CopyFault,
    reduce::{Quarter, Reduction, reduce_mask},
    sample::Sample,
    tiff::{Image, Role, TiffFile},
    tile::hash,
};

/// Tiles coded at a time.
pub const BATCH: usize = 64;

/// One file's images: full size first, each level's mask after its values.
pub struct Images<T> {
    pub all: Vec<Image>,
    /// Whether there is a mask.
    pub masked: bool,
    pub nodata: Option<T>,
    pub fill: T,
}

/// A tile to be made: band, column and row of tiles.
type Place = (usize, usize, usize);

impl<T: Sample> Images<T> {
    /// Images of one level.
    fn per_level(&self) -> usize {
        1 + usize::from(self.masked)
    }

    /// Fills every overview and reads every stored tile back.
    pub fn build(&mut self, file: &mut TiffFile, how: Option<Reduction>) -> Result<(), CopyFault> {
        let step = self.per_level();
        if let Some(how) = how {
            for above in step..self.all.len() {
                self.fill_overview(file, above, how)?;
            }
        }
        let top = self.all.len().saturating_sub(step);
        self.all.iter().skip(top).try_for_each(|image| verify::<T>(file, image))
    }

    fn fill_overview(&mut self, file: &mut TiffFile, above: usize, how: Reduction) -> Result<(), CopyFault> {
        let Some(image) = self.all.get(above) else { return Ok(()) };
        let places = places(image);
        for batch in places.chunks(BATCH) {
            let shared: &TiffFile = file;
            let coded: Vec<(Vec<u8>, u64)> =
                batch.par_iter().map(|place| self.tile_above(shared, above, *place, how)).collect::<Result<_, _>>()?;
            for ((band, col, row), (bytes, hash)) in batch.iter().zip(coded) {
                let stored = file.append(&bytes, hash)?;
                if let Some(image) = self.all.get_mut(above) {
                    image.put(*band, *col, *row, stored);
                }
            }
        }
        Ok(())
    }

    /// One tile of an overview, coded.
    fn tile_above(
        &self,
        file: &TiffFile,
        above: usize,
        place: Place,
        how: Reduction,
    ) -> Result<(Vec<u8>, u64), CopyFault> {
        let step = self.per_level();
        let (Some(image), Some(below)) = (self.all.get(above), self.all.get(above - step)) else {
            return Ok(Default::default());
        };
        let mask_below = self.all.get(above - step + 1).filter(|_| self.masked && below.role == Role::Values);
        let block = image.block;
        match image.role {
            Role::Values => {
                let (mut out, mut values) = (vec![self.fill; block * block], vec![T::default(); block * block]);
                let mut mask = vec![0; block * block];
                for (at, (col, row)) in children(below, place) {
                    read_tile(file, below, (place.0, col, row), &mut values)?;
                    if let Some(mask_below) = mask_below {
                        read_tile(file, mask_below, (0, col, row), &mut mask)?;
                    }
                    let mask = mask_below.map(|_| mask.as_slice());
                    let quarter = Quarter { values: &values, mask, block, inside: below.inside(col, row), place: at };
                    quarter.reduce(how, self.nodata, self.fill, &mut out);
                }
                Ok((image.codec.encode(&out, block), hash(&out)))
            }
            Role::Mask => {
                let (mut out, mut values) = (vec![0_u8; block * block], vec![0_u8; block * block]);
                for (at, (col, row)) in children(below, place) {
                    read_tile(file, below, (0, col, row), &mut values)?;
                    let inside = below.inside(col, row);
                    reduce_mask(&Quarter { values: &values, mask: None, block, inside, place: at }, &mut out);
                }
                Ok((image.codec.encode(&out, block), hash(&out)))
            }
        }
    }
}

/// Every tile of an image, in order.
fn places(image: &Image) -> Vec<Place> {
    let cols = move |band, row| (0..image.across()).map(move |col| (band, col, row));
    (0..image.bands).flat_map(|band| (0..image.down()).flat_map(move |row| cols(band, row))).collect()
}

/// The up to four tiles below one: which quarter each is, and its column and row.
fn children(below: &Image, (_, col, row): Place) -> impl Iterator<Item = ((usize, usize), (usize, usize))> {
    let (across, down) = (below.across(), below.down());
    let all = [(0, 0), (1, 0), (0, 1), (1, 1)].into_iter().map(move |(x, y)| ((x, y), (2 * col + x, 2 * row + y)));
    all.filter(move |(_, (col, row))| *col < across && *row < down)
}

/// Reads a tile back and compares it with what was written.
fn read_tile<T: Sample>(
    file: &TiffFile,
    image: &Image,
    (band, col, row): Place,
    values: &mut [T],
) -> Result<(), CopyFault> {
    let fault = CopyFault::ReadBack { band: band + 1 };
    let Some(stored) = image.tiles.get(image.index(band, col, row)) else { return Err(fault) };
    let mut bytes = Vec::new();
    file.read(*stored, &mut bytes)?;
    match image.codec.decode(&bytes, image.block, values) {
        Ok(()) if hash(values) == stored.hash => Ok(()),
        _ => Err(fault),
    }
}

fn verify<T: Sample>(file: &TiffFile, image: &Image) -> Result<(), CopyFault> {
    let cells = image.block * image.block;
    places(image).par_iter().try_for_each(|place| match image.role {
        Role::Values => read_tile(file, image, *place, &mut vec![T::default(); cells]),
        Role::Mask => read_tile(file, image, *place, &mut vec![0_u8; cells]),
    })
}
