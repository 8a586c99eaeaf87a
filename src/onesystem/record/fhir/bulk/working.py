"""Exports being worked on, a slice at a time, until all is in the files.

A slice is read within what the asker may see at that moment, written behind what the job says is
written, and the job then says so: a worker that was stopped leaves at most a tail that the next
one cuts off. What a person's trail says of it is written with the last slice.
"""

import os
import time
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import parse_qsl

import orjson
import structlog
from django.db import connection, transaction

from onesystem import access, district, people
from onesystem.record.fhir.acts.groups import linked, members
from onesystem.record.fhir.bulk.asking import Export
from onesystem.record.fhir.bulk.jobs import GOING, KEPT, File, expire, files_of, folder, remove
from onesystem.record.fhir.bulk.models import ExportedPerson, ExportJob
from onesystem.record.fhir.bulk.remembering import asker_again
from onesystem.record.fhir.finding import by_name, by_rows
from onesystem.record.fhir.instants import instant
from onesystem.record.fhir.searching.cutting import cut
from onesystem.record.fhir.searching.paging import Place, page
from onesystem.record.fhir.searching.params import read
from onesystem.record.fhir.searching.plan import Context, Planner
from onesystem.record.fhir.serving import Shown
from onesystem.vocabulary.kept import to_micros

SLICE = 500  # resources
LARGEST = 8 << 20  # bytes of a file, but for its last slice
_MINE = timedelta(seconds=60)
_ROWS = 1000  # of the trail in one commit

_log = structlog.get_logger(__name__)


def waits() -> bool:
    """Whether an export is to be worked on, or one was kept long enough."""
    now = to_micros(district.now())
    over = ExportJob.objects.filter(state="done", expires__lte=now)
    return ExportJob.objects.filter(state__in=GOING).exists() or over.exists()


def work(seconds: float = 0.5) -> bool:
    """Work on exports for a while; whether anything is left to do."""
    expire()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = _claimed()
        if job is None:
            return False
        try:
            _slice(job)
        except Exception as error:  # noqa: BLE001 - the other exports go on
            _log.exception("an export failed", export=job.job)
            ExportJob.objects.filter(pk=job.pk, state__in=GOING).update(
                state="failed", error=type(error).__name__
            )
            remove(job.job)
    return True


def _claimed() -> ExportJob | None:
    """The export that waits longest; ours for a minute, or for good where nobody else works."""
    now = to_micros(district.now())
    waiting = ExportJob.objects.filter(state__in=GOING, until__lte=now).order_by("until", "id")
    for each in waiting[:5]:
        mine = ExportJob.objects.filter(pk=each.pk, state__in=GOING, until=each.until)
        began = each.began or now
        if mine.update(
            state="running", until=now + _MINE // timedelta(microseconds=1), began=began
        ):
            each.began = began
            return each
    return None


def _slice(job: ExportJob) -> None:
    export = Export.of(job.asked)
    asker = asker_again(job.asker)
    if asker is None:
        raise PermissionError(job.job)
    if job.kind >= len(export.kinds):
        _finish(job, asker)
        return
    kind = export.kinds[job.kind]
    context = Context(scope=access.scope(asker), base=job.base, now=to_micros(asker.at))
    entries = _entries(export, kind, context, job.after)
    found = by_rows(entries, context.scope)
    chosen = _chosen(export, [found[e] for e in entries if e in found], context)
    files = files_of(job)
    if chosen:
        lines = [_line(export, each) for each in chosen]
        files = _written(job.job, kind, files, lines)
    last = len(entries) < SLICE
    lost = gone(export, kind, context) if last and export.since is not None else []
    if lost:
        files = _told_gone(job, kind, files, lost)
    with transaction.atomic():
        _remember(job, [*chosen, *lost])
        ExportJob.objects.filter(pk=job.pk, state="running").update(
            kind=job.kind + 1 if last else job.kind,
            after=None if last else entries[-1],
            files=orjson.dumps(files).decode(),
            until=to_micros(district.now()) if not last else 0,
        )
    if not ExportJob.objects.filter(pk=job.pk, state="running").exists():
        remove(job.job)  # cancelled meanwhile


def _entries(export: Export, kind: str, context: Context, after: int | None) -> list[int]:
    """The rows of the next entries of a type, in the order in which they came."""
    since = [("_lastUpdated", f"ge{instant(export.since)}")] if export.since is not None else []
    place = None if after is None else Place(key=[after])
    found: set[int] = set()
    for query in export.filters.get(kind) or [""]:
        asked = read(kind, [*parse_qsl(query, keep_blank_values=True), *since])
        source = Planner(context).source(asked.kinds, asked.conditions)
        found.update(key[-1] for key in page(asked, source, place, SLICE))
    return sorted(found)[:SLICE]


def gone(export: Export, kind: str, context: Context) -> list[Shown]:
    """What was deleted since then and may be seen: a client that keeps a copy takes it out too."""
    where, values = context.scope.row_sql("e")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM record_entry AS e WHERE e.kind = %s AND e.status = 'deleted' "
            f"AND e.known_at >= %s AND {where} ORDER BY e.id",
            [kind, export.since, *values],
        )
        numbers = [row[0] for row in cursor.fetchall()]
    found = by_rows(numbers, context.scope)
    return _within(export, [found[n] for n in numbers if n in found], context)


def _chosen(export: Export, found: Sequence[Shown], context: Context) -> list[Shown]:
    return _within(export, [each for each in found if not each.gone], context)


def _within(export: Export, found: Sequence[Shown], context: Context) -> list[Shown]:
    """Those that are about whom the export is about."""
    if not export.level:
        return list(found)
    theirs = _members(export, context) if export.level == "Group" else None
    if export.patients:
        named = linked(export.patients, context.scope)
        theirs = named if theirs is None else theirs & named
    return [each for each in found if each.identity and (theirs is None or each.identity in theirs)]


def _members(export: Export, context: Context) -> set[int]:
    """The identities of the persons in a group, as it stands."""
    group = by_name("Group", export.group, context.scope)
    if group is None or group.gone:
        return set()
    return members(group, context.scope)


def _line(export: Export, each: Shown) -> bytes:
    elements = [*export.elements.get("", ()), *export.elements.get(each.kind, ())]
    body = cut(each.body, each.kind, "", elements) if elements else each.body
    return orjson.dumps(orjson.loads(body)) if b"\n" in body else body


def _written(job: str, kind: str, files: list[File], lines: Sequence[bytes]) -> list[File]:
    """Write lines behind the last file of the type, or into a new one."""
    where = folder(job)
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = [f for f in files if f.kind == kind and not f.deleted]
    last = own[-1] if own and own[-1].size < LARGEST else File(f"{kind}.{len(own) + 1}.ndjson",
                                                               kind, 0, 0)  # fmt: skip
    data = b"".join(line + b"\n" for line in lines)
    with (where / last.name).open("ab") as file:
        file.truncate(last.size)
        file.seek(last.size)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    grown = File(last.name, kind, last.count + len(lines), last.size + len(data))
    return [*(f for f in files if f.name != last.name), grown]


def _told_gone(job: ExportJob, kind: str, files: list[File], lost: Sequence[Shown]) -> list[File]:
    """A file of Bundles that say what is to be taken out, as the bulk data guide has it."""
    lines = [
        orjson.dumps({
            "resourceType": "Bundle", "type": "transaction", "entry": [
                {"request": {"method": "DELETE", "url": each.name}}
                for each in lost[at : at + SLICE]
            ],
        })
        for at in range(0, len(lost), SLICE)
    ]  # fmt: skip
    data = b"".join(line + b"\n" for line in lines)
    where = folder(job.job)
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{kind}.deleted.ndjson"
    with (where / name).open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    told = File(name, kind, len(lines), len(data), deleted=True)
    return [*(f for f in files if f.name != name), told]


def _remember(job: ExportJob, chosen: Sequence[Shown]) -> None:
    identities = sorted({each.identity for each in chosen} - {0})
    persons = sorted(set(people.person_of(identities).values()))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO record_export_person (export, person) VALUES (%s, %s) "
            "ON CONFLICT (export, person) DO NOTHING",
            [(job.pk, person) for person in persons],
        )


def _finish(job: ExportJob, asker: access.Asker) -> None:
    """Tell the trail of each person, and then of the whole; then the files may be fetched."""
    while persons := list(
        ExportedPerson.objects.filter(export=job.pk).values_list("person", flat=True)[:_ROWS]
    ):
        with transaction.atomic():
            access.record_many([
                access.Row(by=asker.actor, act="fhir.exported", what=f"export {job.job}",
                           person=person, purpose=asker.purpose, detail={"client": asker.client})
                for person in persons
            ])  # fmt: skip
            ExportedPerson.objects.filter(export=job.pk, person__in=persons).delete()
    counts: dict[str, int] = {}
    for each in (file for file in files_of(job) if not file.deleted):
        counts[each.kind] = counts.get(each.kind, 0) + each.count
    now = to_micros(district.now())
    with transaction.atomic():
        done = ExportJob.objects.filter(pk=job.pk, state="running").update(
            state="done", until=0, expires=now + KEPT // timedelta(microseconds=1)
        )
        if done:
            access.record(
                by=asker.actor, act="fhir.export-made", what=f"export {job.job}",
                purpose=asker.purpose, detail={"client": asker.client, "counts": counts},
            )  # fmt: skip
