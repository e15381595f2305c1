"""Whether a trend raster is right: STACK.tif OURS.tif REFERENCE.tif|- ; prints {"agree": ..., "text": ...}.

Every cell against the reference raster; a sample against pymannkendall and scipy, which know no gaps, so the
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
    alone = 0
    # ours may ask for a least number of years, which is then the only reason for a missing cell
    most_refused, least_taken = -1, 10**9
    for row in range(0, ours.height, 512):
        window = ((row, min(row + 512, ours.height)), (0, ours.width))
        a, b = ours.read(window=window).astype(float), reference.read(window=window).astype(float)
        seen, known = np.isfinite(a[0]), np.isfinite(b[0])
        if ours.nodata is not None and not math.isnan(ours.nodata):
            seen &= a[0] != ours.nodata
        alone += int((seen & ~known).sum())
        both = seen & known
        most_refused = max(most_refused, b[4][known & ~seen].max(initial=-1))
        least_taken = min(least_taken, b[4][both].min(initial=10**9))
        for band, name in enumerate(["slope", "S", "Z", "p", "n"]):
            worst[name] = max(worst.get(name, 0.0), off(a[band][both], b[band][both]))
    return worst, alone, least_taken, most_refused < least_taken


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
if sys.argv[3] != "-":
    worst, alone, least, consistent = against_reference(ours, rasterio.open(sys.argv[3]))
    agree = agree and max(worst.values()) <= TOLERANCE and alone == 0 and consistent
    text += f"; all cells against the reference: {words(worst)}, in ours only {alone}, fewest years {least:.0f}"
print(json.dumps({"agree": bool(agree), "text": text}))
