"""Zonal statistics by exactextract's Python package: RASTER ZONES ID OUT.csv STATS."""

import sys

import geopandas
from exactextract import exact_extract

raster, zones_file, id_field, out, stats = sys.argv[1:]
zones = geopandas.read_file(zones_file)
table = exact_extract(raster, zones, stats.split(","), output="pandas", strategy="feature-sequential")
# asked for by include_cols, a field named id comes back as the row number
table.insert(0, "id", zones[id_field].to_numpy())
table.to_csv(out, index=False)
