"""The plain Python engine: what a measure means, one person at a time.

It is what the other engines are held to, and it is the engine of the incremental refresh: one
person's history in, what that person gives to the measure out.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.flow.measures import continuity, days
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.history import Unit, in_order, periods, spells
from onesystem.flow.measures.language import GATHER, INDEX
from onesystem.flow.measures.tree import (
    All,
    Among,
    Arith,
    Call,
    Choose,
    Compare,
    Const,
    Field,
    Node,
    Not,
    Some,
    conjuncts,
    settings_of,
    walk,
)
from onesystem.flow.measures.world import Given, Somebody, World

# The unit in hand, another of the same person, and all the others.
Worked = Callable[[Unit, Unit, Sequence[Unit]], Any]
_STARTED, _BORN, _SETTING = INDEX["started"], INDEX["born"], INDEX["setting"]
_NOBODY: Unit = ()
_DAY = 86_400_000


@dataclass(frozen=True)
class Ready:
    """A measure made ready for a world: its expressions as functions."""

    measure: Declared
    world: World
    spell: Worked
    included: Worked
    when: Worked
    numerator: Worked
    denominator: Worked
    start: Worked
    end: Worked
    placed: int
    settings: frozenset[str]  # outside of which nothing can count; empty: anything can

    def gives(self, units: list[Unit], somebody: Somebody) -> Iterator[Given]:
        """What a person with these contacts gives. `units` are all their contacts."""
        if self.settings and not any(unit[_SETTING] in self.settings for unit in units):
            return
        counted, others = self._units(units, somebody)
        for unit, around in zip(counted, others, strict=True):
            if self.included(unit, _NOBODY, around) is True:
                yield from self._of(unit, around)

    def _units(
        self, units: list[Unit], somebody: Somebody
    ) -> tuple[Sequence[Unit], Sequence[Sequence[Unit]]]:
        of, others = self.measure.of, self.measure.others
        if of == "contact" and not self.measure.needs_history:
            mine = [u for u in units if u[_SETTING] in self.settings] if self.settings else units
            return mine, [()] * len(mine)
        if of.startswith("person-"):
            return self._periods(in_order(units), somebody)
        joined: list[Unit] = []
        if "spell" in (of, others):
            held = in_order(u for u in units if self.spell(u, _NOBODY, ()) is True)
            joined = spells(held, self.measure.gap)
        counted = joined if of == "spell" else units
        if of == "contact" and self.settings:
            counted = [u for u in units if u[_SETTING] in self.settings]
        around = joined if others == "spell" else units
        return counted, [around] * len(counted)

    def _periods(
        self, ordered: list[Unit], somebody: Somebody
    ) -> tuple[Sequence[Unit], Sequence[Sequence[Unit]]]:
        period, clock = self.measure.every, self.world.clock
        counted = periods(ordered, period, somebody, self.world)
        inside: dict[int, list[Unit]] = {first: [] for first in counted}
        for each in ordered:
            inside[days.begin(clock.day(each[_STARTED]), period)].append(each)
        return list(counted.values()), list(inside.values())

    def _of(self, unit: Unit, around: Sequence[Unit]) -> Iterator[Given]:
        if self.measure.shape == "interval":
            yield from self._each_day(unit, around)
            return
        at = self.when(unit, _NOBODY, around)
        if at is None:
            return
        numerator = self.numerator(unit, _NOBODY, around)
        denominator = 0 if self.measure.over else self.denominator(unit, _NOBODY, around)
        made = self._given(unit, self.world.clock.day(at), numerator, denominator)
        if made.numerator or made.denominator:
            yield made

    def _each_day(self, unit: Unit, around: Sequence[Unit]) -> Iterator[Given]:
        start, end = self.start(unit, _NOBODY, around), self.end(unit, _NOBODY, around)
        if start is None or end is None or end <= start:
            return
        clock, weight = self.world.clock, _whole(self.numerator(unit, _NOBODY, around))
        if not weight:
            return
        first, last = clock.day(start), clock.day(end)
        if self.measure.counts == "nights":
            for day in range(first, last):
                yield self._given(unit, day, weight, 0)
            return
        for day in range(first, last + 1):
            begins, stops = clock.midnight(day), clock.midnight(day + 1)
            inside = min(end, stops) - max(start, begins)
            if inside > 0:
                yield self._given(unit, day, weight * inside, 0)

    def _given(self, unit: Unit, day: int, numerator: Any, denominator: Any) -> Given:
        band = days.band_of(days.years_between(unit[_BORN], day))
        return Given(day, unit[self.placed], band, _whole(numerator), _whole(denominator), unit[0])


def ready(measure: Declared, world: World) -> Ready:
    """A measure made ready to be worked out in a world."""
    ends = {"ended", "ready", "until", "last_service"}
    named = {n.name for n in walk(measure.when) if isinstance(n, Field)}
    placed = "last_service" if measure.of == "spell" and named & ends else "service"
    start, end = measure.span
    return Ready(
        measure=measure,
        world=world,
        spell=worked(measure.spell, world),
        included=worked(measure.included, world),
        when=worked(measure.when, world),
        numerator=worked(measure.numerator, world),
        denominator=worked(measure.denominator, world),
        start=worked(start, world),
        end=worked(end, world),
        placed=INDEX[placed],
        settings=_settings(measure),
    )


def _settings(measure: Declared) -> frozenset[str]:
    """The settings of which a person must have a contact to give anything to a measure."""
    if measure.of == "contact":
        return settings_of(measure.population)
    if measure.of == "spell":
        return settings_of(measure.spell)
    for each in conjuncts(measure.population):
        if isinstance(each, Call) and each.name == "exists":
            return settings_of(each.args[-1], other=True)
    return frozenset()


def _whole(value: Any) -> int:
    """A condition counts one; what is unknown counts nothing."""
    return int(value) if value is not None else 0


def worked(node: Node, world: World) -> Worked:  # noqa: C901, PLR0911 - one case a form
    """The function that works a node out."""
    match node:
        case Const(value):
            return lambda u, o, h: value  # noqa: ARG005
        case Field(name, other):
            at = INDEX[name]
            return (lambda u, o, h: o[at]) if other else (lambda u, o, h: u[at])  # noqa: ARG005
        case Compare(op, left, right):
            return _compared(op, worked(left, world), worked(right, world))
        case Among(what, values):
            first, among = worked(what, world), frozenset(values)
            return lambda u, o, h: first(u, o, h) in among
        case All(parts):
            return _all([worked(part, world) for part in parts])
        case Some(parts):
            return _some([worked(part, world) for part in parts])
        case Not(what):
            inner = worked(what, world)
            return lambda u, o, h: None if (v := inner(u, o, h)) is None else not v
        case Arith(op, left, right):
            return _arith(op, worked(left, world), worked(right, world))
        case Choose(condition, then, otherwise):
            test, a, b = (worked(each, world) for each in (condition, then, otherwise))
            return lambda u, o, h: a(u, o, h) if test(u, o, h) is True else b(u, o, h)
        case Call(name, args):
            if name in GATHER:
                settings = settings_of(args[-1], other=True)
                return _gathered(name, [worked(arg, world) for arg in args], settings)
            return _called(name, args, world)


def _compared(op: str, a: Worked, b: Worked) -> Worked:
    def compare(u: Unit, o: Unit, h: Sequence[Unit]) -> bool | None:  # noqa: PLR0911
        x, y = a(u, o, h), b(u, o, h)
        if x is None or y is None:
            return None
        match op:
            case "==":
                return bool(x == y)
            case "!=":
                return bool(x != y)
            case "<":
                return bool(x < y)
            case "<=":
                return bool(x <= y)
            case ">":
                return bool(x > y)
        return bool(x >= y)

    return compare


def _all(parts: list[Worked]) -> Worked:
    def every(u: Unit, o: Unit, h: Sequence[Unit]) -> bool | None:
        unknown = False
        for part in parts:
            value = part(u, o, h)
            if value is False:
                return False
            unknown = unknown or value is None
        return None if unknown else True

    return every


def _some(parts: list[Worked]) -> Worked:
    def some(u: Unit, o: Unit, h: Sequence[Unit]) -> bool | None:
        unknown = False
        for part in parts:
            value = part(u, o, h)
            if value is True:
                return True
            unknown = unknown or value is None
        return None if unknown else False

    return some


_SUMS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
}


def _arith(op: str, a: Worked, b: Worked) -> Worked:
    work = _SUMS[op]

    def sums(u: Unit, o: Unit, h: Sequence[Unit]) -> Any:
        x, y = a(u, o, h), b(u, o, h)
        return None if x is None or y is None else work(x, y)

    return sums


def _called(name: str, args: tuple[Node, ...], world: World) -> Worked:
    if name == "known":
        inner = worked(args[0], world)
        return lambda u, o, h: inner(u, o, h) is not None
    if name == "first_known":
        times = [worked(arg, world) for arg in args]
        return lambda u, o, h: next((v for t in times if (v := t(u, o, h)) is not None), None)
    if name == "age":
        other = any(isinstance(n, Field) and n.other for n in walk(args[0]))
        at = worked(args[0], world)
        return lambda u, o, h: _age((o if other else u)[_BORN], at(u, o, h), world)
    if name in {"in_codes", "starts_with", "contains", "price"}:
        return _of_text(name, args, world)
    function = _PLAIN[name]
    inner_args = [worked(arg, world) for arg in args]

    def call(u: Unit, o: Unit, h: Sequence[Unit]) -> Any:
        values = [arg(u, o, h) for arg in inner_args]
        return None if None in values else function(world, *values)

    return call


def _age(born: int | None, at: int | None, world: World) -> int | None:
    return None if at is None else days.years_between(born, world.clock.day(at))


def _of_text(name: str, args: tuple[Node, ...], world: World) -> Worked:
    what = worked(args[0], world)
    words = [str(arg.value) for arg in args[1:] if isinstance(arg, Const)]
    if name == "in_codes":
        has = world.codes[words[0]].has
        return lambda u, o, h: has(what(u, o, h))
    if name == "price":
        table = world.prices[words[0]]
        return lambda u, o, h: table.get(what(u, o, h), 0)
    if name == "starts_with":
        begins = tuple(words)
        return lambda u, o, h: what(u, o, h).startswith(begins)
    parts = [word.lower() for word in words]
    return lambda u, o, h: any(part in what(u, o, h).lower() for part in parts)


_PLAIN: dict[str, Callable[..., Any]] = {
    "minutes": lambda w, a, b: (b - a) / 60_000,  # noqa: ARG005
    "hours": lambda w, a, b: (b - a) / 3_600_000,  # noqa: ARG005
    "days": lambda w, a, b: (b - a) / _DAY,  # noqa: ARG005
    "lasted": lambda w, a, b: b - a,  # noqa: ARG005
    "nights": lambda w, a, b: w.clock.day(b) - w.clock.day(a),
    "day": lambda w, a: w.clock.day(a),
    "days_after": lambda w, a, n: a + n * _DAY,  # noqa: ARG005
    "earlier": lambda w, a, b: min(a, b),  # noqa: ARG005
    "later": lambda w, a, b: max(a, b),  # noqa: ARG005
    "at_most": lambda w, a, b: min(a, b),  # noqa: ARG005
    "at_least": lambda w, a, b: max(a, b),  # noqa: ARG005
    "part": lambda w, a, b: a * 1_000_000 // b if b else None,  # noqa: ARG005
}


def _gathered(name: str, args: list[Worked], settings: frozenset[str]) -> Worked:
    condition = args[-1]

    def others(u: Unit, h: Sequence[Unit]) -> Iterator[Unit]:
        return (
            each
            for each in h
            if (not settings or each[_SETTING] in settings)
            and each[0] != u[0]
            and condition(u, each, h) is True
        )

    def known(u: Unit, h: Sequence[Unit]) -> Iterator[Any]:
        return (v for each in others(u, h) if (v := args[0](u, each, h)) is not None)

    def shared(u: Unit, h: Sequence[Unit]) -> list[int]:
        return list(Counter(text for text in known(u, h) if text).values())

    gather: dict[str, Callable[[Unit, Sequence[Unit]], Any]] = {
        "exists": lambda u, h: any(True for _ in others(u, h)),
        "count": lambda u, h: sum(1 for _ in others(u, h)),
        "total": lambda u, h: sum(known(u, h)),
        "earliest": lambda u, h: min(known(u, h), default=None),
        "latest": lambda u, h: max(known(u, h), default=None),
        "distinct": lambda u, h: len(shared(u, h)),
        "largest": lambda u, h: continuity.largest(shared(u, h)),
        "squares": lambda u, h: continuity.squares(shared(u, h)),
    }
    work = gather[name]
    return lambda u, o, h: work(u, h)  # noqa: ARG005


__all__ = ["Ready", "ready", "worked"]
