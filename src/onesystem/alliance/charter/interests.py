"""Declaring interests: what a member has to do with whom, of which kind, between which days.

A declaration is never edited. One that is no longer so is ended; one that was wrong is ended and
declared anew. A member declares their own; a keeper writes down what others told.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries, rules
from onesystem.alliance.charter.keeping import found, micros, step, words
from onesystem.alliance.charter.rows import AllianceStep, Interest, InterestIn, Member
from onesystem.district import current, now
from onesystem.vocabulary import UserError, nearest, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_each

CONFIRMED = "interests-confirmed"
KINDS = say_each({
    "organisation": "Organisation", "service": "Service", "line": "Budget line",
    "contract": "Contract",
})  # fmt: skip


@transaction.atomic
def declare(
    *, alliance: str, category: str, text: str, touches: Iterable[tuple[str, str]], by: Actor,
    member: int = 0, since: date | None = None, until: date | None = None,
) -> int:  # fmt: skip
    """Write an interest down; gives its number. Raises UserError for what touches nothing known."""
    row = step(alliance, "interest-declared", category, by)
    sits = _whose(row.code, by, member)
    kinds = rules.categories(_today())
    if category not in kinds:
        raise UserError(
            say("there is no kind of interest {category}", category=repr(category)),
            nearest(category, kinds),
        )
    begins = since or _today()
    if until is not None and until < begins:
        raise UserError("an interest cannot end before it begins", "Look at the two days again")
    made = Interest.objects.create(
        member=sits, category=category, words=words(text, "what the interest is"), since=begins,
        until=until, at=micros(), by=by.name,
    )  # fmt: skip
    InterestIn.objects.bulk_create(
        InterestIn(interest=made, kind=kind, code=code) for kind, code in _known(touches)
    )
    return int(made.id)


@transaction.atomic
def end(*, alliance: str, interest: int, by: Actor, until: date | None = None) -> None:
    """It is so no longer, from a day on. What was decided while it was so is not touched."""
    row = step(alliance, "interest-ended", interest, by)
    made = found(Interest, "interest", id=interest, member__alliance=row)
    _whose(row.code, by, made.member_id)
    day = until or _today()
    if made.until is not None and made.until <= _today():
        raise UserError("it has ended already", "Declare it anew if it is so again")
    if day < made.since:
        raise UserError("an interest cannot end before it began", "Choose a later day")
    made.until = day
    made.save(update_fields=["until"])


@transaction.atomic
def confirm(*, alliance: str, by: Actor, member: int = 0) -> None:
    """Say that what is declared is all there is, be it nothing: it holds until it is due anew."""
    row = queries.alliance(alliance)
    sits = _whose(row.code, by, member)
    step(row.code, CONFIRMED, sits.id, by)


def last_said(alliance: str) -> dict[int, datetime]:
    """When each member last declared something, or confirmed that there is no more."""
    found = Interest.objects.filter(member__alliance=alliance).values_list("member_id", "at")
    said = [(member, at) for member, at in found]
    said += [
        (int(what), at)
        for what, at in AllianceStep.objects.filter(alliance=alliance, kind=CONFIRMED)
        .values_list("what", "at")
    ]  # fmt: skip
    made: dict[int, int] = {}
    for member, at in said:
        made[member] = max(at, made.get(member, 0))
    return {member: from_micros(at) for member, at in made.items()}


def _whose(code: str, by: Actor, member: int) -> Member:
    own = Member.objects.filter(alliance=code, username=by.name, until__isnull=True).first()
    if own is not None and member in (0, own.id):
        return own
    access.require(by, "alliance.keep")
    sits: Member = found(Member, "member", alliance=code, id=member)
    return sits


def _known(touches: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is touched, each once; what the district does not have is told, with the nearest."""
    here = current()
    known = {"organisation": here.organisations, "service": here.services}
    made = list(dict.fromkeys(touches))
    if not made:
        raise UserError("say what it touches", "Choose an organisation, a service or a budget line")
    for kind, code in made:
        if kind not in KINDS:
            raise UserError(say("nothing is a {kind}", kind=repr(kind)), nearest(kind, KINDS))
        if kind in known and code not in known[kind]:
            raise UserError(
                say("there is no {kind} {code}", kind=kind, code=repr(code)),
                nearest(code, known[kind]),
            )
    return made


def _today() -> date:
    return to_local(now(), current().zone).date()
