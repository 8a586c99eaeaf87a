"""One run of `bench fhir`, in a process and a district of its own; prints a line of JSON a part.

python -m onesystem.bench.fhir_run FOLDER ndjson|bundles RESOURCES PART
"""

import gc
import json
import os
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from onesystem.bench.patients import bundles, lines

_TICK = os.sysconf("SC_CLK_TCK")


def main(folder: Path, kind: str, resources: int, part: int) -> None:
    """Take in so many resources, a part at a time, and print what each part cost."""
    os.environ["ONESYSTEM_DISTRICT"] = str(folder)
    from onesystem.wiring import open_district

    district = open_district()
    from onesystem.feeds import take_in

    made = _files(folder, kind, part)
    done = 0
    while done < resources:
        file, count = next(made)
        gc.collect()
        server, begun, wall = server_seconds(), time.process_time(), time.monotonic()
        report = take_in([file], "bench", district=district)
        cpu = time.process_time() - begun
        done += count
        line = {
            "resources": count,
            "cpu": cpu,
            "server_cpu": server_seconds() - server,
            "wall": time.monotonic() - wall,
            "read": report.total.read,
            "quarantined": report.total.quarantined,
            "entries": report.entries,
            "contacts": report.contacts,
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        file.unlink()


def _files(folder: Path, kind: str, part: int) -> Iterator[tuple[Path, int]]:
    number = 0
    one_by_one, together = lines(), bundles(seed=2)
    while True:
        number += 1
        file = folder / f"part-{number}.ndjson"
        if kind == "ndjson":
            listed, count = list(islice(one_by_one, part)), part
        else:
            listed, count = [], 0
            while count < part:
                listed.append(next(together))
                count += listed[-1].count(b'"fullUrl"')
        file.write_bytes(b"\n".join(listed) + b"\n")
        yield file, count


def server_seconds() -> float:
    """CPU seconds of all processes of the PostgreSQL server, where it runs on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = _stat(cursor.fetchone()[0])
    if own is None:
        return 0.0
    parent = own[1]
    each = (_stat(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit())
    return sum(seconds for seconds, above, _ in filter(None, each) if above == parent)


def _stat(pid: int) -> tuple[float, int, int] | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / _TICK, int(fields[1]), pid


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
