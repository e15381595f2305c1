//! The job: what is to be computed, said so that a process on another machine can do it.

use belcheer_domain::{Digest, RasterMeta};
use geo_types::MultiPolygon;
use serde::{Deserialize, Serialize};

use super::error::BlockError;
use crate::storage::{Edition, Place, open_store, reason_of};

/// Cells on a side of a block: that of the tiles of stored rasters.
///
/// Part of the method: sums are merged block by block, so another side may change a last digit.
pub const BLOCK_SIDE: u32 = 512;
/// The same for rasters of at most [`SMALL_RASTER`] cells on a side.
const SMALL_BLOCK_SIDE: u32 = 256;
/// Cells on a side of a small raster.
const SMALL_RASTER: u32 = 1024;

/// Name and version of this program; a job is run by its own version only.
pub(super) const PROGRAM: &str = concat!("belcheer ", env!("CARGO_PKG_VERSION"));

/// One year of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// The year.
    pub year: i32,
    /// The source file's name, for messages.
    pub name: String,
    /// Where the stored raster lies.
    pub place: Place,
    /// Digest of the stored raster; of its edition where it is not ours.
    pub digest: Digest,
    /// The edition that may be read, where the raster is not ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<Edition>,
    /// Factor from raw to physical value.
    pub scale: f64,
    /// Offset added after scaling.
    pub offset: f64,
}

/// The raster that says which land is assessed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaskSource {
    /// The source file's name, for messages.
    pub name: String,
    /// Where the stored raster lies.
    pub place: Place,
    /// Digest of the stored raster.
    pub digest: Digest,
    /// What is known of it.
    pub meta: RasterMeta,
    /// Classes that are assessed; all others are not.
    pub classes: Vec<u8>,
}

/// That slopes are wanted, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlopeJob {
    /// Fewest valid years of a cell with a slope.
    pub years_min: u16,
}

/// What is to be computed over the blocks of a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlockJob {
    /// Name and version of the program that wrote it.
    pub program: String,
    /// The grid and coordinate system that all years share.
    pub grid: RasterMeta,
    /// The years, ascending.
    pub layers: Vec<Layer>,
    /// Which land is assessed; all without it.
    pub mask: Option<MaskSource>,
    /// Where the zone set lies.
    pub zones: Place,
    /// Digest of the zone set.
    pub zones_digest: Digest,
    /// Slopes of every cell over all years, where wanted.
    pub slope: Option<SlopeJob>,
    /// Address of the store that pieces are kept in.
    pub pieces: String,
    /// Whether pieces kept by an earlier run are used.
    pub resume: bool,
}

/// A zone in the coordinate system of the grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Level, such as `soum`.
    pub level: String,
    /// Code within the level.
    pub id: String,
    /// Its shape.
    pub shape: MultiPolygon<f64>,
}

/// The zones of a job, of any levels; rows name them by their number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ZoneSet(pub Vec<Zone>);

impl ZoneSet {
    /// Stores the zones under their digest.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn store(&self, address: &str) -> Result<(Place, Digest), BlockError> {
        use object_store::ObjectStoreExt;
        let keep = |reason: String| BlockError::Keep { block: "zones".to_owned(), place: address.to_owned(), reason };
        let json = serde_json::to_vec(self).map_err(|e| keep(e.to_string()))?;
        let digest = Digest::of(&json);
        let place = Place { store: address.to_owned(), path: format!("zones/{}", digest.hex()) };
        let packed = zstd::encode_all(json.as_slice(), 3).map_err(|e| keep(e.to_string()))?;
        let store = open_store(address).map_err(&keep)?;
        store.put(&place.location(), packed.into()).await.map_err(|e| keep(reason_of(&e)))?;
        Ok((place, digest))
    }

    /// Reads the zones of a job and checks their digest.
    ///
    /// # Errors
    /// A sentence that tells what is wrong.
    pub(super) async fn load(place: &Place, digest: Digest) -> Result<Self, String> {
        use object_store::ObjectStoreExt;
        let got = place.open()?.get(&place.location()).await.map_err(|e| reason_of(&e))?;
        let packed = got.bytes().await.map_err(|e| reason_of(&e))?;
        let json = zstd::decode_all(&packed[..]).map_err(|e| e.to_string())?;
        if Digest::of(&json) != digest {
            return Err("its bytes are not those that were stored".to_owned());
        }
        serde_json::from_slice(&json).map_err(|e| e.to_string())
    }
}

/// A row of the table of work: one rectangle of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Block {
    /// Number, row by row of blocks.
    pub number: u32,
    /// First row of cells.
    pub row: u32,
    /// First column of cells.
    pub col: u32,
    /// Rows of cells.
    pub rows: u32,
    /// Columns of cells.
    pub cols: u32,
}

impl Block {
    /// A name that stays the same as long as the grid does.
    #[must_use]
    pub fn id(&self) -> String {
        format!("r{}c{}", self.row, self.col)
    }
}

/// The blocks of a grid, row by row.
///
/// A grid of 600 by 2000 cells has two rows of four blocks, the outer ones smaller.
#[must_use]
pub fn blocks_of(grid: &RasterMeta) -> Vec<Block> {
    let small = grid.width.max(grid.height) <= SMALL_RASTER;
    let side = if small { SMALL_BLOCK_SIDE } else { BLOCK_SIDE };
    let starts = |length: u32| (0..length).step_by(side as usize);
    let all = starts(grid.height).flat_map(|row| starts(grid.width).map(move |col| (row, col)));
    all.zip(0..)
        .map(|((row, col), number)| Block {
            number,
            row,
            col,
            rows: side.min(grid.height - row),
            cols: side.min(grid.width - col),
        })
        .collect()
}

impl BlockJob {
    /// The word that a job is signed with: only the same program runs it.
    #[must_use]
    pub fn program() -> String {
        PROGRAM.to_owned()
    }

    /// The digest of the whole job, for keeping opened inputs.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}
