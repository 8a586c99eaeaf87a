"""Taking in: messages one by one or many at once, and files and folders with a report."""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import BinaryIO

from onesystem import people
from onesystem.district import District, current
from onesystem.feeds import rows
from onesystem.feeds.files import Piece, pieces, walk
from onesystem.feeds.landing import Arrival, digest_of, landing_of
from onesystem.feeds.pending import process_pending
from onesystem.feeds.pipeline import Outcome, Pipeline, Tally

# Messages of one fsync and one transaction. The more, the more rows share each page of an index
# that is written: 1,024 cost a third less in the store than 256.
_BATCH = 1024
_BATCH_BYTES = 8 << 20


@dataclass(slots=True)
class Counts:
    """Counts of one folder or file, or of all. `landed` = `read` + `quarantined`."""

    landed: int = 0
    duplicates: int = 0
    read: int = 0
    quarantined: int = 0
    rows_read: int = 0
    rows_refused: int = 0


@dataclass(slots=True)
class IngestReport:
    """What `take_in` did."""

    total: Counts = field(default_factory=Counts)
    persons: int = 0
    contacts: int = 0
    entries: int = 0
    requests: int = 0
    files: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    quarantined: list[Outcome] = field(default_factory=list)
    cancelled: bool = False

    def add(self, tally: Tally) -> None:
        """Add what a batch gave."""
        for outcome in tally.outcomes:
            for counts in (self.total, self.files[outcome.name]):
                _count(counts, outcome)
            if outcome.state == "quarantined":
                self.quarantined.append(outcome)
        self.contacts += tally.contacts
        self.entries += tally.entries
        self.requests += tally.requests
        if tally.rows_read or tally.rows_refused:
            for counts in (self.total, self.files[tally.outcomes[0].name]):
                counts.rows_read += tally.rows_read
                counts.rows_refused += tally.rows_refused

    def merge(self, other: "IngestReport") -> None:
        """Add another report's counts."""
        _sum(self.total, other.total)
        for name, counts in other.files.items():
            _sum(self.files[name], counts)
        for name in ("persons", "contacts", "entries", "requests"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.quarantined += other.quarantined

    def by_folder(self) -> dict[str, tuple[int, Counts]]:
        """How many files of each folder (or archive) there were, and their counts."""
        folders: dict[str, tuple[int, Counts]] = {}
        for name, counts in self.files.items():
            folder = name.rpartition("/")[0] or name
            files, total = folders.get(folder, (0, Counts()))
            _sum(total, counts)
            folders[folder] = (files + 1, total)
        return folders

    def by_rule(self) -> dict[str, tuple[int, Outcome]]:
        """Why messages were quarantined: how many, and one of them."""
        rules: dict[str, tuple[int, Outcome]] = {}
        for outcome in self.quarantined:
            count, first = rules.get(outcome.rule, (0, outcome))
            rules[outcome.rule] = (count + 1, first)
        return rules


def _sum(total: Counts, counts: Counts) -> None:
    for each in fields(counts):
        setattr(total, each.name, getattr(total, each.name) + getattr(counts, each.name))


def _count(counts: Counts, outcome: Outcome) -> None:
    if outcome.state == "duplicate":
        counts.duplicates += 1
        return
    counts.landed += 1
    if outcome.state == "read":
        counts.read += 1
    else:
        counts.quarantined += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far `take_in` is. `rows` of `rows_of` within an extract; both 0 otherwise."""

    file: str
    done: int  # files done
    of: int
    messages: int
    rows: int = 0
    rows_of: int = 0


Report = Callable[[Progress], None]


def pipeline_of(district: District, *, patience: float | None = 30.0) -> Pipeline:
    """The way of that district's messages in this process."""
    return Pipeline(district, landing_of(district.path), patience)


def take_messages(
    arrivals: Sequence[Arrival], *, district: District | None = None
) -> list[Outcome]:
    """Land messages, read them, and say what became of each, in order.

    When it returns, they are safe on disk. Raises NotLanded when they are not, and Busy when they
    are safe but the database is away.
    """
    if not arrivals:
        return []
    pipeline = pipeline_of(district or current()).refreshed()
    return pipeline.process(pipeline.landing.land(arrivals)).outcomes


def take_in(
    paths: Iterable[Path | str],
    source: str,
    *,
    district: District | None = None,
    progress: Report | None = None,
    cancel: Callable[[], bool] = lambda: False,
    link: bool = True,
) -> IngestReport:
    """Take in files and folders from one source. What others left unprocessed is finished first.

    `cancel` is asked between batches; what was done stays done. People whom an extract names are
    linked once, at the end; with `link=False` they wait for `people.link_pending()`, which is
    cheaper for many sources at once. Raises NotFound for a path.
    """
    district = district or current()
    pipeline = pipeline_of(district).refreshed()
    process_pending(pipeline)
    files = list(walk(Path(path) for path in paths))
    report, before = IngestReport(), people.people_count()
    intake = _Intake(pipeline, source, report, progress, len(files))
    for i, (path, label) in enumerate(files):
        if cancel():
            report.cancelled = True
            break
        intake.file(path, label, i, cancel)
    intake.flush()
    if link:
        people.link_pending()
    report.persons = max(0, people.people_count() - before)
    return report


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles while a batch is at hand.

    A batch is some hundred thousand objects in no cycle, and it would walk them over and over: an
    eighth of the time. They go when the batch goes; the collector has its turn between batches.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Intake:
    """Gathers messages into batches across files, and takes whole files by themselves."""

    def __init__(
        self,
        pipeline: Pipeline,
        source: str,
        report: IngestReport,
        progress: Report | None,
        of: int,
    ) -> None:
        self._pipeline, self._source, self._report = pipeline, source, report
        self._progress, self._of = progress, of
        self._waiting: list[Arrival] = []
        self._bytes = self._messages = self._done = 0
        self._label = ""

    def file(self, path: Path, label: str, done: int, cancel: Callable[[], bool]) -> None:
        self._label, self._done = label, done
        self._tell()
        hint = self._pipeline.district.source(self._source).format
        for piece in pieces(path, label, hint=hint):
            if piece.whole is not None:
                self.flush()
                self._whole(piece, piece.whole)
            else:
                self._message(piece)
            if cancel():
                self._report.cancelled = True
                return

    def _message(self, piece: Piece) -> None:
        format_ = piece.reader.format if piece.reader else ""
        self._waiting.append(
            Arrival(
                source=self._source,
                data=piece.data,
                name=piece.file,
                format=format_,
                digest=digest_of(piece.data),
            )
        )
        self._bytes += len(piece.data)
        if len(self._waiting) >= _BATCH or self._bytes >= _BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Land and process what waits."""
        arrivals, self._waiting, self._bytes = self._waiting, [], 0
        if not arrivals:
            return
        with _uncollected():
            new = self._unknown(arrivals)
            if new:
                self._report.add(self._pipeline.process(self._pipeline.landing.land(new)))
        self._messages += len(arrivals)
        self._tell()

    def _unknown(self, arrivals: list[Arrival]) -> list[Arrival]:
        """Those whose bytes the source has not sent before; the rest is counted and not landed."""
        digests = [each.digest.hex() for each in arrivals]
        known = rows.known_messages((self._source, digest) for digest in digests)
        new, seen = [], {digest for _, digest in known}
        duplicates = 0
        for arrival, digest in zip(arrivals, digests, strict=True):
            if digest in seen:
                duplicates += 1
                self._report.files[arrival.name].duplicates += 1
            else:
                new.append(arrival)
                seen.add(digest)
        if duplicates:
            rows.count_duplicates(self._source, duplicates)
            self._report.total.duplicates += duplicates
        return new

    def _whole(self, piece: Piece, file: BinaryIO) -> None:
        landed = self._pipeline.landing.land_file(
            file,
            source=self._source,
            name=piece.file,
            format=piece.reader.format if piece.reader else "",
        )
        self._report.add(self._pipeline.process([landed], progress=self._rows))
        self._messages += 1
        self._tell()

    def _rows(self, rows_done: int, rows_of: int) -> None:
        self._tell(rows_done, rows_of)

    def _tell(self, rows_done: int = 0, rows_of: int = 0) -> None:
        if self._progress:
            self._progress(
                Progress(
                    file=self._label,
                    done=self._done,
                    of=self._of,
                    messages=self._messages,
                    rows=rows_done,
                    rows_of=rows_of,
                )
            )
