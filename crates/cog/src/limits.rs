//! What a file may ask for, checked before anything is allocated.

/// What a file may ask for. Every value is checked before the allocation it guards.
///
/// The defaults suit rasters of a country at 10 m read from uploads of unknown origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Columns, and rows, of one image. Default 200 000; any value is safe.
    pub side: u32,
    /// Cells of one image. Default 4 x 10^9.
    pub cells: u64,
    /// Cells of one tile or strip. Default 4096 x 4096.
    pub tile_cells: u64,
    /// Bytes of one decoded tile or strip, all interleaved bands together. Default 64 MiB.
    pub tile_bytes: u64,
    /// Bands (samples per pixel). Default 32.
    pub bands: u32,
    /// Images (directories) in the file: levels, masks and pages. Default 64.
    pub directories: u32,
    /// Entries of one directory. Default 4096.
    pub entries: u32,
    /// Bytes of one header value other than the tile index. Default 1 MiB.
    pub value_bytes: u64,
    /// Bytes in memory of all tile indices (16 for each tile) and header values together. Default 32 MiB.
    pub header_bytes: u64,
    /// Cells of one window that is read at once. Default 2^28, which is 2 GiB of `f64`.
    pub window_cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            side: 200_000,
            cells: 4_000_000_000,
            tile_cells: 4096 * 4096,
            tile_bytes: 64 << 20,
            bands: 32,
            directories: 64,
            entries: 4096,
            value_bytes: 1 << 20,
            header_bytes: 32 << 20,
            window_cells: 1 << 28,
        }
    }
}
