"""How a person stands when something is to be asked for them: alive, sharing, asked for already."""

from datetime import date

from django.db import connection

from onesystem import people
from onesystem.access import Asker
from onesystem.access.deciding import facts_of
from onesystem.care.pathways.conditions import Finding
from onesystem.care.requests import queries
from onesystem.care.requests.refusals import Known
from onesystem.district import current
from onesystem.vocabulary import to_local


def hold(person: int) -> None:
    """Keep a person's requests for us until the transaction ends; SQLite has one writer anyway."""
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM people_identity WHERE person = %s ORDER BY id FOR UPDATE", [person]
            )


def known(person: int, service: str, by: Asker, *, meets: Finding | None = None) -> Known:
    """What stands in the way of a request about a person to a service."""
    identities = people.identities_of(person)
    died = max((each.died for each in identities if each.died), default="")
    facts = facts_of(by, person)
    return Known(
        died=date.fromisoformat(died[:10]) if died else None,
        opted_out=facts.opted_out,
        unmet=meets.words if meets is not None and meets.answer is False else "",
        open_ones=tuple(
            (each.request, each.key, _day(each))
            for each in queries.of_person([i.identity for i in identities])
            if each.open and each.service == service
        ),
    )


def _day(request: queries.Request) -> str:
    return f"{to_local(request.at, current().zone):%-d %B}"
