"""A model over many years: its arrivals follow the number of people of each class. Pure.

How often somebody of an age comes stays what it is; how many there are changes at the turn of each
year of the model. A class whose name says no ages follows everybody.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any

from onesystem.twin.network.model import CLASS, UNITS, Dated, Model
from onesystem.twin.people.ageing import OLDEST, Year
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.changes import Arrivals, Scenario
from onesystem.vocabulary import BadConfig

MOST = 50
_DAYS = 365.25
_UNDER = re.compile(r"\b(?:under|below) (\d+)\b")
_OVER = re.compile(r"\b(\d+)(?:\+| (?:and|or) (?:more|over|older)\b)")
_BETWEEN = re.compile(r"\b(\d+)(?: to |-)(\d+)\b")


def ages_of(name: str) -> tuple[int, int] | None:
    """The first and last age that a class's name says: "18 to 74", "under 5", "75 and over"."""
    first, last = 0, OLDEST
    if found := _UNDER.search(name):
        last = int(found[1]) - 1
    elif found := _OVER.search(name):
        first = int(found[1])
    elif found := _BETWEEN.search(name):
        first, last = int(found[1]), int(found[2])
    return (first, min(last, OLDEST)) if found and first <= min(last, OLDEST) else None


def shares(lived: Sequence[Year], kind: str) -> list[float]:
    """People of a class in each year, in relation to the first."""
    first, last = ages_of(kind) or (0, OLDEST)
    people = [year.between(first, last) for year in lived]
    if not people[0] > 0:
        msg = f"nobody is of the ages of {kind!r} in {lived[0].year}"
        raise BadConfig(msg, "Give people of all ages that the model's classes name.")
    return [each / people[0] for each in people]


def grown(model: Model, lived: Sequence[Year]) -> Model:
    """The model from its beginning over all years but the last of `lived`. Raises BadConfig."""
    count = len(lived) - 1
    if not 1 <= count <= MOST:
        raise BadConfig(f"{count} years are asked for", f"Give 1 to {MOST} years.")
    year = _DAYS * 86_400 / UNITS[model.unit]
    ends = model.warm_up + count * year
    longer = replace(again(model, year, ends), horizon=ends)
    come = {kind for each in model.arrivals.values() for kind, p in each.classes.items() if p > 0}
    changes = tuple(
        Arrivals(
            times=part, who={CLASS: (kind,)}, since=model.warm_up + n * year,
            until=model.warm_up + (n + 1) * year if n + 1 < count else None,
        )
        for kind in model.classes if kind in come
        for n, part in enumerate(shares(lived, kind)[:count]) if n
    )  # fmt: skip
    return applied(longer, Scenario(name="people over the years", changes=changes))


def again(model: Model, year: float, ends: float) -> Model:
    """The model with what its inflows are in the first year (a season) again in each until `ends`.

    Times are in the model's unit.
    """

    def stretched(process: Any) -> Any:
        if not isinstance(process, Dated):
            return process
        begun = [each for when, each in process.changes if when <= 0][-1:]
        first = [(0.0, each) for each in begun]
        first += [(when, each) for when, each in process.changes if 0 < when < year]
        every = ((n * year + when, each) for n in range(ceil(ends / year)) for when, each in first)
        return Dated(tuple((when, each) for when, each in every if when < ends))

    return replace(
        model,
        arrivals={
            name: replace(each, process=stretched(each.process))
            for name, each in model.arrivals.items()
        },
    )


def begins(model: Model) -> int:
    """The year in which what is counted of a model begins, to the nearest turn of a year."""
    start = model.starts + timedelta(seconds=model.warm_up * UNITS[model.unit])
    return (start + timedelta(days=_DAYS / 2)).year
