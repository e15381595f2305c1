"""Whether points went to the right zones: POINTS.parquet OURS.csv WITHIN.parquet INTERSECTS.parquet.

OURS has the columns pid, id (empty: in none). A point inside one zone must go there; one that lies on borders must
go to exactly one of the zones it touches; one that touches none must go nowhere. Prints {"agree": ..., "text": ...}.
"""

import json
import sys

import numpy as np
import pandas

points, ours, within, touched = sys.argv[1:]
count = len(pandas.read_parquet(points, columns=["pid"]))
ours = pandas.read_csv(ours, usecols=["pid", "id"]).dropna()
within, touched = pandas.read_parquet(within), pandas.read_parquet(touched)

assigned = np.full(count, -1)
assigned[ours["pid"].astype(int)] = ours["id"].astype(int)
inside = np.full(count, -1)
inside[within["pid"]] = within["id"]
near = set(zip(touched["pid"].tolist(), touched["id"].tolist()))
touches = np.zeros(count, bool)
touches[touched["pid"]] = True

twice = int(ours["pid"].duplicated().sum())
elsewhere = int(((inside >= 0) & (assigned != inside)).sum())
nowhere = int(((assigned >= 0) & ~touches).sum())
lost = int((touches & (assigned < 0)).sum())
on_borders = np.flatnonzero(touches & (inside < 0))
strangers = sum(assigned[i] >= 0 and (int(i), int(assigned[i])) not in near for i in on_borders)
wrong = twice + elsewhere + nowhere + lost + strangers
text = (
    f"{(assigned >= 0).sum()} of {count} points assigned, {len(on_borders)} of them on borders; in two zones {twice}, "
    f"in another zone {elsewhere}, assigned but touching none {nowhere}, touching but not assigned {lost}, "
    f"on a border and given to a zone not touched {strangers}"
)
print(json.dumps({"agree": bool(wrong == 0), "text": text}))
