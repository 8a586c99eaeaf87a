"""The parameters that the entry itself answers: `_id`, `_lastUpdated`, `_source`. Pure."""

from collections.abc import Callable
from typing import Any

from onesystem.record.fhir.searching.asked import Simple
from onesystem.record.fhir.searching.check import prefix_of
from onesystem.record.fhir.searching.figures import range_sql
from onesystem.record.fhir.searching.splitting import unescaped
from onesystem.record.fhir.searching.values import date_range, kept

Sql = tuple[str, list[Any]]
_URN = "urn:onesystem:"  # serving.meta_of


def column_condition(condition: Simple, now: int) -> tuple[Sql | None, Callable[[str], Sql]]:
    """Where to start, and the test of one entry under an alias."""
    code = condition.first.code
    made = {"_id": _ids, "_lastUpdated": _updated, "_source": _sources}[code]

    def holds(alias: str) -> Sql:
        return made(alias, condition, now)

    if code == "_source":
        return None, holds
    # No word of the type here: SQLite would walk the type instead of looking for the value.
    said, values = holds("o")
    return (f"SELECT o.id AS entry FROM record_entry o WHERE {said}", values), holds


def _ids(alias: str, condition: Simple, _now: int) -> Sql:
    names = [kept(unescaped(value)).rpartition("/")[2] for value in condition.values]
    return f"{alias}.logical IN ({', '.join(['%s'] * len(names))})", names


def _updated(alias: str, condition: Simple, now: int) -> Sql:
    column = f"{alias}.known_at"
    parts = []
    for value in condition.values:
        prefix, text = prefix_of(unescaped(value))
        found = date_range(text)
        if found is None:
            raise ValueError(value)
        parts.append(range_sql(column, column, prefix, *found, now)[0])
    return "(" + " OR ".join(parts) + ")", []


def _sources(alias: str, condition: Simple, _now: int) -> Sql:
    """`urn:onesystem:SOURCE#MESSAGE` as it is served; without a message, all of a source."""
    parts: list[str] = []
    values: list[Any] = []
    for value in condition.values:
        name, hash_, message = kept(unescaped(value)).removeprefix(_URN).partition("#")
        if hash_ and not (message.isascii() and message.isdigit() and len(message) < 19):
            parts.append("1 = 0")
            continue
        parts.append(
            f"({alias}.source = %s" + (f" AND {alias}.message = {int(message)})" if hash_ else ")")
        )
        values.append(name)
    return "(" + " OR ".join(parts) + ")", values
