"""gdalwarp, bilinear, onto the grid of another raster, then overviews by gdaladdo: SOURCE.tif LIKE OUT.tif.

LIKE is a raster, or a folder whose largest file is one: the same cells can then be compared.
"""

import json
import os
import subprocess
import sys

source, like, out = sys.argv[1:]
if os.path.isdir(like):
    files = [os.path.join(folder, name) for folder, _, names in os.walk(like) for name in names]
    like = max(files, key=os.path.getsize)
known = json.loads(subprocess.check_output(["gdalinfo", "-json", like]))
width, height = known["size"]
left, cell, _, top, _, down = known["geoTransform"]
extent = [left, top + down * height, left + cell * width, top]
form = ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=DEFLATE", "PREDICTOR=2", "BIGTIFF=IF_SAFER"]
options = [word for option in form for word in ("-co", option)]
subprocess.check_call(
    ["gdalwarp", "-q", "-overwrite", "-t_srs", "EPSG:4326", "-r", "bilinear", "-wm", "512"]
    + ["-te", *map(repr, extent), "-ts", str(width), str(height), *options, source, out]
)
levels = [str(2**n) for n in range(1, 8)]
config = ["--config", "COMPRESS_OVERVIEW", "DEFLATE", "--config", "PREDICTOR_OVERVIEW", "2"]
subprocess.check_call(["gdaladdo", "-q", "-r", "average", *config, out, *levels])
