"""What can be done about leading: who leads what, and which network a practice is in."""

from datetime import date

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter import rules
from onesystem.alliance.charter.keeping import found, micros, words
from onesystem.alliance.learning.leading.queries import today
from onesystem.alliance.learning.leading.rows import Leads, Networked
from onesystem.district import current
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say


@transaction.atomic
def lead(
    *, name: str, what: str, profession: str, sector: str, by: Actor, clinical: bool = False,
    since: date | None = None,
) -> int:  # fmt: skip
    """Write down that somebody leads something; gives the line's number. Raises UserError."""
    access.require(by, "alliance.keep")
    for said, known, kind in ((profession, rules.professions(), "profession"),
                              (sector, rules.sectors(), "sector")):  # fmt: skip
        if said not in known:
            raise UserError(
                say("there is no {kind} {said}", kind=kind, said=repr(said)), nearest(said, known)
            )
    made = Leads.objects.create(
        alliance=charter.alliance(), name=words(name, "who leads", 200),
        what=words(what, "what they lead", 200), profession=profession, sector=sector,
        clinical=clinical, since=since or today(), at=micros(), by=by.name,
    )  # fmt: skip
    access.record(by=by, act="alliance.leads", what=str(made.id))
    return int(made.id)


@transaction.atomic
def end(*, line: int, by: Actor, until: date | None = None) -> None:
    """They lead it no longer, from a day on; the line stays."""
    access.require(by, "alliance.keep")
    made: Leads = found(Leads, "line of the register", id=line)
    day = until or today()
    if made.until is not None:
        raise UserError("it has ended already", "Write a new line where they lead again")
    if day <= made.since:
        raise UserError("it cannot end before it began", "Choose a later day")
    made.until = day
    made.save(update_fields=["until"])
    access.record(by=by, act="alliance.leads-no-more", what=str(line))


@transaction.atomic
def network(*, practice: str, name: str, by: Actor) -> None:
    """A practice is in a network from today; in none, where the name is empty."""
    access.require(by, "alliance.keep")
    here = current().organisations
    known = [code for code, each in here.items() if each.kind == "general practice"]
    if practice not in known:
        raise UserError(
            say("there is no practice {practice}", practice=repr(practice)),
            nearest(practice, known),
        )
    day = today()
    was = Networked.objects.filter(practice=practice, until__isnull=True).first()
    if was is not None:
        if was.network == name.strip():
            return
        was.until = day
        was.save(update_fields=["until"])
    if name.strip():
        Networked.objects.create(
            alliance=charter.alliance(), practice=practice, network=words(name, "the network", 200),
            since=day, at=micros(), by=by.name,
        )  # fmt: skip
    access.record(by=by, act="alliance.networked", what=practice)
