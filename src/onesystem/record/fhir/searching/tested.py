"""Tests of one entry, made of looks into the index: SQL, which the plan puts together. Pure."""

from collections.abc import Callable, Mapping, Sequence

from onesystem.record.fhir.searching.asked import Simple
from onesystem.record.fhir.searching.definitions import Parameter
from onesystem.record.fhir.searching.matching import Look, present, slots_sql
from onesystem.record.fhir.searching.starting import Sql, Test


def identities(patients: Sequence[str]) -> Sql | None:
    """Those that Patients of these names are of."""
    if not patients:
        return None
    marks = ", ".join(["%s"] * len(patients))
    sql = f"SELECT p.identity FROM record_entry p WHERE p.logical IN ({marks}) AND p.kind = %s"
    return sql, [*patients, "Patient"]


def union(looks: Sequence[Look]) -> Sql | None:
    """The entries that any of them finds."""
    if not looks:
        return None
    parts = [each.entries() for each in looks]
    return " UNION ALL ".join(sql for sql, _ in parts), [v for _, vs in parts for v in vs]


def either(looks: Sequence[Look], alias: str) -> Sql:
    """Whether an entry is found by any of them."""
    if not looks:
        return "1 = 0", []
    # By the start of the search, so that what fails is left before its row is looked up.
    parts = [each.holds(f"d{alias[1:]}.entry") for each in looks]
    values = [v for _, more in parts for v in more]
    return (parts[0][0] if len(parts) == 1
            else "(" + " OR ".join(sql for sql, _ in parts) + ")"), values  # fmt: skip


def negated(said: Sql) -> Sql:
    """What is not so."""
    return f"NOT {said[0]}", said[1]


def missing(kinds: Sequence[str], condition: Simple) -> Test:
    """Whether anything is said for a parameter."""
    looks = [each for kind in kinds for each in present(condition.by_kind[kind])]
    if condition.values == ("true",):
        return Test(None, lambda e: negated(either(looks, e)))
    return Test(union(looks), lambda e: either(looks, e))


def slots_to(parameter: Parameter, target: str) -> str:
    """The slots of a reference parameter that may name a type."""
    only: Mapping[int, str] = parameter.only or {}
    numbers = [n for n in parameter.slots if only.get(n, target) == target]
    return slots_sql("x", numbers) if numbers else ""


def from_references(looks: Sequence[Look]) -> Test:
    """The test of whether an entry refers so."""
    if not looks:
        return Test(None, lambda _e: ("1 = 0", []))
    return Test(union(looks), lambda e: either(looks, e))


def in_start(start: Sql) -> Callable[[str], Sql]:
    """The test of whether an entry is one of those that the search started from."""

    def holds(alias: str) -> Sql:
        return f"{alias}.id IN ({start[0]})", start[1]

    return holds
