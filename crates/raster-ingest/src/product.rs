//! What declared products mean.

use std::sync::LazyLock;

use serde::Deserialize;

/// Whether values are classes or measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    /// Class numbers: no scale, never averaged, no lossy compression.
    Categorical,
    /// Measurements.
    Continuous,
}

/// A product that a raster may be declared as.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Name as given with `--product`.
    pub name: String,
    /// Classes or measurements.
    pub kind: ProductKind,
    /// Unit of the physical value.
    pub unit: String,
    /// Smallest and largest possible physical value.
    pub valid: Option<[f64; 2]>,
    /// Scale fixed by the publisher for integer files.
    pub scale: Option<f64>,
    /// Offset fixed by the publisher for integer files.
    pub offset: Option<f64>,
    /// Fill value fixed by the publisher for integer files.
    pub nodata: Option<f64>,
    /// Who says so.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "version")]
    _version: String,
    product: Vec<Product>,
}

static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    let table: Result<Table, _> = toml::from_str(include_str!("../data/products.toml"));
    table.map(|t| t.product).unwrap_or_default()
});

/// Every known product.
#[must_use]
pub fn products() -> &'static [Product] {
    &PRODUCTS
}

/// The product of a name.
///
/// ```
/// use belcheer_raster_ingest::{ProductKind, product};
/// assert_eq!(product("mcd12c1_igbp").map(|p| p.kind), Some(ProductKind::Categorical));
/// assert!(product("no such thing").is_none());
/// ```
#[must_use]
pub fn product(name: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|p| p.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_sound() {
        let names: BTreeSet<_> = products().iter().map(|p| p.name.as_str()).collect();
        assert!(names.len() >= 20 && names.len() == products().len());
        for product in products() {
            assert!(product.valid.is_none_or(|[low, high]| low < high), "{}", product.name);
            assert!(product.kind == ProductKind::Continuous || product.scale.is_none(), "{}", product.name);
        }
    }
}
