"""Whether a batch of regions is right: OURS.csv EXACTEXTRACT.csv TRENDS_EARTH.csv ; prints {"agree": ..., "text": ...}.

Yearly means of soums must be those of exactextract but for sphere and ellipsoid. Least squares and Theil-Sen are two
estimators: their soum means must go together, not be equal.
"""

import json
import sys

import numpy as np
import pandas

ours = pandas.read_csv(sys.argv[1], dtype={"zone_id": str})
soums = ours[ours["level"] == "soum"]
means = soums[soums["measure"] == "vegetation"].set_index(["zone_id", "year"])["mean"]
theirs = pandas.read_csv(sys.argv[2], dtype={"zone_id": str}).set_index(["zone_id", "year"])["mean"]
both = pandas.concat([means, theirs], axis=1, keys=["ours", "theirs"]).dropna()
worst = float((both["ours"] / both["theirs"] - 1).abs().max())
agree = worst < 2e-5 and len(both) == len(means) == len(theirs)
text = f"{len(both)} yearly means, largest relative difference {worst:.1e}"
slopes = soums[soums["measure"] == "slope_per_year"].set_index("zone_id")["mean"]
least = pandas.read_csv(sys.argv[3], dtype={"zone_id": str}).set_index("zone_id")["slope_per_year"]
both = pandas.concat([slopes, least], axis=1, keys=["ours", "theirs"]).dropna()
correlation = float(np.corrcoef(both["ours"], both["theirs"])[0, 1])
agree = agree and correlation > 0.95 and len(both) == len(least)
text += f"; {len(both)} soum means of Theil-Sen and of least squares slopes, correlation {correlation:.4f}"
parts = ours[ours["measure"] == "vegetation"].groupby(["level", "year"])["area_ha"].sum().unstack("level")
gap = float((parts.div(parts["soum"], axis=0) - 1).abs().max().max())
agree = agree and gap < 1e-9
text += f"; areas of {', '.join(parts.columns)} differ by {gap:.1e} at most"
print(json.dumps({"agree": bool(agree), "text": text}))
