//! Where yearly rasters lie, where not in the workspace.

use belcheer_assessment::AssessmentError;
use belcheer_assessment::sources::{Source, StacSource};
use belcheer_domain::Years;
use clap::Args;

/// Options that name rasters of others.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// Addresses of yearly rasters, with {year} in it: s3://bucket/{year}.tif, https://host/{year}.tif, a path.
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "stac")]
    pub source: Option<String>,
    /// A STAC API to search for yearly rasters.
    #[arg(long, value_name = "URL", requires = "collection", requires = "asset")]
    pub stac: Option<String>,
    /// Collection to search.
    #[arg(long, requires = "stac")]
    pub collection: Option<String>,
    /// Asset of an item that is read.
    #[arg(long, requires = "stac")]
    pub asset: Option<String>,
    /// Product of the rasters.
    #[arg(long, default_value = "ndvi_peak")]
    pub product: String,
    /// Factor from stored to physical value, where the files declare none.
    #[arg(long, allow_negative_numbers = true)]
    pub scale: Option<f64>,
    /// Offset added after scaling, where the files declare none.
    #[arg(long, allow_negative_numbers = true)]
    pub offset: Option<f64>,
}

impl SourceArgs {
    /// The source that the options name, where they name one.
    pub fn named(&self, years: Years) -> Result<Option<Source>, AssessmentError> {
        let source = Source { scale: self.scale, offset: self.offset, ..Source::of_product(&self.product) };
        let source = match (&self.source, &self.stac, &self.collection, &self.asset) {
            (Some(template), ..) => source.with_template(template, years)?,
            (None, Some(url), Some(collection), Some(asset)) => {
                let (url, collection, asset) = (url.clone(), collection.clone(), asset.clone());
                Source { stac: Some(StacSource { url, collection, asset }), ..source }
            }
            _ if self.scale.is_some() || self.offset.is_some() => {
                let reason = "--scale and --offset belong to --source or --stac; give one of them";
                return Err(AssessmentError::Refused(reason.to_owned()));
            }
            _ => return Ok(None),
        };
        Ok(Some(source))
    }
}
