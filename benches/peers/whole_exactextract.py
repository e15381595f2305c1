"""Yearly means of soums by exactextract and pandas: ZONES ID OUT.csv YEAR=RASTER... ; cells weigh by their area on the sphere."""

import subprocess
import sys

import geopandas
import pandas
import rasterio
from exactextract import exact_extract

zones_file, id_field, out, *series = sys.argv[1:]
zones = geopandas.read_file(zones_file)
tables = []
for pair in series:
    year, raster = pair.split("=", 1)
    with rasterio.open(raster) as opened:
        scale, offset = opened.scales[0], opened.offsets[0]
    # given a raster with a scale, the package counts missing cells as values; so it reads cells as stored
    stored = f"{out}.vrt"
    subprocess.run(
        ["gdal_translate", "-q", "-of", "VRT", "-a_scale", "1", "-a_offset", "0", raster, stored], check=True
    )
    table = exact_extract(
        stored, zones, "mean(coverage_weight=area_spherical_m2)", output="pandas", strategy="feature-sequential"
    )
    table.columns = ["mean"]
    table["mean"] = table["mean"] * scale + offset
    table.insert(0, "year", int(year))
    table.insert(0, "zone_id", zones[id_field].to_numpy())
    tables.append(table)
pandas.concat(tables).sort_values(["zone_id", "year"]).to_csv(out, index=False)
