"""Watched folders: files are taken in as they appear, where they lie.

A file counts as complete when its size and time stand still between two looks, so a sender need
not do more than copy it there. What was taken in is remembered, here by size and time so that it
is not read again, and in the messages by digest so that a copy of it changes nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from django.db import DatabaseError

from onesystem.district import District
from onesystem.feeds.intake import IngestReport, pipeline_of, take_in
from onesystem.feeds.landing import NotLanded, landing_of
from onesystem.feeds.models import Watched
from onesystem.feeds.pending import behind, process_pending
from onesystem.vocabulary import Busy, UserError

_UNFINISHED = (".tmp", ".part", ".filepart", ".partial", ".crdownload", ".swp", "~")

_log = structlog.get_logger(__name__)
Stamp = tuple[int, int]  # size, time of last change in nanoseconds


class Folders:
    """The watched folders of a district's sources."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._seen: dict[Path, Stamp] = {}
        self._left = 0  # bytes of the landing that nobody had processed at the last look
        self._first = True
        self._ready: list[tuple[str, Path]] | None = None  # what the last look by `waits` found

    def waits(self) -> bool:
        """Whether there may be something to finish or to take in: quick, and asked often.

        What a live feed has just landed is processed by itself in a moment, so only what was left
        at the look before as well counts; at the first look whatever a crash left does.
        """
        before, self._left = self._left, behind(landing_of(self._district.path))
        self._ready = list(self._all_complete())
        first, self._first = self._first, False
        return first or bool(self._ready) or bool(before and self._left)

    def finish(self) -> None:
        """Process what others left in the landing; with the store away, at the next look."""
        try:
            process_pending(pipeline_of(self._district).refreshed())
        except (Busy, DatabaseError) as error:
            _log.warning("landing not finished", why=type(error).__name__)

    def look(self, cancel: Callable[[], bool] = lambda: False) -> IngestReport:
        """Take in every file that is complete and was not taken yet.

        After `waits`, those that it found: a second look at once would see every file stand still.
        """
        ready, self._ready = self._ready, None
        total = IngestReport()
        for source, path in self._all_complete() if ready is None else ready:
            if cancel():
                break
            self._take(path, source, total)
        return total

    def _all_complete(self) -> Iterator[tuple[str, Path]]:
        for source in self._district.sources.values():
            if source.watch:
                for path in self._complete(self._district.path / source.watch):
                    yield source.code, path

    def _take(self, path: Path, source: str, total: IngestReport) -> None:
        stamp = _stamp(path)
        try:
            total.merge(take_in([path], source, district=self._district))
        except (NotLanded, OSError, UserError, DatabaseError) as error:
            # It stays where it is and is tried again at the next look.
            _log.warning("watched file not taken", source=source, why=type(error).__name__)
            self._seen.pop(path, None)
            return
        if stamp:
            Watched.objects.update_or_create(
                path=str(path), defaults={"size": stamp[0], "changed": stamp[1]}
            )

    def _complete(self, folder: Path) -> Iterator[Path]:
        """Files that stood still since the last look and are new."""
        if not folder.is_dir():
            return
        found = {path: stamp for path in _files(folder) if (stamp := _stamp(path))}
        known = {
            Path(w.path): (w.size, w.changed)
            for w in Watched.objects.filter(path__startswith=str(folder))
        }
        for path, stamp in sorted(found.items()):
            still = self._seen.get(path) == stamp
            self._seen[path] = stamp
            if still and known.get(path) != stamp:
                yield path


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and not path.name.endswith(_UNFINISHED) and path.is_file():
            yield path


def _stamp(path: Path) -> Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None  # it was taken away since
    return stat.st_size, stat.st_mtime_ns
