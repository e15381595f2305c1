"""Whether two rasters brought into one system by one rule are the same: A.tif B.tif; prints {"agree": ..., "text": ...}.

Transformations are approximated to an eighth of a cell and depend on how the work was cut, so single cells may differ.
"""

import json
import sys

import numpy as np
import rasterio

a, b = (rasterio.open(path) for path in sys.argv[1:])
same_grid = a.shape == b.shape and np.allclose(a.transform, b.transform, rtol=0, atol=1e-9) and a.nodata == b.nodata
both = one = 0
total = 0.0
if same_grid:
    for row in range(0, a.height, 512):
        window = ((row, min(row + 512, a.height)), (0, a.width))
        x, y = a.read(1, window=window).astype(int), b.read(1, window=window).astype(int)
        known = (x != a.nodata) & (y != b.nodata)
        both += int(known.sum())
        one += int(((x != a.nodata) != (y != b.nodata)).sum())
        total += float(np.abs(x - y)[known].sum())
mean = total / max(both, 1)
text = f"{a.width} x {a.height} cells, {one} of them in one only, mean difference {mean:.3f} raw units"
if not same_grid:
    text = f"not of one grid: {a.profile} and {b.profile}"
print(json.dumps({"agree": bool(same_grid and one < 1e-4 * both and mean < 1.0), "text": text}))
