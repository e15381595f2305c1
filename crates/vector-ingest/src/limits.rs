//! What a vector or table file may ask for before anything is allocated for it.

/// Upper bounds on files from outside; a file over any of them is refused by name of the bound.
///
/// ```
/// use belcheer_vector_ingest::Limits;
/// assert_eq!(Limits::DEFAULT.zip_entries, 64);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a GeoPackage or of one member of a shapefile.
    pub file_bytes: u64,
    /// Bytes of a GeoJSON text.
    pub json_bytes: u64,
    /// Nesting of a GeoJSON text.
    pub json_depth: u32,
    /// Bytes of a CSV text or an XLSX workbook.
    pub table_bytes: u64,
    /// Entries of a zip with a shapefile.
    pub zip_entries: usize,
    /// Entries of a workbook, which is a zip too.
    pub workbook_entries: usize,
    /// Unpacked bytes per packed byte of one zip entry larger than a mebibyte.
    pub zip_ratio: u64,
    /// Unpacked bytes of a zip in all.
    pub zip_bytes: u64,
    /// Vertices of a file.
    pub file_vertices: usize,
    /// Vertices of one feature.
    pub feature_vertices: usize,
    /// Rings of one feature.
    pub feature_rings: usize,
    /// Places where edges of one feature may cross: each becomes a vertex when the feature is repaired.
    pub feature_crossings: usize,
    /// Features of a layer.
    pub features: u64,
    /// Rows of a table.
    pub rows: usize,
    /// Columns of a table or fields of a layer.
    pub columns: usize,
    /// Bytes of one cell of a table.
    pub cell_bytes: usize,
}

impl Limits {
    /// The bounds in force.
    pub const DEFAULT: Self = Self {
        file_bytes: 512 << 20,
        json_bytes: 96 << 20,
        json_depth: 16,
        table_bytes: 128 << 20,
        zip_entries: 64,
        workbook_entries: 512,
        zip_ratio: 100,
        zip_bytes: 1 << 30,
        file_vertices: 5_000_000,
        feature_vertices: 1_000_000,
        feature_rings: 100_000,
        feature_crossings: 100_000,
        features: 500_000,
        rows: 2_000_000,
        columns: 1_000,
        cell_bytes: 64 << 10,
    };
}

#[cfg(test)]
mod tests {
    use belcheer_tests::limits::documented;

    use super::*;

    #[test]
    fn the_table_of_limits_is_true() {
        let limits = Limits::DEFAULT;
        for (limit, value) in [
            ("file_bytes", limits.file_bytes),
            ("json_bytes", limits.json_bytes),
            ("json_depth", limits.json_depth.into()),
            ("table_bytes", limits.table_bytes),
            ("zip_entries", limits.zip_entries as u64),
            ("workbook_entries", limits.workbook_entries as u64),
            ("zip_ratio", limits.zip_ratio),
            ("zip_bytes", limits.zip_bytes),
            ("file_vertices", limits.file_vertices as u64),
            ("feature_vertices", limits.feature_vertices as u64),
            ("feature_rings", limits.feature_rings as u64),
            ("feature_crossings", limits.feature_crossings as u64),
            ("features", limits.features),
            ("rows", limits.rows as u64),
            ("columns", limits.columns as u64),
            ("cell_bytes", limits.cell_bytes as u64),
        ] {
            assert_eq!(documented(limit), value, "{limit}");
        }
    }
}
