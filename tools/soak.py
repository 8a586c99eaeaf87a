"""Soak a served district: many times its mean load for long, with processes killed at random.

    python tools/soak.py DISTRICT [--minutes 60] [--rate 25] [--port 8240] [--seed 1] [--json FILE]

DISTRICT is a demo district (`onesystem demo make`); a copy of it is served, and nothing is written
to it. Messages go in over MLLP as two hospitals send them, some of them spoilt; pages are read as
a nurse reads them; every few seconds a process is killed as `kill -9` does, now and then the whole
of them. Nobody is killed in the last third: there the memory is measured.

A district of a million people has about 26 contacts a person and year, 0.8 a second, and about
three messages a contact: ten times its mean load is 25 messages a second, which is the default.

What was acknowledged has to be in the store at the end, once; else the exit code is 1.
"""

import argparse
import http.cookiejar
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))
from processes import handles, memory, sockets_of, tree

SOURCES = {"nnuh-pas": "NNUH", "jpuh-pas": "JPUH"}
PAGES = ("/", "/now/rows/", "/people/", "/alerts/", "/services/", "/health/")
PEOPLE = 4000  # whom messages are about
WINDOW = 64  # messages on their way at most
SPOILT = 0.03  # share of messages that hold what no message may
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_START, _END = b"\x0b", b"\x1c\r"


Served = subprocess.Popen[bytes]
Sample = tuple[float, int, int, int]  # second, bytes, open files, processes


class Told:
    """What happened, from all threads."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.acknowledged: dict[str, list[str]] = {source: [] for source in SOURCES}
        self.recoveries: list[tuple[str, float]] = []
        self.samples: list[Sample] = []
        self.over = threading.Event()

    def add(self, what: str) -> None:
        """Count something."""
        with self.lock:
            self.count[what] += 1


def message(source: str, number: int, chance: random.Random) -> bytes:
    """One act of a visit of somebody, now and then spoilt."""
    visit, act = divmod(number, 3)
    at = f"{datetime.now(ZoneInfo('Europe/London')):%Y%m%d%H%M%S}"
    kind, place = (("A01", "ED"), ("A02", "AMU"), ("A03", "AMU"))[act]
    person, who = visit % PEOPLE, SOURCES[source]
    mark = blake2b(f"{person}".encode(), digest_size=8).hexdigest().translate(_LETTERS)
    born = f"19{person % 87 + 10}{person % 12 + 1:02}{person * 7 % 28 + 1:02}"
    text = "\r".join((
        f"MSH|^~\\&|PAS|{who}|ONE|DIST|{at}||ADT^{kind}|SOAK{source}{number}|P|2.4",
        f"EVN|{kind}|{at}",
        f"PID|1||S{person}^^^{who}^MR||{mark[:8]}^{mark[8:]}||{born}|{'FM'[person % 2]}",
        f"PV1|1|I|{place}^1^2|{'' if act else 'E'}{'|' * 15}V{visit}^^^{who}{'|' * 25}{at}",
        "",
    ))  # fmt: skip
    data = text.encode()
    if chance.random() >= SPOILT:
        return data
    cut = chance.randrange(20, len(data))
    noise = chance.randbytes(9).replace(_START, b"").replace(b"\x1c", b"")
    return data[:cut] + noise + data[cut + 4 :]


class Line:
    """One source's line: what was not acknowledged is sent again, on a new line where it broke."""

    def __init__(self, source: str, port: int, told: Told) -> None:
        self.source, self.port, self.told = source, port, told
        self.waiting: list[bytes] = []
        self._line: socket.socket | None = None
        self._rest = b""

    def turn(self) -> None:
        """Send what waits, and hear what is acknowledged."""
        try:
            if self._line is None:
                self._line = socket.create_connection(("127.0.0.1", self.port), timeout=20)
                self._rest = b""
            self._line.sendall(b"".join(_START + data + _END for data in self.waiting))
            while self.waiting:
                self._hear(self._line)
        except OSError:
            self.told.add("lines broken")
            if self._line:
                self._line.close()
            self._line = None
            time.sleep(0.2)

    def _hear(self, line: socket.socket) -> None:
        while _END not in self._rest:
            got = line.recv(1 << 16)
            if not got:
                raise ConnectionError
            self._rest += got
        answer, self._rest = self._rest.split(_END, 1)
        digest = blake2b(self.waiting.pop(0), digest_size=16).hexdigest()
        self.told.acknowledged[self.source].append(digest)
        self.told.add("refused" if b"|AA|" not in answer else "accepted")


def send(source: str, port: int, rate: float, told: Told, seed: int) -> None:
    """Send at a rate until it is over, and whatever was not acknowledged after it."""
    chance, number, begun = random.Random(seed), 0, time.monotonic()  # noqa: S311 - a load, no secret
    line = Line(source, port, told)
    while not told.over.is_set() or line.waiting:
        due = 0 if told.over.is_set() else (time.monotonic() - begun) * rate
        while number < due and len(line.waiting) < WINDOW:
            line.waiting.append(message(source, number, chance))
            number += 1
            told.add("messages")
        if line.waiting:
            line.turn()
        else:
            time.sleep(0.02)


def read(port: int, told: Told) -> None:
    """Read pages as a nurse does; a 5xx while nobody was killed is a fault."""
    base, jar = f"http://127.0.0.1:{port}", http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    signed_in, turn = False, 0
    while not told.over.is_set():
        try:
            if not signed_in:
                page = browser.open(base + "/account/login/", timeout=30).read().decode()
                token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
                form = {
                    "csrfmiddlewaretoken": token,
                    "login": "nurse",
                    "password": "demo-district-2026",
                }
                browser.open(
                    base + "/account/login/", urllib.parse.urlencode(form).encode(), timeout=30
                )
                signed_in = True
            turn += 1
            with browser.open(base + PAGES[turn % len(PAGES)], timeout=60) as answer:
                answer.read()
            told.add("pages")
        except urllib.error.HTTPError as error:
            told.add(f"pages answered {error.code}")
        except (OSError, ValueError, TypeError):
            told.add("pages not answered")
        time.sleep(0.2)


def kill(
    served: Served, ports: dict[str, int], kind: str, told: Told, start: Callable[[], Served]
) -> Served:
    """Kill one kind of process, and wait until what it did is done again."""
    every = [pid for pid in tree(served.pid) if pid != served.pid]
    begun = time.monotonic()
    holding = {name: sockets_of(every, port) for name, port in ports.items()}
    if kind == "everything":
        for pid in (served.pid, *every):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        served.wait()
        served = start()
    else:
        others = [pid for pid in every if not any(pid in held for held in holding.values())]
        chosen = {"other": others}.get(kind) or holding.get(kind) or every
        with suppress(ProcessLookupError, IndexError):
            os.kill(gone := random.choice(chosen), signal.SIGKILL)  # noqa: S311
            while gone in tree(served.pid) and time.monotonic() < begun + 10:
                time.sleep(0.02)
    told.add("kills")
    told.add(f"kills of {kind}")
    while not all(open_now(port) for port in ports.values()) and time.monotonic() < begun + 120:
        time.sleep(0.1)
    told.recoveries.append((kind, time.monotonic() - begun))
    return served


def open_now(port: int) -> bool:
    """Whether somebody listens."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def sample(served: Served, told: Told, begun: float) -> None:
    """Memory and open files of all processes, and when."""
    pids = tree(served.pid)
    told.samples.append(
        (time.monotonic() - begun, sum(map(memory, pids)), sum(map(handles, pids)), len(pids))
    )


def copied(district: Path, folder: str, first: int) -> tuple[Path, dict[str, int]]:
    """A copy whose sources listen at ports of their own, from `first`; the ports by source."""
    here, ports = Path(folder) / "district", {}
    shutil.copytree(district, here)
    text, at = (here / "district.toml").read_text(encoding="utf-8"), ""
    lines = []
    for row in text.splitlines():
        if found := re.match(r"\[sources\.([\w-]+)\]", row):
            at = found[1]
        if listens := row.startswith("listen = "):
            ports[at] = first + len(ports)
        lines.append(f"listen = {ports[at]}" if listens else row)
    (here / "district.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return here, ports


def missing(here: Path, told: Told) -> tuple[int, int]:
    """How many acknowledged messages the store does not have, and contacts that are there twice."""
    with closing(sqlite3.connect(f"file:{here}/store.sqlite3?mode=ro", uri=True)) as store:
        return _missing(store, told)


def _missing(store: sqlite3.Connection, told: Told) -> tuple[int, int]:
    lost = 0
    for source, digests in told.acknowledged.items():
        held = {
            d
            for (d,) in store.execute("SELECT digest FROM feeds_message WHERE source = ?", [source])
        }
        lost += len(set(digests) - held)
    [(twice,)] = store.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM contacts_contact GROUP BY source, key, visit, service,"
        " started HAVING COUNT(*) > 1)"
    )
    return lost, twice


def slope(samples: list[Sample]) -> float:
    """Megabytes an hour of a line through (second, bytes)."""
    if len(samples) < 3:
        return 0.0
    n, xs, ys = len(samples), [s[0] for s in samples], [s[1] for s in samples]
    mx, my = sum(xs) / n, sum(ys) / n
    return (
        sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
        / sum((x - mx) ** 2 for x in xs)
        * 3600
        / 1e6
    )


def main() -> int:
    """Soak, and say what came of it."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("district", type=Path)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--rate", type=float, default=25, help="messages a second")
    asked.add_argument("--port", type=int, default=8240)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--json", type=Path)
    asked = asked.parse_args()
    random.seed(asked.seed)
    told = Told()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        report = soaked(asked, told, folder)
    sys.stdout.write(words(report) + "\n")
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return (
        1 if report["lost"] or report["twice"] or report["store"] != "ok" or report["faults"] else 0
    )


def soaked(asked: argparse.Namespace, told: Told, folder: str) -> dict[str, Any]:
    """The whole of it; the report."""
    here, lines = copied(asked.district, folder, asked.port + 2)
    ports = {"pages": asked.port, "stream": asked.port + 1, "feeds": lines["nnuh-pas"]}
    log = (Path(folder) / "serve.log").open("wb")

    def start() -> Served:
        command = [
            sys.executable,
            "-m",
            "onesystem.cli",
            "-d",
            str(here),
            "serve",
            "--demo",
            "--port",
            str(asked.port),
        ]
        return subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - our own command

    served, begun = start(), time.monotonic()
    try:
        while not all(map(open_now, ports.values())) and time.monotonic() < begun + 300:
            time.sleep(0.5)
        first = time.monotonic()
        threads = [
            threading.Thread(target=send, args=(s, lines[s], asked.rate / 2, told, asked.seed + i))
            for i, s in enumerate(SOURCES)
        ] + [threading.Thread(target=read, args=(asked.port, told)) for _ in range(2)]
        for each in threads:
            each.start()
        ends, quiet = first + asked.minutes * 60, first + asked.minutes * 40
        kinds = ["pages"] * 4 + ["stream"] * 2 + ["feeds"] * 5 + ["other"] * 3 + ["everything"]
        due = first + 20
        while time.monotonic() < ends:
            sample(served, told, first)
            if due < time.monotonic() < quiet:
                served = kill(served, ports, random.choice(kinds), told, start)  # noqa: S311
                due = time.monotonic() + random.uniform(5, 20)  # noqa: S311
            time.sleep(5)
        told.over.set()
        for each in threads:
            each.join(timeout=180)
        for _ in range(120):
            lost, twice = missing(here, told)
            if not lost:
                break
            time.sleep(1)
    finally:
        told.over.set()
        served.terminate()
        served.wait(timeout=60)
    with closing(sqlite3.connect(here / "store.sqlite3")) as kept:
        [(store,)] = kept.execute("PRAGMA integrity_check")
    trail = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "onesystem.cli", "-d", str(here), "audit", "verify"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    calm = [s for s in told.samples if s[0] > asked.minutes * 40 + 60] or told.samples[-1:]
    first, last = told.samples[min(2, len(told.samples) - 1)], told.samples[-1]
    faults = (n for what, n in told.count.items() if re.match(r"pages answered 5(?!03)", what))
    return {
        "minutes": asked.minutes, "rate": asked.rate, "counts": dict(told.count),
        "sent_a_second": told.count["messages"] / (asked.minutes * 60),
        "recovery_median_s": _middle([s for _, s in told.recoveries]),
        "recovery_worst_s": max((s for _, s in told.recoveries), default=0),
        "lost": lost, "twice": twice, "store": store, "trail_holds": trail.returncode == 0,
        "faults": sum(faults),
        "memory_start_mb": first[1] / 1e6, "memory_end_mb": last[1] / 1e6,
        "calm_start_mb": calm[0][1] / 1e6, "calm_end_mb": calm[-1][1] / 1e6,
        "calm_slope_mb_h": slope(calm), "calm_minutes": (calm[-1][0] - calm[0][0]) / 60,
        "files_start": first[2], "files_end": last[2],
        "processes_start": first[3], "processes_end": last[3],
    }  # fmt: skip


def _middle(numbers: list[float]) -> float:
    return sorted(numbers)[len(numbers) // 2] if numbers else 0.0


def words(r: dict[str, Any]) -> str:
    """The report as text."""
    n = Counter(r["counts"])
    kinds = sorted(what for what in n if what.startswith("kills of "))
    kills = ", ".join(f"{n[what]} {what.removeprefix('kills of ')}" for what in kinds)
    trail = "holds" if r["trail_holds"] else "IS BROKEN"
    lines = {
        "inputs tried": f"{n['messages']:,} messages, {r['sent_a_second']:.1f} a second "
        f"({n['accepted']:,} accepted, {n['refused']:,} refused); {n['pages']:,} pages",
        "faults survived": f"{n['kills']} kills: {kills}",
        "back again after": f"{r['recovery_median_s']:.1f} s (median), "
        f"{r['recovery_worst_s']:.1f} s (worst)",
        "meanwhile": f"{n['lines broken']} lines broken, "
        f"{n['pages not answered']} pages not answered",
        "messages lost": f"{r['lost']} of those acknowledged; contacts there twice: {r['twice']}",
        "pages that failed": f"{r['faults']}",
        "store, trail": f"{r['store']}; the chain of the trail {trail}",
        "memory": f"{r['memory_start_mb']:.0f} MB at start, {r['memory_end_mb']:.0f} MB at end, of "
        "all processes, shared pages once",
        "without kills": f"{r['calm_start_mb']:.0f} to {r['calm_end_mb']:.0f} MB in "
        f"{r['calm_minutes']:.1f} minutes, {r['calm_slope_mb_h']:+.0f} MB an hour",
        "open files": f"{r['files_start']} at start, {r['files_end']} at end, of "
        f"{r['processes_start']} and {r['processes_end']} processes",
    }
    return "\n".join(
        (f"Soaked for {r['minutes']:g} minutes", *(f"{k:18}{v}" for k, v in lines.items()))
    )


if __name__ == "__main__":
    raise SystemExit(main())
