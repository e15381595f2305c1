"""Whether trend rasters are right: STACK.tif OURS.tif PAIR.tif REFERENCE.tif|- ; prints {"agree": ..., "text": ...}.

OURS holds slope, S, Z, p and n; PAIR and REFERENCE slope and p. Every cell of PAIR against REFERENCE; a sample of OURS against pymannkendall and scipy, which know no gaps, so the
slope is scipy's of the years that are there.
"""

import json
import math
import sys

import numpy as np
import pymannkendall
import rasterio
import scipy.stats

TOLERANCE = 1e-6
SAMPLE = 400


def off(ours, theirs):
    """Largest difference, relative to values above 1."""
    return float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs)), initial=0.0))


def against_reference(ours, reference):
    worst = {}
    alone = cells = 0
    for row in range(0, ours.height, 512):
        window = ((row, min(row + 512, ours.height)), (0, ours.width))
        a, b = ours.read(window=window).astype(float), reference.read(window=window).astype(float)
        seen, known = np.isfinite(a[0]), np.isfinite(b[0])
        if ours.nodata is not None and not math.isnan(ours.nodata):
            seen &= a[0] != ours.nodata
        alone += int((seen != known).sum())
        both = seen & known
        cells += int(both.sum())
        for band, name in enumerate(["slope", "p"]):
            worst[name] = max(worst.get(name, 0.0), off(a[band][both], b[band][both]))
    return worst, alone, cells


def against_packages(stack, ours):
    values, mine = stack.read().reshape(stack.count, -1), ours.read().reshape(5, -1).astype(float)
    cells = np.random.default_rng(1).choice(np.flatnonzero(np.isfinite(mine[0])), SAMPLE)
    worst = {"slope": 0.0, "S": 0.0, "Z": 0.0, "p": 0.0}
    for cell in cells:
        years = np.flatnonzero(values[:, cell] != stack.nodata)
        series = values[years, cell].astype(float)
        test = pymannkendall.original_test(series)
        slope = scipy.stats.theilslopes(series, years)[0]
        for name, band, expected in [("slope", 0, slope), ("S", 1, test.s), ("Z", 2, test.z), ("p", 3, test.p)]:
            worst[name] = max(worst[name], off(mine[band, cell : cell + 1], np.array([expected])))
    return worst


def words(worst):
    return ", ".join(f"{name} {value:.1e}" for name, value in worst.items())


stack, ours = rasterio.open(sys.argv[1]), rasterio.open(sys.argv[2])
worst = against_packages(stack, ours)
agree = max(worst.values()) <= TOLERANCE
text = f"{SAMPLE} cells against pymannkendall and scipy, largest difference: {words(worst)}"
if sys.argv[4] != "-":
    worst, alone, cells = against_reference(rasterio.open(sys.argv[3]), rasterio.open(sys.argv[4]))
    agree = agree and max(worst.values()) <= TOLERANCE and alone == 0 and cells > 0
    text += f"; {cells} cells against the reference: {words(worst)}, known to one only: {alone}"
print(json.dumps({"agree": bool(agree), "text": text}))
