"""Readings: what a reader makes of a message. Plain frozen facts, in our own words.

`subject` is always the source's own key of a person (`MRN^RM1:12345`, `Patient/7`), never a
national number: numbers travel inside `PersonSeen.identifiers`, where they are checked.
All times are UTC and aware. Empty text means that the source did not say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from onesystem.vocabulary.codes import Code
from onesystem.vocabulary.identifiers import Identifier
from onesystem.vocabulary.settings import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeen:
    """A source's description of a person at a moment. Later ones replace earlier ones."""

    subject: str
    at: datetime
    identifiers: tuple[Identifier, ...] = ()
    family: str = ""
    given: str = ""  # all given names, separated by spaces
    other_names: tuple[tuple[str, str], ...] = ()  # (family, given) of former and other names
    birth_date: date | None = None
    sex: str = ""  # female, male, other, or empty
    address: str = ""
    postcode: str = ""
    phone: str = ""
    practice: str = ""  # the code of the general practice the person is enrolled with
    died: date | None = None
    restricted: bool = False  # the source marks where the person lives as sensitive


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectsMerged:
    """A source says that two of its numbers are one person: `old` is now `subject`."""

    subject: str
    old: str
    at: datetime


class Act(StrEnum):
    """What an event does to a visit."""

    REQUEST = "request"
    START = "start"
    MOVE = "move"
    READY = "ready"
    END = "end"
    NOTE = "note"  # says more, changes no step
    CANCEL = "cancel"
    UNMOVE = "unmove"
    UNREADY = "unready"
    UNEND = "unend"
    STATE = "state"  # the whole contact as it stands, from a row or an Encounter


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEvent:
    """One event of one visit. A visit's contacts are a fold over its events, in source order.

    `recorded` and `order` put the events of a visit in the order in which the source wrote them,
    in whatever order they arrive. `service` is already a service of the district, or
    `SOURCE/PLACE` where the source's place is not mapped yet.
    """

    visit: str
    subject: str
    act: Act
    at: datetime | None
    recorded: datetime
    order: str = ""
    service: str = ""
    setting: Setting | None = None
    requested: datetime | None = None
    started: datetime | None = None
    ready: datetime | None = None
    ended: datetime | None = None
    planned: datetime | None = None
    bed: str = ""
    mode: str = ""
    urgency: str = ""
    reason: str = ""
    outcome: str = ""
    by: str = ""
    cause: str = ""  # the key of the visit or request that led to it; see `key_elsewhere`
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A clinical statement for the record. `body` is the resource as it was sent, if FHIR."""

    kind: str  # a FHIR resource type: Condition, Observation, MedicationRequest ...
    key: str
    subject: str
    at: datetime | None = None
    recorded: datetime
    code: Code | None = None
    status: str = ""
    value: str = ""
    unit: str = ""
    visit: str = ""
    order: str = ""  # the source's own version number, where `recorded` alone does not decide
    numbers: tuple[str, ...] = ()  # business identifiers, each as `system|value`
    body: bytes | None = None
    # What the references of the body mean, and the body parsed: both only for the one who takes it.
    links: Mapping[str, str] | None = field(default=None, compare=False, repr=False)
    resource: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen:
    """A referral, an order, or a question for advice, as the source tells of it."""

    key: str
    subject: str
    at: datetime | None
    recorded: datetime
    what: Code | None = None
    service: str = ""
    urgency: str = ""
    status: str = ""
    by: str = ""
    reason: str = ""
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFact:
    """What somebody said on a board of a stay, beside what its source says of it.

    `visit` is the source's key of the visit, `stretch` the key of the contact within it. Facts of
    one gesture share `act`, and `undoes` names the gesture that this one takes back. An empty
    `value` says that it is not so; `before` is what stood there when it was said.
    """

    visit: str
    stretch: str
    subject: str
    fact: str  # see flow.stays.facts
    act: str
    by: str
    recorded: datetime
    value: str = ""
    note: str = ""
    before: str = ""
    undoes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareAct:
    """What somebody did in the care room: a step of a request, a task, a visit, an episode.

    `part` is the part of the room that keeps it, `verb` what was done, `thing` the key of what it
    was done to, and `said` what was said with it: plain JSON. Acts of one gesture share `act`.
    """

    part: str
    verb: str
    thing: str
    act: str
    by: str
    recorded: datetime
    subject: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something odd in a message that was read all the same: flagged, never silent."""

    rule: str
    what: str
    where: str = ""


Reading = (
    PersonSeen | SubjectsMerged | ContactEvent | Entry | RequestSeen | StayFact | CareAct | Remark
)
