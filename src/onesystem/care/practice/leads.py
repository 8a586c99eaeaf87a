"""Who leads somebody's care: their practice by enrolment, and the clinician whom it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import connection

from onesystem import access, care
from onesystem.access import Asker
from onesystem.access.deciding import practices_of
from onesystem.access.models import User
from onesystem.care.practice.part import LED, NAME
from onesystem.district import current, now
from onesystem.people import identity_ids_of
from onesystem.vocabulary import CareAct, NotPermitted, UserError, nearest
from onesystem.vocabulary.kept import from_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The practice that leads, by code and name, how to ring it, and the clinician if one is named.

    `clinician` is a user name, `name` what they are called; `by` and `at` who named them, and when.
    """

    organisation: str
    practice: str
    phone: str
    clinician: str = ""
    name: str = ""
    by: str = ""
    at: datetime | None = None


def lead(person: int) -> list[Lead]:
    """Who leads: one practice as a rule, more where sources differ, none where nobody says."""
    here = current()
    said = _said(identity_ids_of(person))
    names = _names({row[1] for row in said.values()})
    found = []
    for code in sorted(practices_of(person)):
        runs = here.organisations.get(code)
        clinician, by, at = said[code][1:] if code in said else ("", "", 0)
        found.append(
            Lead(
                organisation=code, practice=runs.name if runs else code,
                phone=runs.phone if runs else "", clinician=clinician,
                name=names.get(clinician, clinician), by=by if clinician else "",
                at=from_micros(at) if clinician else None,
            )
        )  # fmt: skip
    return found


def clinicians(organisation: str) -> list[tuple[str, str]]:
    """Who may lead for an organisation: user name and name of its general practitioners."""
    found = User.objects.filter(organisation=organisation, is_active=True)
    return sorted(
        ((u.username, u.get_full_name() or u.username) for u in found
         if "general-practitioner" in u.roles.split()),
        key=lambda pair: pair[1],
    )  # fmt: skip


def name_lead(*, person: int, clinician: str, by: Asker) -> None:
    """Name the clinician who leads for one's own practice; empty: nobody any more.

    Raises NotPermitted for somebody of another organisation than the person's practice.
    """
    access.require(by.actor, "rota.keep")
    code = by.actor.organisation
    if code not in practices_of(person):
        raise NotPermitted(
            "only the person's own practice names who leads",
            "Ask their practice; its name and number are on this page.",
        )
    able = dict(clinicians(code))
    if clinician and clinician not in able:
        raise UserError(
            "nobody of that name leads for the practice", nearest(clinician, able)
        )  # fmt: skip
    act = CareAct(
        part=NAME, verb=LED, thing=code, act=uuid4().hex, by=by.actor.name, recorded=now(),
        said={"clinician": clinician},
    )  # fmt: skip
    care.say(person=person, by=by, act="lead.named", what=code, readings=[act])


def _said(identities: Sequence[int]) -> dict[str, tuple[str, str, str, int]]:
    """What was said last for each organisation: its code, clinician, by, at."""
    if not identities:
        return {}
    marks = ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT organisation, clinician, "by", at FROM care_lead'
            f" WHERE identity IN ({marks}) ORDER BY at, act",
            list(identities),
        )
        return {row[0]: row for row in cursor.fetchall()}


def _names(usernames: set[str]) -> dict[str, str]:
    found = User.objects.filter(username__in=usernames - {""})
    return {u.username: u.get_full_name() or u.username for u in found}
