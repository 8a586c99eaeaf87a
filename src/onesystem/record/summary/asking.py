"""The questions of the summary to the store: one a kind, the newest first, never more than needed.

A resource is unpacked only where its details are shown. Results are many: theirs are read for the
newest of each kind alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
# As the index has them; what says no time stands at the end.
_NEWEST = "e.at DESC NULLS LAST"
# How many of a kind a page could use; the lists of a kind have the rest.
KINDS: Mapping[str, int] = {
    "Flag": 20,
    "AllergyIntolerance": 60,
    "Condition": 60,
    "MedicationRequest": 60,
    "MedicationStatement": 30,
    "MedicationDispense": 40,
    "CarePlan": 12,
    "Goal": 12,
    "CareTeam": 12,
    "Consent": 12,
    "DocumentReference": 12,
    "Composition": 12,
    "DiagnosticReport": 12,
    "Immunization": 20,
    "Procedure": 20,
}
# Their columns say all that the page shows of them.
BARE = frozenset({"Immunization", "Procedure", "DiagnosticReport"})
RESULTS = 150


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


def _detailed(identities: Sequence[int], kind: str, most: int, seen: Condition) -> list[Statement]:
    found = _rows(identities, (kind,), most, seen, body=kind not in BARE)
    return [statement(kept, said) for kept, said in found]


def _rows(
    identities: Sequence[int], kinds: Collection[str], most: int, seen: Condition, *, body: bool
) -> list[tuple[Kept, Resource | None]]:
    """The newest of a kind: those of each identity by the index, and the newest of all of them."""
    if not identities:
        return []
    condition, more = seen
    columns = f"{_NAMES}{', e.body' if body else ''}"
    one = (
        f"SELECT {columns} FROM record_entry e "
        "WHERE e.identity = %s AND e.identity > 0 AND e.kind = %s "
        f"AND e.status NOT IN {_GONE} AND {condition} ORDER BY {_NEWEST} LIMIT %s"
    )
    asked = [(identity, kind) for identity in identities for kind in kinds]
    values = [value for pair in asked for value in (*pair, *more, most)]
    sql = " UNION ALL ".join([f"SELECT * FROM ({one}) AS x"] * len(asked))
    return sorted(_fetched(sql, values, body=body), key=_newest, reverse=True)[:most]


def _newest(row: tuple[Kept, Any]) -> tuple[Any, ...]:
    kept = row[0]
    return kept.at is not None, kept.at or kept.recorded, kept.recorded, kept.entry


def _asked(
    where: str, values: Sequence[object], seen: Condition, most: int, *, body: bool
) -> list[tuple[Kept, Resource | None]]:
    condition, more = seen
    sql = (
        f"SELECT {_NAMES}{', e.body' if body else ''} FROM record_entry e WHERE {where} "
        f"AND e.status NOT IN {_GONE} AND {condition} LIMIT %s"
    )
    return _fetched(sql, [*values, *more, most], body=body)


def _fetched(
    sql: str, values: Sequence[object], *, body: bool
) -> list[tuple[Kept, Resource | None]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
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
