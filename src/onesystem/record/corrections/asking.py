"""Asking for a correction, and taking that back: by the person, their proxy, or an officer."""

from typing import Any

from django.db import transaction

from onesystem import access, people
from onesystem.access.asking import OWN_RECORD
from onesystem.district import District, current, now
from onesystem.record import stamps
from onesystem.record.corrections.due import due_on
from onesystem.record.corrections.rows import OPEN, WITHDRAWN, Correction
from onesystem.record.corrections.things import thing
from onesystem.vocabulary import BadConfig, NotFound, to_local
from onesystem.vocabulary.kept import to_micros

MOST = 2000  # characters of what is written
RIGHT = "record.protect"


@transaction.atomic
def ask(
    *, person: int, about: str, item: int, wrong: str, should: str, by: access.Actor,
    evidence: str = "", asked_as: str = "officer",
) -> int:  # fmt: skip
    """Write down what is said to be wrong; gives its number. Raises BadConfig and NotFound."""
    if asked_as == "officer":
        access.require(by, RIGHT)
    found = thing(about, item, list(people.identity_ids_of(person)))
    wrong, should, evidence = (_text(t) for t in (wrong, should, evidence))
    if not wrong:
        raise BadConfig("it does not say what is wrong", "Write what is wrong, in your own words.")
    if not should:
        raise BadConfig("it does not say what it should say", "Write it, or: it is not about me.")
    here, at = current(), now()
    row = Correction.objects.create(
        about=about, source=found.source, kind=found.kind, key=found.key, target=found.target,
        item=found.item, identity=found.identity, what=found.what[:200], wrong=wrong,
        should=should, evidence=evidence, asked_at=to_micros(at), asked_by=by.name,
        asked_as=asked_as, due=due_on(to_local(at, here.zone).date(), nz=is_nz(here)).isoformat(),
    )  # fmt: skip
    said(by, "correction.asked", person, row, as_=asked_as)
    return int(row.pk)


@transaction.atomic
def withdraw(*, correction: int, by: access.Actor, person: int) -> None:
    """Take a request back that nobody has decided yet."""
    row = row_of(correction, list(people.identity_ids_of(person)))
    if row.state != OPEN:
        raise BadConfig("it is decided already", "Ask for another correction.")
    row.state = WITHDRAWN
    row.save(update_fields=["state"])
    said(by, "correction.withdrawn", person, row)


def is_nz(district: District) -> bool:
    """Whether New Zealand's law holds here."""
    return district.number == "nhi"


def row_of(correction: int, identities: list[int] | None = None) -> Correction:
    """One request; of these identities where they are given. Raises NotFound."""
    found = Correction.objects.filter(pk=correction)
    if identities is not None:
        found = found.filter(identity__in=identities)
    row = found.first()
    if row is None:
        raise NotFound("there is no such request", "Look at the list again.")
    return row


def person_of(row: Correction) -> int:
    """The person that it is about now."""
    return people.person_of([row.identity]).get(row.identity, row.identity)


def said(by: access.Actor, act: str, person: int, row: Correction, **detail: Any) -> None:
    """The row of the trail: which correction, never what it says."""
    purpose = OWN_RECORD if row.asked_as != "officer" and row.asked_by == by.name else ""
    access.record(
        by=by, act=act, what=f"correction {row.pk}", person=person, purpose=purpose,
        detail={"about": row.about, "source": row.source, **detail},
    )  # fmt: skip
    stamps.change_all([row.identity])  # a page that was kept does not show it


def _text(text: str) -> str:
    return text.replace("\0", "").strip()[:MOST]
