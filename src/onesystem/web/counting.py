"""What the processes of a served district count together: pages, jobs, restarts.

Workers come and go every few pages, so what one of them counted must outlive it, and a file for
each process would leave thousands behind. There is one table in memory instead, made before the
fork and shared by all: a row for each name with its labels, a few numbers in it. A row is changed
under a lock of the table's file, which the system lets go of when a process dies.
"""

import fcntl
import mmap
import struct
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

EDGES = (0.025, 0.1, 0.25, 1.0, 2.5, 10.0)  # seconds: upper edges of the buckets of a duration
ROWS = 4096
PAGES = "onesystem_page_seconds"  # by route, method and status
FOLLOWED = "onesystem_stream_last_change"
OPEN = "onesystem_stream_open_pages"
STARTS = "onesystem_process_starts_total"  # by process of a served district
JOBS = "onesystem_job_seconds"  # by job
FAILED = "onesystem_job_failures_total"
DONE = "onesystem_job_last_success_timestamp_seconds"
_NAME = 176  # bytes for a name with its labels
_NUMBERS = struct.Struct(f"={len(EDGES) + 3}d")  # count or value, sum, buckets, beyond the last
_ROW = _NAME + _NUMBERS.size
_HEAD = 8  # how many rows there are


@dataclass(frozen=True, slots=True)
class Counted:
    """A row: `value` of a count or gauge; of durations, how many, their sum, and by bucket."""

    name: str
    labels: tuple[tuple[str, str], ...]
    value: float
    sum: float
    buckets: tuple[float, ...]


class Table:
    """The shared table. Made before the fork; every process that comes of it counts in it."""

    def __init__(self, rows: int = ROWS) -> None:
        here = Path("/dev/shm")  # noqa: S108 - the file has no name: nobody else can open it
        self._file = tempfile.TemporaryFile(dir=here if here.is_dir() else None)  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._file.truncate(_HEAD + rows * _ROW)
        self._memory = mmap.mmap(self._file.fileno(), _HEAD + rows * _ROW)
        self._rows = rows
        self._known: dict[bytes, int] = {}
        self._seen = 0
        self._threads = Lock()

    def add(self, name: str, by: float = 1.0, **labels: str) -> None:
        """Add to a count."""
        with self._row(name, labels) as numbers:
            numbers[0] += by

    def put(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge."""
        with self._row(name, labels) as numbers:
            numbers[0] = value

    def time(self, name: str, seconds: float, **labels: str) -> None:
        """Count a duration."""
        with self._row(name, labels) as numbers:
            numbers[0] += 1
            numbers[1] += seconds
            numbers[2 + sum(seconds > edge for edge in EDGES)] += 1

    def read(self) -> list[Counted]:
        """Every row, in the order in which they came."""
        with self._threads, self._locked():
            return [_counted(self._at(place)) for place in range(self._count())]

    @contextmanager
    def _row(self, name: str, labels: dict[str, str]) -> Iterator[list[float]]:
        key = _key(name, labels)
        with self._threads, self._locked():
            place = self._place(key)
            numbers = list(_NUMBERS.unpack_from(self._memory, place + _NAME))
            yield numbers
            _NUMBERS.pack_into(self._memory, place + _NAME, *numbers)

    def _place(self, key: bytes) -> int:
        """Where the row of that key begins; a new one where there is none."""
        count = self._count()
        for place in range(self._seen, count):  # what other processes began since
            self._known.setdefault(self._at(place)[:_NAME].rstrip(b"\0"), place)
        self._seen = count
        if key not in self._known:
            # Too many names: the last row takes what has no room, rather than nothing.
            if count == self._rows - 1:
                key = b"onesystem_uncounted_total"
            if count < self._rows:
                at = _HEAD + count * _ROW
                self._memory[at : at + len(key)] = key
                self._memory[:_HEAD] = (count + 1).to_bytes(_HEAD, "little")
                self._known[key], self._seen = count, count + 1
        return _HEAD + self._known.get(key, self._rows - 1) * _ROW

    def _count(self) -> int:
        return int.from_bytes(self._memory[:_HEAD], "little")

    def _at(self, place: int) -> bytes:
        at = _HEAD + place * _ROW
        return self._memory[at : at + _ROW]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # A lock of the record belongs to the process, though all of them share one open file.
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)


def _key(name: str, labels: dict[str, str]) -> bytes:
    """A name and its labels in one row of bytes, none of which they may hold themselves."""
    parts = [name, *(part for pair in sorted(labels.items()) for part in pair)]
    text = "\x1f".join(part.replace("\x1f", " ").replace("\0", " ") for part in parts)
    return text.encode("ascii", "replace")[:_NAME]


def _counted(row: bytes) -> Counted:
    name, *parts = row[:_NAME].rstrip(b"\0").decode("ascii").split("\x1f")
    value, total, *buckets = _NUMBERS.unpack_from(row, _NAME)
    return Counted(name, tuple(zip(parts[::2], parts[1::2], strict=False)), value, total,
                   tuple(buckets))  # fmt: skip


_OPEN: dict[int, Table] = {}


def share() -> Table:
    """The table of this process and of all that are forked from it from now on."""
    _OPEN[0] = Table()
    return _OPEN[0]


def table() -> Table:
    """The table that was shared; one of this process's own where none was."""
    return _OPEN.get(0) or share()
