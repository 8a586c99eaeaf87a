"""The figures of a served district for its operator, as Prometheus takes them.

What pages and jobs did is counted by the processes themselves; what waits and what is kept is read
as it is asked for. Labels are codes of sources, names of routes, jobs and processes: never a
person, never an address.
"""

import platform
import shutil
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection

from onesystem import contacts, record
from onesystem.access.notices import mailing
from onesystem.district import current, folder
from onesystem.flow import answers, measures
from onesystem.web import counting
from onesystem.web.counting import Counted
from onesystem.web.exposition import Family, Labels, family, histogram

if TYPE_CHECKING:
    from onesystem.feeds.figures import Source

_MANY = 100_000  # more identities that wait than this are not counted
_MESSAGES = "Messages of each source, by what became of them."

_DURATIONS = {
    counting.PAGES: "How long pages took, by the name of their route.",
    counting.JOBS: "How long jobs worked.",
}
_COUNTS = {
    counting.STARTS: "Starts of each process of the district; all but the first are restarts.",
    counting.FAILED: "Jobs that ended in an error, and are tried again.",
    "onesystem_uncounted_total": "What could not be counted by its name, for there are too many.",
}
_GAUGES = {
    counting.OPEN: "Pages that listen to the live stream.",
    counting.FOLLOWED: "The last change that open pages were told of.",
    counting.DONE: "When a job last ended well.",
}


def families() -> Iterator[Family]:
    """Every figure. What the store is needed for is left out while it is away, and said so."""
    rows = counting.table().read()
    yield _gauge("onesystem_info", "What runs here.", (_runs(), 1))
    yield from _counted(rows)
    yield from _disk()
    try:
        read = [each for part in _PARTS for each in part(rows)]
    except DatabaseError:
        connection.close()
        read = []
    yield _gauge("onesystem_store_up", "Whether the store answers.", ((), bool(read)))
    yield from read


def _runs() -> Labels:
    return (
        ("version", version("onesystem")),
        ("python", platform.python_version()),
        ("store", connection.vendor),
    )


def _counted(rows: list[Counted]) -> Iterator[Family]:
    for name, about in _DURATIONS.items():
        some = [(row.labels, row.buckets, row.sum) for row in rows if row.name == name]
        yield histogram(name, about, counting.EDGES, some)
    for kind, names in (("counter", _COUNTS), ("gauge", _GAUGES)):
        for name, about in names.items():
            values = [(row.labels, row.value) for row in rows if row.name == name]
            yield family(name, kind, about, *values)


def _disk() -> Iterator[Family]:
    free = shutil.disk_usage(folder()).free
    about = "Bytes that are free on the disk of the district's folder."
    yield _gauge("onesystem_disk_free_bytes", about, ((), free))


def _feeds(_rows: list[Counted]) -> Iterator[Family]:
    from onesystem.feeds import figures

    sources = figures.sources()
    landing = figures.landing(current())
    became = [
        ((*_of(each), ("state", state)), getattr(each, state))
        for each in sources
        for state in ("read", "quarantined", "duplicates")
    ]
    yield family("onesystem_messages_total", "counter", _MESSAGES, *became)
    waiting = ((_of(each), each.waiting) for each in sources)
    yield _gauge("onesystem_quarantine_messages", "Messages in quarantine now.", *waiting)
    last = ((_of(each), each.last.timestamp()) for each in sources)
    yield _gauge("onesystem_source_last_received_timestamp_seconds", "When it last sent.", *last)
    lags = ((_of(each), each.lag) for each in sources if each.lag >= 0)  # some do not say
    yield _gauge("onesystem_source_lag_seconds", "From its last event to its arrival.", *lags)
    yield _gauge("onesystem_landing_bytes", "The landing's segments.", ((), landing.size))
    about = "What was landed and is not read yet."
    yield _gauge("onesystem_landing_behind_bytes", about, ((), landing.behind))


def _of(source: "Source") -> Labels:
    return (("source", source.code),)


def _outbox(rows: list[Counted]) -> Iterator[Family]:
    about = "The last change that was announced."
    yield _gauge("onesystem_outbox_last_change", about, ((), contacts.last_change()))
    told = [row.value for row in rows if row.name == counting.FOLLOWED]
    if told:  # a process without a stream beside it cannot say what pages were told
        oldest = contacts.oldest_after(int(told[0]))
        age = max(0.0, time.time() - oldest.timestamp()) if oldest else 0.0
        about = "How long the oldest change waits that open pages were not told of."
        yield _gauge("onesystem_outbox_age_seconds", about, ((), age))


def _jobs(_rows: list[Counted]) -> Iterator[Family]:
    waits: dict[str, Callable[[], object]] = {
        "errands": record.errands_wait,
        "answers": answers.waits,
        "letters": mailing.waits,
        "measures": measures.pending,
    }
    asked = (((("job", job),), bool(asks())) for job, asks in waits.items())
    yield _gauge("onesystem_job_waits", "Whether a job has something to do.", *asked)
    about = "Identities whose figures are older than their contacts."
    behind = len(contacts.touched(_MANY))
    yield _gauge("onesystem_measures_waiting_identities", about, ((), behind))
    kept = measures.stands().state == "kept"
    yield _gauge("onesystem_measures_kept", "Whether the figures stand, whole.", ((), kept))


def _store(_rows: list[Counted]) -> Iterator[Family]:
    yield _gauge("onesystem_store_bytes", "The operational store.", ((), _size()))
    if connection.vendor == "postgresql":
        about = "What a replica has not on its disk yet, by its name."
        yield _gauge("onesystem_store_replica_lag_bytes", about, *_replicas())


def _gauge(name: str, about: str, *values: tuple[Labels, float]) -> Family:
    return family(name, "gauge", about, *values)


def _size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    file = Path(settings.DATABASES["default"]["NAME"])
    parts = (file, file.with_name(file.name + "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _replicas() -> list[tuple[Labels, float]]:
    """None where the user of the store may not see them: grant it pg_monitor."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name, sync_state, pg_current_wal_lsn() - flush_lsn"
            " FROM pg_stat_replication WHERE flush_lsn IS NOT NULL"
        )
        found = cursor.fetchall()
    return [((("replica", name), ("sync", sync)), float(lag)) for name, sync, lag in found]


_PARTS = (_feeds, _outbox, _jobs, _store)
