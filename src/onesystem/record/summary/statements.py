"""A clinical entry as one source states it: what, since when, how it stands, and the details.

Most facts lie in the columns of the entry, so that entries which came without a FHIR resource
(HL7 v2) read the same. The resource, where there is one, adds the details.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from onesystem.record.summary.details import AGREE, DETAILS, Pairs
from onesystem.record.summary.wording import Resource, concept, flag, normal, title, who
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

_OVER = frozenset({
    "resolved", "inactive", "remission", "refuted", "stopped", "completed", "cancelled", "ended",
    "revoked", "rejected", "superseded", "expired", "abandoned", "on-hold", "draft", "not-taken",
    "not-done", "declined",
})  # fmt: skip
_STANDS = frozenset({
    "active", "recurrence", "relapse", "confirmed", "intended", "in-progress", "current", "final",
    "amended", "corrected", "preliminary", "registered", "accepted", "planned",
})  # fmt: skip
_KINDLESS = "no words given"
SAID = (  # the columns of an entry that a statement is made of
    "entry", "kind", "source", "at", "recorded", "known_at", "system", "code", "words", "status",
    "value", "unit",
)  # fmt: skip


class Statement(NamedTuple):
    """What one source says. `compared` are the details on which two sources should agree.

    `stands` is None where the source does not say whether it still holds. A tuple, since a page is
    made of hundreds.
    """

    entry: int
    kind: str
    source: str
    words: str
    recorded: datetime
    known_at: datetime
    at: datetime | None = None
    system: str = ""
    code: str = ""
    status: str = ""
    stands: bool | None = None
    value: str = ""
    unit: str = ""
    by: str = ""
    flag: str = ""
    normal: str = ""
    category: str = ""
    details: Pairs = ()
    compared: Pairs = ()

    @property
    def moment(self) -> datetime:
        """When it happened, or else when it was written down."""
        return self.at or self.recorded


def statement(row: Sequence[Any], resource: Resource | None) -> Statement:
    """The statement of one entry, a row of SAID; `resource` is its body where it came with one."""
    (entry, kind, source, at, recorded, known_at, system, code, words, status, value,
     unit) = row  # fmt: skip
    said = resource or {}
    detailed = DETAILS.get(kind) if said else None
    details = detailed(said) if detailed else ()
    measured = bool(said) and kind == "Observation"
    stands = _stands(status)
    return Statement(
        entry,
        kind,
        source,
        words or code or title(said) or _KINDLESS,
        from_micros(recorded),
        from_micros(known_at),
        None if at is None else from_micros(at),
        system if code or words else "",
        code,
        status,
        stands,
        value,
        unit,
        who(said) if said else "",
        flag(said) if measured else "",
        normal(said) if measured else "",
        concept(said.get("category")) if said else "",
        tuple((name, shown) for name, shown in details if shown),
        _compared(kind, stands, f"{value} {unit}".strip(), details),
    )


def _stands(status: str) -> bool | None:
    if status in _OVER:
        return False
    return True if status in _STANDS else None


def _compared(kind: str, stands: bool | None, value: str, details: Pairs) -> Pairs:
    """What two sources that mean the same thing ought to say alike."""
    state = () if stands is None else (("State", say("current") if stands else say("no longer")),)
    own = AGREE.get(kind, ())
    measured = (("Value", value),) if kind == "Observation" else ()
    return (*state, *measured, *((n, v) for n, v in details if n in own and v))
