"""Proving that the log, the landing and the operational store agree."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import connection

from onesystem.contacts import pending, store
from onesystem.contacts.fold import fold
from onesystem.contacts.log import manifest, scan, shape
from onesystem.contacts.log.manifest import LogFile, Manifest
from onesystem.contacts.rows import Row, base_from, event_from
from onesystem.contacts.stretches import Stretch, Told
from onesystem.contacts.taking import rows_from

_MOST = 5  # examples of one kind of problem that are named
_PORTION = 500  # visits folded at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at and what is wrong. `rows` are versions in the log."""

    rows: int = 0
    files: int = 0
    contacts: int = 0
    refolded: int = 0
    messages: int = 0
    problems: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything agrees."""
        return not self.problems


def verify(*, quick: bool = False, progress: Callable[[str], None] | None = None) -> Report:
    """Whether log, landing and store agree. `quick` looks at the files' names and sizes only."""
    say = progress or _silent
    pending.recover()
    now = manifest.current()
    problems = list(_files(now, quick=quick))
    report = Report(rows=now.rows, files=len(now.files), contacts=_held(), problems=tuple(problems))
    if quick or problems:
        return report
    say(f"checked {len(now.files):,} files of the log")
    problems += _copies(now)
    say("compared the two copies")
    problems += _latest(now)
    messages, missing = _messages(now)
    problems += missing
    say(f"found {messages:,} messages in the landing's index")
    refolded = 0
    for number, wrong in _refolded():
        refolded += number
        problems += wrong
    say(f"folded {refolded:,} visits again")
    return replace(report, refolded=refolded, messages=messages, problems=tuple(problems))


def _silent(_: str) -> None:
    """Nobody listens."""


def _held() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contacts_contact")
        return int(cursor.fetchone()[0])


def _files(now: Manifest, *, quick: bool) -> Iterator[str]:
    for file in now.files:
        path = manifest.place() / file.name
        if not path.exists():
            yield f"{file.name} is named by the manifest and is not there; restore it from a backup"
        elif path.stat().st_size != file.size:
            yield f"{file.name} has {path.stat().st_size} bytes instead of {file.size}"
        elif not quick and _digest(path) != file.digest:
            yield f"{file.name} is not what was written: its checksum differs"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(
            file,
            lambda: hashlib.blake2b(digest_size=16),
        ).hexdigest()


def _copies(now: Manifest) -> Iterator[str]:
    """Both copies hold the same rows: counts and two sums that do not depend on order."""
    names = ", ".join(f'"{name}"' for name in shape.COLUMNS)

    def sums(files: tuple[LogFile, ...]) -> tuple[int, ...]:
        duck = scan.connect(memory="2GB")
        try:
            return duck.execute(  # type: ignore[no-any-return]
                "SELECT count(*), coalesce(bit_xor(h), 0), coalesce(sum(h::HUGEINT), 0) FROM"
                f" (SELECT hash({names}) AS h FROM {scan.files_sql(files)})"
            ).fetchone()
        finally:
            duck.close()

    months, runs = sums(now.months), sums(now.runs)
    if months[0] != now.rows:
        yield f"the months hold {months[0]:,} rows, the manifest says {now.rows:,}"
    if months != runs:
        yield f"the copy by month ({months[0]:,} rows) and the one by person ({runs[0]:,}) differ"


def _latest(now: Manifest) -> Iterator[str]:
    """No contact is latest twice, within the log or between the log and the store."""
    if not now.months:
        return
    import pyarrow as pa

    duck = scan.connect(memory="2GB")
    latest = scan.latest_sql(now)
    twice = duck.execute(
        f"SELECT contact FROM {latest} GROUP BY contact HAVING count(*) > 1 LIMIT {_MOST}"
    ).fetchall()
    for (contact,) in twice:
        yield f"contact {contact} has two latest versions in the log"
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact, logged FROM contacts_contact")
        held = cursor.fetchall()
    stored = pa.table(
        {
            "contact": pa.array([row[0] for row in held], pa.int64()),
            "logged": pa.array([row[1] for row in held], pa.int64()),
        }
    )
    duck.register("stored", stored)
    wrong = duck.execute(
        f"SELECT s.contact, s.logged, max(l.version) FROM stored s LEFT JOIN {latest} l"
        " ON l.contact = s.contact GROUP BY ALL"
        f" HAVING s.logged <> coalesce(max(l.version), 0) LIMIT {_MOST}"
    ).fetchall()
    for contact, logged, version in wrong:
        yield (
            f"contact {contact} is in the log with version {version or 0},"
            f" the store thinks {logged}"
        )
    duck.close()


def _messages(now: Manifest) -> tuple[int, list[str]]:
    """Every message that a contact came from is in the landing's index."""
    with connection.cursor() as cursor:
        if "feeds_message" not in connection.introspection.table_names(cursor):
            return 0, []
        told: set[int] = set()
        for table in ("contacts_contact", "contacts_version", "contacts_event"):
            cursor.execute(f"SELECT DISTINCT message FROM {table}")
            told.update(number for (number,) in cursor.fetchall())
    if now.months:
        duck = scan.connect()
        told.update(
            number
            for (number,) in duck.execute(
                f"SELECT DISTINCT message FROM {scan.files_sql(now.months)}"
            ).fetchall()
        )
        duck.close()
    told.discard(0)  # what came back from the log stands under no message of its own
    known: set[int] = set()
    with connection.cursor() as cursor:
        for values, among in store.chunks(told):
            cursor.execute(f"SELECT id FROM feeds_message WHERE id {among}", values)
            known.update(number for (number,) in cursor.fetchall())
    missing = sorted(told - known)
    return len(known), [
        f"message {number} made contacts and is not in the landing's index"
        for number in missing[:_MOST]
    ]


def _refolded() -> Iterator[tuple[int, list[str]]]:
    """Fold every visit's kept events again and compare with its contacts, in portions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT visit, source FROM contacts_event ORDER BY visit")
        visits = cursor.fetchall()
    for i in range(0, len(visits), _PORTION):
        some = dict(visits[i : i + _PORTION])
        yield len(some), list(_differences(some))


def _differences(visits: dict[int, str]) -> Iterator[str]:
    told: dict[int, list[Told]] = {}
    base: dict[int, list[Stretch]] = {}
    for visit, digest, identity, body in store.events_of(visits):
        if digest:
            told.setdefault(visit, []).append(Told(event_from(body), identity))
        else:
            base[visit] = base_from(body)
    rows: dict[int, list[Row]] = {}
    for row in store.select_in("visit", visits):
        rows.setdefault(row.visit, []).append(row)
    for visit, source in visits.items():
        events = told.get(visit, [])
        if not events:
            continue
        folded = rows_from(
            fold(events, base.get(visit, ())),
            source=source,
            visit=events[0].event.visit,
            known_at=0,
            message=0,
        )
        if not _same(folded, rows.get(visit, [])):
            yield f"visit {visit} of {source}: its contacts are not what its events say"


def _same(folded: Iterable[Row], rows: list[Row]) -> bool:
    """Whether the contacts say what was folded; further ones have to be cancelled."""
    said = {row.contact: row.content for row in folded}
    kept = {row.contact: row for row in rows}
    if any(contact not in kept for contact in said):
        return False
    return all(
        row.content == said[contact] if contact in said else row.cancelled
        for contact, row in kept.items()
    )
