"""What is wrong with a rule of payment and its slices."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from onesystem.budget.terms.numbers import share_words
from onesystem.budget.terms.problem import Problem, nobody
from onesystem.budget.terms.schedule import AMOUNT, BASELINE, OF, OUTTURN, Schedule, Slice
from onesystem.budget.terms.terms import Element, Measured, Terms
from onesystem.vocabulary.said import say


def element_problems(terms: Terms, element: Element) -> Iterator[Problem]:
    """What is wrong with a rule of payment."""
    where = element.rule
    for code in (element.pays, element.payer):
        if code and code not in terms.codes and code not in terms.pot:
            yield nobody(where, code)
    for measured in (element.baseline, element.outturn):
        if measured is not None:
            yield from measured_problems(terms, where, measured)
    if element.base and element.baseline is None:
        yield Problem(
            "no-baseline",
            where,
            say("a part of the baseline is paid and none is said"),
            say("Say the baseline."),
        )
    if element.schedule is not None:
        yield from _scheduled(where, element, element.schedule)
    elif not element.base:
        yield Problem("empty", where, say("it pays nothing"), say("Say a base or a schedule."))
    yield from _own_volume(terms, element)


def _scheduled(where: str, element: Element, schedule: Schedule) -> Iterator[Problem]:
    if element.outturn is None:
        yield Problem("no-outturn", where, say("nothing is measured"), say("Say the outturn."))
    if element.baseline is None and (schedule.of != OUTTURN or _relative(schedule)):
        yield Problem(
            "no-baseline",
            where,
            say("the slices are cut from a baseline and none is said"),
            say("Say the baseline, or cut the slices in amounts."),
        )
    yield from schedule_problems(schedule, where)


def _relative(schedule: Schedule) -> bool:
    bounds = [b for s in schedule.slices for b in (s.start, s.end)]
    return schedule.unit == BASELINE and any(bounds)


def schedule_problems(schedule: Schedule, where: str = "schedule") -> Iterator[Problem]:
    """Gaps and overlaps between slices, and shares that cannot be."""
    if schedule.of not in OF:
        yield Problem(
            "of",
            where,
            say("{of} is nothing to measure", of=repr(schedule.of)),
            say("Write one of {of}.", of=", ".join(OF)),
        )
    if not schedule.slices:
        yield Problem("gap", where, say("it has no slices"), say("Write one."))
        return
    for each in schedule.slices:
        if each.share < 0:
            yield Problem(
                "share",
                where,
                say(
                    "the share {share_words} is below nothing", share_words=share_words(each.share)
                ),
                say("Write a share of zero or more; direction is said by `of`."),
            )
        if each.start is not None and each.end is not None and each.end <= each.start:
            yield Problem(
                "order",
                where,
                say("the slice {said} ends before it begins", said=_said(each, schedule)),
                say("Write the lower bound first."),
            )
    yield from _joins(schedule, where)
    threshold = schedule.threshold
    if threshold is not None and threshold.share < 0:
        yield Problem(
            "threshold",
            where,
            say("the threshold is below nothing"),
            say("Write a share of zero or more."),
        )
    if threshold is not None and threshold.below and not threshold.first_dollar:
        yield Problem(
            "threshold",
            where,
            say("a share is paid below the threshold, and taken away again once it is reached"),
            say("Let it count from the first pound, or pay nothing below it."),
        )


def _joins(schedule: Schedule, where: str) -> Iterator[Problem]:
    def start(each: Slice) -> tuple[bool, Fraction]:
        return each.start is not None, each.start or Fraction(0)

    slices = sorted(schedule.slices, key=start)
    for one, two in pairwise(slices):
        if one.end is None or two.start is None or one.end > two.start:
            yield Problem(
                "overlap",
                where,
                say(
                    "the slices {one} and {two} overlap",
                    one=_said(one, schedule),
                    two=_said(two, schedule),
                ),
                say("End the one where the next begins."),
            )
        elif one.end < two.start:
            ends, begins = _bound(one.end, schedule), _bound(two.start, schedule)
            yield Problem(
                "gap",
                where,
                say("nothing is said between {ends} and {begins}", ends=ends, begins=begins),
                say("Begin the next slice where the one before ends."),
            )
    first, last = slices[0].start, slices[-1].end
    if first is not None and not (schedule.of == OUTTURN and first == 0):
        yield Problem(
            "gap",
            where,
            say("nothing is said below {bound}", bound=_bound(first, schedule)),
            say("Write a first slice without a lower bound; its share may be 0%."),
        )
    if last is not None:
        yield Problem(
            "gap",
            where,
            say("nothing is said above {bound}", bound=_bound(last, schedule)),
            say("Write a last slice without an upper bound; its share may be 0%."),
        )


def _said(each: Slice, schedule: Schedule) -> str:
    start = "…" if each.start is None else _bound(each.start, schedule)
    return say(
        "{start} to {if_end}",
        start=start,
        if_end="…" if each.end is None else _bound(each.end, schedule),
    )


def _bound(bound: Fraction, schedule: Schedule) -> str:
    return f"{int(bound):,}" if schedule.unit == AMOUNT else share_words(bound)


def _own_volume(terms: Terms, element: Element) -> Iterator[Problem]:
    """Inside an alliance everybody wins or loses together: no line for one's own volume.

    Open-book cost may be a member's own: it is what was spent, not what was done.
    """
    if not element.scope or element.outturn is None or element.schedule is None:
        return
    outturn = element.outturn
    members = {each.party for pot in terms.pots for each in pot.weights}
    if outturn.fact and outturn.rate and (outturn.whose in members or element.pays in members):
        whose = outturn.whose or element.pays
        yield Problem(
            "own-volume",
            element.rule,
            say(
                "it pays by the volume of one member ({whose}) inside the pot {scope}",
                whose=whose,
                scope=repr(element.scope),
            ),
            say("Pay from the collective result, at open-book cost, or move it out of the pot."),
        )


def measured_problems(terms: Terms, where: str, measured: Measured) -> Iterator[Problem]:
    """An amount that nothing gives."""
    if not measured.fact and not measured.rate:
        yield Problem(
            "unmeasured",
            where,
            say("neither a fact nor a rate is named"),
            say("Name the fact that is counted, the rate, or both."),
        )
    if measured.rate and measured.rate not in terms.table:
        yield Problem(
            "rate-missing",
            where,
            say("there is no rate {rate}", rate=repr(measured.rate)),
            say("Write it among the rates, with its days and its source."),
        )
    if measured.per not in ("month", "year", "period"):
        yield Problem(
            "per",
            where,
            say("{per} is no stretch of time", per=repr(measured.per)),
            say("Write month, year or period."),
        )
