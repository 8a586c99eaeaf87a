"""What the privacy officer's rules compare: names, postcodes, and when somebody left."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from onesystem.district import current
from onesystem.people.names import family_key, postcode_key
from onesystem.record.ties import reach_of
from onesystem.vocabulary.kept import from_micros

_CHUNK = 500


class Features:
    """Looks them up in the rows of people and contacts, many at a time."""

    def faces(self, persons: Iterable[int]) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
        """The family names and postcodes that sources give each person, as they are compared."""
        families: dict[int, set[str]] = {}
        postcodes: dict[int, set[str]] = {}
        for some in _chunks(persons):
            for person, family, postcode in _rows(
                "SELECT person, family_key, postcode_key FROM people_identity "
                f"WHERE person IN ({_marks(some)})",
                some,
            ):
                families.setdefault(person, set()).add(family)
                postcodes.setdefault(person, set()).add(postcode)
        return {
            person: (frozenset(names - {""}), frozenset(postcodes[person] - {""}))
            for person, names in families.items()
        }

    def family(self, name: str) -> str:
        """A family name as people are compared by it."""
        return family_key(name)

    def postcode(self, text: str) -> str:
        """A postcode as people are compared by it."""
        return postcode_key(text)

    def left(self, persons: Iterable[int], organisation: str) -> dict[int, datetime]:
        """When each last left the organisation; who is there still, or never was, is left out."""
        services = reach_of(frozenset({organisation}), current()).services
        if not services:
            return {}
        found: dict[int, datetime] = {}
        for some in _chunks(persons):
            for person, ended, still in _rows(
                "SELECT i.person, MAX(c.ended), SUM(CASE WHEN c.ended IS NULL THEN 1 ELSE 0 END) "
                "FROM people_identity i JOIN contacts_contact c ON c.identity = i.id "
                f"WHERE i.person IN ({_marks(some)}) AND NOT c.cancelled "
                f"AND c.service IN ({_marks(services)}) GROUP BY i.person",
                [*some, *services],
            ):
                if ended is not None and not still:
                    found[person] = from_micros(ended)
        return found


def _rows(sql: str, values: Iterable[object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return cursor.fetchall()


def _chunks(values: Iterable[int]) -> Iterable[list[int]]:
    held = sorted(set(values))
    for first in range(0, len(held), _CHUNK):
        yield held[first : first + _CHUNK]


def _marks(values: Iterable[object]) -> str:
    return ", ".join("%s" for _ in values)
