"""The practical limit of trends, as processor time of the kernel: LIBRARY STACK.npy NODATA YEARS_MIN."""

import ctypes
import json
import sys
import time

import numpy as np

library = ctypes.CDLL(sys.argv[1])
stack = np.ascontiguousarray(np.load(sys.argv[2])).reshape(np.load(sys.argv[2], mmap_mode="r").shape[0], -1)
years, cells = stack.shape
results = [np.empty(cells, kind) for kind in (np.float32, np.int16, np.float32, np.uint8)]


def address(array):
    return array.ctypes.data_as(ctypes.c_void_p)


before = time.process_time()
library.mkts(
    address(stack), ctypes.c_int(years), ctypes.c_long(cells), ctypes.c_int16(int(sys.argv[3])),
    *map(address, results), ctypes.c_int(int(sys.argv[4])),
)
print(json.dumps({"kernel_cpu_s": time.process_time() - before}))
