"""What can be asked about sharing: a person's choices, who looked, notices, the list of looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from onesystem.access import kinds
from onesystem.access.actor import Actor
from onesystem.access.agreed import agreement_of
from onesystem.access.asking import OWN_RECORD, asker_of
from onesystem.access.deciding import identities_of, require_open
from onesystem.access.models import (
    AgreementRow,
    Audit,
    Consent,
    ConsentOn,
    Glass,
    Proxy,
    Review,
    Seal,
)
from onesystem.access.rights import may_open, require
from onesystem.access.sharing import Agreement
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

_LOOKS = ("person.looked", "glass.broken", "timeline.exported", "record.read", "record.searched",
          "record.exported")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice of a person about sharing; `what` is all, a source's code, or a kind of data."""

    number: int
    what: str
    since: datetime
    until: datetime | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a person, as the person may see it."""

    row: int
    at: datetime
    actor: str
    organisation: str
    act: str
    what: str
    purpose: str
    reason: str
    ties: tuple[str, ...]
    client: str
    place: str  # the address that it came from
    roles: tuple[str, ...] = ()


def choices(person: int, *, by: Actor, ended: bool = False) -> list[Choice]:
    """What the person does not share, newest first; with what they took back where `ended`."""
    _may_see(person, by)
    held = ConsentOn.objects.filter(identity__in=identities_of(person)).values("consent")
    found = Consent.objects.filter(id__in=held).order_by("-id")
    if not ended:
        found = found.filter(until__isnull=True)
    return [
        Choice(
            number=c.id, what=c.source or " ".join(kinds.names_of(c.labels)) or "all",
            since=from_micros(c.since), by=c.by, reason=c.reason,
            until=None if c.until is None else from_micros(c.until),
        )
        for c in found
    ]  # fmt: skip


def seals(person: int, *, by: Actor) -> list[Seal]:
    """The entries and contacts that the person marked as confidential."""
    _may_see(person, by)
    return list(Seal.objects.filter(identity__in=identities_of(person), until__isnull=True))


def sealed_items(person: int) -> frozenset[int]:
    """Their ids: for whoever shows a person's contacts, having asked `decide` already."""
    held = identities_of(person)
    if not held:
        return frozenset()
    marks = ", ".join(["%s"] * len(held))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT item FROM access_seal WHERE identity IN ({marks}) AND until IS NULL", held
        )
        return frozenset(item for (item,) in cursor.fetchall())


def proxies(person: int, *, by: Actor) -> list[Proxy]:
    """Who may act for the person."""
    _may_see(person, by)
    return list(Proxy.objects.filter(identity__in=identities_of(person), until__isnull=True))


def who_looked(person: int, *, by: Actor, limit: int = 500) -> list[Look]:
    """Who looked at a person, when, from where and why, newest first. All their identities."""
    _may_see(person, by)
    held = {person, *identities_of(person)}
    rows = Audit.objects.filter(person__in=held, act__in=_LOOKS).order_by("-id")[:limit]
    return [_look(row) for row in rows]


def agreements(*, by: Actor) -> list[tuple[Agreement, bool]]:
    """Every agreement, and whether it still stands."""
    require(by, "access.review")
    return [(agreement_of(row), row.until is None) for row in AgreementRow.objects.order_by("-id")]


def reviews(*, by: Actor, resolved: bool = False, limit: int = 500) -> list[Review]:
    """The looks that need a second look, newest first."""
    require(by, "access.review")
    found = Review.objects.filter(resolved_at__isnull=not resolved).order_by("-id")
    return list(found[:limit])


def broken(*, by: Actor, limit: int = 500) -> list[Glass]:
    """Every broken glass, newest first."""
    require(by, "access.review")
    return list(Glass.objects.order_by("-id")[:limit])


def _look(row: Audit) -> Look:
    detail: dict[str, Any] = orjson.loads(row.detail) if row.detail else {}
    return Look(
        row=row.id, at=row.at, actor=row.actor, organisation=row.organisation, act=row.act,
        what=row.what, purpose=row.purpose, reason=row.reason,
        ties=tuple(detail.get("ties", ())), client=str(detail.get("client", "")),
        place=str(detail.get("from", "")), roles=tuple(row.roles.split()),
    )  # fmt: skip


def _may_see(person: int, by: Actor) -> None:
    """The person, their proxy, whoever answers them, and the privacy officer."""
    if by.is_job or may_open(by, say("subject access")) or may_open(by, say("privacy review")):
        return
    require_open(asker_of(by, OWN_RECORD), person)
