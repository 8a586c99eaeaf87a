"""The questions of the summary to the store: one a kind, the newest first, never more than needed.

A resource is unpacked only where its details are shown. Results are many: theirs are read for the
newest of each kind alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from onesystem.access.quick import marks, rows
from onesystem.record.bodies import unpack
from onesystem.record.fhir import finding
from onesystem.record.summary.statements import SAID, Statement, statement
from onesystem.record.summary.wording import Resource

Condition = tuple[str, Sequence[object]]
_NAMES = ", ".join(f"e.{name}" for name in SAID)
_AT, _RECORDED = SAID.index("at"), SAID.index("recorded")
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
    "Observation": 150,
}
# Their columns say all that the page shows of them.
BARE = frozenset({"Immunization", "Procedure", "DiagnosticReport", "Observation"})


def statements_of(
    identities: Sequence[int], *, seen: Condition, kinds: Collection[str] = tuple(KINDS)
) -> dict[str, list[Statement]]:
    """What is said of those identities, by kind. `seen` is the condition of what may be seen."""
    said = {
        kind: _newest_of(identities, kind, KINDS[kind], seen, body=kind not in BARE)
        for kind in kinds
    }
    return {kind: held for kind, held in said.items() if held}


def detailed(entries: Iterable[int], *, seen: Condition) -> dict[int, Statement]:
    """Statements with all their details, by entry: for the results that a page shows."""
    ids = list(entries)
    if not ids:
        return {}
    condition, more = seen
    sql = (
        f"SELECT {_NAMES}, e.body FROM record_entry e WHERE e.entry IN ({marks(ids)}) "
        f"AND e.status NOT IN {_GONE} AND {condition}"
    )
    said = (_said(row, body=True) for row in rows(sql, [*ids, *more]))
    return {each.entry: each for each in said}


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


def _newest_of(
    identities: Sequence[int], kind: str, most: int, seen: Condition, *, body: bool
) -> list[Statement]:
    """The newest of a kind: those of each identity by the index, and the newest of all of them."""
    if not identities:
        return []
    condition, more = seen
    one = (
        f"SELECT {_NAMES}{', e.body' if body else ''} FROM record_entry e "
        "WHERE e.identity = %s AND e.identity > 0 AND e.kind = %s "
        f"AND e.status NOT IN {_GONE} AND {condition} ORDER BY {_NEWEST} LIMIT %s"
    )
    sql = " UNION ALL ".join([f"SELECT * FROM ({one}) AS x"] * len(identities))
    found = rows(sql, [value for each in identities for value in (each, kind, *more, most)])
    found = sorted(found, key=_moment, reverse=True)[:most]
    return [_said(row, body=body) for row in found]


def _moment(row: Sequence[Any]) -> tuple[Any, ...]:
    at, recorded = row[_AT], row[_RECORDED]
    return at is not None, recorded if at is None else at, recorded, row[0]


def _said(row: Sequence[Any], *, body: bool) -> Statement:
    return statement(row[:-1], _resource(row[-1])) if body else statement(row, None)


def _resource(body: bytes | None) -> Resource | None:
    if body is None:
        return None
    try:
        held = orjson.loads(unpack(body))
    except orjson.JSONDecodeError:
        return None  # a resource that came as XML tells its columns alone
    return held if isinstance(held, dict) else None
