"""The contact: one person, one service, one stretch of time. The atom of the whole system."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onesystem.vocabulary.settings import Setting

_MARK = "\x1f"  # between a source and its own number, and before an id that stands for both


class Standing(StrEnum):
    """Where a contact stands; worked out from its times, never stored."""

    WAITING = "waiting"
    HERE = "here"
    READY = "ready"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One version of one contact. All times are UTC and aware.

    `identity` is the source identity it points at, never a person: merging and unmerging people
    changes the map between the two, not the contact. `cause` is the id of the request or of the
    earlier contact that led to it. `planned` is when it is due to start, as an appointment says;
    it is no step of the contact and orders nothing. `version` counts from 1; `known_at` is when it
    became known.
    """

    contact: int
    source: str
    key: str
    identity: int
    service: str
    setting: Setting
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
    cause: int | None = None
    cancelled: bool = False
    version: int = 1
    known_at: datetime | None = None
    message: int = 0

    @property
    def standing(self) -> Standing:
        """Waiting, here, ready to go, ended or cancelled."""
        if self.cancelled:
            return Standing.CANCELLED
        if self.ended:
            return Standing.ENDED
        if self.started:
            return Standing.READY if self.ready else Standing.HERE
        return Standing.WAITING

    @property
    def moment(self) -> datetime | None:
        """The time that files it under a month: when it started, else the first time known."""
        return self.started or self.requested or self.ready or self.ended


def contact_id(source: str, key: str) -> int:
    """The stable id of a contact or request: 63 bits of a digest of the source and its own number.

    The same in SQL on DuckDB: `CAST(md5_number_lower(source || chr(31) || key) >> 1 AS BIGINT)`.
    Among 150 million contacts the chance that any two share an id is below 0.2 %.

    >>> contact_id("pas", "visit 7") == contact_id("pas", "visit 7") != contact_id("pas", "visit 8")
    True
    """
    digest = hashlib.md5(f"{source}{_MARK}{key}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") >> 1


def key_elsewhere(source: str, key: str) -> str:
    """A key of another source, as `ContactEvent.cause` names it; empty where there is no key."""
    return f"{source}{_MARK}{key}" if key else ""


def key_by_id(contact: int) -> str:
    """What stands for a key where only the id that was made of it is known."""
    return f"{_MARK}{contact}"


def cause_id(source: str, cause: str) -> int | None:
    """The id that a `ContactEvent.cause` of a source names; None where it names nothing.

    Worked out from the words alone: what led to a contact may be heard of later, or never.
    """
    if not cause:
        return None
    elsewhere, mark, key = cause.partition(_MARK)
    if not mark:
        return contact_id(source, cause)
    return contact_id(elsewhere, key) if elsewhere else int(key)
