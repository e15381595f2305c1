//! Where the results differ from exactextract's, and why.

use super::oracle::Known;

/// Of the coverage cases.
pub const COVERAGE: &[Known] = &[Known { checks: "line ", reason: "lines have no area and are no zones" }];

/// Of the cases of listed values.
pub const STATISTICS: &[Known] = &[
    Known {
        checks: "Weighted quantile invalid weight",
        reason: "weights of quantiles are covered fractions, which are never negative, NaN or infinite",
    },
    Known {
        checks: "Operation table (3x3 1..9, square .5...2.5): quantile_",
        reason: "upstream truncates quantiles of whole numbers to whole numbers; 3.5 and 6.5 are right",
    },
    Known { checks: "feature outside raster: count", reason: "a zone outside the raster gives an empty cell, never 0" },
];

/// Of the calls.
pub const CALLS: &[Known] = &[
    Known { checks: "test_basic_stats[cell_id", reason: "positions of cells are not among the statistics" },
    Known { checks: "test_basic_stats[center_", reason: "positions of cells are not among the statistics" },
    Known { checks: "test_basic_stats[max_center_", reason: "positions of cells are not among the statistics" },
    Known { checks: "test_basic_stats[min_center_", reason: "positions of cells are not among the statistics" },
    Known { checks: "test_min_coverage*cell_id", reason: "positions of cells are not among the statistics" },
    Known { checks: "test_output_no_numpy*cell_id", reason: "positions of cells are not among the statistics" },
    Known {
        checks: "test_coverage_area*zone 0 m2",
        reason: "areas are ellipsoidal, not spherical, and given as weights",
    },
    Known {
        checks: "test_coverage_area*zone 0 c2",
        reason: "areas are ellipsoidal, not spherical, and given as weights",
    },
    Known {
        checks: "test_coverage_area*zone 0 c3",
        reason: "areas are ellipsoidal, not spherical, and given as weights",
    },
    Known {
        checks: "test_coverage_area*zone 0 c4",
        reason: "coverage is a fraction, not an area in squared map units",
    },
    Known { checks: "test_custom_function* py_", reason: "Python functions as statistics" },
    Known { checks: "test_custom_function* my_", reason: "Python functions as statistics" },
    Known { checks: "test_custom_function*error", reason: "Python functions as statistics" },
    Known { checks: "test_multisource*py_mean", reason: "Python functions as statistics" },
    Known { checks: "test_explicit_operation*operation.Operation", reason: "Python objects as statistics" },
    Known { checks: "test_explicit_operation #1", reason: "the raster was not recorded" },
    Known { checks: "test_default_value_out_of_range_int #1", reason: "values are 64-bit floats, any default fits" },
    Known { checks: "test_error_rotated_inputs", reason: "the record tells no rotation; a grid cannot be rotated" },
    Known { checks: "test_gh_186", reason: "upstream defect: zones without a coordinate system fail" },
    Known { checks: "test_grid_compat_tol #1", reason: "weights must be on the grid of the values" },
    Known { checks: "test_linear_geom", reason: "lines have no area and are no zones" },
    Known { checks: "test_all_nodata_gdal", reason: "the output was not recorded" },
    Known { checks: "test_gdal_output", reason: "the output was not recorded" },
    Known { checks: "test_output_map_fields #1: zone 0 unique", reason: "the output was recorded as Python text" },
    Known { checks: "test_gdal_mask_band[xarray]", reason: "the raster was not recorded" },
    Known { checks: "test_nodata_scale_offset[xarray]", reason: "the raster was not recorded" },
    Known { checks: "test_gdal_multi_variable", reason: "the raster was not recorded" },
    Known { checks: "test_gh_178", reason: "the raster was not recorded" },
    Known { checks: "test_library_inputs[*geopandas-xarray]", reason: "the raster was not recorded" },
    Known { checks: "test_library_inputs[*ogr-", reason: "the zones were not recorded" },
];
