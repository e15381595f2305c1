"""Theil-Sen slope over all pairs of years and Mann-Kendall test, compiled by numba: STACK.tif OUT.tif YEARS_MIN.

S and Z (continuity corrected, ties in the variance) on the way. Bands written, float32: slope per year, two-sided p.
Prints the processor time of the kernel alone as JSON. Without arguments it is only compiled, for later runs.
"""

import json
import math
import sys
import time

import numba
import numpy as np
import rasterio
from rasterio.windows import Window


@numba.njit(cache=True)
def rank_value(values, last, rank):
    """The value of 0-based `rank` among values[0..=last]; everything left of it is no larger afterwards."""
    first = 0
    while first < last:
        pivot = values[(first + last) // 2]
        left, right = first, last
        while left <= right:
            while values[left] < pivot:
                left += 1
            while values[right] > pivot:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left += 1
                right -= 1
        if rank <= right:
            last = right
        elif rank >= left:
            first = left
        else:
            break
    return values[rank]


@numba.njit(cache=True)
def median_of(values, count):
    middle = count // 2
    upper = rank_value(values, count - 1, middle)
    if count % 2 == 1:
        return upper
    lower = values[0]
    for i in range(1, middle):
        lower = max(lower, values[i])
    return 0.5 * (lower + upper)


@numba.njit(cache=True)
def trend(stack, nodata, years_min, out):
    years, cells = stack.shape
    slopes = np.empty(years * (years - 1) // 2)
    value = np.empty(years)
    year = np.empty(years)
    for cell in range(cells):
        n = 0
        for t in range(years):
            if stack[t, cell] != nodata:
                value[n] = stack[t, cell]
                year[n] = t
                n += 1
        if n < years_min:
            out[:, cell] = np.nan
            continue
        pairs = 0
        s = 0
        ties = 0
        for j in range(n):
            # v[j] equal to k earlier values takes the tie term from group size k to k + 1
            k = 0
            for i in range(j):
                step = value[j] - value[i]
                slopes[pairs] = step / (year[j] - year[i])
                pairs += 1
                if step > 0.0:
                    s += 1
                elif step < 0.0:
                    s -= 1
                else:
                    k += 1
            ties += (k + 1) * k * (2 * k + 7) - k * (k - 1) * (2 * k + 5)
        variance = (n * (n - 1) * (2 * n + 5) - ties) / 18.0
        z = 0.0
        if s != 0 and variance > 0.0:
            z = (s - 1 if s > 0 else s + 1) / math.sqrt(variance)
        out[0, cell] = median_of(slopes, pairs)
        out[1, cell] = math.erfc(abs(z) / math.sqrt(2.0))


def main():
    trend(np.zeros((3, 1), np.int16), np.int16(-1), 2, np.empty((2, 1), np.float32))
    if len(sys.argv) == 1:
        return
    source, target, years_min = sys.argv[1], sys.argv[2], int(sys.argv[3])
    kernel = 0.0
    with rasterio.open(source) as stack:
        nodata = np.int16(stack.nodata)
        # the lightest compression, so that the reference is not slowed by its encoder
        profile = stack.profile | {"count": 2, "dtype": "float32", "nodata": math.nan, "predictor": 3, "zlevel": 1}
        with rasterio.open(target, "w", **profile) as result:
            for row in range(0, stack.height, 512):
                rows = min(512, stack.height - row)
                window = Window(0, row, stack.width, rows)
                values = stack.read(window=window).reshape(stack.count, -1)
                out = np.empty((2, values.shape[1]), np.float32)
                before = time.process_time()
                trend(values, nodata, years_min, out)
                kernel += time.process_time() - before
                result.write(out.reshape(2, rows, stack.width), window=window)
    print(json.dumps({"kernel_cpu_s": kernel}))


main()
