"""Prefixes of dates, numbers and quantities as SQL: search.html#prefix. Pure.

The row has a first and a last value, and so has what is asked: a day, or a number as it is written.
"""

from typing import Any

from onesystem.record.fhir.searching.check import prefix_of
from onesystem.record.fhir.searching.splitting import split, unescaped
from onesystem.record.fhir.searching.values import date_range, number_range, system_number

Sql = tuple[str, list[Any]]
_APPROXIMATELY = 0.1  # of a number, or of the time between a date and now


def date_sql(alias: str, value: str, now: int) -> Sql:
    """A row of dates against a date with its prefix."""
    prefix, text = prefix_of(unescaped(value))
    found = date_range(text)
    if found is None:
        raise ValueError(value)
    return range_sql(f"{alias}.low", f"{alias}.high", prefix, *found, now)


def range_sql(row_low: str, row_high: str, prefix: str, low: int, high: int, now: int) -> Sql:
    """What lies between two columns against what lies between two moments, both inclusive."""
    within = f"({row_low} >= {low} AND {row_high} <= {high})"
    if prefix == "ap":
        slack = int(abs(now - low) * _APPROXIMATELY)
        return f"({row_low} <= {high + slack} AND {row_high} >= {low - slack})", []
    return {
        "eq": within,
        "ne": f"NOT {within}",
        "gt": f"{row_high} > {high}",
        "lt": f"{row_low} < {low}",
        "ge": f"({row_high} > {high} OR {within})",
        "le": f"({row_low} < {low} OR {within})",
        "sa": f"{row_low} > {high}",
        "eb": f"{row_high} < {low}",
    }[prefix], []


def number_sql(alias: str, value: str) -> Sql:
    """A row of numbers against a number with its prefix."""
    prefix, text = prefix_of(unescaped(value))
    found = number_range(text)
    if found is None:
        raise ValueError(value)
    exact, low, high = found
    row_low, row_high = f"{alias}.low", f"{alias}.high"
    within = f"({row_low} >= %s AND {row_high} < %s)"
    if prefix == "eq":
        return within, [low, high]
    if prefix == "ne":
        return f"NOT {within}", [low, high]
    if prefix == "ap":
        slack = abs(exact) * _APPROXIMATELY
        return f"({row_low} <= %s AND {row_high} >= %s)", [exact + slack, exact - slack]
    # Comparisons are with the figure itself, whatever its precision.
    column, sign = {
        "gt": (row_high, ">"), "lt": (row_low, "<"), "ge": (row_high, ">="), "le": (row_low, "<="),
        "sa": (row_low, ">"), "eb": (row_high, "<"),
    }[prefix]  # fmt: skip
    return f"{column} {sign} %s", [exact]


def quantity_sql(alias: str, value: str) -> Sql:
    """A row of quantities against `5.4`, `5.4|SYSTEM|CODE` or `5.4||UNIT`."""
    number, *unit = split(value, "|")
    sql, args = number_sql(alias, number)
    if not unit:
        return sql, args
    system, code = (unescaped(each) for each in unit)
    if system:
        sql += f" AND {alias}.system = {system_number(system)}"
    if code:
        sql += f" AND {alias}.unit = %s"
        args.append(code)
    return sql, args
