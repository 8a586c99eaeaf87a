"""What stands beside a thing on every page: that it was corrected, or the person's statement."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onesystem.access.quick import marks, rows
from onesystem.record.corrections.facts import NAMES
from onesystem.record.corrections.rows import ACCEPTED, OPEN, REFUSED, Correction
from onesystem.vocabulary.kept import from_micros

_ANY = "SELECT 1 FROM record_correction WHERE identity IN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One decision that holds, or a request that is open. `facts`: (name, as it was, as it is)."""

    correction: int
    about: str
    item: int
    state: str
    at: datetime
    by: str
    reason: str
    statement: str
    facts: tuple[tuple[str, str, str], ...]
    again: bool

    @property
    def words(self) -> str:
        """In a few words, for a tag."""
        return {ACCEPTED: "Corrected", REFUSED: "Disputed", OPEN: "Correction asked for"}[
            self.state
        ]


def beside(identities: Sequence[int]) -> dict[int, list[Note]]:
    """The notes of a person's things, by the id of the entry, contact or identity."""
    wanted = list(identities)
    if not wanted or not rows(f"{_ANY} ({marks(wanted)}) LIMIT 1", wanted):
        return {}  # of most people nothing was ever asked to be put right
    found = Correction.objects.filter(identity__in=wanted).order_by("id")
    return by_item(row for row in found if row.holds or row.state == OPEN)


def by_item(corrections: Iterable[Correction]) -> dict[int, list[Note]]:
    """Rows as notes."""
    found: dict[int, list[Note]] = {}
    for row in corrections:
        found.setdefault(row.item, []).append(note_of(row))
    return found


def note_of(row: Correction) -> Note:
    """One row as a note."""
    return Note(
        correction=row.pk, about=row.about, item=row.item, state=row.state,
        at=from_micros(row.decided_at or row.asked_at), by=row.decided_by, reason=row.reason,
        statement=row.statement, facts=facts_of(row), again=bool(row.again_at and not row.again_by),
    )  # fmt: skip


def facts_of(row: Correction) -> tuple[tuple[str, str, str], ...]:
    """What was put right: the fact, what it said, what it says."""
    was, now = json.loads(row.was), json.loads(row.change).get("now", {})
    return tuple((NAMES[name], was.get(name, ""), value) for name, value in now.items())
