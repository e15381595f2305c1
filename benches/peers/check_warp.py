"""Whether two rasters brought into one system by one rule are the same: A.tif B.tif; prints {"agree": ..., "text": ...}.

Transformations are approximated to an eighth of a cell, depending on how the work was cut: cells may differ by what lies
within an eighth of the way to the next one, and at the rim of what is missing.
"""

import json
import sys

import numpy as np
import rasterio

a, b = (rasterio.open(path) for path in sys.argv[1:])
same_grid = a.shape == b.shape and np.allclose(a.transform, b.transform, rtol=0, atol=1e-9) and a.nodata == b.nodata
both = one = pairs = 0
total = steps = 0.0
if same_grid:
    for row in range(0, a.height, 512):
        window = ((row, min(row + 512, a.height)), (0, a.width))
        x, y = a.read(1, window=window).astype(int), b.read(1, window=window).astype(int)
        known = (x != a.nodata) & (y != b.nodata)
        both += int(known.sum())
        one += int(((x != a.nodata) != (y != b.nodata)).sum())
        total += float(np.abs(x - y)[known].sum())
        next_known = known[:, 1:] & known[:, :-1]
        pairs += int(next_known.sum())
        steps += float(np.abs(np.diff(y, axis=1))[next_known].sum())
mean, bound = total / max(both, 1), steps / max(pairs, 1) / 8
text = f"{a.width} x {a.height} cells, {one} of them in one only, mean difference {mean:.2f} raw units, an eighth of a cell {bound:.2f}"
if not same_grid:
    text = f"not of one grid: {a.profile} and {b.profile}"
print(json.dumps({"agree": bool(same_grid and one < 2e-3 * both and mean <= bound), "text": text}))
