"""Many uploads at once, and slow senders beside readers: lines for benches/RESULTS.md."""

import base64
import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

UPLOADS, MIB_EACH, PIECE = 64, 50, 8 << 20
IDLE, SLOW = 2000, 200


def plain_writes(folder):
    """The same bytes by as many threads, every piece synced: seconds."""
    piece = os.urandom(PIECE)

    def one(n):
        with open(os.path.join(folder, str(n)), "wb") as file:
            left = MIB_EACH << 20
            while left:
                left -= file.write(piece[: min(left, PIECE)])
                file.flush()
                os.fsync(file.fileno())

    return timed(one)


def timed(one):
    failures = []

    def guarded(n):
        try:
            one(n)
        except Exception as error:  # told below, with the others
            failures.append(f"{n}: {error!r}")

    threads = [threading.Thread(target=guarded, args=(n,)) for n in range(UPLOADS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit("\n".join(failures[:5]))
    return time.perf_counter() - start


def upload(place, key, n):
    """One upload in pieces over one connection; everything must be acknowledged."""
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=300)
    piece, length = os.urandom(PIECE), MIB_EACH << 20
    common = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}
    name = base64.b64encode(f"{n}.tif".encode()).decode()
    connection.request("POST", "/uploads", headers=common | {"Upload-Length": str(length), "Upload-Metadata": f"filename {name}", "Content-Length": "0"})
    begun = connection.getresponse()
    begun.read()
    assert begun.status == 201, begun.status
    address, offset = begun.headers["Location"], 0
    while offset < length:
        part = piece[: min(PIECE, length - offset)]
        headers = common | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        connection.request("PATCH", address, body=part, headers=headers)
        answer = connection.getresponse()
        answer.read()
        offset += len(part)
        assert answer.status == 204 and int(answer.headers["Upload-Offset"]) == offset, answer.status
    connection.request("HEAD", address, headers=common)
    held = connection.getresponse()
    held.read()
    # a whole upload becomes a draft at once
    assert held.status == 200 and int(held.headers["Upload-Offset"]) == length, held.status


def peak_mb(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) / 1024


def measure(belcheer, start, serve_environment):
    """`start(command, stream)` starts a server. Gives lines of the page."""
    folder = tempfile.mkdtemp(prefix="belcheer-load-", dir=os.environ.get("BELCHEER_LOAD_DIR"))
    workspace = os.path.join(folder, "workspace")
    ask = [belcheer, "--quiet", "--workspace", workspace]
    try:
        subprocess.run([belcheer, "--quiet", "init", workspace], check=True, capture_output=True)
        key = subprocess.run(
            ask + ["key", "issue", "--role", "analyst", "--holder", "load"], check=True, capture_output=True, text=True
        ).stdout.strip()
        os.environ.update(serve_environment)
        limit = plain_writes(folder)
        with start([belcheer, "--workspace", workspace, "serve", "--listen", "127.0.0.1:0"], "stderr") as server:
            place = urllib.parse.urlsplit(server.address)
            waits, over = [], threading.Event()

            def others():
                while not over.is_set():
                    asked = time.perf_counter()
                    server.get("/v1/cycles")
                    waits.append(time.perf_counter() - asked)
                    time.sleep(0.02)

            reader = threading.Thread(target=others)
            reader.start()
            took = timed(lambda n: upload(place, key, n))
            over.set()
            reader.join()
            peak = peak_mb(server.process.pid)
        waits.sort()
        total = UPLOADS * MIB_EACH
        lines = [
            f"{UPLOADS} uploads of {MIB_EACH} MiB at once, in pieces of {PIECE >> 20} MiB, each synced before its 204: all complete in "
            f"{took:.1f} s, {total / took:.0f} MiB/s; as many plain writers with a sync after each piece {limit:.1f} s, "
            f"{total / limit:.0f} MiB/s (ratio {took / limit:.2f}); peak memory of the server {peak:.0f} MB; "
            f"another reader meanwhile p99 {waits[int(len(waits) * 0.99)] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms"
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return lines


def hold(place):
    """Connections that say nothing and some that say it slowly, until the event is set."""
    held = [socket.create_connection((place.hostname, place.port)) for _ in range(IDLE)]
    slow = [socket.create_connection((place.hostname, place.port)) for _ in range(SLOW)]
    for connection in slow:
        connection.sendall(b"GET /v1/soums HTTP/1.1\r\nhost: a\r\nx-slow: ")
    return held, slow


def beside_slow(server, wrk, path, seconds):
    """Kept reads while many connections lie idle and some send a byte now and then."""
    place = urllib.parse.urlsplit(server.address)
    held, slow = hold(place)
    over = threading.Event()

    def drip():
        while not over.wait(1.0):
            for connection in slow:
                try:
                    connection.sendall(b"a")
                except OSError:
                    pass

    dripping = threading.Thread(target=drip)
    dripping.start()
    figures = wrk(server, path, seconds)
    over.set()
    dripping.join()
    for connection in held + slow:
        connection.close()
    return figures
