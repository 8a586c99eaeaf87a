"""What stands around the slices: the dead band, the quality gate, and the limits."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from onesystem.budget.terms.measuring import money, whole
from onesystem.budget.terms.numbers import ONE, ZERO, rounded, share_words
from onesystem.budget.terms.rates import interpolated
from onesystem.budget.terms.schedule import Gate, Limit, Schedule, Threshold
from onesystem.budget.terms.terms import Facts
from onesystem.vocabulary import UserError


def band(threshold: Threshold | None, facts: Facts) -> Fraction:
    """The dead band as a share of the baseline."""
    if threshold is None:
        return ZERO
    if threshold.fact:
        return Fraction(whole(facts, threshold.fact))
    if threshold.points:
        return interpolated(threshold.points, Fraction(whole(facts, threshold.by)))
    return threshold.share


def passes(
    threshold: Threshold | None,
    facts: Facts,
    baseline: int,
    top: int,
    bottom: int,
    say: Callable[[str, int], None],
) -> int | None:
    """Where the distance counts from (over `bottom`); None where the dead band is not reached."""
    share = band(threshold, facts)
    if threshold is None or not share:
        return 0
    edge = share * baseline
    reached = abs(top) * edge.denominator >= edge.numerator * bottom
    does = "reached" if reached else "not reached"
    say(
        f"threshold {share_words(share)} of what was agreed: {does}",
        rounded(*edge.as_integer_ratio()),
    )
    if not reached:
        return 0 if threshold.below and top > 0 else None
    if threshold.first_dollar:
        return 0
    return rounded((edge * bottom).numerator, (edge * bottom).denominator)


def factor_of(
    schedule: Schedule, facts: Facts, baseline: int, top: int, bottom: int
) -> Iterator[tuple[str, Fraction]]:
    """What the slices' result is multiplied by, in order, and why."""
    threshold = schedule.threshold
    if threshold is not None and threshold.below and top > 0:
        edge = band(threshold, facts) * baseline
        if top * edge.denominator < edge.numerator * bottom:
            yield (
                f"{share_words(threshold.below)} of the share below the threshold",
                threshold.below,
            )
    if schedule.gate is not None:
        yield quality(schedule.gate, facts, gain=top > 0)


def quality(gate: Gate, facts: Facts, *, gain: bool) -> tuple[str, Fraction]:
    """The gate: what a gain or a loss is multiplied by."""
    score = Fraction(whole(facts, gate.score))
    if not 0 <= score <= 1:
        raise UserError(f"the score {gate.score!r} is {score}"[:80], "Give it between 0 and 1.")
    failed = bool(gate.met) and not whole(facts, gate.met)
    said = f"quality {share_words(score)}"
    if not gain:
        if gate.slope is None:
            return f"{said}: a loss counts in full", ONE
        rate = gate.high if failed else min(gate.high, max(gate.low, 1 - gate.slope * score))
        return f"{said}: a loss counts at {share_words(rate)}", rate
    if failed or not _reaches(gate, score):
        return f"{said}: the standard is not met, no gain is shared", ZERO
    if gate.full is not None and score >= gate.full:
        return f"{said}: the full share", ONE
    return f"{said}: the share times the score", score


def _reaches(gate: Gate, score: Fraction) -> bool:
    return any(mark is not None and score >= mark for mark in (gate.full, gate.scaled))


def limited(limits: Sequence[Limit], facts: Facts, baseline: int) -> tuple[int, str] | None:
    """The lowest of the limits in minor units, and its words."""
    found = [_limit(each, facts, baseline) for each in limits]
    return min(found) if found else None


def _limit(limit: Limit, facts: Facts, baseline: int) -> tuple[int, str]:
    if limit.share is None:
        return limit.amount or 0, limit.words or "the amount agreed"
    base = money(facts, limit.of) if limit.of else baseline
    value = limit.share * base
    said = f"{share_words(limit.share)} of {limit.of or 'what was agreed'}"
    return rounded(value.numerator, value.denominator), limit.words or said
