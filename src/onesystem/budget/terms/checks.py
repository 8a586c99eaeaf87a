"""What is wrong with terms, before anybody signs them: each with the rule and the cure. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from onesystem.budget.terms.checks_rules import (
    element_problems,
    schedule_problems,
)
from onesystem.budget.terms.checks_shares import (
    funder_problems,
    order_problems,
    pot_problems,
    subcontract_problems,
)
from onesystem.budget.terms.problem import BadTerms, Problem, nobody
from onesystem.budget.terms.rates import Rate, Table
from onesystem.budget.terms.terms import Terms
from onesystem.vocabulary.said import say

__all__ = ["BadTerms", "Problem", "problems", "require_sound", "schedule_problems"]


def require_sound(terms: Terms) -> None:
    """Refuse terms that have problems."""
    found = problems(terms)
    if found:
        raise BadTerms(found)


def problems(terms: Terms) -> list[Problem]:
    """Every fault of the terms, in the order in which they are read."""
    return [
        *_whole(terms),
        *(each for table in terms.rates for each in _table(terms, table)),
        *(each for element in terms.elements for each in element_problems(terms, element)),
        *(each for pot in terms.pots for each in pot_problems(terms, pot)),
        *funder_problems(terms),
        *order_problems(terms),
        *subcontract_problems(terms),
    ]


def _whole(terms: Terms) -> Iterator[Problem]:
    if not (terms.elements or terms.orders):
        yield Problem("empty", "terms", say("nothing is paid"), say("Write a rule of payment."))
    if terms.until is not None and terms.since is not None and terms.until <= terms.since:
        yield Problem(
            "dates",
            "terms",
            say("they end before they begin"),
            say("Say a last day after the first."),
        )
    names = [*(e.rule for e in terms.elements), *(o.rule for o in terms.orders)]
    names += [*(s.rule for o in terms.orders for s in o.steps), *(p.code for p in terms.pots)]
    for name, times in Counter(names).items():
        if times > 1:
            yield Problem(
                "name-twice",
                name,
                say("{name} is the name of {times} rules", name=repr(name), times=times),
                say("Give each rule a name of its own."),
            )
    if terms.payer not in terms.codes:
        yield nobody("payer", terms.payer)


def _table(terms: Terms, table: Table) -> Iterator[Problem]:
    where = say("rate {name}", name=table.name)
    if table.currency and table.currency != terms.currency:
        yield Problem(
            "currency",
            where,
            say(
                "it is in {currency} and the terms in {currency2}",
                currency=table.currency,
                currency2=terms.currency,
            ),
            say(
                "Write it in {currency}; a rate of exchange is never guessed.",
                currency=terms.currency,
            ),
        )
    rates = sorted(table.rates, key=lambda rate: rate.since or date.min)
    if not rates:
        yield Problem(
            "rate-missing",
            where,
            say("it has no figure"),
            say("Write one with its days."),
        )
    for one, two in pairwise(rates):
        if one.until is None or (two.since is not None and one.until > two.since):
            yield Problem(
                "rate-overlap",
                where,
                say("two figures are in force on {since}", since=two.since or one.since),
                say("End the one on the day on which the next begins."),
            )
        elif one.until < (two.since or date.min):
            yield Problem(
                "rate-missing",
                where,
                say(
                    "no figure is in force from {until} to {since}",
                    until=one.until,
                    since=two.since,
                ),
                say("Write the figure for those days."),
            )
    yield from _covers(terms, where, rates)


def _covers(terms: Terms, where: str, rates: Sequence[Rate]) -> Iterator[Problem]:
    if not rates:
        return
    first, last = rates[0].since, rates[-1].until
    if first is not None and terms.since is not None and first > terms.since:
        yield Problem(
            "rate-missing",
            where,
            say("no figure is in force from {since} to {first}", since=terms.since, first=first),
            say("Write the figure for those days."),
        )
    if last is not None and terms.until is not None and last < terms.until:
        yield Problem(
            "rate-missing",
            where,
            say("no figure is in force from {last} to {until}", last=last, until=terms.until),
            say("Write the figure for those days."),
        )
