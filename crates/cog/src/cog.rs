//! An opened raster.

use std::sync::Arc;

use belcheer_domain::PixelType;
use object_store::{ObjectStore, path::Path};

use crate::{
    error::{CogError, malformed, unsupported, within},
    georeference::{Georeference, Grid},
    ifd::{Directory, read_directories},
    layer::{Layer, Role, Stored},
    limits::Limits,
    metadata::{Scaling, parse_nodata, parse_scaling},
    read::{Plane, Request, read_plane},
    sample::Sample,
    source::Source,
    tags,
    window::{Size, Window, WindowSamples},
};

/// Bits of NewSubfileType.
const REDUCED: u64 = 1;
const MASK: u64 = 4;

/// An opened GeoTIFF: its header is in memory, its cells are read window by window.
///
/// Cloning is cheap, and any number of windows may be read at once. Bands count from 0. Level 0 is the full size,
/// levels 1 and up are the overviews, largest first.
///
/// A value is missing where it equals the declared nodata value in the stored type, is NaN, is masked by the
/// file's own mask, or lies in a tile that was never written while a nodata value is declared. Without a nodata
/// value, tiles that were never written read as zeros, as GDAL reads them.
///
/// ```
/// use std::sync::Arc;
/// use belcheer_cog::{Cog, Limits, Samples, Window};
/// use object_store::{ObjectStoreExt, memory::InMemory, path::Path};
///
/// // Two by two bytes: a header, the values 1 2 3 4, and one directory of eight entries.
/// let mut tiff = b"II*\0\x0c\0\0\0\x01\x02\x03\x04\x08\0".to_vec();
/// for (tag, value) in [(256u16, 2u32), (257, 2), (258, 8), (259, 1), (273, 8), (277, 1), (278, 2), (279, 4)] {
///     tiff.extend([tag.to_le_bytes(), 4u16.to_le_bytes()].concat());
///     tiff.extend([1u32.to_le_bytes(), value.to_le_bytes()].concat());
/// }
/// tiff.extend([0; 4]);
///
/// futures::executor::block_on(async {
///     let store = Arc::new(InMemory::new());
///     let path = Path::from("four.tif");
///     store.put(&path, tiff.into()).await.unwrap();
///     let cog = Cog::open(store, path, Limits::default()).await.unwrap();
///     let right = cog.read_window(0, Window { row: 0, col: 1, rows: 2, cols: 1 }).await.unwrap();
///     assert_eq!(right.samples, Samples::U8(vec![2, 4]));
///     assert_eq!(right.valid, None);
/// });
/// ```
#[derive(Debug, Clone)]
pub struct Cog {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Arc<dyn ObjectStore>,
    path: Path,
    limits: Limits,
    pixel_type: PixelType,
    levels: Vec<Level>,
    nodata: Option<f64>,
    scaling: Vec<Scaling>,
    metadata: String,
    georeference: Georeference,
    pages_ignored: usize,
}

/// One size of the raster.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) values: Arc<Layer>,
    pub(crate) mask: Option<Arc<Layer>>,
}

impl Cog {
    /// Reads the header of the raster at `path`: one range of 64 KiB, and more only where it lies elsewhere.
    ///
    /// # Errors
    /// [`CogError::Unsupported`] names what is not read here; [`CogError::Limit`] what exceeds `limits`;
    /// [`CogError::NotTiff`], [`CogError::Truncated`] and [`CogError::Malformed`] tell of damage;
    /// [`CogError::Store`] of the store.
    pub async fn open(store: Arc<dyn ObjectStore>, path: Path, limits: Limits) -> Result<Self, CogError> {
        let mut source = Source::open(Arc::clone(&store), path.clone(), limits.header_bytes).await?;
        let directories = read_directories(&mut source, &limits).await?;
        let Some((first, others)) = directories.split_first() else {
            return Err(malformed("TIFF header", "there is no image"));
        };
        let full = Layer::read(first, &mut source, &limits, Role::Values).await?;
        let Stored::Typed(pixel_type) = full.stored else { return Err(unsupported("1-bit samples")) };
        let nodata = match first.text(&mut source, tags::GDAL_NODATA, limits.value_bytes).await? {
            // The text may round otherwise than the samples do.
            Some(text) => parse_nodata(&text)?.map(|value| match (pixel_type, f32::nodata(value)) {
                (PixelType::F32, Some(raw)) => f64::from(raw),
                _ => value,
            }),
            None => None,
        };
        let metadata = first.text(&mut source, tags::GDAL_METADATA, limits.value_bytes).await?.unwrap_or_default();
        let scaling = parse_scaling(&metadata, full.bands as usize)?;
        let georeference = Georeference::read(first, &mut source, limits.value_bytes).await?;
        let (levels, pages_ignored) = read_levels(full, others, &mut source, &limits).await?;
        let inner =
            Inner { store, path, limits, pixel_type, levels, nodata, scaling, metadata, georeference, pages_ignored };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Path within the store.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Columns at full size.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.size().cols
    }

    /// Rows at full size.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.size().rows
    }

    /// Rows and columns at full size.
    #[must_use]
    pub fn size(&self) -> Size {
        self.level_size(0).unwrap_or(Size { rows: 0, cols: 0 })
    }

    /// Number of bands.
    #[must_use]
    pub fn bands(&self) -> u32 {
        self.inner.levels.first().map_or(0, |level| level.values.bands)
    }

    /// Type of the samples, the same in all bands.
    #[must_use]
    pub fn pixel_type(&self) -> PixelType {
        self.inner.pixel_type
    }

    /// Rows and columns of a tile at full size; of a strip where the file has strips.
    #[must_use]
    pub fn tile_size(&self) -> Size {
        self.inner
            .levels
            .first()
            .map_or(Size { rows: 0, cols: 0 }, |l| Size { rows: l.values.tile_rows, cols: l.values.tile_cols })
    }

    /// Whether the file has tiles rather than strips.
    #[must_use]
    pub fn is_tiled(&self) -> bool {
        self.inner.levels.first().is_some_and(|level| level.values.tiled)
    }

    /// The declared raw value that means missing, the same for all bands.
    #[must_use]
    pub fn nodata(&self) -> Option<f64> {
        self.inner.nodata
    }

    /// Factor from raw to physical value of `band`, where declared.
    #[must_use]
    pub fn scale(&self, band: u32) -> Option<f64> {
        self.inner.scaling.get(band as usize)?.scale
    }

    /// Offset added after scaling of `band`, where declared.
    #[must_use]
    pub fn offset(&self, band: u32) -> Option<f64> {
        self.inner.scaling.get(band as usize)?.offset
    }

    /// Whether an item of this name stands in the metadata that GDAL writes beside the image.
    #[must_use]
    pub fn has_item(&self, name: &str) -> bool {
        self.inner.metadata.contains(&format!("name=\"{name}\""))
    }

    /// The text of an item of this name in the metadata that GDAL writes beside the image, for the whole file.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<&str> {
        let (_, after) = self.inner.metadata.split_once(&format!("<Item name=\"{name}\">"))?;
        after.split_once("</Item>").map(|(text, _)| text)
    }

    /// Whether the bands of a cell are stored side by side, so that a tile holds all bands.
    #[must_use]
    pub fn is_interleaved(&self) -> bool {
        self.inner.levels.first().is_some_and(|level| level.values.interleaved > 1)
    }

    /// Whether the file says that positions are those of cell centres; the grid takes it into account.
    #[must_use]
    pub fn is_pixel_point(&self) -> bool {
        self.inner.georeference.pixel_is_point
    }

    /// Where the cells lie at full size; `None` for a file that does not say.
    #[must_use]
    pub fn grid(&self) -> Option<Grid> {
        self.inner.georeference.grid
    }

    /// Where the cells of `level` lie: the same extent with larger cells.
    #[must_use]
    pub fn level_grid(&self, level: usize) -> Option<Grid> {
        let (full, size, grid) = (self.size(), self.level_size(level)?, self.grid()?);
        let dx = grid.dx * f64::from(full.cols) / f64::from(size.cols);
        let dy = grid.dy * f64::from(full.rows) / f64::from(size.rows);
        Some(Grid { dx, dy, ..grid })
    }

    /// EPSG code of the coordinate system, where it is a registered one.
    #[must_use]
    pub fn epsg(&self) -> Option<u32> {
        self.inner.georeference.epsg
    }

    /// Whether coordinates are longitude and latitude; `None` for a file that does not say.
    #[must_use]
    pub fn is_geographic(&self) -> Option<bool> {
        self.inner.georeference.geographic
    }

    /// Number of levels: 1 and the number of overviews.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.inner.levels.len()
    }

    /// Rows and columns of `level`, 0 being full size.
    #[must_use]
    pub fn level_size(&self, level: usize) -> Option<Size> {
        self.inner.levels.get(level).map(|l| Size { rows: l.values.height, cols: l.values.width })
    }

    /// Sizes of the overviews, largest first. Overviews that cannot be read like the full size are left out.
    #[must_use]
    pub fn overviews(&self) -> Vec<Size> {
        (1..self.levels()).filter_map(|level| self.level_size(level)).collect()
    }

    /// Whether the file holds a mask of its own.
    #[must_use]
    pub fn has_mask(&self) -> bool {
        self.inner.levels.first().is_some_and(|level| level.mask.is_some())
    }

    /// Number of further images in the file that are no overview or mask of the first, or cannot be read as one.
    #[must_use]
    pub fn pages_ignored(&self) -> usize {
        self.inner.pages_ignored
    }

    /// Reads `window` of `band` at full size.
    ///
    /// # Errors
    /// As [`Cog::read_window_at`].
    pub async fn read_window(&self, band: u32, window: Window) -> Result<WindowSamples, CogError> {
        self.read_window_at(0, band, window).await
    }

    /// Reads `window` of `band` at `level`. A window without cells gives no values.
    ///
    /// # Errors
    /// [`CogError::NoLevel`], [`CogError::NoBand`], [`CogError::Outside`]; [`CogError::Limit`] for a window larger
    /// than the limits allow; [`CogError::Tile`] for damage; [`CogError::Store`].
    pub async fn read_window_at(&self, level: usize, band: u32, window: Window) -> Result<WindowSamples, CogError> {
        let values = self.request(level, band, window)?;
        let found = self.level(level).ok_or(self.no_level(level))?;
        let mask = found.mask.as_ref().map(|mask| Request {
            layer: Arc::clone(mask),
            band: 0,
            nodata: None,
            ..values.clone()
        });
        match self.inner.pixel_type {
            PixelType::U8 => read_masked::<u8>(values, mask).await,
            PixelType::I8 => read_masked::<i8>(values, mask).await,
            PixelType::U16 => read_masked::<u16>(values, mask).await,
            PixelType::I16 => read_masked::<i16>(values, mask).await,
            PixelType::U32 => read_masked::<u32>(values, mask).await,
            PixelType::I32 => read_masked::<i32>(values, mask).await,
            PixelType::F32 => read_masked::<f32>(values, mask).await,
            PixelType::F64 => read_masked::<f64>(values, mask).await,
        }
    }

    /// Reads the whole of `band` at full size.
    ///
    /// # Errors
    /// As [`Cog::read_window_at`].
    pub async fn read_band(&self, band: u32) -> Result<WindowSamples, CogError> {
        self.read_band_at(0, band).await
    }

    /// Reads the whole of `band` at `level`.
    ///
    /// # Errors
    /// As [`Cog::read_window_at`].
    pub async fn read_band_at(&self, level: usize, band: u32) -> Result<WindowSamples, CogError> {
        let Size { rows, cols } = self.level_size(level).ok_or(self.no_level(level))?;
        self.read_window_at(level, band, Window { row: 0, col: 0, rows, cols }).await
    }

    /// Windows that cover `level` once, row after row, each a stored tile (or some strips together): reading
    /// them one by one decodes every tile once, in memory of one tile. Empty for a level that does not exist.
    pub fn tiles(&self, level: usize) -> impl Iterator<Item = Window> + Send + use<> {
        let layer = self.inner.levels.get(level).map(|level| Arc::clone(&level.values));
        layer.into_iter().flat_map(|layer| {
            let (width, height, cols) = (layer.width, layer.height, layer.tile_cols);
            let rows = layer.tile_rows * layer.tiles_in_block();
            (0..height.div_ceil(rows)).flat_map(move |tile_row| {
                (0..width.div_ceil(cols)).map(move |tile_col| {
                    let (row, col) = (tile_row * rows, tile_col * cols);
                    Window { row, col, rows: rows.min(height - row), cols: cols.min(width - col) }
                })
            })
        })
    }

    /// Reads the stored tile in row `tile_row` and column `tile_col` of the grid of tiles, clipped to the raster.
    ///
    /// # Errors
    /// As [`Cog::read_window_at`].
    pub async fn read_tile(
        &self,
        level: usize,
        band: u32,
        tile_row: u32,
        tile_col: u32,
    ) -> Result<WindowSamples, CogError> {
        let layer = &self.inner.levels.get(level).ok_or(self.no_level(level))?.values;
        let row = tile_row.saturating_mul(layer.tile_rows);
        let col = tile_col.saturating_mul(layer.tile_cols);
        let rows = layer.tile_rows.min(layer.height.saturating_sub(row)).max(1);
        let cols = layer.tile_cols.min(layer.width.saturating_sub(col)).max(1);
        self.read_window_at(level, band, Window { row, col, rows, cols }).await
    }

    /// A level with its mask.
    pub(crate) fn level(&self, level: usize) -> Option<&Level> {
        self.inner.levels.get(level)
    }

    /// A request for the values of a window, checked.
    pub(crate) fn request(&self, level: usize, band: u32, window: Window) -> Result<Request, CogError> {
        let found = self.check(level, band, window)?;
        Ok(Request {
            store: Arc::clone(&self.inner.store),
            path: self.inner.path.clone(),
            layer: Arc::clone(&found.values),
            level,
            band,
            window,
            nodata: self.inner.nodata,
        })
    }

    pub(crate) fn no_level(&self, level: usize) -> CogError {
        CogError::NoLevel { level, levels: self.levels() }
    }

    /// The level, if it, the band and the window exist and the window may be read at once.
    fn check(&self, level: usize, band: u32, window: Window) -> Result<&Level, CogError> {
        let found = self.inner.levels.get(level).ok_or(self.no_level(level))?;
        let Layer { width, height, bands, .. } = *found.values;
        if band >= bands {
            return Err(CogError::NoBand { band, bands });
        }
        let Window { row, col, rows, cols } = window;
        let inside = |start: u32, length: u32, size: u32| start.checked_add(length).is_some_and(|end| end <= size);
        if !inside(row, rows, height) || !inside(col, cols, width) {
            return Err(CogError::Outside { row, col, rows, cols, height, width });
        }
        within("number of cells of the window", window.cells(), self.inner.limits.window_cells)?;
        Ok(found)
    }
}

/// Sorts the images after the first into overviews and masks; counts the others.
async fn read_levels(
    full: Layer,
    others: &[Directory],
    source: &mut Source,
    limits: &Limits,
) -> Result<(Vec<Level>, usize), CogError> {
    let mut pages_ignored = 0;
    let mut overviews: Vec<Layer> = Vec::new();
    let mut masks: Vec<Layer> = Vec::new();
    for directory in others {
        let kind = directory.number(source, tags::NEW_SUBFILE_TYPE).await?.unwrap_or(0);
        let role = if kind & MASK != 0 { Role::Mask } else { Role::Values };
        if kind & (MASK | REDUCED) == 0 {
            pages_ignored += 1;
            continue;
        }
        match Layer::read(directory, source, limits, role).await {
            Ok(mask) if role == Role::Mask && mask.bands == 1 => masks.push(mask),
            Ok(_) if role == Role::Mask => return Err(unsupported("a mask with several bands")),
            Ok(layer) if alike(&layer, &full) => overviews.push(layer),
            // An overview is only a convenience; a mask decides what is valid.
            Ok(_) => pages_ignored += 1,
            Err(CogError::Unsupported { .. }) if role == Role::Values => pages_ignored += 1,
            Err(error) => return Err(error),
        }
    }
    overviews.sort_by_key(|layer| std::cmp::Reverse((layer.width, layer.height)));
    let mut take_mask = |layer: &Layer| {
        let place = masks.iter().position(|mask| mask.width == layer.width && mask.height == layer.height)?;
        Some(Arc::new(masks.swap_remove(place)))
    };
    let mask = take_mask(&full);
    let masked = mask.is_some();
    let mut levels = vec![Level { values: Arc::new(full), mask }];
    for layer in overviews {
        let mask = take_mask(&layer);
        if mask.is_some() == masked {
            levels.push(Level { values: Arc::new(layer), mask });
        } else {
            pages_ignored += 1;
        }
    }
    if !masked && !masks.is_empty() {
        return Err(unsupported("a mask of another size than the image"));
    }
    Ok((levels, pages_ignored))
}

/// Whether `layer` is a smaller copy of `full`.
fn alike(layer: &Layer, full: &Layer) -> bool {
    let smaller = layer.width <= full.width && layer.height <= full.height;
    smaller && layer.stored == full.stored && layer.bands == full.bands
}

async fn read_masked<T: Sample>(values: Request, mask: Option<Request>) -> Result<WindowSamples, CogError> {
    let window = values.window;
    let Plane { samples, mut valid, mut missing } = read_plane::<T>(values).await?;
    if let Some(mask) = mask {
        let mask = read_plane::<u8>(mask).await?.samples;
        let valid = valid.get_or_insert_with(|| vec![true; samples.len()]);
        missing = 0;
        for (valid, mask) in valid.iter_mut().zip(mask) {
            *valid &= mask != 0;
            missing += usize::from(!*valid);
        }
    }
    Ok(WindowSamples { window, samples: T::wrap(samples), valid: valid.filter(|_| missing > 0) })
}
