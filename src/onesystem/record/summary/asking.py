"""The questions of the summary to the store: one a kind, the newest first, never more than needed.

A resource is unpacked only where its details are shown. Results are many: theirs are read for the
newest of each kind alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from django.db import connection

from onesystem.record.bodies import unpack
from onesystem.record.columns import TOLD, Kept, kept_of
from onesystem.record.fhir import finding
from onesystem.record.summary.statements import Statement, statement
from onesystem.record.summary.wording import Resource

Condition = tuple[str, Sequence[object]]
_NAMES = ", ".join(f"e.{name}" for name in TOLD)
_GONE = "('deleted', 'entered-in-error')"
_NEWEST = "CASE WHEN e.at IS NULL THEN 1 ELSE 0 END, e.at DESC, e.recorded DESC, e.entry"
# How many of a kind a page could use. Results are read without their resources.
KINDS: Mapping[str, int] = {
    "Flag": 50,
    "AllergyIntolerance": 100,
    "Condition": 200,
    "MedicationRequest": 150,
    "MedicationStatement": 100,
    "MedicationDispense": 150,
    "CarePlan": 30,
    "Goal": 30,
    "CareTeam": 20,
    "Consent": 20,
    "DocumentReference": 40,
    "Composition": 20,
    "DiagnosticReport": 40,
    "Immunization": 60,
    "Procedure": 60,
}
RESULTS = 400


def statements_of(identities: Sequence[int], *, seen: Condition) -> dict[str, list[Statement]]:
    """What is said of those identities, by kind. `seen` is the condition of what may be seen."""
    said = {kind: _detailed(identities, kind, most, seen) for kind, most in KINDS.items()}
    results = _rows(identities, ("Observation",), RESULTS, seen, body=False)
    said["Observation"] = [statement(kept, None) for kept, _ in results]
    return {kind: held for kind, held in said.items() if held}


def detailed(entries: Iterable[int], *, seen: Condition) -> dict[int, Statement]:
    """Statements with all their details, by entry: for the results that a page shows."""
    ids = list(entries)
    if not ids:
        return {}
    found = _asked(f"e.entry IN ({_marks(ids)})", ids, seen, len(ids), body=True)
    return {kept.entry: statement(kept, said) for kept, said in found}


def resources_of(entries: Iterable[int], *, seen: Condition) -> dict[int, Resource]:
    """The resources of entries, as they are served; those that came without one are left out."""
    ids = list(entries)
    if not ids:
        return {}
    return {
        each.entry: orjson.loads(each.body)
        for each in finding.by_entries(ids, _Seen(seen)).values()
        if each.body
    }


@dataclass(frozen=True, slots=True)
class _Seen:
    """A condition in the form in which the API asks for one."""

    condition: Condition

    def row_sql(self, alias: str) -> Condition:
        """The condition; it is written for the same alias."""
        if alias != "e":
            raise ValueError(alias)
        return self.condition


def counts_of(identities: Sequence[int], *, seen: Condition) -> dict[str, int]:
    """How many entries there are of each kind, of those that may be seen."""
    if not identities:
        return {}
    condition, values = seen
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.kind, COUNT(*) FROM record_entry e WHERE e.identity IN "
            f"({_marks(identities)}) AND e.status NOT IN {_GONE} AND {condition} GROUP BY e.kind",
            [*identities, *values],
        )
        return dict(cursor.fetchall())


def _detailed(identities: Sequence[int], kind: str, most: int, seen: Condition) -> list[Statement]:
    found = _rows(identities, (kind,), most, seen, body=True)
    return [statement(kept, said) for kept, said in found]


def _rows(
    identities: Sequence[int], kinds: Collection[str], most: int, seen: Condition, *, body: bool
) -> list[tuple[Kept, Resource | None]]:
    if not identities:
        return []
    where = f"e.identity IN ({_marks(identities)}) AND e.kind IN ({_marks(kinds)})"
    return _asked(where, [*identities, *kinds], seen, most, body=body)


def _asked(
    where: str, values: Sequence[object], seen: Condition, most: int, *, body: bool
) -> list[tuple[Kept, Resource | None]]:
    condition, more = seen
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_NAMES}{', e.body' if body else ''} FROM record_entry e WHERE {where} "
            f"AND e.status NOT IN {_GONE} AND {condition} ORDER BY {_NEWEST} LIMIT %s",
            [*values, *more, most],
        )
        rows = cursor.fetchall()
    if not body:
        return [(kept_of(row), None) for row in rows]
    return [(kept_of(row[:-1]), _resource(row[-1])) for row in rows]


def _resource(body: bytes | None) -> Resource | None:
    if body is None:
        return None
    try:
        held = orjson.loads(unpack(body))
    except orjson.JSONDecodeError:
        return None  # a resource that came as XML tells its columns alone
    return held if isinstance(held, dict) else None


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))
