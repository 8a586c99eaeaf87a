"""Between the words of the fold and rows of the store: events as JSON, contacts as tuples."""

import hashlib
from dataclasses import fields, make_dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from onesystem.contacts.moments import micros, moment
from onesystem.contacts.stretches import Stretch
from onesystem.vocabulary import (
    Act,
    Contact,
    ContactEvent,
    Setting,
    cause_id,
    contact_id,
    key_by_id,
)
from onesystem.vocabulary.kept import EPOCH, MICROSECOND

_TIMES = frozenset({"at", "recorded", "requested", "started", "ready", "ended", "planned"})
_NAMES = tuple(f.name for f in fields(ContactEvent))


class Row(NamedTuple):
    """A row of `contacts_contact`, in the order of its columns here; times in microseconds."""

    contact: int
    visit: int
    source: str
    key: str
    identity: int
    service: str
    setting: str
    requested: int | None
    started: int | None
    ready: int | None
    ended: int | None
    planned: int | None
    bed: str
    mode: str
    urgency: str
    reason: str
    outcome: str
    by: str
    cause: int | None
    cancelled: bool
    version: int
    known_at: int
    message: int
    logged: int = 0
    recorded: int | None = None

    @property
    def content(self) -> tuple[Any, ...]:
        """What the contact says, without who said it when."""
        return self[4:20]


COLUMNS = Row._fields
VERSION_COLUMNS = COLUMNS[:23]


def row_of(values: tuple[Any, ...]) -> Row:
    """A row as the database gave it; SQLite keeps truth as 0 and 1."""
    row = Row(*values)
    return (
        row
        if row.cancelled is True or row.cancelled is False
        else row._replace(cancelled=bool(row.cancelled))
    )


# A frozen class sets each of its fields by name, which is most of what making one costs; a person
# may have hundreds of contacts. So each is made as this, which has the same slots, and then frozen.
_Draft: Any = make_dataclass("_Draft", [field.name for field in fields(Contact)], slots=True)
_SETTINGS = {each.value: each for each in Setting}


def contact_of(row: Row) -> Contact:
    """The contact that a row says."""
    (
        contact, _, source, key, identity, service, setting, requested, started, ready, ended,
        planned, bed, mode, urgency, reason, outcome, by, cause, cancelled, version, known_at,
        message, *_,
    ) = row  # fmt: skip
    times = [
        None if t is None else EPOCH + t * MICROSECOND
        for t in (requested, started, ready, ended, planned, known_at)
    ]
    values = (
        contact, source, key, identity, service, _SETTINGS[setting], *times[:5], bed, mode, urgency,
        reason, outcome, by, cause, cancelled, version, times[5], message,
    )  # fmt: skip
    made = _Draft(*values)
    made.__class__ = Contact
    return made  # type: ignore[no-any-return]


def stretch_of(row: Row) -> Stretch:
    """The stretch that a row says, to fold further events on."""
    return Stretch(
        row.identity,
        row.service,
        Setting(row.setting),
        moment(row.requested),
        moment(row.started),
        moment(row.ready),
        moment(row.ended),
        row.bed,
        row.mode,
        row.urgency,
        row.reason,
        row.outcome,
        row.by,
        "" if row.cause is None else key_by_id(row.cause),
        row.cancelled,
        moment(row.planned),
    )


def state_of(row: Row, visit: str) -> ContactEvent:
    """The event that a row of an extract is: the whole visit as it stood when it was written."""
    recorded = moment(row.recorded if row.recorded is not None else row.known_at)
    assert recorded is not None  # noqa: S101 - known_at is never null
    said = stretch_of(row)._asdict()
    del said["identity"]
    return ContactEvent(visit=visit, subject="", act=Act.STATE, at=None, recorded=recorded, **said)


def event_json(event: ContactEvent) -> bytes:
    """The event as it is kept: only what it says."""
    return orjson.dumps(
        {name: value for name in _NAMES if (value := getattr(event, name)) or name == "subject"}
    )


def event_from(body: str | bytes) -> ContactEvent:
    """An event as it was kept."""
    said = orjson.loads(body)
    for name in _TIMES & said.keys():
        said[name] = datetime.fromisoformat(said[name])
    said.setdefault("at", None)
    said["act"] = Act(said["act"])
    if "setting" in said:
        said["setting"] = Setting(said["setting"])
    return ContactEvent(**said)


def base_json(base: list[Stretch]) -> bytes:
    """What was known of a visit before its first kept event."""
    return orjson.dumps([list(stretch) for stretch in base])


def base_from(body: str | bytes) -> list[Stretch]:
    """The stretches as they were kept."""
    return [_stretch_from(said) for said in orjson.loads(body)]


def _stretch_from(said: list[Any]) -> Stretch:
    """A stretch as it was kept; before visits were planned it was kept without its last part."""
    told = dict(zip(Stretch._fields, said, strict=False))
    for name in _TIMES & told.keys():
        told[name] = datetime.fromisoformat(told[name]) if told[name] else None
    told["setting"] = Setting(told["setting"]) if told["setting"] else None
    return Stretch(**told)


def digest_of(body: bytes) -> int:
    """63 bits that tell one event of a visit from another; 0 is kept for the visit's base."""
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    return (int.from_bytes(digest[:8], "little") >> 1) or 1


def stretch_row(
    stretch: Stretch, *, source: str, visit: int, key: str, setting: str, version: int,
    known_at: int, message: int, logged: int,
) -> Row:  # fmt: skip
    """The row of a stretch."""
    return Row(
        contact_id(source, key),
        visit,
        source,
        key,
        stretch.identity,
        stretch.service,
        setting,
        micros(stretch.requested),
        micros(stretch.started),
        micros(stretch.ready),
        micros(stretch.ended),
        micros(stretch.planned),
        stretch.bed,
        stretch.mode,
        stretch.urgency,
        stretch.reason,
        stretch.outcome,
        stretch.by,
        cause_id(source, stretch.cause),
        stretch.cancelled,
        version,
        known_at,
        message,
        logged,
    )
