"""One rule of payment: from its baseline and outturn to lines that sum to what it pays.

The lines are differences of a rounded running total: they sum exactly to the total rounded once,
and each is within a penny of its own exact figure. What stands before the schedule (`base` of the
baseline) is rounded by itself.
"""

from dataclasses import dataclass, field

from onesystem.budget.terms.bounding import factor_of, limited, passes
from onesystem.budget.terms.measuring import lines_of, money
from onesystem.budget.terms.numbers import rounded, share_words
from onesystem.budget.terms.schedule import OUTTURN, SAVING
from onesystem.budget.terms.settlement import POT, Line
from onesystem.budget.terms.sliced import Cut, inside, ready
from onesystem.budget.terms.terms import Adjustment, Element, Facts, Measured, Terms

_DISTANCES = {
    "over": "outturn less what was agreed",
    "saving": "what was agreed less outturn",
}


@dataclass(slots=True)
class Running:
    """A running total `top / bottom` and the lines that led to it."""

    element: Element
    party: str
    payer: str
    lines: list[Line] = field(default_factory=list)
    top: int = 0
    bottom: int = 1
    shown: int = 0

    def to(self, top: int, bottom: int, words: str, source: str = "") -> None:
        """Move the total; the line is what the rounded total moved by."""
        self.top, self.bottom = top, bottom
        now = rounded(top, bottom)
        each = self.element
        self.lines.append(
            Line(each.rule, words, source or each.source, now - self.shown, self.party, self.payer)
        )
        self.shown = now

    def say(self, words: str, amount: int, source: str = "") -> None:
        """A figure on the way."""
        each = self.element
        self.lines.append(Line(each.rule, words, source or each.source, amount))


class Prepared:
    """An element made ready: what does not depend on the facts is worked out once."""

    def __init__(self, terms: Terms, element: Element) -> None:
        self.terms, self.element = terms, element
        self.party = POT + element.pays if element.pays in terms.pot else element.pays
        self.payer = element.payer or terms.payer
        self.ready = ready(element.schedule) if element.schedule else None
        self.price = [each for each in element.adjustments if each.when == "price"]
        self.share = [each for each in element.adjustments if each.when == "share"]
        self.end = [each for each in element.adjustments if each.when == "end"]

    def lines(self, facts: Facts) -> list[Line]:
        """The lines of this rule for the facts."""
        element = self.element
        run = Running(element, self.party, self.payer)
        baseline = self._measured(facts, element.baseline, run)
        if element.base:
            value = element.base * baseline
            part = "" if element.base == 1 else f"{share_words(element.base)} of "
            run.to(value.numerator, value.denominator, f"{element.words}: {part}what was agreed")
            run.top, run.bottom, run.shown = 0, 1, 0
        if self.ready is not None:
            self._move(facts, baseline, run)
        return run.lines

    def _measured(self, facts: Facts, measured: Measured | None, run: Running) -> int:
        if measured is None:
            return 0
        found = list(lines_of(self.terms, facts, measured, self.element.rule))
        run.lines.extend(found)
        return sum(line.amount for line in found)

    def _move(self, facts: Facts, baseline: int, run: Running) -> None:
        schedule = self.element.schedule
        assert schedule is not None  # noqa: S101 - `ready` says so
        top, bottom = self._measured(facts, self.element.outturn, run), 1
        for each in self.price:
            top, bottom = _adjusted(each, facts, top, bottom)
            run.say(each.words, rounded(top, bottom), each.source)
        if schedule.of != OUTTURN:
            top = baseline * bottom - top if schedule.of == SAVING else top - baseline * bottom
            run.say(_DISTANCES[schedule.of], rounded(top, bottom))
        first = passes(schedule.threshold, facts, baseline, top, bottom, run.say)
        if first is None:
            return
        self._slices(baseline, top, bottom, first, run)
        gain = top > 0
        for words, part in factor_of(schedule, facts, baseline, top, bottom):
            run.to(run.top * part.numerator, run.bottom * part.denominator, words)
        self._adjust(self.share, facts, run, gain=gain)
        limit = limited(schedule.cap if gain else schedule.collar, facts, baseline)
        if limit is not None and abs(run.top) > limit[0] * run.bottom:
            run.to(limit[0] if run.top > 0 else -limit[0], 1, f"held at {limit[1]}")
        self._adjust(self.end, facts, run, gain=gain)

    def _slices(self, baseline: int, top: int, bottom: int, first: int, run: Running) -> None:
        """Each slice times its share. `first` is where the distance counts from (over `bottom`)."""
        made = self.ready
        assert made is not None  # noqa: S101 - the caller looked
        times = bottom * (baseline if made.relative else 1)
        sign = 1 if top >= 0 else -1
        low, high = sorted((first * made.scale * sign, top * made.scale))
        total, under = 0, made.bottom * bottom
        for cut in made.cuts:
            there = inside(cut, times, first=low, last=high)
            if there:
                total += sign * there * cut.share
                run.to(total, under, _slice_words(cut, sign * there, made.scale * bottom))

    def _adjust(self, those: list[Adjustment], facts: Facts, run: Running, *, gain: bool) -> None:
        for each in those:
            if each.on in ("both", "gain" if gain else "loss"):
                run.to(*_adjusted(each, facts, run.top, run.bottom), each.words, each.source)


def _adjusted(each: Adjustment, facts: Facts, top: int, bottom: int) -> tuple[int, int]:
    if each.factor is not None:
        top, bottom = top * each.factor.numerator, bottom * each.factor.denominator
    if each.deduct:
        less = money(facts, each.deduct) * bottom
        top = max(0, top - less) if top >= 0 else min(0, top + less)
    return top, bottom


def _slice_words(cut: Cut, there: int, scale: int) -> str:
    words = f"{cut.slice.words}: " if cut.slice.words else ""
    return f"{words}{share_words(cut.slice.share)} of {_shown(rounded(there, scale))}"


def _shown(minor: int) -> str:
    return f"{'-' * (minor < 0)}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"
