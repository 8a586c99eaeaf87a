"""Who bears an overspend, and who has an underspend: sources in an order, each up to its limit.

It is the same slices on another axis: the first source takes the first stretch, the next begins
where that ends. Within a step the parties share pro rata; what one may not bear (`most`) the
others of the step bear pro rata, and what none of them may goes on to the next step.
"""

from collections.abc import Iterator
from fractions import Fraction

from onesystem.budget.terms.measuring import lines_of, money
from onesystem.budget.terms.numbers import largest_remainder, share_words
from onesystem.budget.terms.settlement import Line
from onesystem.budget.terms.terms import Facts, Order, Step, Terms, Weight
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say


def ordered(terms: Terms, order: Order, facts: Facts) -> Iterator[Line]:
    """The lines of an order; nothing where there is nothing to share."""
    agreed, spent = (
        list(lines_of(terms, facts, measured, order.rule))
        for measured in (order.baseline, order.outturn)
    )
    yield from agreed
    yield from spent
    over = sum(line.amount for line in spent) - sum(line.amount for line in agreed)
    left = over if order.of == "over" else -over
    said = "overspend" if order.of == "over" else "underspend"
    yield Line(order.rule, f"{order.words}: {said}", order.source, max(0, left))
    for step in order.steps:
        if left <= 0:
            return
        for line in _step(order, step, facts, left):
            yield line
            left -= abs(line.amount)
    if left > 0:
        raise UserError(
            say(
                "{left} minor units of {rule} are borne by nobody", left=left, rule=repr(order.rule)
            ),
            "End the order with a step that has no limit.",
        )


def _step(order: Order, step: Step, facts: Facts, left: int) -> Iterator[Line]:
    wanted = min(left, max(0, money(facts, step.limit))) if step.limit else left
    sign = 1 if order.of == "over" else -1
    for weight, amount, words in spread(step.weights, wanted, facts):
        yield Line(
            step.rule, f"{step.words}: {words}", step.source or order.source,
            sign * amount, order.host, weight.party,
        )  # fmt: skip


def spread(
    weights: tuple[Weight, ...], wanted: int, facts: Facts
) -> Iterator[tuple[Weight, int, str]]:
    """Pro rata with each party's most; rounds again over the rest until it is borne."""
    room = {w.party: max(0, money(facts, w.most)) if w.most else None for w in weights}
    taking = [each for each in weights if each.share > 0]
    while wanted > 0 and taking:
        parts = largest_remainder(wanted, [each.share for each in taking])
        full = [
            (each, most)
            for each, (part, over) in zip(taking, parts, strict=True)
            if (most := room[each.party]) is not None and part + over > most
        ]
        if not full:
            for each, (part, over) in zip(taking, parts, strict=True):
                if part:
                    yield each, part, _pro_rata(each, taking)
                if over:
                    yield each, over, "what rounding left over, to the largest remainder"
            return
        for each, most in full:
            if most:
                yield each, most, "as much as was agreed at most"
            wanted -= most
            taking.remove(each)


def _pro_rata(weight: Weight, taking: list[Weight]) -> str:
    total = sum((each.share for each in taking), start=Fraction(0))
    return say("{share_words} pro rata", share_words=share_words(weight.share / total))
