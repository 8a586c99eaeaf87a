"""The ids of resources under a project's pseudonyms: of a Patient, the person's own."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import connection

from onesystem import people
from onesystem.people import projects
from onesystem.record.protection.masking import masked


def mask_of(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What masks a resource for that project. Raises NotFound and BadConfig.

    A patient has the pseudonym that the project's contacts have, so that both can be joined.
    """
    made = projects.project(name)

    @lru_cache(maxsize=200_000)
    def pseudonym(kind: str, logical: str) -> str:
        person = _person(logical) if kind == "Patient" else None
        return made.word(kind, logical) if person is None else made.person(person)

    return lambda resource: masked(resource, pseudonym)


def _person(logical: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity FROM record_entry WHERE logical = %s AND kind = 'Patient'", [logical]
        )
        row = cursor.fetchone()
    return people.person_of([row[0]]).get(row[0]) if row and row[0] else None
