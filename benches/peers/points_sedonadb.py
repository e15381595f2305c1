"""Points to zones by SedonaDB on one thread: ZONES.parquet POINTS.parquet OUT.parquet ST_Within|ST_Intersects.

Prints the processor time of the join alone as JSON, both tables being in memory before it.
"""

import json
import sys
import time

import sedonadb

zones, points, out, predicate = sys.argv[1:]
context = sedonadb.connect()
context.sql("SET datafusion.execution.target_partitions = 1").execute()
context.read_parquet(zones).to_memtable().to_view("zones")
context.read_parquet(points).to_memtable().to_view("points")
before = time.process_time()
table = context.sql(
    f"SELECT points.pid, zones.id FROM points JOIN zones "
    f"ON {predicate}(ST_SetSRID(ST_Point(points.x, points.y), 4326), zones.geometry)"
).to_pandas()
print(json.dumps({"join_cpu_s": time.process_time() - before}))
table.to_parquet(out, index=False)
