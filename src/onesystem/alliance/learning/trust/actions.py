"""What can be done with the survey of trust: open a round, reply once, close it."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Max

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter import rules
from onesystem.alliance.charter.keeping import micros
from onesystem.alliance.learning.trust import scoring
from onesystem.alliance.learning.trust.rows import TrustReply, TrustRound, TrustTaken
from onesystem.district import current, now
from onesystem.vocabulary import UserError, nearest, to_local
from onesystem.vocabulary.said import say


@transaction.atomic
def open_round(*, closes: date, by: Actor) -> int:
    """Ask everybody until a day; gives the round's number. Raises UserError where one is open."""
    access.require(by, "alliance.keep")
    day, whose = to_local(now(), current().zone).date(), charter.alliance()
    if closes < day:
        raise UserError("a round cannot close before it opens", "Choose a later day")
    if TrustRound.objects.filter(alliance=whose, closed=False).exists():
        raise UserError("a round is open already", "Close it first")
    last = TrustRound.objects.filter(alliance=whose).aggregate(last=Max("number"))["last"] or 0
    made = TrustRound.objects.create(
        alliance=whose, number=last + 1, instrument=scoring.in_force(day).code, opens=day,
        closes=closes, secret=secrets.token_hex(32), at=micros(), by=by.name,
    )  # fmt: skip
    access.record(by=by, act="alliance.trust-opened", what=str(made.number))
    return int(made.number)


@transaction.atomic
def reply(*, answers: Mapping[str, int], sector: str, by: Actor) -> None:
    """Reply to the round that is open, once. The reply is kept without a name and without a time.

    The audit trail says nothing of it: a line with a name and a time would tell whose it was.
    """
    access.require(by, "ideas.bring")
    made = TrustRound.objects.filter(closed=False).first()
    day = to_local(now(), current().zone).date()
    if made is None or made.closes < day:
        raise UserError("no round is open", "You are told when the next one is")
    if sector not in rules.sectors():
        raise UserError(
            say("there is no sector {sector}", sector=repr(sector)),
            nearest(sector, rules.sectors()),
        )
    said = scoring.written(scoring.instruments()[made.instrument], answers)
    _, new = TrustTaken.objects.get_or_create(round=made, digest=_digest(made, by))
    if not new:
        raise UserError("you have replied in this round", "A reply has no name: it cannot change")
    TrustReply.objects.create(round=made, sector=sector, said=said)


@transaction.atomic
def close(*, number: int, by: Actor) -> None:
    """End a round; from now on nobody can tell who replied."""
    access.require(by, "alliance.keep")
    closed = TrustRound.objects.filter(number=number, closed=False).update(closed=True, secret="")
    if not closed:
        raise UserError("no such round is open", "Look at the rounds")
    TrustTaken.objects.filter(round__number=number).delete()
    access.record(by=by, act="alliance.trust-closed", what=str(number))


def has_replied(made: TrustRound, by: Actor) -> bool:
    """Whether somebody has replied in a round that is open."""
    return TrustTaken.objects.filter(round=made, digest=_digest(made, by)).exists()


def _digest(made: TrustRound, by: Actor) -> str:
    return hashlib.sha256(f"{made.secret}:{by.name}".encode()).hexdigest()
