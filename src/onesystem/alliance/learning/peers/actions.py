"""What can be done with the learning log: write what a peer group learnt, say what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter.keeping import Overtaken, found, micros, words
from onesystem.alliance.learning.peers.practices import practices
from onesystem.alliance.learning.peers.rows import PeerEntry, PeerPresent
from onesystem.district import current, now
from onesystem.vocabulary import NotPermitted, UserError, nearest, to_local
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A meeting of a peer group: which practices, what they looked at, learnt and will try."""

    held: date
    practices: Sequence[str]
    looked: str
    learnt: str
    tries: str
    again: date | None = None


@transaction.atomic
def write(*, entry: Entry, by: Actor) -> int:
    """Write an entry of the log; gives its number."""
    access.require(by, "peers.see")
    _check(entry)
    made = PeerEntry.objects.create(
        held=entry.held, looked=words(entry.looked, "what was looked at", 2000),
        learnt=words(entry.learnt, "what was learnt", 4000),
        tries=words(entry.tries, "what will be tried", 2000), again=entry.again, at=micros(),
        by=by.name,
    )  # fmt: skip
    there = sorted(set(entry.practices))
    PeerPresent.objects.bulk_create(PeerPresent(entry=made, practice=p) for p in there)
    access.record(by=by, act="peers.learnt", what=str(made.number), detail={"there": len(there)})
    return int(made.number)


@transaction.atomic
def tell(*, number: int, came: str, by: Actor) -> None:
    """Say what came of what was tried; once."""
    access.require(by, "peers.see")
    said = words(came, say("what came of it"), 2000)
    still = PeerEntry.objects.filter(number=number, came="", gone_at__isnull=True)
    if not still.update(came=said, came_by=by.name):
        found(PeerEntry, "entry", number=number, gone_at__isnull=True)
        raise Overtaken("somebody has said what came of it", "Write what is new in a new entry")
    access.record(by=by, act="peers.came", what=str(number))


@transaction.atomic
def take_back(*, number: int, by: Actor) -> None:
    """It was wrong: whoever wrote it takes it back, or who keeps the alliance."""
    access.require(by, "peers.see")
    made: PeerEntry = found(PeerEntry, "entry", number=number, gone_at__isnull=True)
    if by.name != made.by and not access.may(by, "alliance.keep"):
        raise NotPermitted("only who wrote it takes it back", "Ask them, or who keeps the alliance")
    made.gone_at, made.gone_by = micros(), by.name
    made.save(update_fields=["gone_at", "gone_by"])
    access.record(by=by, act="peers.taken-back", what=str(number))


def _check(entry: Entry) -> None:
    known = practices()
    for code in entry.practices:
        if code not in known:
            raise UserError(
                say("there is no practice {code}", code=repr(code)), nearest(code, list(known))
            )
    if len(set(entry.practices)) < 2:
        raise UserError("a peer review has two practices or more", "Choose who was there")
    if entry.held > to_local(now(), current().zone).date():
        raise UserError("the meeting is still to come", "Write it down once it was held")
    if entry.again and entry.again <= entry.held:
        raise UserError("they look again before they met", "Choose a later day, or none")
