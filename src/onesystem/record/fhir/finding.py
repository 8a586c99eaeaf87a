"""Rows of resources by name, by entry and by version, always within what the caller may see."""

from collections.abc import Iterable, Sequence
from typing import Any

from onesystem.access.quick import filled, marks, rows
from onesystem.record.fhir.serving import Shown, columns, shown

_ENTRY = f"SELECT {columns('e')} FROM record_entry AS e WHERE "
_TABLES = ("record_entry", "record_version")
_MANY = 10_000
_VERSION = f"SELECT {columns('e')} FROM record_version AS e WHERE "


class EveryRow:
    """The scope of the server itself, for what it has just written."""

    everyone = True

    def row_sql(self, _: str, *, likely: Any = None) -> tuple[str, list[Any]]:  # noqa: ARG002
        """No condition."""
        return "1 = 1", []


def by_name(kind: str, logical: str, scope: Any) -> Shown | None:
    """The resource as it stands; None where it is not, or not for this caller."""
    return _one(_ENTRY + "e.logical = %s AND e.kind = %s", [logical, kind], scope)


def by_names(kind: str, names: Sequence[str], scope: Any) -> dict[str, Shown]:
    """Several resources of a type as they stand, by name, in one statement."""
    wanted = filled(names)
    sql = f"{_ENTRY}e.logical IN ({marks(wanted)}) AND e.kind = %s"
    return {each.logical: each for each in _all(sql, [*wanted, kind], scope)}


def version_by_name(kind: str, logical: str, version: int, scope: Any) -> Shown | None:
    """One version of a resource. What is not to be seen as it stands has no versions either."""
    now = by_name(kind, logical, scope)
    if now is None or now.version == version:
        return now
    return _one(_VERSION + "e.entry = %s AND e.version = %s", [now.entry, version], scope)


def by_entries(entries: Sequence[int], scope: Any) -> dict[int, Shown]:
    """Resources by their entries."""
    if not entries:
        return {}
    wanted = filled(entries)
    sql = f"{_ENTRY}e.entry IN ({marks(wanted)})"
    return {each.entry: each for each in _all(sql, wanted, scope)}


def by_rows(numbers: Sequence[int], scope: Any, *, likely: Any = None) -> dict[int, Shown]:
    """Resources by their rows in the store, as a search finds them."""
    if not numbers:
        return {}
    condition, more = scope.row_sql("e", likely=likely) if likely else _condition(scope)
    wanted = filled(numbers)
    sql = (
        f"SELECT {columns('e')}, e.id FROM record_entry AS e "
        f"WHERE e.id IN ({marks(wanted)}) AND {condition}"
    )
    return {row[-1]: shown(row) for row in rows(sql, [*wanted, *more])}


def versions(where: str, values: Sequence[Any], scope: Any, limit: int) -> list[Shown]:
    """Versions of the record, newest first, standing ones and those before them.

    Each table is walked by the key of its times, and the walk ends with the page.
    """
    condition, more = _condition(scope)
    part = f"({where}) AND {condition}" if where else condition
    parts = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {columns('e')} FROM {table} AS e WHERE {part} "
        "ORDER BY e.known_at DESC, e.entry DESC, e.version DESC LIMIT %s) AS p"
        for table in _TABLES
    )
    sql = f"SELECT * FROM ({parts}) AS v ORDER BY known_at DESC, entry DESC, version DESC LIMIT %s"
    asked = [*values, *more, limit]
    return [shown(row) for row in rows(sql, [*asked, *asked, limit])]


def are_many(where: str, values: Sequence[Any]) -> bool:
    """Whether there are more such versions than are quickly counted, whoever may see them."""
    parts = " UNION ALL ".join(
        f"SELECT * FROM (SELECT 1 AS n FROM {table} AS e WHERE {where or '1 = 1'} "
        f"LIMIT {_MANY}) AS p"
        for table in _TABLES
    )
    found: int = rows(f"SELECT COUNT(*) FROM ({parts}) AS v", [*values, *values])[0][0]
    return found >= _MANY


def count_versions(where: str, values: Sequence[Any], scope: Any) -> int:
    """How many versions there are."""
    condition, more = _condition(scope)
    part = f"({where}) AND {condition}" if where else condition
    counts = (f"(SELECT COUNT(*) FROM {table} AS e WHERE {part})" for table in _TABLES)
    return int(rows(f"SELECT {' + '.join(counts)}", [*values, *more, *values, *more])[0][0])


def _one(sql: str, values: list[Any], scope: Any) -> Shown | None:
    return next(iter(_all(sql, values, scope)), None)


def _all(sql: str, values: list[Any], scope: Any) -> Iterable[Shown]:
    condition, more = _condition(scope)
    return [shown(row) for row in rows(f"{sql} AND {condition}", [*values, *more])]


def _condition(scope: Any) -> tuple[str, list[Any]]:
    condition, values = scope.row_sql("e")
    return condition or "1 = 1", values
