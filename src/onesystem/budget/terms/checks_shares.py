"""What is wrong with shares: of a pot, of an order of overspends, of a tree of subcontracts."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from onesystem.budget.terms.checks_rules import measured_problems
from onesystem.budget.terms.numbers import share_words
from onesystem.budget.terms.problem import Problem, nobody
from onesystem.budget.terms.sharing import from_the_top
from onesystem.budget.terms.terms import Pot, Terms, Weight
from onesystem.vocabulary.said import say


def pot_problems(terms: Terms, pot: Pot) -> Iterator[Problem]:
    """A pot whose shares do not sum, or that nobody pays into."""
    yield from _weights(terms, pot.code, pot.weights)
    if not any(pot.code == each.pays for each in terms.elements):
        yield Problem(
            "pot-empty",
            pot.code,
            say("no rule pays into this pot"),
            say("Let a rule pay it, or leave it out."),
        )


def _weights(
    terms: Terms, where: str, weights: tuple[Weight, ...], *, whole: bool = True
) -> Iterator[Problem]:
    for each in weights:
        if each.party not in terms.codes:
            yield nobody(where, each.party)
        if each.share < 0:
            yield Problem(
                "share",
                where,
                say("{party} has a share below nothing", party=repr(each.party)),
                say("Write a share of zero or more."),
            )
    total = sum((each.share for each in weights), start=Fraction(0))
    if (whole and total != 1) or total <= 0:
        yield Problem(
            "shares-sum",
            where,
            say("the shares sum to {share_words}", share_words=share_words(total)),
            say("Let them sum to 100%."),
        )


def funder_problems(terms: Terms) -> Iterator[Problem]:
    """Funders' shares that do not sum, or that leave out who pays."""
    if not terms.funders:
        return
    yield from _weights(terms, "funders", terms.funders)
    if terms.payer not in {each.party for each in terms.funders}:
        yield Problem(
            "funders-payer",
            "funders",
            say("{payer} pays and has no share", payer=repr(terms.payer)),
            say("Name the payer among the funders, with 0% where it bears nothing."),
        )


def order_problems(terms: Terms) -> Iterator[Problem]:
    """An order that leaves something to nobody."""
    for order in terms.orders:
        if order.host not in terms.codes:
            yield nobody(order.rule, order.host)
        for measured in (order.baseline, order.outturn):
            yield from measured_problems(terms, order.rule, measured)
        for step in order.steps:
            # contributions may stand as they are: a step is shared pro rata to them
            yield from _weights(terms, step.rule, step.weights, whole=False)
        last = order.steps[-1] if order.steps else None
        if last is None or last.limit or all(each.most for each in last.weights):
            yield Problem(
                "unborne",
                order.rule,
                say("what no step takes is borne by nobody"),
                say("End with a step that has no limit (the host, or the partners pro rata)."),
            )


def subcontract_problems(terms: Terms) -> Iterator[Problem]:
    """A tree that passes on more than there is, or round in a circle."""
    shares: Counter[tuple[str, str]] = Counter()
    rules = {each.rule for each in terms.elements} | {each.code for each in terms.pots}
    for each in terms.subcontracts:
        for code in (each.prime, each.party):
            if code not in terms.codes:
                yield nobody(each.rule, code)
        if (each.share is None) == (each.amount is None):
            yield Problem(
                "subcontract",
                each.rule,
                say("it says neither a share nor an amount, or both"),
                say("Say one of them."),
            )
        for name in each.of or ("",):
            if name and name not in rules | {s.rule for s in terms.subcontracts}:
                yield Problem(
                    "subcontract",
                    each.rule,
                    say("there is no rule {name} to pass on", name=repr(name)),
                    say("Name a rule of these terms."),
                )
            shares[each.prime, name] += each.share or 0  # type: ignore[assignment]
    for (prime, name), total in shares.items():
        if total > 1:
            yield Problem(
                "shares-sum",
                prime,
                say(
                    "{share_words} of {name} is passed on",
                    share_words=share_words(Fraction(total)),
                    name=name or "what it has",
                ),
                say("Pass on no more than there is."),
            )
    if len(from_the_top(terms.subcontracts)) < len(terms.subcontracts):
        yield Problem(
            "circle",
            "subcontracts",
            say("they pass money round in a circle"),
            say("Let each party stand below one other only."),
        )
