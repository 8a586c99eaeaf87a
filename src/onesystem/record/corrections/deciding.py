"""What an officer decides: accept, refuse, undo, tell the source, look at what it said since.

An accepted correction of an entry or a contact is a message like any other, landed before it is
read, so a replay makes the same versions. Nobody decides about what they asked for themselves.
"""

import json
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from onesystem import access, people
from onesystem.access.models import Proxy, User
from onesystem.district import current, now
from onesystem.people import redescribing
from onesystem.record import stamps
from onesystem.record.corrections import applying
from onesystem.record.corrections.asking import RIGHT, person_of, row_of, said
from onesystem.record.corrections.rows import ACCEPTED, OPEN, REFUSED, Correction
from onesystem.record.corrections.things import Thing, thing
from onesystem.vocabulary import BadConfig, NotPermitted, to_local
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


@transaction.atomic
def accept(*, correction: int, change: Mapping[str, str], reason: str, by: access.Actor) -> None:
    """Put it right: a new version that says so; the old one stays in the history."""
    row, about = _decided(correction, by, reason)
    change = _changed(about, change)
    row.was, row.before = json.dumps(about.facts), "{}"
    row.state, row.holds = ACCEPTED, True
    _stamp(row, by, reason)
    if row.about == "person":
        changed = redescribing.put_right(row.identity, about.facts, change, at=row.decided_at)
        row.before = json.dumps(changed)
        done = dict(change)
    elif row.about == "contact":
        done = applying.contact(row, about, change, by=by)
    else:
        done = applying.entry(row, change, by=by, day=_today(), why=reason)
    row.change = json.dumps({"set": dict(change), "now": done})
    row.save()
    _ended(row, "correction.accepted", by, facts=sorted(change))


@transaction.atomic
def refuse(*, correction: int, reason: str, statement: str, by: access.Actor) -> None:
    """Leave it as it is, and attach the person's own statement, to be read with it."""
    row, about = _decided(correction, by, reason)
    row.statement = statement.strip()[:2000] or f"{row.wrong} {row.should}".strip()
    row.was, row.state, row.holds = json.dumps(about.facts), REFUSED, True
    _stamp(row, by, reason)
    if row.about == "entry":
        applying.state(row, by=by, day=_today())
    row.save()
    _ended(row, "correction.refused", by)


@transaction.atomic
def undo(*, correction: int, reason: str, by: access.Actor) -> None:
    """Take a decision back: what was, stands again, as one more version."""
    access.require(by, RIGHT)
    row = row_of(correction)
    if not row.holds:
        raise BadConfig("there is nothing to undo", "It was not decided, or undone already.")
    if not reason.strip():
        raise BadConfig("it is not said why", "Write the reason down; it stays in the history.")
    row.holds, row.undone_at = False, to_micros(now())
    row.undone_by, row.undone_reason = by.name, reason.strip()[:2000]
    # First the row: what goes back in is then met by no decision that still holds.
    row.save()
    if row.about == "person":
        changed = {made: text for text, made in json.loads(row.before).items()}
        redescribing.replace_texts(row.identity, changed, at=row.undone_at)
    elif row.about == "contact" and row.state == ACCEPTED:
        applying.contact_back(row, by=by)
    elif row.about == "entry":
        applying.entry_back(row, by=by)
    _ended(row, "correction.undone", by)


@transaction.atomic
def source_told(*, correction: int, by: access.Actor) -> None:
    """Note that the organisation that sent it was told (UK GDPR article 19)."""
    access.require(by, RIGHT)
    row = row_of(correction)
    if row.state not in {ACCEPTED, REFUSED} or row.told_at is not None:
        raise BadConfig("the source has not to be told of this", "Look at the list again.")
    row.told_at, row.told_by = to_micros(now()), by.name
    row.save(update_fields=["told_at", "told_by"])
    said(by, "correction.source-told", person_of(row), row)


@transaction.atomic
def looked_again(*, correction: int, note: str, by: access.Actor) -> None:
    """Note what was found where the source has said something else since."""
    access.require(by, RIGHT)
    row = row_of(correction)
    if row.again_at is None or row.again_by:
        raise BadConfig("there is nothing new to look at", "Look at the list again.")
    if not note.strip():
        raise BadConfig("it is not said what you found", "Write a note.")
    row.again_by, row.again_note = by.name, note.strip()[:2000]
    row.save(update_fields=["again_by", "again_note"])
    said(by, "correction.looked-again", person_of(row), row)


def _decided(correction: int, by: access.Actor, reason: str) -> tuple[Correction, Thing]:
    access.require(by, RIGHT)
    row = row_of(correction)
    if row.state != OPEN:
        raise BadConfig("it is decided already", "Take that decision back first, with a reason.")
    if not reason.strip():
        raise BadConfig("it is not said why", "Write the reason down; the person reads it.")
    _not_own(row, by)
    return row, thing(row.about, row.item, people.identity_ids_of(person_of(row)))


def _not_own(row: Correction, by: access.Actor) -> None:
    person = person_of(row)
    ids = people.identity_ids_of(person)
    own = User.objects.filter(username=by.name, identity__in=ids).exists()
    proxy = Proxy.objects.filter(username=by.name, identity__in=ids, until__isnull=True).exists()
    if own or proxy or (row.asked_by == by.name and row.asked_as != "officer"):
        raise NotPermitted(
            "nobody decides about their own record, or that of whom they act for",
            "Ask another officer.",
        )


def _changed(about: Thing, change: Mapping[str, str]) -> dict[str, str]:
    """The facts that are different now, of those that can be put right here."""
    kept = {name: change[name].strip() for name in about.only if name in change}
    kept = {name: value for name, value in kept.items() if value != about.facts[name]}
    if not kept:
        cure = say("Change what is wrong, or refuse with a reason.")
        if not about.only:
            cure = say(
                "The visit goes on in another service: ask the source to correct it, and "
                "attach the person's statement until then."
            )
        raise BadConfig("nothing of it would change", cure)
    return kept


def _stamp(row: Correction, by: access.Actor, reason: str) -> None:
    row.decided_at, row.decided_by = to_micros(now()), by.name
    row.reason = reason.strip()[:2000]
    row.save()  # so that what is landed next is not met by itself


def _ended(row: Correction, act: str, by: access.Actor, **detail: object) -> None:
    said(by, act, person_of(row), row, **detail)
    stamps.change_all([row.identity], row.decided_at or 0)


def _today() -> date:
    return to_local(now(), current().zone).date()
