"""One question to the kept cells, and its answer as the asker may see it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings

from onesystem.district import District
from onesystem.flow.measures import (
    beds,
    cells,
    concentration,
    days,
    population,
    remembering,
    standard,
    store,
)
from onesystem.flow.measures.declaration import SPREAD, UNITS, Declared
from onesystem.flow.measures.figured import Figures, value_of
from onesystem.flow.measures.names import order_of, word_of
from onesystem.flow.measures.suppression import Shown, shown

Key = tuple[str, ...]


@dataclass(slots=True)
class _Sum:
    numerator: int = 0
    denominator: float = 0
    people: int = 0
    bands: dict[int, int] = field(default_factory=dict)  # numerators by band of age
    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)  # numerator, people by size


class Known:
    """What the answers to several questions read in common; for one page, and no longer."""

    def __init__(self) -> None:
        self._people: dict[tuple[Any, ...], population.Counts] = {}

    @cached_property
    def kept(self) -> dict[str, tuple[int, str]]:
        """Under which numbers measures are kept."""
        return store.kept()

    @cached_property
    def horizon(self) -> int | None:
        """The last moment that the cells know."""
        return store.get_marks().get("horizon")

    def people(
        self, by: tuple[str, ...], where: Mapping[str, frozenset[str]], age: int
    ) -> population.Counts:
        """The people of groups from an age on."""
        key = (by, tuple(sorted(where.items())), age)
        if key not in self._people:
            # Of many groups they take megabytes: only those of one selection are kept for longer.
            counted = population.Counts
            self._people[key] = counted(*key) if by else remembering.remembered(counted, *key)
        return self._people[key]


@dataclass(frozen=True)
class Ask:
    """One question to the cells."""

    measure: Declared
    by: tuple[str, ...]
    every: str
    start: date
    end: date
    where: Mapping[str, frozenset[str]]
    district: District
    known: Known

    def answer(self, *, exact: bool) -> list[Figures]:
        """A figure of each group; small numbers are hidden unless `exact`."""
        periods = days.span(self.start, self.end, self.every)
        ages = self.measure.standardisation != "none"
        cut = cells.cut_for(self.measure, {*self.by, *self.where}, self.every, ages=ages)
        sums = self._most(cut, periods) if self.measure.over == "most" else self.read(cut, periods)
        last = self._last
        self._divide(sums, periods, last)
        if not self.by and () not in sums:
            sums[()] = {}
        made = [self._figures(group, found, periods, last, exact=exact)
                for group, found in sums.items()]  # fmt: skip
        return sorted(made, key=lambda f: [order_of(d, f.names[d]) for d in self.by])

    @cached_property
    def _last(self) -> int | None:
        """The day in which the horizon lies; None where no cells are kept."""
        horizon = self.known.horizon
        return None if horizon is None else days.clock(self.district.zone).day(horizon)

    def read(self, cut: cells.Cut, periods: Sequence[int]) -> dict[Key, dict[int, _Sum]]:
        """Sums by group and period."""
        kept = self.known.kept.get(self.measure.name)
        known: dict[str, tuple[Key, int | None] | None] = {}
        found: dict[Key, dict[int, _Sum]] = defaultdict(dict)
        if kept is None or not periods:
            return found
        values: list[Any] = [kept[0], cut.name, self.every, periods[0], periods[-1]]
        only, keys = self._only(cut)
        for period, key, numerator, denominator, people in store.rows(
            "SELECT period, key, numerator, denominator, people FROM flow_cell WHERE kept = %s"
            f" AND cut = %s AND every = %s AND period >= %s AND period <= %s{only}",
            [*values, *keys],
        ):
            if key not in known:
                known[key] = self._group(cut, key)
            told = known[key]
            if told is None:
                continue
            group, band = told
            into = found[group].setdefault(period, _Sum())
            into.numerator += numerator
            into.denominator += denominator
            into.people += people
            if band is not None and self.measure.spread:
                amount, before = into.sizes.get(band, (0, 0))
                into.sizes[band] = amount + numerator, before + people
            elif band is not None:
                into.bands[band] = into.bands.get(band, 0) + numerator
        return found

    def _most(self, cut: cells.Cut, periods: Sequence[int]) -> dict[Key, dict[int, _Sum]]:
        """Of each period, the day that had most."""
        if not periods:
            return {}
        every_day = range(periods[0], days.after(periods[-1], self.every))
        daily = replace(self, every="day")
        by_day = daily.read(cut, every_day)
        found: dict[Key, dict[int, _Sum]] = {}
        for group, sums in by_day.items():
            into = found.setdefault(group, {})
            for day, each in sums.items():
                period = days.begin(day, self.every)
                if period not in into or each.numerator > into[period].numerator:
                    into[period] = each
        return found

    def _only(self, cut: cells.Cut) -> tuple[str, list[str]]:
        """Services as part of the question to the store, where the key is the service alone."""
        services = self.where.get("service")
        if cut.name != "service" or services is None:
            return "", []
        return f" AND key IN ({store.marks(list(services))})", sorted(services)

    def _group(self, cut: cells.Cut, key: str) -> tuple[Key, int | None] | None:
        """The group of a key, and its size or band of age; none where the question leaves it."""
        split = splitter(cut, (*self.by, *self.where), self.district)
        told = split(key)
        if any(told[name] not in wanted for name, wanted in self.where.items()):
            return None
        beside = {"+": "band", "#": "size"}.get(cut.name[-1])
        return tuple(told[name] for name in self.by), int(told[beside]) if beside else None

    def _divide(
        self, sums: dict[Key, dict[int, _Sum]], periods: Sequence[int], last: int | None
    ) -> None:
        """Put the population or the beds under the sums, where the measure is a share of them."""
        if self.measure.over == "capacity":
            beds.put_under(
                sums, self.measure, self.by, self.where, periods, self.every, last, self.district
            )
        if self.measure.over == "days":
            for found in sums.values():
                for period in periods:
                    known = self._known(period, last) - period
                    found.setdefault(period, _Sum()).denominator = max(0, known)
        if self.measure.over == "people":
            counts = self._people
            for group, found in sums.items():
                for period in periods:
                    length = self._known(period, last) - period
                    into = found.setdefault(period, _Sum())
                    into.denominator = counts.of(group, period) * max(0, length) / 365.25

    @cached_property
    def _people(self) -> population.Counts:
        return self.known.people(self.by, self.where, self.measure.people_from_age)

    def _known(self, period: int, last: int | None) -> int:
        """The first day after a period, or after what is known of it."""
        stop = days.after(period, self.every)
        return stop if last is None else min(stop, max(last, period))

    def _figures(
        self, group: Key, found: Mapping[int, _Sum], periods: Sequence[int], last: int | None, *,
        exact: bool,
    ) -> Figures:  # fmt: skip
        cells_ = [found.get(period) or _Sum() for period in periods]
        seen = [self._shown(group, p, s, exact=exact) for p, s in zip(periods, cells_, strict=True)]
        return Figures(
            measure=self.measure,
            group=dict(zip(self.by, group, strict=True)),
            names={d: word_of(self.district, d, c) for d, c in zip(self.by, group, strict=True)},
            periods=tuple(days.date_of(period) for period in periods),
            numerator=tuple(s.numerator for s in seen),
            denominator=tuple(s.denominator for s in seen),
            value=tuple(
                self._valued(group, period, cell, view, exact=exact)
                for period, cell, view in zip(periods, cells_, seen, strict=True)
            ),
            people=tuple(s.people for s in seen),
            hidden=tuple(s.hidden for s in seen),
            whole=tuple(
                last is not None and days.after(period, self.every) <= last for period in periods
            ),
            every=self.every,
            exact=exact,
            read_at=datetime.now(UTC),
            data_to=None if last is None else days.date_of(last - 1),
            intervals=tuple(
                self._interval(group, period, cell, view, exact=exact)
                for period, cell, view in zip(periods, cells_, seen, strict=True)
            )
            if self.measure.over == "gini"
            else (),
        )

    def _shown(self, group: Key, period: int, found: _Sum, *, exact: bool) -> Shown:
        if exact:
            return Shown(found.numerator, found.denominator, found.people)  # type: ignore[arg-type]
        over = not self.measure.over
        if self.measure.spread and self._few(group, period, found):
            return Shown(None, None, None, hidden=True)
        narrowed = [f"{name}={sorted(wanted)}" for name, wanted in sorted(self.where.items())]
        label = [self.measure.name, self.every, str(period), *self.by, *group, *narrowed]
        chance = f"{settings.SECRET_KEY}\x1e"
        return shown(
            found.numerator, round(found.denominator) if over else found.denominator,  # type: ignore[arg-type]
            found.people, key=f"{chance}{self.every}\x1e{period}",
            label=chance + "\x1e".join(label), below=self.district.suppress_below,
            counts=self.measure.counts_units, over=over,
        )  # fmt: skip

    def _few(self, group: Key, period: int, found: _Sum) -> bool:
        """Whether the people whose share it is are so few that it tells what they have."""
        share = SPREAD[self.measure.over]
        people = max(self._people.of(group, period), found.people)
        return bool(found.people) and people * share < self.district.suppress_below

    def _spread(self, group: Key, period: int, found: _Sum, *, exact: bool) -> float | None:
        people, share = self._people.of(group, period), SPREAD[self.measure.over]
        if self.measure.over == "gini":
            value = concentration.gini(found.sizes, people)
        else:
            value = concentration.top(found.sizes, people, share)
        if value is None:
            return None
        return (value if exact else round(value, 2)) / (1 if share == 1 else UNITS["percent"])

    def _interval(
        self, group: Key, period: int, found: _Sum, view: Shown, *, exact: bool
    ) -> tuple[float, float] | None:
        if view.hidden or view.numerator is None:
            return None
        ends = concentration.interval(found.sizes, self._people.of(group, period))
        return ends if ends is None or exact else (round(ends[0], 2), round(ends[1], 2))

    def _valued(
        self, group: Key, period: int, found: _Sum, view: Shown, *, exact: bool
    ) -> float | None:
        if view.hidden or view.numerator is None:
            return None
        if self.measure.standardisation != "none" and found.bands:
            return self._standardised(group, period, found)
        if self.measure.spread:
            return self._spread(group, period, found, exact=exact)
        return value_of(self.measure, view.numerator, view.denominator or 0)

    def _standardised(self, group: Key, period: int, found: _Sum) -> float | None:
        people = self._people.bands_of(group, period)
        years = found.denominator / (sum(people.values()) or 1)
        lived = {band: count * years for band, count in people.items()}
        if self.measure.standardisation == "direct":
            rate = standard.direct(found.bands, lived, standard.ESP_2013)
        else:
            rates, overall = self._district_rates.get(period, ({}, 0.0))
            rate = standard.indirect(found.numerator, lived, rates, overall)
        return None if rate is None else rate / UNITS[self.measure.unit]

    @cached_property
    def _district_rates(self) -> dict[int, tuple[dict[int, float], float]]:
        """The whole district's rates by band in each period, and over all: the standard."""
        whole = replace(self, by=(), where={})
        cut = cells.cut_for(self.measure, (), self.every, ages=True)
        found = whole.read(cut, days.span(self.start, self.end, self.every)).get((), {})
        return {period: whole.rates(period, sums, self._last) for period, sums in found.items()}

    def rates(self, period: int, found: _Sum, last: int | None) -> tuple[dict[int, float], float]:
        """Rates of a period by band of age, and over all."""
        years = max(0, self._known(period, last) - period) / 365.25
        lived = {b: count * years for b, count in self._people.bands_of((), period).items()}
        rates = {b: found.bands.get(b, 0) / n for b, n in lived.items() if n}
        all_lived = sum(lived.values())
        return rates, found.numerator / all_lived if all_lived else 0.0


def splitter(
    cut: cells.Cut, dimensions: Iterable[str], district: District
) -> Callable[[str], dict[str, str]]:
    """What a key says of each dimension."""
    wanted = set(dimensions)
    services = district.services

    def split(key: str) -> dict[str, str]:
        told = dict(zip(cut.parts, key.split(cells.MARK), strict=True)) if cut.parts else {}
        if "service" in told and wanted & set(cells.OF_SERVICE):
            service = services.get(told["service"])
            told["setting"] = str(service.setting) if service else ""
            told["organisation"] = service.organisation if service else ""
            told["place"] = service.place if service else ""
        if "age_band" in wanted:
            told["age_band"] = days.wide_band(int(told["band"]))
        return told

    return split
