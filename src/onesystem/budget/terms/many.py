"""Settle a thousand simulated years at once: the totals of `settle`, to the penny, in columns.

`settle_many` walks the same rules in the same order as `paying.py` and gives what each party has
in each draw, without the lines. A test holds that both paths are equal on random terms and facts.
Terms with an order of overspends are settled one by one: their steps branch on every draw.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from onesystem.budget.terms.columns import (
    Column,
    Scaled,
    column,
    rounded_columns,
    share_column,
    split_columns,
    times,
)  # fmt: skip
from onesystem.budget.terms.measuring import FactMissing, planned
from onesystem.budget.terms.numbers import common
from onesystem.budget.terms.paying import Prepared
from onesystem.budget.terms.schedule import OUTTURN, SAVING, Gate, Limit, Threshold
from onesystem.budget.terms.settlement import POT
from onesystem.budget.terms.settling import in_force, prepared, refuse, settle
from onesystem.budget.terms.sharing import from_the_top
from onesystem.budget.terms.terms import Adjustment, Facts, Measured, Terms
from onesystem.vocabulary import UserError, nearest


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Facts of many simulated periods of the same months.

    A fact is whole numbers: one a draw and month (two dimensions), one a draw, or one for all. A
    score is a `Scaled` or a fraction.
    """

    months: tuple[date, ...]
    currency: str
    count: int
    values: Mapping[str, Any]

    def one(self, at: int) -> Facts:
        """The facts of one draw, for the exact path."""
        monthly: dict[str, Any] = {}
        whole: dict[str, Any] = {}
        for name, value in self.values.items():
            if isinstance(value, Scaled):
                top = np.broadcast_to(np.asarray(value.top), (self.count,))
                whole[name] = Fraction(int(top[at]), value.bottom)
            elif isinstance(value, np.ndarray) and value.ndim == 2:
                monthly[name] = tuple(int(each) for each in value[at])
            else:
                whole[name] = int(value[at]) if isinstance(value, np.ndarray) else value
        return Facts(months=self.months, currency=self.currency, monthly=monthly, whole=whole)


def settle_many(terms: Terms, draws: Draws) -> dict[str, Column]:
    """What each party has in each draw; with the payer they sum to zero."""
    refuse(terms, Facts(months=draws.months, currency=draws.currency))
    if terms.orders or terms.funders:
        return _one_by_one(terms, draws)
    moved: list[tuple[str, str, str, Column]] = []
    for each in prepared(terms):
        if in_force(each.element, draws.months):
            named = (each.element.rule, each.party, each.payer)
            moved.extend((*named, amount) for amount in _paid(each, draws))
    for pot in terms.pots:
        code = POT + pot.code
        whole = sum((m[3] for m in moved if m[1] == code), start=column(0, draws.count))
        bottom = common([each.share for each in pot.weights])
        weights = [int(each.share * bottom) for each in pot.weights]
        for weight, part in zip(pot.weights, split_columns(whole, weights), strict=True):
            moved.append((pot.code, weight.party, code, part))
    _pass_on(terms, draws, moved)
    return _by_party(moved, draws.count)


def _by_party(moved: list[tuple[str, str, str, Column]], count: int) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for _, party, against, amount in moved:
        found[party] = found.get(party, column(0, count)) + amount
        found[against] = found.get(against, column(0, count)) - amount
    return {code: each for code, each in found.items() if not code.startswith(POT)}


def _one_by_one(terms: Terms, draws: Draws) -> dict[str, Column]:
    every = [settle(terms, draws.one(at)).by_party for at in range(draws.count)]
    codes = sorted({code for each in every for code in each})
    return {code: np.array([each.get(code, 0) for each in every]) for code in codes}


def _pass_on(terms: Terms, draws: Draws, moved: list[tuple[str, str, str, Column]]) -> None:
    for each in from_the_top(terms.subcontracts):
        if each.amount is not None:
            amount = _measured(terms, draws, each.amount)
        else:
            share = each.share or Fraction(0)
            came = sum(
                (m[3] for m in moved if m[1] == each.prime and (not each.of or m[0] in each.of)),
                start=column(0, draws.count),
            )
            amount = rounded_columns(times(came, share.numerator), share.denominator)
        moved.append((each.rule, each.party, each.prime, amount))


def _measured(terms: Terms, draws: Draws, measured: Measured | None) -> Column:
    if measured is None:
        return column(0, draws.count)
    if not measured.fact:
        return column(planned(terms, measured, draws.months), draws.count)
    value = _fact(draws, measured.fact)
    if not measured.rate:
        return _whole(value, draws.count)
    rates = [terms.table[measured.rate].at(month) for month in draws.months]
    if not (isinstance(value, np.ndarray) and value.ndim == 2):
        if any(rate is not rates[0] for rate in rates):
            raise UserError(
                f"the rate {measured.rate!r} changes within the period and {measured.fact!r} is "
                "given for the whole of it",
                f"Give {measured.fact!r} by month.",
            )
        return _at(column(value, draws.count), rates[0].value)
    total, start = column(0, draws.count), 0
    for at in range(1, len(rates) + 1):
        if at == len(rates) or rates[at] is not rates[start]:
            total = total + _at(
                column(value[:, start:at].sum(axis=1), draws.count), rates[start].value
            )
            start = at
    return total


def _at(count: Column, rate: Fraction) -> Column:
    return rounded_columns(times(count, rate.numerator), rate.denominator)


def _fact(draws: Draws, name: str) -> Any:
    if name not in draws.values:
        raise FactMissing(f"the fact {name!r} is not given", nearest(name, draws.values))
    return draws.values[name]


def _whole(value: Any, count: int) -> Column:
    if isinstance(value, np.ndarray) and value.ndim == 2:
        return column(value.sum(axis=1), count)
    return column(value, count)


def _paid(each: Prepared, draws: Draws) -> list[Column]:
    """The base and what the schedule moves, each rounded once."""
    element, found = each.element, []
    baseline = _measured(each.terms, draws, element.baseline)
    if element.base:
        found.append(_at(baseline, element.base))
    if each.ready is not None:
        found.append(_moved(each, draws, baseline))
    return found


def _moved(each: Prepared, draws: Draws, baseline: Column) -> Column:
    schedule, made = each.element.schedule, each.ready
    assert schedule is not None and made is not None  # noqa: PT018, S101 - the caller looked
    top, bottom = _measured(each.terms, draws, each.element.outturn), 1
    for one in each.price:
        top, bottom = _adjusted(one, draws, top, bottom)
    if schedule.of != OUTTURN:
        agreed = times(baseline, bottom)
        top = agreed - top if schedule.of == SAVING else top - agreed
    gain = top > 0
    first, open_, below = _band(schedule.threshold, draws, baseline, top, bottom)
    total, under = _sliced(each, baseline, top, bottom, first), made.bottom * bottom
    if schedule.threshold is not None and schedule.threshold.below:
        half = schedule.threshold.below
        total = np.where(below, times(total, half.numerator), times(total, half.denominator))
        under *= half.denominator
    if schedule.gate is not None:
        score = _quality(schedule.gate, draws, gain)
        total, under = times(total, score.top), under * score.bottom
    total, under = _adjust(each.share, draws, total, under, gain)
    for limits, side in ((schedule.cap, gain), (schedule.collar, ~gain)):
        if limits:
            most = times(_lowest(limits, draws, baseline), under)
            over = side & (np.abs(total) > most)
            total = np.where(over, np.where(total > 0, most, -most), total)
    total, under = _adjust(each.end, draws, total, under, gain)
    return np.where(open_, rounded_columns(total, under), 0)


def _sliced(each: Prepared, baseline: Column, top: Column, bottom: int, first: Column) -> Column:
    made = each.ready
    assert made is not None  # noqa: S101 - the caller looked
    unit = times(baseline if made.relative else column(1, len(top)), bottom)
    sign = np.where(top >= 0, 1, -1)
    near, far = times(first * sign, made.scale), times(top, made.scale)
    low, high = np.minimum(near, far), np.maximum(near, far)
    total = column(0, len(top))
    for cut in made.cuts:
        start = low if cut.start is None else np.maximum(low, times(unit, cut.start))
        end = high if cut.end is None else np.minimum(high, times(unit, cut.end))
        total = total + times(np.maximum(0, end - start), cut.share)
    return sign * total


def _band(
    threshold: Threshold | None, draws: Draws, baseline: Column, top: Column, bottom: int
) -> tuple[Column, Column, Column]:
    """Where the distance counts from, whether anything moves, and whether it is below."""
    every = np.ones(len(top), dtype=bool)
    if threshold is None:
        return column(0, len(top)), every, ~every
    share = _band_share(threshold, draws)
    edge = times(times(baseline, share.top), bottom)
    reached = times(np.abs(top), share.bottom) >= edge
    below = ~reached & (top > 0) & bool(threshold.below)
    first = column(0, len(top))
    if not threshold.first_dollar:
        first = np.where(reached, rounded_columns(edge, share.bottom), 0)
    return first, reached | below, below


def _band_share(threshold: Threshold, draws: Draws) -> Scaled:
    if threshold.fact:
        return share_column(_fact(draws, threshold.fact), draws.count)
    if threshold.points:
        return _interpolated(threshold, column(_fact(draws, threshold.by), draws.count))
    return share_column(threshold.share, draws.count)


def _interpolated(threshold: Threshold, at: Column) -> Scaled:
    points = threshold.points
    steps = [(high - low) / (right - left) for (left, low), (right, high) in pairwise(points)]
    bases = [low - left * step for (left, low), step in zip(points, steps, strict=False)]
    bottom = common([*(rate for _, rate in points), *steps, *bases])
    found = column(int(points[0][1] * bottom), len(at))
    for (left, _), step, base in zip(points, steps, bases, strict=False):
        line = times(at, int(step * bottom)) + int(base * bottom)
        found = np.where(_reaches(at, left), line, found)
    found = np.where(_reaches(at, points[-1][0]), int(points[-1][1] * bottom), found)
    return Scaled(found, bottom)


def _reaches(at: Column, mark: Fraction) -> Column:
    return at * mark.denominator >= mark.numerator


def _quality(gate: Gate, draws: Draws, gain: Column) -> Scaled:
    score = share_column(_fact(draws, gate.score), draws.count)
    if (score.top < 0).any() or (score.top > score.bottom).any():
        raise UserError(f"the score {gate.score!r} is out of range", "Give it between 0 and 1.")
    met = _whole(_fact(draws, gate.met), draws.count) != 0 if gate.met else score.top >= 0
    marks = [m for m in (gate.full, gate.scaled, gate.slope, gate.low, gate.high) if m is not None]
    times_ = common(marks)
    bottom = score.bottom * times_
    exact = times(score.top, times_)
    up = np.where(_from(gate.scaled, score), exact, 0)
    up = np.where(_from(gate.full, score), column(bottom, draws.count), up)
    up = np.where(met, up, 0)
    down = column(bottom, draws.count)
    if gate.slope is not None:
        rate = bottom - times(score.top, int(gate.slope * times_))
        rate = np.minimum(int(gate.high * bottom), np.maximum(int(gate.low * bottom), rate))
        down = np.where(met, rate, column(int(gate.high * bottom), draws.count))
    return Scaled(np.where(gain, up, down), bottom)


def _from(mark: Fraction | None, score: Scaled) -> Column:
    if mark is None:
        return np.zeros(len(score.top), dtype=bool)
    return times(score.top, mark.denominator) >= mark.numerator * score.bottom


def _adjust(
    those: list[Adjustment], draws: Draws, top: Column, bottom: int, gain: Column
) -> tuple[Column, int]:
    for each in those:
        new, under = _adjusted(each, draws, top, bottom)
        if each.on == "both":
            top, bottom = new, under
            continue
        side = gain if each.on == "gain" else ~gain
        top, bottom = np.where(side, new, times(top, under // bottom)), under
    return top, bottom


def _adjusted(each: Adjustment, draws: Draws, top: Column, bottom: int) -> tuple[Column, int]:
    if each.factor is not None:
        top, bottom = times(top, each.factor.numerator), bottom * each.factor.denominator
    if each.deduct:
        less = times(_whole(_fact(draws, each.deduct), draws.count), bottom)
        top = np.where(top >= 0, np.maximum(0, top - less), np.minimum(0, top + less))
    return top, bottom


def _lowest(limits: tuple[Limit, ...], draws: Draws, baseline: Column) -> Column:
    found: Column | None = None
    for each in limits:
        if each.share is None:
            amount = column(each.amount or 0, draws.count)
        else:
            of = _whole(_fact(draws, each.of), draws.count) if each.of else baseline
            amount = _at(of, each.share)
        found = amount if found is None else np.minimum(found, amount)
    assert found is not None  # noqa: S101 - the caller looked
    return found
