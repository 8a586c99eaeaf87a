"""Dividing what was computed once: a pot among its members, a prime contractor's among others."""

from collections.abc import Iterator, Sequence

from onesystem.budget.terms.measuring import lines_of
from onesystem.budget.terms.numbers import largest_remainder, rounded, share_words
from onesystem.budget.terms.settlement import POT, Line
from onesystem.budget.terms.terms import Facts, Pot, Subcontract, Terms
from onesystem.vocabulary.said import say

FUNDED = "shared by the funders"


def divided(pot: Pot, lines: Sequence[Line]) -> Iterator[Line]:
    """A pot's lines: each member's part, and who gets what rounding left over."""
    code = POT + pot.code
    total = sum(line.amount for line in lines if line.party == code)
    if not total:
        return
    parts = largest_remainder(total, [each.share for each in pot.weights])
    for weight, (part, over) in zip(pot.weights, parts, strict=True):
        words = say(
            "{words}: {share_words} of the collective result",
            words=pot.words or pot.code,
            share_words=share_words(weight.share),
        )
        yield Line(pot.code, words, pot.source, part, weight.party, code)
        if over:
            left = say("what rounding left over, to the largest remainder")
            yield Line(pot.code, left, pot.source, over, weight.party, code)


def funded(terms: Terms, lines: Sequence[Line]) -> Iterator[Line]:
    """What the other funders bear of what the payer pays, of rules that name no payer."""
    own = {each.rule for each in terms.elements if each.payer}
    moved = [line for line in lines if line.party and line.rule not in own]
    total = sum(line.amount for line in moved if line.against == terms.payer)
    total -= sum(line.amount for line in moved if line.party == terms.payer)
    if not terms.funders or not total:
        return
    parts = largest_remainder(total, [each.share for each in terms.funders])
    for weight, (part, over) in zip(terms.funders, parts, strict=True):
        if weight.party != terms.payer and part + over:
            words = say(
                "The funders share what they pay together: {share_words} of it",
                share_words=share_words(weight.share),
            )
            yield Line(FUNDED, words, terms.source, part + over, terms.payer, weight.party)


def passed_on(terms: Terms, facts: Facts, lines: Sequence[Line]) -> Iterator[Line]:
    """What goes down the tree of subcontracts, from the top on."""
    every = list(lines)
    for each in from_the_top(terms.subcontracts):
        for line in _passed(terms, each, facts, every):
            every.append(line)
            yield line


def _passed(terms: Terms, each: Subcontract, facts: Facts, lines: Sequence[Line]) -> Iterator[Line]:
    if each.amount is not None:
        for line in lines_of(terms, facts, each.amount, each.rule):
            yield line._replace(
                source=each.source or line.source, party=each.party, against=each.prime
            )
        return
    share = each.share or 0
    came = sum(
        line.amount
        for line in lines
        if line.party == each.prime and (not each.of or line.rule in each.of)
    )
    value = share * came
    words = (
        say("{words}: {share_words} passed on", words=each.words, share_words=share_words(share))
        if share != 1
        else each.words
    )
    yield Line(
        each.rule, words, each.source, rounded(value.numerator, value.denominator),
        each.party, each.prime,
    )  # fmt: skip


def from_the_top(subcontracts: Sequence[Subcontract]) -> list[Subcontract]:
    """So ordered that who passes on has received before; a circle is left out (see `checks`)."""
    waiting, found = list(subcontracts), []
    while waiting:
        below = {each.party for each in waiting}
        next_ = [each for each in waiting if each.prime not in below]
        if not next_:
            break
        found += next_
        waiting = [each for each in waiting if each not in next_]
    return found
