"""Service level alliances: a scope, a mandate, and their own members.

One decides within its mandate and recommends beyond it, in meetings of its own. It is led by a
clinician where it can be, and its members need not sit in the alliance itself.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter.keeping import found, micros, step, words
from onesystem.alliance.charter.more_rows import ServiceAlliance, ServiceMember
from onesystem.alliance.charter.rows import Alliance, Member
from onesystem.alliance.charter.standing import SERVICE
from onesystem.district import current
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say

_KEEPS = "alliance.keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chair:
    """Who sits in a group: `member` names somebody of the alliance, 0 somebody who is not."""

    name: str = ""
    perspective: str = ""
    member: int = 0
    username: str = ""  # with which somebody who is not of the alliance signs in
    leads: bool = False
    clinical: bool = False


@transaction.atomic
def form(
    *, alliance: str, code: str, name: str, scope: str, mandate: str, by: Actor,
    services: Iterable[str] = (), most: int = 0, least: int = 0, seen: int | None = None,
) -> None:  # fmt: skip
    """Form a group, or put right what it is for.

    `most` is what it may commit by itself in twelve months, `least` how many of its members have
    to be there when it decides (0: half of them).
    """
    access.require(by, _KEEPS)
    row = step(alliance, "group-formed", code, by, seen=seen)
    if most < 0 or least < 0:
        raise UserError("a mandate and a quorum are no negative numbers", "Write 0 for none")
    chosen = sorted(set(services))
    for each in chosen:
        if each not in current().services:
            raise UserError(
                say("there is no service {each}", each=repr(each)),
                nearest(each, current().services),
            )
    said = {
        "name": words(name, say("the name"), 200), "scope": words(scope, say("the scope"), 2000),
        "mandate": words(mandate, say("the mandate"), 2000), "most": most,
        "services": json.dumps(chosen), "least": least,
    }  # fmt: skip
    group = ServiceAlliance.objects.filter(alliance=row, code=code).first()
    if group is not None and group.until is not None:
        raise UserError(
            say("{name} has ended", name=group.name), "Form another one under another code"
        )
    if group is None:
        ServiceAlliance.objects.create(
            alliance=row, code=words(code, "the code", 60), since=micros(), by=by.name, **said
        )
        return
    ServiceAlliance.objects.filter(id=group.id).update(**said)


@transaction.atomic
def seat(*, alliance: str, group: str, chair: Chair, by: Actor, seen: int | None = None) -> int:
    """Somebody takes a seat in a group; a new lead takes the place of the one before."""
    access.require(by, _KEEPS)
    row = step(alliance, "group-seated", group, by, seen=seen)
    of = _group(row, group)
    sits = _member(row, chair, by)
    here = ServiceMember.objects.filter(group=of, until__isnull=True)
    if here.filter(member=sits).exists():
        raise UserError("they sit in this group already", "Let them leave first, or leave it so")
    if chair.leads:
        here.filter(leads=True).update(leads=False)
    made = ServiceMember.objects.create(
        group=of, member=sits, username=sits.username, leads=chair.leads, name=sits.name,
        perspective=chair.perspective.strip() or sits.perspective, clinical=sits.clinical,
        since=micros(), by=by.name,
    )  # fmt: skip
    return int(made.id)


def _member(row: Alliance, chair: Chair, by: Actor) -> Member:
    """Who takes the seat: a member of the alliance, or somebody who sits in groups alone."""
    here = Member.objects.filter(alliance=row, until__isnull=True)
    if chair.member:
        named: Member = found(Member, "member who sits", alliance=row, id=chair.member,
                              until__isnull=True)  # fmt: skip
        return named
    if chair.username and (known := here.filter(username=chair.username).first()):
        return known
    return Member.objects.create(
        alliance=row, seat=SERVICE, username=chair.username, clinical=chair.clinical,
        name=words(chair.name, "the name", 200), since=micros(), by=by.name,
        perspective=words(chair.perspective, "what they bring", 200),
    )  # fmt: skip


@transaction.atomic
def leave(*, alliance: str, group: str, chair: int, by: Actor, seen: int | None = None) -> None:
    """Somebody leaves a group."""
    access.require(by, _KEEPS)
    row = step(alliance, "group-left", group, by, seen=seen)
    sits = found(ServiceMember, say("member of the group"), group=_group(row, group), id=chair,
                 until__isnull=True)  # fmt: skip
    sits.until, sits.leads = micros(), False
    sits.save(update_fields=["until", "leads"])
    _part(row)


@transaction.atomic
def end(*, alliance: str, group: str, why: str, by: Actor, seen: int | None = None) -> None:
    """A group has done what it was formed for, or is not needed any more."""
    access.require(by, _KEEPS)
    row = step(alliance, "group-ended", group, by, seen=seen, why=words(why, "the reason"))
    of, moment = _group(row, group), micros()
    ServiceMember.objects.filter(group=of, until__isnull=True).update(until=moment, leads=False)
    of.until = moment
    of.save(update_fields=["until"])
    _part(row)


def _part(row: Alliance) -> None:
    """Who sat in groups alone, and sits in none any more, has left."""
    sits = ServiceMember.objects.filter(until__isnull=True).values("member")
    alone = Member.objects.filter(alliance=row, seat=SERVICE, until__isnull=True)
    alone.exclude(id__in=sits).update(until=micros())


def leave_all(member: Member) -> None:
    """Who leaves the alliance leaves its groups as well."""
    here = ServiceMember.objects.filter(member=member, until__isnull=True)
    here.update(until=micros(), leads=False)


def _group(row: Alliance, code: str) -> ServiceAlliance:
    return found(
        ServiceAlliance, say("service alliance"), alliance=row, code=code, until__isnull=True
    )
