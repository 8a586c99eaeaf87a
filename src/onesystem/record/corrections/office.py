"""What was decided, held against what sources send: the feeds ask before they hand readings on.

A fact that was put right and is sent wrongly again is put right on the way in. One that was left,
with the person's statement, keeps the statement. Where a source says something else of it, that
passes, and the decision is marked for a second look. Readings of a person whose record was
destroyed pass only where they were sent afterwards.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from onesystem.feeds.amending import OFFICE, Barred
from onesystem.feeds.readers import Elsewhere
from onesystem.feeds.reading import Read
from onesystem.record.columns import entry_id
from onesystem.record.corrections import bodies, facts, mending
from onesystem.record.corrections.facts import Again
from onesystem.record.corrections.rows import ACCEPTED, Correction
from onesystem.record.keeping import tombs
from onesystem.vocabulary import (
    Code,
    ContactEvent,
    Entry,
    PersonSeen,
    Reading,
    Remark,
    contact_id,
)
from onesystem.vocabulary.kept import from_micros, to_micros

_PART = 500
_ANY = (
    "SELECT EXISTS (SELECT 1 FROM record_correction WHERE holds), "
    "EXISTS (SELECT 1 FROM record_tomb)"
)


class Decided:
    """The office of this district: see `feeds.amending.Office`."""

    def part(self, reads: Sequence[Read], known_at: datetime) -> "Part | None":
        """What holds for these messages."""
        corrected, destroyed = _any()
        if not corrected and not destroyed:
            return None
        said = [
            (owner, reading)
            for read in reads
            for owner, reading in read.owned(read.landed.frame.source)
        ]
        return Part(
            _rulings((target_of(*each) for each in said), known_at) if corrected else {},
            tombs.of(said) if destroyed else {},
        )

    def entries(
        self, source: str, readings: Sequence[Reading], known_at: datetime
    ) -> list[Reading]:
        """Readings out of an extract, as they are to be taken."""
        corrected, destroyed = _any()
        if not corrected and not destroyed:
            return list(readings)
        said = [(source, each) for each in readings]
        part = Part(
            _rulings((target_of(*each) for each in said), known_at) if corrected else {},
            tombs.of(said) if destroyed else {},
        )
        made = (part.one(source, each, known_at) for each in readings)
        return [each for one in made for each in one if not isinstance(each, Remark)]

    def barred(self, source: str, received: datetime) -> Barred | None:
        """Whose rows of a file are passed over."""
        return tombs.barred(source, received)

    def file_taken(self, source: str, message: int, known_at: datetime) -> None:
        """Put right again what a whole file said."""
        mending.after_file(source, message, known_at)


@dataclass(slots=True)
class Part:
    """What holds for one batch. `gone`: when the record of (source, subject) was destroyed."""

    rulings: dict[int, list[Correction]]
    gone: dict[tuple[str, str], int]

    def of(self, read: Read) -> list[Any]:
        """The readings of a message as they are to be taken."""
        frame = read.landed.frame
        if frame.source == OFFICE:  # a decision is not put right by itself, but may be forgotten
            return [each for each in read.readings if not self._forgotten(each, frame)]
        made: list[Any] = []
        for each in read.readings:
            if not isinstance(each, Elsewhere):
                made += self.one(frame.source, each, frame.received)
                continue
            source = each.owner if each.whose == each.owner else each.whose
            if self._is_gone(source, each.reading, frame.received):
                continue
            found = self._righted(each.owner, each.reading)
            made += [Elsewhere(each.owner, each.whose, one) for one in found]
        return made

    def one(self, source: str, reading: Reading, received: datetime) -> list[Reading]:
        """One reading: as it came, put right, or not at all."""
        if self._is_gone(source, reading, received):
            return []
        return self._righted(source, reading)

    def _forgotten(self, each: Any, frame: Any) -> bool:
        return isinstance(each, Elsewhere) and self._is_gone(
            each.whose, each.reading, frame.received
        )

    def _is_gone(self, source: str, reading: Reading, received: datetime) -> bool:
        at = self.gone.get((source, getattr(reading, "subject", "")))
        return at is not None and to_micros(received) <= at

    def _righted(self, owner: str, reading: Reading) -> list[Reading]:
        target = target_of(owner, reading)
        rulings = self.rulings.get(target) if target else None
        if not rulings:
            return [reading]
        remarks: list[Reading] = []
        for ruling in rulings:
            reading, remark = _ruled(ruling, reading)
            if remark:
                remarks.append(Remark(rule=f"corrected.{remark}", what=f"correction {ruling.pk}"))
            if reading is None:
                return remarks
        return [reading, *remarks]


def target_of(owner: str, reading: Reading) -> int:
    """What decisions know the thing of a reading by; 0 where there can be none."""
    if isinstance(reading, Entry):
        return entry_id(owner, reading.kind, reading.key)
    if isinstance(reading, ContactEvent):
        return contact_id(owner, reading.visit)
    if isinstance(reading, PersonSeen):
        return facts.person_target(owner, reading.subject)
    return 0


def _any() -> tuple[bool, bool]:
    with connection.cursor() as cursor:
        cursor.execute(_ANY)
        corrected, destroyed = cursor.fetchone()
    return bool(corrected), bool(destroyed)


def _rulings(targets: Any, known_at: datetime) -> dict[int, list[Correction]]:
    """Decisions that hold, oldest first. A description of a person is put right for all times."""
    wanted = sorted({each for each in targets if each})
    found: dict[int, list[Correction]] = {}
    for at in range(0, len(wanted), _PART):
        rows = Correction.objects.filter(target__in=wanted[at : at + _PART], holds=True)
        for row in rows.order_by("decided_at", "id"):
            if row.about == "person" or (row.decided_at or 0) <= to_micros(known_at):
                found.setdefault(row.target, []).append(row)
    return found


def _ruled(ruling: Correction, reading: Any) -> tuple[Any, str]:
    """The reading under a decision, and what is remarked about it."""
    was = json.loads(ruling.was)
    if isinstance(reading, Entry):
        return _entry(ruling, reading, was)
    now = json.loads(ruling.change).get("now", {})
    if isinstance(reading, ContactEvent):
        return _event(ruling, reading, was, now)
    found = facts.compared(facts.of_person(reading), was, now)
    if ruling.state != ACCEPTED:
        return reading, ""
    if found is Again.NEW:
        mending.say_again(ruling, facts.of_person(reading), now)
        return reading, "said-anew"
    made = facts.righted_person(reading, was, now)
    return made, "" if made is reading else "put-right"


def _event(
    ruling: Correction, said: ContactEvent, was: dict[str, str], now: dict[str, str]
) -> tuple[ContactEvent | None, str]:
    if ruling.state != ACCEPTED:
        return said, ""
    if now.get("cancelled") == "yes":
        if said.recorded > from_micros(ruling.decided_at):
            mending.say_again(ruling, facts.of_event(said), was)
        return None, "passed-over"
    made = facts.righted_event(said, was, now)
    if made is said and facts.compared(facts.of_event(said), was, now) is Again.NEW:
        mending.say_again(ruling, facts.of_event(said), now)
        return said, "said-anew"
    return made, "" if made is said else "put-right"


def _entry(ruling: Correction, said: Entry, was: dict[str, str]) -> tuple[Entry, str]:
    if said.status == "deleted":
        mending.say_again(ruling, {"status": "deleted"}, {"status": ""})
        return said, "said-anew"
    told, day = facts.of_entry(said), from_micros(ruling.decided_at).date()
    if ruling.state != ACCEPTED:
        if any(told[name] != was.get(name, "") for name in told):
            mending.say_again(ruling, told, was)
        if said.body is None:
            return said, ""
        return _with_body(said, bodies.stated(said.body, ruling.statement, day=day)), ""
    change = json.loads(ruling.change)
    found = facts.compared(told, was, change["now"])
    if found is Again.SILENT and not any(was.get(name) for name in change["now"]):
        found = Again.WRONG
    if found is Again.WRONG:
        return _right_again(ruling, said, change, day), "put-right"
    if found is not Again.RIGHT:
        mending.say_again(ruling, told, change["now"])
        return said, "said-anew"
    return said, ""


def _right_again(
    ruling: Correction, said: Entry, change: dict[str, dict[str, str]], day: date
) -> Entry:
    told = facts.of_entry(said) | change["now"]
    made = replace(
        said, status=told["status"], value=told["value"], unit=told["unit"],
        at=datetime.fromisoformat(told["at"]) if told["at"] else None,
        code=Code(told["system"], told["code"], told["words"])
        if told["code"] or told["words"] else None,
    )  # fmt: skip
    if said.body is None:
        return made
    body = bodies.corrected(
        said.body, change["set"], day=day, by=ruling.decided_by, why=ruling.reason
    )
    return _with_body(made, body)


def _with_body(said: Entry, body: bytes) -> Entry:
    return replace(said, body=body, resource=orjson.loads(body))
