"""Figures for pages: read from the kept cells, by one statement, as the asker may see them."""

from collections.abc import Collection, Mapping
from datetime import date

from onesystem import access
from onesystem.district import current
from onesystem.flow.measures import (
    cells,
    days,
    library,
    remembering,
    store,
)
from onesystem.flow.measures.answering import Ask, Known, splitter
from onesystem.flow.measures.figured import Figures
from onesystem.flow.measures.names import order_of, word_of
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

_YEAR = 366
# Days that may be asked for at once: what is told by day for a century would hold a worker up.
_MOST = {"day": 30 * _YEAR, **dict.fromkeys(("week", "month", "quarter", "year"), 200 * _YEAR)}


def figures(
    name: str,
    *,
    by: tuple[str, ...] = (),
    every: str = "week",
    start: date,
    end: date,
    where: Mapping[str, str | tuple[str, ...]] | None = None,
    asker: access.Actor,
    known: Known | None = None,
) -> list[Figures]:
    """A measure by group and period, of the periods that begin before `end`.

    Raises NotFound for an unknown measure, BadConfig for dimensions that are not kept together.
    """
    access.require(asker, "measures.see")
    measure = library.measure(name)
    if every not in days.PERIODS:
        raise BadConfig(
            say("there is no period {every}", every=repr(every)), nearest(every, days.PERIODS)
        )
    if start >= end:
        raise BadConfig(
            say("no day lies from {start} to before {end}", start=start, end=end),
            "Give a later end",
        )
    if (end - start).days > _MOST[every]:
        raise BadConfig(
            say(
                "{start} to {end} by {every} is more than can be told at once",
                start=start,
                end=end,
                every=every,
            ),
            "Ask for fewer years, or for longer periods",
        )
    asked = (measure, tuple(by), every, start, end, _wanted(where or {}), current())
    ask = Ask(*asked, known or Known())
    return ask.answer(exact=measure.of_nobody or access.may(asker, "person.open"))


def data_to() -> date | None:
    """The last day that the cells know as a whole; None where none are kept."""
    horizon = store.get_marks().get("horizon")
    if horizon is None:
        return None
    return days.date_of(days.clock(current().zone).day(horizon) - 1)


def values_of(name: str, dimension: str, *, asker: access.Actor) -> list[tuple[str, str]]:
    """The groups that a measure has along a dimension: code and words, in order of words."""
    access.require(asker, "measures.see")
    measure, district = library.measure(name), current()
    cut = cells.cut_for(measure, [dimension], "year", ages=False)
    kept = store.kept().get(name)
    if kept is None:
        return []
    keys = remembering.remembered(_one_of_each, kept[0], cut, dimension)
    split = splitter(cut, (dimension,), district)
    found = {split(key)[dimension] for key in keys}
    named = [(code, word_of(district, dimension, code)) for code in found]
    return sorted(named, key=lambda pair: order_of(dimension, pair[1]))


def _one_of_each(kept: int, cut: cells.Cut, dimension: str) -> Collection[str]:
    """A key for each value of what the dimension is told by: keys are many, and values few."""
    sql = "SELECT DISTINCT key FROM flow_cell WHERE kept = %s AND cut = %s AND every = %s"
    keys = [key for (key,) in store.rows(sql, [kept, cut.name, "year"])]
    told_by = "service" if dimension in cells.OF_SERVICE else dimension
    told_by = "band" if dimension == "age_band" else told_by
    if told_by not in cut.parts:
        return keys
    at = cut.parts.index(told_by)
    return tuple({key.split(cells.MARK)[at]: key for key in keys}.values())


def _wanted(where: Mapping[str, str | tuple[str, ...]]) -> dict[str, frozenset[str]]:
    return {
        name: frozenset([said] if isinstance(said, str) else said) for name, said in where.items()
    }
