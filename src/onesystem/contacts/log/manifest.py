"""The manifest: the one small file that says which files the log consists of.

Files are written first and are never changed; a commit is a new manifest that names them, put in
place by an atomic rename under a lock, so a reader sees all of a commit or nothing of it, and any
number of processes may commit. A commit has a name and counts once. A file that a merge replaced
stays on disk for an hour, for readers that still hold the manifest before.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from onesystem.district import folder
from onesystem.vocabulary import UserError

_GRACE = 3600  # seconds that a replaced file stays for readers of the manifest before
_REMEMBERED = 5000  # commits whose names are kept; a pending one is minutes old, not thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """One file. Name below the log's folder; `digest` is the BLAKE2b of its bytes in hex.

    A month's file has a `month`; a person-sorted one has `first` and `last` identity, and in
    `groups` the first identity of each of its row groups. `until`, of a month's file, is the last
    time of any of its contacts, in microseconds. `planned` is whether it holds that column: a file
    in which nobody has such a time leaves it out. `unit` is how a person-sorted one tells its times
    (see `stays`).
    """

    name: str
    rows: int
    size: int
    digest: str
    sources: tuple[str, ...] = ()
    month: str = ""
    first: int = 0
    last: int = 0
    groups: tuple[int, ...] = ()
    until: int = 0
    planned: bool = False
    unit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The log at one moment."""

    number: int = 0
    months: tuple[LogFile, ...] = ()
    runs: tuple[LogFile, ...] = ()
    superseded: tuple[LogFile, ...] = ()
    events: tuple[LogFile, ...] = ()
    commits: tuple[str, ...] = ()
    retired: tuple[tuple[str, float], ...] = field(default=())

    @property
    def rows(self) -> int:
        """Versions in the log."""
        return sum(file.rows for file in self.months)

    @property
    def contacts(self) -> int:
        """Contacts in the log: versions that no other replaced."""
        return self.rows - sum(file.rows for file in self.superseded)

    @property
    def files(self) -> tuple[LogFile, ...]:
        """All of its files."""
        return (*self.months, *self.runs, *self.superseded, *self.events)

    def has(self, source: str) -> bool:
        """Whether the log holds anything of a source."""
        return any(source in file.sources for file in self.months)

    def until(self, source: str) -> int:
        """No contact of the source in the log is later than this (microseconds)."""
        return max((f.until for f in self.months if source in f.sources), default=0)


def place() -> Path:
    """The folder of this district's log."""
    return folder() / "log"


_cached: dict[Path, tuple[tuple[int, int], Manifest]] = {}


def current() -> Manifest:
    """The manifest of this process's district as it is now."""
    return read_from(place())


def read_from(log: Path) -> Manifest:
    """The manifest of the log in a folder; read again only when another took its place."""
    path = log / "manifest.json"
    try:
        stat = path.stat()
    except FileNotFoundError:
        return Manifest()
    stamp = (stat.st_ino, stat.st_mtime_ns)
    if path not in _cached or _cached[path][0] != stamp:
        _cached[path] = (stamp, _parse(path.read_bytes()))
    return _cached[path][1]


def commit(
    name: str,
    *,
    months: Sequence[LogFile] = (),
    runs: Sequence[LogFile] = (),
    superseded: Sequence[LogFile] = (),
    events: Sequence[LogFile] = (),
    instead_of: Sequence[str] = (),
) -> Manifest:
    """Add files to the log, and take away those that they replace. Once for each name."""
    with locked():
        now = current()
        if name in now.commits:
            return now
        gone = set(instead_of)
        missing = gone - {file.name for file in now.files}
        if missing:
            raise UserError(
                f"the log no longer has {min(missing)}",
                "Run the merge again; it starts anew.",
            )
        old, kept = _expired(now)
        after = replace(
            now,
            number=now.number + 1,
            months=(*(f for f in now.months if f.name not in gone), *months),
            runs=(*(f for f in now.runs if f.name not in gone), *runs),
            superseded=(*(f for f in now.superseded if f.name not in gone), *superseded),
            events=(*(f for f in now.events if f.name not in gone), *events),
            commits=(*now.commits, name)[-_REMEMBERED:],
            retired=(*kept, *((each, time.time()) for each in sorted(gone))),
        )
        _put(after)
        for each in old:
            (place() / each).unlink(missing_ok=True)
        return after


def wipe(name: str) -> None:
    """Begin the log anew, empty. Once for each name."""
    with locked():
        now = current()
        if name in now.commits:
            return
        _put(Manifest(number=now.number + 1, commits=(name,)))
        for each in (*(file.name for file in now.files), *(old for old, _ in now.retired)):
            (place() / each).unlink(missing_ok=True)


@contextmanager
def locked() -> Iterator[None]:
    """Hold the log against every other process that commits."""
    place().mkdir(parents=True, exist_ok=True)
    with (place() / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _expired(manifest: Manifest) -> tuple[list[str], list[tuple[str, float]]]:
    limit = time.time() - _GRACE
    old = [name for name, since in manifest.retired if since < limit]
    return old, [each for each in manifest.retired if each[1] >= limit]


def _put(manifest: Manifest) -> None:
    path = place() / "manifest.json"
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as out:
        out.write(orjson.dumps(asdict(manifest)))
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(path)
    sync_folder(path.parent)


def _parse(raw: bytes) -> Manifest:
    said = orjson.loads(raw)

    def files(name: str) -> tuple[LogFile, ...]:
        return tuple(file_from(each) for each in said.get(name, ()))

    return Manifest(
        number=said["number"],
        months=files("months"),
        runs=files("runs"),
        superseded=files("superseded"),
        events=files("events"),
        commits=tuple(said["commits"]),
        retired=tuple((name, since) for name, since in said["retired"]),
    )


def file_from(said: dict[str, Any]) -> LogFile:
    """A file's line of the manifest."""
    lists = {name: tuple(said[name]) for name in ("sources", "groups")}
    return LogFile(**{**said, **lists})
