"""The table that decides: role by purpose, with the ties it takes and the kinds of data it opens.

Dated data: a change is a new line with its own dates, never an edit of an old one.
`docs/reference/access-table.md` is made from this table, for a privacy officer to read.

Sources of the rules: the legitimate relationship of the NHS Care Record Guarantee, current-care
viewing of the Canterbury shared record, UK GDPR article 9(2)(h) with the Caldicott principles, rule
11 of New Zealand's Health Information Privacy Code. Which role sees which sensitive kind is the
district's choice; the lines here are the careful default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from onesystem.access.kinds import EVERY, mask_of
from onesystem.vocabulary.said import say_each

# Ties, the surest first. Each is worked out when it is asked for, from dated facts.
TIES: Mapping[str, str] = say_each(
    {
        "self": "It is their own record",
        "proxy": "The person, or the law, named them to act",
        "practice": "The person is enrolled with their practice",
        "contact": "The person is with their organisation now",
        "request": "Their organisation has an open request about the person",
        "team": "Their organisation has the person on a caseload or in a care team",
        "recent": "The person left, or their request ended, within the district's window",
        "on-call": "They are on call for an organisation that has a tie",
        "break-glass": "They broke the glass, with a reason, for a few hours",
    }
)
CARE: frozenset[str] = frozenset(TIES) - {"self", "proxy"}
OWN: frozenset[str] = frozenset({"self", "proxy"})
SHARED: frozenset[str] = frozenset({"direct care", "care coordination"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one role may see for one purpose.

    `ties` empty: no tie is needed. `record` False: demographics and nothing more. `labels`: the
    sensitive kinds that it opens. `glass`: may break the glass where no tie is there.
    """

    role: str
    purpose: str
    ties: frozenset[str] = frozenset()
    record: bool = True
    labels: int = 0
    actions: frozenset[str] = frozenset({"read"})
    glass: bool = False
    since: date = date(2026, 11, 1)
    until: date | None = None

    @property
    def shares(self) -> bool:
        """Whether sharing agreements and the person's choices about sharing apply."""
        return self.purpose in SHARED

    def on(self, day: date) -> bool:
        """Whether the line is in force on that day."""
        return self.since <= day and (self.until is None or day < self.until)


_DO = frozenset({"read", "write", "export"})
_CLINICAL: Mapping[str, int] = {
    "general-practitioner": EVERY,
    "hospital-doctor": EVERY,
    "ed-nurse": mask_of(("mental-health", "safeguarding", "addiction")),
    "district-nurse": mask_of(("mental-health", "safeguarding", "addiction")),
    "therapist": mask_of(("mental-health", "safeguarding")),
    "paramedic": mask_of(("mental-health", "safeguarding")),
    "social-worker": mask_of(("safeguarding",)),
}
_SAFE = mask_of(("safeguarding",))
_OWNED = EVERY & ~mask_of(("restricted",))  # what a sender restricted may harm the person or others


def _care(role: str, labels: int) -> tuple[Line, Line]:
    return (
        Line(role=role, purpose="direct care", ties=CARE, labels=labels, actions=_DO, glass=True),
        Line(role=role, purpose="care coordination", ties=CARE, labels=labels & _SAFE, actions=_DO),
    )


LINES: tuple[Line, ...] = (
    *(line for role, labels in _CLINICAL.items() for line in _care(role, labels)),
    Line(role="coordinator", purpose="care coordination", ties=CARE, actions=_DO),
    Line(role="home-carer", purpose="direct care", ties=CARE, labels=_SAFE,
         actions=_DO),
    Line(role="records-officer", purpose="records management", actions=_DO),
    Line(
        role="records-officer",
        purpose="subject access",
        labels=_OWNED,
        actions=frozenset({"read", "export"}),
    ),
    Line(role="privacy-officer", purpose="privacy review", record=False),
    Line(
        role="privacy-officer",
        purpose="subject access",
        labels=_OWNED,
        actions=frozenset({"read", "export"}),
    ),
    Line(role="identity-checker", purpose="records management", record=False),
    Line(role="finance-assessor", purpose="financial assessment", record=False, actions=_DO),
    Line(role="person", purpose="own record", ties=OWN, labels=_OWNED,
         actions=frozenset({"read", "export"})),
    Line(role="application", purpose="direct care", ties=CARE, labels=_SAFE, actions=_DO),
    Line(role="application", purpose="care coordination", ties=CARE, actions=_DO),
)  # fmt: skip


@lru_cache(maxsize=64)
def lines_for(roles: frozenset[str], purpose: str, day: date) -> tuple[Line, ...]:
    """The lines in force for these roles and that purpose; of one role the latest counts."""
    found: dict[str, Line] = {}
    for line in LINES:
        if line.role in roles and line.purpose == purpose and line.on(day):
            found[line.role] = line
    return tuple(found.values())
