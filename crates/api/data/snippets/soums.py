import csv
import io
import json
import urllib.request

BASE = "{base}"


def get(path):
    with urllib.request.urlopen(BASE + path) as answer:
        return json.load(answer)


soums = get("/v1/soums")["soums"]
print(len(soums), "soums")
for indicator in get(soums[0]["verification_href"])["indicators"]:
    # effect, interval and minimum detectable change are in `unit`; positive is better
    print(indicator["indicator"], indicator["class"], indicator["effect"], indicator["ci90_low"],
          indicator["ci90_high"], indicator["mdc"], indicator["unit"])
# the years behind each change, and how far each lies from the baseline's mean
with urllib.request.urlopen(BASE + "/v1/soums/" + soums[0]["au2"] + "/files/years.csv") as answer:
    for year in csv.DictReader(io.TextIOWrapper(answer, "utf-8")):
        print(year["indicator"], year["year"], year["value"], year["value_unit"], year["change"], year["unit"])
