"""What people give, as sums of cells: by period and by the cuts in which measures are kept.

The difference of what people gave and what they give now is what changes; of nobody and what
everybody gives, it is all cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onesystem.flow.measures import cells
from onesystem.flow.measures.columns import calendar
from onesystem.flow.measures.columns.given import Given, coded, in_order
from onesystem.flow.measures.columns.sizes import sizes
from onesystem.flow.measures.columns.values import Array, Text, text_of
from onesystem.flow.measures.days import PERIODS
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.world import Somebody

_FACTS = ("sex", "practice", "deprivation", "area")


@dataclass(frozen=True, slots=True)
class Cells:
    """Changes of the cells of one cut and period.

    `parts` are the keys in codes, by the parts of the cut; `words` say what a code means, or None
    where it means itself.
    """

    cut: str
    every: str
    kept: Array
    period: Array
    parts: tuple[Array, ...]
    words: tuple[tuple[str, ...] | None, ...]
    numerator: Array
    denominator: Array
    people: Array

    @property
    def keys(self) -> list[str]:
        """The key of each in words."""
        return keys_of([each.tolist() for each in self.parts], self.words, len(self.kept))


class Side:
    """What people gave or give, and who they were or are; somebody may be nobody on a side."""

    def __init__(self, given: Given, people: Sequence[Somebody | None]) -> None:
        there = np.array([each is not None for each in people], bool)
        if not there.all():
            given = given.take(np.flatnonzero(there[given.person]))
        self.given, self.people = given, people


@dataclass(frozen=True, slots=True)
class Differing:
    """The lines that stand on one side only, and the people who are not who they were, as flags."""

    person: Array
    kept: Array
    day: Array
    moved: Array

    @property
    def people(self) -> Array:
        """Whoever has anything that differs, by their places."""
        return np.union1d(self.person, np.flatnonzero(self.moved))


def differing(was: Side, now: Side) -> Differing:
    """What differs between two sides, line by line."""
    moved = np.array([a != b for a, b in zip(was.people, now.people, strict=True)], bool)
    both = [np.concatenate([getattr(side.given, n) for side in (was, now)]) for n in _LINE]
    person, kept, day, service, band, *sums = both
    if not len(was.given):
        return Differing(person, kept, day, moved)
    code = coded([person, kept, day, service, band // 5])
    order = np.argsort(code, kind="stable")  # two sides in order: they are only merged
    code = code[order]
    same = code[1:] == code[:-1]
    for each in sums:
        same &= each[order[1:]] == each[order[:-1]]
    alone = np.ones(len(code), bool)
    alone[1:] &= ~same
    alone[:-1] &= ~same
    at = order[alone]
    return Differing(person[at], kept[at], day[at], moved)


_LINE = ("person", "kept", "day", "service", "band", "numerator", "denominator")


class Plan:
    """In which cuts and by which periods each measure is kept."""

    def __init__(self, measures: Mapping[int, Declared]) -> None:
        most = max(measures, default=0) + 1
        self.of: dict[tuple[str, str], Array] = {}
        for number, measure in measures.items():
            for cut in cells.cuts_of(measure):
                for every in cells.periods_of(measure, cut):
                    flags = self.of.setdefault((every, cut.name), np.zeros(most, bool))
                    flags[number] = True
        self.known = np.zeros(most, bool)
        self.known[list(measures)] = True


class Difference:
    """What differs between two sides, ready to be told as cells.

    The services of both are places in one list, that of `now`.
    """

    def __init__(self, was: Side, now: Side, plan: Plan) -> None:
        self.plan, self.services = plan, now.given.services
        self.lines = differing(was, now)
        self.whole = not len(was.given)
        self.facts = {n: _facts(n, was.people, now.people) for n in _FACTS}
        self.wanted = _among(was.given, now.given, self.lines, plan)
        self._told: dict[str, _Sums] = {}

    @property
    def people(self) -> Array:
        """Whoever has anything that differs, by their places."""
        return self.lines.people

    def cells(self) -> Iterator[Cells]:
        """All cells that differ, cut by cut and period by period."""
        for every in PERIODS:
            cuts = [c for e, c in self.plan.of if e == every]
            sums = self._by(every) if cuts else self.wanted
            for cut in cuts:
                found = _of_cut(sums, cells.CUTS[cut], every, self.plan.of[every, cut],
                                self.facts, self.services)  # fmt: skip
                if found is not None:
                    yield found

    def behind(self) -> tuple[Array, ...]:
        """Who comes behind a week of a measure in a service (1), and who leaves (-1).

        In columns: measure, week, service, person, which of the two; in order of the first three.
        """
        sums = self._by("week")
        told = (sums.kept, sums.period, sums.service, sums.person)
        if not len(sums.sign):
            return (*told, sums.sign)
        order, code = in_order(coded([*told, sums.sign]))
        code, sign = code // (1 + np.ptp(sums.sign)), sums.sign[order]
        once = np.ones(len(code), bool)
        once[1:] = (code[1:] != code[:-1]) | (sign[1:] != sign[:-1])
        first = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
        moved = np.add.reduceat(sign * once, first)
        some = np.flatnonzero(moved)
        at = order[first[some]]
        return (*(each[at] for each in told), moved[some])

    def _by(self, every: str) -> "_Sums":
        if self.whole and every == "day":  # of nobody, what people give is all that differs
            return self.wanted
        if every not in self._told:
            parts = _OUT_OF.get(every) if self.whole else None
            lines = self._by(parts) if parts else self.wanted
            self._told[every] = _of_period(lines, every, self.lines, whole=self.whole)
        return self._told[every]


_OUT_OF = {"quarter": "month", "year": "quarter"}  # periods that are whole numbers of others


def _facts(
    name: str, was: Sequence[Somebody | None], now: Sequence[Somebody | None]
) -> tuple[Text, int]:
    """A fact of the people of both sides, those of the first before those of the second."""
    told = [getattr(each, name) if each else "" for each in (*was, *now)]
    return text_of(told), len(was)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Each person's sums by measure, period, service and band, with the side that they are on."""

    sign: Array
    person: Array
    kept: Array
    period: Array
    service: Array
    band: Array
    numerator: Array
    denominator: Array


def _among(was: Given, now: Given, differ: Differing, plan: Plan) -> _Sums:
    """The lines of both sides that are of a person and a measure that differ."""
    names = ("person", "kept", "day", "service", "band", "numerator", "denominator")
    both = {n: np.concatenate([getattr(side, n) for side in (was, now)]) for n in names}
    both["sign"] = np.repeat(np.array([-1, 1]), [len(was), len(now)])
    if not len(both["person"]):
        return _sums(both)
    most = max(int(both["kept"].max()) + 1, len(plan.known))
    known = np.zeros(most, bool)
    known[: len(plan.known)] = plan.known
    fits = known[both["kept"]]
    if len(was):
        table = np.zeros((len(differ.moved), most), bool)
        table[differ.person, differ.kept] = True
        table[differ.moved] = True
        fits &= table[both["person"], both["kept"]]
    if not fits.all():
        at = np.flatnonzero(fits)
        both = {n: each[at] for n, each in both.items()}
    return _sums(both)


def _sums(told: Mapping[str, Array]) -> _Sums:
    return _Sums(
        told["sign"], told["person"], told["kept"], told["day"], told["service"], told["band"],
        told["numerator"], told["denominator"],
    )  # fmt: skip


def _of_period(lines: _Sums, every: str, differ: Differing, *, whole: bool) -> _Sums:
    """The lines by period; without those of periods in which nothing of the person differs."""
    period = calendar.begin(lines.period, every)
    told = [lines.sign, lines.person, lines.kept, period, lines.service, lines.band,
            lines.numerator, lines.denominator]  # fmt: skip
    if not whole:
        mine = _place(lines.person, lines.kept, period)
        wanted = np.unique(_place(differ.person, differ.kept, calendar.begin(differ.day, every)))
        fits = differ.moved[lines.person]
        if len(wanted):
            fits |= wanted[np.minimum(np.searchsorted(wanted, mine), len(wanted) - 1)] == mine
        at = np.flatnonzero(fits)
        told = [each[at] for each in told]
    if not len(told[0]):
        return _Sums(*told)
    code = coded([*told[:5], told[5] // 5])
    order = np.argsort(code, kind="stable")
    code = code[order]
    first = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
    one = order[first]
    sums = (np.add.reduceat(each[order], first) for each in told[6:])
    return _Sums(*(each[one] for each in told[:6]), *sums)


def _place(person: Array, kept: Array, day: Array) -> Array:
    """A person's measure and period as one number."""
    return np.asarray(((person << 12) + kept << 18) + (day + (1 << 17)))


def _of_cut(
    sums: _Sums, cut: cells.Cut, every: str, kept: Array,
    facts: Mapping[str, tuple[Text, int]], services: tuple[str, ...],
) -> Cells | None:  # fmt: skip
    """The changes of the cells of one cut and period."""
    at = np.flatnonzero(kept[sums.kept]) if len(sums.kept) else np.zeros(0, np.int64)
    if not len(at):
        return None
    sign, person = sums.sign[at], sums.person[at]
    parts: dict[str, Array] = {"service": sums.service[at], "band": sums.band[at]}
    if "size" in cut.parts:
        parts["size"] = sizes(sums.numerator[at])
    for name, (text, of_was) in facts.items():
        parts[name] = text.codes[person + np.where(sign > 0, of_was, 0)]
    told = [parts[part] for part in cut.parts]
    code = coded([sums.kept[at], sums.period[at], *told])
    order, code = in_order(code)  # the sums are in order of side and person
    sign, person, at = sign[order], person[order], at[order]
    first = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
    once = np.ones(len(code), bool)  # each person counts once in a cell, on each side
    once[1:] = (code[1:] != code[:-1]) | (sign[1:] != sign[:-1]) | (person[1:] != person[:-1])
    totals = [
        np.add.reduceat(each, first)
        for each in (sums.numerator[at] * sign, sums.denominator[at] * sign, sign * once)
    ]
    some = np.flatnonzero(totals[0].astype(bool) | totals[1].astype(bool) | totals[2].astype(bool))
    if not len(some):
        return None
    one = at[first[some]]
    shown = order[first[some]]
    words: dict[str, tuple[str, ...] | None] = {"service": services, "band": None, "size": None}
    words |= {name: text.words for name, (text, _) in facts.items()}
    return Cells(cut.name, every, sums.kept[one], sums.period[one],
                 tuple(each[shown] for each in told), tuple(words[part] for part in cut.parts),
                 *(total[some] for total in totals))  # fmt: skip


def keys_of(
    parts: Sequence[list[int]], words: Sequence[Sequence[str] | None], count: int
) -> list[str]:
    """The keys of so many cells in words, from the codes of their parts."""
    if not parts:
        return [""] * count
    told = [
        list(map(str, codes)) if named is None else [named[code] for code in codes]
        for codes, named in zip(parts, words, strict=True)
    ]
    return told[0] if len(told) == 1 else list(map(cells.MARK.join, zip(*told, strict=True)))
