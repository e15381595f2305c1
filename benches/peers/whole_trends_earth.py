"""The trend as Trends.Earth defines it, by soum: ZONES ID OUT.csv YEAR=RASTER... ; without arguments it is only compiled.

Ordinary least squares of all years and the S of Mann and Kendall for every cell, compiled by numba; the mean slope of
the cells whose centre lies in a soum.
"""

import sys

import geopandas
import numba
import numpy as np
import pandas
import rasterio
import rasterio.features
from rasterio.windows import Window


@numba.njit(cache=True)
def trend(stack, nodata, slope, s_out):
    years, cells = stack.shape
    for cell in range(cells):
        n = 0
        st = sv = stt = stv = 0.0
        s = 0
        for t in range(years):
            v = stack[t, cell]
            if v == nodata:
                continue
            n += 1
            st += t
            sv += v
            stt += t * t
            stv += t * v
            for u in range(t):
                w = stack[u, cell]
                if w != nodata:
                    s += (v > w) - (v < w)
        determinant = n * stt - st * st
        slope[cell] = (n * stv - st * sv) / determinant if n > 1 and determinant > 0 else np.nan
        s_out[cell] = s


def main():
    trend(np.zeros((3, 1), np.int16), np.int16(-1), np.empty(1), np.empty(1, np.int16))
    if len(sys.argv) == 1:
        return
    zones_file, id_field, out, *series = sys.argv[1:]
    rasters = [rasterio.open(pair.split("=", 1)[1]) for pair in series]
    first = rasters[0]
    zones = geopandas.read_file(zones_file)
    shapes = [(shape, number + 1) for number, shape in enumerate(zones.geometry)]
    ids = rasterio.features.rasterize(shapes, (first.height, first.width), transform=first.transform, dtype="int16")
    sums, counts = np.zeros(len(zones) + 1), np.zeros(len(zones) + 1)
    for row in range(0, first.height, 512):
        rows = min(512, first.height - row)
        window = Window(0, row, first.width, rows)
        values = np.stack([raster.read(1, window=window).ravel() for raster in rasters])
        slope, s = np.empty(values.shape[1]), np.empty(values.shape[1], np.int16)
        trend(values, np.int16(first.nodata), slope, s)
        seen = np.isfinite(slope)
        zone = ids[row : row + rows].ravel()[seen]
        sums += np.bincount(zone, slope[seen], len(sums))
        counts += np.bincount(zone, minlength=len(sums))
    means = (sums[1:] / counts[1:]) * first.scales[0]
    pandas.DataFrame({"zone_id": zones[id_field], "slope_per_year": means}).to_csv(out, index=False)


main()
