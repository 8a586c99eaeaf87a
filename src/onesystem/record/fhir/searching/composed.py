"""Whose the entries are that came without a body: HL7 v2 names nobody's Patient.

Such an entry belongs to an identity, and which Patients are the same person is linkage, which
moves. So it is not in the index: a search by Patient asks the linkage as it stands. So do a chain
through a Patient (`patient.identifier=...`), and `_has` of a Patient.
"""

from collections.abc import Callable, Sequence
from typing import Any

from onesystem import people
from onesystem.access.quick import filled, marks, rows
from onesystem.feeds.fhir.definitions import definitions

CODES = frozenset({"patient", "subject"})
Sql = tuple[str, list[Any]]
_COMPOSED = "body IS NULL"


def of_patients(
    kinds: Sequence[str], names: Sequence[str], scope: Any
) -> tuple[Sql, Callable[[str], Sql]] | None:
    """The composed entries of the persons whom these Patients are: a start, and a test.

    None where there can be none. A Patient that the asker may not see is nobody's.
    """
    if not names or not there_are(kinds):
        return None
    found = _identities(names, scope)
    if not found:
        return None
    return _among((marks(found), [*found]), _COMPOSED)


def of_kin(inner: Sql) -> tuple[Sql, Callable[[str], Sql]]:
    """The composed entries of the persons of these identities: a start, and a test."""
    return _among(_kin_of(inner), _COMPOSED)


def patients_of(inner: Sql) -> tuple[Sql, Callable[[str], Sql]]:
    """The Patients of the persons of these identities: a start, and a test."""
    return _among(_kin_of(inner), "kind = 'Patient'")


def _among(identities: Sql, more: str) -> tuple[Sql, Callable[[str], Sql]]:
    """The entries of some identities of which something more is so: a start, and a test."""
    among, values = identities

    def where(alias: str) -> str:
        return f"{alias}.identity IN ({among}) AND {alias}.identity > 0 AND {alias}.{more}"

    start = f"SELECT o.id AS entry FROM record_entry o WHERE {where('o')}", values
    return start, lambda e: (f"({where(e)})", values)


def _kin_of(inner: Sql) -> Sql:
    """All identities of the persons whom some identities are of."""
    return (
        "SELECT kb.id FROM people_identity ka JOIN people_identity kb ON kb.person = ka.person "
        f"WHERE ka.id IN ({inner[0]})"
    ), [*inner[1]]


def there_are(kinds: Sequence[str]) -> bool:
    """Whether any entry is composed: in a district that speaks FHIR alone this is all it costs."""
    if not any(definitions().patient.get(kind) for kind in kinds):
        return False
    return bool(rows("SELECT 1 FROM record_entry WHERE body IS NULL AND identity > 0 LIMIT 1", []))


def _identities(names: Sequence[str], scope: Any) -> list[int]:
    said, values = scope.row_sql("p") if scope is not None else ("1 = 1", [])
    wanted = filled(names)
    own = rows(
        f"SELECT p.identity FROM record_entry AS p WHERE p.logical IN ({marks(wanted)}) "
        f"AND p.kind = 'Patient' AND p.status <> 'deleted' AND p.identity > 0 AND {said}",
        [*wanted, *values],
    )
    persons = set(people.person_of([row[0] for row in own]).values()) if own else set()
    found = sorted({i for person in persons for i in people.identity_ids_of(person)})
    return filled(found) if found else []
