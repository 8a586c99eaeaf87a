"""What people give to measures: one line for each unit and day, in columns."""

from dataclasses import dataclass

import numpy as np

from onesystem.flow.measures.columns import calendar
from onesystem.flow.measures.columns.histories import Histories
from onesystem.flow.measures.columns.nodes import asked
from onesystem.flow.measures.columns.rows import Asked, Rows
from onesystem.flow.measures.columns.values import Array, Text, Value
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.gathering import gathers
from onesystem.flow.measures.tree import Field, Node, conjuncts, settings_of, walk

_ENDS = frozenset({"ended", "ready", "until", "last_service"})


@dataclass(frozen=True, slots=True)
class Lines:
    """What units give: whose, on which day, to which service (a place in `services`), how much."""

    person: Array
    day: Array
    service: Array
    band: Array
    numerator: Array
    denominator: Array
    contact: Array
    services: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Ready:
    """A measure made ready: its expressions as questions to rows."""

    measure: Declared
    plain: tuple[Asked, ...]  # conditions of the population over the unit alone
    wide: tuple[Asked, ...]  # and over the others
    when: Asked
    numerator: Asked
    denominator: Asked
    start: Asked
    end: Asked
    placed: str
    settings: frozenset[str]

    def gives(self, histories: Histories) -> Lines:
        """What the people give to the measure."""
        units = self.units(histories)
        return self._each_day(units) if self.measure.shape == "interval" else self._once(units)

    def units(self, histories: Histories) -> Rows:
        """The units that the measure counts."""
        m = self.measure
        return histories.units(m.of, m.others, m.spell, m.gap, self.settings, self.plain, self.wide)

    def points(self, units: Rows) -> tuple[Rows, Array, Array, Array]:
        """Those units that give anything, with the day on which, the numerator and the rest."""
        at = _value(self.when(units))
        if at.known is not None and not at.known.all():
            there = np.flatnonzero(at.known)
            units, at = units.take(there), at.take(there)
        numerator = _whole(self.numerator(units), len(units))
        nothing = np.zeros(len(units), np.int64)
        over = nothing if self.measure.over else _whole(self.denominator(units), len(units))
        moments = np.broadcast_to(at.values, len(units))
        some = (numerator != 0) | (over != 0)
        if not some.all():
            here = np.flatnonzero(some)
            units, moments = units.take(here), moments[here]
            numerator, over = numerator[here], over[here]
        return units, calendar.day(units.world.clock, moments), numerator, over

    def spans(self, units: Rows) -> tuple[Rows, Array, Array, Array]:
        """Those units that last, with the moments at which they begin and stop, and the weight."""
        start, end = _value(self.start(units)), _value(self.end(units))
        weight = _whole(self.numerator(units), len(units))
        begins, stops = (np.broadcast_to(v.values, len(units)) for v in (start, end))
        fits = (stops > begins) & (weight != 0)
        for each in (start, end):
            fits &= True if each.known is None else each.known
        at = np.flatnonzero(fits)
        return units.take(at), begins[at], stops[at], weight[at]

    def place(self, units: Rows) -> Text:
        """The services that units count for."""
        service = units.field(self.placed)
        assert isinstance(service, Text)  # noqa: S101 - a service
        return Text(np.broadcast_to(service.codes, len(units)), service.words)

    def _once(self, units: Rows) -> Lines:
        units, day, numerator, over = self.points(units)
        return self._lines(units, day, numerator, over)

    def _each_day(self, units: Rows) -> Lines:
        units, begins, stops, weight = self.spans(units)
        clock = units.world.clock
        first, last = calendar.day(clock, begins), calendar.day(clock, stops)
        nights = self.measure.counts == "nights"
        counts = last - first + (0 if nights else 1)
        of = np.repeat(np.arange(len(units)), counts)
        day = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        given = weight[of]
        if not nights:
            inside = np.minimum(stops[of], calendar.midnight(clock, day + 1))
            given = given * np.maximum(
                inside - np.maximum(begins[of], calendar.midnight(clock, day)), 0
            )
        some = np.flatnonzero(given)
        given = given[some]
        return self._lines(units.take(of[some]), day[some], given, np.zeros_like(given))

    def _lines(self, units: Rows, day: Array, numerator: Array, denominator: Array) -> Lines:
        """A line for each of the units."""
        service, contact = self.place(units), _value(units.field("contact"))
        born = _value(units.field("born"))
        return Lines(
            person=units.person, day=day, service=service.codes,
            band=calendar.bands(born.values, born.known, day), numerator=numerator,
            denominator=denominator, contact=np.broadcast_to(contact.values, len(units)),
            services=service.words,
        )  # fmt: skip


def ready(measure: Declared) -> Ready:
    """A measure made ready to be asked of any histories."""
    parts = conjuncts(measure.included)
    named = {n.name for n in walk(measure.when) if isinstance(n, Field)}
    start, end = measure.span
    return Ready(
        measure=measure,
        plain=tuple(asked(each) for each in parts if not gathers(each)),
        wide=tuple(asked(each) for each in parts if gathers(each)),
        when=asked(measure.when),
        numerator=asked(measure.numerator),
        denominator=asked(measure.denominator),
        start=asked(start),
        end=asked(end),
        placed="last_service" if measure.of == "spell" and named & _ENDS else "service",
        settings=_settings(measure.population) if measure.of == "contact" else frozenset(),
    )


def _settings(population: Node) -> frozenset[str]:
    return settings_of(population)


def _value(column: object) -> Value:
    assert isinstance(column, Value)  # noqa: S101 - the language says so
    return column


def _whole(column: object, count: int) -> Array:
    """Whole numbers: a condition counts one, what is unknown nothing."""
    said = _value(column)
    values = np.broadcast_to(said.values, count).astype(np.int64)
    return values if said.known is None else np.where(said.known, values, 0)
