"""Many measures worked out at once over a whole log, by service and period.

The log is taken a portion of people after the other, so that memory is that of one portion; what
its units give is added up at once, without a line for each day that an interval touches.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from onesystem.flow.measures import tree
from onesystem.flow.measures.columns import calendar, giving, loading
from onesystem.flow.measures.columns.giving import Ready
from onesystem.flow.measures.columns.histories import Histories
from onesystem.flow.measures.columns.rows import Rows
from onesystem.flow.measures.columns.sizes import sizes
from onesystem.flow.measures.columns.values import Array, Text
from onesystem.flow.measures.days import Clock
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.gathering import gathers
from onesystem.flow.measures.language import OF_PERSON
from onesystem.flow.measures.tree import Field, walk
from onesystem.flow.measures.world import World

_ALWAYS = ("service", "started", "ended", "cancelled")
_OF_PEOPLE = ("contact", "identity")
_OF_SPELLS = ("ready", "outcome", "known_at")
_EXACT = 1 << 53  # up to which doubles hold whole numbers
_HALF = 26  # bits
_SIZE = 12  # bits of a size


def columns_of(measures: Iterable[Declared]) -> list[str]:
    """The columns of the log that these measures need, and no others."""
    asked = set(_ALWAYS)
    for each in measures:
        asked |= {n.name for e in each.expressions for n in walk(e) if isinstance(n, Field)}
        asked |= {"setting"} if _settings(each) else set()
        asked |= set(_OF_PEOPLE) if of_people(each) else set()
        asked |= set(_OF_SPELLS) if "spell" in (each.of, each.others) else set()
    return [name for name in loading.COLUMNS if name in asked]


def of_people(measure: Declared) -> bool:
    """Whether it asks anything of people, or of more of their contacts than one."""
    return measure.needs_history or measure.needs_person


def settings_of(measures: Iterable[Declared]) -> frozenset[str]:
    """The settings of which alone these measures need the contacts; none where of all."""
    found: frozenset[str] = frozenset()
    for each in measures:
        mine = _settings(each)
        if not mine:
            return frozenset()
        found |= mine
    return found


def _settings(measure: Declared) -> frozenset[str]:
    asks = any(gathers(each) for each in measure.expressions)
    if measure.of == "spell" and (measure.others == "spell" or not asks):
        return tree.settings_of(measure.spell)
    return giving.ready(measure).settings if not asks else frozenset()


def sums(
    portions: Iterable[Any],
    somebody: Any,
    measures: Mapping[str, Declared],
    world: World,
    *,
    every: str = "month",
) -> Iterator[tuple[str, Any]]:
    """Each measure's name with its sums: an Arrow table of service, day, numerator, denominator.

    `portions` are tables of contacts in the log's columns, each with all contacts of its
    identities; `somebody` an Arrow table of who has which identity, with the columns of
    `frames.SOMEBODY`. Where no measure is `of_people`, neither is asked. `day` is the first of the
    period.
    """
    ready = {name: giving.ready(measure) for name, measure in measures.items()}
    added = {name: _Sums(every) for name in measures}
    if any(map(of_people, measures.values())):
        told = _Everybody(somebody, world).histories(portions)
    else:
        told = (loading.anybodys(table, world) for table in portions)
    for histories in told:
        for name, each in ready.items():
            _add(each, histories, added[name])
    for name, total in added.items():
        yield name, total.table()


def spread(
    portions: Iterable[Any], somebody: Any, measure: Declared, world: World
) -> dict[int, dict[int, tuple[int, int]]]:
    """What people have of a measure of their periods, by period and size, as `concentration` asks.

    Of each period, by its first day: of each size, what its people have together, and how many.
    """
    ready = giving.ready(measure)
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for histories in _Everybody(somebody, world).histories(portions):
        _, day, amount, _ = ready.points(ready.units(histories))
        some = amount > 0
        period, amount = calendar.begin(day[some], measure.every), amount[some]
        codes, place = np.unique((period << _SIZE) + sizes(amount), return_inverse=True)
        amounts, people = _added(place, amount, len(codes)), np.bincount(place)
        for code, more, many in zip(codes.tolist(), amounts.tolist(), people.tolist(), strict=True):
            into, size = found.setdefault(code >> _SIZE, {}), code & ((1 << _SIZE) - 1)
            before = into.get(size, (0, 0))
            into[size] = before[0] + more, before[1] + many
    return found


def _add(ready: Ready, histories: Histories, into: "_Sums") -> None:
    """Add what the people give to a measure."""
    units = ready.units(histories)
    if ready.measure.shape == "interval":
        units, begins, stops, weight = ready.spans(units)
        cut = _nights if ready.measure.counts == "nights" else _time
        of, period, inside = cut(units.world.clock, begins, stops, into.every)
        service = ready.place(units)
        into.add(Text(service.codes[of], service.words), period, inside * weight[of])
    else:
        units, day, numerator, denominator = ready.points(units)
        over = None if ready.measure.over else denominator
        into.add(ready.place(units), _number(day, into.every), numerator, over)


# -- periods, told by their numbers ----------------------------------------------------------------


@lru_cache(maxsize=8)
def _periods(every: str) -> tuple[Array, Array]:
    """The number of the period that each day of the calendar lies in, and the first days of all."""
    firsts, numbers = np.unique(calendar.begins(every), return_inverse=True)
    return numbers.astype(np.int32), firsts


def _number(day: Array, every: str) -> Array:
    numbers, _ = _periods(every)
    return np.asarray(numbers[calendar.at(day)])


def _cut(low: Array, high: Array) -> tuple[Array, Array]:
    """Intervals that lie in the periods from one number to another, a part for each.

    Gives the places of the intervals, and the numbers.
    """
    counts = high - low + 1
    if not len(counts) or int(counts.max()) == 1:
        return np.arange(len(low)), low
    of = np.repeat(np.arange(len(low)), counts)
    return of, low[of] + np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)


def _nights(clock: Clock, begins: Array, stops: Array, every: str) -> tuple[Array, Array, Array]:
    """Places of intervals, the periods that they touch, and the midnights of each within."""
    first, last = calendar.day(clock, begins), calendar.day(clock, stops)
    some = np.flatnonzero(last > first)
    first, last = first[some], last[some]
    of, period = _cut(_number(first, every), _number(last - 1, every))
    _, firsts = _periods(every)
    inside = np.minimum(last[of], firsts[period + 1]) - np.maximum(first[of], firsts[period])
    return some[of], period, inside


def _time(clock: Clock, begins: Array, stops: Array, every: str) -> tuple[Array, Array, Array]:
    """The same with the milliseconds of each within."""
    low, high = (_number(calendar.day(clock, moment), every) for moment in (begins, stops))
    of, period = _cut(low, high)
    edges = _edges(clock, every)
    inside = np.minimum(stops[of], edges[period + 1]) - np.maximum(begins[of], edges[period])
    return of, period, np.maximum(inside, 0)


@lru_cache(maxsize=8)
def _edges(clock: Clock, every: str) -> Array:
    """The moments at which periods begin."""
    return calendar.midnight(clock, _periods(every)[1])


class _Sums:
    """The sums of a measure, a line for each service and a column for each period."""

    def __init__(self, every: str) -> None:
        self.every = every
        self.services: dict[str, int] = {}
        self.low = 0  # the number of the first period
        self.held = np.zeros((2, 0, 0), np.int64)  # numerators and denominators

    def add(
        self, service: Text, period: Array, numerator: Array, denominator: Array | None = None
    ) -> None:
        """Add what units give to a service in a period, which is told by its number."""
        if not len(period):
            return
        low, high = int(period.min()), int(period.max()) + 1
        there = np.flatnonzero(np.bincount(service.codes, minlength=len(service.words)))
        place = np.zeros(len(service.words), np.int64)
        place[there] = np.arange(len(there)) * (high - low) - low
        index = place[service.codes] + period
        lines = [self.services.setdefault(service.words[at], len(self.services))
                 for at in there.tolist()]  # fmt: skip
        self._reach(low, high)
        for which, given in enumerate((numerator, denominator)):
            if given is not None:
                found = _added(index, given, len(there) * (high - low))
                self.held[which, lines, low - self.low : high - self.low] += found.reshape(
                    len(there), high - low
                )

    def _reach(self, low: int, high: int) -> None:
        """Make room for these periods, and for all services."""
        _, lines, many = self.held.shape
        if not many:
            self.low = low
        before = max(0, self.low - low)
        after = max(0, high - self.low - many)
        more = len(self.services) - lines
        if before or after or more:
            self.held = np.pad(self.held, ((0, 0), (0, more), (before, after)))
            self.low -= before

    def table(self) -> Any:
        """What is not nothing."""
        import pyarrow as pa

        line, period = np.nonzero(self.held.any(axis=0))
        _, firsts = _periods(self.every)
        words = pa.array(list(self.services), pa.string())
        return pa.table({
            "service": words.take(pa.array(line)),
            "day": firsts[period + self.low],
            "numerator": self.held[0, line, period],
            "denominator": self.held[1, line, period],
        })  # fmt: skip


def _added(index: Array, given: Array, size: int) -> Array:
    """The sums of whole numbers by their places."""
    if not len(given):
        return np.zeros(size, np.int64)
    most = max(abs(int(given.max())), abs(int(given.min())))
    if most * len(given) < _EXACT:
        return np.bincount(index, given, size).astype(np.int64)
    upper = given >> _HALF  # of numbers below nothing too: what is left is never below it
    parts = (upper, given - (upper << _HALF))
    high, low = (np.bincount(index, part, size).astype(np.int64) for part in parts)
    return (high << _HALF) + low


class _Everybody:
    """Who has which identity, and what is known of them."""

    def __init__(self, somebody: Any, world: World) -> None:
        self.world = world
        self.ids = somebody["identity"].to_numpy()
        order = np.argsort(self.ids, kind="stable")
        somebody, self.ids = somebody.take(order), self.ids[order]
        _, first, self.person, many = np.unique(
            somebody["person"].to_numpy(), return_index=True, return_inverse=True,
            return_counts=True,
        )  # fmt: skip
        self.several = (many > 1)[self.person]
        facts = {}
        for name in OF_PERSON:
            column = somebody[name].take(first)
            facts[name] = (
                loading.moments(column) if name in {"born", "died"} else loading.texts(column)
            )
        self.people = Rows(facts, np.arange(len(first)), world)

    def histories(self, portions: Iterable[Any]) -> Iterator[Histories]:
        """People's histories; last those of whoever has several identities, put together."""
        import pyarrow as pa

        aside, apart = [], bool(self.several.any())
        for table in portions:
            if apart:
                theirs = self._of_several(table)
                aside.append(table.filter(pa.array(theirs)))
                table = table.filter(pa.array(~theirs))  # noqa: PLW2901 - the rest of it
            yield self._placed(table)
        if aside:
            yield self._placed(pa.concat_tables(aside, promote_options="permissive"))

    def _of_several(self, table: Any) -> Array:
        identity = table["identity"].to_numpy()
        at = np.minimum(np.searchsorted(self.ids, identity), len(self.ids) - 1)
        return np.asarray((self.ids[at] == identity) & self.several[at])

    def _placed(self, table: Any) -> Histories:
        """The histories of a table's people, and of no others."""
        identity = table["identity"].to_numpy()
        starts = np.flatnonzero(np.diff(identity, prepend=identity[:1] - 1))
        mine = np.unique(identity[starts])  # of few: they lie together
        at = np.minimum(np.searchsorted(self.ids, mine), max(0, len(self.ids) - 1))
        at = at[self.ids[at] == mine] if len(self.ids) else at[:0]
        people, place = np.unique(self.person[at], return_inverse=True)
        facts = {name: self.people.columns[name].take(people) for name in OF_PERSON}
        return loading.placed(table, self.ids[at], place, facts, len(people), self.world)
