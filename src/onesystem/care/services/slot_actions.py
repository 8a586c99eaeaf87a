"""Making, blocking and taking away the slots of a service, by those who keep it."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import orjson
from django.db import connection, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.care.services import reading
from onesystem.care.services.actions import require_keep
from onesystem.care.services.rows import ScheduleRow, SlotRow, SlotStep
from onesystem.care.services.sessions import Cut, Pattern, cut
from onesystem.care.services.slots import change, slot
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_utc
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


@transaction.atomic
def make_slots(
    *, service: str, pattern: Pattern, words: str, place: str = "", by: Actor
) -> tuple[int, Cut]:
    """Make the slots of a pattern of sessions; gives the schedule and what it came to.

    Raises UserError where a session is outside the hours, or meets one that has slots already.
    """
    entry = reading.entry(service)
    require_keep(by, entry)
    made = cut(pattern, entry)
    zone = current().zone
    spans = [
        (to_micros(to_utc(first, zone)), to_micros(to_utc(last, zone)))
        for first, last in made.slots
    ]
    _check_free(service, pattern, words, spans)
    key = uuid.uuid4().hex[:12]
    row = ScheduleRow.objects.create(
        service=service, key=key, words=words.strip()[:200], place=place,
        pattern=packed(pattern), at=to_micros(now()), by=by.name,
    )  # fmt: skip
    SlotRow.objects.bulk_create(
        [
            SlotRow(
                service=service, key=f"{key}-{number}", schedule=row.pk, starts=first, ends=last,
                state="free", words=words.strip()[:200],
            )
            for number, (first, last) in enumerate(spans, 1)
        ],
        batch_size=500,
    )  # fmt: skip
    access.record(by=by, act="service.slots-made", what=service, detail={"slots": len(spans)})
    return int(row.pk), made


def _micros(local: datetime, zone: str) -> int:
    return to_micros(to_utc(local, zone))


def packed(pattern: Pattern) -> str:
    """A pattern as JSON."""
    said = asdict(pattern) | {"opening": pattern.opening.words}
    return orjson.dumps(said).decode()


def _check_free(
    service: str, pattern: Pattern, words: str, spans: Sequence[tuple[int, int]]
) -> None:
    """Sessions of the same words are not made twice over the same hours."""
    there = SlotRow.objects.filter(
        service=service, words=words.strip()[:200], starts__lt=spans[-1][1], ends__gt=spans[0][0]
    ).exclude(state="gone")
    held = set(there.values_list("starts", flat=True))
    if held & {first for first, _ in spans}:
        raise UserError(
            say(
                "there are slots for {words} at {words2} already",
                words=words or "this",
                words2=pattern.opening.words,
            ),
            "Call the sessions something else, or take the other slots away first.",
        )


@transaction.atomic
def block_slot(*, slot: int, by: Actor, why: str = "") -> None:
    """Keep a free slot from being booked. Raises UserError where somebody has it."""
    _keeps(slot, by)
    change(slot, "free", "blocked", by=by, why=why)


@transaction.atomic
def open_slot(*, slot: int, by: Actor) -> None:
    """Let a blocked slot be booked again."""
    _keeps(slot, by)
    change(slot, "blocked", "free", by=by)


@transaction.atomic
def take_away(*, slot: int, by: Actor, why: str = "") -> None:
    """Take a slot away that nobody has. Raises UserError where somebody has it."""
    found = _keeps(slot, by)
    change(slot, "blocked" if found == "blocked" else "free", "gone", by=by, why=why)


@transaction.atomic
def take_schedule_away(*, schedule: int, service: str, by: Actor) -> tuple[int, int]:
    """Take away all slots of a schedule that nobody has and that have not begun.

    Gives how many went, and how many stay because somebody has them.
    """
    require_keep(by, reading.entry(service))
    at = to_micros(now())
    ahead = SlotRow.objects.filter(schedule=schedule, service=service, starts__gt=at)
    going = list(
        ahead.filter(state__in=("free", "blocked")).select_for_update().values_list("id", flat=True)
    )
    with connection.cursor() as cursor:
        for number in going:
            cursor.execute(
                "UPDATE care_slot SET state = 'gone' WHERE id = %s AND state <> 'booked'", [number]
            )
    SlotStep.objects.bulk_create(
        [SlotStep(slot=number, state="gone", at=at, by=by.name) for number in going],
        batch_size=500,
    )
    access.record(by=by, act="service.slots-gone", what=service, detail={"slots": len(going)})
    return len(going), ahead.filter(state="booked").count()


def _keeps(number: int, by: Actor) -> str:
    found = slot(number)
    require_keep(by, reading.entry(found.service))
    return found.state
