"""What can be asked of an alliance, for any moment: who stands where, who has an interest.

standing("", now())           the only alliance of the district, now
member_of(actor, "", now())   the seat of whoever signed in, or None
interests("", touches, now()) who has declared something in what is touched
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from onesystem.access import Actor
from onesystem.alliance.charter import more_rows, rows, text
from onesystem.alliance.charter.standing import (
    LEAD,
    MEMBER,
    SERVICE,
    Member,
    Party,
    Standing,
    Version,
)
from onesystem.alliance.charter.text import ServiceQuorum
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, nearest, to_local
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """An interest that a member declared, and what of it touches what was asked of."""

    id: int
    member: int
    category: str
    words: str
    since: date
    until: date | None
    touches: tuple[tuple[str, str], ...]  # (kind, code)


def alliance(code: str = "") -> rows.Alliance:
    """An alliance by its code; without one, the district's first. Raises NotFound."""
    found = rows.Alliance.objects.filter(**({"code": code} if code else {})).order_by("at").first()
    if found is None:
        known = rows.Alliance.objects.values_list("code", flat=True)
        raise NotFound(
            say("there is no alliance {code}", code=repr(code))
            if code
            else say("no alliance is set up here yet"),
            nearest(code, known) if code else "Set it up on the page of the alliance",
        )
    return found


def standing(code: str = "", at: datetime | None = None, group: int | None = None) -> Standing:
    """How an alliance stood at a moment; now, where none is said. `group`: a service alliance."""
    at, here = at or now(), alliance(code)
    version = version_at(here.code, at)
    parties = tuple(_parties(here.code, at))
    seated = tuple(_seated(here.code, at, version, parties))
    stood = Standing(
        alliance=here.code, name=here.name, at=at, version=version, parties=parties,
        seated=tuple(m for m in seated if m.seat != SERVICE),
    )  # fmt: skip
    return _group(stood, group, seated) if group else stood


def _group(stood: Standing, group: int, known: Iterable[Member]) -> Standing:
    """A service alliance: its members bring what it asked them for, and command nobody's money.

    They decide under the alliance's charter, which who sits in the alliance signed for all.
    """
    row = more_rows.ServiceAlliance.objects.get(id=group)
    sits = _at(more_rows.ServiceMember.objects.filter(group=row), stood.at)
    chairs = {each.member_id: each for each in sits}
    none = say("has no charter to decide under: none is in force")
    seated = tuple(
        replace(m, name=chairs[m.key].name, perspective=chairs[m.key].perspective,
                seat=LEAD if chairs[m.key].leads else MEMBER, clinical=chairs[m.key].clinical,
                commands="", since=_moment(chairs[m.key].since),
                until=_moment(chairs[m.key].until),
                barred=f"is suspended: {m.suspended}" if m.suspended
                else "" if stood.version else none)
        for m in known if m.key in chairs
    )  # fmt: skip
    rule = ServiceQuorum(share=Fraction(0), least=row.least) if row.least else ServiceQuorum()
    return replace(stood, name=row.name, group=group, rule=rule, seated=seated)


def everybody(code: str = "", at: datetime | None = None) -> tuple[Member, ...]:
    """Who sits, and who sits in service alliances alone."""
    at, here = at or now(), alliance(code)
    return tuple(_seated(here.code, at, version_at(here.code, at), tuple(_parties(here.code, at))))


def version_at(code: str, at: datetime) -> Version | None:
    """The charter that was in force at a moment."""
    found = _at(rows.CharterVersion.objects.filter(alliance=code, since__isnull=False), at).last()
    return version_of(found) if found else None


def version_of(row: rows.CharterVersion) -> Version:
    """A version with its text."""
    return Version(
        number=row.number, state=row.state, charter=text.read(row.body), digest=row.digest,
        since=_moment(row.since), until=_moment(row.until), by=row.by, why=row.why,
    )  # fmt: skip


def member_of(by: Actor, code: str = "", at: datetime | None = None) -> Member | None:
    """The seat of an actor at a moment, whether or not they may decide then."""
    return standing(code, at).of_user(by.name)


def interests(
    code: str, touches: Iterable[tuple[str, str]] | None = None, at: datetime | None = None
) -> tuple[Declared, ...]:
    """Interests declared by those who sit, that touch any of (kind, code); all, where none is said.

    Kinds: organisation, service, line, contract. A service is touched with the organisation that
    runs it: whoever works for a trust has an interest in its wards.
    """
    at = at or now()
    asked = None if touches is None else _widened(touches)
    day = to_local(at, current().zone).date()
    seated = _at(rows.Member.objects.filter(alliance=alliance(code).code), at)
    found = (
        rows.Interest.objects.filter(member__in=seated, since__lte=day)
        .filter(Q(until__isnull=True) | Q(until__gt=day))
        .order_by("id").prefetch_related("touches")
    )  # fmt: skip
    declared = []
    for each in found:
        own = tuple(sorted((t.kind, t.code) for t in each.touches.all()))
        hit = own if asked is None else tuple(t for t in own if t in asked)
        if hit or asked is None:
            declared.append(Declared(
                id=each.id, member=each.member_id, category=each.category, words=each.words,
                since=each.since, until=each.until, touches=hit,
            ))  # fmt: skip
    return tuple(declared)


def _widened(touches: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    asked = set(touches)
    services = current().services
    return asked | {
        ("organisation", services[code].organisation)
        for kind, code in asked
        if kind == "service" and code in services
    }


def _parties(code: str, at: datetime) -> Iterable[Party]:
    suspended = dict(
        _at(rows.Suspension.objects.filter(alliance=code, party__isnull=False), at)
        .values_list("party_id", "why")
    )  # fmt: skip
    for row in _at(rows.Party.objects.filter(alliance=code), at).order_by("id"):
        yield Party(
            code=row.code, name=row.name, organisation=row.organisation, funder=row.funder,
            since=_moment(row.since), until=_moment(row.until),
            suspended=suspended.get(row.id, ""),
        )  # fmt: skip


def _seated(
    code: str, at: datetime, version: Version | None, parties: Iterable[Party]
) -> Iterable[Member]:
    signed = _signed(code, version, at)
    suspended = dict(
        _at(rows.Suspension.objects.filter(alliance=code, member__isnull=False), at)
        .values_list("member_id", "why")
    )  # fmt: skip
    out = {party.code: party for party in parties}
    for row in (
        _at(rows.Member.objects.filter(alliance=code), at)
        .order_by("id")
        .prefetch_related("competence_set")
    ):
        yield Member(
            key=row.id, name=row.name, perspective=row.perspective, username=row.username,
            seat=row.seat, profession=row.profession, sector=row.sector, clinical=row.clinical,
            employer=row.employer, commands=row.commands, most=row.most,
            since=_moment(row.since), until=_moment(row.until),
            signed=_moment(signed.get(row.id)),
            suspended=_suspended(row, suspended, out),
            barred=_barred(row, signed, suspended, out, version),
            levels={c.code: c.level for c in row.competence_set.all()},
        )  # fmt: skip


def _suspended(row: rows.Member, suspended: Mapping[int, str], parties: Mapping[str, Party]) -> str:
    party = parties.get(row.commands)
    return suspended.get(row.id, "") or (party.suspended if party else "")


def _barred(
    row: rows.Member, signed: Mapping[int, int], suspended: Mapping[int, str],
    parties: Mapping[str, Party], version: Version | None,
) -> str:  # fmt: skip
    if row.seat == SERVICE:
        return say("sits in service alliances, and not in the alliance itself")
    if why := _suspended(row, suspended, parties):
        whose = (
            say("is suspended")
            if row.id in suspended
            else say("commands a suspended party's money")
        )
        return f"{whose}: {why}"
    if row.commands and row.commands not in parties:
        return say("commands the money of a party that has left")
    if version is None:
        return say("has no charter to decide under: none is in force")
    if row.id not in signed:
        return say("has not signed version {number} of the charter", number=version.number)
    return ""


def _signed(code: str, version: Version | None, at: datetime) -> dict[int, int]:
    if version is None:
        return {}
    found = rows.CharterSignature.objects.filter(
        version__alliance=code, version__number=version.number, at__lte=to_micros(at)
    )
    return dict(found.values_list("member_id", "at"))


def _at(found: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    """Those rows that hold at a moment: from `since` (inclusive) to `until` (exclusive)."""
    moment = to_micros(at)
    return found.filter(since__lte=moment).filter(Q(until__isnull=True) | Q(until__gt=moment))


def _moment(micros: int | None) -> datetime | None:
    return from_micros(micros) if micros is not None else None


def versions(code: str, *states: str) -> list[Version]:
    """Versions of a charter, the newest first; of some states, where any is named."""
    found = rows.CharterVersion.objects.filter(alliance=code).order_by("-number")
    return [version_of(r) for r in (found.filter(state__in=states) if states else found)]


def signatures(code: str, number: int) -> list[tuple[rows.Member, datetime, str]]:
    """Who signed a version, when, and who wrote it down."""
    found = rows.CharterSignature.objects.filter(version__alliance=code, version__number=number)
    return [(s.member, from_micros(s.at), s.by)
            for s in found.select_related("member").order_by("at", "id")]  # fmt: skip
