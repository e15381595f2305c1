"""Whether two rasters of one grid hold the same cells: A.tif B.tif; prints {"agree": ..., "text": ...}."""

import json
import sys

import rasterio

a, b = (rasterio.open(path) for path in sys.argv[1:])
agree = a.shape == b.shape and a.dtypes == b.dtypes and a.nodata == b.nodata
different = 0
if agree:
    for row in range(0, a.height, 512):
        window = ((row, min(row + 512, a.height)), (0, a.width))
        different += int((a.read(1, window=window) != b.read(1, window=window)).sum())
text = f"{a.width} x {a.height} cells, {different} differ" if agree else f"not of one form: {a.profile} and {b.profile}"
print(json.dumps({"agree": bool(agree and different == 0), "text": text + f"; overviews {b.overviews(1)}"}))
