"""Load on the service's reads, beside a bare route of axum with the same bytes, into benches/RESULTS.md.

usage: load.py BELCHEER WORKSPACE [SECONDS] [BARE]
"""

import http.client
import json
import math
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import load_uploads

RESULTS = os.path.join(os.path.dirname(__file__), "..", "RESULTS.md")
TICKS = os.sysconf("SC_CLK_TCK")
AIMS = {"requests a second": 10_000, "p99 ms": 20.0, "CPU ms": 0.1, "page ms": 30.0, "vector ms": 0.2, "raster ms": 3.0}


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid):
    status = open(f"/proc/{pid}/status").read()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


class Server:
    """A program that prints its address, ended with this value."""

    def __init__(self, command, stream):
        pipes = {stream: subprocess.PIPE}
        self.process = subprocess.Popen(command, text=True, **pipes)
        for line in getattr(self.process, stream):
            found = re.search(r"(http://\S+)", line)
            if found:
                self.address = found[1]
                return
        raise SystemExit(f"{command[0]} did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def get(self, path, headers=None):
        request = urllib.request.Request(self.address + path, headers=headers or {})
        with urllib.request.urlopen(request) as answer:
            return answer.read(), answer.headers

    def once(self, path, headers=None):
        """One request: seconds of CPU of the server, and wall seconds."""
        before, start = cpu_seconds(self.process.pid), time.perf_counter()
        body, _ = self.get(path, headers)
        wall = time.perf_counter() - start
        return cpu_seconds(self.process.pid) - before, wall, len(body)


def wrk(server, path, seconds, headers=None):
    command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    before = cpu_seconds(server.process.pid)
    said = subprocess.run(command + [server.address + path], capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(server.process.pid) - before
    requests = int(re.search(r"(\d+) requests in", said)[1])
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}

    def quantile(name):
        number, unit = re.search(rf"{name}%\s+([\d.]+)(us|ms|s)", said).groups()
        return float(number) * units[unit]

    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if failed:
        raise SystemExit(f"{path}: {failed[1]} answers of {requests} were refusals")
    return {
        "rps": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        "p50": quantile("50"),
        "p99": quantile("99"),
        "cpu": used / requests * 1000,
        "requests": requests,
    }


def tiles_of(west, south, east, north, zooms):
    """Addresses zoom/row/column of the tiles that meet a box."""

    def place(longitude, latitude, zoom):
        side = 1 << zoom
        sine = math.sin(math.radians(latitude))
        y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
        return int((longitude / 360 + 0.5) * side), int(y * side)

    found = []
    for zoom in zooms:
        (left, bottom), (right, top) = place(west, south, zoom), place(east, north, zoom)
        found += [f"{zoom}/{y}/{x}" for x in range(left, right + 1) for y in range(top, bottom + 1)]
    return found


def each(server, paths, seconds):
    """Many addresses one after the other over one connection, as many rounds as fit: the same figures as of `wrk`."""
    place = urllib.parse.urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname, place.port)
    times, size = [], 0
    before, until = cpu_seconds(server.process.pid), time.perf_counter() + seconds
    while time.perf_counter() < until:
        for path in paths:
            start = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            size += len(answer.read())
            if answer.status not in (200, 204):
                raise SystemExit(f"{path}: {answer.status}")
            times.append(time.perf_counter() - start)
    used = cpu_seconds(server.process.pid) - before
    times.sort()
    figures = {
        "rps": len(times) / sum(times),
        "p50": times[len(times) // 2] * 1000,
        "p99": times[int(len(times) * 0.99)] * 1000,
        "cpu": used / len(times) * 1000,
    }
    return figures, size / len(times)


def tile_rows(server, seconds, kind):
    """Tiles of soums with their verification and of each raster, zoom 6 to 9 and the country from afar."""
    rasters = json.loads(server.get("/v1/rasters")[0])["rasters"]
    shown = {"vector tile": "/collections/verification/tiles/WebMercatorQuad/{z}/{y}/{x}"}
    if rasters:
        shown[f"raster tile ({rasters[0]['product']})"] = rasters[0]["tiles"]
    rows, costs = [], {}
    for name, template in shown.items():
        for zooms, words in [(range(6, 10), "z6-9"), (range(5, 6), "z5")]:
            tiles = [template.replace("{z}/{y}/{x}", tile) for tile in tiles_of(88, 42, 119, 52, zooms)]
            random.Random(1).shuffle(tiles)
            tiles = tiles[:200]
            each(server, tiles[:20], 0.1)
            figures, size = each(server, tiles, seconds)
            costs[f"{name.split()[0]} {words}"] = figures["cpu"]
            rows.append(row(f"{name} {words}, {kind}", size, figures))
    return rows, costs


def row(name, size, figures, bare=None):
    ratio = f"{figures['cpu'] / bare['cpu']:.2f}" if bare else ""
    return (
        f"| {name} | {size / 1000:.1f} | {figures['rps']:,.0f} | {figures['p50']:.2f} | {figures['p99']:.2f} "
        f"| {figures['cpu']:.3f} | {ratio} |"
    )


def main(belcheer, workspace, seconds, bare_program):
    serve = [belcheer, "--workspace", workspace, "serve", "--listen", "127.0.0.1:0"]
    rows, notes = [], []
    kept = {}
    gzip = {"Accept-Encoding": "gzip"}
    with Server(serve, "stderr") as server:
        listed = json.loads(server.get("/v1/soums")[0])
        soum = listed["soums"][len(listed["soums"]) // 2]["au2"]
        verification = f"/v1/soums/{soum}/verification"
        pages = {
            "verification": (verification, None),
            "verification, gzip": (verification, gzip),
            "list of soums": ("/v1/soums", None),
            "GeoJSON simplified": ("/v1/soums?f=geojson", None),
            "GeoJSON simplified, gzip": ("/v1/soums?f=geojson", gzip),
            "GeoJSON full": ("/v1/soums?f=geojson&detail=full", None),
            "GeoJSON full, gzip": ("/v1/soums?f=geojson&detail=full", gzip),
        }
        # the first page with borders also reads the boundaries and writes their text
        first = server.once("/v1/soums?f=geojson")
        notes.append(f"first page with borders after the start, boundaries read: {first[0]:.2f} s CPU, {first[1]:.2f} s wall")
        for name, (path, headers) in pages.items():
            body, _ = server.get(path, headers)
            kept[name] = wrk(server, path, seconds, headers)
            bare = None
            if bare_program:
                with tempfile.NamedTemporaryFile() as file:
                    file.write(body)
                    file.flush()
                    with Server([bare_program, file.name], "stdout") as limit:
                        bare = wrk(limit, "/", seconds)
            rows.append(row(f"{name}, kept", len(body), kept[name], bare))
            if bare:
                rows.append(row("bare route, the same bytes", len(body), bare))
        _, headers = server.get(verification)
        held = wrk(server, verification, seconds, {"If-None-Match": headers["ETag"]})
        rows.append(row("verification, 304", 0, held))
        tiles, _ = tile_rows(server, seconds, "kept")
        rows += tiles
        crowded = load_uploads.beside_slow(server, wrk, verification, seconds)
        name = f"verification, kept, beside {load_uploads.IDLE} idle and {load_uploads.SLOW} slow connections"
        rows.append(row(name, len(server.get(verification)[0]), crowded))
        notes.append(f"memory of the server after this: {memory_mb(server.process.pid):.0f} MB")
    with Server(serve + ["--cache-mib", "0"], "stderr") as server:
        made = {}
        for name in ["verification", "list of soums", "GeoJSON simplified", "GeoJSON full"]:
            path, _ = pages[name]
            body, _ = server.get(path)
            made[name] = wrk(server, path, seconds)
            rows.append(row(f"{name}, made anew", len(body), made[name]))
        tiles, costs = tile_rows(server, seconds, "made anew")
        rows += tiles
    good = kept["verification"]
    for name, aim, found, least in [
        ("kept verification, requests a second", AIMS["requests a second"], good["rps"], True),
        ("kept verification, p99 ms", AIMS["p99 ms"], good["p99"], False),
        ("kept verification, CPU ms", AIMS["CPU ms"], good["cpu"], False),
        ("full GeoJSON made anew, CPU ms", AIMS["page ms"], made["GeoJSON full"]["cpu"], False),
        ("vector tile z6-9 made anew, CPU ms", AIMS["vector ms"], costs["vector z6-9"], False),
        *([("raster tile z6-9 made anew, CPU ms", AIMS["raster ms"], costs["raster z6-9"], False)] if "raster z6-9" in costs else []),
    ]:
        met = found >= aim if least else found <= aim
        bound = "at least" if least else "at most"
        notes.append(f"{name}: {bound} {aim:g}; found {found:.3g}, {'met' if met else '**missed**'}")
    notes += load_uploads.measure(belcheer, Server, {"BELCHEER_RATE_KEY": "0"})
    write(section(rows, notes, len(listed["soums"]), seconds, belcheer))


def section(rows, notes, soums, seconds, belcheer):
    kind = "release" if "/release/" in os.path.abspath(belcheer) else "dev profile, opt-level 1"
    peers = [
        ("martin, tiles from its cache", "0.013"),
        ("martin and PostGIS, vector tile z6-9 / z5", "3.6 / 28.8"),
        ("tipg and PostGIS, vector tile z6-9 / z5", "5.6 / 28.9"),
        ("titiler, raster tile z6-9", "27.4"),
        ("tipg and PostGIS, one item by id", "2.5"),
        ("pygeoapi and PostgreSQL, one item by id", "3.8"),
        ("tipg and PostGIS, all 340 items (12 MB)", "719"),
    ]
    lines = [
        "<!-- service -->",
        "## The service's reads",
        "",
        f"A workspace of {soums} soums, `wrk -t1 -c8` for {seconds} s a row on the same two cores, loopback; program: {kind}. "
        f"CPU is the server's (`/proc/PID/stat`), for a request. *Kept* answers come from memory; *made anew* is the same "
        f"program without that memory (`--cache-mib 0`), boundaries and results read already. Tiles are asked for one after the other over one connection, 200 of the country's. Load at the start: "
        f"{os.getloadavg()[0]:.1f}. Written by `make load`.",
        "",
        "| request | kB | requests a second | p50 ms | p99 ms | CPU ms | CPU / bare |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *rows,
        "",
        "Peers, measured on such a machine with the same tool at another time (their own stores, their own pages):",
        "",
        "| peer | CPU ms |",
        "|---|---:|",
        *(f"| {name} | {value} |" for name, value in peers),
        "",
        *(f"- {note}" for note in notes),
        "",
    ]
    return "\n".join(lines)


def write(text):
    page = open(RESULTS, encoding="utf-8").read()
    parts = re.split(r"(?m)^(?=<!-- \w+ -->$)", page)
    parts = [part for part in parts if not part.startswith("<!-- service -->")]
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write("".join(parts).rstrip("\n") + "\n\n" + text)
    print(text)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 5, sys.argv[4] if len(sys.argv) > 4 else None)
