"""Setting up an alliance: parties and members join, are suspended, and leave.

Each act is counted, written down with who and when, and in the trail. Who left stays in the
register: what they said while they sat stands, and nothing they say afterwards counts.
"""

from dataclasses import dataclass

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import groups, rules, signing
from onesystem.alliance.charter.keeping import found, micros, step, words
from onesystem.alliance.charter.rows import Alliance, Competence, Member, Party, Suspension
from onesystem.alliance.charter.standing import CHAIR, DEPUTY, SEATS, SERVICE
from onesystem.district import current
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say

_KEEPS = "alliance.keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What is said of somebody who takes a seat. `levels`: competences, each 1 to 3."""

    name: str
    perspective: str
    username: str = ""
    seat: str = "member"
    profession: str = ""
    sector: str = ""
    clinical: bool = False
    employer: str = ""
    commands: str = ""
    most: int = 0
    independence: str = ""
    levels: tuple[tuple[str, int], ...] = ()


@transaction.atomic
def set_up(*, code: str, name: str, by: Actor, about: str = "") -> str:
    """Begin an alliance; gives its code."""
    access.require(by, _KEEPS)
    if Alliance.objects.filter(code=code).exists():
        raise UserError(
            say("there is an alliance {code} already", code=repr(code)),
            "Open it, or choose another code",
        )
    Alliance.objects.create(
        code=words(code, "the code", 60), name=words(name, "the name", 200), about=about.strip(),
        at=micros(), by=by.name,
    )  # fmt: skip
    step(code, "set-up", code, by)
    return code


@transaction.atomic
def join(
    *, alliance: str, code: str, name: str, by: Actor, funder: bool = False,
    organisation: str = "", seen: int | None = None,
) -> None:  # fmt: skip
    """A body joins: by signing the agreement's deed of accession, which is kept outside."""
    access.require(by, _KEEPS)
    here = current().organisations
    if organisation and organisation not in here:
        raise UserError(
            say("there is no organisation {organisation}", organisation=repr(organisation)),
            nearest(organisation, here),
        )
    row = step(alliance, "party-joined", code, by, seen=seen, funder=funder)
    if Party.objects.filter(alliance=row, code=code, until__isnull=True).exists():
        raise UserError(
            say("{name} is a party already", name=name or code), "Open it on the page of parties"
        )
    Party.objects.create(
        alliance=row, code=words(code, "the code", 60), name=words(name, "the name", 200),
        organisation=organisation, funder=funder, since=micros(), by=by.name,
    )  # fmt: skip


@transaction.atomic
def leave_party(*, alliance: str, code: str, why: str, by: Actor, seen: int | None = None) -> None:
    """A party leaves. Who commands its money cannot decide from now on; what it promised stands."""
    access.require(by, _KEEPS)
    row = step(alliance, "party-left", code, by, seen=seen, why=words(why, "the reason"))
    party = found(Party, "party", alliance=row, code=code, until__isnull=True)
    party.until = micros()
    party.save(update_fields=["until"])
    signing.settle(row, by)


@transaction.atomic
def seat(*, alliance: str, seat: Seat, by: Actor, seen: int | None = None) -> int:
    """Somebody takes a seat; gives their number. They decide once they have signed the charter."""
    access.require(by, _KEEPS)
    row = step(alliance, "member-joined", seat.seat, by, seen=seen)
    _check(row, seat, None)
    member = Member.objects.create(alliance=row, since=micros(), by=by.name, **_columns(seat))
    _competences(member, seat)
    return int(member.id)


@transaction.atomic
def change(*, alliance: str, member: int, seat: Seat, by: Actor, seen: int | None = None) -> None:
    """Put right what is said of a member. A seat is not changed: leave it, and take another."""
    access.require(by, _KEEPS)
    row = step(alliance, "member-changed", member, by, seen=seen)
    sits = _sitting(row, member)
    if seat.seat != sits.seat or seat.commands != sits.commands:
        raise UserError(
            "somebody's seat, or whose money they command, does not change while they sit",
            "Let them leave the seat, and seat them anew: votes of before keep their meaning",
        )
    _check(row, seat, sits)
    for column, value in _columns(seat).items():
        setattr(sits, column, value)
    sits.save()
    _competences(sits, seat)


@transaction.atomic
def leave(*, alliance: str, member: int, why: str, by: Actor, seen: int | None = None) -> None:
    """A member leaves their seat, from this moment on."""
    row = step(alliance, "member-left", member, by, seen=seen, why=words(why, "the reason"))
    sits = _sitting(row, member)
    if not sits.username or sits.username != by.name:
        access.require(by, _KEEPS)
    sits.until = micros()
    sits.save(update_fields=["until"])
    groups.leave_all(sits)
    signing.settle(row, by)


@transaction.atomic
def suspend(
    *, alliance: str, why: str, by: Actor, member: int = 0, party: str = "",
    seen: int | None = None,
) -> None:  # fmt: skip
    """Somebody, or a party, decides nothing until they are let back in."""
    access.require(by, _KEEPS)
    why = words(why, say("the reason"))
    row = step(alliance, "suspended", party or member, by, seen=seen, why=why)
    of = (
        {"party": found(Party, "party", alliance=row, code=party, until__isnull=True)}
        if party
        else {"member": _sitting(row, member)}
    )
    if Suspension.objects.filter(until__isnull=True, **of).exists():
        raise UserError("they are suspended already", "Let them back in, or leave it so")
    Suspension.objects.create(alliance=row, since=micros(), why=why, by=by.name, **of)
    signing.settle(row, by)


@transaction.atomic
def resume(
    *, alliance: str, by: Actor, member: int = 0, party: str = "", seen: int | None = None
) -> None:
    """Let somebody, or a party, back in."""
    access.require(by, _KEEPS)
    row = step(alliance, "resumed", party or member, by, seen=seen)
    of = {"party__code": party} if party else {"member": member}
    standing = Suspension.objects.filter(alliance=row, until__isnull=True, **of)
    if not standing.update(until=micros()):
        raise UserError("they are not suspended", "There is nothing to end")


def _sitting(row: Alliance, member: int) -> Member:
    return found(Member, say("member who sits"), alliance=row, id=member, until__isnull=True)


def _columns(seat: Seat) -> dict[str, object]:
    return {
        "username": seat.username.strip(), "name": words(seat.name, say("the name"), 200),
        "perspective": words(seat.perspective, say("what they bring"), 200), "seat": seat.seat,
        "profession": seat.profession, "sector": seat.sector, "clinical": seat.clinical,
        "employer": seat.employer.strip(), "commands": seat.commands, "most": seat.most,
        "independence": seat.independence.strip(),
    }  # fmt: skip


def _competences(member: Member, seat: Seat) -> None:
    Competence.objects.filter(member=member).delete()
    Competence.objects.bulk_create(
        Competence(member=member, code=code, level=level) for code, level in seat.levels
    )


def _check(row: Alliance, seat: Seat, sits: Member | None) -> None:
    """What would break a promise of the charter's is told before the database refuses it."""
    others = Member.objects.filter(alliance=row, until__isnull=True)
    others = others.exclude(id=sits.id) if sits else others
    if seat.seat not in SEATS:
        raise UserError(
            say("there is no seat {seat}", seat=repr(seat.seat)), nearest(seat.seat, SEATS)
        )
    if seat.seat in (CHAIR, DEPUTY) and others.filter(seat=seat.seat).exists():
        raise UserError(
            say(
                "somebody sits as {if_seat} already",
                if_seat=say("chair") if seat.seat == CHAIR else say("deputy"),
            ),
            "Let them leave the seat first",
        )
    if seat.username and others.filter(username=seat.username, seat=SERVICE).exists():
        raise UserError(
            "they sit in a service alliance, and not in the alliance itself",
            "Let them leave it first, seat them here, and give them that seat anew",
        )
    if seat.username and others.filter(username=seat.username).exists():
        raise UserError("they sit in the alliance already", "Change what is said of them instead")
    _check_independent(seat)
    if seat.commands:
        party = found(Party, "party", alliance=row, code=seat.commands, until__isnull=True)
        if not party.funder:
            raise UserError(
                say("{name} commands no money here", name=party.name), "Name a funder, or nobody"
            )
    known = {each.code for each in rules.needs("NZ")}
    for code, level in seat.levels:
        if code not in known or level not in (1, 2, 3):
            raise UserError(
                say("there is no competence {code} at level {level}", code=repr(code), level=level),
                nearest(code, known),
            )


def _check_independent(seat: Seat) -> None:
    if seat.seat != CHAIR:
        return
    if seat.commands:
        raise UserError(
            "the chair commands nobody's money", "Seat somebody who answers to none of the parties"
        )
    if not seat.independence.strip():
        raise UserError(
            "the chair has to say that they are independent",
            "Write their statement: whom they work for and advise, and that none is a party",
        )
