"""What a file says of services, taken into the directory: each by itself, with a report."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.care.services import reading
from onesystem.care.services.actions import Wrong, around, keep, steps_of
from onesystem.care.services.checks import Around
from onesystem.care.services.codec import packed
from onesystem.care.services.entry import Entry
from onesystem.care.services.exchange import fhir_in, fhir_out, hsds_in, hsds_out
from onesystem.care.services.exchange.told import Come, Json, Read, Remark, Sessions, SlotTold
from onesystem.care.services.importing import confirm_as_told
from onesystem.care.services.presenters import wait_words
from onesystem.care.services.rows import ScheduleRow, SlotRow, SlotStep
from onesystem.care.services.waits import waits
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.kept import from_micros, to_micros

FORMATS = ("fhir", "hsds")


@dataclass(slots=True)
class Report:
    """What became of a file."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    slots: int = 0
    kept: dict[str, list[str]] = field(default_factory=dict)  # a foreign part -> services
    remarks: list[Remark] = field(default_factory=list)
    errors: list[Remark] = field(default_factory=list)


def exported(form: str) -> Json:
    """The whole directory in a form that others read."""
    district, at = current(), now()
    entries = sorted(reading.entries().values(), key=lambda e: e.service)
    if form == "fhir":
        schedules, slots = _schedules(), _slots()
        return fhir_out.bundle(
            entries, district, at=at, schedules=schedules, slots=slots, worded=fhir_in.worded
        )
    below = district.suppress_below
    said = {code: wait_words(each.all, exact=False, below=below) for code, each in waits().items()}
    return hsds_out.page(entries, district, at=at, waits=said, worded=hsds_in.worded)


def _schedules() -> list[Sessions]:
    return [
        Sessions(service=r.service, key=r.key, words=r.words, place=r.place, pattern=r.pattern)
        for r in ScheduleRow.objects.order_by("id")
    ]


def _slots() -> list[SlotTold]:
    keys = dict(ScheduleRow.objects.values_list("id", "key"))
    return [
        SlotTold(
            schedule=keys.get(row.schedule, ""), key=row.key, starts=from_micros(row.starts),
            ends=from_micros(row.ends), state=row.state, words=row.words,
        )
        for row in SlotRow.objects.exclude(state="gone").order_by("id").iterator()
    ]  # fmt: skip


def imported(form: str, text: bytes, *, name: str, by: Actor, dry: bool = False) -> Report:
    """Take a file in; `dry` says what would become of it and changes nothing.

    Raises UserError where the file cannot be read at all. What is wrong with one service stops
    that one alone.
    """
    district, at = current(), now()
    today = to_local(at, district.zone).date()
    read_as: Callable[..., Read] = fhir_in.read if form == "fhir" else hsds_in.read
    read = read_as(text, district, reading.entries(), today)
    report = Report(remarks=read.remarks, errors=read.errors)
    near = around()
    with transaction.atomic():
        for come in read.services:
            _take(come, report, name=name, by=by, near=near)
        report.slots = _take_slots(read, report, by)
        access.record(
            by=by, act="services.imported", what=form,
            detail={"new": len(report.new), "changed": len(report.changed), "slots": report.slots},
        )  # fmt: skip
        if dry:
            transaction.set_rollback(True)
    return report


def _take(come: Come, report: Report, *, name: str, by: Actor, near: Around) -> None:
    entry = come.entry
    before = reading.as_stored(entry.service)
    told = f"as told in {name}"
    try:
        if before is not None and packed(before) == packed(entry):
            report.same.append(entry.service)
        else:
            number = before.number if before else 0
            keep(entry=entry, seen=number, by=by, why=told, near=near)
            (report.changed if before else report.new).append(entry.service)
    except Wrong as error:
        report.errors += [
            Remark(come.where, f"{entry.name}: {each.what}", each.cure, come.line())
            for each in error.problems
        ]
        return
    except UserError as error:
        report.errors.append(Remark(come.where, error.what, error.cure, come.line()))
        return
    for part in come.kept:
        report.kept.setdefault(part, []).append(entry.service)
    if _newer(come.confirmed_at, before):
        assert come.confirmed_at is not None  # noqa: S101 - a newer moment is one
        confirm_as_told(
            service=entry.service, seen=len(steps_of(entry.service)), at=come.confirmed_at,
            who=come.confirmed_by, why=told,
        )  # fmt: skip


def _newer(told: datetime | None, before: Entry | None) -> bool:
    if told is None:
        return False
    return before is None or before.confirmed_at is None or told > before.confirmed_at


def _take_slots(read: Read, report: Report, by: Actor) -> int:
    known = reading.entries()
    schedules: dict[str, ScheduleRow] = {}
    for told in read.schedules:
        if told.service in known:
            schedules[told.key], _ = ScheduleRow.objects.get_or_create(
                key=told.key,
                defaults={
                    "service": told.service, "words": told.words, "place": told.place,
                    "pattern": told.pattern, "at": to_micros(now()), "by": by.name,
                },
            )  # fmt: skip
    there = {row.key: row for row in SlotRow.objects.filter(key__in=[s.key for s in read.slots])}
    new = [
        SlotRow(
            service=schedules[s.schedule].service, key=s.key, schedule=schedules[s.schedule].pk,
            starts=to_micros(s.starts), ends=to_micros(s.ends), state=s.state, words=s.words,
        )
        for s in read.slots if s.schedule in schedules and s.key not in there
    ]  # fmt: skip
    SlotRow.objects.bulk_create(new, batch_size=500)
    moved = [_settled(there[s.key], s, report) for s in read.slots if s.key in there]
    changed = [row for row in moved if row is not None]
    SlotRow.objects.bulk_update(changed, ["state", "words"], batch_size=500)
    SlotStep.objects.bulk_create(
        [SlotStep(slot=r.pk, state=r.state, at=to_micros(now()), by=by.name) for r in changed],
        batch_size=500,
    )
    return len(new) + len(changed)


def _settled(row: SlotRow, told: SlotTold, report: Report) -> SlotRow | None:
    """A slot of ours as a file tells of it; what a request has is never given away by a file."""
    if (row.state, row.words) == (told.state, told.words):
        return None
    if row.request and told.state != "booked":
        report.remarks.append(
            Remark(f"Slot/{told.key}", "a request has it here: it stays booked",
                   "Give it back on the request's page.")
        )  # fmt: skip
        return None
    row.state, row.words = told.state, told.words
    return row


def lines_of(report: Report) -> list[str]:
    """A report in lines for the terminal."""
    counts = f"{len(report.new)} new, {len(report.changed)} changed, {len(report.same)} the same"
    said = [f"{counts}, {report.slots} slots"]
    for part, of in sorted(report.kept.items()):
        some = ", ".join(of[:3]) + (", ..." if len(of) > 3 else "")
        said.append(f"kept as told: {part} of {len(of)} services ({some})")
    said += [f"note: {remark}" for remark in report.remarks]
    return said + [f"refused: {error}" for error in report.errors]


__all__ = ["FORMATS", "Report", "exported", "imported", "lines_of"]
