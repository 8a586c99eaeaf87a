"""A clinical entry as one source states it: what, since when, how it stands, and the details.

Most facts lie in the columns of the entry, so that entries which came without a FHIR resource
(HL7 v2) read the same. The resource, where there is one, adds the details.
"""

from dataclasses import dataclass
from datetime import datetime

from onesystem.record.columns import Kept
from onesystem.record.summary.details import AGREE, DETAILS, Pairs
from onesystem.record.summary.wording import Resource, concept, flag, normal, title, who

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one source says. `compared` are the details on which two sources should agree.

    `stands` is None where the source does not say whether it still holds.
    """

    entry: int
    kind: str
    source: str
    words: str
    system: str = ""
    code: str = ""
    at: datetime | None = None
    recorded: datetime
    known_at: datetime
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


def statement(kept: Kept, resource: Resource | None) -> Statement:
    """The statement of one entry; `resource` is its body where it came with one."""
    said = resource or {}
    detailed = DETAILS.get(kept.kind) if said else None
    details = detailed(said) if detailed else ()
    words = (kept.code.display or kept.code.code) if kept.code else ""
    return Statement(
        entry=kept.entry,
        kind=kept.kind,
        source=kept.source,
        words=words or title(said) or _KINDLESS,
        system=kept.code.system if kept.code else "",
        code=kept.code.code if kept.code else "",
        at=kept.at,
        recorded=kept.recorded,
        known_at=kept.known_at,
        status=kept.status,
        stands=_stands(kept.status),
        value=kept.value,
        unit=kept.unit,
        by=who(said) if said else "",
        flag=flag(said) if said else "",
        normal=normal(said) if said else "",
        category=concept(said.get("category")) if said else "",
        details=tuple((name, value) for name, value in details if value),
        compared=_compared(kept, details),
    )


def _stands(status: str) -> bool | None:
    if status in _OVER:
        return False
    return True if status in _STANDS else None


def _compared(kept: Kept, details: Pairs) -> Pairs:
    """What two sources that mean the same thing ought to say alike."""
    stands = _stands(kept.status)
    state = () if stands is None else (("State", "current" if stands else "no longer"),)
    own = AGREE.get(kept.kind, ())
    value = (("Value", f"{kept.value} {kept.unit}".strip()),) if kept.kind == "Observation" else ()
    return (*state, *value, *((n, v) for n, v in details if n in own and v))
