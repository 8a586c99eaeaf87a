"""Where costs lie: files beside the log, keyed by contact and version, and one that names them.

A file holds what the contacts of one of the log's months cost; one more those that are in the
operational store. Files are never changed. A manifest names the present ones and is put in place
by a rename, so that a reader sees all of a costing or nothing of it.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from onesystem.district import folder

RECENT = "recent"  # the part of what is in the operational store
_GRACE = 3600  # seconds that a replaced file stays for who reads it
_PLAIN = ("contact",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The costs of one of the log's months. `inputs` are the log's files that it is of."""

    name: str
    rows: int
    inputs: tuple[str, ...] = ()
    first: int = 0  # the first and the last month in which something cost
    last: int = -1
    minor: int = 0
    unfinished: bool = False  # whether something in it goes on
    left_out: tuple[int, ...] = ()  # contacts that the operational store tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Costs as they are. `day` is the day up to whose beginning they go."""

    number: int = 0
    day: str = ""
    zone: str = ""
    at: int = 0
    parts: Mapping[str, Part] = field(default_factory=dict)
    cells: str = ""
    superseded: tuple[str, ...] = ()
    prices: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all parts."""
        return sum(part.rows for part in self.parts.values())


def place() -> Path:
    """The folder of this district's costs."""
    return folder() / "costs"


def files_in(district: Path) -> list[str]:
    """The files of the present costs of a district's folder: for who reads it without us."""
    there = district / "costs"
    try:
        known = _parse((there / "manifest.json").read_bytes())
    except FileNotFoundError:
        return []
    return [str(there / part.name) for part in known.parts.values()]


_cached: dict[Path, tuple[tuple[int, int], Manifest]] = {}


def current() -> Manifest:
    """The costs as they are now."""
    path = place() / "manifest.json"
    try:
        stat = path.stat()
    except FileNotFoundError:
        return Manifest()
    stamp = (stat.st_ino, stat.st_mtime_ns)
    if path not in _cached or _cached[path][0] != stamp:
        _cached[path] = (stamp, _parse(path.read_bytes()))
    return _cached[path][1]


def _parse(raw: bytes) -> Manifest:
    said = orjson.loads(raw)
    parts = {}
    for name, each in said.pop("parts").items():
        lists = {key: tuple(each[key]) for key in ("inputs", "left_out")}
        parts[name] = Part(**{**each, **lists})
    said["superseded"] = tuple(said["superseded"])
    return Manifest(parts=parts, **said)


@contextmanager
def locked() -> Iterator[None]:
    """Hold the costs against every other process that works them out."""
    place().mkdir(parents=True, exist_ok=True)
    with (place() / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def put(manifest: Manifest) -> None:
    """Name the present files, in one step, and let go of those long replaced."""
    path = place() / "manifest.json"
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as out:
        out.write(orjson.dumps(asdict(manifest)))
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(path)
    named = {part.name for part in manifest.parts.values()} | {manifest.cells}
    limit = time.time() - _GRACE
    for old in place().glob("*.parquet"):
        if old.name not in named and old.stat().st_mtime < limit:
            old.unlink(missing_ok=True)


def write(table: Any, stem: str) -> str:
    """Write a file of costs or sums, durable; gives its name."""
    import pyarrow.parquet as pq

    name = f"{stem}-{secrets.token_hex(6)}.parquet"
    path = place() / name
    texts = [f.name for f in table.schema if str(f.type).startswith(("dictionary", "string"))]
    names = table.schema.names
    with path.open("wb") as out:
        pq.write_table(
            table, out, row_group_size=262_144, store_schema=False, write_statistics=["month"],
            use_dictionary=[*texts, *(n for n in names if n in {"version", "month", "minor"})],
            compression={n: "none" if n in _PLAIN else "zstd" for n in names},
        )  # fmt: skip
        out.flush()
        os.fsync(out.fileno())
    return name


def read(name: str, columns: list[str] | None = None) -> Any:
    """A file of costs or sums, as it was written."""
    import pyarrow.parquet as pq

    return pq.read_table(
        place() / name, columns=columns, use_threads=False,
        read_dictionary=["basis", "rule"],
    )  # fmt: skip
