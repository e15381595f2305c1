"""Zonal statistics by GDAL's `gdal raster zonal-stats`, fractional coverage: RASTER ZONES ID OUT.csv STATS."""

import csv
import json
import sys

from osgeo import gdal

gdal.UseExceptions()
raster, zones_file, id_field, out, stats = sys.argv[1:]
# 3.13 offers median as a choice and then refuses it
wanted = [name for name in stats.split(",") if name != "median"]
raw = out + ".raw.geojson"
# this build writes no CSV
gdal.Run(
    "raster", "zonal-stats", input=raster, zones=zones_file, output=raw, output_format="GeoJSON", overwrite=True,
    pixels="fractional", strategy="feature", stat=wanted, include_field=[id_field],
)
with open(raw) as source, open(out, "w", newline="") as target:
    rows = [feature["properties"] for feature in json.load(source)["features"]]
    column = {name: next(c for c in rows[0] if c == name or c.endswith("_" + name)) for name in wanted}
    writer = csv.writer(target)
    writer.writerow(["id", *wanted])
    writer.writerows([row[id_field], *(row[column[name]] for name in wanted)] for row in rows)
