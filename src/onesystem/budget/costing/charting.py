"""Costs over time as SPC charts: a contact of a service, a person of the district."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from onesystem.budget.costing import queries
from onesystem.flow.charts import svg
from onesystem.flow.charts.words import Unit, headline
from onesystem.flow.spc import Asked, Improve, Series, draw
from onesystem.vocabulary.money import Money

_FEWEST = 3  # months below which there is nothing to see


def of_contacts(months: Sequence[date], title: str, currency: str, **only: str) -> Any:
    """What a contact cost on average, month by month."""
    costs = {c["month"]: c for c in queries.costs(months[0], months[-1], by=("month",), **only)}
    values = [
        costs[m].minor / costs[m].contacts / 100 if m in costs and costs[m].contacts else None
        for m in months
    ]
    return _drawn(months, values, title, currency, _turns(months, **only) if only else ())


def _turns(months: Sequence[date], **only: str) -> tuple[date, ...]:
    """The months from which another rule says most of it: a process of its own begins there."""
    most: dict[date, tuple[int, str]] = {}
    for cost in queries.costs(months[0], months[-1], by=("month", "rule"), **only):
        most[cost["month"]] = max(most.get(cost["month"], (-1, "")), (cost.minor, cost["rule"]))
    there = [m for m in months if m in most]
    return tuple(b for a, b in pairwise(there) if most[a][1] != most[b][1])


def of_people(months: Sequence[date], people: int, title: str, currency: str) -> Any:
    """What all contacts of a month cost, for each person of the district."""
    costs = {c["month"]: c.minor for c in queries.costs(months[0], months[-1], by=("month",))}
    values = [costs[m] / people / 100 if people and m in costs else None for m in months]
    return _drawn(months, values, title, currency)


def _drawn(
    months: Sequence[date], values: list[float | None], title: str, currency: str,
    turns: tuple[date, ...] = (),
) -> Any:  # fmt: skip
    if sum(value is not None for value in values) < _FEWEST:
        return None
    sign = str(Money(0, currency))[:-4]
    unit = Unit(before=sign, places=2)
    chart = draw(Series.of(list(months), values), Asked(improve=Improve.DOWN, rebase=turns))
    return {
        "picture": svg.large(chart, title=title, unit=unit, name=f"c{abs(hash(title)) % 9999}"),
        "words": headline(chart, unit), "title": title,
        "rows": [(f"{m:%B %Y}", unit.said(v)) for m, v in zip(months, values, strict=True)],
    }  # fmt: skip
